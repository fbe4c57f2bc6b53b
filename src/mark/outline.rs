//! Rows of modules to one figure.
//!
//! In: bit rows. Out: closed polygons along every border between dark and light, with vertices only at corners.
//! Invariant: dark lies on the right hand of each step, so outer borders run clockwise and holes the other way, and dark modules that touch
//! at a corner alone stay apart; each border is walked once, from corner to corner.

use crate::geom::{Figure, Point};
use crate::unit::Length;

/// Which of the four modules around a grid point lie on the left hand and on the right hand ahead, by direction: right, down, left, up. The
/// modules are numbered upper left, upper right, lower left, lower right.
const AHEAD: [[u32; 2]; 4] = [[1, 3], [3, 2], [2, 0], [0, 1]];

/// Traces the dark modules of `rows`, of which there are at most 125, and whose top left corner stands at (`corner`, `corner`).
pub(super) fn trace(rows: &[u128], corner: Length, module: Length) -> Figure {
    // Bit x of row y: the top of this dark module is a border not yet walked. Every polygon has such an edge.
    let mut tops: Vec<u128> =
        rows.iter().scan(0, |above, &row| Some(row & !std::mem::replace(above, row))).collect();
    // With a light module around, so that every grid point has four.
    let light = std::iter::once(0);
    let framed: Vec<u128> = light.clone().chain(rows.iter().map(|row| row << 1)).chain(light).collect();
    let (by_line, by_column) = corners(&framed);

    let mut figure = Figure::new(Point::new(corner, corner), module, rows.len() * rows.len());
    for start in 0..tops.len() {
        while tops[start] != 0 {
            // A polygon starts at a corner: the first top edge of its row has no other to its left.
            let first = (tops[start].trailing_zeros() as usize, start);
            let ((mut x, mut y), mut direction) = (first, 0);
            loop {
                figure.push([x as u8, y as u8]);
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
                let modules = framed[y] >> x & 3 | (framed[y + 1] >> x & 3) << 2;
                let [left, right] = AHEAD[direction].map(|module| modules >> module & 1 == 1);
                // A corner is no place to go straight on.
                direction = if left && right { direction + 3 } else { direction + 1 } % 4;
                // A border may touch its first point on the way, at a corner where two modules meet.
                if (x, y) == first && direction == 0 {
                    figure.close();
                    break;
                }
            }
        }
    }
    figure
}

/// The grid points at which borders turn, by line and by column. Between them borders run straight.
fn corners(framed: &[u128]) -> (Vec<u128>, Vec<u128>) {
    let mut by_column = vec![0; framed.len()];
    let line = |(y, pair): (usize, &[u128])| {
        let (above, below) = (pair[0], pair[1]);
        // Bit x: the upper or the lower pair of modules at point x differs; a module differs from that below it.
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
