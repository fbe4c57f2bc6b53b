//! Which subset font a glyph comes from: the layout's static one if it is there, else the record's own.
//!
//! In: glyph ids of whole faces. Out: [`GlyphRun`]s with ids of subsets, and the subsets to embed.
//! Invariant: ids are given in order of first use, so the same record always yields the same fonts.

use std::ops::Range;
use std::sync::Arc;

use crate::compile::program::Program;
use crate::geom::Affine;
use crate::page::{Glyph, GlyphRun, Ref};
use crate::record::{Field, FieldKind};
use crate::text::{FaceId, Fonts, SetRun, SubsetBuilder, SubsetFont};
use crate::unit::Length;

/// The static subsets' glyphs, in the order of the master's fonts.
#[derive(Debug, Default)]
pub(super) struct StaticFonts {
    subsets: Vec<SubsetBuilder>,
    /// How many of them the original uses; those after them are for conversions alone.
    of_original: usize,
}

impl StaticFonts {
    /// How many subsets conversions alone use, the last ones.
    pub(super) fn of_conversions(&self) -> usize {
        self.subsets.len() - self.of_original
    }
}

/// The first of `subsets` that holds `glyph` of `face` standing for `text`, and the id in it.
fn find(subsets: &[SubsetBuilder], face: FaceId, glyph: u16, text: &str) -> Option<(u16, u16)> {
    let of_face = subsets.iter().enumerate().filter(|(_, subset)| subset.face() == face);
    of_face.into_iter().find_map(|(index, subset)| Some((index as u16, subset.get(glyph, text)?)))
}

/// Collects the glyphs of one document, or of the master.
pub(super) struct FontBinder<'a> {
    fonts: &'a Arc<Fonts>,
    statics: Option<&'a StaticFonts>,
    own: Vec<SubsetBuilder>,
    /// Whether what follows is painted on conversions alone.
    in_conversion: bool,
    /// The first of `own` that still takes glyphs.
    open: usize,
}

impl<'a> FontBinder<'a> {
    pub(super) fn for_master(fonts: &'a Arc<Fonts>) -> FontBinder<'a> {
        FontBinder { fonts, statics: None, own: Vec::new(), in_conversion: false, open: 0 }
    }

    pub(super) fn for_record(fonts: &'a Arc<Fonts>, statics: &'a StaticFonts) -> FontBinder<'a> {
        FontBinder { fonts, statics: Some(statics), own: Vec::new(), in_conversion: false, open: 0 }
    }

    /// What follows is painted on conversions alone. It may use any glyph that is there; those that it adds to the master go
    /// into subsets of their own, which the original does not carry.
    pub(super) fn begin_conversion(&mut self) {
        self.in_conversion = true;
        if self.statics.is_none() {
            self.open = self.own.len();
        }
    }

    /// The subset and the id in it that stand for `glyph` of `face`, which shows `text`.
    fn bind(&mut self, face: FaceId, glyph: u16, text: &str) -> (Ref, u16) {
        if let Some(StaticFonts { subsets, of_original }) = self.statics {
            let known = if self.in_conversion { subsets } else { &subsets[..*of_original] };
            if let Some((font, id)) = find(known, face, glyph, text) {
                return (Ref::Master(font), id);
            }
        }
        let own = if self.statics.is_some() { Ref::Own } else { Ref::Master };
        if let Some((font, id)) = find(&self.own[..self.open], face, glyph, text) {
            return (own(font), id);
        }
        let open = &self.own[self.open..];
        let index = self.open + open.iter().position(|b| b.face() == face).unwrap_or(open.len());
        if index == self.own.len() {
            self.own.push(SubsetBuilder::new(face));
        }
        (own(index as u16), self.own[index].add(glyph, text))
    }

    /// The runs that paint `run`, whose box `to_page` puts on the page: one for each stretch of one subset.
    pub(super) fn runs(&mut self, run: &SetRun, to_page: &Affine) -> Vec<GlyphRun> {
        let bound: Vec<(Ref, u16)> =
            run.glyphs.iter().enumerate().map(|(i, g)| self.bind(run.face, g.id, run.text_of(i))).collect();
        let mut start = 0;
        bound
            .chunk_by(|a, b| a.0 == b.0)
            .map(|stretch| {
                let glyphs = start..start + stretch.len();
                start = glyphs.end;
                cut(run, glyphs, stretch, to_page)
            })
            .collect()
    }

