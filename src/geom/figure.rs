//! Figures on a grid: polygons of upright sides, told by columns and lines.
//!
//! In: corners, polygon after polygon. Out: the same by number of line, as writers tell them, or as an outline.
//! Invariant: a corner takes two bytes, not fifty-six; a QR mark has two thousand of them.

use super::{Path, Point, Rect, Segment};
use crate::unit::Length;

/// Column and line of a corner.
pub type Corner = [u8; 2];

/// Polygons whose sides run along the lines of a square grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// Where column 0 meets line 0.
    pub origin: Point,
    /// From line to line.
    pub step: Length,
    corners: Vec<Corner>,
    /// Where in `corners` each polygon ends.
    ends: Vec<u32>,
}

impl Figure {
    /// A figure without polygons, with room for so many corners.
    pub(crate) fn new(origin: Point, step: Length, corners: usize) -> Figure {
        Figure { origin, step, corners: Vec::with_capacity(corners), ends: Vec::with_capacity(corners / 4) }
    }

    /// Adds a corner to the polygon that is open.
    pub(crate) fn push(&mut self, corner: Corner) {
        self.corners.push(corner);
    }

    /// Ends the open polygon.
    pub(crate) fn close(&mut self) {
        self.ends.push(self.corners.len() as u32);
    }

    /// The corners of each polygon. Sides take turns across and down, the first runs across.
    pub fn polygons(&self) -> impl Iterator<Item = &[Corner]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(start, end)| &self.corners[*start as usize..*end as usize])
    }

    /// Where a corner stands.
    pub fn point(&self, [column, line]: Corner) -> Point {
        self.origin.shift(self.step * i64::from(column), self.step * i64::from(line))
    }

    /// The rectangle around all corners; `None` without any.
    pub fn bounds(&self) -> Option<Rect> {
        let mut corners = self.corners.iter();
        let first = *corners.next()?;
        let (least, most) = corners.fold((first, first), |(least, most), corner| {
            let both = |f: fn(u8, u8) -> u8, a: Corner| [f(a[0], corner[0]), f(a[1], corner[1])];
            (both(u8::min, least), both(u8::max, most))
        });
        Some(Rect::from_corners(self.point(least), self.point(most)))
    }

    /// As an outline.
    pub fn path(&self) -> Path {
        let mut segments = Vec::with_capacity(self.corners.len() + 2 * self.ends.len());
        for polygon in self.polygons() {
            let points = polygon.iter().map(|corner| self.point(*corner));
            segments.extend(
                points.enumerate().map(|(i, p)| if i == 0 { Segment::Move(p) } else { Segment::Line(p) }),
            );
            segments.push(Segment::Close);
        }
        Path { segments }
    }
}
