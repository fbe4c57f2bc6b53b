//! Content streams: items as operators (ISO 32000-1, 8 and 9.4).
//!
//! In: items in page space, y downwards. Out: operators in millimetres, y upwards, wrapped in q and Q with one `cm` to
//! default user space: layouts are made in millimetres, so their numbers stay short, exact, and the same as in OFD.
//! Invariant: the flip happens here and nowhere else, exactly, on the grid of [`Length`].

mod mark;
mod text;

use std::collections::BTreeSet;

use super::PdfError;
use super::entries::{Entries, Factor, entries};
use super::structure::Marked;
use crate::color::Color;
use crate::geom::{Figure, Path, Point, Rect, Segment, Size};
use crate::page::{
    FigureItem, Fill, FillRule, ImageItem, Item, ItemKind, LineCap, LineJoin, PathItem, Ref, Resources,
    Stroke,
};
use crate::text::subset::SubsetFont;
use crate::unit::{Length, write_factor, write_whole};
use mark::Mark;

/// What begins a stream. User space has 72 / 25.4 units in a millimetre.
const MILLIMETRES: &[u8] = b"q\n2.8346457 0 0 2.8346457 0 0 cm\n";

/// What a record's page takes, so that the bytes move once.
const ROOM: usize = 24 * 1024;

/// A content stream and the opacities it sets by [`graphics_states`].
pub(super) struct Painted {
    pub(super) operators: Vec<u8>,
    pub(super) opacities: BTreeSet<u8>,
    /// What of it belongs to which part of the page.
    pub(super) parts: Vec<Marked>,
}

/// Paints `items` on a sheet of this height. Text that shows a field is marked with its name, among `tags` (14.6), as an OFD's custom tags
/// say which object shows which field. Where `contents` counts the marked contents of the page so far, parts and artifacts are marked too.
pub(super) fn paint(
    items: &[Item],
    height: Length,
    tags: &[String],
    (master, own): (&Resources, &Resources),
    mut contents: Option<&mut i64>,
) -> Result<Painted, PdfError> {
    let mut painter = Painter::new(height);
    for item in items {
        painter.mark(item, tags, contents.as_deref_mut());
        match &item.kind {
            ItemKind::Glyphs(run) => painter.glyphs(run, font(run.font, master, own)?)?,
            ItemKind::Path(path) => painter.path(path),
            ItemKind::Figure(figure) => painter.figure(figure),
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
pub(super) fn paint_picture(size: Size) -> Vec<u8> {
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
pub(super) fn graphics_states(opacities: &BTreeSet<u8>) -> Entries {
    let mut states = Entries::new();
    for a in opacities {
        let opacity = Factor(f64::from(*a) / 255.0);
        states.set(&format!("A{a}"), entries! { "ca" => opacity, "CA" => opacity });
    }
    states
}

/// `rect` as a PDF rectangle (7.9.5) on a sheet of this height.
pub(super) fn flipped(rect: &Rect, height: Length) -> [Length; 4] {
    [rect.x, height - rect.bottom(), rect.right(), height - rect.y]
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
    out: Vec<u8>,
    height: Length,
    fill: Color,
    stroke: Color,
    opacity: u8,
    line: Option<Stroke>,
    opacities: BTreeSet<u8>,
    /// What the content being painted is marked as.
    mark: Mark,
    /// The parts so far.
    parts: Vec<Marked>,
}

impl Painter {
    fn new(height: Length) -> Painter {
        let mut out = Vec::with_capacity(ROOM);
        out.extend_from_slice(MILLIMETRES);
        // Table 52: colours begin as black, opacity as 1.
        let (fill, stroke) = (Color::BLACK, Color::BLACK);
        Painter {
            out,
            height,
            fill,
            stroke,
            opacity: 255,
            line: None,
            opacities: BTreeSet::new(),
            mark: Mark::default(),
            parts: Vec::new(),
        }
    }

    fn finish(mut self) -> Painted {
        self.end_mark();
        self.out.extend_from_slice(b"Q\n");
        Painted { operators: self.out, opacities: self.opacities, parts: self.parts }
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    // Operands, each with a blank after it.

    fn length(&mut self, v: Length) {
        v.write_mm(&mut self.out);
        self.out.push(b' ');
    }

    fn whole(&mut self, v: i64) {
        write_whole(&mut self.out, v);
        self.out.push(b' ');
    }

    fn factor(&mut self, v: f64) {
        write_factor(&mut self.out, v);
        self.out.push(b' ');
    }

    fn point(&mut self, p: Point) {
        self.length(p.x);
        self.length(self.height - p.y);
    }

    fn name(&mut self, r: Ref) {
        let (letter, index) = match r {
            Ref::Master(i) => (b'M', i),
            Ref::Own(i) => (b'R', i),
        };
        self.out.extend_from_slice(&[b'/', letter]);
        write_whole(&mut self.out, index.into());
        self.out.push(b' ');
    }

    fn operator(&mut self, operator: &str) {
        self.put(operator);
        self.out.push(b'\n');
    }

    // The graphics state (8.4).

    fn set_opacity(&mut self, opacity: u8) {
        if self.opacity != opacity {
            self.opacity = opacity;
            self.opacities.insert(opacity);
            self.put("/A");
            self.whole(opacity.into());
            self.operator("gs");
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
        self.put("w ");
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
        self.whole(cap);
        self.put("J ");
        self.whole(join);
        self.put("j ");
        // 8.4.3.5: below 1 there is no mitre.
        self.factor(line.miter_limit.max(1.0));
        self.put("M [");
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
                    self.outline(&item.path);
                    self.operator(paint);
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

    /// A figure, by the columns and lines of its grid. Its rectangles take half the bytes of its borders, and as parts of one path they
    /// are filled without seams.
    fn figure(&mut self, item: &FigureItem) {
        let Figure { origin, step, .. } = item.figure;
        self.set_fill(item.color);
        self.put("q ");
        self.length(step);
        self.put("0 0 ");
        self.length(-step);
        self.point(origin);
        self.operator("cm");
        for rectangle in item.figure.rectangles() {
            rectangle.into_iter().for_each(|number| self.whole(number.into()));
            self.operator("re");
        }
        self.operator("f");
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
        self.put("q ");
        if let Some(clip) = &item.clip {
            self.rectangle(clip);
            self.put("re W n ");
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
        self.put("0 0 ");
        self.length(rect.height);
        self.point(Point::new(rect.x, rect.bottom()));
        self.put("cm ");
        self.name(image);
        self.put("Do ");
    }
}

fn same_rgb(a: Color, b: Color) -> bool {
    (a.r, a.g, a.b) == (b.r, b.g, b.b)
}