    /// Adds the characters that records are likely to need: the literals of their texts, digits, choice values, defaults, and what
    /// the layout says is common. Static elements count: one that lies between a record's own is painted with them.
    pub(super) fn add_expected(&mut self, program: &Program) {
        let pages = program.pages.iter();
        let elements: Vec<_> = if self.in_conversion {
            pages.flat_map(|p| &p.conversion).collect()
        } else {
            pages.flat_map(|p| &p.elements).collect()
        };
        for element in elements {
            let pieces = element.kind.texts().into_iter().flat_map(|text| &text.pieces);
            for piece in pieces.filter(|p| p.is_printed) {
                let mut expected = piece.content.literal_chars().to_owned();
                let field = piece.content.field().and_then(|i| program.schema.fields.get(i));
                let column = |field| piece.content.column().and_then(|i| Field::columns(field).get(i));
                if let Some(field) = field.map(|field| column(field).unwrap_or(field)) {
                    expected.push_str(&field.common);
                    match &field.kind {
                        FieldKind::Choice(values) => expected.extend(values.iter().map(String::as_str)),
                        FieldKind::Date => expected.push_str("0123456789年月日"),
                        FieldKind::Integer { .. } | FieldKind::Decimal { .. } => {
                            expected.push_str("0123456789.-");
                        }
                        FieldKind::ResidentId => expected.push_str("0123456789X"),
                        FieldKind::Text { .. } | FieldKind::Approval => {
                            expected.push_str("0123456789");
                            expected.push_str(field.default.as_deref().unwrap_or_default());
                        }
                        // Whole, so that an identifier is one run and a search finds it.
                        FieldKind::Identifier | FieldKind::Uscc => {
                            expected.push_str("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ.");
                        }
                        _ => {}
                    }
                }
                expected.chars().filter(|c| !c.is_control()).for_each(|c| self.expect(piece.style.face, c));
            }
        }
    }

    fn expect(&mut self, preferred: FaceId, c: char) {
        let Some(face) = self.fonts.fallback(preferred, c) else { return };
        if let Some(glyph) = self.fonts.face(face).glyph(c) {
            self.bind(face, glyph, c.encode_utf8(&mut [0; 4]));
        }
    }

    /// The subsets, in the order of the references given out.
    pub(super) fn build(&self) -> Vec<SubsetFont> {
        self.own.iter().map(|builder| builder.build(self.fonts)).collect()
    }

    /// The master's glyphs, by which records find theirs.
    pub(super) fn freeze(self) -> StaticFonts {
        let of_original = if self.in_conversion { self.open } else { self.own.len() };
        StaticFonts { subsets: self.own, of_original }
    }
}

/// The glyphs `range` of `run` as a run of their own, with the subset and ids of `bound`.
fn cut(run: &SetRun, range: Range<usize>, bound: &[(Ref, u16)], to_page: &Affine) -> GlyphRun {
    let (first, after) = (&run.glyphs[range.start], run.glyphs.get(range.end));
    let end = after.map_or(run.advance, |g| g.x);
    let text = first.text..after.map_or(run.text.len() as u32, |g| g.text);
    let glyphs = run.glyphs[range]
        .iter()
        .zip(bound)
        .map(|(g, &(_, id))| Glyph { id, x: g.x - first.x, y: g.y, text: g.text - text.start })
        .collect();
    GlyphRun {
        font: bound[0].0,
        size: run.size,
        color: run.color,
        origin: to_page.apply(run.origin.shift(first.x.scale(run.condense), Length::ZERO)),
        map: Affine::scale(run.condense, 1.0).then(&to_page.linear()),
        glyphs,
        text: run.text.get(text.start as usize..text.end as usize).unwrap_or("").to_owned(),
        advance: end - first.x,
    }
}
