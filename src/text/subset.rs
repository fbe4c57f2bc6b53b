//! Subset fonts: TrueType files with only the glyphs that are used, renumbered.
//!
//! In: a face and glyph ids. Out: [`SubsetFont`], embedded by `ofd` as it is and by `pdf` as CIDFontType2.
//! Invariant: the name begins with a tag made from the content, because readers and printers cache fonts by name.

/// A subset of one face, ready to embed.
#[derive(Debug)]
pub struct SubsetFont {
    /// PostScript name with its tag: `ABCDEF+NotoSerifSC-Regular`. Equal in FontName and the name table.
    pub name: String,
    /// Family name with the same tag.
    pub family: String,
    /// The TrueType file: cmap (3,1 format 4; 3,10 format 12), glyf, head, hhea, hmtx, loca, maxp, name, OS/2, post.
    pub data: Vec<u8>,
    /// By new glyph id; 0 is .notdef.
    pub glyphs: Vec<SubsetGlyph>,
    /// What a PDF FontDescriptor asks for.
    pub metrics: FontMetrics,
}

/// One glyph of a subset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubsetGlyph {
    /// Its id in the face.
    pub original: u16,
    /// Advance in font units.
    pub advance: u16,
    /// The source text it stands for: what ToUnicode says; empty for .notdef and for parts of composites.
    pub text: String,
}

/// Metrics of a face, in font units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FontMetrics {
    /// Font units in an em.
    pub units_per_em: u16,
    /// Above the baseline.
    pub ascent: i16,
    /// Below the baseline, negative.
    pub descent: i16,
    /// Height of H.
    pub cap_height: i16,
    /// x min, y min, x max, y max.
    pub bbox: [i16; 4],
    /// Whether strokes end in serifs.
    pub serif: bool,
    /// 400 regular, 700 bold.
    pub weight: u16,
}
