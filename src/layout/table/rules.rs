//! The rules of a table: which edges are drawn, each once, in as few lines as can be.
//!
//! In: the rows' and columns' edges and which cell owns which place. Out: one outline of inner and one of outer rules.
//! Invariant: collinear edges that meet are one line, so that no joint shows; inner rules end on the middle of the line
//! that they meet.

use std::ops::Range;

use crate::compile::program::{Inner, Outer, RulesPlan};
use crate::geom::{Path, Point, Rect};
use crate::page::{LineCap, PathItem, Stroke};
use crate::unit::Length;

/// Which cell each place of a table belongs to.
pub(super) struct Owners {
    columns: usize,
    /// Row by row; 0 is nobody.
    cells: Vec<u32>,
    last: u32,
}

impl Owners {
    pub(super) fn new(columns: usize) -> Owners {
        Owners { columns, cells: Vec::new(), last: 0 }
    }

    /// Gives the places in these rows and columns to the next cell.
    pub(super) fn take(&mut self, rows: Range<usize>, columns: Range<usize>) {
        self.last += 1;
        if self.cells.len() < rows.end * self.columns {
            self.cells.resize(rows.end * self.columns, 0);
        }
        for row in rows {
            self.cells[row * self.columns..][columns.clone()].fill(self.last);
        }
    }

    fn at(&self, row: usize, column: usize) -> u32 {
        self.cells.get(row * self.columns + column).copied().unwrap_or(0)
    }
}

/// Where the edges of a table lie.
pub(super) struct Lines<'a> {
    /// The top left corner.
    pub(super) corner: Point,
    /// The columns' edges, from the corner.
    pub(super) xs: &'a [Length],
    /// The rows' edges, from the corner.
    pub(super) ys: &'a [Length],
    /// The rows' edges by number at which a head, body or foot ends.
    pub(super) section_ends: &'a [usize],
}

impl Lines<'_> {
    /// The rules that `plan` asks for.
    pub(super) fn draw(&self, plan: &RulesPlan, owners: &Owners) -> Vec<PathItem> {
        let stroke = |width, cap| Stroke { cap, ..Stroke::solid(plan.color, width) };
        let mut drawn = Vec::new();
        let mut add = |path: Path, stroke: Stroke| {
            if !path.segments.is_empty() && stroke.width > Length::ZERO {
                drawn.push(PathItem { path, fill: None, stroke: Some(stroke) });
            }
        };
        if self.ys.len() > 1 {
            add(self.inner(plan.inner, owners), stroke(plan.inner_width, LineCap::Butt));
            add(self.outer(plan.outer), stroke(plan.outer_width, LineCap::Butt));
        }
        drawn
    }

    fn point(&self, column: usize, row: usize) -> Point {
        self.corner.shift(self.xs[column], self.ys[row])
    }

    fn inner(&self, inner: Inner, owners: &Owners) -> Path {
        let (columns, rows) = (self.xs.len() - 1, self.ys.len() - 1);
        let mut path = Path::default();
        for row in 1..rows {
            let between_rows = matches!(inner, Inner::All | Inner::Rows);
            if between_rows || inner == Inner::Head && self.section_ends.contains(&row) {
                let parts = |column: usize| owners.at(row - 1, column) != owners.at(row, column);
                for stretch in stretches(columns, parts) {
                    let (start, end) = (self.point(stretch.start, row), self.point(stretch.end, row));
                    path.segments.extend(Path::line(start, end).segments);
                }
            }
        }
        if matches!(inner, Inner::All | Inner::Columns) {
            for column in 1..columns {
                let parts = |row: usize| owners.at(row, column - 1) != owners.at(row, column);
                for stretch in stretches(rows, parts) {
                    let (start, end) = (self.point(column, stretch.start), self.point(column, stretch.end));
                    path.segments.extend(Path::line(start, end).segments);
                }
            }
        }
        path
    }

    fn outer(&self, outer: Outer) -> Path {
        let (right, bottom) = (self.xs.len() - 1, self.ys.len() - 1);
        let line =
            |a: (usize, usize), b: (usize, usize)| Path::line(self.point(a.0, a.1), self.point(b.0, b.1));
        let both = |first: Path, second: Path| Path { segments: [first.segments, second.segments].concat() };
        match outer {
            Outer::All => Path::rect(Rect::from_corners(self.point(0, 0), self.point(right, bottom))),
            Outer::Rows => both(line((0, 0), (right, 0)), line((0, bottom), (right, bottom))),
            Outer::Columns => both(line((0, 0), (0, bottom)), line((right, 0), (right, bottom))),
            Outer::None => Path::default(),
        }
    }
}

/// The longest runs of numbers below `count` for which `holds`.
fn stretches(count: usize, holds: impl Fn(usize) -> bool) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for i in (0..count).filter(|&i| holds(i)) {
        match stretches.last_mut() {
            Some(last) if last.end == i => last.end += 1,
            _ => stretches.push(i..i + 1),
        }
    }
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::color::Color;
    use crate::geom::Segment;

    /// The lines of a table of these cells, as rows and columns they cover, 10 mm apart: `x1,y1-x2,y2`.
    fn drawn(inner: Inner, size: (usize, usize), cells: &[(Range<usize>, Range<usize>)]) -> Vec<String> {
        let mut owners = Owners::new(size.1);
        cells.iter().for_each(|(rows, columns)| owners.take(rows.clone(), columns.clone()));
        let edges = |count: usize| (0..=count).map(|i| Length::mm(i as f64 * 10.0)).collect::<Vec<_>>();
        let (xs, ys) = (edges(size.1), edges(size.0));
        let lines = Lines { corner: Point::default(), xs: &xs, ys: &ys, section_ends: &[1] };
        let plan = RulesPlan {
            inner,
            outer: Outer::None,
            inner_width: Length::mm(0.2),
            outer_width: Length::mm(0.4),
            color: Color::BLACK,
        };
        let mut told = Vec::new();
        for path in lines.draw(&plan, &owners) {
            for pair in path.path.segments.chunks(2) {
                let [Segment::Move(a), Segment::Line(b)] = pair else { panic!("{pair:?}") };
                let [x1, y1, x2, y2] = [a.x, a.y, b.x, b.y].map(|v| v.to_mm() / 10.0);
                told.push(format!("{x1},{y1}-{x2},{y2}"));
            }
        }
        told
    }

    #[test]
    fn rules_of_a_plain_grid_run_through() {
        let cells: Vec<_> = (0..3).flat_map(|r| (0..2).map(move |c| (r..r + 1, c..c + 1))).collect();
        assert_eq!(drawn(Inner::All, (3, 2), &cells), ["0,1-2,1", "0,2-2,2", "1,0-1,3"]);
        assert_eq!(drawn(Inner::Rows, (3, 2), &cells), ["0,1-2,1", "0,2-2,2"]);
        assert_eq!(drawn(Inner::Head, (3, 2), &cells), ["0,1-2,1"]);
        assert_eq!(drawn(Inner::None, (3, 2), &cells), [""; 0]);
    }

    #[test]
    fn no_rule_crosses_a_cell_that_spans() {
        // A cell of two rows and two columns in the corner of three by three.
        let cells = [(0..2, 0..2), (0..1, 2..3), (1..2, 2..3), (2..3, 0..1), (2..3, 1..2), (2..3, 2..3)];
        assert_eq!(drawn(Inner::All, (3, 3), &cells), ["2,1-3,1", "0,2-3,2", "1,2-1,3", "2,0-2,3"]);
    }
}
