//! Flows: tables and texts that go on through further pages.

use certpress::page::{Document, Item, ItemKind, dump_document};
use certpress::{Layout, PressError, Record, RenderError};

use super::{FONTS, first_line, lay, page, press, told};

/// A roster of so many made-up people.
fn roster(count: usize) -> Record {
    let person = |i: usize| {
        let unit = if i.is_multiple_of(7) {
            "样例省样例市测绘院（虚构）及其所属地理信息中心第三分院遥感应用研究所"
        } else {
            "样例院"
        };
        Record::new()
            .with("name", ["欧阳样例", "张样", "李例"][i % 3])
            .with("id_number", "999999199001011238")
            .with("unit", unit)
            .with("title", "高级工程师")
            .with("score", format!("{}.50", 60 + i % 40))
    };
    let people: Vec<Record> = (0..count).map(person).collect();
    Record::new().with("batch", "样例批次").with("basis", "依据（虚构）。").with("people", people)
}

/// The texts of each page, in painting order.
fn texts(document: &Document) -> Vec<String> {
    let text = |item: &Item| match &item.kind {
        ItemKind::Glyphs(run) => Some(run.text.clone()),
        _ => None,
    };
    document.pages.iter().map(|page| page.items.iter().filter_map(text).collect()).collect()
}

/// `elements` in a flow of 80 × 50 mm on a page of 100 mm, numbered at its foot.
fn flow(elements: &str) -> String {
    format!(
        r#"<flow x="10mm" y="10mm" width="80mm" height="50mm">{elements}</flow>
        <text x="10mm" y="90mm">{{{{ page.number }}}}/{{{{ page.count }}}}{{% if page.last %}}完{{% endif %}}</text>"#
    )
}

fn rows(count: usize) -> Record {
    let rows: Vec<Record> = (1..=count).map(|i| Record::new().with("a", format!("行{i};"))).collect();
    Record::new().with("rows", rows)
}

const LIST: &str = r#"<table width="80mm" row-height="10mm"><column width="*"/>
    <head><row><cell>头{% if not page.first %}续{% endif %}</cell></row></head>
    <row for="row in rows"><cell>{{ row.a }}</cell></row>
    <foot><row><cell>{{ page.rows }},{{ page.rows_so_far }}</cell></row></foot></table>"#;

#[test]
fn rows_break_between_pages_with_head_and_foot_on_each() {
    let press = page(&flow(LIST)).unwrap();
    let laid = |count| texts(&lay(&press, &rows(count)).unwrap());
    assert_eq!(laid(0), ["头0,01/1完"]);
    assert_eq!(laid(3), ["头行1;行2;行3;3,31/1完"]);
    assert_eq!(laid(4), ["头行1;行2;行3;3,31/2", "头续行4;1,42/2完"]);
    let seven = ["头行1;行2;行3;3,31/3", "头续行4;行5;行6;3,62/3", "头续行7;1,73/3完"];
    assert_eq!(laid(7), seven);
}

#[test]
fn a_broken_table_has_its_grounds_and_rules_on_each_page() {
    let document =
        lay(&page(&flow(&LIST.replace("<head", "<head fill=\"#eee\""))).unwrap(), &rows(4)).unwrap();
    insta::assert_snapshot!("flow_of_four_rows", dump_document(&document));
}

#[test]
fn every_row_of_a_long_list_is_laid_once_and_in_order() {
    let press = press("roster.xml");
    for (count, pages) in [(1, 2), (40, 3), (400, 15), (4000, 131)] {
        let document = lay(&press, &roster(count)).unwrap();
        assert_eq!(document.pages.len(), pages, "{count}");
        let texts = texts(&document);
        let told: usize = texts.iter().map(|text| text.matches("高级工程师").count()).sum();
        assert_eq!(told, count);
        let last = &texts[pages - 1];
        assert!(texts.iter().any(|text| text.contains(&format!("累计 {count} 人"))), "{last}");
        assert!(last.ends_with(&format!("第 {pages} 页 / 共 {pages} 页（完）")), "{last}");
        // What no page changes stays in the master.
        assert!(texts[1..].iter().all(|text| !text.contains("评审通过人员名单")));
    }
}

#[test]
fn the_same_record_has_the_same_pages_again() {
    let press = press("roster.xml");
    let dump = || dump_document(&lay(&press, &roster(50)).unwrap());
    assert_eq!(dump(), dump());
}

