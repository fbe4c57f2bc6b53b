//! Embedded fonts as text objects see them: an ID, vertical extents, and which glyph the font's own cmap gives for a character.
//!
//! In: a [`SubsetFont`]. Out: [`EmbeddedFont`]. GB/T 33190-2016, 11.1.
//! Invariant: the character map is read from the font file that is embedded, not from what the subset was asked for, because
//! readers have nothing else.

use crate::text::subset::SubsetFont;
use crate::unit::Length;

/// One font of a resource file.
#[derive(Debug)]
pub(super) struct EmbeddedFont {
    /// Font/@ID.
    pub(super) id: u32,
    per_em: u16,
    ascent: i16,
    descent: i16,
    /// By character.
    cmap: Vec<(char, u16)>,
}

impl EmbeddedFont {
    /// The font under its ID.
    pub(super) fn new(id: u32, font: &SubsetFont) -> EmbeddedFont {
        let metrics = font.metrics;
        EmbeddedFont {
            id,
            per_em: metrics.units_per_em,
            ascent: metrics.ascent,
            descent: metrics.descent,
            cmap: character_map(&font.data),
        }
    }

    /// A font of a thousand units whose every glyph must be named.
    #[cfg(test)]
    pub(super) fn without_map(id: u32) -> EmbeddedFont {
        EmbeddedFont { id, per_em: 1000, ascent: 800, descent: -200, cmap: Vec::new() }
    }

    /// The glyph that readers show for `c` when nothing else is said.
    pub(super) fn glyph(&self, c: char) -> Option<u16> {
        self.cmap.binary_search_by_key(&c, |&(c, _)| c).ok().map(|i| self.cmap[i].1)
    }

    /// Above the baseline at this size.
    pub(super) fn ascent(&self, size: Length) -> Length {
        size.of_em(self.ascent.into(), self.per_em)
    }

    /// Below the baseline at this size, negative.
    pub(super) fn descent(&self, size: Length) -> Length {
        size.of_em(self.descent.into(), self.per_em)
    }
}

/// The Unicode character map of a TrueType file; empty if there is none.
fn character_map(data: &[u8]) -> Vec<(char, u16)> {
    let Ok(face) = ttf_parser::Face::parse(data, 0) else { return Vec::new() };
    let Some(cmap) = face.tables().cmap else { return Vec::new() };
    let mut map = Vec::new();
    for subtable in cmap.subtables.into_iter().filter(ttf_parser::cmap::Subtable::is_unicode) {
        subtable.codepoints(|code| {
            if let (Some(c), Some(glyph)) = (char::from_u32(code), subtable.glyph_index(code)) {
                map.push((c, glyph.0));
            }
        });
    }
    map.sort_unstable();
    map.dedup();
    map
}
