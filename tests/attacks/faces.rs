//! Pages that say something else than the record: made by who holds the key, added to a sealed PDF, or saved without any seal.

use certpress::verify::Verdict::Invalid;

use super::attack::Attack;
use super::originals::Originals;
use super::package::{PAGE, Parts};
use super::revision::Pdf;

const FACE: &str = "licence.face";

const fn face(name: &'static str, make: fn(&Originals) -> Vec<u8>, place: &'static str) -> Attack {
    Attack::new(name, make, Invalid, FACE, place)
}

/// A revision whose page shows its content changed.
fn shown(pdf: &[u8], change: impl FnOnce(String) -> String) -> Vec<u8> {
    let document = lopdf::Document::load_mem(pdf).unwrap();
    let page = document.get_pages()[&1];
    let content = change(String::from_utf8(document.get_page_content(page)).unwrap());
    let pdf = Pdf::of(pdf);
    let (stream, page) = (pdf.number("/Size"), pdf.object_with("/Type/Page/"));
    let text = pdf.object(page).replacen("/Contents", &format!("/Contents {stream} 0 R/Old"), 1);
    let content = format!("<</Length {}>>stream\n{content}\nendstream", content.len());
    pdf.update(&[(page, text), (stream, content)], "").0
}

/// How the content says which field's text begins.
fn head(field: &str) -> String {
    let name: String = field.encode_utf16().map(|unit| format!("{unit:04X}")).collect();
    format!("/CPRS_Field<FEFF{name}>>>BDC")
}

/// The last glyph of the number made like an earlier one.
fn other_number(content: String) -> String {
    let start = content.rfind(&head("number")).unwrap() + head("number").len();
    let end = start + content[start..].find("EMC").unwrap();
    let strings = content[start..end].split('<').skip(1).map(|part| part.split('>').next().unwrap());
    let glyphs: Vec<&str> =
        strings.flat_map(|s| (0..s.len() / 4).map(move |i| &s[4 * i..4 * i + 4])).collect();
    let last = glyphs.last().unwrap();
    let other = glyphs.iter().rev().find(|glyph| glyph != &last).unwrap();
    let at = start + content[start..end].rfind(last).unwrap();
    format!("{}{other}{}", &content[..at], &content[at + 4..])
}

/// No text is tied to a field any more.
fn untied(content: String) -> String {
    content.replace("/CPRS_Field<", "/Other<")
}

fn of_page(parts: &Parts) -> Vec<u8> {
    parts.clone().replace(PAGE, "20260001</ofd:TextCode>", "20260000</ofd:TextCode>").build()
}

pub(crate) const ATTACKS: &[Attack] = &[
    // By who holds the key.
    face("sealed with another number on the page", |o| o.other_number.ofd.build(), "ZZBH"),
    face("PDF: sealed with another number on the page", |o| o.other_number.pdf.clone(), "ZZBH"),
    face("sealed with another date on the page, and nothing tied", |o| o.other_date.ofd.build(), "ZZBFRQ"),
    face(
        "PDF: sealed with another date on the page, and nothing tied",
        |o| o.other_date.pdf.clone(),
        "ZZBFRQ",
    ),
    // On pages that a revision adds.
    face("PDF: another number in a revision", |o| shown(&o.one.pdf, other_number), "number"),
    face(
        "PDF: another number in a revision, tied to nothing",
        |o| shown(&o.one.pdf, |c| untied(other_number(c))),
        "ZZBH",
    ),
    face(
        "PDF: the number tied to the name",
        |o| shown(&o.one.pdf, |content| content.replace(&head("number"), &head("name"))),
        "name",
    ),
    face(
        "PDF: the name tied to a field that is none",
        |o| shown(&o.one.pdf, |content| content.replace(&head("name"), &head("holder"))),
        "holder",
    ),
    face("PDF: a page without words", |o| shown(&o.one.pdf, |_| "0 0 m 9 9 l S".into()), "CZZT"),
    // Saved without a seal.
    face("another number and no seal", |o| of_page(&o.unsigned.ofd), "number"),
    face("PDF: another number and no seal", |o| shown(&o.unsigned.pdf, other_number), "number"),
    face(
        "PDF: another number, no seal, and nothing tied",
        |o| shown(&o.unsigned.pdf, |c| untied(other_number(c))),
        "ZZBH",
    ),
    face("another number under the seal", |o| of_page(&o.one.ofd), "number"),
];
