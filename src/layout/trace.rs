//! The trace: which element painted what, and what was done to its words so that they fit.
//!
//! In: placements, one after another, while a layout is set. Out: [`Trace`], for those who judge the layout; who prints keeps none.
//! Invariant: [`Item::placement`] of an item, less one, is its placement's index. A placement that no item names was tried and given up.

use crate::compile::program::{Element, ElementKind, TextPlan};
use crate::diag::Span;
use crate::mark::Level;
use crate::page::Item;
use crate::text::{FaceId, Rung, Setting};
use crate::unit::Length;

/// Characters of a text that are quoted.
const QUOTED: usize = 24;

/// What was placed, in the order of placing.
#[derive(Debug, Default)]
pub struct Trace {
    placements: Vec<Placement>,
}

/// One element, or one cell, as it was placed once.
#[derive(Debug)]
pub struct Placement {
    /// Where the author wrote it.
    pub span: Span,
    /// What it is.
    pub kind: PlacedKind,
    /// How its words were set, if it has any.
    pub words: Option<SetWords>,
}

/// What was placed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PlacedKind {
    /// Words of a text or a cell.
    Text,
    /// A stamp, its frame included.
    Stamp,
    /// Words repeated over a box.
    Watermark,
    /// Shapes, art, the rules of a table.
    Drawing,
    /// A picture.
    Picture,
    /// A QR mark.
    Mark(MarkFacts),
}

/// How words were set.
#[derive(Clone, Debug, PartialEq)]
pub struct SetWords {
    /// How they begin.
    pub quote: String,
    /// The em that the layout asks for, of its largest characters.
    pub size: Length,
    /// Horizontal scale; 1 unless they were condensed.
    pub condense: f64,
    /// Set size over asked size; 1 unless they were shrunk.
    pub size_factor: f64,
    /// Whether they stand on one line and might yet take more.
    pub may_wrap: bool,
    /// How far the fit ladder lets them be condensed.
    pub least_condense: f64,
    /// How far the fit ladder lets them be shrunk.
    pub least_size_factor: f64,
    /// Characters that the face asked for lacks, with that face and the one they came from.
    pub foreign: Vec<(char, FaceId, FaceId)>,
}

/// What decides whether a mark can be read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkFacts {
    /// What its content takes, in bits.
    pub bits: usize,
    /// 1 to 27.
    pub version: u8,
    /// Error correction.
    pub level: Level,
    /// Side of a module.
    pub module: Length,
    /// Side of the square that the layout gives it.
    pub side: Length,
}

impl Trace {
    /// What painted `item`, if it was traced.
    pub fn of(&self, item: &Item) -> Option<&Placement> {
        self.placements.get((item.placement as usize).checked_sub(1)?)
    }

    fn add(&mut self, placement: Placement) -> u32 {
        self.placements.push(placement);
        u32::try_from(self.placements.len()).unwrap_or(0)
    }

    /// `element` has painted `items`, some of which its parts have placed already.
    pub(super) fn element(&mut self, element: &Element, items: &mut [Item]) {
        let kind = match element.kind {
            ElementKind::Stamp(_) => PlacedKind::Stamp,
            ElementKind::Watermark(_) => PlacedKind::Watermark,
            ElementKind::Image(_) => PlacedKind::Picture,
            _ => PlacedKind::Drawing,
        };
        let mut own = None;
        for item in items {
            if item.placement == 0 {
                let add = || self.add(Placement { span: element.span.clone(), kind, words: None });
                item.placement = *own.get_or_insert_with(add);
            } else if matches!(kind, PlacedKind::Stamp | PlacedKind::Watermark)
                && let Some(part) = self.placements.get_mut(item.placement as usize - 1)
            {
                part.kind = kind;
            }
        }
    }

    /// The words of `plan` have been painted as `items`.
    pub(super) fn words(&mut self, plan: &TextPlan, setting: &Setting, items: &mut [Item]) {
        let size = plan.pieces.iter().map(|piece| piece.style.size).max().unwrap_or_default();
        let mut foreign = Vec::new();
        for run in &setting.runs {
            let piece = run.tag.and_then(|tag| plan.pieces.get(usize::from(tag)));
            if let Some(asked) = piece.map(|piece| piece.style.face).filter(|asked| *asked != run.face) {
                foreign.extend(run.text.chars().map(|c| (c, asked, run.face)));
            }
        }
        let least = |part: fn(&Rung, Length) -> Option<f64>| {
            plan.block.fit.rungs.iter().filter_map(|rung| part(rung, size)).fold(1.0, f64::min)
        };
        let words = SetWords {
            quote: setting.runs.iter().flat_map(|run| run.text.chars()).take(QUOTED).collect(),
            size,
            condense: setting.fitted.condense,
            size_factor: setting.fitted.size_factor,
            may_wrap: setting.lines.len() <= 1 && plan.block.fit.rungs.contains(&Rung::Wrap),
            least_condense: least(|rung, _| match rung {
                Rung::Condense(narrowest) => Some(*narrowest),
                _ => None,
            }),
            least_size_factor: least(|rung, size| match rung {
                Rung::Shrink(floor) => Some(floor.ratio(size)),
                _ => None,
            }),
            foreign,
        };
        let placement = Placement { span: plan.span.clone(), kind: PlacedKind::Text, words: Some(words) };
        let placement = self.add(placement);
        items.iter_mut().for_each(|item| item.placement = placement);
    }

    /// The mark that `span` asks for has been painted as `item`.
    pub(super) fn mark(&mut self, span: &Span, facts: MarkFacts, item: &mut Item) {
        let kind = PlacedKind::Mark(facts);
        item.placement = self.add(Placement { span: span.clone(), kind, words: None });
    }
}
