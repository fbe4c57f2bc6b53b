//! Shaping: characters of one face and one script become glyphs.
//!
//! In: an item of text. Out: glyph ids with advances and offsets in font units (OpenType 1.9, GSUB and GPOS by rustybuzz).
//! Invariant: a plan belongs to one face and one script, because Han and Latin runs of one face ask for different lookups.

use std::str::FromStr;
use std::sync::OnceLock;

use rustybuzz::ttf_parser::Tag;
use rustybuzz::{Direction, Feature, Language, ShapePlan, script};

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

/// The plans of one face, made when they are first asked for.
#[derive(Default)]
pub(crate) struct Plans {
    han: OnceLock<ShapePlan>,
    latin: OnceLock<ShapePlan>,
}

impl Plans {
    /// The plan for `script`; `None` for scripts whose plan depends on the text.
    pub(crate) fn get(&self, script: ScriptClass, face: &rustybuzz::Face<'_>) -> Option<&ShapePlan> {
        let (cell, tag) = match script {
            ScriptClass::Han => (&self.han, script::HAN),
            ScriptClass::Latin => (&self.latin, script::LATIN),
            ScriptClass::Complex => return None,
        };
        Some(cell.get_or_init(|| {
            let language = chinese();
            let features = features(script);
            ShapePlan::new(face, Direction::LeftToRight, Some(tag), language.as_ref(), &features)
        }))
    }
}

/// Simplified Chinese, so that `locl` of pan-CJK faces gives the mainland's forms.
fn chinese() -> Option<Language> {
    Language::from_str("zh-Hans").ok()
}

/// What is asked of a face beyond what every script needs (ccmp, locl, mark, mkmk, rlig).
///
/// Ligatures and contextual forms stay off, so that a character keeps its own glyph and a subset's character map finds it.
/// Latin runs ask for kerning, and for the narrow forms of the quotation marks that Chinese faces draw a full em wide.
fn features(script: ScriptClass) -> Vec<Feature> {
    let feature = |tag: &[u8; 4], on: u32| Feature::new(Tag::from_bytes(tag), on, ..);
    let latin = u32::from(script != ScriptClass::Han);
    let mut features = vec![feature(b"kern", latin), feature(b"pwid", latin)];
    features.extend([b"liga", b"clig", b"calt"].map(|tag| feature(tag, 0)));
    features
}
