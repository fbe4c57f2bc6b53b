//! 套打 in tables, loops and flows: what the record decides, where the whole page has it.

use certpress::page::{Item, ItemKind};
use certpress::{Edition, Layout, Record};

use crate::{FONTS, file, lay, lay_record, places, press, words};

/// A record whose list has these rows.
fn record(name: &str, note: &str, rows: &[&str]) -> Record {
    let rows: Vec<Record> = rows.iter().map(|a| Record::new().with("a", *a)).collect();
    Record::new().with("name", name).with("note", note).with("rows", rows)
}

/// What is printed of `record` over a sheet of `elements`; each character where the whole page has it.
fn printed(elements: &str, record: &Record) -> Vec<Item> {
    let [full, over] = [Edition::Print, Edition::Overprint].map(|edition| {
        let document = lay_record(&press(edition, "", elements), record);
        let page = &document.master.pages[0];
        if edition == Edition::Overprint {
            assert_eq!((&page.background[..], &page.foreground[..]), (&[][..], &[][..]));
        }
        let items = [&page.background[..], &document.pages[0].items, &page.foreground].concat();
        (places(&items), items)
    });
    assert!(over.0.is_subset(&full.0), "{:?}", over.0.difference(&full.0));
    over.1
}

/// The words that are printed, and how many lines, grounds and marks.
fn told(elements: &str, record: &Record) -> (String, usize) {
    let items = printed(elements, record);
    (
        words(&items),
        items.iter().filter(|item| matches!(item.kind, ItemKind::Path(_) | ItemKind::Figure(_))).count(),
    )
}

const COLUMNS: &str = "<column width='20mm'/><column width='*'/>";

#[test]
fn a_table_prints_neither_rules_nor_grounds_nor_headings() {
    let table = format!(
        "<table width='80mm' fill='#eeeeee' row-height='8mm'>{COLUMNS}
        <row><cell>姓名</cell><cell>{{{{ name }}}}<u>先生</u></cell></row></table>"
    );
    assert_eq!(told(&table, &record("欧阳", "", &[])), ("欧阳".to_owned(), 0));
}

#[test]
fn what_stands_below_a_conditional_row_is_on_no_sheet() {
    let table = format!(
        "<table width='80mm' row-height='8mm'>{COLUMNS}<row><cell>姓名</cell><cell>{{{{ name }}}}</cell></row>
        <row when='note'><cell>备注</cell><cell>{{{{ note }}}}</cell></row>
        <row><cell>以下</cell><cell>空白</cell></row></table>"
    );
    assert_eq!(told(&table, &record("欧阳", "", &[])).0, "欧阳以下空白");
    assert_eq!(told(&table, &record("欧阳", "样例", &[])).0, "欧阳备注样例以下空白");
}

#[test]
fn elements_of_a_cell_are_the_sheets_unless_the_record_decides_their_row() {
    let table = format!(
        "<table width='80mm' row-height='8mm'>{COLUMNS}
        <row><cell/><cell><rect width='5mm' height='5mm' fill='#eee'/><text>一{{{{ name }}}}</text></cell></row>
        <row when='note'><cell/><cell><rect width='5mm' height='5mm' fill='#eee'/><text>二</text></cell></row></table>"
    );
    assert_eq!(told(&table, &record("欧阳", "", &[])), ("欧阳".to_owned(), 0));
    assert_eq!(told(&table, &record("欧阳", "样例", &[])), ("欧阳二".to_owned(), 1));
}

#[test]
fn repeated_rows_are_printed_whole_and_move_what_stands_below() {
    let table = |more: &str| {
        format!(
            "<table width='80mm' row-height='8mm'>{COLUMNS}<head><row><cell>序号</cell><cell>科目</cell></row></head>
            <row for='row in rows' {more}><cell>第{{{{ loop.index }}}}</cell><cell>{{{{ row.a }}}}门</cell></row>
            <foot><row><cell>以下</cell><cell>空白</cell></row></foot></table>"
        )
    };
    let two = record("", "", &["甲", "乙"]);
    assert_eq!(told(&table(""), &two), ("第1甲门第2乙门以下空白".to_owned(), 0));
    // Blank rows keep the foot in its place.
    assert_eq!(told(&table("at-least='3'"), &two), ("第1甲门第2乙门".to_owned(), 0));
}

