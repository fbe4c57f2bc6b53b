//! Settings of real text in the faces that ship.

use std::path::Path;
use std::sync::OnceLock;

use super::*;
use crate::unit::Length;

/// The faces that ship, opened once.
pub(super) fn fonts() -> &'static Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(|| Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap())
}

fn style(face: &str, size: f64) -> TextStyle {
    TextStyle::new(fonts().find(face).unwrap(), Length::pt(size))
}

fn set_in(face: &str, text: &str, block: &TextBlock) -> Result<Setting, TextError> {
    set(fonts(), &[TextSpan { text, style: style(face, 10.0), tag: None }], block)
}

/// A box `ems` wide at 10 pt that wraps.
fn column(ems: f64, align: Align) -> TextBlock {
    TextBlock { width: Some(Length::pt(ems * 10.0)), align, fit: FitLadder::wrap(), ..TextBlock::default() }
}

/// The lines as text, one a row.
fn lines(setting: &Setting) -> Vec<String> {
    let on = |line: &Line| {
        setting.runs.iter().filter(|r| r.origin.y == line.baseline).map(|r| r.text.as_str()).collect()
    };
    setting.lines.iter().map(on).collect()
}

/// Where each glyph starts, in points.
fn pens(setting: &Setting) -> Vec<f64> {
    let of = |run: &SetRun| {
        let (start, condense) = (run.origin.x, run.condense);
        run.glyphs.iter().map(move |g| (start + g.x.scale(condense)).to_pt()).collect::<Vec<_>>()
    };
    setting.runs.iter().flat_map(of).collect()
}

fn wrapped(text: &str, ems: f64) -> Vec<String> {
    lines(&set_in("song", text, &column(ems, Align::Start)).unwrap())
}

#[test]
fn the_first_baseline_hangs_from_the_top_and_leading_separates_the_rest() {
    let setting =
        set_in("kai", "一二三四五", &TextBlock { leading: 2.0, ..column(2.0, Align::Start) }).unwrap();
    let baselines: Vec<f64> = setting.lines.iter().map(|l| l.baseline.to_pt()).collect();
    assert_eq!(baselines, [8.8, 28.8, 48.8]);
    assert_eq!((setting.width, setting.height), (Length::pt(20.0), Length::pt(50.0)));
    assert_eq!(setting.fitted, Fitted { condense: 1.0, size_factor: 1.0, lines: 3 });
}

#[test]
fn no_closing_mark_starts_a_line_and_no_opening_mark_ends_one() {
    assert_eq!(wrapped("一二三四。五", 4.0), ["一二三", "四。五"]);
    assert_eq!(wrapped("一二三《四五》", 4.0), ["一二三", "《四五》"]);
    assert_eq!(wrapped("一二三”四", 3.0), ["一二", "三”四"]);
    assert_eq!(wrapped("一二“三四”五", 3.0), ["一二", "“三", "四”五"]);
    assert_eq!(wrapped("一二三……四", 3.0), ["一二", "三……", "四"]);
    assert_eq!(wrapped("古丽娜·阿布", 3.0), ["古丽", "娜·阿", "布"]);
}

#[test]
fn a_closing_mark_may_leave_its_blank_half_outside() {
    assert_eq!(wrapped("一二三，四", 3.5), ["一二三，", "四"]);
    assert_eq!(wrapped("一二三四", 3.5), ["一二三", "四"]);
}

#[test]
fn latin_words_and_numbers_stay_whole_and_spaces_go_at_the_break() {
    assert_eq!(wrapped("编号 2026000123 已发", 6.0), ["编号", "2026000123", "已发"]);
    assert_eq!(wrapped("Senior Engineer", 5.0), ["Senior", "Engineer"]);
}

#[test]
fn a_word_wider_than_the_measure_is_an_error_that_quotes_it() {
    let error = set_in("song", "编号2026000123456789", &column(5.0, Align::Start)).unwrap_err();
    let TextError::DoesNotFit { axis: Axis::Width, needed, available, text } = error else {
        panic!("{error}")
    };
    assert_eq!((available, text.as_str()), (Length::pt(50.0), "2026000123456789"));
    assert!(needed > available);
}

#[test]
fn a_quarter_em_stands_between_chinese_and_latin() {
    let setting = set_in("song", "第3号a书", &TextBlock::default()).unwrap();
    let advance = |c| f64::from(fonts().face(fonts().find("song").unwrap()).advance(glyph(c))) / 100.0;
    let digit = 10.0 + 2.5;
    let after = digit + advance('3') + 2.5;
    let letter = after + 10.0 + 2.5;
    let expected = [0.0, digit, after, letter, letter + advance('a') + 2.5];
    for (pen, expected) in pens(&setting).into_iter().zip(expected) {
        assert!((pen - expected).abs() < 1e-3, "{pen} {expected}");
    }
}

fn glyph(c: char) -> u16 {
    fonts().face(fonts().find("song").unwrap()).glyph(c).unwrap()
}

