//! The PDF writer before strangers: programs that read PDF on their own say what they find.
//!
//! A program that is not installed is passed over, with a line on standard error. PDF/A is judged in `tests/strangers`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use certpress::page::Resources;
use certpress::pdf::Base;
use certpress::pdf::read::{File, Limits, Object};

use crate::revisions::two_revisions;
use crate::sample::{self, HOLDER, TITLE};

/// What the judge prints, or nothing if it is not installed. It must be content.
fn judge(program: &str, arguments: &[&str]) -> Option<String> {
    let output = match Command::new(program).args(arguments).output() {
        Ok(output) => output,
        Err(_) => {
            eprintln!("{program} is not installed");
            return None;
        }
    };
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    Some(said)
}

/// A file for a program to read; each test has its own.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// The sample unsealed.
fn plain() -> Vec<u8> {
    let fonts = sample::fonts();
    let master = sample::master(&fonts);
    let document = sample::document(&fonts, &master);
    Base::new(&master).unwrap().write(&document).unwrap().into_bytes()
}

/// The sample with a signature that no one made.
fn sealed() -> Vec<u8> {
    let fonts = sample::fonts();
    let master = sample::master(&fonts);
    let base = Base::new(&master).unwrap().with_seals(&[&sample::seal()]).unwrap();
    let unsealed = base.write(&sample::document(&fonts, &master)).unwrap();
    let request = sample::request();
    unsealed.digest(&request).finish(&[0x30, 0x03, 0x02, 0x01, 0x05]).unwrap().into_bytes()
}

#[test]
fn streams_that_end_in_an_end_of_line_keep_their_length() {
    for end in [&b"\r"[..], b"\n", b"\r\n", b"\n\r"] {
        let mut photo = sample::jpeg();
        photo.data = [&photo.data[..], end].concat().into();
        let expected = photo.data.clone();
        let master = sample::blank_master();
        let resources = Resources { images: vec![Arc::new(photo)], ..Resources::default() };
        let bytes = crate::write(&sample::record(&master, Vec::new(), resources));
        let file = File::open(&bytes, &Limits::default()).unwrap();
        let view = file.latest();
        let mut streams = view.numbers().filter_map(|number| match view.by_number(number) {
            Ok(Object::Stream(stream)) => Some(&bytes[stream.data]),
            _ => None,
        });
        assert!(streams.any(|data| *data == expected[..]), "{end:?}");
    }
}

#[test]
fn qpdf_finds_the_structure_sound() {
    let files = [("plain", plain()), ("sealed", sealed()), ("twice-sealed", two_revisions())];
    for path in files.map(|(name, bytes)| file(&format!("qpdf-{name}.pdf"), &bytes)) {
        let Some(said) = judge("qpdf", &["--check", path.to_str().unwrap()]) else { return };
        assert!(said.contains("No syntax or stream encoding errors"), "{said}");
    }
}

#[test]
fn poppler_extracts_the_source_text_in_order() {
    let path = file("pdftotext-plain.pdf", &plain());
    let Some(said) = judge("pdftotext", &["-raw", path.to_str().unwrap(), "-"]) else { return };
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines[..3], [TITLE, HOLDER, "压缩的一行文字"], "{said}");
    assert!(said.contains('Ⅷ') && !said.contains("VIII"), "{said}");
}

#[test]
fn poppler_finds_every_font_embedded_and_mapped_to_unicode() {
    let path = file("pdffonts-plain.pdf", &plain());
    let Some(said) = judge("pdffonts", &[path.to_str().unwrap()]) else { return };
    let rows: Vec<&str> = said.lines().skip(2).collect();
    assert_eq!(rows.len(), 2, "{said}");
    for row in rows {
        assert!(
            row.contains("CID TrueType") && row.contains("Identity-H") && row.contains("yes yes yes"),
            "{said}"
        );
    }
}

#[test]
fn poppler_finds_the_images_in_their_own_encodings() {
    let path = file("pdfimages-plain.pdf", &plain());
    let Some(said) = judge("pdfimages", &["-list", path.to_str().unwrap()]) else { return };
    let rows: Vec<Vec<&str>> = said.lines().skip(2).map(|r| r.split_whitespace().collect()).collect();
    let facts: Vec<[&str; 4]> = rows.iter().map(|r| [r[2], r[3], r[5], r[8]]).collect();
    let expected = [
        ["image", "8", "rgb", "image"],
        ["smask", "8", "gray", "image"],
        ["image", "24", "rgb", "jpeg"],
        ["image", "4", "index", "image"],
    ];
    assert_eq!(facts, expected, "{said}");
}

#[test]
fn poppler_finds_one_signature_over_the_whole_file() {
    let path = file("pdfsig-sealed.pdf", &sealed());
    let Some(said) = judge("pdfinfo", &[path.to_str().unwrap()]) else { return };
    assert!(said.contains("Title:           职称证书（高级）"), "{said}");
    let Ok(output) = Command::new("pdfsig").arg("-nocert").arg(&path).output() else { return };
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("Total document signed"), "{said}");
}

#[test]
fn mupdf_draws_the_page_without_a_complaint() {
    for path in [file("mutool-plain.pdf", &plain()), file("mutool-sealed.pdf", &sealed())] {
        let png = path.with_extension("png");
        let arguments = ["draw", "-q", "-r", "60", "-o", png.to_str().unwrap(), path.to_str().unwrap()];
        let Some(said) = judge("mutool", &arguments) else { return };
        // Some builds have no colour management; that is no fault of the file.
        let complaints: Vec<&str> = said.lines().filter(|line| !line.contains("ICC support")).collect();
        assert!(complaints.is_empty(), "{complaints:?}");
    }
}
