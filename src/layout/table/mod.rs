//! Tables: column widths, then rows, then grounds, contents and rules.
//!
//! In: a [`TablePlan`] and a scope. Out: page items.
//! Invariant: what a cell holds lies within it, every rule is drawn once, and a row is read aloud as one.

mod band;
mod columns;
mod flow;
mod rules;

use super::error::{LayoutError, LayoutErrorKind};
use super::place::Placer;
use crate::compile::expression::scope::{Scope, Turn};
use crate::compile::program::{Element, RowHeight, RowPlan, TablePlan};
use crate::geom::{Affine, Path, Point, Rect};
use crate::page::{Fill, FillRule, Item, ItemKind, PathItem, Role};
use crate::unit::{Length, TOLERANCE};

use band::{Band, Body};

/// A table whose columns have their widths.
pub(super) struct Table<'p> {
    plan: &'p TablePlan,
    /// The columns' left edges and the last one's right edge, from the table's left edge.
    edges: Vec<Length>,
}

/// A row that is there.
#[derive(Clone, Copy)]
pub(super) struct Line<'p> {
    plan: &'p RowPlan,
    /// Its number among the plans of its section.
    number: usize,
    /// The row of a list that it shows.
    turn: Option<Turn>,
    /// It only fills up the table.
    is_blank: bool,
}

