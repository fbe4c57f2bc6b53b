//! The cells of a row: which places they cover, and what they hold.
//!
//! In: `cell` elements, row by row. Out: [`CellPlan`]s.
//! Invariant: a cell begins at the first place that is free in its row, and covers none that another has.

use super::rows::{MAX_ROWS, Section, exact};
use super::{CellStyle, Columns, MAX_COLUMNS};
use crate::compile::Compiler;
use crate::compile::element::text::Words;
use crate::compile::place::Place;
use crate::compile::program::{CellContent, CellPlan, Element, TextPlan};
use crate::geom::{Point, Rect, Size};
use crate::template::tree::{Child, Node};
use crate::template::vocabulary::Tag;
use crate::text::TextBlock;
use crate::unit::Length;

/// The places that a cell covers, from its own row on.
#[derive(Clone, Copy)]
pub(super) struct Cover {
    column: usize,
    columns: usize,
    rows: usize,
}

impl Compiler<'_> {
    /// Which places a cell of row `i` covers; `None` after a mistake, which is reported.
    pub(super) fn cover(
        &mut self,
        cell: &Node,
        section: &Section,
        i: usize,
        place: &Place,
        grid: &mut Grid,
    ) -> Option<Cover> {
        let columns = self.count(cell, "colspan", place, MAX_COLUMNS);
        let rows = self.count(cell, "rowspan", place, MAX_ROWS);
        let column = self.place_cell(cell, grid, columns, rows)?;
        if rows > 1 && section.nodes[i].attribute("for").is_some() {
            let error = cell.error("a cell of a repeated row spans one row");
            let hint = "begin it in a row above: one that spans a repeated row spans all its repetitions";
            self.report.push(error.hint(hint));
            return None;
        }
        let left = section.nodes.len() - i;
        if rows > left {
            let error = cell.error(format!("the cell spans more rows than there are: {rows}"));
            self.report.push(error.hint(format!("{left} are left, this one included")));
            return None;
        }
        Some(Cover { column, columns, rows })
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

    pub(super) fn end_row(&mut self, row: &Node, grid: &mut Grid) {
        let (covered, total) = (grid.end_row(), grid.covered.len());
        if covered < total {
            let message = format!("the row's cells cover {covered} of {total} columns");
            let hint = "add cells, such as <cell/>, or widen one with colspan";
            self.report.push(row.error(message).hint(hint));
        }
    }

    /// A cell of row `i`, in the surroundings of that row.
    pub(super) fn cell(
        &mut self,
        node: &Node,
        section: &Section,
        i: usize,
        cover: Cover,
        place: &Place,
    ) -> CellPlan {
        let Cover { column, columns, rows } = cover;
        let Columns { common, styles, .. } = section.columns;
        let around = if columns == 1 { &styles[column] } else { common };
        let outer = self.cell_style(section.nodes[i], place, around);
        let style = self.cell_style(node, place, &outer);
        let content = self.cell_content(node, place, &outer, &style, section.room(i, cover));
        let (padding, fill) = (style.padding, style.fill);
        CellPlan { span: node.span.clone(), column, columns, rows, padding, fill, content }
    }

    /// What a cell holds; `outer` is what it inherits, `room` its size where that is known.
    fn cell_content(
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

impl Section<'_> {
    /// The size of a cell of row `i`, if no content decides it.
    fn room(&self, i: usize, Cover { column, columns, rows }: Cover) -> Option<Size> {
        let rows = i..i + rows;
        if spans_loop(&self.nodes[rows.clone()]) {
            return None;
        }
        let edges = self.columns.edges.as_ref()?;
        Some(Size::new(edges[column + columns] - edges[column], exact(&self.heights[rows])?))
    }
}

/// Which places of the rows below are taken.
pub(super) struct Grid {
    /// By column: how many rows, from the present one, are covered by a cell that started above or before.
    covered: Vec<usize>,
}

impl Grid {
    pub(super) fn new(columns: usize) -> Grid {
        Grid { covered: vec![0; columns] }
    }

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
