//! Each rule tells its mistake, and is silent about the layout that has it mended.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use super::{Finding, Survey};
use crate::diag::Severity;
use crate::press::{Press, RenderOptions};
use crate::record::Record;
use crate::template::Layout;
use crate::text::Fonts;

static FONTS: LazyLock<Arc<Fonts>> =
    LazyLock::new(|| Arc::new(Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()));

fn press(declared: &str, elements: &str) -> Press {
    let source = format!(
        "<layout id='t' title='t' font='song' size='12pt'>{declared}<page size='100x100mm'>{elements}</page></layout>"
    );
    Layout::from_text("t.xml", &source).unwrap().compile(&FONTS).unwrap()
}

/// What is said of a layout of one field, `name`, with these values of it.
fn findings(declared: &str, elements: &str, names: &[&str]) -> Vec<Finding> {
    let declared = format!("<fields><field name='name' type='text'/></fields>{declared}");
    let press = press(&declared, elements);
    let mut survey = Survey::new(&press);
    for (row, name) in names.iter().enumerate() {
        survey.see(&Record::new().with("name", *name), row as u64 + 2, &RenderOptions::default());
    }
    survey.finish()
}

/// Severity and rule of each.
fn rules(elements: &str, names: &[&str]) -> Vec<(Severity, &'static str)> {
    findings("", elements, names).iter().map(|f| (f.severity(), f.rule)).collect()
}

use Severity::{Error, Note, Warning};

const NAME: &str = "<text x='10mm' y='10mm'>{{ name }}</text>";

#[test]
fn a_sound_layout_is_silent() {
    assert_eq!(rules(NAME, &["样例"]), []);
}

#[test]
fn characters_that_most_values_have_are_told_unless_the_layout_calls_them_common() {
    let names: Vec<String> =
        (0..21u32).map(|n| format!("样{}", char::from_u32(0x4e00 + n).unwrap())).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let told = findings("", NAME, &names);
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.rule, told.severity(), told.tally.unwrap().records), ("common", Note, 21));
    assert!(told.said.hints[0].contains("common=\"样\" on the field name"), "{told}");
    assert_eq!(rules(NAME, &names[..19]), [], "too few to tell");

    let press = press("<fields><field name='name' type='text' common='样'/></fields>", NAME);
    let mut survey = Survey::new(&press);
    for (row, name) in names.iter().enumerate() {
        survey.see(&Record::new().with("name", *name), row as u64 + 2, &RenderOptions::default());
    }
    assert_eq!(survey.finish(), []);
}

#[test]
fn names_that_nothing_uses_are_told_at_their_declaration() {
    let told = findings("<let name='tint' value='#123456'/>", "<text x='1mm' y='1mm'>样例</text>", &[]);
    let told: Vec<_> = told
        .iter()
        .map(|f| (f.rule, f.said.message.as_str(), f.said.span.as_ref().unwrap().text()))
        .collect();
    assert_eq!(
        told,
        [
            ("unused", "the field is never used: name", "name"),
            ("unused", "the let is never used: tint", "tint")
        ]
    );
    let used = "<rect x='1mm' y='1mm' width='5mm' height='5mm' fill='{{ tint }}'/><text when='name' x='1mm' y='10mm'>样例</text>";
    assert_eq!(findings("<let name='tint' value='#123456'/>", used, &[]), []);
}

#[test]
fn fields_of_rows_that_nothing_uses_are_told() {
    let list = "<fields><field name='rows' type='list'><field name='a' type='text'/><field name='b' type='text'/></field></fields>";
    let told = |elements: &str| {
        let told = Survey::new(&press(list, elements)).finish();
        told.into_iter().map(|f| f.said.message).collect::<Vec<_>>()
    };
    let unused = "the field of the rows of rows is never used: b";
    assert_eq!(told("<group for='r in rows' step-y='9mm'><text>{{ r.a }}</text></group>"), [unused]);
    assert_eq!(told("<text>{% for r in rows %}{{ r.a }}{% endfor %}</text>"), [unused]);
    assert_eq!(
        told("<group for='r in rows' step-y='9mm'><text>{{ r.a }}{{ r.b | length }}</text></group>"),
        [""; 0]
    );
}

