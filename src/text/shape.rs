//! Shaping: characters of one face and one script become glyphs.
//!
//! In: an item of text. Out: glyph ids with advances and offsets in font units (OpenType 1.9, GSUB and GPOS, by rustybuzz).
//! Invariant: a plan belongs to one face and one script, because Han and Latin runs of one face ask for different lookups.

use std::cell::Cell;
use std::str::FromStr;
use std::sync::OnceLock;

use rustybuzz::ttf_parser::Tag;
use rustybuzz::{
    BufferFlags, Direction, Feature, GlyphBuffer, Language, ShapePlan, UnicodeBuffer, script, shape_with_plan,
};

use super::face::Face;

/// The scripts that are told apart. They decide features here, spacing and line breaks elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ScriptClass {
    /// Ideographs, kana, Chinese punctuation and full-width forms.
    Han,
    /// Letters and digits of alphabets that need no reordering, and what stands between them.
    Latin,
    /// A script that needs its own shaper, which rustybuzz picks by the text.
    Complex,
}

/// One glyph, in font units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shaped {
    /// Glyph id in the face.
    pub(crate) id: u16,
    /// How far the pen moves.
    pub(crate) advance: i32,
    /// Rightwards from the pen.
    pub(crate) dx: i32,
    /// Upwards from the baseline.
    pub(crate) dy: i32,
    /// Byte of the text at which its cluster starts.
    pub(crate) cluster: usize,
}

thread_local! {
    /// The buffer of the last shaping on this thread, emptied: allocating one costs more than shaping a name.
    static SPARE: Cell<Option<UnicodeBuffer>> = const { Cell::new(None) };
}

/// Appends the glyphs of `text`, whose clusters count from `start`, to `out`.
pub(crate) fn shape(face: &Face, script: ScriptClass, text: &str, start: usize, out: &mut Vec<Shaped>) {
    if script == ScriptClass::Complex || !shape_plain(face, text, start, out) {
        shape_slowly(face, script, text, start, out);
    }
}

/// The same without the shaper, for text of which every character is plain; else nothing is done.
pub(crate) fn shape_plain(face: &Face, text: &str, start: usize, out: &mut Vec<Shaped>) -> bool {
    let before = out.len();
    for (at, c) in text.char_indices() {
        let Some(id) = face.plain(c) else {
            out.truncate(before);
            return false;
        };
        out.push(Shaped { id, advance: face.advance(id).into(), dx: 0, dy: 0, cluster: start + at });
    }
    true
}

/// The same by the shaper.
pub(crate) fn shape_slowly(
    face: &Face,
    script: ScriptClass,
    text: &str,
    start: usize,
    out: &mut Vec<Shaped>,
) {
    with_glyphs(face, script, text, |glyphs| {
        out.extend(glyphs.glyph_infos().iter().zip(glyphs.glyph_positions()).map(|(info, position)| {
            Shaped {
                // rustybuzz widens TrueType's 16-bit ids.
                id: info.glyph_id as u16,
                advance: position.x_advance,
                dx: position.x_offset,
                dy: position.y_offset,
                cluster: start + info.cluster as usize,
            }
        }));
    });
}

/// Whether `face` shows all of `text`.
pub(crate) fn shows(face: &Face, script: ScriptClass, text: &str) -> bool {
    with_glyphs(face, script, text, |glyphs| glyphs.glyph_infos().iter().all(|info| info.glyph_id != 0))
}

fn with_glyphs<T>(face: &Face, script: ScriptClass, text: &str, see: impl FnOnce(&GlyphBuffer) -> T) -> T {
    let mut buffer = SPARE.take().unwrap_or_default();
    buffer.push_str(text);
    // Selectors that the face does not know, joiners and other invisible characters leave no glyph.
    buffer.set_flags(BufferFlags::REMOVE_DEFAULT_IGNORABLES);
    buffer.set_direction(Direction::LeftToRight);
    let glyphs = match face.plan(script) {
        Some(plan) => {
            buffer.set_script(script_tag(script).unwrap_or(script::UNKNOWN));
            shape_with_plan(face.shaper(), plan, buffer)
        }
        None => {
            buffer.guess_segment_properties();
            rustybuzz::shape(face.shaper(), &features(script), buffer)
        }
    };
    let seen = see(&glyphs);
    SPARE.set(Some(glyphs.clear()));
    seen
}

/// The plans of one face, made when they are first asked for.
#[derive(Default)]
pub(crate) struct Plans {
    han: OnceLock<ShapePlan>,
    latin: OnceLock<ShapePlan>,
}

