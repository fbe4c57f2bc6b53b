//! `certpress convert`: what it writes, and what it answers to an original that is not as it was sealed.

use std::fs;

use super::support::{FIXED, Place};

/// A place with a sealed `out/A-1.ofd`.
fn issued() -> Place {
    let place = Place::new();
    let arguments =
        [&["render", "small.xml", "people.csv", "--out", "out", "--limit", "1"][..], &FIXED].concat();
    assert_eq!(place.run(&arguments).code, Some(0));
    place
}

#[test]
fn a_conversion_lies_beside_its_original_or_where_it_was_asked_for() {
    let place = issued();
    let made = place.run(&["convert", "out/A-1.ofd", "--to", "pdf", "--out", "copy.pdf"]);
    assert_eq!((made.code, made.stdout.as_str()), (Some(0), "copy.pdf\n"), "{}", made.stderr);
    assert!(fs::read(place.path("copy.pdf")).unwrap().starts_with(b"%PDF-"));
    let made = place.run(&["convert", "out/A-1.ofd", "--to", "png", "--dpi", "40"]);
    assert_eq!((made.code, made.stdout.as_str()), (Some(0), "out/A-1.png\n"), "{}", made.stderr);
    assert!(fs::read(place.path("out/A-1.png")).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn an_original_that_is_not_sealed_is_answered_with_1_and_what_cannot_be_read_with_2() {
    let place = issued();
    let plain = ["render", "small.xml", "people.csv", "--out", "plain", "--limit", "1", "--formats", "ofd"];
    assert_eq!(place.run(&plain).code, Some(0));
    let refused = place.run(&["convert", "plain/A-1.ofd", "--to", "pdf"]);
    assert_eq!((refused.code, refused.stdout.as_str()), (Some(1), ""));
    assert!(refused.stderr.contains("plain/A-1.ofd: the document is not sealed"), "{}", refused.stderr);

    let mut bytes = fs::read(place.path("out/A-1.ofd")).unwrap();
    bytes.push(0);
    fs::write(place.path("longer.ofd"), bytes).unwrap();
    let failed = place.run(&["convert", "longer.ofd", "--to", "pdf"]);
    assert_eq!(failed.code, Some(2));
    assert!(
        failed.stderr.contains("the package is malformed: bytes after the end record"),
        "{}",
        failed.stderr
    );
    assert!(!place.path("longer.pdf").exists());
}