#[test]
fn a_few_fitted_words_are_noted_and_many_are_warned_of() {
    let boxed = "<text x='10mm' y='10mm' width='20mm' height='6mm' fit='shrink(6pt)'>{{ name }}</text>";
    let (short, long) = ("样例", "样例样例样");
    assert_eq!(rules(boxed, &[short, short, short, long]), [(Note, "fitted")]);
    assert_eq!(rules(boxed, &[short, long, long, long]), [(Note, "fitted")], "mildly");
    let longer = "样例样例样例样例";
    let told = findings("", boxed, &[short, longer, longer, long]);
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.severity(), told.rule), (Note, "fitted"));
    assert_eq!(told.tally.unwrap().records, 3);
    assert_eq!(rules(boxed, &[short, longer, longer, longer]), [(Warning, "fitted")]);
    assert!(
        told.said.message.contains("in 3 of 4 records: “样例样例样例样例” shrunk from 12 to "),
        "{}",
        told.said.message
    );
}

#[test]
fn words_at_the_end_of_their_ladder_are_warned_of_unless_they_may_still_wrap() {
    let boxed =
        |fit| format!("<text x='10mm' y='10mm' width='20mm' height='20mm' fit='{fit}'>{{{{ name }}}}</text>");
    let full = "样".repeat(9);
    assert_eq!(rules(&boxed("shrink(6.2pt)"), &[&full]), [(Warning, "fit-exhausted")]);
    assert_eq!(rules(&boxed("shrink(6.2pt) wrap"), &[&full]), [(Note, "fitted")]);
    let too_full = "样".repeat(10);
    assert_eq!(rules(&boxed("shrink(6.2pt)"), &[&too_full]), [(Error, "does-not-fit")]);
}

#[test]
fn the_layouts_own_words_are_never_fitted_silently() {
    let title = "<text x='10mm' y='10mm' width='20mm' fit='shrink(6pt)'>样例样例样例样</text>";
    assert_eq!(
        rules(&format!("{title}{NAME}").replace("y='10mm'>{{", "y='40mm'>{{"), &["样例"]),
        [(Warning, "fitted")]
    );
}

#[test]
fn print_too_small_to_read_is_warned_of() {
    let small = |size| format!("<text x='10mm' y='10mm' size='{size}'>{{{{ name }}}}</text>");
    assert_eq!(rules(&small("5.9pt"), &["样例"]), [(Warning, "small-print")]);
    assert_eq!(rules(&small("6pt"), &["样例"]), []);
}

#[test]
fn characters_of_another_face_are_noted_in_records_and_warned_of_in_the_layout() {
    assert_eq!(rules(NAME, &["𠮷"]), [(Note, "other-face")]);
    let own = format!("<text x='10mm' y='40mm'>𠮷</text>{NAME}");
    let told = findings("", &own, &["样例"]);
    assert_eq!(told[0].rule, "other-face");
    assert!(told[0].said.message.ends_with("𠮷 (U+20BB7) from rare, not song"), "{}", told[0].said.message);
}

#[test]
fn words_on_words_are_warned_of_where_their_ink_meets() {
    let two =
        |y: &str| format!("<text x='10mm' y='10mm'>姓名</text><text x='14mm' y='{y}'>{{{{ name }}}}</text>");
    let told = findings("", &two("12mm"), &["样例", ""]);
    let [told] = &told[..] else { panic!("{told:?}") };
    assert_eq!((told.severity(), told.rule), (Warning, "text-overlap"));
    assert_eq!((told.tally.unwrap().records, told.tally.unwrap().of), (1, 2));
    assert!(
        told.said.message.ends_with("in 1 of 2 records: “样例” on “姓名”, row 2"),
        "{}",
        told.said.message
    );
    assert!(told.said.hints[0].contains("t.xml:1:"), "{:?}", told.said.hints);
    assert_eq!(rules(&two("14.3mm"), &["样例"]), [], "lines below one another touch at most");
    // Both of the layout's own: no record is needed, and none is counted.
    let own = findings("", &two("12mm").replace("{{ name }}", "样例"), &["样例"]);
    assert!(own.iter().any(|f| f.rule == "text-overlap" && f.tally.is_none()), "{own:?}");
}

