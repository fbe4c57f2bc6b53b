//! Path objects: PathObject and AbbreviatedData. GB/T 33190-2016, chapter 9.
//!
//! In: a [`PathItem`] in page space. Out: one object, its data relative to its Boundary.
//! Invariant: the Boundary holds the line's whole width, because readers clip to it.

use super::Ids;
use super::xml::{Value, Xml};
use crate::color::Color;
use crate::geom::{Affine, Point, Polygons, Rect, Segment};
use crate::page::{FigureItem, FillRule, LineCap, LineJoin, PathItem, Stroke};
use crate::unit::{Length, write_whole};

/// Writes nothing for an item that paints nothing.
pub(super) fn write(item: &PathItem, ids: &mut Ids, xml: &mut Xml) {
    if item.fill.is_none() && item.stroke.is_none() {
        return;
    }
    let Some(bounds) = item.path.bounds() else { return };
    let boundary = snap(bounds.outset(item.stroke.as_ref().map_or(Length::ZERO, reach)));
    let mut element = xml.element("ofd:PathObject").attr("ID", ids.next()).attr("Boundary", boundary);
    // Stroke defaults to true and Fill to false.
    match &item.stroke {
        Some(stroke) => {
            element = element
                .attr("LineWidth", stroke.width)
                .attr_if("Cap", cap(stroke.cap))
                .attr_if("Join", join(stroke.join))
                .attr_if("MiterLimit", (stroke.join == LineJoin::Miter).then_some(stroke.miter_limit))
                .attr_if("DashPattern", (!stroke.dash.is_empty()).then_some(Dash(&stroke.dash)));
        }
        None => element = element.attr("Stroke", "false"),
    }
    if let Some(fill) = &item.fill {
        element = element.attr("Fill", "true");
        if fill.rule == FillRule::EvenOdd {
            element = element.attr("Rule", "Even-Odd");
        }
    }
    element.open();
    if let Some(stroke) = &item.stroke {
        color(xml, "ofd:StrokeColor", stroke.color);
    }
    if let Some(fill) = &item.fill {
        color(xml, "ofd:FillColor", fill.color);
    }
    let data = Abbreviated {
        segments: &item.path.segments,
        origin: boundary.origin(),
        explicit_close: item.stroke.is_some(),
    };
    xml.leaf("ofd:AbbreviatedData", data);
    xml.close("ofd:PathObject");
}

/// A figure, told by the columns and lines of its grid, which the CTM maps to millimetres: in 60 % of the bytes.
pub(super) fn write_figure(item: &FigureItem, ids: &mut Ids, xml: &mut Xml) {
    let figure = &item.figure;
    let Some(bounds) = figure.bounds() else { return };
    let boundary = snap(bounds);
    let step = figure.step.to_mm();
    let (e, f) = (figure.origin.x - boundary.x, figure.origin.y - boundary.y);
    xml.element("ofd:PathObject")
        .attr("ID", ids.next())
        .attr("Boundary", boundary)
        .attr("CTM", Affine { e, f, ..Affine::scale(step, step) })
        .attr("Stroke", "false")
        .attr("Fill", "true")
        .attr("Rule", "Even-Odd")
        .open();
    color(xml, "ofd:FillColor", item.color);
    xml.leaf("ofd:AbbreviatedData", figure.polygons());
    xml.close("ofd:PathObject");
}

impl Value for Polygons {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        for polygon in self.iter() {
            if out.len() > start {
                out.push(b' ');
            }
            for (i, [x, y]) in polygon.iter().enumerate() {
                out.extend_from_slice(if i == 0 { b"M " } else { b"L " });
                write_whole(out, (*x).into());
                out.push(b' ');
                write_whole(out, (*y).into());
                out.push(b' ');
            }
            out.push(b'C');
        }
    }
}

/// CT_Color, 8.3.1: RGB of eight bits, which is the colour space when none is named.
pub(super) fn color(xml: &mut Xml, name: &'static str, color: Color) {
    xml.element(name)
        .attr("Value", Rgb(color))
        .attr_if("Alpha", (!color.is_opaque()).then_some(u32::from(color.a)))
        .empty();
}

/// A rectangle whose corners are told exactly, so that what is relative to it is not rounded twice.
pub(super) fn snap(r: Rect) -> Rect {
    let (x, y) = (r.x.snap_mm(), r.y.snap_mm());
    Rect::new(x, y, r.right().snap_mm() - x, r.bottom().snap_mm() - y)
}

/// How far beyond its outline a line can paint.
fn reach(stroke: &Stroke) -> Length {
    let mitre = if stroke.join == LineJoin::Miter { stroke.miter_limit.max(1.0) } else { 1.0 };
    let corner = if stroke.cap == LineCap::Square { std::f64::consts::SQRT_2 } else { 1.0 };
    (stroke.width / 2).scale(mitre.max(corner))
}

/// None for the default.
fn cap(cap: LineCap) -> Option<&'static str> {
    match cap {
        LineCap::Butt => None,
        LineCap::Round => Some("Round"),
        LineCap::Square => Some("Square"),
    }
}

/// None for the default.
fn join(join: LineJoin) -> Option<&'static str> {
    match join {
        LineJoin::Miter => None,
        LineJoin::Round => Some("Round"),
        LineJoin::Bevel => Some("Bevel"),
    }
}

struct Rgb(Color);