#[test]
fn neighbouring_marks_close_up() {
    let width = |text: &str| set_in("song", text, &TextBlock::default()).unwrap().width.to_pt();
    for (text, ems) in
        [("》，", 1.5), ("）（", 1.5), ("（《", 1.5), ("，一", 2.0), ("？！", 1.5), ("一·二", 2.5)]
    {
        assert_eq!(width(text), ems * 10.0, "{text}");
    }
}

#[test]
fn alignment_within_the_measure() {
    let x = |align| {
        let block = TextBlock { width: Some(Length::pt(100.0)), align, ..TextBlock::default() };
        set_in("song", "姓名", &block).unwrap().lines[0].x.to_pt()
    };
    assert_eq!([x(Align::Start), x(Align::Center), x(Align::End), x(Align::Justify)], [0.0, 40.0, 80.0, 0.0]);
}

#[test]
fn distribute_spreads_single_words_and_justify_all_lines_but_the_last() {
    let block = TextBlock { width: Some(Length::pt(40.0)), align: Align::Distribute, ..TextBlock::default() };
    assert_eq!(pens(&set_in("song", "姓名", &block).unwrap()), [0.0, 30.0]);
    assert_eq!(pens(&set_in("song", "名", &block).unwrap()), [15.0]);
    let justified = set_in("song", "一二三四五", &column(3.5, Align::Justify)).unwrap();
    assert_eq!(pens(&justified), [0.0, 12.5, 25.0, 0.0, 10.0]);
}

#[test]
fn a_justified_line_ends_at_the_edge_to_the_grid() {
    let text = "兹证明张三（身份证号 140000199001011234）具备 Senior Engineer 任职资格，特发此证。";
    let setting = set_in("song", text, &column(13.37, Align::Justify)).unwrap();
    for line in &setting.lines[..setting.lines.len() - 1] {
        assert_eq!(line.width, Length::pt(133.7), "{line:?}");
    }
    for run in &setting.runs {
        assert!(run.origin.x + run.advance <= Length::pt(133.7) + Length::pt(5.0), "{}", run.text);
    }
}

#[test]
fn the_first_line_of_each_paragraph_is_indented() {
    let block = TextBlock { indent: Length::pt(20.0), ..column(4.0, Align::Start) };
    let setting = set_in("song", "一二三\n四五\u{2028}六", &block).unwrap();
    assert_eq!(lines(&setting), ["一二", "三", "四五", "六"]);
    assert_eq!(pens(&setting), [20.0, 30.0, 0.0, 20.0, 30.0, 0.0]);
}

#[test]
fn an_empty_line_keeps_its_height_and_a_last_line_end_opens_no_line() {
    let setting = set_in("song", "一\n\n二\n", &TextBlock::default()).unwrap();
    assert_eq!(setting.lines.len(), 3);
    assert_eq!(setting.height, Length::pt(40.0));
    assert_eq!(set_in("song", "", &TextBlock::default()).unwrap(), Setting::default());
}

#[test]
fn the_box_height_holds_or_is_an_error() {
    let block = |height: f64| TextBlock { height: Some(Length::pt(height)), ..column(2.0, Align::Start) };
    assert!(set_in("song", "一二三四", &block(25.0)).is_ok());
    assert!(matches!(
        set_in("song", "一二三四", &block(24.9)),
        Err(TextError::DoesNotFit { axis: Axis::Height, .. })
    ));
}

#[test]
fn vertical_alignment_in_the_box() {
    let baseline = |valign| {
        let block = TextBlock { height: Some(Length::pt(30.0)), valign, ..TextBlock::default() };
        set_in("song", "一", &block).unwrap().lines[0].baseline.to_pt()
    };
    assert_eq!([VAlign::Top, VAlign::Middle, VAlign::Bottom].map(baseline), [8.8, 18.8, 28.8]);
}

#[test]
fn condensed_and_shrunk_text_fills_the_box_and_no_more() {
    let fitted = |rung| {
        let block = TextBlock {
            width: Some(Length::pt(45.0)),
            fit: FitLadder::new([rung]),
            align: Align::End,
            ..TextBlock::default()
        };
        set_in("song", "一二三四五", &block).unwrap()
    };
    let condensed = fitted(Rung::Condense(0.8));
    assert_eq!(condensed.runs[0].condense, 0.9);
    assert_eq!(condensed.runs[0].size, Length::pt(10.0));
    assert_eq!(pens(&condensed), [0.0, 9.0, 18.0, 27.0, 36.0]);
    let shrunk = fitted(Rung::Shrink(Length::pt(8.0)));
    assert_eq!(shrunk.runs[0].size, Length::pt(9.0));
    assert_eq!(shrunk.height, Length::pt(9.0));
    assert_eq!(pens(&shrunk), [0.0, 9.0, 18.0, 27.0, 36.0]);
}

