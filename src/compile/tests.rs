//! Layouts compiled whole: what they come to, and what their authors are told.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use super::expression::scope::Scope;
use super::program::{Element, ElementKind, ImageSource, Piece, Program};
use crate::color::Color;
use crate::diag::{Diagnostic, Diagnostics};
use crate::geom::Rect;
use crate::page::PathItem;
use crate::record::{BindOptions, Entry, Record};
use crate::template::Layout;
use crate::text::{Align, Fonts, Rung};
use crate::unit::Length;

static FONTS: LazyLock<Arc<Fonts>> =
    LazyLock::new(|| Arc::new(Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()));

fn fixture(name: &str) -> PathBuf {
    Path::new("tests/layouts").join(name)
}

fn compiled(name: &str) -> Program {
    outcome(Layout::open(fixture(name))).unwrap_or_else(|d| panic!("{}", told(&d)))
}

/// A layout of one page with these elements, and the fields `name`, `sex`, `day`, `score` and `note`.
fn outcome(layout: Result<Layout, Diagnostics>) -> Result<Program, Vec<Diagnostic>> {
    layout
        .and_then(|layout| super::compile(layout, super::Edition::default(), &FONTS))
        .map_err(|diagnostics| diagnostics.0)
}

fn page(elements: &str) -> Result<Program, Vec<Diagnostic>> {
    let text = format!(
        r##"<layout id="t" title="证书" font="song" size="10pt"><fields>
        <field name="name" type="person-name"/><field name="sex" type="choice" values="男 女"/>
        <field name="day" type="date"/><field name="score" type="decimal"/><field name="note" type="text"/>
        <field name="photo" type="image"/></fields><page size="100x100mm">{elements}</page></layout>"##
    );
    outcome(Layout::from_text("t.xml", &text))
}

fn entry(program: &Program, values: &[(&str, &str)]) -> Entry {
    let record: Record = values.iter().copied().collect();
    program.schema.bind(&record, &BindOptions::default()).unwrap()
}

/// One line for each: place, message, hints.
fn told(diagnostics: &[Diagnostic]) -> String {
    let line = |d: &Diagnostic| {
        let hints: String = d.hints.iter().map(|h| format!(" ({h})")).collect();
        format!("{:?} {:?} {}{hints}\n", d.span, d.severity, d.message)
    };
    diagnostics.iter().map(line).collect()
}

/// The messages of a layout that does not compile.
fn mistakes(elements: &str) -> String {
    page(elements).map(|p| told(&p.warnings)).unwrap_or_else(|d| told(&d))
}

fn texts(program: &Program) -> Vec<&[Piece]> {
    let elements = program.pages.iter().flat_map(|p| &p.elements);
    elements
        .filter_map(|e| match &e.kind {
            ElementKind::Text(text) => Some(&text.pieces[..]),
            _ => None,
        })
        .collect()
}

fn paths(element: &Element) -> &[PathItem] {
    match &element.kind {
        ElementKind::Paths(items) => items,
        other => panic!("{other:?}"),
    }
}

/// The pieces with their values, joined by `|`.
fn read(pieces: &[Piece], scope: &Scope) -> String {
    let values: Vec<_> = pieces.iter().map(|p| p.content.eval(scope).unwrap().into_owned()).collect();
    values.join("|")
}

#[test]
fn a_layout_with_parts_art_and_records_compiles() {
    let program = compiled("base.xml");
    assert_eq!(told(&program.warnings), "");
    assert_eq!(program.id, "base");
    assert_eq!(program.info.title.literal_chars(), "职称证书");
    assert_eq!(program.tags, ["name", "sex", "issued_on", "number", "review", "photo"]);
    let statics: Vec<bool> = program.pages[0].elements.iter().map(|e| e.is_static).collect();
    // Frame, its label, art, title, body, note, photo, rect, line, qr, date, seal.
    let t = true;
    assert_eq!(statics, [t, false, t, t, false, false, false, t, t, false, false, false]);
}

#[test]
fn every_mistake_is_told_at_once_with_its_place_and_a_hint() {
    let diagnostics = outcome(Layout::open(fixture("wrong.xml"))).unwrap_err();
    insta::assert_snapshot!(told(&diagnostics));
}