impl Value for Rgb {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        let Color { r, g, b, .. } = self.0;
        write_whole(out, r.into());
        for v in [g, b] {
            out.push(b' ');
            write_whole(out, v.into());
        }
    }
}

struct Dash<'a>(&'a [Length]);

impl Value for Dash<'_> {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        for (i, length) in self.0.iter().enumerate() {
            if i > 0 {
                out.push(b' ');
            }
            length.write_mm(out);
        }
    }
}

/// Table 36: M, L, B (cubic) and C, which closes.
pub(super) struct Abbreviated<'a> {
    pub(super) segments: &'a [Segment],
    /// What the points are told relative to.
    pub(super) origin: Point,
    /// Whether the closing side is drawn as a line before C: some readers take C for nothing, which a fill closes but a stroke
    /// does not.
    pub(super) explicit_close: bool,
}

impl Value for Abbreviated<'_> {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        let begun = out.len();
        let (mut start, mut pen) = (Point::default(), Point::default());
        for segment in self.segments {
            match segment {
                Segment::Move(p) => {
                    self.step(out, begun, b'M', &[p]);
                    (start, pen) = (*p, *p);
                }
                Segment::Line(p) => {
                    self.step(out, begun, b'L', &[p]);
                    pen = *p;
                }
                Segment::Cubic(p, q, r) => {
                    self.step(out, begun, b'B', &[p, q, r]);
                    pen = *r;
                }
                Segment::Close => {
                    if self.explicit_close && pen != start {
                        self.step(out, begun, b'L', &[&start]);
                    }
                    self.step(out, begun, b'C', &[]);
                    pen = start;
                }
            }
        }
    }
}

impl Abbreviated<'_> {
    fn step(&self, out: &mut Vec<u8>, begun: usize, operator: u8, points: &[&Point]) {
        if out.len() > begun {
            out.push(b' ');
        }
        out.push(operator);
        for p in points {
            for v in [p.x - self.origin.x, p.y - self.origin.y] {
                out.push(b' ');
                v.write_mm(out);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::{Figure, Path};
    use crate::page::Fill;

    fn written(path: Path, fill: Option<Fill>, stroke: Option<Stroke>) -> String {
        let mut xml = Xml::fragment();
        write(&PathItem { path, fill, stroke }, &mut Ids::default(), &mut xml);
        format!("{xml:?}")
    }

    fn square() -> Path {
        Path::rect(Rect::mm(10.0, 10.0, 5.0, 5.0))
    }

    #[test]
    fn a_filled_path_says_that_it_has_no_line() {
        let text =
            written(square(), Some(Fill { color: Color::rgb(1, 2, 3), rule: FillRule::EvenOdd }), None);
        assert_eq!(
            text,
            "<ofd:PathObject ID=\"1\" Boundary=\"10 10 5 5\" Stroke=\"false\" Fill=\"true\" Rule=\"Even-Odd\">\
             <ofd:FillColor Value=\"1 2 3\"/>\
             <ofd:AbbreviatedData>M 0 0 L 5 0 L 5 5 L 0 5 C</ofd:AbbreviatedData></ofd:PathObject>"
        );
    }

    #[test]
    fn a_line_lies_within_its_boundary_and_closes_with_a_side() {
        let text = written(square(), None, Some(Stroke::solid(Color::BLACK.fade(0.5), Length::mm(1.0))));
        assert_eq!(
            text,
            "<ofd:PathObject ID=\"1\" Boundary=\"8 8 9 9\" LineWidth=\"1\" MiterLimit=\"4\">\
             <ofd:StrokeColor Value=\"0 0 0\" Alpha=\"128\"/>\
             <ofd:AbbreviatedData>M 2 2 L 7 2 L 7 7 L 2 7 L 2 2 C</ofd:AbbreviatedData></ofd:PathObject>"
        );
    }

    #[test]
    fn caps_joins_and_dashes_are_said_where_they_are_not_the_default() {
        let stroke = Stroke {
            cap: LineCap::Square,
            join: LineJoin::Bevel,
            dash: vec![Length::mm(1.5), Length::mm(0.5)],
            ..Stroke::solid(Color::BLACK, Length::mm(0.2))
        };
        let text = written(square(), None, Some(stroke));
        assert!(
            text.contains("LineWidth=\"0.2\" Cap=\"Square\" Join=\"Bevel\" DashPattern=\"1.5 0.5\""),
            "{text}"
        );
    }

    #[test]
    fn a_figure_is_told_by_columns_and_lines() {
        let origin = Point::new(Length::mm(10.003), Length::mm(20.0));
        let figure = Figure::new(origin, Length::mm(0.56), vec![1 | 1 << 38]);
        let mut xml = Xml::fragment();
        write_figure(&FigureItem { figure, color: Color::BLACK }, &mut Ids::default(), &mut xml);
        let text = format!("{xml:?}");
        assert!(text.contains("Boundary=\"10.003 20 21.84 0.56\" CTM=\"0.56 0 0 0.56 0 0\""), "{text}");
        assert!(text.contains(">M 0 0 L 1 0 L 1 1 L 0 1 C M 38 0 L 39 0 L 39 1 L 38 1 C<"), "{text}");
    }

    #[test]
    fn what_paints_nothing_is_not_written() {
        assert_eq!(written(square(), None, None), "");
        assert_eq!(written(Path::default(), None, Some(Stroke::solid(Color::BLACK, Length::mm(1.0)))), "");
    }
}
