//! Subsets read back by another parser, glyph by glyph.

use super::*;
use crate::text::tests::fonts;
use crate::unit::Length;

fn subset(face: &str, text: &str) -> SubsetFont {
    let id = fonts().find(face).unwrap();
    let mut builder = SubsetBuilder::new(id);
    for c in text.chars() {
        builder.add(fonts().face(id).glyph(c).unwrap(), c.encode_utf8(&mut [0; 4]));
    }
    builder.build(fonts())
}

/// The outline as text, for comparison.
fn outline(face: &ttf_parser::Face<'_>, id: u16) -> String {
    struct Pen(String);
    impl ttf_parser::OutlineBuilder for Pen {
        fn move_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("M{x},{y}");
        }
        fn line_to(&mut self, x: f32, y: f32) {
            self.0 += &format!("L{x},{y}");
        }
        fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
            self.0 += &format!("Q{cx},{cy},{x},{y}");
        }
        fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
            self.0 += &format!("C{ax},{ay},{bx},{by},{x},{y}");
        }
        fn close(&mut self) {
            self.0 += "Z";
        }
    }
    let mut pen = Pen(String::new());
    let _ = face.outline_glyph(ttf_parser::GlyphId(id), &mut pen);
    pen.0
}

fn sum(data: &[u8]) -> u32 {
    let mut padded = data.to_vec();
    padded.resize(data.len().next_multiple_of(4), 0);
    padded.chunks(4).fold(0, |sum, w| sum.wrapping_add(u32::from_be_bytes(w.try_into().unwrap())))
}

#[test]
fn every_character_finds_the_outline_and_advance_it_has_in_the_face() {
    for (face, text) in [
        ("song", "专业技术职称证书 Senior 2026，。“”áéǎ"),
        ("song-bold", "高级工程师"),
        ("hei", "编号：①Ⅱ㎡½ÅÇ"),
        ("kai", "张三丰，áüê"),
        ("rare", "\u{20000}\u{2a700}\u{2b740}\u{2b820}\u{2ceb0}"),
    ] {
        let font = subset(face, text);
        let whole = fonts().face(fonts().find(face).unwrap());
        let part = ttf_parser::Face::parse(&font.data, 0).unwrap();
        assert_eq!(usize::from(part.number_of_glyphs()), font.glyphs.len());
        for c in text.chars() {
            let (old, new) = (whole.glyph(c).unwrap(), part.glyph_index(c).unwrap());
            assert_eq!(outline(&part, new.0), outline(whole.shaper(), old), "{face} {c}");
            assert_eq!(part.glyph_hor_advance(new), Some(whole.advance(old)), "{face} {c}");
            assert_eq!(font.glyphs[usize::from(new.0)].text, c.to_string());
        }
    }
}

#[test]
fn ids_count_up_in_the_order_of_first_use() {
    let texts: Vec<String> = subset("song", "证书证明书").glyphs.into_iter().map(|g| g.text).collect();
    assert_eq!(texts, ["", "证", "书", "明"]);
}

#[test]
fn all_checksums_are_right() {
    let data = subset("song", "证书").data;
    assert_eq!(sum(&data), 0xb1b0_afba);
    let number = |at: usize| u32::from_be_bytes(data[at..at + 4].try_into().unwrap()) as usize;
    for at in (12..172).step_by(16) {
        let (offset, length) = (number(at + 8), number(at + 12));
        let mut table = data[offset..offset + length].to_vec();
        if &data[at..at + 4] == b"head" {
            table[8..12].fill(0);
        }
        assert_eq!(sum(&table), number(at + 4) as u32, "{:?}", std::str::from_utf8(&data[at..at + 4]));
    }
}

#[test]
fn the_tag_tells_contents_apart_and_stands_in_every_name() {
    let (a, b, again) = (subset("song", "证书"), subset("song", "书证"), subset("song", "证书"));
    assert_eq!((&a.name, &a.data), (&again.name, &again.data));
    assert_ne!(a.name, b.name);
    assert_eq!(&a.name[6..], "+NotoSerifSC-Regular");
    assert!(a.name[..6].bytes().all(|c| c.is_ascii_uppercase()));
    let part = ttf_parser::Face::parse(&a.data, 0).unwrap();
    let names: Vec<String> = part.names().into_iter().filter_map(|n| n.to_string()).collect();
    assert_eq!(names, [&a.family, "Regular", &a.name, &a.name, &a.name]);
}

#[test]
fn one_glyph_for_two_characters_is_held_for_each() {
    let mut builder = SubsetBuilder::new(fonts().find("song").unwrap());
    let glyph = fonts().face(builder.face()).glyph('人').unwrap();
    assert_eq!(builder.add(glyph, "人"), 1);
    assert_eq!(builder.add(glyph, "\u{2f08}"), 2);
    assert_eq!(builder.add(glyph, "人"), 1);
    assert_eq!(
        (builder.get(glyph, "\u{2f08}"), builder.get(glyph, "入"), builder.get(1, "")),
        (Some(2), None, None)
    );
    let font = builder.build(fonts());
    let part = ttf_parser::Face::parse(&font.data, 0).unwrap();
    assert_eq!((part.glyph_index('人').unwrap().0, part.glyph_index('\u{2f08}').unwrap().0), (1, 2));
}

#[test]
fn a_character_with_a_selector_is_found_by_the_character_and_a_pair_is_not() {
    let mut builder = SubsetBuilder::new(fonts().find("song").unwrap());
    builder.add(100, "葛\u{e0100}");
    builder.add(101, "ab");
    let font = builder.build(fonts());
    let part = ttf_parser::Face::parse(&font.data, 0).unwrap();
    assert_eq!(part.glyph_index('葛').map(|g| g.0), Some(1));
    assert_eq!(part.glyph_index('a'), None);
}

#[test]
fn an_outline_of_the_whole_is_drawn_alike_from_the_subset() {
    let font = subset("kai", "书");
    let part = ttf_parser::Face::parse(&font.data, 0).unwrap();
    let whole = fonts().face(fonts().find("kai").unwrap());
    let drawn = whole.outline(whole.glyph('书').unwrap(), Length::pt(10.0)).bounds().unwrap();
    let b = part.glyph_bounding_box(ttf_parser::GlyphId(1)).unwrap();
    assert_eq!(drawn.x, Length::pt(10.0).of_em(b.x_min.into(), part.units_per_em()));
}

#[test]
fn large_subsets_use_long_offsets() {
    let text: String = ('\u{4e00}'..'\u{5200}').collect();
    let font = subset("song", &text);
    assert!(font.data.len() > 0x2_0000);
    let part = ttf_parser::Face::parse(&font.data, 0).unwrap();
    let whole = fonts().face(fonts().find("song").unwrap());
    let last = text.chars().last().unwrap();
    assert_eq!(
        outline(&part, part.glyph_index(last).unwrap().0),
        outline(whole.shaper(), whole.glyph(last).unwrap())
    );
}
