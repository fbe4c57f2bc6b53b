//! A layout to begin with.

use std::fs;

use crate::support::Place;

#[test]
fn a_new_layout_renders_its_records_at_once_and_is_never_written_over() {
    let place = Place::new();
    let told = place.run(&["new", "my-licence.xml"]).exits(0);
    assert!(
        told.stdout.contains("next: certpress render my-licence.xml my-licence.jsonl"),
        "{}",
        told.stdout
    );
    let arguments = ["render", "my-licence.xml", "my-licence.jsonl", "--seal", "demo", "--out", "out"];
    let told = place.run(&arguments).exits(0);
    assert_eq!(told.stderr.matches("warning").count(), 0, "{}", told.stderr);
    let made = fs::read_dir(place.path("out"))
        .unwrap()
        .filter_map(|e| e.unwrap().path().extension().map(Into::into));
    let made: Vec<std::ffi::OsString> = made.collect();
    assert_eq!(made.iter().filter(|e| *e == "ofd").count(), 2);

    place.run(&["new", "my-licence.xml"]).exits(2).complains(&["there already: my-licence.xml"]);
    for wrong in ["my-licence", "1.xml", ".xml", "my licence.xml"] {
        place.run(&["new", wrong]).exits(2).complains(&["not a name for a layout", "my-licence.xml"]);
    }
}