#[test]
fn an_extending_layout_overrides_by_name_and_by_id() {
    let program = compiled("child.xml");
    assert_eq!(program.info.title.literal_chars(), "初级职称证书");
    assert_eq!(program.tags.last().map(String::as_str), Some("scope"));
    let metadata: Vec<_> = program.metadata.iter().map(|(name, c)| (name.as_str(), c.is_static())).collect();
    assert_eq!(metadata, [("ZZMC", true), ("ZZBFRQ", false)]);
    let elements = &program.pages[0].elements;
    // The border's colour is a let of the base that follows another, which the child changed.
    assert_eq!(paths(&elements[0])[0].stroke.as_ref().map(|s| s.color), Color::parse("#a00000"));
    let title = elements.iter().find(|e| e.id.as_deref() == Some("title")).unwrap();
    assert_eq!(title.bounds.y, Length::mm(60.0));
    assert_eq!(title.span.source.name, "tests/layouts/child.xml");
}

#[test]
fn a_text_is_cut_into_pieces_by_field_and_style() {
    let program = compiled("base.xml");
    let entry = entry(&program, &[("name", "张三"), ("sex", "男"), ("issued_on", "2026-03-05")]);
    let scope = Scope::new(&program, &entry);
    let body = texts(&program)[2];
    assert_eq!(
        read(body, &scope),
        "兹证明| |张三| |同志，|男|，经评审委员会评审，具备|高级工程师|资格。|\n|统一评审"
    );
    let fields: Vec<_> = body.iter().filter_map(|p| p.content.field()).collect();
    assert_eq!(fields, [0, 1, 4]);
    let underlined: Vec<_> = body.iter().map(|p| p.style.underline).collect();
    assert_eq!(underlined[..5], [false, true, true, true, false]);
    assert_eq!(body[7].style.size, Length::pt(18.0));
    assert_eq!(FONTS.face(body[7].style.face).name(), "song-bold");
}

#[test]
fn a_parameter_that_depends_on_the_record_is_worked_out_in_the_part() {
    let program = compiled("base.xml");
    let entry = entry(&program, &[("name", "张三"), ("sex", "女"), ("issued_on", "2026-03-05")]);
    assert_eq!(read(texts(&program)[0], &Scope::new(&program, &entry)), "张三（女）");
}

#[test]
fn lengths_in_em_and_percent_refer_to_font_and_surroundings() {
    let program = compiled("base.xml");
    let elements = &program.pages[0].elements;
    assert_eq!(elements[0].bounds, Rect::mm(10.0, 10.0, 190.0, 277.0));
    let body =
        elements.iter().find(|e| matches!(&e.kind, ElementKind::Text(t) if t.block.align == Align::Justify));
    let ElementKind::Text(plan) = &body.unwrap().kind else { panic!() };
    assert_eq!((plan.origin.y, plan.block.width), (Length::mm(110.0), Some(Length::mm(150.0))));
    assert_eq!((plan.block.indent, plan.block.leading), (Length::pt(30.0), 1.8));
    assert_eq!(plan.block.fit.rungs, [Rung::Condense(0.8), Rung::Shrink(Length::pt(9.0)), Rung::Wrap]);
    let seal = elements.last().unwrap();
    assert_eq!(seal.bounds, Rect::mm(138.0, 225.0, 42.0, 42.0));
}

#[test]
fn art_is_scaled_into_its_box_and_takes_the_layouts_colours() {
    let program = compiled("base.xml");
    let art = &program.pages[0].elements[2];
    // 40 by 20 mm of art, made 20 mm wide.
    assert_eq!(art.bounds, Rect::mm(20.0, 20.0, 20.0, 10.0));
    let [triangle, curve, square] = paths(art) else { panic!("{:?}", paths(art)) };
    assert_eq!(triangle.fill.map(|f| f.color), Some(Color { a: 128, ..Color::rgb(0xc0, 0, 0) }));
    let stroke = curve.stroke.as_ref().unwrap();
    assert_eq!((stroke.color, stroke.width), (Color::rgb(0xff, 0xcc, 0), Length::mm(0.5)));
    assert_eq!(square.fill.map(|f| f.color), Some(Color::rgb(0x80, 0x80, 0x80)));
    let bounds = square.path.bounds().unwrap();
    assert!((bounds.x - Length::mm(30.0)).abs() < Length::mm(0.001), "{bounds:?}");
}

