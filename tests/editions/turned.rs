//! Turned glyphs: the crate's picture, the PDF and the OFD put them in the same places.

use std::sync::LazyLock;

use certpress::geom::{Affine, Point, Rect};
use certpress::page::{Document, ItemKind};
use certpress::unit::Length;
use certpress::{Layout, Press, png};

use crate::picture::{DPI, Tones};
use crate::runs;

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let press = Layout::open("tests/layouts/turned.xml").unwrap().compile(&crate::FONTS).unwrap();
    assert!(press.warnings().is_empty(), "{:?}", press.warnings());
    press
});

fn document(reissue_of: &str) -> Document {
    crate::lay(&PRESS, &[("name", "欧阳样例"), ("reissue_of", reissue_of)])
}

#[test]
fn poppler_draws_the_pdf_as_the_picture_shows_the_page() {
    let document = document("样例");
    let pdf = crate::file("turned.pdf", &PRESS.write_pdf(&document).unwrap().into_bytes());
    let Some(theirs) = Tones::by_poppler(&pdf) else { return };
    let options = png::Options { dpi: DPI, ..png::Options::default() };
    let ours = Tones::of(&png::page(&document, 0, &options).unwrap());
    assert!(ours.darker_than(200) > 20_000, "{}", ours.darker_than(200));
    let differing = ours.differing(&theirs).max(theirs.differing(&ours));
    assert!(differing < 100, "{differing} pixels");
    // The judge sees a word that is not there.
    let without = Tones::of(&png::page(&self::document(""), 0, &options).unwrap());
    assert!(without.differing(&theirs) > 1000);
}

/// The first glyph of each text object as a reader places it: TextCode's X and Y under CTM, from Boundary's corner.
#[test]
fn the_ofd_starts_each_turned_run_where_the_page_does() {
    let document = document("样例");
    let parts = crate::ofd(&PRESS, &document);
    let content = |path: &str| std::str::from_utf8(&parts[path]).unwrap();
    let page = &document.master.pages[0];
    let mut turned = 0;
    for (items, text) in [
        (&document.pages[0].items, content("Doc_0/Pages/Page_0/Content.xml")),
        (&page.foreground, content("Doc_0/Tpls/Tpl_0_Foreground/Content.xml")),
    ] {
        let tree = roxmltree::Document::parse(text).unwrap();
        let objects: Vec<_> = tree.descendants().filter(|n| n.tag_name().name() == "TextObject").collect();
        assert_eq!(objects.len(), runs(items).count());
        for (run, object) in runs(items).zip(objects) {
            let numbers = |node: roxmltree::Node<'_, '_>, name: &str| -> Vec<f64> {
                node.attribute(name)
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(|v| v.parse().unwrap())
                    .collect()
            };
            let ctm = match numbers(object, "CTM")[..] {
                [a, b, c, d, e, f] => Affine { a, b, c, d, e: Length::mm(e), f: Length::mm(f) },
                _ => Affine::IDENTITY,
            };
            let code = object.children().find(|n| n.tag_name().name() == "TextCode").unwrap();
            let pen = Point::new(Length::mm(numbers(code, "X")[0]), Length::mm(numbers(code, "Y")[0]));
            let boundary = numbers(object, "Boundary");
            let start = ctm.apply(pen).shift(Length::mm(boundary[0]), Length::mm(boundary[1]));
            let off = |a: Length, b: Length| (a - b).abs() > Length::mm(0.001);
            assert!(!off(start.x, run.origin.x) && !off(start.y, run.origin.y), "{}: {start:?}", run.text);
            for (told, placed) in
                [(ctm.a, run.map.a), (ctm.b, run.map.b), (ctm.c, run.map.c), (ctm.d, run.map.d)]
            {
                assert!((told - placed).abs() < 1e-4, "{}: {told} for {placed}", run.text);
            }
            turned += usize::from(run.map.b != 0.0);
        }
    }
    assert!(turned >= 4, "{turned}");
}

#[test]
fn a_stamp_is_turned_about_its_middle_with_its_frame() {
    let document = document("样例");
    let ItemKind::Path(outer) =
        &document.pages[0].items.iter().find(|i| matches!(i.kind, ItemKind::Path(_))).unwrap().kind
    else {
        panic!()
    };
    let middle = outer.path.bounds().unwrap().middle();
    // x="15mm" y="12mm" width="26mm" height="12mm"
    assert!((middle.x - Length::mm(28.0)).abs() < Length::mm(0.01), "{middle:?}");
    assert!((middle.y - Length::mm(18.0)).abs() < Length::mm(0.01), "{middle:?}");
    let word = runs(&document.pages[0].items).find(|run| run.text == "补发").unwrap();
    assert_eq!(word.map, Affine::rotate(-12.0));
}

#[test]
fn a_stamp_without_its_condition_paints_nothing() {
    assert!(!runs(&document("").pages[0].items).any(|run| run.text == "补发"));
}

#[test]
fn a_watermark_repeats_whole_words_that_no_field_claims() {
    let document = document("");
    let words: Vec<_> = document.pages[0].items.iter().take_while(|item| item.tag.is_none()).collect();
    // Two rows of three with one of two between; each in three runs: the characters that the record alone has, the rest of the name, the literal.
    assert_eq!(words.len(), 3 * (3 + 2 + 3));
    let sheet = Rect::mm(0.0, 0.0, 120.0, 80.0);
    for run in runs(&document.pages[0].items).take(words.len()) {
        let to_page = Affine { e: run.origin.x, f: run.origin.y, ..run.map };
        let end = to_page.apply(Point::new(run.advance, Length::ZERO));
        assert!(sheet.contains(&Rect::from_corners(run.origin, end)), "{end:?}");
    }
}

#[test]
fn a_watermark_too_large_for_its_box_is_an_error() {
    let text = r#"<layout id="t" title="样例" font="song" size="90pt"><fields><field name="name" type="text"/></fields>
        <page size="100x60mm"><watermark>太长的水印</watermark></page></layout>"#;
    let error = Layout::from_text("t.xml", text).unwrap().compile(&crate::FONTS).err().unwrap().to_string();
    assert!(error.contains("of width and has 100mm") && error.contains("太长的水印"), "{error}");
}
