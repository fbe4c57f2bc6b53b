//! Content streams: operators, the flip, opacity, pen positions and source text.

use certpress::color::Color;
use certpress::geom::{Affine, Path, Point, Rect};
use certpress::page::{
    Fill, FillRule, Glyph, GlyphRun, ImageItem, ItemKind, LineCap, LineJoin, PathItem, Ref, Resources, Stroke,
};
use certpress::pdf::{Base, PdfError};
use certpress::unit::Length;
use proptest::prelude::*;

use crate::sample::{blank_master, hand_font, record};
use crate::{Read, write};

const RED: Color = Color::rgb(255, 0, 0);

fn mm(v: f64) -> Length {
    Length::mm(v)
}

fn rectangle(fill: Option<Color>, stroke: Option<Color>) -> ItemKind {
    ItemKind::Path(PathItem {
        path: Path::rect(Rect::new(mm(10.0), mm(20.0), mm(30.0), mm(40.0))),
        fill: fill.map(|color| Fill { color, rule: FillRule::NonZero }),
        stroke: stroke.map(|color| Stroke::solid(color, mm(1.0))),
    })
}

/// What `items` become on a sheet of 100 mm by 100 mm.
fn painted(items: Vec<ItemKind>, resources: Resources) -> String {
    let file = write(&record(&blank_master(), items, resources));
    Read::new(&file).contents(0).concat()
}

