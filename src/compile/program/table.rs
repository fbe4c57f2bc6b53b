//! A table as a program keeps it: columns, rows, cells, rules.
//!
//! Invariant: the cells of the rows of one section cover each of its places once; only how tall rows are, and how wide
//! columns of their content's width, is left to the setting.

use super::{Element, TextPlan};
use crate::color::Color;
use crate::compile::expression::content::Condition;
use crate::diag::Span;
use crate::geom::Point;
use crate::unit::{Length, TOLERANCE};

/// Rows of cells.
#[derive(Debug)]
pub struct TablePlan {
    /// The top left corner on the page.
    pub origin: Point,
    /// Of the whole, if the author said so.
    pub width: Option<Length>,
    /// Of the whole, if the author said so.
    pub height: Option<Length>,
    /// How wide and tall it may be: to the end of the surrounding box.
    pub room: Point,
    /// From the left; at least one.
    pub columns: Vec<ColumnPlan>,
    /// Above all others.
    pub head: Vec<RowPlan>,
    /// Between head and foot.
    pub body: Vec<RowPlan>,
    /// Below all others.
    pub foot: Vec<RowPlan>,
    /// The lines.
    pub rules: RulesPlan,
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnPlan {
    /// So much.
    Fixed(Length),
    /// So many shares of what the other columns leave.
    Share(f64),
    /// As wide as the widest of its cells that cover it alone, within these bounds.
    Content {
        /// The least.
        min: Length,
        /// The greatest.
        max: Option<Length>,
    },
}

/// One row.
#[derive(Debug)]
pub struct RowPlan {
    /// Where the author wrote it.
    pub span: Span,
    /// The list whose rows each have this one once.
    pub list: Option<usize>,
    /// Blank ones fill up to so many.
    pub at_least: usize,
    /// The row is there where all of these hold.
    pub when: Vec<Condition>,
    /// How tall it is.
    pub height: RowHeight,
    /// Those that start in it, from the left.
    pub cells: Vec<CellPlan>,
}

/// How tall a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowHeight {
    /// Exactly this: what it holds must fit.
    Exact(Length),
    /// At least this, and as much as it holds.
    AtLeast(Length),
}

/// One cell.
#[derive(Debug)]
pub struct CellPlan {
    /// Where the author wrote it.
    pub span: Span,
    /// The first of its columns.
    pub column: usize,
    /// How many columns it covers.
    pub columns: usize,
    /// How many rows of its section it covers, its own included.
    pub rows: usize,
    /// From its edges to what it holds: above and below, left and right.
    pub padding: [Length; 2],
    /// Its ground.
    pub fill: Option<Color>,
    /// What it holds.
    pub content: CellContent,
}

/// What a cell holds.
#[derive(Debug)]
pub enum CellContent {
    /// Nothing.
    Empty,
    /// Text that fills it; origin, width and height are the setting's.
    Text(TextPlan),
    /// Elements placed relative to its top left corner, padding excluded.
    Elements(Vec<Element>),
}

/// The lines between and around cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RulesPlan {
    /// Between which cells.
    pub inner: Inner,
    /// At which outer edges.
    pub outer: Outer,
    /// How wide the inner lines are.
    pub inner_width: Length,
    /// How wide the outer lines are.
    pub outer_width: Length,
    /// All lines.
    pub color: Color,
}

/// Between which cells there are lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Inner {
    /// Between all.
    #[default]
    All,
    /// Between rows.
    Rows,
    /// Between columns.
    Columns,
    /// Between head and body, and body and foot.
    Head,
    /// Between none.
    None,
}

/// At which outer edges there are lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outer {
    /// At all four.
    #[default]
    All,
    /// Above and below.
    Rows,
    /// At both sides.
    Columns,
    /// At none.
    None,
}

/// Columns that are wider than their table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooWide {
    /// What they take at least.
    pub needed: Length,
    /// What there is.
    pub available: Length,
}

impl CellPlan {
    /// The texts to be set in it.
    pub fn texts(&self) -> Vec<&TextPlan> {
        match &self.content {
            CellContent::Empty => Vec::new(),
            CellContent::Text(text) => vec![text],
            CellContent::Elements(elements) => elements.iter().flat_map(|e| e.kind.texts()).collect(),
        }
    }
}

impl TablePlan {
    /// All rows.
    pub fn rows(&self) -> impl Iterator<Item = &RowPlan> {
        self.head.iter().chain(&self.body).chain(&self.foot)
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &CellPlan> {
        self.rows().flat_map(|row| &row.cells)
    }

    /// Whether a column's width depends on what the cells hold.
    pub fn needs_measuring(&self) -> bool {
        self.columns.iter().any(|c| matches!(c, ColumnPlan::Content { .. }))
    }

    /// The columns' left edges and the last one's right edge, from the table's left edge. `natural` are the widths that the
    /// contents of the columns ask for; columns of other kinds ignore theirs.
    ///
    /// # Errors
    /// The columns are wider than the table or its room.
    pub fn edges(&self, natural: &[Length]) -> Result<Vec<Length>, TooWide> {
        let available = self.width.unwrap_or(self.room.x);
        let wanted = |i: usize| match self.columns[i] {
            ColumnPlan::Fixed(width) => width,
            ColumnPlan::Share(_) => Length::ZERO,
            ColumnPlan::Content { min, max } => {
                let natural = natural.get(i).copied().unwrap_or_default().max(min);
                max.map_or(natural, |max| natural.min(max))
            }
        };
        let needed: Length = (0..self.columns.len()).map(wanted).sum();
        if needed > available + TOLERANCE {
            return Err(TooWide { needed, available });
        }
        // What is left goes to the shares, or to the columns of content if the table is wider than they ask.
        let shares = |i: usize| match self.columns[i] {
            ColumnPlan::Share(shares) => shares,
            _ => 0.0,
        };
        let stretches = |i: usize| match self.columns[i] {
            ColumnPlan::Content { .. } if self.width.is_some() => 1.0,
            _ => 0.0,
        };
        let total: f64 = (0..self.columns.len()).map(shares).sum();
        let part: &dyn Fn(usize) -> f64 = if total > 0.0 { &shares } else { &stretches };
        let total: f64 = (0..self.columns.len()).map(part).sum();
        let left = (available - needed).max(Length::ZERO);
        let (mut at, mut before) = (Length::ZERO, 0.0);
        let mut edges = vec![Length::ZERO];
        for i in 0..self.columns.len() {
            at += wanted(i);
            before += part(i);
            let spread = if total > 0.0 { left.scale(before / total) } else { Length::ZERO };
            edges.push(at + spread);
        }
        Ok(edges)
    }
}
