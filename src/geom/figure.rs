//! Figures on a grid of squares: what is dark of a QR mark.
//!
//! In: rows of bits. Out: the same as rectangles or as polygons, told by the columns and lines of the grid, or as an outline.
//! Invariant: no two rectangles overlap. Dark lies on the right hand of each side of a polygon, so that outer borders run clockwise and holes
//! the other way, and dark squares that touch at a corner alone stay apart; each border is walked once, from corner to corner.

use super::{Path, Point, Rect, Segment};
use crate::unit::Length;

/// Column and line of a corner.
pub type Corner = [u8; 2];

/// The dark squares of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Where column 0 meets line 0.
    pub origin: Point,
    /// From line to line.
    pub step: Length,
    rows: Vec<u128>,
}

/// What no grid reaches: tracing needs a light column and a light row around all others, numbered in 128 bits.
const SIDE_LIMIT: usize = 126;

impl Figure {
    /// The squares of `rows`, from the top; bit x is set where square x is dark. Rows and bits from the 126th on are left out.
    pub(crate) fn new(origin: Point, step: Length, mut rows: Vec<u128>) -> Figure {
        rows.truncate(SIDE_LIMIT);
        rows.iter_mut().for_each(|row| *row &= (1 << SIDE_LIMIT) - 1);
        Figure { origin, step, rows }
    }

    /// From the top; bit x is set where square x is dark.
    pub fn rows(&self) -> &[u128] {
        &self.rows
    }

    /// Where a corner stands.
    fn point(&self, [column, line]: Corner) -> Point {
        self.origin.shift(self.step * i64::from(column), self.step * i64::from(line))
    }

    /// The rectangle around all that is dark; `None` if nothing is.
    pub fn bounds(&self) -> Option<Rect> {
        let columns = self.rows.iter().fold(0, |all, row| all | row);
        let top = self.rows.iter().position(|row| *row != 0)?;
        let bottom = self.rows.iter().rposition(|row| *row != 0)? + 1;
        let least = [columns.trailing_zeros() as u8, top as u8];
        let most = [(u128::BITS - columns.leading_zeros()) as u8, bottom as u8];
        Some(Rect::from_corners(self.point(least), self.point(most)))
    }

    /// The dark squares as rectangles: column, line, width and height in squares. Each is one run of dark squares, and as many of the rows
    /// below as have that very run.
    pub fn rectangles(&self) -> impl Iterator<Item = [u8; 4]> {
        (0..self.rows.len()).flat_map(move |line| {
            let (above, below) = self.rows.split_at(line);
            let above = above.last().copied().unwrap_or_default();
            let begins = move |run: &u128| !has_run(above, *run);
            runs(below[0]).filter(begins).map(move |run| {
                let height = below.iter().take_while(|row| has_run(**row, run)).count();
                [run.trailing_zeros() as u8, line as u8, run.count_ones() as u8, height as u8]
            })
        })
    }

    /// The borders between dark and light. Sides take turns across and down, the first runs across.
    pub fn polygons(&self) -> Polygons {
        // Bit x of row y: the top of this dark square is a border not yet walked. Every polygon has such an edge.
        let mut tops: Vec<u128> =
            self.rows.iter().scan(0, |above, &row| Some(row & !std::mem::replace(above, row))).collect();
        // With a light square around, so that every grid point has four.
        let light = std::iter::once(0);
        let framed: Vec<u128> =
            light.clone().chain(self.rows.iter().map(|row| row << 1)).chain(light).collect();
        let (by_line, by_column) = corners(&framed);

        let squares = self.rows.len() * self.rows.len();
        let mut polygons =
            Polygons { corners: Vec::with_capacity(squares), ends: Vec::with_capacity(squares / 4) };
        for start in 0..tops.len() {
            while tops[start] != 0 {
                // A polygon starts at a corner: the first top edge of its row has no other to its left.
                let first = (tops[start].trailing_zeros() as usize, start);
                let ((mut x, mut y), mut direction) = (first, 0);
                loop {
                    polygons.corners.push([x as u8, y as u8]);
                    match direction {
                        0 => {
                            let from = x;
                            x = after(by_line[y], x);
                            tops[y] &= !((1 << x) - (1 << from));
                        }
                        1 => y = after(by_column[x], y),
                        2 => x = before(by_line[y], x),
                        _ => y = before(by_column[x], y),
                    }
                    let squares = framed[y] >> x & 3 | (framed[y + 1] >> x & 3) << 2;
                    let [left, right] = AHEAD[direction].map(|square| squares >> square & 1 == 1);
                    // A corner is no place to go straight on.
                    direction = if left && right { direction + 3 } else { direction + 1 } % 4;
                    // A border may touch its first point on the way, at a corner where two squares meet.
                    if (x, y) == first && direction == 0 {
                        polygons.ends.push(polygons.corners.len() as u32);
                        break;
                    }
                }
            }
        }
        polygons
    }

    /// As an outline.
    pub fn path(&self) -> Path {
        let polygons = self.polygons();
        let mut segments = Vec::with_capacity(polygons.corners.len() + polygons.ends.len());
        for polygon in polygons.iter() {
            let points = polygon.iter().map(|corner| self.point(*corner));
            segments.extend(
                points.enumerate().map(|(i, p)| if i == 0 { Segment::Move(p) } else { Segment::Line(p) }),
            );
            segments.push(Segment::Close);
        }
        Path { segments }
    }
}