#[test]
fn outlines_are_flipped_into_user_space() {
    let content = painted(vec![rectangle(Some(RED), None)], Resources::default());
    insta::assert_snapshot!(content, @r"
    q
    2.8346457 0 0 2.8346457 0 0 cm
    1 0 0 rg
    10 80 m
    40 80 l
    40 40 l
    10 40 l
    h
    f
    Q
    ");
}

#[test]
fn an_opaque_fill_and_line_are_painted_at_once() {
    let content = painted(vec![rectangle(Some(RED), Some(Color::BLACK))], Resources::default());
    assert!(content.contains("h\nB\n") && !content.contains("h\nf\n"), "{content}");
}

#[test]
fn a_fill_and_line_with_opacity_are_painted_one_after_the_other() {
    let content = painted(vec![rectangle(Some(RED), Some(Color::BLACK.fade(0.5)))], Resources::default());
    assert!(
        content.contains("h\nf\n") && content.contains("/A128 gs") && content.contains("h\nS\n"),
        "{content}"
    );
}

#[test]
fn opacity_is_set_back_before_an_image() {
    let image =
        ImageItem { image: Ref::Own(0), rect: Rect::new(mm(0.0), mm(0.0), mm(9.0), mm(9.0)), clip: None };
    let resources = Resources { images: vec![crate::sample::jpeg().into()], ..Resources::default() };
    let content = painted(vec![rectangle(Some(RED.fade(0.5)), None), ItemKind::Image(image)], resources);
    let states: Vec<&str> = content.lines().filter(|l| l.ends_with(" gs")).collect();
    assert_eq!(states, ["/A128 gs", "/A255 gs"]);
}

#[test]
fn every_opacity_that_is_used_is_a_resource() {
    let file =
        write(&record(&blank_master(), vec![rectangle(Some(RED.fade(0.5)), None)], Resources::default()));
    let read = Read::new(&file);
    let resources = read.resolve(read.page(0).get(b"Resources").unwrap()).as_dict().unwrap();
    let state =
        resources.get(b"ExtGState").unwrap().as_dict().unwrap().get(b"A128").unwrap().as_dict().unwrap();
    for key in [&b"ca"[..], b"CA"] {
        assert!((state.get(key).unwrap().as_float().unwrap() - 0.502).abs() < 0.001);
    }
}

#[test]
fn lines_state_cap_join_mitre_and_dash() {
    let stroke = Stroke {
        cap: LineCap::Round,
        join: LineJoin::Bevel,
        dash: vec![mm(2.0), mm(1.0)],
        ..Stroke::solid(Color::BLACK, mm(0.5))
    };
    let line = PathItem {
        path: Path::line(Point::new(mm(0.0), mm(0.0)), Point::new(mm(9.0), mm(0.0))),
        fill: None,
        stroke: Some(stroke),
    };
    let content = painted(vec![ItemKind::Path(line.clone()), ItemKind::Path(line)], Resources::default());
    assert_eq!(
        content.matches("0.5 w 1 J 2 j 4 M [2 1 ] 0 d").count(),
        1,
        "equal lines share their state: {content}"
    );
}

#[test]
fn a_dash_of_zeros_is_a_solid_line() {
    let stroke = Stroke { dash: vec![Length::ZERO; 2], ..Stroke::solid(Color::BLACK, mm(1.0)) };
    let item = PathItem { path: Path::rect(Rect::mm(1.0, 1.0, 1.0, 1.0)), fill: None, stroke: Some(stroke) };
    assert!(painted(vec![ItemKind::Path(item)], Resources::default()).contains("[] 0 d"));
}

fn run(glyphs: Vec<Glyph>, text: &str) -> GlyphRun {
    GlyphRun {
        font: Ref::Own(0),
        size: mm(10.0),
        color: Color::BLACK,
        origin: Point::new(mm(20.0), mm(30.0)),
        map: Affine::IDENTITY,
        glyphs,
        text: text.to_owned(),
        advance: Length::ZERO,
    }
}

fn glyph(id: u16, x: f64, text: u32) -> Glyph {
    Glyph { id, x: mm(x), y: Length::ZERO, text }
}

fn font() -> Resources {
    Resources { fonts: vec![hand_font(&[("张", 1000), ("三", 1000), ("a", 500)])], ..Resources::default() }
}

#[test]
fn glyphs_set_solid_are_one_string() {
    let run = run(vec![glyph(1, 0.0, 0), glyph(2, 10.0, 3), glyph(3, 20.0, 6)], "张三a");
    let content = painted(vec![ItemKind::Glyphs(run)], font());
    assert!(content.contains("BT /R0 10 Tf 1 0 0 1 20 70 Tm [<000100020003>]TJ ET"), "{content}");
}

#[test]
fn glyphs_apart_are_moved_by_thousandths_of_the_em() {
    let run = run(vec![glyph(1, 0.0, 0), glyph(2, 12.5, 3)], "张三");
    let content = painted(vec![ItemKind::Glyphs(run)], font());
    assert!(content.contains("[<0001>-250<0002>]TJ"), "{content}");
}

#[test]
fn a_clockwise_turn_on_the_page_is_a_negative_angle_in_user_space() {
    let mut run = run(vec![glyph(1, 0.0, 0)], "张");
    run.map = Affine::rotate(90.0);
    let content = painted(vec![ItemKind::Glyphs(run)], font());
    assert!(content.contains(" 0 -1 1 0 20 70 Tm "), "{content}");
}

#[test]
fn text_that_to_unicode_tells_has_no_actual_text() {
    let run = run(vec![glyph(1, 0.0, 0), glyph(2, 10.0, 3)], "张三");
    assert!(!painted(vec![ItemKind::Glyphs(run)], font()).contains("ActualText"));
}

#[test]
fn glyphs_that_share_their_characters_carry_them_as_actual_text() {
    let run = run(vec![glyph(1, 0.0, 0), glyph(2, 10.0, 0), glyph(3, 20.0, 3)], "弡a");
    let content = painted(vec![ItemKind::Glyphs(run)], font());
    assert!(content.contains("/Span<</ActualText<FEFF5F21>>>BDC [<00010002>]TJ EMC [<0003>]TJ"), "{content}");
}

#[test]
fn a_glyph_that_stands_for_no_character_says_so() {
    let run = run(vec![glyph(1, 0.0, 0), glyph(2, 10.0, 3)], "张");
    let content = painted(vec![ItemKind::Glyphs(run)], font());
    assert!(content.contains("[<0001>]TJ /Span<</ActualText<FEFF>>>BDC [<0002>]TJ EMC"), "{content}");
}

#[test]
fn raised_glyphs_are_set_back_for_the_next_run() {
    let mut raised = run(vec![glyph(1, 0.0, 0)], "张");
    raised.glyphs[0].y = mm(-2.0);
    let content = painted(vec![ItemKind::Glyphs(raised)], font());
    assert!(content.contains("2 Ts [<0001>]TJ 0 Ts ET"), "{content}");
}

#[test]
fn what_a_document_does_not_have_is_an_error() {
    let master = blank_master();
    let base = Base::new(&master).unwrap();
    let error = |items, resources| base.write(&record(&master, items, resources)).unwrap_err();
    let text = || vec![ItemKind::Glyphs(run(vec![glyph(9, 0.0, 0)], "张"))];
    assert!(matches!(error(text(), Resources::default()), PdfError::NoFont(Ref::Own(0))));
    assert!(matches!(error(text(), font()), PdfError::NoGlyph { glyph: 9, .. }));
    let image = ImageItem { image: Ref::Master(3), rect: Rect::default(), clip: None };
    assert!(matches!(error(vec![ItemKind::Image(image)], font()), PdfError::NoImage(Ref::Master(3))));
    let mut document = record(&master, Vec::new(), font());
    document.pages[0].master = 1;
    assert!(matches!(base.write(&document).unwrap_err(), PdfError::NoPage(1)));
    document.pages.clear();
    assert!(matches!(base.write(&document).unwrap_err(), PdfError::NoPage(0)));
}

/// Where a reader's pen stands before each glyph, in thousandths of the em.
fn pens(content: &str) -> Vec<f64> {
    let array = content.split_once('[').unwrap().1.split_once("]TJ").unwrap().0;
    let (mut pen, mut pens) = (0.0, Vec::new());
    for part in array.split_inclusive(['<', '>']) {
        match part.strip_suffix('<') {
            Some("") => {}
            Some(back) => pen -= back.parse::<f64>().unwrap(),
            None => {
                for id in part.trim_end_matches('>').as_bytes().chunks(4) {
                    pens.push(pen);
                    pen += if id == b"0003" { 500.0 } else { 1000.0 };
                }
            }
        }
    }
    pens
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_glyph_strays_from_its_place(steps in prop::collection::vec((1u16..=3, -5_000_000i64..5_000_000), 1..40)) {
        let mut x = 0;
        let mut glyphs = Vec::new();
        let mut text = String::new();
        for (id, step) in steps {
            glyphs.push(Glyph { id, x: Length::from_raw(x), y: Length::ZERO, text: text.len() as u32 });
            text.push_str(["张", "三", "a"][usize::from(id) - 1]);
            x += step;
        }
        let expected: Vec<f64> = glyphs.iter().map(|g| g.x.ratio(mm(10.0)) * 1000.0).collect();
        let content = painted(vec![ItemKind::Glyphs(run(glyphs, &text))], font());
        for (pen, expected) in pens(&content).into_iter().zip(expected) {
            prop_assert!((pen - expected).abs() < 0.01, "{pen} {expected} {content}");
        }
    }
}
