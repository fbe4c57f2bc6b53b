//! A group that each row of a list has once.

use super::Element;
use crate::geom::{Point, Rect};

/// Elements that each row of a list has once, shifted.
#[derive(Debug)]
pub struct RepeatPlan {
    /// The field it goes over.
    pub list: usize,
    /// As they stand for the first row.
    pub elements: Vec<Element>,
    /// Their box for the first row.
    pub frame: Rect,
    /// What the box of no row may leave.
    pub room: Rect,
    /// How far the next one is.
    pub step: Point,
    /// When a new line begins.
    pub lines: Lines,
}

/// How repeated groups follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// Each a whole step after the one before it.
    Straight,
    /// So many in a line along x (`true`) or y, then the next line a step along the other axis.
    Of(usize, bool),
}

impl RepeatPlan {
    /// How far the group of `row`, from 0, stands from that of the first.
    pub fn shift(&self, row: usize) -> Point {
        let (along_x, along_y) = match self.lines {
            Lines::Straight => (row, row),
            Lines::Of(count, true) => (row % count, row / count),
            Lines::Of(count, false) => (row / count, row % count),
        };
        Point::new(self.step.x * along_x as i64, self.step.y * along_y as i64)
    }
}
