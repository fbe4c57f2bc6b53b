//! What drawn seals say, how large they are, and what cannot be drawn.

use std::path::Path;

use super::*;
use crate::geom::Segment;
use crate::page::PathItem;

fn fonts() -> Fonts {
    Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()
}

fn design(unit: &str) -> Design {
    Design {
        unit: unit.into(),
        caption: "证书专用章".into(),
        code: "4300000000001".into(),
        mark: TestMark::Test,
        diameter: Length::mm(42.0),
    }
}

/// How many closed lines the letters and the star have: the same letters have the same number wherever they stand.
fn contours(items: &[PathItem]) -> usize {
    let starts = |i: &PathItem| i.path.segments.iter().filter(|s| matches!(s, Segment::Move(_))).count();
    items.iter().map(starts).sum()
}

#[test]
fn a_seal_that_does_not_say_it_is_a_test_gets_a_mark() {
    let fonts = fonts();
    let draw = |caption: &str, mark| {
        let design =
            Design { caption: caption.into(), mark, ..design("样例省人力资源和社会保障厅") };
        contours(&draw::draw(&design, &fonts).unwrap())
    };
    let (plain, marked) = (draw("", TestMark::Test), draw("测试", TestMark::Test));
    assert_eq!(plain, marked, "the mark stands once, as the caption or of itself");
    assert_ne!(draw("", TestMark::Sample), plain);
}

#[test]
fn a_unit_that_tests_for_a_living_gets_the_mark_too() {
    let fonts = fonts();
    let draw = |unit, caption: &str| {
        let design = Design { caption: caption.into(), ..design(unit) };
        contours(&draw::draw(&design, &fonts).unwrap())
    };
    let unit = "某省软件测试中心";
    assert_eq!(draw(unit, ""), draw(unit, "测试"), "the caption is the mark, or the mark is drawn");
}

#[test]
fn pictures_stay_small_at_every_size_and_length() {
    let fonts = fonts();
    for unit in
        ["样例局", "样例省人力资源和社会保障厅", "样例自治区样例自治州样例县专业技术人员职称评审委员会办公室"]
    {
        for diameter in [38.0, 42.0, 50.0] {
            let design = Design { diameter: Length::mm(diameter), ..design(unit) };
            let art = design.draw(&fonts).unwrap();
            assert!(art.png.data.len() < 25_000, "{unit} at {diameter} mm: {} bytes", art.png.data.len());
            let bounds = art.items.iter().filter_map(|i| i.path.bounds()).reduce(|a, b| a.union(&b)).unwrap();
            assert!(bounds.x >= Length::ZERO && bounds.right() <= design.diameter, "{bounds:?}");
        }
    }
}

#[test]
fn the_picture_is_a_palette_with_opacity() {
    let art = design("样例局").draw(&fonts()).unwrap();
    let reader = png::Decoder::new(std::io::Cursor::new(&art.png.data[..])).read_info().unwrap();
    let info = reader.info();
    assert_eq!((info.color_type, info.bit_depth), (png::ColorType::Indexed, png::BitDepth::Four));
    assert_eq!(info.trns.as_deref().map(|t| (t[0], t[15])), Some((0, 0xe6)));
    assert_eq!(info.palette.as_deref().map(|p| &p[..3]), Some(&[255, 255, 255][..]));
    assert_eq!(info.size(), (496, 496), "42 mm at 300 dots an inch");
}

#[test]
fn svg_gives_back_the_outlines_to_the_micrometre() {
    let art = design("样例局").draw(&fonts()).unwrap();
    let (size, items) = read_svg(&write_svg(art.size, &art.items)).unwrap();
    assert_eq!(size, art.size);
    assert!(write_svg(size, &items) == write_svg(art.size, &art.items));
}

#[test]
fn what_cannot_be_drawn_is_said() {
    let fonts = fonts();
    let message = |design: Design| design.draw(&fonts).unwrap_err().to_string();
    let cases = [
        (design(""), "the unit's name is empty"),
        (design(&"长".repeat(60)), "60 letters do not fit on the arc"),
        (Design { diameter: Length::mm(60.0), ..design("样例") }, "38 to 50 mm"),
        (design("样例\u{F0000}"), "U+F0000"),
        (Design { code: "0".repeat(19), ..design("样例") }, "more than 18 characters"),
        (Design { caption: "章".repeat(20), ..design("样例") }, "too much text below the star"),
    ];
    for (design, part) in cases {
        let message = message(design);
        assert!(message.contains(part), "{part} is missing in: {message}");
    }
}

#[test]
fn svg_with_what_a_page_cannot_hold_is_refused() {
    let svg = |inner: &str| {
        read_svg(&format!("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>{inner}</svg>"))
    };
    assert!(svg("<path d='M0 0L9 0L9 9Z' fill='red'/>").is_ok());
    let gradient = "<linearGradient id='g'><stop stop-color='red'/><stop offset='1'/></linearGradient>\
                    <path d='M0 0L9 0L9 9Z' fill='url(#g)'/>";
    assert!(svg(gradient).is_err());
    assert!(svg("<g opacity='.5'><path d='M0 0L9 0L9 9Z'/></g>").is_err());
    assert!(read_svg("no XML").is_err());
}

#[test]
fn an_svg_that_names_an_image_is_refused_and_opens_no_file() {
    // A file that is there, and a picture within: neither is looked at.
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/src/seal/demo/seal.svg");
    for href in [file, "data:image/png;base64,iVBORw0KGgo="] {
        let svg = format!(
            "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'>\
             <image href='{href}' width='9' height='9'/></svg>"
        );
        let error = read_svg(&svg).unwrap_err().to_string();
        assert!(error.contains("no images"), "{href}: {error}");
    }
}