impl<'a> Placer<'a> {
    /// A whole table in its place.
    pub(super) fn table(
        &mut self,
        element: &Element,
        plan: &TablePlan,
        scope: &Scope<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), LayoutError> {
        let span = &element.span;
        let sections = [&plan.head, &plan.body, &plan.foot];
        let [head, body, foot] = sections.map(|rows| self.lines(rows, scope));
        let sections = [head?, body?, foot?];
        let edges = self.edges(span, plan, sections.iter().flatten(), scope)?;
        let table = Table { plan, edges };
        let mut bands = Vec::new();
        for lines in &sections {
            bands.push(self.band(&table, lines, scope)?);
        }
        table.stretch(&mut bands).map_err(|kind| self.error(span, None, kind))?;
        let sections: Vec<&[Band<'_>]> = bands.chunks(1).collect();
        self.paint_table(&table, plan.origin, &sections, items);
        Ok(())
    }

    /// The rows of a section that are there.
    fn lines<'p>(&mut self, rows: &'p [RowPlan], scope: &Scope<'_>) -> Result<Vec<Line<'p>>, LayoutError> {
        let mut lines = Vec::with_capacity(rows.len());
        for (number, plan) in rows.iter().enumerate() {
            let turns = match plan.list {
                None => vec![None],
                Some(list) => (0..scope.rows(list)).map(|row| Some(Turn { list, row })).collect(),
            };
            let first = lines.len();
            for turn in turns {
                if self
                    .in_turn(turn, scope, |placer, scope| placer.all_hold(&plan.span, &plan.when, scope))?
                {
                    lines.push(Line { plan, number, turn, is_blank: false });
                }
            }
            while lines.len() < first + plan.at_least {
                lines.push(Line { plan, number, turn: None, is_blank: true });
            }
        }
        Ok(lines)
    }

    /// Paints head, body and foot, each in one or more bands, from `corner` downwards: grounds, then what the cells hold,
    /// then rules.
    fn paint_table(
        &mut self,
        table: &Table<'_>,
        corner: Point,
        sections: &[&[Band<'_>]],
        items: &mut Vec<Item>,
    ) {
        let mut ys = vec![Length::ZERO];
        let rows = |section: &&[Band<'_>]| section.iter().map(|band| band.heights.len()).sum::<usize>();
        let section_ends = sections.iter().map(rows).scan(0, |end, rows| {
            *end += rows;
            Some(*end)
        });
        let section_ends: Vec<usize> = section_ends.collect();
        let mut owners = rules::Owners::new(table.edges.len() - 1);
        let mut grounds: Vec<(crate::color::Color, Path)> = Vec::new();
        let mut contents = Vec::new();
        for band in sections.iter().copied().flatten() {
            let first = ys.len() - 1;
            for height in &band.heights {
                ys.push(ys[ys.len() - 1] + *height);
            }
            let mut row = None;
            for (cell, number) in band.cells.iter().zip(1..) {
                if row.replace(cell.row) != Some(cell.row) {
                    self.begin(Role::Paragraph);
                }
                self.cell = Some(number);
                let rows = first + cell.row..first + cell.row + cell.rows;
                let columns = cell.plan.column..cell.plan.column + cell.plan.columns;
                let rect = Rect::from_corners(
                    corner.shift(table.edges[columns.start], ys[rows.start]),
                    corner.shift(table.edges[columns.end], ys[rows.end]),
                );
                owners.take(rows, columns);
                if let Some(color) = cell.plan.fill {
                    let ground = Path::rect(rect).segments;
                    match grounds.iter_mut().find(|(other, _)| *other == color) {
                        Some((_, path)) => path.segments.extend(ground),
                        None => grounds.push((color, Path { segments: ground })),
                    }
                }
                self.paint_cell(cell, rect, &mut contents);
            }
        }
        self.cell = None;
        items.extend(grounds.into_iter().map(|(color, path)| {
            let fill = Some(Fill { color, rule: FillRule::NonZero });
            Item::from(ItemKind::Path(PathItem { path, fill, stroke: None }))
        }));
        items.append(&mut contents);
        let lines = rules::Lines { corner, xs: &table.edges, ys: &ys, section_ends: &section_ends };
        let drawn = lines.draw(&table.plan.rules, &owners);
        items.extend(drawn.into_iter().map(|path| Item::from(ItemKind::Path(path))));
    }

    fn paint_cell(&mut self, cell: &band::SetCell<'_>, rect: Rect, items: &mut Vec<Item>) {
        let [down, across] = cell.plan.padding;
        let corner = rect.origin().shift(across, down);
        match &cell.body {
            Body::Empty => {}
            Body::Text(plan, setting) => {
                use crate::text::VAlign::{Bottom, Middle, Top};
                let spare = rect.height - down * 2 - setting.height;
                let shift = match plan.block.valign {
                    Top => Length::ZERO,
                    Middle => spare / 2,
                    Bottom => spare,
                };
                self.paint(plan, setting, &Affine::shift(corner.x, corner.y + shift), items);
            }
            Body::Items(placed) => {
                let (row, number) = (self.part, self.cell.unwrap_or_default());
                items.extend(placed.iter().cloned().map(|mut item| {
                    item.shift(corner.x, corner.y);
                    item.part.iter_mut().for_each(|part| (part.number, part.cell) = (row, number));
                    item
                }));
            }
        }
    }
}

impl Table<'_> {
    /// Gives what the table's height leaves to the rows without one of their own.
    fn stretch(&self, bands: &mut [Band<'_>]) -> Result<(), LayoutErrorKind> {
        let needed: Length = bands.iter().flat_map(|band| &band.heights).copied().sum();
        let available = self.plan.height.unwrap_or(self.plan.room.y);
        if needed > available + TOLERANCE {
            return Err(LayoutErrorKind::TableTooTall { needed, available });
        }
        let Some(height) = self.plan.height else { return Ok(()) };
        let mut growing: Vec<&mut Length> = bands
            .iter_mut()
            .flat_map(|band| band.heights.iter_mut().zip(&band.lines))
            .filter(|(_, line)| matches!(line.plan.height, RowHeight::AtLeast(_)))
            .map(|(height, _)| height)
            .collect();
        let (spare, count) = (height - needed, growing.len() as i64);
        for (i, height) in growing.iter_mut().enumerate() {
            // What is left after whole parts goes to the first rows, a grid unit each.
            let i = i as i64;
            **height += Length::from_raw(spare.raw() * (i + 1) / count - spare.raw() * i / count);
        }
        Ok(())
    }
}
