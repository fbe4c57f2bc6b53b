//! The PDF writer before strangers: programs that read PDF on their own say what they find.
//!
//! `page_validation` judges PDF/A in every run; a program that is not installed is passed over, with a line on standard error.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use certpress::page::Resources;
use certpress::pdf::Base;
use page_validation::{ValidationOptions, ValidationProfile, validate_pdf_bytes};

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
fn both_are_what_their_metadata_claim_pdf_a_3b() {
    for file in [plain(), sealed()] {
        let report = validate_pdf_bytes(&file, &ValidationOptions::default()).unwrap();
        assert_eq!(report.profile, ValidationProfile::PdfA3b);
        assert!(report.is_compliant, "{report}");
    }
}

#[test]
fn the_judge_of_pdf_a_has_nothing_against_two_revisions_but_that_they_are_two() {
    let report = validate_pdf_bytes(&two_revisions(), &ValidationOptions::default()).unwrap().to_string();
    // It asks the first signature to cover the second, which came later; veraPDF asks it to cover its own revision.
    assert!(
        report.contains(" 1 failed,") && report.contains("6.4.3:1] Conformance: a signature /ByteRange"),
        "{report}"
    );
}

#[test]
fn streams_that_end_in_an_end_of_line_keep_their_length() {
    for end in [&b"\r"[..], b"\n", b"\r\n", b"\n\r"] {
        let mut photo = sample::jpeg();
        photo.data = [&photo.data[..], end].concat().into();
        let master = sample::blank_master();
        let resources = Resources { images: vec![Arc::new(photo)], ..Resources::default() };
        let file = crate::write(&sample::record(&master, Vec::new(), resources));
        let report = validate_pdf_bytes(&file, &ValidationOptions::default()).unwrap();
        assert!(report.is_compliant, "{end:?}: {report}");
    }
}

#[test]
fn the_judge_of_pdf_a_misses_an_output_intent_that_was_spoilt() {
    let mut file = plain();
    let at = file.windows(10).position(|w| w == b"/GTS_PDFA1").unwrap();
    file[at + 9] = b'X';
    assert!(!validate_pdf_bytes(&file, &ValidationOptions::default()).unwrap().is_compliant);
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
