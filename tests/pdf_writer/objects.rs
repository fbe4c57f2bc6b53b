//! The file as a whole: its objects as text, its prefix, its sameness.

use std::fmt::Write as _;
use std::sync::Arc;

use certpress::color::Color;
use certpress::geom::{Affine, Path, Point, Rect};
use certpress::page::{
    Fill, FillRule, Glyph, GlyphRun, ItemKind, Master, MasterPage, PathItem, Ref, Resources, SealPlace,
};
use certpress::pdf::{Base, PdfError};
use certpress::unit::Length;
use lopdf::{Object, Stream};

use crate::Read;
use crate::sample::{blank_master, document, fonts, hand_font, jpeg, master, record, request, seal};

/// Every object in order of number; streams that are text in full, others by length.
fn dump(file: &[u8]) -> String {
    let read = Read::new(file);
    let mut out = String::new();
    for ((id, _), object) in &read.0.objects {
        let shown = match object {
            Object::Stream(stream) => {
                let mut dictionary = stream.dict.clone();
                // Deflate may change; what it carries may not.
                dictionary.remove(b"Length");
                format!("{dictionary:?}\n{}", dump_data(stream))
            }
            Object::Dictionary(dictionary) => {
                let mut dictionary = dictionary.clone();
                // It counts deflated bytes too.
                dictionary.remove(b"ByteRange");
                format!("{dictionary:?}\n")
            }
            other => format!("{other:?}\n"),
        };
        let _ = write!(out, "{id}: {shown}");
    }
    let mut trailer = read.0.trailer.clone();
    trailer.remove(b"Size");
    let _ = writeln!(out, "trailer: {trailer:?}");
    out.replace(concat!("certpress ", env!("CARGO_PKG_VERSION")), "certpress VERSION")
}

fn dump_data(stream: &Stream) -> String {
    let plain = stream.get_plain_content().unwrap_or_else(|_| stream.content.clone());
    match std::str::from_utf8(&plain) {
        Ok(text) if !text.contains('\0') => text.lines().map(|line| format!("    {line}\n")).collect(),
        _ => format!("    {} bytes\n", plain.len()),
    }
}

#[test]
fn the_objects_of_a_sealed_file() {
    let frame = PathItem {
        path: Path::rect(Rect::mm(5.0, 5.0, 20.0, 20.0)),
        fill: Some(Fill { color: Color::rgb(0x1d, 0x4f, 0x91).fade(0.5), rule: FillRule::EvenOdd }),
        stroke: None,
    };
    let blank = blank_master();
    let master = Arc::new(Master {
        seal_roles: vec!["issuer".to_owned()],
        pages: vec![MasterPage {
            size: blank.pages[0].size,
            background: vec![ItemKind::Path(frame).into()],
            ..MasterPage::default()
        }],
        resources: Resources { fonts: vec![hand_font(&[("证", 1000)])], images: vec![Arc::new(jpeg())] },
        ..Master::default()
    });
    let run = GlyphRun {
        font: Ref::Own(0),
        size: Length::pt(12.0),
        color: Color::BLACK,
        origin: Point::new(Length::pt(10.0), Length::pt(50.0)),
        map: Affine::IDENTITY,
        glyphs: vec![
            Glyph { id: 1, x: Length::ZERO, y: Length::ZERO, text: 0 },
            Glyph { id: 2, x: Length::pt(12.0), y: Length::ZERO, text: 3 },
        ],
        text: "张𠮷".to_owned(),
        advance: Length::pt(24.0),
    };
    let own = Resources { fonts: vec![hand_font(&[("张", 1000), ("𠮷", 998)])], images: Vec::new() };
    let mut document = record(&master, vec![ItemKind::Glyphs(run)], own);
    document.pages[0].seals.push(SealPlace { role: 0, rect: Rect::mm(10.0, 10.0, 20.0, 20.0), clip: None });
    let unsealed = Base::new(&master).unwrap().with_seals(&[&seal()]).unwrap().write(&document).unwrap();
    let mut request = request();
    request.contents_len = 8;
    insta::assert_snapshot!(dump(&unsealed.digest(&request).finish(&[0x30, 0]).unwrap().into_bytes()));
}

#[test]
fn all_records_of_a_base_begin_with_the_same_bytes() {
    let fonts = fonts();
    let master = master(&fonts);
    let base = Base::new(&master).unwrap();
    let one = base.write(&document(&fonts, &master)).unwrap().into_bytes();
    let other = base.write(&record(&master, Vec::new(), Resources::default())).unwrap().into_bytes();
    let common = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let font_file = one.windows(10).position(|w| w == b"/FontFile2").unwrap();
    assert!(common > font_file, "the static subset lies in the common prefix of {common} bytes");
}

#[test]
fn a_document_of_another_master_is_refused() {
    let base = Base::new(&blank_master()).unwrap();
    let error = base.write(&record(&blank_master(), Vec::new(), Resources::default())).unwrap_err();
    assert!(matches!(error, PdfError::OtherMaster), "{error}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let make = || {
        let fonts = fonts();
        let master = master(&fonts);
        let base = Base::new(&master).unwrap().with_seals(&[&seal()]).unwrap();
        let unsealed = base.write(&document(&fonts, &master)).unwrap();
        let request = request();
        unsealed.digest(&request).finish(&[1]).unwrap().into_bytes()
    };
    assert_eq!(make(), std::thread::spawn(make).join().unwrap());
}

#[test]
fn there_is_one_revision_with_the_version_in_the_header() {
    let fonts = fonts();
    let master = master(&fonts);
    let file = Base::new(&master).unwrap().write(&document(&fonts, &master)).unwrap().into_bytes();
    assert!(file.starts_with(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"));
    assert_eq!(file.windows(9).filter(|w| w == b"startxref").count(), 1);
    assert!(!Read::new(&file).0.trailer.has(b"Prev"));
}

#[test]
fn every_entry_of_the_cross_reference_table_leads_to_its_object() {
    let fonts = fonts();
    let master = master(&fonts);
    let file = Base::new(&master).unwrap().write(&document(&fonts, &master)).unwrap().into_bytes();
    let start = file.windows(7).position(|w| w == b"\nxref\n0").unwrap() + 1;
    let rows = file[start..].split_inclusive(|&b| b == b'\n').skip(3);
    let mut number = 0;
    for row in rows.take_while(|row| row.len() == 20) {
        number += 1;
        let offset: usize = std::str::from_utf8(&row[..10]).unwrap().parse().unwrap();
        assert!(file[offset..].starts_with(format!("{number} 0 obj\n").as_bytes()), "{number}");
    }
    assert!(number > 10);
}