#[test]
fn a_text_goes_on_line_by_line_and_one_with_a_height_stays_together() {
    let lines = "一<br/>二<br/>三<br/>四<br/>五<br/>六<br/>七<br/>八<br/>九<br/>十";
    let press = page(&flow(&format!(
        r#"<text leading="1.5">{lines}</text><space height="5mm"/><text height="20mm">落款</text>"#
    )));
    // Ten lines of 10 pt at 15 pt take 145 pt, which is 51 mm.
    assert_eq!(
        texts(&lay(&press.unwrap(), &Record::new()).unwrap()),
        ["一二三四五六七八九1/2", "十落款2/2完"]
    );
    let press = page(&flow(&format!(r#"<text>{lines}</text><text height="49mm">落款</text>"#)));
    let laid = texts(&lay(&press.unwrap(), &Record::new()).unwrap());
    assert_eq!(laid, ["一二三四五六七八九1/3", "十2/3", "落款3/3完"]);
}

#[test]
fn rows_that_a_cell_joins_stay_on_one_page() {
    let press = page(&flow(
        r#"<table width="80mm" row-height="10mm"><column width="*" count="2"/>
        <row for="row in rows"><cell colspan="2">{{ row.a }}</cell></row>
        <row><cell rowspan="2">合</cell><cell>上</cell></row><row><cell>下</cell></row></table>"#,
    ));
    let press = press.unwrap();
    assert_eq!(texts(&lay(&press, &rows(3)).unwrap()), ["行1;行2;行3;合上下1/1完"]);
    assert_eq!(texts(&lay(&press, &rows(4)).unwrap()), ["行1;行2;行3;行4;1/2", "合上下2/2完"]);
}

#[test]
fn pages_of_several_sequences_are_counted_through() {
    let text = format!(
        r#"<layout id="t" font="song" size="10pt"><fields><field name="rows" type="list"><field name="a" type="text"/></field></fields>
        <page size="100x100mm">{0}</page><page size="A5"><text x="0" y="0">中{{{{ page.number }}}}</text></page>
        <page size="100x100mm">{0}</page></layout>"#,
        flow(LIST)
    );
    let press = Layout::from_text("t.xml", &text).unwrap().compile(&FONTS).unwrap();
    let document = lay(&press, &rows(4)).unwrap();
    assert_eq!(document.pages.iter().map(|page| page.master).collect::<Vec<_>>(), [0, 0, 1, 2, 2]);
    let texts = texts(&document);
    assert_eq!(texts[2], "中3");
    assert_eq!(texts[4], "头续行4;1,45/5完");
}

#[test]
fn a_flows_own_condition_knows_its_first_page_but_not_how_many_there_will_be() {
    let under = |when: &str| page(&flow(LIST).replace("<flow", &format!("<flow when=\"{when}\"")));
    let laid = |when: &str| texts(&lay(&under(when).unwrap(), &rows(4)).unwrap());
    for when in ["page.first", "page.number == 1"] {
        assert_eq!(laid(when), ["头行1;行2;行3;3,31/2", "头续行4;1,42/2完"], "{when}");
    }
    assert_eq!(laid("page.number == 2"), ["1/1完"]);
    for when in ["page.count == 1", "page.last"] {
        let Err(PressError::Source(mistakes)) = under(when) else { panic!("it compiles: {when}") };
        let told = told(&mistakes.0);
        assert!(told.contains("whether there is a flow depends on how many pages it takes"), "{told}");
    }
}

/// What is wrong with a record of so many rows in this flow.
fn refusal(elements: &str, count: usize) -> (String, String) {
    let press = page(&flow(elements)).unwrap_or_else(|e| panic!("{e}"));
    match lay(&press, &rows(count)) {
        Err(RenderError::Layout(e)) => {
            assert!(e.hint().is_some(), "{e}");
            let what = first_line(&e).split_once(": ").map(|(_, what)| what.to_owned());
            (e.code().to_owned(), what.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_taller_than_the_flow_is_an_error_of_its_row() {
    let table = |row: &str| format!(r#"<table width="80mm"><column width="*"/>{row}</table>"#);
    let (code, message) = refusal(
        &table(
            r#"<head><row height="30mm"><cell/></row></head><row for="row in rows" height="21mm"><cell/></row>"#,
        ),
        2,
    );
    assert_eq!(code, "does-not-fit");
    assert_eq!(message, "field rows[1]: it needs 51mm with the head and foot around it, the flow has 50mm");
    let joined = r#"<row height="9mm"><cell rowspan="2"/></row><row for="row in rows" height="9mm"></row>"#;
    let (_, message) = refusal(&table(joined), 9);
    assert_eq!(message, "it needs 90mm with the head and foot around it, the flow has 50mm");
    let (code, message) = refusal(r#"<text height="51mm">高</text>"#, 0);
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("does-not-fit", "it needs 51mm with the head and foot around it, the flow has 50mm")
    );
}

#[test]
fn too_many_pages_are_an_error() {
    let tall = r#"<table width="80mm" row-height="50mm"><column width="*"/><row for="row in rows"><cell/></row></table>"#;
    assert_eq!(refusal(tall, 2001), ("too-many".into(), "more than 2000 pages".into()));
}

#[test]
fn mistakes_in_flows_are_told() {
    let text = r#"<layout id="t" font="song" size="10pt"><fields><field name="rows" type="list"><field name="a" type="text"/></field></fields>
        <page size="100x100mm"><flow x="0" y="0" width="50mm"/>
        <flow x="0" y="0" width="50mm" height="9mm"><text y="1mm">{{ page.numbr }}</text><table height="9mm"><column width="*"/>
        <row><cell>{{ page }}</cell></row></table><rect width="1mm" height="1mm" fill="none"/></flow>
        <group><flow x="0" y="0" width="50mm" height="9mm"/></group></page></layout>"#;
    let outcome =
        Layout::from_text("t.xml", text).map_err(PressError::Source).and_then(|l| l.compile(&FONTS));
    let Err(PressError::Source(diagnostics)) = outcome else { panic!("it compiles") };
    insta::assert_snapshot!(told(&diagnostics.0));
}

#[test]
fn a_document_of_many_pages_is_written_in_both_formats() {
    let press = press("roster.xml");
    let certificate = press.render(&roster(60)).unwrap();
    assert!(certificate.ofd().is_some_and(|ofd| ofd.starts_with(b"PK")));
    let pdf = String::from_utf8_lossy(certificate.pdf().unwrap());
    assert!(pdf.contains("/Count 4"));
}
