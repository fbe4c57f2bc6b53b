//! The rows of a table's head, body or foot.
//!
//! In: `row` elements. Out: [`RowPlan`]s whose cells cover every place once.

use super::Columns;
use super::cells::Grid;
use crate::compile::Compiler;
use crate::compile::place::Place;
use crate::compile::program::{RowHeight, RowPlan};
use crate::diag::Diagnostic;
use crate::template::tree::Node;
use crate::template::vocabulary::Tag;
use crate::unit::Length;

/// The most rows that a layout's author writes into one table.
pub(super) const MAX_ROWS: usize = 1000;

/// The rows of a head, body or foot while they compile.
pub(super) struct Section<'n> {
    pub(super) columns: &'n Columns,
    pub(super) nodes: Vec<&'n Node>,
    /// Of each row.
    pub(super) heights: Vec<RowHeight>,
}

impl Compiler<'_> {
    /// The rows in `node`, which is the table, or its head or foot; `usual` is the height of those that say none.
    pub(super) fn rows(
        &mut self,
        node: &Node,
        place: &Place,
        columns: &Columns,
        usual: RowHeight,
    ) -> Vec<RowPlan> {
        let nodes: Vec<&Node> = node.nodes_of(Tag::Row).collect();
        if nodes.len() > MAX_ROWS {
            self.report.push(node.error(format!("the table has more than {MAX_ROWS} rows")));
            return Vec::new();
        }
        let height = |row: &&Node| {
            let says = row.attribute("height").is_some() || row.attribute("min-height").is_some();
            if says { self.row_height(row, place, "height", "min-height", place.look.size) } else { usual }
        };
        let heights = nodes.iter().map(height).collect();
        let section = Section { columns, nodes, heights };
        let mut grid = Grid::new(columns.styles.len());
        let (mut rows, mut never) = (Vec::new(), Vec::new());
        for i in 0..section.nodes.len() {
            let Some((row, is_never)) = self.row(&section, i, place, &mut grid) else { break };
            rows.push(row);
            never.push(is_never);
        }
        without(rows, &never)
    }

    /// Row `i`, and whether it is there for no record; `None` if there are too many cells, which is reported.
    fn row(
        &mut self,
        section: &Section,
        i: usize,
        place: &Place,
        grid: &mut Grid,
    ) -> Option<(RowPlan, bool)> {
        let node = section.nodes[i];
        // Conditions around the table are the table's own.
        let outside = Place { when: Vec::new(), ..place.clone() };
        let (list, inside) = match self.repeated(node, &outside) {
            Some((list, inside)) => (Some(list), inside),
            None => (None, outside),
        };
        let at_least = self.at_least(node, place, list.is_some());
        let mut inside = self.under_condition(node, &inside);
        let is_never = inside.is_off && !place.is_off;
        let when = std::mem::take(&mut inside.when);
        let mut cells = Vec::new();
        for cell in node.nodes() {
            if !self.admits(cell) {
                return None;
            }
            if let Some(cover) = self.cover(cell, section, i, place, grid) {
                cells.push(self.cell(cell, section, i, cover, &inside));
            }
        }
        self.end_row(node, grid);
        let height = section.heights[i];
        Some((RowPlan { span: node.span.clone(), list, at_least, when, height, cells }, is_never))
    }

    /// How many rows a repeated one is filled up to.
    fn at_least(&mut self, row: &Node, place: &Place, is_repeated: bool) -> usize {
        let Some(attribute) = row.attribute("at-least") else { return 0 };
        let count = self.count(row, "at-least", place, MAX_ROWS);
        if !is_repeated {
            let error = Diagnostic::error(attribute.name_span.clone(), "at-least has no effect without for");
            self.report.push(error.hint("remove it"));
        }
        count
    }
}

/// The rows that are there for some record; cells that span one that never is span one less.
fn without(rows: Vec<RowPlan>, never: &[bool]) -> Vec<RowPlan> {
    let shrink = |(i, mut row): (usize, RowPlan)| {
        for cell in &mut row.cells {
            let gone = never[i..(i + cell.rows).min(never.len())].iter().filter(|&&n| n).count();
            cell.rows -= gone.min(cell.rows - 1);
        }
        row
    };
    let rows = rows.into_iter().enumerate().filter(|(i, _)| !never[*i]);
    rows.map(shrink).collect()
}

/// The sum of `heights`, if each is exact.
pub(super) fn exact(heights: &[RowHeight]) -> Option<Length> {
    let one = |height: &RowHeight| match height {
        RowHeight::Exact(length) => Some(*length),
        RowHeight::AtLeast(_) => None,
    };
    heights.iter().map(one).sum()
}
