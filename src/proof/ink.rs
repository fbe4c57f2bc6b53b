//! The ink of words: the box of each painted glyph, on the page.
//!
//! In: a page of a document. Out: [`Patch`]es, one for each placement, with a quadrilateral for each glyph that has an outline.
//! Invariant: boxes are of the outlines in the subset fonts, not of the room that a character is given.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use ttf_parser::{Face, GlyphId};

use crate::geom::{Affine, Point, Rect};
use crate::layout::{PlacedKind, Placement, Trace};
use crate::page::{Document, GlyphRun, Item, ItemKind, Ref};
use crate::unit::Length;

/// The ink of one placement.
pub(super) struct Patch<'a> {
    pub(super) placement: &'a Placement,
    /// Whether the layout alone decides it.
    pub(super) is_static: bool,
    pub(super) glyphs: Vec<Quad>,
    /// Around all glyphs.
    pub(super) bounds: Rect,
}

/// The box of one glyph, perhaps turned: its corners in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quad(pub(super) [Point; 4]);

/// Measures glyphs of one document's subset fonts.
pub(super) struct Gauge<'a> {
    document: &'a Document,
    faces: BTreeMap<Ref, Option<Face<'a>>>,
    boxes: BTreeMap<(Ref, u16), Option<ttf_parser::Rect>>,
}

impl<'a> Gauge<'a> {
    pub(super) fn new(document: &'a Document) -> Gauge<'a> {
        Gauge { document, faces: BTreeMap::new(), boxes: BTreeMap::new() }
    }

    /// The words on page `index`, whose record's items `trace` knows, and `statics` those of the master. Watermarks lie under everything
    /// by design, and are none.
    pub(super) fn page(&mut self, index: usize, statics: &'a Trace, trace: &'a Trace) -> Vec<Patch<'a>> {
        let document = self.document;
        let Some(page) = document.pages.get(index) else { return Vec::new() };
        let master = &document.master.pages[page.master];
        let layers: [(&[Item], &Trace, bool); 5] = [
            (&master.background, statics, true),
            (&page.items, trace, false),
            (&master.foreground, statics, true),
            (&master.conversion, statics, true),
            (&page.conversion, trace, false),
        ];
        let mut patches: BTreeMap<(bool, u32), Patch<'a>> = BTreeMap::new();
        for (items, trace, is_static) in layers {
            for item in items {
                let ItemKind::Glyphs(run) = &item.kind else { continue };
                let Some(placement) = trace.of(item).filter(|p| p.kind != PlacedKind::Watermark) else {
                    continue;
                };
                let glyphs = self.run(run);
                if glyphs.is_empty() {
                    continue;
                }
                let patch = patches.entry((is_static, item.placement)).or_insert_with(|| Patch {
                    placement,
                    is_static,
                    glyphs: Vec::new(),
                    bounds: glyphs[0].bounds(),
                });
                patch.bounds = glyphs.iter().fold(patch.bounds, |all, glyph| all.union(&glyph.bounds()));
                patch.glyphs.extend(glyphs);
            }
        }
        patches.into_values().collect()
    }

    fn run(&mut self, run: &GlyphRun) -> Vec<Quad> {
        let (font, document) = (run.font, self.document);
        let face = self.faces.entry(font).or_insert_with(|| {
            let (fonts, index) = match font {
                Ref::Master(index) => (&document.master.resources.fonts, index),
                Ref::Own(index) => (&document.resources.fonts, index),
            };
            Face::parse(&fonts.get(usize::from(index))?.data, 0).ok()
        });
        let Some(face) = face else { return Vec::new() };
        let em = run.size.to_mm() / f64::from(face.units_per_em().max(1));
        let to_page = Affine { e: run.origin.x, f: run.origin.y, ..run.map };
        let glyphs = run.glyphs.iter().filter_map(|glyph| {
            let ink = match self.boxes.entry((font, glyph.id)) {
                Entry::Occupied(known) => *known.get(),
                Entry::Vacant(new) => *new.insert(face.glyph_bounding_box(GlyphId(glyph.id))),
            }?;
            let mm = |units: i16| Length::mm(f64::from(units) * em);
            let (left, right) = (glyph.x + mm(ink.x_min), glyph.x + mm(ink.x_max));
            let (top, bottom) = (glyph.y - mm(ink.y_max), glyph.y - mm(ink.y_min));
            let corners = [(left, top), (right, top), (right, bottom), (left, bottom)];
            Some(Quad(corners.map(|(x, y)| to_page.apply(Point::new(x, y)))))
        });
        glyphs.collect()
    }
}

impl Quad {
    pub(super) fn of(rect: Rect) -> Quad {
        let (left, top, right, bottom) = (rect.x, rect.y, rect.right(), rect.bottom());
        Quad([(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::new(x, y)))
    }

    /// The upright box around it.
    pub(super) fn bounds(&self) -> Rect {
        let [a, b, c, d] = self.0;
        Rect::from_corners(a, c).union(&Rect::from_corners(b, d))
    }

    /// How far this reaches into `other`: how far one must move so that they only touch. Zero or less if they are apart.
    pub(super) fn depth(&self, other: &Quad) -> Length {
        // Two convex shapes are apart if they are so along the normal of one of their sides.
        let normals = [self, other].into_iter().flat_map(|quad| {
            (0..2).map(|i| {
                let (a, b) = (quad.0[i], quad.0[i + 1]);
                let (dx, dy) = ((b.x - a.x).to_mm(), (b.y - a.y).to_mm());
                let length = dx.hypot(dy);
                (length > 0.0).then(|| (-dy / length, dx / length))
            })
        });
        let along = |quad: &Quad, (nx, ny): (f64, f64)| {
            let places = quad.0.map(|p| p.x.to_mm() * nx + p.y.to_mm() * ny);
            places.iter().fold((f64::MAX, f64::MIN), |(least, most), v| (least.min(*v), most.max(*v)))
        };
        let depths = normals.flatten().map(|normal| {
            let (a, b) = (along(self, normal), along(other, normal));
            a.1.min(b.1) - a.0.max(b.0)
        });
        Length::mm(depths.fold(f64::MAX, f64::min).min(1000.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_reach_into_one_another_as_far_as_one_must_move() {
        let square = Quad::of(Rect::mm(0.0, 0.0, 10.0, 10.0));
        let right = Quad::of(Rect::mm(8.0, 3.0, 10.0, 10.0));
        assert_eq!(square.depth(&right), Length::mm(2.0));
        assert_eq!(right.depth(&square), Length::mm(2.0));
        assert!(square.depth(&Quad::of(Rect::mm(12.0, 0.0, 5.0, 5.0))) < Length::ZERO);
        // Turned by 45 degrees, its upright box meets the square and it does not.
        let diamond = Quad(
            [(16.0, 4.0), (22.0, 10.0), (16.0, 16.0), (10.0, 10.0)]
                .map(|(x, y)| Point::new(Length::mm(x), Length::mm(y))),
        );
        let corner = Quad::of(Rect::mm(8.0, 2.0, 4.0, 4.0));
        assert!(diamond.bounds().overlaps(&corner.bounds()));
        assert!(diamond.depth(&corner) < Length::ZERO);
    }
}
