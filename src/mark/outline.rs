//! Rows of modules to one outline.
//!
//! In: bit rows. Out: closed polygons along every border between dark and light, with vertices only at corners.
//! Invariant: dark lies on the right hand of each step, so outer borders run clockwise and holes the other way, and dark modules that touch
//! at a corner alone stay apart; each border is walked once.

use crate::geom::{Path, Point, Segment};
use crate::unit::Length;

/// Steps in the order of right turns: right, down, left, up.
const STEPS: [(isize, isize); 4] = [(1, 0), (0, 1), (-1, 0), (0, -1)];

/// The module on the left hand and the one on the right hand ahead of a grid point, by direction, from the point's own module (its lower right).
const AHEAD: [[(isize, isize); 2]; 4] =
    [[(0, -1), (0, 0)], [(0, 0), (-1, 0)], [(-1, 0), (-1, -1)], [(-1, -1), (0, -1)]];

/// Traces the dark modules of `rows`, whose top left corner stands at (`corner`, `corner`).
pub(super) fn trace(rows: &[u128], corner: Length, module: Length) -> Path {
    // Bit x of row y: the top of this dark module is a border not yet walked. Every polygon has such an edge.
    let mut tops: Vec<u128> =
        rows.iter().scan(0, |above, &row| Some(row & !std::mem::replace(above, row))).collect();
    let grid: Vec<Length> = (0..=rows.len() as i64).map(|i| corner + module * i).collect();
    let dark = |x: isize, y: isize, (dx, dy): (isize, isize)| {
        let (x, y) = (x + dx, y + dy);
        (0..128).contains(&x) && rows.get(y as usize).is_some_and(|row| row >> x & 1 == 1)
    };

    let mut segments = Vec::with_capacity(rows.len() * rows.len());
    for start in 0..tops.len() {
        while tops[start] != 0 {
            let (mut x, mut y) = (tops[start].trailing_zeros() as isize, start as isize);
            // A polygon starts at a corner: the first top edge of its row has no other to its left.
            let (first, mut direction) = ((x, y), 0);
            segments.push(Segment::Move(Point::new(grid[x as usize], grid[y as usize])));
            loop {
                if direction == 0 {
                    tops[y as usize] &= !(1 << x);
                }
                x += STEPS[direction].0;
                y += STEPS[direction].1;
                let [left, right] = AHEAD[direction];
                direction = match (dark(x, y, left), dark(x, y, right)) {
                    (_, false) => (direction + 1) % 4,
                    (true, true) => (direction + 3) % 4,
                    (false, true) => continue,
                };
                // A border may touch its first point on the way, at a corner where two modules meet.
                if (x, y) == first && direction == 0 {
                    segments.push(Segment::Close);
                    break;
                }
                segments.push(Segment::Line(Point::new(grid[x as usize], grid[y as usize])));
            }
        }
    }
    Path { segments }
}
