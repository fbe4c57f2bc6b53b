//! Content streams: items as operators (ISO 32000-1, 8 and 9.4).
//!
//! In: items in page space, y downwards. Out: operators in millimetres, y upwards, wrapped in q and Q with one `cm` to
//! default user space: layouts are made in millimetres, so their numbers stay short, exact, and the same as in OFD.
//! Invariant: the flip happens here and nowhere else, exactly, on the grid of [`Length`].

mod text;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use lopdf::{Dictionary, Object, dictionary};

use super::PdfError;
use super::object::points;
use crate::color::Color;
use crate::geom::{Lattice, Path, Point, Rect, Segment, Size};
use crate::page::{
    Fill, FillRule, ImageItem, Item, ItemKind, LineCap, LineJoin, PathItem, Ref, Resources, Stroke,
};
use crate::text::subset::SubsetFont;
use crate::unit::{Length, write_factor, write_whole};

/// User space units in a millimetre: 72 / 25.4.
const POINTS_A_MM: &str = "2.8346457";

/// A content stream and the opacities it sets by [`graphics_states`].
pub(super) struct Painted {
    pub(super) operators: String,
    pub(super) opacities: BTreeSet<u8>,
}

/// Paints `items` on a sheet of this height.
pub(super) fn paint(
    items: &[Item],
    height: Length,
    master: &Resources,
    own: &Resources,
) -> Result<Painted, PdfError> {
    let mut painter = Painter::new(height);
    for item in items {
        match &item.kind {
            ItemKind::Glyphs(run) => painter.glyphs(run, font(run.font, master, own)?)?,
            ItemKind::Path(path) => painter.path(path),
            ItemKind::Image(image) => painter.image(image, master, own)?,
        }
    }
    Ok(painter.finish())
}

/// Paints outlines alone.
pub(super) fn paint_paths(items: &[PathItem], height: Length) -> Painted {
    let mut painter = Painter::new(height);
    items.iter().for_each(|item| painter.path(item));
    painter.finish()
}

/// Paints the first image of the resources over all of `size`.
pub(super) fn paint_picture(size: Size) -> String {
    let mut painter = Painter::new(size.height);
    painter.place(Ref::Master(0), &Rect::new(Length::ZERO, Length::ZERO, size.width, size.height));
    painter.finish().operators
}

/// The name of a font or image in the resource dictionary.
pub(super) fn resource_name(r: Ref) -> String {
    match r {
        Ref::Master(i) => format!("M{i}"),
        Ref::Own(i) => format!("R{i}"),
    }
}

/// A graphics state (8.4.5) for each opacity, for strokes and all else.
pub(super) fn graphics_states(opacities: &BTreeSet<u8>) -> Dictionary {
    let state = |&a: &u8| {
        let value = f32::from(a) / 255.0;
        (format!("A{a}"), Object::Dictionary(dictionary! { "ca" => value, "CA" => value }))
    };
    opacities.iter().map(state).collect()
}

/// `rect` as a PDF rectangle (7.9.5) on a sheet of this height.
pub(super) fn flipped(rect: &Rect, height: Length) -> Vec<Object> {
    [rect.x, height - rect.bottom(), rect.right(), height - rect.y].map(points).to_vec()
}

fn font<'a>(r: Ref, master: &'a Resources, own: &'a Resources) -> Result<&'a SubsetFont, PdfError> {
    let font = match r {
        Ref::Master(i) => master.fonts.get(usize::from(i)),
        Ref::Own(i) => own.fonts.get(usize::from(i)),
    };
    font.ok_or(PdfError::NoFont(r))
}

/// The operators so far, and what the graphics state holds after them.
struct Painter {
    out: String,
    height: Length,
    fill: Color,
    stroke: Color,
    opacity: u8,
    line: Option<Stroke>,
    opacities: BTreeSet<u8>,
}

impl Painter {
    fn new(height: Length) -> Painter {
        let mut out = String::from("q\n");
        let _ = writeln!(out, "{POINTS_A_MM} 0 0 {POINTS_A_MM} 0 0 cm");
        // Table 52: colours begin as black, opacity as 1.
        let (fill, stroke) = (Color::BLACK, Color::BLACK);
        Painter { out, height, fill, stroke, opacity: 255, line: None, opacities: BTreeSet::new() }
    }

    fn finish(mut self) -> Painted {
        self.out.push_str("Q\n");
        Painted { operators: self.out, opacities: self.opacities }
    }

    // Operands, each with a blank after it.

    fn length(&mut self, v: Length) {
        v.write_mm(&mut self.out);
        self.out.push(' ');
    }

    fn factor(&mut self, v: f64) {
        write_factor(&mut self.out, v);
        self.out.push(' ');
    }

    fn point(&mut self, p: Point) {
        self.length(p.x);
        self.length(self.height - p.y);
    }

    fn name(&mut self, r: Ref) {
        let _ = write!(self.out, "/{} ", resource_name(r));
    }

    fn operator(&mut self, operator: &str) {
        self.out.push_str(operator);
        self.out.push('\n');
    }

    // The graphics state (8.4).

    fn set_opacity(&mut self, opacity: u8) {
        if self.opacity != opacity {
            self.opacity = opacity;
            self.opacities.insert(opacity);
            let _ = writeln!(self.out, "/A{opacity} gs");
        }
    }

    fn set_fill(&mut self, color: Color) {
        self.set_opacity(color.a);
        if !same_rgb(self.fill, color) {
            self.fill = color;
            self.rgb(color);
            self.operator("rg");
        }
    }