#[test]
fn conditions_choose_by_field_by_value_and_by_expression() {
    let program = page(
        r#"<text when="note">a</text><text when="not note">b</text><text when="sex == '男'">c</text>
        <text when="sex != '男'">d</text><text when="score >= 59.5 and name">e</text><text when="1 > 2">f</text>
        <text when="day.year > 2020">g</text>"#,
    )
    .unwrap();
    let shown = |values: &[(&str, &str)]| {
        let entry = entry(&program, values);
        let scope = Scope::new(&program, &entry);
        let holds = |e: &&Element| e.when.iter().all(|c| c.holds(&scope).unwrap());
        let visible = program.pages[0].elements.iter().filter(holds);
        visible
            .filter_map(|e| match &e.kind {
                ElementKind::Text(t) => Some(t.pieces[0].content.literal_chars().to_owned()),
                _ => None,
            })
            .collect::<String>()
    };
    assert_eq!(
        shown(&[("name", "张三"), ("sex", "男"), ("score", "60"), ("note", "x"), ("day", "2026-01-01")]),
        "aceg"
    );
    assert_eq!(shown(&[("name", "张三"), ("score", "9.5")]), "bd");
}

#[test]
fn a_record_with_nothing_reads_empty_everywhere() {
    let program =
        page("<text>{{ name }}|{{ name ~ note }}|{{ day | date_cn }}|{{ score }}|{{ day.year }}</text>")
            .unwrap();
    let entry = entry(&program, &[]);
    assert_eq!(read(texts(&program)[0], &Scope::new(&program, &entry)).replace('|', ""), "");
    assert_eq!(read(texts(&program)[0], &Scope::of_layout(&program)).replace('|', ""), "");
}

#[test]
fn a_decimal_prints_its_digits_and_compares_as_a_number() {
    let program = page("<text>{% if score >= 9.5 %}{{ score }}{{ note }}分{% endif %}</text>").unwrap();
    let printed = |score: &str| {
        let entry = entry(&program, &[("score", score)]);
        read(texts(&program)[0], &Scope::new(&program, &entry))
    };
    assert_eq!(["85.50", "85", "100.00", "9.40"].map(printed), ["85.50分", "85分", "100.00分", ""]);
    assert_eq!(texts(&program)[0][0].content.fields, [3, 4]);
    assert!(
        mistakes("<text>{% if name %}{{ as_given.score }}{% endif %}</text>")
            .contains("unknown name: as_given")
    );
}

#[test]
fn what_the_layout_alone_decides_is_a_literal() {
    let program = page("<text>{{ layout.title | upper }}{{ page.number }}/{{ page.count }}</text>").unwrap();
    let pieces = texts(&program)[0];
    assert_eq!((pieces.len(), pieces[0].content.literal_chars()), (1, "证书1/1"));
    assert!(program.pages[0].elements[0].is_static);
}

#[test]
fn literals_within_expressions_are_known_to_the_static_subset() {
    let program = page("<text>{{ note | default('无') }}</text>").unwrap();
    assert_eq!(texts(&program)[0][0].content.literal_chars(), "无");
}

#[test]
fn an_expression_that_a_value_does_not_suit_fails_with_its_place() {
    let program = page("<text>{{ name | date }}</text>").unwrap();
    insta::assert_snapshot!(told(&program.warnings), @"t.xml:4:81 Warning the expression fails for plausible values: not a date: 欧阳修文");
    let entry = entry(&program, &[("name", "张三")]);
    let error = texts(&program)[0][0].content.eval(&Scope::new(&program, &entry)).unwrap_err();
    assert_eq!(error.to_string(), "t.xml:4:81: not a date: 张三");
}

#[test]
fn a_loop_that_would_not_end_runs_out_of_fuel() {
    let nested = "{% for a in name %}{% for b in name %}{% for c in name %}{% for d in name %}{% for e in name %}\
        {% for f in name %}{% for g in name %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}{% endfor %}\
        {% endfor %}";
    let program = page(&format!("<text>{nested}</text>")).unwrap();
    let entry = entry(&program, &[("name", "阿卜杜拉阿卜杜拉阿卜杜拉阿卜杜拉")]);
    let error = texts(&program)[0][0].content.eval(&Scope::new(&program, &entry)).unwrap_err();
    assert!(error.message.contains("too many steps"), "{error}");
}

