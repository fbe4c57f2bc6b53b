//! Embedded fonts: a TrueType file as a subset font of the page. GB/T 33190-2016, 11.1; OpenType 1.9.
//!
//! In: a font file. Out: glyphs by character, advances, and in the end a [`SubsetFont`].
//! Invariant: a glyph's text is what the pages write with it; the cmap alone says only which glyph a character has.

use std::collections::HashMap;

use ttf_parser::{Face, GlyphId, Tag};

use crate::text::subset::{FontMetrics, SubsetFont, SubsetGlyph};
use crate::unit::Length;

/// Subtables of a cmap, each of which a lookup may have to try.
const MAX_SUBTABLES: u16 = 32;

/// A font of the document.
pub(super) struct EmbeddedFont<'p> {
    name: String,
    family: String,
    bold: bool,
    serif: bool,
    data: &'p [u8],
    face: Face<'p>,
    /// By character, as far as it was asked for.
    known: HashMap<char, Option<u16>>,
    /// By glyph.
    texts: Vec<String>,
}

impl<'p> EmbeddedFont<'p> {
    /// Opens a font file with TrueType outlines; the error says what is not supported about it.
    pub(super) fn open(
        name: &str,
        family: &str,
        bold: bool,
        serif: bool,
        data: &'p [u8],
    ) -> Result<EmbeddedFont<'p>, String> {
        let face = Face::parse(data, 0).map_err(|e| format!("a font that cannot be read: {e}"))?;
        if face.raw_face().table(Tag::from_bytes(b"glyf")).is_none() {
            return Err("a font without TrueType outlines".to_owned());
        }
        if face.tables().cmap.is_some_and(|cmap| cmap.subtables.len() > MAX_SUBTABLES) {
            return Err(format!("a font with more than {MAX_SUBTABLES} character maps"));
        }
        Ok(EmbeddedFont {
            name: name.to_owned(),
            family: family.to_owned(),
            bold,
            serif,
            data,
            texts: vec![String::new(); face.number_of_glyphs().into()],
            face,
            known: HashMap::new(),
        })
    }

    /// How many glyphs it has.
    pub(super) fn glyph_count(&self) -> u16 {
        self.face.number_of_glyphs()
    }

    /// The glyph of a character, by the font's own map.
    pub(super) fn glyph(&mut self, c: char) -> Option<u16> {
        *self.known.entry(c).or_insert_with(|| self.face.glyph_index(c).map(|g| g.0))
    }

    /// Remembers that `glyph` stands for `text`; the first text stays.
    pub(super) fn stands_for(&mut self, glyph: u16, text: &str) {
        if let Some(known) = self.texts.get_mut(usize::from(glyph)).filter(|known| known.is_empty()) {
            known.push_str(text);
        }
    }

    /// What each glyph stands for.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// The same, as it was told before.
    pub(super) fn set_texts(&mut self, texts: &[String]) {
        self.texts = texts.to_vec();
    }

    /// How far `glyph` moves the pen at this size.
    pub(super) fn advance(&self, glyph: u16, size: Length) -> Length {
        size.of_em(self.units(glyph).into(), self.face.units_per_em())
    }

    fn units(&self, glyph: u16) -> u16 {
        self.face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0)
    }

    /// The font as pages refer to it.
    pub(super) fn finish(self) -> SubsetFont {
        let glyph = |(id, text): (u16, &String)| SubsetGlyph {
            original: id,
            advance: self.units(id),
            text: text.clone(),
        };
        let glyphs = (0..).zip(&self.texts).map(glyph).collect();
        let bbox = self.face.global_bounding_box();
        let per_em = self.face.units_per_em();
        let metrics = FontMetrics {
            units_per_em: per_em,
            ascent: self.face.ascender(),
            descent: self.face.descender(),
            // OS/2 before version 2 has none; seven tenths of the em is what most faces have.
            cap_height: self
                .face
                .capital_height()
                .filter(|&h| h > 0)
                .unwrap_or((i32::from(per_em) * 7 / 10) as i16),
            bbox: [bbox.x_min, bbox.y_min, bbox.x_max, bbox.y_max],
            serif: self.serif,
            weight: if self.bold { 700 } else { 400 },
        };
        SubsetFont { name: self.name, family: self.family, data: self.data.to_vec().into(), glyphs, metrics }
    }
}