#[test]
fn an_underlined_blank_keeps_its_rule_over_spaces() {
    let plain = style("song", 10.0);
    let blank = TextStyle { underline: true, ..plain };
    let spans = [
        TextSpan { text: "姓名", style: plain, tag: None },
        TextSpan { text: " 张三   ", style: blank, tag: Some(0) },
        TextSpan { text: "\u{3000}\u{3000}", style: blank, tag: Some(1) },
    ];
    let setting = set(fonts(), &spans, &TextBlock::default()).unwrap();
    let rules: Vec<(f64, f64, Option<u16>)> =
        setting.rules.iter().map(|r| (r.rect.x.to_pt(), r.rect.right().to_pt(), r.tag)).collect();
    let space = f64::from(fonts().face(plain.face).advance(glyph(' '))) / 100.0;
    let end = 40.0 + 4.0 * space;
    assert!((rules[0].1 - end).abs() < 1e-3 && (rules[1].1 - end - 20.0).abs() < 1e-3, "{rules:?}");
    assert_eq!((rules[0].0, rules[0].2, rules[1].0, rules[1].2), (20.0, Some(0), rules[0].1, Some(1)));
    assert!(setting.rules.iter().all(|r| r.rect.y > setting.lines[0].baseline));
}

#[test]
fn a_rule_ends_with_its_line_where_the_last_mark_closes_up() {
    let blank = TextStyle { underline: true, ..style("kai", 10.0) };
    let spans = [TextSpan { text: "评审委员会（虚构）评审", style: blank, tag: None }];
    let block = TextBlock {
        width: Some(Length::pt(85.0)),
        align: Align::Justify,
        fit: FitLadder::wrap(),
        ..TextBlock::default()
    };
    let setting = set(fonts(), &spans, &block).unwrap();
    assert_eq!(setting.lines.len(), 2, "{setting:?}");
    assert_eq!(setting.rules[0].rect.right(), Length::pt(85.0));
}

#[test]
fn a_rule_ends_where_the_next_mark_closes_up() {
    let body = style("kai", 10.0);
    let blank = TextStyle { underline: true, ..body };
    let spans = [
        TextSpan { text: "考试（虚构）", style: blank, tag: None },
        TextSpan { text: "，各科", style: body, tag: None },
    ];
    let setting = set(fonts(), &spans, &TextBlock::default()).unwrap();
    assert_eq!(setting.rules[0].rect.right(), Length::pt(55.0));
    assert_eq!(setting.runs[1].origin.x, Length::pt(55.0));
}

#[test]
fn spans_and_fallback_faces_make_runs_with_their_tags() {
    let (body, field) =
        (style("kai", 10.0), TextStyle { color: crate::color::Color::rgb(9, 9, 9), ..style("hei", 12.0) });
    let spans = [
        TextSpan { text: "持证人", style: body, tag: None },
        TextSpan { text: "张\u{2ceb1}", style: field, tag: Some(3) },
    ];
    let setting = set(fonts(), &spans, &TextBlock::default()).unwrap();
    let runs: Vec<(&str, &str, Option<u16>)> =
        setting.runs.iter().map(|r| (fonts().face(r.face).name(), r.text.as_str(), r.tag)).collect();
    assert_eq!(runs, [("kai", "持证人", None), ("hei", "张", Some(3)), ("rare", "\u{2ceb1}", Some(3))]);
    assert_eq!(setting.height, Length::pt(12.0));
}

#[test]
fn letter_spacing_stands_between_characters_only() {
    let spaced = TextStyle { letter_spacing: Length::pt(5.0), ..style("song", 10.0) };
    let setting =
        set(fonts(), &[TextSpan { text: "证书", style: spaced, tag: None }], &TextBlock::default()).unwrap();
    assert_eq!((setting.width, setting.runs[0].advance), (Length::pt(25.0), Length::pt(25.0)));
}

#[test]
fn text_of_a_glyph_includes_its_marks_and_selectors() {
    let setting = set_in("song", "葛\u{e0100}城 e\u{301}", &TextBlock::default()).unwrap();
    let of = |run: &SetRun| (0..run.glyphs.len()).map(|i| run.text_of(i).to_owned()).collect::<Vec<_>>();
    let texts: Vec<String> = setting.runs.iter().flat_map(of).collect();
    assert_eq!(texts.concat(), "葛\u{e0100}城 e\u{301}");
    assert_eq!(texts[0], "葛\u{e0100}");
}

#[test]
fn too_much_text_is_refused_before_it_is_shaped() {
    let text = "一".repeat(400_000);
    assert!(matches!(
        set_in("song", &text, &TextBlock::default()),
        Err(TextError::TooLong { bytes: 1_200_000, .. })
    ));
}

#[test]
fn outlines_hang_from_the_baseline_with_y_downwards() {
    let face = fonts().face(fonts().find("song").unwrap());
    let bounds = face.outline(glyph('国'), Length::pt(10.0)).bounds().unwrap();
    // 99 to 944 by -78 to 821 font units of 1000.
    assert_eq!((bounds.x.to_pt(), bounds.right().to_pt()), (0.99, 9.44));
    assert_eq!((bounds.y.to_pt(), bounds.bottom().to_pt()), (-8.21, 0.78));
    assert!(face.outline(glyph(' '), Length::pt(10.0)).segments.is_empty());
}
