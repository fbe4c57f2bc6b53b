//! Tables in a flow: rows until the page is full, between a head and a foot on each.
//!
//! In: a table and a [`Flow`]. Out: the flow, filled.
//! Invariant: rows that a cell joins stay together; the room for the foot is kept free from the beginning.

use super::super::error::{LayoutError, LayoutErrorKind};
use super::super::flow::Flow;
use super::super::place::Placer;
use super::{Band, Line, Table};
use crate::compile::expression::scope::{PageFacts, Scope};
use crate::compile::program::{Element, TablePlan};
use crate::geom::Point;
use crate::unit::Length;

/// What of a table stands on the present page.
struct Fragment<'p> {
    head: Band<'p>,
    body: Vec<Band<'p>>,
    /// Of head and body.
    height: Length,
    /// Kept free for the foot.
    foot: Length,
}

impl Placer<'_> {
    /// A table from where the flow is filled, on as many pages as it takes.
    pub(in super::super) fn flow_table(
        &mut self,
        block: &Element,
        plan: &TablePlan,
        scope: &Scope<'_>,
        flow: &mut Flow,
    ) -> Result<(), LayoutError> {
        let here = scope.on(flow.facts());
        let [head, body, foot] = [&plan.head, &plan.body, &plan.foot].map(|rows| self.lines(rows, &here));
        let (head, body, foot) = (head?, body?, foot?);
        let edges = self.edges(&block.span, plan, head.iter().chain(&body).chain(&foot), &here)?;
        let table = Table { plan, edges };
        let total = body.iter().filter(|line| line.turn.is_some()).count();
        let mut fragment = self.fragment(&table, scope, flow, total)?;
        for unit in units(&body) {
            let mut band = self.band(&table, unit, &scope.on(flow.facts()))?;
            if !flow.fits(fragment.height + band.height() + fragment.foot) {
                if !fragment.body.is_empty() {
                    self.close(block, &table, fragment, scope, flow)?;
                    flow.next_page().map_err(|kind| self.error(&block.span, None, kind))?;
                } else {
                    // The head stands alone so far: it goes along, if there is another page for both.
                    let needed = fragment.height + band.height() + fragment.foot;
                    flow.make_room(needed).map_err(|kind| self.in_unit(unit, kind))?;
                }
                fragment = self.fragment(&table, scope, flow, total)?;
                band = self.band(&table, unit, &scope.on(flow.facts()))?;
                let needed = fragment.height + band.height() + fragment.foot;
                flow.make_room(needed).map_err(|kind| self.in_unit(unit, kind))?;
            }
            flow.sheet().rows += unit.iter().filter(|line| line.turn.is_some()).count();
            fragment.height += band.height();
            fragment.body.push(band);
        }
        if !flow.fits(fragment.height + fragment.foot) {
            let needed = fragment.height + fragment.foot;
            flow.make_room(needed).map_err(|kind| self.error(&block.span, None, kind))?;
            fragment = self.fragment(&table, scope, flow, total)?;
        }
        self.close(block, &table, fragment, scope, flow)
    }

    /// The table's head at the top of what is left of a page, and the room for its foot. `total` rows are the most that
    /// the foot may speak of.
    fn fragment<'p>(
        &mut self,
        table: &Table<'p>,
        scope: &Scope<'_>,
        flow: &Flow,
        total: usize,
    ) -> Result<Fragment<'p>, LayoutError> {
        let here = scope.on(flow.facts());
        let head = self.lines(&table.plan.head, &here)?;
        let head = self.band(table, &head, &here)?;
        let facts = flow.facts();
        let widest = PageFacts { rows: total, rows_so_far: facts.rows_so_far + total, ..facts };
        let widest = scope.on(widest);
        let foot = self.lines(&table.plan.foot, &widest)?;
        let foot = self.band(table, &foot, &widest)?;
        Ok(Fragment { height: head.height(), head, body: Vec::new(), foot: foot.height() })
    }

    /// Sets the foot, paints what stands on the present page, and fills the flow by it.
    fn close(
        &mut self,
        block: &Element,
        table: &Table<'_>,
        fragment: Fragment<'_>,
        scope: &Scope<'_>,
        flow: &mut Flow,
    ) -> Result<(), LayoutError> {
        let here = scope.on(flow.facts());
        let foot = self.lines(&table.plan.foot, &here)?;
        let foot = self.band(table, &foot, &here)?;
        let needed = fragment.height + foot.height();
        if !flow.fits(needed) {
            let kind = LayoutErrorKind::TallerThanFlow { needed, available: flow.room() };
            return Err(self.error(&block.span, None, kind));
        }
        let corner = Point::new(table.plan.origin.x, flow.y);
        flow.y += needed;
        let sections: [&[Band<'_>]; 3] = [&[fragment.head], &fragment.body, &[foot]];
        self.paint_table(table, corner, &sections, &mut flow.sheet().items);
        Ok(())
    }

    /// What is wrong with rows that belong together.
    fn in_unit(&self, unit: &[Line<'_>], kind: LayoutErrorKind) -> LayoutError {
        let first = unit[0];
        let error = self.error(&first.plan.span, None, kind);
        match first.turn {
            Some(turn) => error.in_row(self.field_name(turn.list), turn.row),
            None => error,
        }
    }
}

/// `lines` cut wherever no cell spans the cut.
fn units<'l, 'p>(lines: &'l [Line<'p>]) -> Vec<&'l [Line<'p>]> {
    let mut units = Vec::with_capacity(lines.len());
    let (mut start, mut end) = (0, 0);
    for i in 0..lines.len() {
        let spans = lines[i].plan.cells.iter().map(|cell| i + super::band::rows(&lines[i..], cell));
        end = end.max(spans.max().unwrap_or(0)).max(i + 1);
        if end == i + 1 {
            units.push(&lines[start..end]);
            start = end;
        }
    }
    units
}
