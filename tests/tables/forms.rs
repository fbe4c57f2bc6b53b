//! Forms: tables whose rows the layout writes.

use certpress::Record;
use certpress::page::{Item, ItemKind, dump_document, dump_master};

use super::{lay, page, press};

fn form() -> Record {
    Record::new()
        .with("name", "欧阳样例")
        .with("sex", "女")
        .with("unit", "样例省样例市测绘院（虚构）")
        .with("photo", "photos/01.jpg")
        .with(
            "review",
            "同意。该同志（虚构）长期从事测绘工作，业绩突出，材料真实，符合条件，同意其具备高级工程师资格。",
        )
        .with("note", "无")
}

#[test]
fn a_table_that_needs_no_record_is_set_once() {
    let document = lay(&press("form.xml"), &form()).unwrap();
    insta::assert_snapshot!("form_master", dump_master(&document.master));
}

#[test]
fn a_form_is_set_with_its_spans_grounds_and_rules() {
    let document = lay(&press("form.xml"), &form()).unwrap();
    insta::assert_snapshot!("form_record", dump_document(&document));
}

#[test]
fn a_row_whose_condition_fails_leaves_the_cell_beside_it_one_row() {
    let press = press("form.xml");
    let bottom = |record: &Record| {
        let document = lay(&press, record).unwrap();
        let frame = document.pages[0].items.last().cloned().unwrap();
        match frame.kind {
            ItemKind::Path(frame) => frame.path.bounds().unwrap().bottom().to_mm(),
            other => panic!("{other:?}"),
        }
    };
    near(bottom(&form()) - bottom(&form().with("review", "")), 10.0);
}

fn near(a: f64, b: f64) {
    assert!((a - b).abs() < 0.001, "{a} {b}");
}

/// Where the text `text` starts, in mm.
fn origin(items: &[Item], text: &str) -> (f64, f64) {
    let found = items.iter().find_map(|item| match &item.kind {
        ItemKind::Glyphs(run) if run.text == text => Some(run.origin),
        _ => None,
    });
    let found = found.unwrap_or_else(|| panic!("no {text}"));
    (found.x.to_mm(), found.y.to_mm())
}

#[test]
fn a_row_grows_with_its_text_and_a_table_of_a_height_shares_it_out() {
    let table = |attributes: &str, note: &str| {
        let press = page(&format!(
            r#"<table x="10mm" y="10mm" width="40mm" valign="top" padding="0" {attributes}><column width="*"/>
            <row><cell>{{{{ name }}}}</cell></row><row><cell>{{{{ note }}}}</cell></row></table>"#
        ));
        let record = Record::new().with("name", "甲").with("note", note);
        lay(&press.unwrap(), &record).unwrap().pages.remove(0).items
    };
    let (x, first) = origin(&table("", "乙"), "甲");
    assert_eq!(x, 10.0);
    let pitch = |items: &[Item]| origin(items, "乙").1 - first;
    // One line of 10 pt is an em tall.
    near(pitch(&table("", "乙")), 10.0 * 25.4 / 72.0);
    near(pitch(&table(r#"min-row-height="8mm""#, "乙")), 8.0);
    near(pitch(&table(r#"row-height="5mm""#, "乙")), 5.0);
    near(pitch(&table(r#"height="30mm""#, "乙")), 15.0);
}

#[test]
fn columns_of_content_are_as_wide_as_their_widest_cell_within_bounds() {
    let second_column = |column: &str, name: &str| {
        let press = page(&format!(
            r#"<table x="0" y="0" padding="0 1mm"><column width="auto" {column}/><column width="10mm"/>
            <row><cell>{{{{ name }}}}</cell><cell>乙</cell></row><row><cell>一二</cell><cell/></row></table>"#
        ));
        let document = lay(&press.unwrap(), &Record::new().with("name", name)).unwrap();
        origin(&document.pages[0].items, "乙").0 - 1.0
    };
    let em = 10.0 * 25.4 / 72.0;
    near(second_column("", "甲"), 2.0 * em + 2.0);
    near(second_column("", "甲甲甲甲"), 4.0 * em + 2.0);
    near(second_column(r#"max="12mm""#, "甲甲甲甲"), 12.0);
    near(second_column(r#"min="20mm""#, "甲甲甲甲"), 20.0);
}
