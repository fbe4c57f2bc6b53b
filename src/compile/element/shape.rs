//! `rect`, `line`, `ellipse`, `path`: shapes with their paints.
//!
//! In: shape elements. Out: outlines in page space, as the page keeps them.

use crate::compile::Compiler;
use crate::compile::place::Place;
use crate::compile::program::ElementKind;
use crate::diag::Diagnostic;
use crate::geom::{Affine, Path, Point, Rect, Segment};
use crate::page::{Fill, FillRule, LineCap, LineJoin, PathItem, Stroke};
use crate::template::path_data;
use crate::template::tree::Node;
use crate::template::value;
use crate::template::vocabulary::Tag;
use crate::unit::Length;

/// The width of a line that does not say.
const LINE_WIDTH_MM: f64 = 0.25;

impl Compiler<'_> {
    pub(super) fn shape(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let path = match node.tag() {
            Tag::Rect => {
                let rect = self.rect(node, place);
                let radius = self.length(node, "radius", place, Length::ZERO, None).unwrap_or_default();
                rounded(rect, radius.min(rect.width / 2).min(rect.height / 2))
            }
            Tag::Ellipse => Path::ellipse(self.rect(node, place)),
            Tag::Line => {
                let origin = place.frame.origin();
                let mut at = |name: &str, whole| {
                    self.length(node, name, place, whole, place.look.size).unwrap_or_default()
                };
                let (width, height) = (place.frame.width, place.frame.height);
                let start = origin.shift(at("x1", width), at("y1", height));
                Path::line(start, origin.shift(at("x2", width), at("y2", height)))
            }
            _ => {
                let outline = self.read(node, "d", place, path_data::parse)?;
                let origin = self.corner(node, place);
                outline.transform(&Affine::shift(origin.x, origin.y))
            }
        };
        let item = self.painted(node, place, path);
        let bounds = item.path.bounds().unwrap_or_default();
        Some((ElementKind::Paths(vec![item]), bounds))
    }

    /// x and y alone, for an element without extents.
    fn corner(&mut self, node: &Node, place: &Place) -> Point {
        let frame = place.frame;
        let x = self.length(node, "x", place, frame.width, place.look.size).unwrap_or_default();
        let y = self.length(node, "y", place, frame.height, place.look.size).unwrap_or_default();
        frame.origin().shift(x, y)
    }

    fn painted(&mut self, node: &Node, place: &Place, path: Path) -> PathItem {
        let opacity =
            self.read(node, "opacity", place, |t| value::number("opacity", t, 0.0, 1.0)).unwrap_or(1.0);
        let rule = match self.keyword(node, "fill-rule", place) {
            Some("evenodd") => FillRule::EvenOdd,
            _ => FillRule::NonZero,
        };
        let [fill, stroke] =
            ["fill", "stroke"].map(|name| self.read(node, name, place, |t| value::paint(name, t)).flatten());
        let width = self.length(node, "stroke-width", place, Length::ZERO, None);
        let stroke = stroke.map(|color| Stroke {
            cap: match self.keyword(node, "line-cap", place) {
                Some("round") => LineCap::Round,
                Some("square") => LineCap::Square,
                _ => LineCap::Butt,
            },
            join: match self.keyword(node, "line-join", place) {
                Some("round") => LineJoin::Round,
                Some("bevel") => LineJoin::Bevel,
                _ => LineJoin::Miter,
            },
            dash: self.read(node, "dash", place, |t| value::lengths("dash", t)).unwrap_or_default(),
            ..Stroke::solid(color.fade(opacity), width.unwrap_or(Length::mm(LINE_WIDTH_MM)))
        });
        if node.attribute("fill").is_none() && node.attribute("stroke").is_none() {
            let error = node.error(format!("{} has neither fill nor stroke", node.spec.name));
            self.report.push(error.hint("write fill=\"#1d4f91\" or stroke=\"#1d4f91\""));
        }
        if node.value("stroke").is_none_or(|v| v.text.trim() == "none") {
            for name in ["stroke-width", "dash", "line-cap", "line-join"] {
                if let Some(attribute) = node.attribute(name) {
                    let message = format!("{name} has no effect without stroke");
                    self.report.push(Diagnostic::warning(attribute.name_span.clone(), message));
                }
            }
        }
        PathItem { path, fill: fill.map(|color| Fill { color: color.fade(opacity), rule }), stroke }
    }
}

/// A rectangle with quarter circles of `radius` for corners.
pub(super) fn rounded(r: Rect, radius: Length) -> Path {
    if radius <= Length::ZERO {
        return Path::rect(r);
    }
    /// Distance of a quarter circle's control points from the corner, in radii: 1 − 4/3·(√2 − 1).
    const FROM_CORNER: f64 = 0.447_715_250_2;
    let k = radius.scale(FROM_CORNER);
    let p = Point::new;
    let (l, t, rt, b) = (r.x, r.y, r.right(), r.bottom());
    Path {
        segments: vec![
            Segment::Move(p(l + radius, t)),
            Segment::Line(p(rt - radius, t)),
            Segment::Cubic(p(rt - k, t), p(rt, t + k), p(rt, t + radius)),
            Segment::Line(p(rt, b - radius)),
            Segment::Cubic(p(rt, b - k), p(rt - k, b), p(rt - radius, b)),
            Segment::Line(p(l + radius, b)),
            Segment::Cubic(p(l + k, b), p(l, b - k), p(l, b - radius)),
            Segment::Line(p(l, t + radius)),
            Segment::Cubic(p(l, t + k), p(l + k, t), p(l + radius, t)),
            Segment::Close,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_corners_touch_the_sides_and_keep_the_box() {
        let rect = Rect::mm(1.0, 2.0, 30.0, 20.0);
        assert_eq!(rounded(rect, Length::mm(3.0)).bounds(), Some(rect));
        assert_eq!(rounded(rect, Length::ZERO), Path::rect(rect));
    }
}