#[test]
fn words_in_a_watermark_and_turned_words_beside_others_are_no_overlap() {
    let watermark = format!("<watermark size='20pt'>样例</watermark>{NAME}");
    assert_eq!(rules(&watermark, &["样例"]), []);
}

#[test]
fn words_in_a_marks_light_margin_are_warned_of() {
    let mark = |x: &str| {
        format!(
            "<qr x='10mm' y='10mm' size='25mm' content='https://example.org/1'/><text x='{x}' y='20mm'>{{{{ name }}}}</text>"
        )
    };
    assert_eq!(rules(&mark("33mm"), &["样例"]), [(Warning, "text-on-mark")]);
    assert_eq!(rules(&mark("35mm"), &["样例"]), []);
}

#[test]
fn a_seal_on_a_mark_is_warned_of() {
    let seal = |x: &str| {
        format!(
            "<qr x='10mm' y='10mm' size='25mm' content='{{{{ name }}}}'/><seal x='{x}' y='10mm' diameter='30mm'/>"
        )
    };
    assert_eq!(rules(&seal("30mm"), &["样例"]), [(Warning, "seal-on-mark")]);
    assert_eq!(rules(&seal("36mm"), &["样例"]), []);
}

#[test]
fn a_mark_with_little_room_left_is_warned_of() {
    let mark = "<qr x='10mm' y='10mm' size='20mm' level='M' content='{{ name }}'/>";
    let room = crate::mark::capacity(crate::unit::Length::mm(20.0), crate::mark::Level::M) / 8;
    assert_eq!(rules(mark, &["a".repeat(room - 4).as_str()]), [(Warning, "mark-nearly-full")]);
    assert_eq!(rules(mark, &["a".repeat(room / 2).as_str()]), []);
    assert_eq!(rules(mark, &["a".repeat(room + 1).as_str()]), [(Error, "mark")]);
}

#[test]
fn ink_beyond_the_paper_is_warned_of() {
    let edge = |x: &str| format!("<text x='{x}' y='50mm' width='20mm' align='end'>{{{{ name }}}}</text>");
    let told: Vec<_> = rules(&edge("81.6mm"), &["样例"]);
    assert!(told.contains(&(Warning, "text-off-page")), "{told:?}");
    assert_eq!(rules(&edge("80mm"), &["样例"]), []);
}

#[test]
fn a_records_mistakes_are_told_with_its_row() {
    let told = findings(
        "",
        "<text x='1mm' y='1mm' width='10mm' height='5mm'>{{ name }}</text>",
        &["样例样例样例样例样例"],
    );
    let [told] = &told[..] else { panic!("{told:?}") };
    let shown = told.to_string();
    for part in ["error: row 2: field name: the text needs", "t.xml:1:", "hint: "] {
        assert!(shown.contains(part), "{part} is missing in\n{shown}");
    }
}

