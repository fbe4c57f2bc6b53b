//! What authors are told about tables, and what is wrong with a record that does not fit one.

use std::path::Path;

use certpress::page::ItemKind;
use certpress::unit::Length;
use certpress::{Layout, PressError, Record, RenderError};

use super::{FONTS, first_line, lay, page, told};

#[test]
fn every_mistake_in_a_table_is_told_at_once() {
    let layout = Layout::open(Path::new("tests/layouts/wrong-table.xml"));
    let outcome = layout.map_err(PressError::Source).and_then(|layout| layout.compile(&FONTS));
    let Err(PressError::Source(diagnostics)) = outcome else { panic!("it compiles") };
    insta::assert_snapshot!(told(&diagnostics.0));
}

/// What is wrong with a record of `name` in these elements.
fn refusal(elements: &str, name: &str) -> (String, String) {
    let press = page(elements).unwrap_or_else(|e| panic!("{e}"));
    match lay(&press, &Record::new().with("name", name)) {
        Err(RenderError::Layout(e)) => (e.code().to_owned(), first_line(&e)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_does_not_fit_a_table_is_an_error_of_its_cell_or_of_the_table() {
    let tall =
        r#"<table x="0" y="80mm" width="20mm"><column width="*"/><row><cell>{{ name }}</cell></row></table>"#;
    assert_eq!(
        refusal(tall, &"甲".repeat(40)),
        ("does-not-fit".into(), "t.xml:2:110: the rows need 42.5694mm, there is room for 20mm".into())
    );
    let wide = r#"<table x="80mm" y="0"><column width="auto"/><row><cell>{{ name }}</cell></row></table>"#;
    assert_eq!(
        refusal(wide, &"甲".repeat(10)),
        ("does-not-fit".into(), "t.xml:2:110: the columns need 37.2778mm, the table has 20mm".into())
    );
    let cell = r#"<table x="0" y="0" width="20mm"><column width="*"/><row height="6mm"><cell fit="shrink(9pt)">{{ name }}</cell></row></table>"#;
    let (code, message) = refusal(cell, "甲乙丙丁戊己庚辛");
    assert_eq!(code, "does-not-fit");
    assert!(message.contains("field name: the text needs"), "{message}");
}

#[test]
fn an_error_in_a_row_names_the_row() {
    let press = page(
        r#"<table x="0" y="0" width="9mm"><column width="*"/><row for="row in rows" height="6mm"><cell>{{ row.a }}</cell></row></table>
        <group for="row in rows" x="0" y="90mm" step-y="5mm"><text x="0" y="0">{{ row.a }}</text></group>"#,
    );
    let refused = |rows: &[&str]| {
        let rows: Vec<Record> = rows.iter().map(|a| Record::new().with("a", *a)).collect();
        match lay(press.as_ref().unwrap(), &Record::new().with("rows", rows)) {
            Err(RenderError::Layout(e)) => first_line(&e),
            other => panic!("{other:?}"),
        }
    };
    let message = refused(&["甲", "甲乙丙丁"]);
    assert!(message.contains("field rows[2]: the text needs"), "{message}");
    let message = refused(&["甲", "乙", "丙"]);
    assert_eq!(message, "t.xml:3:10: field rows[3]: the row's group leaves the page by 5mm");
}

#[test]
fn what_conversions_alone_show_stands_on_the_page_itself() {
    let told = |elements: &str| match page(elements) {
        Err(PressError::Source(diagnostics)) => told(&diagnostics.0),
        _ => panic!("it compiles: {elements}"),
    };
    let flow = |of: &str, text: &str| {
        told(&format!("<flow x='0' y='0' width='9mm' height='9mm'{of}><text{text}>样</text></flow>"))
    };
    let conversion = " edition='conversion'";
    let in_flow = "what conversions alone show may not stand in a flow";
    assert!(flow("", conversion).contains(in_flow));
    assert!(flow(conversion, "").contains(in_flow));
    let in_loop =
        told("<group for='row in rows' step-y='5mm'><text edition='conversion'>{{ row.a }}</text></group>");
    assert!(in_loop.contains("what conversions alone show may not stand in a loop"), "{in_loop}");
}

#[test]
fn a_conversions_own_loop_shows_each_row() {
    let press =
        page("<group for='row in rows' step-y='5mm' edition='conversion'><text>{{ row.a }}</text></group>");
    let rows: Vec<Record> = ["甲", "乙"].map(|a| Record::new().with("a", a)).into();
    let document = lay(&press.unwrap(), &Record::new().with("rows", rows)).unwrap();
    let tops = document.pages[0].conversion.iter().map(|item| match &item.kind {
        ItemKind::Glyphs(run) => (run.text.as_str(), run.origin.y),
        _ => unreachable!(),
    });
    let tops: Vec<_> = tops.collect();
    assert_eq!((tops[0].0, tops[1].0, tops[1].1 - tops[0].1), ("甲", "乙", Length::mm(5.0)));
}

#[test]
fn too_many_columns_are_one_mistake() {
    let many = "<table x='0' y='0' width='50mm'><column width='*' count='64'/><column width='*'/>
        <row><cell colspan='64'/></row></table>";
    let Err(PressError::Source(mistakes)) = page(many) else { panic!("it compiles") };
    let told = told(&mistakes.0);
    assert!(told.lines().count() == 1 && told.contains("more than 64 columns"), "{told}");
}

#[test]
fn words_that_leave_the_page_or_the_cell_are_refused_and_not_cut() {
    let told = |elements: &str, name: &str| {
        let laid = lay(&page(elements).unwrap(), &Record::new().with("name", name));
        laid.map(|_| ()).map_err(|e| e.to_string().split_once(": ").unwrap().1.to_owned())
    };
    let across = "<text x='50mm' y='0'>{{ name }}</text>";
    assert_eq!(told(across, &"甲".repeat(14)), Ok(()));
    let hint = "\n  hint: move it in; a text without a box may be given one: a width, a height, and a fit such as shrink(8pt) wrap";
    // Fifteen characters of 10 pt take 52.9 mm.
    assert_eq!(
        told(across, &"甲".repeat(15)),
        Err(format!("field name: the text leaves the page by 2.9167mm{hint}"))
    );
    let down = "<text x='0' y='90mm' width='7.1mm' leading='1.5'>{{ name }}</text>";
    assert_eq!(told(down, "甲乙丙"), Ok(()));
    assert!(told(down, &"甲".repeat(9)).unwrap_err().contains("the text leaves the page by"));
    let in_cell = "<table x='0' y='0' width='30mm'><column width='*'/><row height='9mm'><cell><text width='10mm'>{{ name }}</text></cell></row></table>";
    assert_eq!(told(in_cell, "甲乙"), Ok(()));
    assert!(told(in_cell, &"甲".repeat(20)).unwrap_err().contains("the text leaves the cell by"));
    let outcome = page("<text x='95mm' y='0'>甲乙丙</text>");
    assert!(matches!(outcome, Err(PressError::Layout(_))), "what the layout alone says is refused with it");
}