/// The borders of a [`Figure`]: a corner takes two bytes, and a QR mark has two thousand of them.
#[derive(Clone, Debug)]
pub struct Polygons {
    corners: Vec<Corner>,
    /// Where in `corners` each polygon ends.
    ends: Vec<u32>,
}

impl Polygons {
    /// The corners of each.
    pub fn iter(&self) -> impl Iterator<Item = &[Corner]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.corners[*start as usize..*end as usize])
    }
}

/// The runs of set bits, each as a word of its own, from the lowest.
fn runs(mut row: u128) -> impl Iterator<Item = u128> {
    std::iter::from_fn(move || {
        let lowest = row & row.wrapping_neg();
        // The sum carries through the run.
        let run = row & !row.wrapping_add(lowest);
        row &= !run;
        (run != 0).then_some(run)
    })
}

/// Whether `run` is one of the runs of `row`, no part of a longer one.
fn has_run(row: u128, run: u128) -> bool {
    row & (run << 1 | run | run >> 1) == run
}

/// Which of the four squares around a grid point lie on the left hand and on the right hand ahead, by direction: right, down, left, up. The
/// squares are numbered upper left, upper right, lower left, lower right.
const AHEAD: [[u32; 2]; 4] = [[1, 3], [3, 2], [2, 0], [0, 1]];

/// The grid points at which borders turn, by line and by column. Between them borders run straight.
fn corners(framed: &[u128]) -> (Vec<u128>, Vec<u128>) {
    // One more than there are rows, as there are columns in a square figure; a row may reach further.
    let mut by_column = vec![0; SIDE_LIMIT + 1];
    let line = |(y, pair): (usize, &[u128])| {
        let (above, below) = (pair[0], pair[1]);
        // Bit x: the upper or the lower pair of squares at point x differs; a square differs from that below it.
        let (across, down) = ((above ^ above >> 1) | (below ^ below >> 1), above ^ below);
        let turns = across & (down | down >> 1);
        let mut rest = turns;
        while rest != 0 {
            by_column[rest.trailing_zeros() as usize] |= 1 << y;
            rest &= rest - 1;
        }
        turns
    };
    let by_line = framed.windows(2).enumerate().map(line).collect();
    (by_line, by_column)
}

/// The next of `points` behind `at`, which there is.
fn after(points: u128, at: usize) -> usize {
    (points & !((2 << at) - 1)).trailing_zeros() as usize
}

/// The one before.
fn before(points: u128, at: usize) -> usize {
    127 - (points & ((1 << at) - 1)).leading_zeros() as usize
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn figure(rows: Vec<u128>) -> Figure {
        Figure::new(Point::default(), Length::mm(1.0), rows)
    }

    #[test]
    fn the_outline_of_touching_corners_and_a_hole() {
        // Two squares that touch at a corner, and a ring around a light square.
        let figure = figure(vec![0b111_0001, 0b101_0010, 0b111_0000, 0, 0, 0, 0]);
        let told: Vec<Vec<Corner>> = figure.polygons().iter().map(<[Corner]>::to_vec).collect();
        let expected: [&[Corner]; 4] = [
            &[[0, 0], [1, 0], [1, 1], [0, 1]],
            &[[4, 0], [7, 0], [7, 3], [4, 3]],
            &[[1, 1], [2, 1], [2, 2], [1, 2]],
            &[[5, 2], [6, 2], [6, 1], [5, 1]],
        ];
        assert_eq!(told, expected);
        assert_eq!(figure.bounds(), Some(Rect::mm(0.0, 0.0, 7.0, 3.0)));
    }

    #[test]
    fn a_run_goes_down_as_far_as_the_rows_have_it() {
        let figure = figure(vec![0b1101, 0b1101, 0b1111, 0]);
        let told: Vec<[u8; 4]> = figure.rectangles().collect();
        assert_eq!(told, [[0, 0, 1, 2], [2, 0, 2, 2], [0, 2, 4, 1]]);
    }

    #[test]
    fn nothing_dark_has_no_bounds_and_no_parts() {
        let figure = figure(vec![0; 5]);
        assert_eq!(figure.bounds(), None);
        assert_eq!((figure.rectangles().count(), figure.polygons().iter().count()), (0, 0));
    }

    #[test]
    fn the_largest_grid_has_borders_all_around() {
        let figure = figure(vec![u128::MAX; 200]);
        let side = SIDE_LIMIT as u8;
        assert_eq!(figure.rectangles().collect::<Vec<_>>(), [[0, 0, side, side]]);
        let corners: Vec<Vec<Corner>> = figure.polygons().iter().map(<[Corner]>::to_vec).collect();
        assert_eq!(corners, [[[0, 0], [side, 0], [side, side], [0, side]]]);
    }

    proptest! {
        #[test]
        fn rectangles_cover_each_dark_square_once(rows in prop::collection::vec(0u128..1 << 30, 0..30)) {
            let mut painted = vec![0u128; rows.len()];
            for [x, y, width, height] in figure(rows.clone()).rectangles() {
                for row in &mut painted[usize::from(y)..usize::from(y + height)] {
                    let run = ((1u128 << width) - 1) << x;
                    prop_assert_eq!(*row & run, 0);
                    *row |= run;
                }
            }
            prop_assert_eq!(painted, rows);
        }
    }
}
