//! The rows of a table's head, body or foot, and what their cells hold.
//!
//! In: `row` and `cell` elements. Out: [`RowPlan`]s whose cells cover every place once.

use super::super::text::Words;
use super::{CellStyle, Columns, MAX_COLUMNS};
use crate::compile::Compiler;
use crate::compile::place::Place;
use crate::compile::program::{CellContent, CellPlan, Element, RowHeight, RowPlan, TextPlan};
use crate::diag::Diagnostic;
use crate::geom::{Point, Rect, Size};
use crate::template::tree::{Child, Node};
use crate::template::vocabulary::Tag;
use crate::text::TextBlock;
use crate::unit::Length;

/// The most rows that a layout's author writes into one table.
const MAX_ROWS: usize = 1000;

impl Compiler<'_> {
    /// The rows in `node`; `section` is the head or foot that they stand in, if one.
    pub(super) fn section(
        &mut self,
        node: &Node,
        place: &Place,
        columns: &Columns,
        section: Option<&Node>,
        usual: RowHeight,
    ) -> Vec<RowPlan> {
        let mut within = |style: &CellStyle| match section {
            Some(section) => self.cell_style(section, place, style),
            None => style.clone(),
        };
        let common = within(&columns.common);
        let styles: Vec<CellStyle> = columns.styles.iter().map(within).collect();
        let nodes: Vec<&Node> = node.nodes_of(Tag::Row).collect();
        if nodes.len() > MAX_ROWS {
            self.report.push(node.error(format!("the table has more than {MAX_ROWS} rows")));
            return Vec::new();
        }
        let heights: Vec<RowHeight> = nodes
            .iter()
            .map(|row| {
                let says = row.attribute("height").is_some() || row.attribute("min-height").is_some();
                if says {
                    self.row_height(row, place, "height", "min-height", place.look.size)
                } else {
                    usual
                }
            })
            .collect();
        let mut grid = Grid { covered: vec![0; styles.len()] };
        let mut rows = Vec::new();
        let mut never = Vec::new();
        for (i, row) in nodes.iter().enumerate() {
            // Conditions around the table are the table's own.
            let outside = Place { when: Vec::new(), ..place.clone() };
            let (list, inside) = match self.repeated(row, &outside) {
                Some((list, inside)) => (Some(list), inside),
                None => (None, outside),
            };
            let at_least = match row.attribute("at-least") {
                Some(_) => self.count(row, "at-least", place, MAX_ROWS),
                None => 0,
            };
            if let (Some(blank), None) = (row.attribute("at-least"), list) {
                let error = Diagnostic::error(blank.name_span.clone(), "at-least has no effect without for");
                self.report.push(error.hint("remove it"));
            }
            let mut inside = self.under_condition(row, &inside);
            never.push(inside.is_off && !place.is_off);
            let when = std::mem::take(&mut inside.when);
            let mut cells = Vec::new();
            for cell in row.nodes() {
                if !self.admits(cell) {
                    return rows;
                }
                let columns_covered = self.count(cell, "colspan", place, MAX_COLUMNS);
                let rows_covered = self.count(cell, "rowspan", place, MAX_ROWS);
                let Some(column) = self.place_cell(cell, &mut grid, columns_covered, rows_covered) else {
                    continue;
                };
                if rows_covered > 1 && row.attribute("for").is_some() {
                    let error = cell.error("a cell of a repeated row spans one row");
                    let hint =
                        "begin it in a row above: one that spans a repeated row spans all its repetitions";
                    self.report.push(error.hint(hint));
                    continue;
                }
                if rows_covered > nodes.len() - i {
                    let message = format!("the cell spans more rows than there are: {rows_covered}");
                    let hint = format!("{} are left, this one included", nodes.len() - i);
                    self.report.push(cell.error(message).hint(hint));
                    continue;
                }
                let around = if columns_covered == 1 { &styles[column] } else { &common };
                let style = self.cell_style(row, &inside, around);
                let room = columns
                    .edges
                    .as_ref()
                    .zip(
                        exact(&heights[i..i + rows_covered])
                            .filter(|_| !spans_loop(&nodes[i..i + rows_covered])),
                    )
                    .map(|(e, height)| Size::new(e[column + columns_covered] - e[column], height));
                let style_of_cell = self.cell_style(cell, &inside, &style);
                let content = self.cell(cell, &inside, &style, &style_of_cell, room);
                cells.push(CellPlan {
                    span: cell.span.clone(),
                    column,
                    columns: columns_covered,
                    rows: rows_covered,
                    padding: style_of_cell.padding,
                    fill: style_of_cell.fill,
                    content,
                });
            }
            self.end_row(row, &mut grid);
            rows.push(RowPlan { span: row.span.clone(), list, at_least, when, height: heights[i], cells });
        }
        without(rows, &never)
    }

    /// The first column of a cell, the next that is free in its row.
    fn place_cell(&mut self, cell: &Node, grid: &mut Grid, columns: usize, rows: usize) -> Option<usize> {
        match grid.place(columns, rows) {
            Ok(column) => Some(column),
            Err(free) => {
                let total = grid.covered.len();
                let message = match free {
                    0 => "the row has more cells than columns are free".to_owned(),
                    _ => format!("the cell covers {columns} columns where {free} are free"),
                };
                let hint = format!("the table has {total}; cells that span rows from above take theirs");
                if total > 0 {
                    self.report.push(cell.error(message).hint(hint));
                }
                None
            }
        }
    }

    fn end_row(&mut self, row: &Node, grid: &mut Grid) {
        let (covered, total) = (grid.end_row(), grid.covered.len());
        if covered < total {
            let message = format!("the row's cells cover {covered} of {total} columns");
            let hint = "add cells, such as <cell/>, or widen one with colspan";
            self.report.push(row.error(message).hint(hint));
        }
    }

    /// What a cell holds; `outer` is what it inherits, `room` its size where that is known.
    fn cell(
        &mut self,
        node: &Node,
        place: &Place,
        outer: &CellStyle,
        style: &CellStyle,
        room: Option<Size>,
    ) -> CellContent {
        let is_inline = |tag: Tag| matches!(tag, Tag::Span | Tag::Underline | Tag::Break);
        let has_text = node.children.iter().any(|child| match child {
            Child::Text(text) => !text.text.trim().is_empty(),
            Child::Node(inner) => is_inline(inner.tag()),
        });
        let drawn = node.nodes().find(|inner| !is_inline(inner.tag()));
        match (has_text, drawn) {
            (false, None) => CellContent::Empty,
            (true, None) => {
                self.cell_text(node, place, outer, style).map_or(CellContent::Empty, CellContent::Text)
            }
            (true, Some(drawn)) => {
                let error = drawn.error(format!("{} stands beside text in a cell", drawn.spec.name));
                self.report
                    .push(error.hint("a cell holds either text or elements: put the text into <text>"));
                CellContent::Empty
            }
            (false, Some(_)) => CellContent::Elements(self.cell_elements(node, place, style, room)),
        }
    }

    fn cell_text(
        &mut self,
        node: &Node,
        place: &Place,
        outer: &CellStyle,
        style: &CellStyle,
    ) -> Option<TextPlan> {
        let Words { look, style: text, pieces } = self.words_in(node, place, &outer.look)?;
        let block = TextBlock {
            width: None,
            height: None,
            align: style.align,
            valign: style.valign,
            leading: look.leading,
            indent: self.indent(node, place, text.size),
            fit: style.fit.clone(),
        };
        Some(TextPlan { span: node.span.clone(), origin: Point::default(), block, pieces })
    }

    fn cell_elements(
        &mut self,
        node: &Node,
        place: &Place,
        style: &CellStyle,
        room: Option<Size>,
    ) -> Vec<Element> {
        let Some(room) = room else {
            let error = node.error("the size of a cell with elements must be known");
            self.report.push(error.hint("give its rows a height, and its columns a width other than auto"));
            return Vec::new();
        };
        let [down, across] = style.padding;
        let (width, height) = (room.width - across * 2, room.height - down * 2);
        if width <= Length::ZERO || height <= Length::ZERO {
            self.report.push(node.error("the padding leaves no room in the cell"));
            return Vec::new();
        }
        let inside = Place {
            frame: Rect::new(Length::ZERO, Length::ZERO, width, height),
            page: Size::new(width, height),
            paper: "cell",
            // The table as a whole is of an edition.
            only: None,
            flows: false,
            look: style.look.clone(),
            ..place.clone()
        };
        let mut elements = Vec::new();
        self.elements(node, &inside, &mut elements);
        self.refuse_seals(&elements, "a cell");
        elements
    }
}

/// Which places of the rows below are taken.
struct Grid {
    /// By column: how many rows, from the present one, are covered by a cell that started above or before.
    covered: Vec<usize>,
}

impl Grid {
    /// Takes the next free places for a cell; the error is how many columns are free there.
    fn place(&mut self, columns: usize, rows: usize) -> Result<usize, usize> {
        let first = self.covered.iter().position(|&c| c == 0).ok_or(0usize)?;
        let free = self.covered[first..].iter().take_while(|&&c| c == 0).count();
        let taken = columns.min(free);
        self.covered[first..first + taken].fill(rows);
        if columns > free { Err(free) } else { Ok(first) }
    }

    /// Goes to the next row; returns how many columns of this one are covered.
    fn end_row(&mut self) -> usize {
        let covered = self.covered.iter().filter(|&&c| c > 0).count();
        self.covered.iter_mut().for_each(|c| *c = c.saturating_sub(1));
        covered
    }
}

/// Whether one of several rows is repeated.
fn spans_loop(rows: &[&Node]) -> bool {
    rows.len() > 1 && rows.iter().any(|row| row.attribute("for").is_some())
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