#[test]
fn lets_that_multiply_are_bounded() {
    let program = |first: &str| {
        let lets: String = (1..40)
            .map(|i| format!("<let name='a{i}' value='{{{{ a{} }}}}{{{{ a{} }}}}'/>", i - 1, i - 1))
            .collect();
        let text = format!(
            "<layout id='t' font='song' size='9pt'><fields><field name='f' type='text'/></fields>\
            <let name='a0' value='{first}'/>{lets}<page size='A5'><text>{{{{ a39 }}}}</text></page></layout>"
        );
        outcome(Layout::from_text("t.xml", &text))
    };
    let told = told(&program("甲").unwrap_err());
    assert!(
        told.contains("the expression fails: the expression yields more than 65536 bytes: 98304"),
        "{told}"
    );
    assert_eq!(told.lines().count(), 1);
    let program = program("{{ f }}").unwrap();
    let content = &texts(&program)[0][0].content;
    let eval = |values: &[(&str, &str)]| {
        content
            .eval(&Scope::new(&program, &entry(&program, values)))
            .map(|text| text.len())
            .map_err(|e| e.message)
    };
    assert_eq!(eval(&[]), Ok(0));
    assert!(eval(&[("f", "甲")]).is_err());
}

#[test]
fn a_field_alone_needs_no_interpreter() {
    let program = page("<text>{{ name }}</text>").unwrap();
    let entry = entry(&program, &[("name", "张三")]);
    let content = &texts(&program)[0][0].content;
    assert!(matches!(
        content.eval(&Scope::new(&program, &entry)).unwrap(),
        std::borrow::Cow::Borrowed("张三")
    ));
}

#[test]
fn a_word_that_a_choice_never_has_is_worth_a_warning() {
    insta::assert_snapshot!(mistakes("<text when=\"sex == '南'\">a</text>"), @"t.xml:4:94 Warning sex is never: 南 (its values are 男, 女)");
}

#[test]
fn parts_and_pictures_need_a_folder() {
    insta::assert_snapshot!(mistakes("<use href='a.xml'/>"), @"t.xml:4:86 Error a layout without a folder cannot name files: a.xml");
}

#[test]
fn lets_that_go_in_a_circle_are_told_once() {
    let text = r#"<layout id="t" font="song" size="9pt"><let name="a" value="{{ b }}"/><let name="b" value="{{ a }}"/>
        <page size="A5"><text>{{ a }}{{ b }}</text></page></layout>"#;
    let diagnostics = outcome(Layout::from_text("t.xml", text)).unwrap_err();
    insta::assert_snapshot!(told(&diagnostics), @"t.xml:1:40 Error the values of these lets go in a circle: a, b");
}

#[test]
fn a_font_that_is_not_known_is_told_once() {
    let diagnostics = |font: &str| {
        let text = format!(
            r#"<layout id="t" size="9pt" font="{font}"><page size="A5"><text>a</text><text>b</text></page></layout>"#
        );
        told(&outcome(Layout::from_text("t.xml", &text)).unwrap_err())
    };
    insta::assert_snapshot!(diagnostics("{{ 'a' | date }}"), @"t.xml:1:33 Error the expression fails: not a date: a");
    assert_eq!(diagnostics("no such face").lines().count(), 1);
}

