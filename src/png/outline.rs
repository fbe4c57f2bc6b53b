//! Outlines as tiny-skia wants them.
//!
//! In: paths of the page, glyphs of a subset font. Out: tiny-skia paths in millimetres, or in font units with y upwards.
//! Invariant: an outline without a segment gives `None`, which paints nothing.

use tiny_skia::{Path, PathBuilder};
use ttf_parser::{Face, GlyphId, OutlineBuilder};

use crate::geom::{self, Point, Segment};

/// A path of the page, in millimetres.
pub(super) fn of_path(path: &geom::Path) -> Option<Path> {
    let mut out = PathBuilder::with_capacity(path.segments.len(), path.segments.len());
    for segment in &path.segments {
        match *segment {
            Segment::Move(p) => out.move_to(x(p), y(p)),
            Segment::Line(p) => out.line_to(x(p), y(p)),
            Segment::Cubic(p, q, r) => out.cubic_to(x(p), y(p), x(q), y(q), x(r), y(r)),
            Segment::Close => out.close(),
        }
    }
    out.finish()
}

/// A glyph, in font units.
pub(super) fn of_glyph(face: &Face<'_>, id: u16) -> Option<Path> {
    let mut out = Builder(PathBuilder::new());
    face.outline_glyph(GlyphId(id), &mut out)?;
    out.0.finish()
}

fn x(p: Point) -> f32 {
    p.x.to_mm() as f32
}

fn y(p: Point) -> f32 {
    p.y.to_mm() as f32
}

struct Builder(PathBuilder);

impl OutlineBuilder for Builder {
    fn move_to(&mut self, x: f32, y: f32) {
        self.0.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.0.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.0.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.0.cubic_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.0.close();
    }
}
