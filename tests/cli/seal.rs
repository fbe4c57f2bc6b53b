//! Seals made, used and explained.

use std::process::Command;

use crate::support::{Outcome, Place};

const UNIT: &str = "样例省人力资源和社会保障厅";

fn with_password(mut program: Command, password: &str) -> Outcome {
    Outcome::of(program.env("CERTPRESS_SEAL_PASSWORD", password).output().unwrap())
}

fn made() -> Place {
    let place = Place::new();
    let new = place.program(&["seal", "new", UNIT, "--out", "my-seal", "--code", "1400000000001"]);
    with_password(new, "a long password").exits(0);
    place
}

#[test]
fn a_new_seal_has_all_its_parts() {
    let parts =
        "maker.crt root.crl root.crt seal.esl seal.png seal.svg signer.crt signer.key tsa.crt tsa.key";
    assert_eq!(made().names("my-seal").join(" "), parts);
}

#[test]
fn a_new_seal_seals() {
    let place = made();
    let render = ["render", "small.xml", "people.csv", "--out", "out", "--seal", "my-seal"];
    with_password(place.program(&render), "a long password").exits(0);
    assert_eq!(place.rows().len(), 3);
}

#[test]
fn a_wrong_password_or_none_is_refused() {
    let place = made();
    let render = ["render", "small.xml", "people.csv", "--out", "out", "--seal", "my-seal"];
    with_password(place.program(&render), "a wrong password").exits(2).complains(&["my-seal"]);
    place.run(&render).exits(2).complains(&["the seal's key needs a password", "--password-file"]);
    assert!(!place.path("out").exists());
}

#[test]
fn a_password_is_read_from_the_first_line_of_a_file() {
    let place = made();
    place.write("password", "a long password\n");
    let file = ["--seal", "my-seal", "--password-file", "password"];
    place.render(&file).exits(0);
}

#[test]
fn a_seal_is_never_overwritten() {
    let place = made();
    let again = place.program(&["seal", "new", UNIT, "--out", "my-seal"]);
    with_password(again, "a long password").exits(2).complains(&["never overwritten"]);
}

#[test]
fn show_explains_a_seal_to_people_and_to_machines() {
    let place = made();
    let shown = place.run(&["seal", "show", "my-seal"]).exits(0).stdout;
    assert!(shown.contains(UNIT), "{shown}");
    let json = place.run(&["seal", "show", "my-seal/seal.esl", "--json"]).exits(0).stdout;
    let seal: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&seal["signed_by_maker"], &seal["issued_by_root"]), (&true.into(), &true.into()));
    assert_eq!((&seal["picture"]["width_mm"], &seal["version"]), (&42.into(), &4.into()));
}

#[test]
fn a_seal_under_another_root_is_answered_with_no() {
    let (place, other) = (made(), made());
    std::fs::copy(other.path("my-seal/root.crt"), place.path("my-seal/root.crt")).unwrap();
    place.run(&["seal", "show", "my-seal"]).exits(1);
}

#[test]
fn what_is_no_seal_cannot_be_shown() {
    let place = Place::new();
    place.run(&["seal", "show", "people.csv"]).exits(2).complains(&["cannot read the seal"]);
    place.run(&["seal", "show", "nowhere"]).exits(2).complains(&["nowhere"]);
}