#[test]
fn an_overlay_tells_where_each_thing_is_written_and_stands() {
    let elements = "<rect x='5mm' y='5mm' width='50mm' height='20mm' fill='#eeeeee'/>\
                    <text x='10mm' y='10mm'>姓名</text><text x='30mm' y='10mm'>{{ name }}</text>";
    let press = press("<fields><field name='name' type='text'/></fields>", elements);
    let entry = press.bind(&Record::new().with("name", "样例"), &RenderOptions::default()).unwrap();
    let time = crate::page::Timestamp { seconds: 0 };
    let (document, trace) = press.trace(&entry, time, &RenderOptions::default()).unwrap();
    let placed = super::overlay::overlay(&document, 0, press.bare_trace(), &trace);
    let told: Vec<_> =
        placed.iter().map(|p| (p.kind, p.says.as_str(), p.span.as_ref().unwrap().text())).collect();
    assert_eq!(told, [("drawing", "", "rect"), ("text", "姓名", "text"), ("text", "样例", "text")]);
    let name = &placed[2];
    assert_eq!((name.bounds.x.to_mm(), name.bounds.y.to_mm()), (30.0, 10.0));
    assert_eq!(name.bounds.height, crate::unit::Length::pt(12.0));
    let (start, end) = name.baselines[0];
    assert_eq!((start.y, end.x - start.x), (end.y, crate::unit::Length::pt(24.0)));
    assert_eq!(super::overlay::overlay(&document, 1, press.bare_trace(), &trace), []);
}

/// Rule, field and message of what `verify` would refuse.
fn refused(told: Vec<Finding>) -> Vec<(Option<String>, String)> {
    let refused = told.into_iter().filter(|finding| finding.rule == "not-as-told");
    refused.map(|finding| (finding.field, finding.said.message)).collect()
}

const KNOWN: &str = "<metadata><entry name='CZZT'>{{ name }}</entry></metadata>";

#[test]
fn metadata_that_the_page_does_not_show_are_told() {
    let told = refused(findings(KNOWN, "<text x='10mm' y='10mm'>样例</text>", &["张三", "李四"]));
    let expected = "verify would refuse what is written: licence.face: CZZT: found nowhere on the pages: expected 张三, row 2";
    assert_eq!(told, [(None, expected.to_owned())]);
    assert_eq!(refused(findings(KNOWN, NAME, &["张三"])), []);
}

#[test]
fn a_field_under_a_fill_is_told_where_the_field_stands() {
    let fill = "<rect x='5mm' y='5mm' width='60mm' height='15mm' fill='#ffffff'/>";
    let told = findings("", &format!("{NAME}{fill}"), &["张三"]);
    let span = told.iter().find(|f| f.rule == "not-as-told").unwrap().said.span.as_ref().unwrap();
    assert_eq!(span.text(), "text");
    assert_eq!(refused(told)[0].0.as_deref(), Some("name"));
    assert_eq!(refused(findings("", &format!("{fill}{NAME}"), &["张三"])), []);
}

#[test]
fn the_first_record_of_each_kind_is_read_back() {
    let some = "<text x='10mm' y='10mm' when=\"name != '李四'\">{{ name }}</text>";
    let told = refused(findings(KNOWN, some, &["张三", "王五", "李四"]));
    assert_eq!(told.len(), 1);
    assert!(told[0].1.ends_with("expected 李四, row 4"), "{told:?}");
}

#[test]
fn a_made_up_record_shows_what_the_page_lacks() {
    let declared = format!("<fields><field name='name' type='text'/></fields>{KNOWN}");
    for (elements, count) in [("<text x='1mm' y='1mm'>样例</text>", 1), (NAME, 0)] {
        let press = press(&declared, elements);
        let mut survey = Survey::new(&press);
        survey.imagine(&Record::new().with("name", "张三"), &RenderOptions::default());
        assert_eq!(refused(survey.finish()).len(), count, "{elements}");
    }
}

#[test]
fn names_that_no_field_takes_are_told_once() {
    let press = press(
        "<fields><field name='remark' type='text'/></fields>",
        "<text x='1mm' y='1mm'>{{ remark }}</text>",
    );
    let mut survey = Survey::new(&press);
    for row in 2..5 {
        survey.see(&Record::new().with("remrk", "甲"), row, &RenderOptions::default());
    }
    let told = survey.finish();
    let [only] = &told[..] else { panic!("{told:?}") };
    assert_eq!((only.rule, only.severity(), only.tally.unwrap().records), ("unknown-name", Warning, 3));
    assert_eq!(only.said.hints, ["did you mean remark?"]);
}