#[test]
fn a_name_is_no_other_fields_label() {
    let told_of = |fields: &str| {
        let text = format!(
            r#"<layout id="t" font="song" size="9pt"><fields>{fields}</fields><page size="A5"/></layout>"#
        );
        outcome(Layout::from_text("t.xml", &text)).map_or_else(|d| told(&d), |p| told(&p.warnings))
    };
    let (labelled, named) =
        (r#"<field name="a" type="text" label="b"/>"#, r#"<field name="b" type="text"/>"#);
    insta::assert_snapshot!(told_of(&[labelled, named].concat()), @"t.xml:1:99 Error another field has this label: b");
    insta::assert_snapshot!(told_of(&[named, labelled].concat()), @"t.xml:1:111 Error another field has this label: b");
    assert_eq!(told_of(labelled), "");
}

#[test]
fn an_approval_cannot_be_given_by_the_layout() {
    let text = r#"<layout id="t"><fields><field name="approval" type="approval" default="样例1号"/></fields><page size="A4"/></layout>"#;
    let told = told(&outcome(Layout::from_text("t.xml", text)).unwrap_err());
    assert!(told.contains("an approval has no default"), "{told}");
}

#[test]
fn images_come_from_fields_of_their_type_only() {
    let program = page("<image field='photo' width='3mm' height='4mm'/>").unwrap();
    let ElementKind::Image(plan) = &program.pages[0].elements[0].kind else { panic!() };
    assert!(matches!(plan.source, ImageSource::Field(5)));
    insta::assert_snapshot!(mistakes("<image field='name' width='3mm' height='4mm'/>"), @"t.xml:4:89 Error the field is not an image: name (the images are photo)");
}

#[test]
fn an_image_field_written_as_a_file_is_told_its_attribute() {
    let told = mistakes("<image x='0' y='0' width='9mm' height='9mm' src='{{ photo }}'/>");
    assert!(told.contains("(write field=\"photo\" in place of src)"), "{told}");
}

#[test]
fn malformed_xml_is_told_at_its_place() {
    for (text, start) in [
        ("<layout id='a'>\n <page size='A4'>\n</layout>", "t.xml:3:1 Error the file is not well-formed XML"),
        ("<!DOCTYPE a><layout/>", "t.xml:1:1 Error the file is not well-formed XML"),
        ("<page/>", "t.xml:1:2 Error the root element is not layout: page"),
        ("<layout xmlns='urn:other'/>", "t.xml:1:2 Error unknown namespace: urn:other"),
        ("", "t.xml:1:1 Error the file is not well-formed XML"),
    ] {
        let diagnostics = Layout::from_text("t.xml", text).unwrap_err();
        assert!(told(&diagnostics.0).starts_with(start), "{diagnostics}");
    }
}

#[test]
fn depth_is_limited() {
    let deep = format!("{}{}", "<group>".repeat(5000), "</group>".repeat(5000));
    assert!(mistakes(&deep).contains("nested deeper"));
}

#[test]
fn compiling_twice_gives_the_same_program() {
    let program = || format!("{:?}", compiled("base.xml").pages);
    assert_eq!(program(), program());
}

#[test]
fn a_program_is_shared_by_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
}

#[test]
fn the_layouts_that_ship_compile_without_a_word() {
    for layout in std::fs::read_dir("layouts").unwrap().map(|e| e.unwrap().path()) {
        // What only others extend need not have a page.
        let is_base = layout.file_stem().is_some_and(|stem| stem.to_string_lossy().ends_with("-base"));
        if layout.extension().is_some_and(|e| e == "xml") && !is_base {
            let told = outcome(Layout::open(&layout)).map_or_else(|d| told(&d), |p| told(&p.warnings));
            assert_eq!(told, "", "{}", layout.display());
        }
    }
}

/// A folder with `files`, whose `t.xml` has one page with `elements`.
fn folder(elements: &str, files: &[(&str, &str)]) -> Result<Program, Vec<Diagnostic>> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let path = folder.path().join("t.xml");
    let text =
        format!("<layout id=\"t\" font=\"song\" size=\"9pt\"><page size=\"A4\">{elements}</page></layout>");
    std::fs::write(&path, text).unwrap();
    outcome(Layout::open(&path))
}

/// What [`folder`] tells, without the folder's own name.
fn told_of_folder(elements: &str, files: &[(&str, &str)]) -> String {
    let diagnostics = folder(elements, files).map(|p| p.warnings).unwrap_or_else(|d| d);
    told(&diagnostics)
        .lines()
        .map(|l| l.rsplit_once('/').map_or(l, |(_, end)| end).to_owned() + "\n")
        .collect()
}

fn svg(body: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 10 10\">{body}</svg>")
}

#[test]
fn art_fades_each_path_by_its_opacity() {
    let art = svg("<path d='M0 0H5V5Z' fill='#f00' fill-opacity='0.5'/>");
    let program = folder("<use href='a.svg' opacity='0.5'/>", &[("a.svg", &art)]).unwrap();
    assert_eq!(paths(&program.pages[0].elements[0])[0].fill.map(|f| f.color.a), Some(64));
}