    fn set_stroke(&mut self, stroke: &Stroke) {
        self.set_opacity(stroke.color.a);
        if !same_rgb(self.stroke, stroke.color) {
            self.stroke = stroke.color;
            self.rgb(stroke.color);
            self.operator("RG");
        }
        // The colour is set; the rest of the stroke goes together, as layouts use few kinds of line.
        let line = Stroke { color: Color::BLACK, ..stroke.clone() };
        if self.line.as_ref() == Some(&line) {
            return;
        }
        self.length(line.width);
        self.out.push_str("w ");
        let cap = match line.cap {
            LineCap::Butt => 0,
            LineCap::Round => 1,
            LineCap::Square => 2,
        };
        let join = match line.join {
            LineJoin::Miter => 0,
            LineJoin::Round => 1,
            LineJoin::Bevel => 2,
        };
        let _ = write!(self.out, "{cap} J {join} j ");
        // 8.4.3.5: below 1 there is no mitre.
        self.factor(line.miter_limit.max(1.0));
        self.out.push_str("M [");
        // 8.4.3.6: a pattern of zeros has no meaning, so it is no pattern.
        if line.dash.iter().any(|d| *d > Length::ZERO) {
            line.dash.iter().for_each(|d| self.length((*d).max(Length::ZERO)));
        }
        self.operator("] 0 d");
        self.line = Some(line);
    }

    fn rgb(&mut self, color: Color) {
        for component in [color.r, color.g, color.b] {
            // Four decimals tell all 256 values apart.
            let scaled = (f64::from(component) / 255.0 * 1e4).round() / 1e4;
            self.factor(scaled);
        }
    }

    // Outlines (8.5).

    fn path(&mut self, item: &PathItem) {
        let paints = (item.fill, &item.stroke);
        match paints {
            (None, None) => {}
            (Some(fill), Some(stroke)) if fill.color.is_opaque() && stroke.color.is_opaque() => {
                self.set_fill(fill.color);
                self.set_stroke(stroke);
                self.outline(&item.path);
                self.operator(match fill.rule {
                    FillRule::NonZero => "B",
                    FillRule::EvenOdd => "B*",
                });
            }
            // With opacity, one after the other: 11.7.4.4 would make the two knock each other out.
            (fill, stroke) => {
                if let Some(Fill { color, rule }) = fill {
                    self.set_fill(color);
                    let paint = match rule {
                        FillRule::NonZero => "f",
                        FillRule::EvenOdd => "f*",
                    };
                    match item.lattice() {
                        Some(lattice) => self.figure(&item.path, &lattice, paint),
                        None => {
                            self.outline(&item.path);
                            self.operator(paint);
                        }
                    }
                }
                if let Some(stroke) = stroke {
                    self.set_stroke(stroke);
                    self.outline(&item.path);
                    self.operator("S");
                }
            }
        }
    }

    fn outline(&mut self, path: &Path) {
        for segment in &path.segments {
            match *segment {
                Segment::Move(p) => {
                    self.point(p);
                    self.operator("m");
                }
                Segment::Line(p) => {
                    self.point(p);
                    self.operator("l");
                }
                Segment::Cubic(p, q, r) => {
                    [p, q, r].into_iter().for_each(|p| self.point(p));
                    self.operator("c");
                }
                Segment::Close => self.operator("h"),
            }
        }
    }

    /// A figure of straight edges, by the columns and lines of its grid.
    fn figure(&mut self, path: &Path, lattice: &Lattice, paint: &str) {
        self.out.push_str("q ");
        self.length(lattice.step);
        self.out.push_str("0 0 ");
        self.length(-lattice.step);
        self.point(lattice.origin);
        self.operator("cm");
        for segment in &path.segments {
            let (p, operator) = match *segment {
                Segment::Move(p) => (p, "m"),
                Segment::Line(p) => (p, "l"),
                // A figure on a grid has no curves.
                Segment::Close | Segment::Cubic(..) => {
                    self.operator("h");
                    continue;
                }
            };
            let (column, line) = lattice.place(p);
            for v in [column, line] {
                write_whole(&mut self.out, v);
                self.out.push(' ');
            }
            self.operator(operator);
        }
        self.operator(paint);
        self.operator("Q");
    }

    // Images (8.9.5).

    fn image(&mut self, item: &ImageItem, master: &Resources, own: &Resources) -> Result<(), PdfError> {
        let known = match item.image {
            Ref::Master(i) => usize::from(i) < master.images.len(),
            Ref::Own(i) => usize::from(i) < own.images.len(),
        };
        if !known {
            return Err(PdfError::NoImage(item.image));
        }
        self.set_opacity(255);
        self.out.push_str("q ");
        if let Some(clip) = &item.clip {
            self.rectangle(clip);
            self.out.push_str("re W n ");
        }
        self.place(item.image, &item.rect);
        self.operator("Q");
        Ok(())
    }

    fn rectangle(&mut self, r: &Rect) {
        self.point(Point::new(r.x, r.bottom()));
        self.length(r.width);
        self.length(r.height);
    }

    /// The unit square over `rect`.
    fn place(&mut self, image: Ref, rect: &Rect) {
        self.length(rect.width);
        self.out.push_str("0 0 ");
        self.length(rect.height);
        self.point(Point::new(rect.x, rect.bottom()));
        self.out.push_str("cm ");
        self.name(image);
        self.out.push_str("Do ");
    }
}

fn same_rgb(a: Color, b: Color) -> bool {
    (a.r, a.g, a.b) == (b.r, b.g, b.b)
}
