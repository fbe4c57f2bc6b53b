//! A filled outline to rows of modules.
//!
//! In: a path of upright edges. Out: rows. Invariant: every vertex lies on one grid, and both fill rules paint the same, so that nobody sees
//! another mark than the one that is read.

use super::{LARGEST_VERSION, ReadError};
use crate::geom::{Path, Point, Segment};
use crate::unit::Length;

/// Modules a side of the largest version.
const LARGEST_SIDE: usize = 17 + 4 * LARGEST_VERSION;

/// More steps than the busiest outline of the largest version has: one polygon of four corners for each module.
const MOST_STEPS: usize = 5 * LARGEST_SIDE * LARGEST_SIDE;

/// A kilometre: places on its grid can be counted in 64 bits.
const LARGEST_MARK: Length = Length::from_raw(360_000_000_000);

/// How far a vertex may lie off the grid: a fraction of a module.
const SLACK: i64 = 8;

/// The rows of modules that `path` paints.
pub(super) fn rows(path: &Path) -> Result<Vec<u128>, ReadError> {
    let edges = edges(path)?;
    let bounds = path.bounds().ok_or(ReadError::NotModules("the path is empty"))?;
    if bounds.width.max(bounds.height) > LARGEST_MARK {
        return Err(ReadError::NotModules("the path is larger than any sheet"));
    }
    // Every mark has modules that stand alone in their row: the timing pattern. So its shortest edge is one module long.
    let shortest = edges.iter().map(|&(a, b)| extent(a, b)).min();
    let module = shortest.ok_or(ReadError::NotModules("the path is empty"))?;
    let side = nearest(bounds.width, module);
    if side != nearest(bounds.height, module) {
        return Err(ReadError::NotModules("the path is not square"));
    }
    let side = usize::try_from(side).unwrap_or(0);
    if side > LARGEST_SIDE {
        return Err(ReadError::Size(side));
    }
    let on_grid = |offset: Length, extent: Length| {
        // The whole extent is divided, not the one edge, whose rounding would add up. A quotient of floats may only be another line where
        // the offset is halfway between two, and then it is near neither.
        let line = (offset.ratio(extent) * side as f64 + 0.5) as i64;
        let off = offset.raw() * side as i64 - line * extent.raw();
        let is_near = off.abs() < (module.raw() / SLACK + 1) * side as i64;
        is_near.then_some(line as usize).ok_or(ReadError::NotModules("a corner stands off the grid"))
    };
    let column = |p: Point| on_grid(p.x - bounds.x, bounds.width);
    let line = |p: Point| on_grid(p.y - bounds.y, bounds.height);

    // By row and column: how often the outline turns around the module, counted from the borders to its left.
    let mut turns = vec![[0i32; LARGEST_SIDE + 1]; side];
    for (a, b) in edges {
        let (from, to, x) = (line(a)?, line(b)?, column(a)?);
        if from == to {
            // Across: it bounds no module to its right, but its far end is on the grid all the same.
            column(b)?;
        }
        let (upper, lower, turn) = if from < to { (from, to, 1) } else { (to, from, -1) };
        turns[upper..lower].iter_mut().for_each(|row| row[x] += turn);
    }
    turns.iter().map(|row| fill(&row[..side])).collect()
}

/// The modules of one row that lie inside.
fn fill(turns: &[i32]) -> Result<u128, ReadError> {
    let mut winding = 0;
    let mut row = 0;
    for (x, turn) in turns.iter().enumerate() {
        winding += turn;
        if winding != 0 {
            row |= 1 << x;
            if winding % 2 == 0 {
                return Err(ReadError::NotModules("parts of the path lie on each other"));
            }
        }
    }
    Ok(row)
}

/// The edges of all polygons, which must be upright; each is closed, as a fill closes it.
fn edges(path: &Path) -> Result<Vec<(Point, Point)>, ReadError> {
    if path.segments.len() > MOST_STEPS {
        return Err(ReadError::NotModules("the path has more steps than a mark"));
    }
    let mut edges = Vec::with_capacity(path.segments.len());
    let (mut first, mut last) = (None, Point::default());
    let mut edge = |from: Point, to: Point| match (from.x == to.x, from.y == to.y) {
        (true, true) => Ok(()),
        (false, false) => Err(ReadError::NotModules("an edge is slanted")),
        _ => {
            edges.push((from, to));
            Ok(())
        }
    };
    for segment in &path.segments {
        match *segment {
            Segment::Move(p) => {
                if let Some(first) = first.replace(p) {
                    edge(last, first)?;
                }
                last = p;
            }
            Segment::Line(p) => {
                edge(last, p)?;
                last = p;
            }
            Segment::Cubic(..) => return Err(ReadError::NotModules("an edge is curved")),
            Segment::Close => {
                let start = first.unwrap_or_default();
                edge(last, start)?;
                last = start;
            }
        }
    }
    if let Some(first) = first {
        edge(last, first)?;
    }
    Ok(edges)
}

/// How long an upright edge is.
fn extent(a: Point, b: Point) -> Length {
    (a.x - b.x).abs().max((a.y - b.y).abs())
}

/// How many times `module` goes into `length`, to the nearest.
fn nearest(length: Length, module: Length) -> i64 {
    length.ratio(module).round() as i64
}