#[test]
fn a_cell_beside_repeated_rows_stands_where_they_put_it() {
    let table = format!(
        "<table width='80mm' row-height='8mm'>{COLUMNS}<row><cell rowspan='2'>合格</cell><cell>科目</cell></row>
        <row for='row in rows'><cell>{{{{ row.a }}}}</cell></row></table>"
    );
    assert_eq!(told(&table, &record("", "", &["甲", "乙"])).0, "合格甲乙");
}

#[test]
fn a_conditional_table_is_printed_with_its_rules_and_grounds() {
    let table = format!(
        "<group when='note'><table width='80mm' row-height='8mm' fill='#eee'>{COLUMNS}
        <row><cell>备注</cell><cell>{{{{ note }}}}</cell></row></table></group>"
    );
    assert_eq!(told(&table, &record("", "样例", &[])), ("备注样例".to_owned(), 3));
}

#[test]
fn a_repeated_group_is_printed_whole() {
    let group = "<group for='row in rows' step-y='8mm' height='8mm'>
        <rect width='30mm' height='8mm' stroke='#000'/><text>科目{{ row.a }}</text></group>";
    assert_eq!(told(group, &record("", "", &["甲", "乙"])), ("科目甲科目乙".to_owned(), 2));
}

#[test]
fn in_a_flow_all_below_a_list_is_printed() {
    let flow = format!(
        "<flow width='90mm' height='58mm'><text>成绩单</text><space height='2mm'/><text>姓名：{{{{ name }}}}</text>
        <table width='80mm' row-height='8mm'>{COLUMNS}<head><row><cell>序号</cell><cell>科目</cell></row></head>
        <row for='row in rows'><cell>{{{{ loop.index }}}}</cell><cell>{{{{ row.a }}}}</cell></row></table>
        <text>以下空白</text></flow>"
    );
    assert_eq!(told(&flow, &record("欧阳", "", &["甲", "乙"])), ("欧阳1甲2乙以下空白".to_owned(), 0));
}

#[test]
fn a_stamp_that_each_record_has_brings_its_word_alone() {
    let stamp = "<stamp x='10mm' y='10mm' width='30mm' height='12mm'>第{{ name }}</stamp>";
    assert_eq!(told(stamp, &record("欧阳", "", &[])), ("欧阳".to_owned(), 0));
    let stamp = stamp.replace("<stamp", "<stamp when='name'");
    assert_eq!(told(&stamp, &record("欧阳", "", &[])), ("第欧阳".to_owned(), 2));
}

#[test]
fn a_mark_keeps_its_logo_and_a_static_mark_is_the_sheets() {
    file("overprint-logo.svg", &std::fs::read("tests/layouts/art/logo.svg").unwrap());
    for (content, has_mark) in
        [("https://verify.example.org/c/{{ name }}", true), ("https://verify.example.org", false)]
    {
        let layout = format!(
            "<layout id='t' title='样例' font='song' size='10pt'><fields><field name='name' type='text'/></fields>
            <page size='100x60mm'><qr size='30mm' level='Q' logo='overprint-logo.svg' logo-size='3mm' content='{content}'/></page></layout>"
        );
        let layout = Layout::open(file("overprint-logo.xml", layout.as_bytes())).unwrap();
        let press = layout.compile_for(Edition::Overprint, &FONTS).unwrap();
        let document = lay(&press, &[("name", "欧阳")]);
        let (mark, logo) = (&document.pages[0].items, &document.master.pages[0].foreground);
        assert_eq!((!mark.is_empty(), !logo.is_empty()), (has_mark, has_mark), "{content}");
    }
}
