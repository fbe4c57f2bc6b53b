//! What lies over a page for its author: the box of each thing that was placed, its baselines, and where it is written.
//!
//! In: a page as it was laid, with its traces. Out: [`Placed`]s in painting order.
//! Invariant: boxes are of what is painted; of words the em boxes of their characters, so that a box does not change with the letters.

use std::collections::BTreeMap;

use crate::diag::Span;
use crate::geom::{Affine, Path, Point, Rect};
use crate::layout::{PlacedKind, Trace};
use crate::page::{Document, GlyphRun, Item, ItemKind};
use crate::unit::Length;

/// How far a Chinese character reaches above the baseline, in ems; the rest lies below.
const EM_TOP: f64 = 0.88;

/// One thing on the page.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// `text`, `stamp`, `watermark`, `drawing`, `picture`, `mark` or `seal`.
    pub kind: &'static str,
    /// Where it is written; a seal is the layout's as a whole.
    pub span: Option<Span>,
    /// How its words begin.
    pub says: String,
    /// Around all that is painted.
    pub bounds: Rect,
    /// From the first pen position to the last, run by run.
    pub baselines: Vec<(Point, Point)>,
}

/// What was placed on page `index` of `document`; `statics` is the trace of its master.
pub fn overlay(document: &Document, index: usize, statics: &Trace, trace: &Trace) -> Vec<Placed> {
    let Some(page) = document.pages.get(index) else { return Vec::new() };
    let Some(master) = document.master.pages.get(page.master) else { return Vec::new() };
    let layers: [(&[Item], &Trace, bool); 3] = [
        (&master.background, statics, true),
        (&page.items, trace, false),
        (&master.foreground, statics, true),
    ];
    let mut placed: Vec<Placed> = Vec::new();
    let mut known: BTreeMap<(bool, u32), usize> = BTreeMap::new();
    for (items, trace, is_static) in layers {
        for item in items {
            let (Some(placement), Some(bounds)) = (trace.of(item), bounds(item)) else { continue };
            let at = *known.entry((is_static, item.placement)).or_insert_with(|| {
                placed.push(Placed {
                    kind: word(placement.kind),
                    span: Some(placement.span.clone()),
                    says: placement.words.as_ref().map_or(String::new(), |words| words.quote.clone()),
                    bounds,
                    baselines: Vec::new(),
                });
                placed.len() - 1
            });
            placed[at].bounds = placed[at].bounds.union(&bounds);
            if let ItemKind::Glyphs(run) = &item.kind {
                placed[at].baselines.push((run.origin, end(run)));
            }
        }
    }
    placed.extend(page.seals.iter().map(|seal| Placed {
        kind: "seal",
        span: None,
        says: document.master.seal_roles.get(usize::from(seal.role)).cloned().unwrap_or_default(),
        bounds: seal.visible(),
        baselines: Vec::new(),
    }));
    placed
}

fn word(kind: PlacedKind) -> &'static str {
    match kind {
        PlacedKind::Text => "text",
        PlacedKind::Stamp => "stamp",
        PlacedKind::Watermark => "watermark",
        PlacedKind::Drawing => "drawing",
        PlacedKind::Picture => "picture",
        PlacedKind::Mark(_) => "mark",
    }
}

fn end(run: &GlyphRun) -> Point {
    run.map.apply(Point::new(run.advance, Length::ZERO)).shift(run.origin.x, run.origin.y)
}

fn bounds(item: &Item) -> Option<Rect> {
    match &item.kind {
        ItemKind::Glyphs(run) => {
            let line = Rect::new(Length::ZERO, -run.size.scale(EM_TOP), run.advance, run.size);
            let to_page = Affine { e: run.origin.x, f: run.origin.y, ..run.map };
            Path::rect(line).transform(&to_page).bounds()
        }
        ItemKind::Path(path) => path.path.bounds(),
        ItemKind::Figure(item) => item.figure.bounds(),
        ItemKind::Image(image) => Some(image.clip.unwrap_or(image.rect)),
    }
}
