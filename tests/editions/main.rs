//! What stands at an angle, and what a certificate looks like as original, as conversion and on paper.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod conversion;
mod overprint;
mod paper;
mod picture;
#[path = "../title_record/mod.rs"]
mod title_record;
mod turned;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use certpress::page::{Document, GlyphRun, Item, ItemKind, Timestamp};
use certpress::{Edition, Fonts, Layout, Press, Record, RenderOptions};

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));

fn time() -> Timestamp {
    Timestamp::parse("2026-03-05T08:00:00Z").unwrap()
}

/// A file for a program to read; each test has its own.
fn file(name: &str, bytes: &[u8]) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

/// An edition of a layout with the fields `name`, `day` and `note` and the list `rows` of `a`, on one sheet of 100 by 60 mm.
fn press(edition: Edition, attributes: &str, elements: &str) -> Press {
    let text = format!(
        r##"<layout id="t" title="样例" font="song" size="10pt" {attributes}><fields>
        <field name="name" type="text"/><field name="day" type="date"/><field name="note" type="text"/>
        <field name="rows" type="list"><field name="a" type="text"/></field></fields><page size="100x60mm">{elements}</page></layout>"##
    );
    Layout::from_text("t.xml", &text).unwrap().compile_for(edition, &FONTS).unwrap()
}

/// Why such a layout does not compile.
fn mistakes(elements: &str) -> String {
    let text = format!(
        r##"<layout id="t" title="样例" font="song" size="10pt"><fields><field name="name" type="text"/></fields>
        <metadata><entry name="KZ_BBXZ">原件</entry></metadata><page size="100x60mm">{elements}</page></layout>"##
    );
    Layout::from_text("t.xml", &text).unwrap().compile(&FONTS).err().unwrap().to_string()
}

fn lay(press: &Press, values: &[(&str, &str)]) -> Document {
    lay_record(press, &values.iter().copied().collect())
}

fn lay_record(press: &Press, record: &Record) -> Document {
    let options = RenderOptions::default();
    press.lay(&press.bind(record, &options).unwrap(), time(), &options).unwrap()
}

fn runs(items: &[Item]) -> impl Iterator<Item = &GlyphRun> {
    items.iter().filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) => Some(run),
        _ => None,
    })
}

/// The words of `items`, run after run.
fn words(items: &[Item]) -> String {
    runs(items).map(|run| run.text.as_str()).collect()
}

/// Each glyph's characters and place on the page, to a micrometre.
fn places(items: &[Item]) -> BTreeSet<(String, i64, i64)> {
    let mut places = BTreeSet::new();
    for run in runs(items) {
        for (i, glyph) in run.glyphs.iter().enumerate() {
            let x = run.origin.x + glyph.x.scale(run.map.a);
            let micrometres = |v: certpress::unit::Length| (v.to_mm() * 1e3).round() as i64;
            places.insert((run.text_of(i).to_owned(), micrometres(x), micrometres(run.origin.y)));
        }
    }
    places
}

fn pdf(press: &Press, document: &Document) -> Vec<u8> {
    press.write_pdf(document).unwrap().into_bytes()
}

/// The parts of the OFD by path.
fn ofd(press: &Press, document: &Document) -> BTreeMap<String, Vec<u8>> {
    let package = press.write_ofd(document).unwrap().into_bytes().unwrap();
    let mut zip = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    let mut parts = BTreeMap::new();
    for i in 0..zip.len() {
        let mut part = zip.by_index(i).unwrap();
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).unwrap();
        parts.insert(part.name().unwrap().into_owned(), bytes);
    }
    parts
}

/// What the OFD and the PDF say they are.
fn standings(press: &Press, document: &Document) -> [String; 2] {
    let entry = String::from_utf8(ofd(press, document).remove("OFD.xml").unwrap()).unwrap();
    let pdf = pdf(press, document);
    let between = |text: &str, before: &str, after: &str| {
        let start = text.find(before).unwrap() + before.len();
        text[start..].split(after).next().unwrap().to_owned()
    };
    [
        between(&entry, "<ofd:CustomData Name=\"KZ_BBXZ\">", "<"),
        between(&String::from_utf8_lossy(&pdf), "<cert:KZ_BBXZ>", "<"),
    ]
}
