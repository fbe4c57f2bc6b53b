//! What stands where: words on other words, words or seals on a mark, words beyond the paper.
//!
//! In: the ink of a page. Out: [`Seen`]s. Watermarks may lie under anything, drawings and pictures under words: who draws a ground knows.

use super::ink::{Patch, Quad};
use super::survey::{Measure, Seen};
use crate::geom::Rect;
use crate::layout::{PlacedKind, Placement, Trace};
use crate::mark;
use crate::page::{Document, Item, ItemKind};
use crate::unit::Length;

/// Ink that reaches no further is what faces do at the edges of their characters.
const SLACK: Length = Length::from_raw(360_000 / 5);

/// A mark with the light margin that readers need.
struct Quiet<'a> {
    placement: &'a Placement,
    room: Rect,
}

/// Looks at page `index`. Two things that the layout alone decides meet on every page alike: they are told only `with_statics`.
pub(super) fn look<'a>(
    document: &'a Document,
    index: usize,
    (statics, trace): (&'a Trace, &'a Trace),
    patches: &[Patch<'a>],
    with_statics: bool,
) -> Vec<Seen<'a>> {
    let page = &document.pages[index];
    let master = &document.master.pages[page.master];
    let sheet = Rect::new(Length::ZERO, Length::ZERO, master.size.width, master.size.height);
    let mut seen = Vec::new();
    let mut tell = |rule, placement, other, depth: Length, told: String| {
        if depth > SLACK {
            seen.push(Seen { rule, placement, other, measure: Measure { worse: depth.to_mm(), told } });
        }
    };

    for patch in patches.iter().filter(|patch| with_statics || !patch.is_static) {
        let by = patch.bounds.beyond(&sheet);
        let told = format!("“{}” by {}mm", quote(patch.placement), by.fmt_mm());
        tell("text-off-page", patch.placement, None, by, told);
    }

    let mut by_top: Vec<&Patch<'_>> = patches.iter().collect();
    by_top.sort_by_key(|patch| patch.bounds.y);
    for (i, a) in by_top.iter().enumerate() {
        for b in by_top[i + 1..].iter().take_while(|b| b.bounds.y < a.bounds.bottom()) {
            if !a.bounds.overlaps(&b.bounds) || (a.is_static && b.is_static && !with_statics) {
                continue;
            }
            let depth = deepest(&a.glyphs, &b.glyphs);
            // The later one in the source is told, and the earlier one named.
            let (over, under) = if is_before(a.placement, b.placement) { (b, a) } else { (a, b) };
            let told = format!("“{}” on “{}”", quote(over.placement), quote(under.placement));
            tell("text-overlap", over.placement, Some(under.placement), depth, told);
        }
    }

    for quiet in quiets(&master.background, statics)
        .chain(quiets(&page.items, trace))
        .chain(quiets(&master.foreground, statics))
    {
        let room = [Quad::of(quiet.room)];
        for patch in patches.iter().filter(|patch| patch.bounds.overlaps(&quiet.room)) {
            let told = format!("“{}”", quote(patch.placement));
            tell("text-on-mark", patch.placement, Some(quiet.placement), deepest(&patch.glyphs, &room), told);
        }
        for seal in page.seals.iter().filter(|seal| seal.visible().overlaps(&quiet.room)) {
            let depth = Quad::of(seal.visible()).depth(&room[0]);
            let told = document.master.seal_roles.get(usize::from(seal.role)).cloned().unwrap_or_default();
            tell("seal-on-mark", quiet.placement, None, depth, format!("the seal of the {told}"));
        }
    }
    seen
}

/// The marks among `items`.
fn quiets<'a>(items: &'a [Item], trace: &'a Trace) -> impl Iterator<Item = Quiet<'a>> {
    items.iter().filter_map(|item| {
        let placement = trace.of(item)?;
        let (PlacedKind::Mark(facts), ItemKind::Figure(mark)) = (placement.kind, &item.kind) else {
            return None;
        };
        let symbol = mark.figure.bounds()?;
        Some(Quiet { placement, room: symbol.outset(facts.module * mark::QUIET as i64) })
    })
}

/// How far any of `a` reaches into any of `b`.
fn deepest(a: &[Quad], b: &[Quad]) -> Length {
    let pairs = a.iter().flat_map(|a| b.iter().map(move |b| (a, b)));
    let meeting = pairs.filter(|(a, b)| a.bounds().overlaps(&b.bounds()));
    meeting.map(|(a, b)| a.depth(b)).max().unwrap_or(Length::ZERO)
}

fn is_before(a: &Placement, b: &Placement) -> bool {
    a.span.source.name == b.span.source.name && a.span.range.start < b.span.range.start
}

fn quote(placement: &Placement) -> &str {
    placement.words.as_ref().map_or("", |words| words.quote.as_str())
}