#[test]
fn art_that_the_page_cannot_hold_is_told() {
    let tell = |body: &str| told_of_folder("<use href='a.svg'/>", &[("a.svg", &svg(body))]);
    let bodies = [
        "<path d='M0 0H5V5Z' fill='var(--x)'/>",
        "<g opacity='0.5'><path d='M0 0H5V5Z'/><path d='M1 0H5V5Z'/></g>",
        "<g style='mix-blend-mode:multiply'><path d='M0 0H5V5Z'/></g>",
        "<path d='M0 0H5' stroke='#000' stroke-dasharray='1 1' stroke-dashoffset='0.5'/>",
        "<path d='M0 0H1e9V5Z'/>",
        "<image href='/etc/passwd' width='1' height='1'/>",
    ];
    insta::assert_snapshot!(bodies.map(tell).concat(), @r###"
t.xml:1:56 Error use lacks the art's parameter x (write x="#1d4f91")
a.svg:1:1 Error SVG opacity of a group, or of a fill with its stroke, is not supported (draw it with plain fills and strokes)
a.svg:1:1 Error SVG blend modes are not supported (draw it with plain fills and strokes)
a.svg:1:1 Error SVG dash offsets are not supported (draw it with plain fills and strokes)
a.svg:1:1 Error the art reaches beyond any page (draw it with plain fills and strokes)
a.svg:1:62 Error SVG images are not supported: image (draw it as paths with plain colours)
"###);
}

#[test]
fn a_part_that_uses_itself_is_told() {
    let part = "<part><use href='a.xml'/><use href='a.xml'/></part>";
    insta::assert_snapshot!(told_of_folder("<use href='a.xml'/>", &[("a.xml", part)]), @r###"
a.xml:1:18 Error parts use parts more than 8 deep: a.xml (does the part use itself?)
a.xml:1:37 Error parts use parts more than 8 deep: a.xml (does the part use itself?)
"###);
}

#[test]
fn a_layout_that_extends_itself_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xml");
    std::fs::write(&path, "<layout id='t' extends='t.xml'><page size='A4'/></layout>").unwrap();
    let diagnostics = outcome(Layout::open(&path)).unwrap_err();
    assert!(told(&diagnostics).contains("the layout extends itself"), "{}", told(&diagnostics));
}

#[test]
fn replacements_that_hold_each_others_ids_do_not_recurse() {
    let folder = tempfile::tempdir().unwrap();
    let base = "<layout id='base' font='song' size='9pt'><page size='A4'><text id='a'/><text id='b'/></page></layout>";
    let middle = "<layout extends='base.xml'><group id='a'><text id='b'>B</text></group></layout>";
    let last = "<layout extends='middle.xml'><group id='b'><text id='a'>A</text></group></layout>";
    for (name, text) in [("base.xml", base), ("middle.xml", middle), ("t.xml", last)] {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let program =
        outcome(Layout::open(folder.path().join("t.xml"))).unwrap_or_else(|d| panic!("{}", told(&d)));
    let words: Vec<_> = texts(&program).iter().map(|pieces| pieces[0].content.literal_chars()).collect();
    assert_eq!(words, ["A", "B"]);
}

#[test]
fn a_file_that_is_no_text_or_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.xml");
    assert!(told(&outcome(Layout::open(&path)).unwrap_err()).contains("there is no such file"));
    std::fs::write(&path, [0x3C, 0xD6, 0xD0]).unwrap();
    let diagnostics = outcome(Layout::open(&path)).unwrap_err();
    assert!(told(&diagnostics).contains("the file is not UTF-8 (byte 1)"));
    // Shown without a source line to show.
    assert!(diagnostics[0].to_string().contains("save it as UTF-8"));
}

#[test]
fn a_length_of_percents_of_percents_stays_on_paper() {
    let nested = "<group width='90000%'>".repeat(5)
        + "<rect width='9%' height='1mm' fill='#000'/>"
        + &"</group>".repeat(5);
    assert!(mistakes(&nested).contains("too long for any page"));
}

#[test]
fn an_unclosed_quote_in_an_expression_is_told_at_its_tag() {
    insta::assert_snapshot!(mistakes("<text>{{ name ~ 'a }} b</text>"), @r###"
t.xml:4:81 Error {{ has no end (close it with }})
"###);
}

mod properties {
    use proptest::prelude::*;

    use super::*;

    /// Bits of the language, so that mutations get further than the XML parser.
    const BITS: [&str; 24] = [
        "{{",
        "}}",
        "{%",
        "%}",
        "'",
        "\"",
        "name",
        "|",
        "date",
        "<text>",
        "</text>",
        "<group x='1mm'>",
        "</group>",
        "99999%",
        "-",
        "mm",
        "em",
        "&lt;",
        "证",
        "\u{20BB7}",
        "\r\n",
        "when='sex'",
        "d='M0 0 A1 1 0 0 1 9 9'",
        "width='0'",
    ];

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn no_layout_makes_the_compiler_panic(edits in prop::collection::vec((any::<prop::sample::Index>(), 0usize..12, 0usize..BITS.len()), 1..6)) {
            let mut text = std::fs::read_to_string(fixture("base.xml")).unwrap();
            for (at, cut, bit) in edits {
                let places: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
                let start = at.index(places.len());
                let end = places.get(start + cut).copied().unwrap_or(text.len());
                text.replace_range(places[start]..end, BITS[bit]);
            }
            let told = match Layout::from_text("t.xml", &text) {
                Ok(layout) => outcome(Ok(layout)).map_or_else(|d| d, |p| p.warnings),
                Err(diagnostics) => diagnostics.0,
            };
            for diagnostic in told {
                prop_assert!(!diagnostic.to_string().is_empty());
            }
        }

        #[test]
        fn no_expression_makes_the_compiler_panic(code in "[a-z|.()'\"{}%~+ 0-9=<>证\\\\-]{0,24}") {
            let escaped = code.replace('<', "&lt;");
            let escaped_when = escaped.replace('"', "&quot;");
            for diagnostic in page(&format!("<text when=\"{escaped_when}\">{escaped}{{{{{escaped}}}}}</text>")).map(|p| p.warnings).unwrap_or_else(|d| d) {
                prop_assert!(!diagnostic.to_string().is_empty());
            }
        }
    }
}

#[test]
fn a_stamp_needs_a_box_and_an_angle_of_half_a_turn_at_most() {
    let told = mistakes("<stamp x='10mm' y='10mm' width='20mm' angle='270'>补发</stamp>");
    assert!(told.contains("stamp lacks height"), "{told}");
    assert!(told.contains("angle is not a number from -180 to 180: 270"), "{told}");
}

#[test]
fn a_mark_says_one_thing_and_a_payload_needs_its_metadata() {
    insta::assert_snapshot!(
        mistakes(concat!(
            "<qr x='0mm' y='0mm' size='30mm'/>\n",
            "<qr x='0mm' y='0mm' size='30mm' content='a' payload='signed'/>\n",
            "<qr x='0mm' y='0mm' size='30mm' payload='sealed'/>\n",
            "<qr x='0mm' y='0mm' size='30mm' payload='signed' level='H'/>\n",
            "<qr x='0mm' y='0mm' size='30mm' content='a' logo-size='5mm'/>",
        )),
        @r#"
    t.xml:4:76 Error qr has neither content nor payload (write content="…" or payload="signed")
    t.xml:5:33 Error qr has both content and payload (remove one of them)
    t.xml:6:42 Error payload cannot be: sealed (write signed)
    t.xml:7:2 Error a signed payload at level H (phones check it on paper: write level="M" or level="Q")
    t.xml:7:2 Error the signed payload lacks the metadata entry ZZBFJGDM (write <entry name="ZZBFJGDM">…</entry> in metadata)
    t.xml:7:2 Error the signed payload lacks the metadata entry ZZBH (write <entry name="ZZBH">…</entry> in metadata)
    t.xml:7:2 Error the signed payload lacks the metadata entry CZZT (write <entry name="CZZT">…</entry> in metadata)
    t.xml:8:45 Error logo-size without a logo (write logo="art/logo.svg")
    "#
    );
}

#[test]
fn a_content_that_only_chooses_how_to_write_a_value_is_that_value() {
    let value_of = |text: &str| {
        let program = page(&format!("<text x='0mm' y='0mm'>{text}</text>")).unwrap();
        let ElementKind::Text(text) = &program.pages[0].elements[0].kind else { panic!("no text") };
        text.pieces[0].content.value_of()
    };
    for text in ["{{ day }}", "{{ day | date_cn }}", "{{ day|date }}"] {
        assert_eq!(value_of(text), Some(2), "{text}");
    }
    assert_eq!(value_of("{{ name | mask('name') }}"), Some(0));
    for text in [
        "{{ day.year }}",
        "{{ note | default('无') }}",
        "{{ note | mask | upper }}",
        "{{ note ~ name }}",
        "{{ '是' if note else '否' }}",
    ] {
        assert_eq!(value_of(text), None, "{text}");
    }
}
