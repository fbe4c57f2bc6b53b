//! One painted path to the page: coordinates, paints, lines.
//!
//! In: a path in its own units, with the map to the art's box. Out: an outline in page space.

use usvg::tiny_skia_path::{PathSegment, Point as SvgPoint, Transform};

use crate::color::Color;
use crate::geom::{Path, Point, Segment};
use crate::page::Stroke;
use crate::template::path_data::raise;
use crate::unit::Length;

pub(super) fn color(paint: &usvg::Paint, own: usvg::Opacity, around: f64) -> Option<Color> {
    match paint {
        usvg::Paint::Color(c) => Some(Color::rgb(c.red, c.green, c.blue).fade(f64::from(own.get()) * around)),
        usvg::Paint::LinearGradient(_) | usvg::Paint::RadialGradient(_) | usvg::Paint::Pattern(_) => None,
    }
}

/// From a path's own units to the page.
pub(super) struct Map {
    pub(super) transform: Transform,
    pub(super) origin: Point,
    /// Millimetres a pixel.
    pub(super) factor: f64,
}

impl Map {
    fn point(&self, p: SvgPoint) -> (f64, f64) {
        let t = &self.transform;
        let [x, y, sx, sy, kx, ky, tx, ty] = [p.x, p.y, t.sx, t.sy, t.kx, t.ky, t.tx, t.ty].map(f64::from);
        ((sx * x + kx * y + tx) * self.factor, (ky * x + sy * y + ty) * self.factor)
    }

    pub(super) fn outline(&self, data: &usvg::tiny_skia_path::Path) -> Path {
        let at = |(x, y): (f64, f64)| self.origin.shift(Length::mm(x), Length::mm(y));
        let mut last = (0.0, 0.0);
        let mut start = (0.0, 0.0);
        let mut segments = Vec::with_capacity(data.len());
        for segment in data.segments() {
            segments.push(match segment {
                PathSegment::MoveTo(p) => {
                    (last, start) = (self.point(p), self.point(p));
                    Segment::Move(at(last))
                }
                PathSegment::LineTo(p) => {
                    last = self.point(p);
                    Segment::Line(at(last))
                }
                PathSegment::QuadTo(c, p) => {
                    let (first, second) = raise(last, self.point(c), self.point(p));
                    last = self.point(p);
                    Segment::Cubic(at(first), at(second), at(last))
                }
                PathSegment::CubicTo(a, b, p) => {
                    last = self.point(p);
                    Segment::Cubic(at(self.point(a)), at(self.point(b)), at(last))
                }
                PathSegment::Close => {
                    last = start;
                    Segment::Close
                }
            });
        }
        Path { segments }
    }

    /// The line, as wide as the map makes it on average.
    pub(super) fn stroke(&self, stroke: &usvg::Stroke, opacity: f64) -> Option<Stroke> {
        let t = &self.transform;
        let spread = f64::from(t.sx * t.sy - t.kx * t.ky).abs().sqrt() * self.factor;
        let length = |v: f32| Length::mm(f64::from(v) * spread);
        Some(Stroke {
            color: color(stroke.paint(), stroke.opacity(), opacity)?,
            width: length(stroke.width().get()),
            cap: stroke.linecap().into(),
            join: stroke.linejoin().into(),
            miter_limit: f64::from(stroke.miterlimit().get()),
            dash: stroke.dasharray().map(|d| d.iter().map(|v| length(*v)).collect()).unwrap_or_default(),
        })
    }
}
