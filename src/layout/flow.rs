//! Flows: what runs down a box, and on through further pages.
//!
//! In: the pages of a program and a scope. Out: for each page the [`Sheet`]s that it becomes.
//! Invariant: a page breaks between rows or lines, never within one; what is taller than a whole box is an error.

use super::error::{LayoutError, LayoutErrorKind};
use super::place::Placer;
use crate::compile::expression::scope::{PageFacts, Scope};
use crate::compile::program::{ElementKind, FlowPlan, PagePlan, TextPlan};
use crate::geom::{Affine, Rect};
use crate::page::Item;
use crate::text::{Line, Setting};
use crate::unit::{Length, TOLERANCE};

/// The most pages of a document.
const MAX_PAGES: usize = 2000;

/// How often pages are laid again because a head or foot speaks of how many there are.
const MAX_PASSES: usize = 4;

/// One page of a sequence: what its flow holds.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    pub(super) items: Vec<Item>,
    /// How many rows of lists stand on it.
    pub(super) rows: usize,
}

/// A flow while it is laid.
pub(super) struct Flow {
    pub(super) rect: Rect,
    /// The last one is being filled.
    pub(super) sheets: Vec<Sheet>,
    /// How far down it is filled.
    pub(super) y: Length,
    /// Pages before its first.
    before: usize,
    /// How many pages it is thought to have, and the document.
    expected: (usize, usize),
}

impl Placer<'_> {
    /// The sheets of every page, one for a page without a flow; nothing if none has one.
    pub(super) fn sequences(
        &mut self,
        pages: &[PagePlan],
        scope: &Scope<'_>,
    ) -> Result<Vec<Vec<Sheet>>, LayoutError> {
        if pages.iter().all(|page| page.flow.is_none()) {
            return Ok(Vec::new());
        }
        let mut expected = vec![1; pages.len()];
        for _ in 0..MAX_PASSES {
            let images = self.images.len();
            let count = expected.iter().sum();
            let (mut laid, mut before, mut counts_pages) = (Vec::with_capacity(pages.len()), 0, false);
            for (page, expected) in pages.iter().zip(&expected) {
                let mut sheets = vec![Sheet::default()];
                if let Some(element) = page.flow.and_then(|at| page.elements.get(at))
                    && let ElementKind::Flow(plan) = &element.kind
                {
                    counts_pages |= plan.counts_pages;
                    let flow = Flow::new(plan, before, (*expected, count));
                    // It is there on all pages of its sequence, or on none: the first one decides.
                    if self.shown(element, &scope.on(flow.facts()))? {
                        sheets = self.flow(plan, scope, flow)?;
                    }
                }
                before += sheets.len();
                laid.push(sheets);
            }
            let lengths: Vec<usize> = laid.iter().map(Vec::len).collect();
            if !counts_pages || lengths == expected {
                return Ok(laid);
            }
            expected = lengths;
            self.images.truncate(images);
        }
        Err(LayoutError::of_document(LayoutErrorKind::Unsettled))
    }

    fn flow(
        &mut self,
        plan: &FlowPlan,
        scope: &Scope<'_>,
        mut flow: Flow,
    ) -> Result<Vec<Sheet>, LayoutError> {
        for block in &plan.elements {
            let here = scope.on(flow.facts());
            if !self.shown(block, &here)? {
                continue;
            }
            match &block.kind {
                // Room at the top of a further page would only look like a mistake.
                ElementKind::Space(height) if !flow.is_fresh() || flow.sheets.len() == 1 => flow.y += *height,
                ElementKind::Text(text) => {
                    let setting = self.set(&block.span, text, &text.block, &here)?;
                    match text.block.height {
                        Some(height) => self.flow_box(text, &setting, height, &mut flow),
                        None => self.flow_lines(text, &setting, &mut flow),
                    }
                    .map_err(|kind| self.error(&block.span, None, kind))?;
                }
                ElementKind::Table(table) => self.flow_table(block, table, scope, &mut flow)?,
                _ => {}
            }
        }
        Ok(flow.sheets)
    }

    /// A text whose box has a height: it stays together.
    fn flow_box(
        &mut self,
        plan: &TextPlan,
        setting: &Setting,
        height: Length,
        flow: &mut Flow,
    ) -> Result<(), LayoutErrorKind> {
        flow.make_room(height)?;
        let shift = Affine::shift(plan.origin.x, flow.y);
        self.paint(plan, setting, &shift, flow.items());
        flow.y += height;
        Ok(())
    }

    /// A text that goes on where the next page begins.
    fn flow_lines(
        &mut self,
        plan: &TextPlan,
        setting: &Setting,
        flow: &mut Flow,
    ) -> Result<(), LayoutErrorKind> {
        let mut from = 0;
        while let Some(first) = setting.lines.get(from) {
            let height_to = |line: &Line| line.bottom() - first.top();
            let fitting = setting.lines[from..].iter().take_while(|line| flow.fits(height_to(line))).count();
            if fitting == 0 {
                flow.make_room(height_to(first))?;
                continue;
            }
            let to = from + fitting;
            let shift = Affine::shift(plan.origin.x, flow.y - first.top());
            self.paint(plan, &setting.lines_in(from..to), &shift, flow.items());
            flow.y += height_to(&setting.lines[to - 1]);
            from = to;
            if from < setting.lines.len() {
                flow.next_page()?;
            }
        }
        Ok(())
    }
}

impl Flow {
    /// An empty one, after `before` pages; `expected` is how many pages it is thought to have, and the document.
    fn new(plan: &FlowPlan, before: usize, expected: (usize, usize)) -> Flow {
        Flow { rect: plan.rect, sheets: vec![Sheet::default()], y: plan.rect.y, before, expected }
    }

    /// What is known of the present page.
    pub(super) fn facts(&self) -> PageFacts {
        let (length, count) = self.expected;
        PageFacts {
            number: self.before + self.sheets.len(),
            count,
            first: self.sheets.len() == 1,
            last: self.sheets.len() == length,
            rows: self.sheets.last().map_or(0, |sheet| sheet.rows),
            rows_so_far: self.sheets.iter().map(|sheet| sheet.rows).sum(),
        }
    }

    /// How much room is left on the present page.
    pub(super) fn room(&self) -> Length {
        self.rect.bottom() - self.y
    }

    pub(super) fn fits(&self, height: Length) -> bool {
        height <= self.room() + TOLERANCE
    }

    /// Whether nothing stands on the present page.
    pub(super) fn is_fresh(&self) -> bool {
        self.y == self.rect.y
    }

    /// Goes to the next page if this one has no room for `height`.
    pub(super) fn make_room(&mut self, height: Length) -> Result<(), LayoutErrorKind> {
        if self.fits(height) {
            return Ok(());
        }
        if self.is_fresh() {
            return Err(LayoutErrorKind::TallerThanFlow { needed: height, available: self.rect.height });
        }
        self.next_page()
    }

    pub(super) fn next_page(&mut self) -> Result<(), LayoutErrorKind> {
        if self.before + self.sheets.len() >= MAX_PAGES {
            return Err(LayoutErrorKind::TooManyPages(MAX_PAGES));
        }
        self.sheets.push(Sheet::default());
        self.y = self.rect.y;
        Ok(())
    }

    /// The present page.
    pub(super) fn sheet(&mut self) -> &mut Sheet {
        self.sheets.last_mut().expect("a flow has a page from the beginning")
    }

    fn items(&mut self) -> &mut Vec<Item> {
        &mut self.sheet().items
    }
}
