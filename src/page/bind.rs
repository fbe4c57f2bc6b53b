//! Set text onto a page by itself: for those who add a line to pages that layout has finished.

use super::{Glyph, GlyphRun, Ref};
use crate::geom::{Affine, Point};
use crate::text::{SetGlyph, SetRun, SubsetBuilder};

/// `run` on the page, its box's corner at `corner`, with glyphs of the subset of its face among `subsets`, which grow by it; `font` makes
/// references of their indices.
pub(crate) fn bind(
    run: SetRun,
    corner: Point,
    subsets: &mut Vec<SubsetBuilder>,
    font: fn(u16) -> Ref,
) -> GlyphRun {
    let known = subsets.iter().position(|subset| subset.face() == run.face);
    let index = known.unwrap_or_else(|| {
        subsets.push(SubsetBuilder::new(run.face));
        subsets.len() - 1
    });
    let glyph = |(i, g): (usize, &SetGlyph)| Glyph {
        id: subsets[index].add(g.id, run.text_of(i)),
        x: g.x,
        y: g.y,
        text: g.text,
    };
    GlyphRun {
        glyphs: run.glyphs.iter().enumerate().map(glyph).collect(),
        // As many as there are faces, whose numbers are 16 bits.
        font: font(index as u16),
        size: run.size,
        color: run.color,
        origin: run.origin.shift(corner.x, corner.y),
        map: Affine::scale(run.condense, 1.0),
        advance: run.advance,
        text: run.text,
    }
}
