//! Loops: rows of tables and groups that a record's lists repeat.

use certpress::Record;
use certpress::page::{Document, Item, ItemKind, dump_document};

use super::{lay, page, press};

fn scores(rows: &[(&str, &str, &str)]) -> Record {
    let row = |&(subject, score, passed): &(&str, &str, &str)| {
        Record::new()
            .with("subject", subject)
            .with("score", score)
            .with("passed", passed)
            .with("on", "2026-03-05")
    };
    let marks: Vec<Record> = ["甲", "乙", "丙"].map(|word| Record::new().with("word", word)).into();
    let rows: Vec<Record> = rows.iter().map(row).collect();
    Record::new().with("name", "欧阳样例").with("scores", rows).with("marks", marks)
}

/// The texts of the record's own page in painting order.
fn texts(document: &Document) -> String {
    let text = |item: &Item| match &item.kind {
        ItemKind::Glyphs(run) => Some(run.text.clone()),
        _ => None,
    };
    document.pages[0].items.iter().filter_map(text).collect()
}

#[test]
fn rows_and_groups_are_repeated_for_the_rows_of_a_list() {
    let rows = [("语文（虚构）", "85.50", "是"), ("数学", "55", "否"), ("测绘学基础", "90", "是")];
    let document = lay(&press("scores.xml"), &scores(&rows)).unwrap();
    insta::assert_snapshot!("scores_record", dump_document(&document));
}

#[test]
fn conditions_choose_among_rows_and_decimals_keep_their_digits() {
    let rows = [("语文", "85.50", "是"), ("数学", "55.0", "否"), ("英语", "40.00", "否")];
    let texts = texts(&lay(&press("scores.xml"), &scores(&rows)).unwrap());
    for expected in ["1语文85.50 分", "补考数学55.0（近）", "补考英语40.002026年", "1/3 甲", "丙（完）"]
    {
        assert!(texts.contains(expected), "{expected} in {texts}");
    }
}

#[test]
fn a_list_without_rows_leaves_the_other_rows() {
    let texts = texts(&lay(&press("scores.xml"), &scores(&[])).unwrap());
    assert!(texts.contains("以下各科合格以下空白"), "{texts}");
}

#[test]
fn a_cell_of_a_list_carries_the_tag_of_the_list() {
    let document = lay(&press("scores.xml"), &scores(&[("语文", "85.50", "是")])).unwrap();
    let tag = document.master.tags.iter().position(|name| name == "scores").map(|tag| tag as u16);
    let is_tagged = |text: &str| {
        document.pages[0].items.iter().any(|item| match &item.kind {
            ItemKind::Glyphs(run) => run.text == text && item.tag == tag,
            _ => false,
        })
    };
    assert!(is_tagged("语文") && is_tagged("85.50"));
}

#[test]
fn blank_rows_fill_up_to_so_many() {
    let press = page(
        r#"<table x="0" y="0" width="50mm" row-height="6mm"><column width="*"/>
        <row for="row in rows" at-least="4"><cell>第{{ loop.index }}{{ row.a }}</cell></row></table>"#,
    );
    let press = press.unwrap();
    let bottom_and_text = |count: usize| {
        let rows: Vec<Record> = (0..count).map(|_| Record::new().with("a", "甲")).collect();
        let document = lay(&press, &Record::new().with("rows", rows)).unwrap();
        let frame = document.pages[0].items.last().cloned().unwrap();
        let ItemKind::Path(frame) = frame.kind else { panic!("{frame:?}") };
        (frame.path.bounds().unwrap().bottom(), texts(&document))
    };
    let mm = certpress::unit::Length::mm;
    assert_eq!(bottom_and_text(2), (mm(24.0), "第1甲第2甲".to_owned()));
    assert_eq!(bottom_and_text(5).0, mm(30.0));
}
