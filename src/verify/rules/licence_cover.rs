//! What shows a field is not hidden: no words, rectangle or picture that shows no field is painted over it.
//!
//! Words count if they are opaque and upright, so that watermarks do not; outlines if they are filled rectangles.

use crate::geom::{Affine, Path, Rect, Segment};
use crate::page::{Document, GlyphRun, Item, ItemKind};
use crate::unit::Length;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.face.cover",
    clause: "docs/verification.md",
    fact: Aspect::Content,
    zh: "票面上的字段没有被其他文字、色块或图片遮盖",
    en: "no field on the pages is hidden under other words, fills or pictures",
};

/// The most pairs of a field and what is painted after it that are looked at: lists have many of either.
const MOST: usize = 4_000_000;

/// Looks at what each page paints after and over its fields.
pub(in crate::verify) fn check(document: &Document, findings: &mut Findings) {
    let mut left = MOST;
    let mut hidden = false;
    for (number, page) in document.pages.iter().enumerate() {
        let above = document.master.pages.get(page.master);
        let above = above.into_iter().flat_map(|master| &master.foreground);
        let painted: Vec<(usize, Rect, &Item)> =
            page.items.iter().chain(above).enumerate().filter_map(cover).collect();
        for (at, item) in page.items.iter().enumerate() {
            let Some((name, shown)) = field(document, item) else { continue };
            let first = painted.partition_point(|(place, ..)| *place <= at);
            for (_, over, _) in painted.get(first..).unwrap_or_default() {
                let Some(rest) = left.checked_sub(1) else {
                    findings.unknown(
                        &RULE,
                        "",
                        format!("more than {MOST} overlaps would have to be looked at"),
                    );
                    return;
                };
                left = rest;
                if hides(over, &shown) {
                    let place = format!("page {}, {name}", number + 1);
                    findings.fails(&RULE, &place, "something is painted over it", "");
                    hidden = true;
                    break;
                }
            }
        }
    }
    if !hidden {
        findings.holds(&RULE, "", "");
    }
}

/// The field that the item shows, and the box of its words or picture.
fn field<'d>(document: &'d Document, item: &Item) -> Option<(&'d str, Rect)> {
    let name = document.master.tags.get(usize::from(item.tag?))?;
    let shown = match &item.kind {
        ItemKind::Glyphs(run) => words(run),
        ItemKind::Image(image) => image.rect,
        ItemKind::Path(_) | ItemKind::Figure(_) => return None,
    };
    Some((name, shown))
}

/// What of the item would hide what lies below it, if it shows no field itself.
fn cover((at, item): (usize, &Item)) -> Option<(usize, Rect, &Item)> {
    if item.tag.is_some() {
        return None;
    }
    let over = match &item.kind {
        ItemKind::Glyphs(run) if run.color.a == u8::MAX && is_upright(&run.map) => words(run),
        ItemKind::Image(image) => image.clip.unwrap_or(image.rect),
        ItemKind::Path(path) => {
            path.fill.filter(|fill| fill.color.a == u8::MAX).and_then(|_| rectangle(&path.path))?
        }
        ItemKind::Glyphs(_) | ItemKind::Figure(_) => return None,
    };
    Some((at, over, item))
}

/// Whether `over` takes more than half of `shown`.
fn hides(over: &Rect, shown: &Rect) -> bool {
    let extent = |a: Length, b: Length, c: Length, d: Length| (b.min(d) - a.max(c)).to_mm().max(0.0);
    let common = extent(over.x, over.right(), shown.x, shown.right())
        * extent(over.y, over.bottom(), shown.y, shown.bottom());
    common * 2.0 > shown.width.to_mm() * shown.height.to_mm() && common > 0.0
}

/// The box of a run: its advance by an em, the baseline at four fifths of its height.
fn words(run: &GlyphRun) -> Rect {
    let width = run.advance.scale(run.map.a.abs());
    Rect::new(run.origin.x, run.origin.y - run.size.scale(0.8), width, run.size)
}

fn is_upright(map: &Affine) -> bool {
    map.b == 0.0 && map.c == 0.0
}

/// The box of a path that is one rectangle.
fn rectangle(path: &Path) -> Option<Rect> {
    let lines =
        path.segments.iter().all(|s| matches!(s, Segment::Move(_) | Segment::Line(_) | Segment::Close));
    let points = path.segments.iter().filter(|s| !matches!(s, Segment::Close)).count();
    let bounds = path.bounds()?;
    let corner = |s: &Segment| match s {
        Segment::Move(p) | Segment::Line(p) => {
            (p.x == bounds.x || p.x == bounds.right()) && (p.y == bounds.y || p.y == bounds.bottom())
        }
        _ => true,
    };
    (lines && (4..=5).contains(&points) && path.segments.iter().all(corner)).then_some(bounds)
}