impl Plans {
    /// The plan for `script`; `None` for scripts whose plan depends on the text.
    pub(crate) fn get(&self, script: ScriptClass, face: &rustybuzz::Face<'_>) -> Option<&ShapePlan> {
        let tag = script_tag(script)?;
        let plan = if script == ScriptClass::Han { &self.han } else { &self.latin };
        Some(plan.get_or_init(|| {
            ShapePlan::new(face, Direction::LeftToRight, Some(tag), language().as_ref(), &features(script))
        }))
    }
}

const fn script_tag(script: ScriptClass) -> Option<rustybuzz::Script> {
    match script {
        ScriptClass::Han => Some(script::HAN),
        ScriptClass::Latin => Some(script::LATIN),
        ScriptClass::Complex => None,
    }
}

/// Simplified Chinese, for Latin runs too: `locl` then gives the mainland's forms, and no other country's digits.
fn language() -> Option<Language> {
    Language::from_str("zh-Hans").ok()
}

/// What is asked of a face beyond what every script needs (ccmp, locl, mark, mkmk, rlig).
///
/// Ligatures and contextual forms stay off, so that a character keeps its own glyph and a subset's character map finds it. The one
/// exception is the dash —— that faces join by ccmp, since two separate halves would leave a gap in it.
/// Latin runs ask for kerning, and for the narrow forms of the quotation marks that Chinese faces draw a full em wide.
fn features(script: ScriptClass) -> Vec<Feature> {
    let feature = |tag: &[u8; 4], on: bool| Feature::new(Tag::from_bytes(tag), on.into(), ..);
    let latin = script == ScriptClass::Latin;
    let mut features = vec![feature(b"kern", script != ScriptClass::Han), feature(b"pwid", latin)];
    if script != ScriptClass::Complex {
        features.extend([b"liga", b"clig", b"calt"].map(|tag| feature(tag, false)));
    }
    features
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::fonts;

    fn shaped(face: &str, script: ScriptClass, text: &str) -> Vec<Shaped> {
        let fonts = fonts();
        let mut out = Vec::new();
        shape(fonts.face(fonts.find(face).unwrap()), script, text, 0, &mut out);
        out
    }

    #[test]
    fn a_character_is_a_glyph() {
        for (face, script, text) in [
            ("song", ScriptClass::Han, "高级工程师，“好”……"),
            ("song", ScriptClass::Latin, "office fjord 1/2 “it’s”"),
            ("kai", ScriptClass::Latin, "office -> 1/2"),
            ("hei", ScriptClass::Han, "一二三（四）"),
        ] {
            let glyphs = shaped(face, script, text);
            let clusters: Vec<usize> = glyphs.iter().map(|g| g.cluster).collect();
            assert_eq!(clusters, text.char_indices().map(|(i, _)| i).collect::<Vec<_>>(), "{text}");
            assert!(glyphs.iter().all(|g| g.id != 0), "{text}");
        }
    }

    #[test]
    fn latin_is_kerned_and_chinese_is_not() {
        let width = |text| shaped("song", ScriptClass::Latin, text).iter().map(|g| g.advance).sum::<i32>();
        assert!(width("AV") < width("A") + width("V"));
        assert!(shaped("song", ScriptClass::Han, "（一）").iter().all(|g| g.advance == 1000));
    }

    #[test]
    fn a_chinese_dash_is_joined_and_latin_quotes_are_narrow() {
        let dash = shaped("song", ScriptClass::Han, "——");
        assert_eq!((dash.len(), dash[0].advance), (1, 2000));
        assert!(shaped("song", ScriptClass::Latin, "it’s")[2].advance < 500);
    }

    #[test]
    fn digits_and_letters_are_those_of_the_character_map() {
        let fonts = fonts();
        let face = fonts.face(fonts.find("song").unwrap());
        for (c, glyph) in "0123456789AZaz".chars().zip(shaped("song", ScriptClass::Latin, "0123456789AZaz")) {
            assert_eq!(face.glyph(c), Some(glyph.id), "{c}");
        }
    }

    #[test]
    fn a_mark_shares_the_cluster_of_its_base_and_a_selector_leaves_no_glyph() {
        assert!(shaped("song", ScriptClass::Latin, "e\u{301}x").iter().all(|g| g.cluster != 1));
        assert_eq!(shaped("kai", ScriptClass::Han, "葛\u{e0100}城").len(), 2);
    }
}
