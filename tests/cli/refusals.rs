//! What cannot run ends with 2, and says what, where and how to mend it.

use std::fs;
use std::process::Stdio;

use crate::support::{LAYOUT, Outcome, Place};

#[test]
fn a_layout_that_does_not_exist() {
    Place::new().run(&["render", "none.xml", "people.csv", "--out", "out"]).exits(2).complains(&["none.xml"]);
}

#[test]
fn every_mistake_of_a_layout_is_told() {
    let place = Place::new();
    place.write(
        "small.xml",
        &LAYOUT.replace("font=\"kai\"", "font=\"kia\"").replace("valign", "v").replace("12pt", "12pz"),
    );
    place.render(&[]).exits(2).complains(&["kia", "12pz", "small.xml:", "the layout does not compile, "]);
    assert!(!place.path("out").exists());
}

#[test]
fn records_that_do_not_exist_or_are_of_no_known_format() {
    let place = Place::new();
    place.run(&["render", "small.xml", "none.csv", "--out", "out"]).exits(2).complains(&["none.csv"]);
    place
        .run(&["render", "small.xml", "small.xml", "--out", "out"])
        .exits(2)
        .complains(&["hint: give a .csv, .jsonl or .xlsx file"]);
    assert!(!place.path("out").exists());
}

#[test]
fn a_folder_of_other_things() {
    let place = Place::new();
    fs::create_dir(place.path("out")).unwrap();
    place.write("out/thesis.doc", "mine");
    place
        .render(&[])
        .exits(2)
        .complains(&["holds other files, such as thesis.doc", "hint: name a new or empty folder"]);
    assert_eq!(place.names("out"), ["thesis.doc"]);
}

#[test]
fn a_name_pattern_with_a_field_that_is_none() {
    Place::new()
        .render(&["--name", "{nmae}"])
        .exits(2)
        .complains(&["did you mean name?", "the fields are row, number, name, issued_on, identifier"]);
}

#[test]
fn a_seal_that_is_not_there() {
    Place::new()
        .render(&["--seal", "nowhere"])
        .exits(2)
        .complains(&["no seal in the folder nowhere", "--seal demo"]);
}

#[test]
fn a_layout_without_a_place_for_the_seal() {
    let place = Place::new();
    place.write("small.xml", &LAYOUT.replace("<seal x=\"70mm\" y=\"40mm\" diameter=\"42mm\"/>", ""));
    place.render(&["--seal", "demo"]).exits(2).complains(&["no place for a seal"]);
}

#[test]
fn a_folder_without_faces() {
    let place = Place::new();
    let mut program = place.program(&["render", "small.xml", "people.csv", "--out", "out"]);
    let ended = Outcome::of(program.env_remove("CERTPRESS_FONTS").output().unwrap());
    ended.exits(2).complains(&["faces.toml", "--fonts DIR", "CERTPRESS_FONTS"]);
}

#[test]
fn reproducible_output_without_a_time() {
    Place::new().render(&["--deterministic"]).exits(2).complains(&["--time"]);
}

#[test]
fn a_time_that_is_none() {
    Place::new().render(&["--time", "yesterday"]).exits(2).complains(&["write it like 2026-03-05T08:00:00Z"]);
}

#[test]
fn no_arguments_at_all_show_the_commands() {
    Place::new().run(&[]).exits(2).complains(&["render", "seal", "bench"]);
}

#[test]
fn help_teaches_with_examples_and_exit_codes() {
    let place = Place::new();
    for command in [&["--help"][..], &["render", "--help"], &["seal", "new", "--help"], &["bench", "--help"]]
    {
        let help = place.run(command).exits(0).stdout;
        assert!(help.contains("Example"), "{command:?}\n{help}");
    }
    assert!(place.run(&["render", "--help"]).stdout.contains("Exit codes: 0 all records done"));
}

#[test]
fn a_reader_that_has_gone_is_no_reason_to_panic() {
    let place = Place::new();
    let mut program = place.program(&["render", "small.xml", "people.csv", "--out", "out"]);
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let ended = Outcome::of(child.wait_with_output().unwrap()).exits(0);
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    assert_eq!(place.rows().len(), 3);
}
