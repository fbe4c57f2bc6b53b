//! Rows set one below the other: how tall each is, and what its cells hold.
//!
//! In: rows of one section. Out: a [`Band`], which knows nothing of where on a page it will stand.

use super::super::error::LayoutError;
use super::super::place::Placer;
use super::{Line, Table};
use crate::compile::expression::scope::Scope;
use crate::compile::program::{CellContent, CellPlan, RowHeight, TextPlan};
use crate::geom::Rect;
use crate::page::Item;
use crate::text::{Setting, TextBlock, VAlign};
use crate::unit::Length;

/// Rows that have been set.
pub(super) struct Band<'p> {
    pub(super) lines: Vec<Line<'p>>,
    /// By row.
    pub(super) heights: Vec<Length>,
    pub(super) cells: Vec<SetCell<'p>>,
}

/// A cell that has been set.
pub(super) struct SetCell<'p> {
    pub(super) plan: &'p CellPlan,
    /// The first of its rows in the band.
    pub(super) row: usize,
    /// How many rows of the band it covers.
    pub(super) rows: usize,
    pub(super) body: Body<'p>,
}

/// What a cell holds.
pub(super) enum Body<'p> {
    Empty,
    /// Set from its top, in its width less the padding.
    Text(&'p TextPlan, Setting),
    /// Placed relative to its corner, padding excluded.
    Items(Vec<Item>),
}

impl Placer<'_> {
    /// Sets `lines`, the rows of one section or some that no cell joins to others.
    pub(super) fn band<'p>(
        &mut self,
        table: &Table<'p>,
        lines: &[Line<'p>],
        scope: &Scope<'_>,
    ) -> Result<Band<'p>, LayoutError> {
        let mut cells = Vec::new();
        for (row, line) in lines.iter().enumerate() {
            for plan in &line.plan.cells {
                let rows = rows(&lines[row..], plan);
                let exact = exact_height(&lines[row..row + rows]);
                let body = match line.is_blank {
                    true => Body::Empty,
                    false => self
                        .in_turn(line.turn, scope, |placer, scope| placer.body(table, plan, exact, scope))?,
                };
                cells.push(SetCell { plan, row, rows, body });
            }
        }
        let heights = heights(lines, &cells);
        Ok(Band { lines: lines.to_vec(), heights, cells })
    }

    /// What `plan` holds; `exact` is the cell's height if its rows have one.
    fn body<'p>(
        &mut self,
        table: &Table<'p>,
        plan: &'p CellPlan,
        exact: Option<Length>,
        scope: &Scope<'_>,
    ) -> Result<Body<'p>, LayoutError> {
        let [down, across] = plan.padding;
        match &plan.content {
            CellContent::Empty => Ok(Body::Empty),
            CellContent::Text(text) => {
                let width = table.edges[plan.column + plan.columns] - table.edges[plan.column];
                let block = TextBlock {
                    width: Some((width - across * 2).max(Length::ZERO)),
                    height: exact.map(|height| (height - down * 2).max(Length::ZERO)),
                    // Rows may yet grow: the cell puts the text in its place when it is painted.
                    valign: VAlign::Top,
                    ..text.block.clone()
                };
                Ok(Body::Text(text, self.set(&plan.span, text, &block, scope)?))
            }
            CellContent::Elements(elements) => {
                let mut items = Vec::new();
                for element in elements {
                    let before = items.len();
                    self.element(element, scope, &mut items)?;
                    if let Some(height) = exact {
                        let width = table.edges[plan.column + plan.columns] - table.edges[plan.column];
                        let room = Rect::new(-across, -down, width, height);
                        self.check_on(("cell", room), &element.span, &items[before..])?;
                    }
                }
                Ok(Body::Items(items))
            }
        }
    }
}

/// How many of `lines`, in the first of which it starts, a cell spans: one of a repeated row spans that alone, one from above
/// spans all its repetitions.
pub(super) fn rows(lines: &[Line<'_>], cell: &CellPlan) -> usize {
    match (cell.rows, lines.first()) {
        (2.., Some(first)) => lines.iter().take_while(|l| l.number < first.number + cell.rows).count(),
        _ => 1,
    }
}

impl Band<'_> {
    /// How tall it is.
    pub(super) fn height(&self) -> Length {
        self.heights.iter().copied().sum()
    }
}

/// The height of these rows together, if each has one.
fn exact_height(lines: &[Line<'_>]) -> Option<Length> {
    let exact = |line: &Line<'_>| match line.plan.height {
        RowHeight::Exact(height) => Some(height),
        RowHeight::AtLeast(_) => None,
    };
    lines.iter().map(exact).sum()
}

/// How tall the rows are: those that may grow hold their cells, and the last of those that a cell spans holds what the
/// others leave of it.
fn heights(lines: &[Line<'_>], cells: &[SetCell<'_>]) -> Vec<Length> {
    let mut heights: Vec<Length> = lines
        .iter()
        .map(|line| match line.plan.height {
            RowHeight::Exact(height) | RowHeight::AtLeast(height) => height,
        })
        .collect();
    let mut by_span: Vec<&SetCell<'_>> = cells.iter().collect();
    by_span.sort_by_key(|cell| cell.rows);
    for cell in by_span {
        let rows = cell.row..cell.row + cell.rows;
        let needed = match &cell.body {
            Body::Text(_, setting) => setting.height + cell.plan.padding[0] * 2,
            Body::Empty | Body::Items(_) => continue,
        };
        let grows = |row: &usize| matches!(lines[*row].plan.height, RowHeight::AtLeast(_));
        if let Some(row) = rows.clone().rev().find(grows) {
            let missing = needed - heights[rows].iter().copied().sum();
            heights[row] += missing.max(Length::ZERO);
        }
    }
    heights
}
