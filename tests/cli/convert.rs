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
fn a_conversion_goes_to_standard_output_and_not_into_a_file_of_that_name() {
    let place = issued();
    let made = place.program(&["convert", "out/A-1.ofd", "--to", "pdf", "--out", "-"]).output().unwrap();
    assert!(made.status.success() && made.stdout.starts_with(b"%PDF-") && !place.path("-").exists());
}

#[test]
fn neither_the_original_nor_the_sealed_pdf_beside_it_is_replaced() {
    let place = issued();
    let [ofd, pdf] = ["out/A-1.ofd", "out/A-1.pdf"].map(|name| fs::read(place.path(name)).unwrap());
    let convert = ["convert", "out/A-1.ofd", "--to", "pdf"];
    place.run(&convert).exits(2).complains(&["cannot write out/A-1.pdf", "name another file with --out"]);
    let onto_itself = [&convert[..], &["--out", "out/../out/A-1.ofd"]].concat();
    place.run(&onto_itself).exits(2).complains(&["it is the original"]);
    assert!(fs::read(place.path("out/A-1.ofd")).unwrap() == ofd);
    assert!(fs::read(place.path("out/A-1.pdf")).unwrap() == pdf);
    for _ in 0..2 {
        place.run(&[&convert[..], &["--out", "copy.pdf"]].concat()).exits(0);
    }
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
