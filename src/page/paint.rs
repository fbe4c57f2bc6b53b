//! Outlines, and how their insides and lines are painted.
//!
//! In: drawings of layouts, seals and marks, some of them from SVG. Out: [`PathItem`] and [`FigureItem`].
//! Invariant: colours and lengths are resolved; what SVG knows besides is refused or settled before it gets here.

use crate::color::Color;
use crate::geom::{Figure, Path};
use crate::unit::Length;

/// An outline with its paints. Without fill and stroke it paints nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct PathItem {
    /// In page space.
    pub path: Path,
    /// The inside.
    pub fill: Option<Fill>,
    /// The line.
    pub stroke: Option<Stroke>,
}

/// A figure on a grid, filled: a QR mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureItem {
    /// Its dark squares. Both fill rules paint the same of its borders.
    pub figure: Figure,
    /// With what.
    pub color: Color,
}

impl FigureItem {
    /// The same as an outline.
    pub fn to_path(&self) -> PathItem {
        let fill = Fill { color: self.color, rule: FillRule::EvenOdd };
        PathItem { path: self.figure.path(), fill: Some(fill), stroke: None }
    }
}

/// How the inside is painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// With what.
    pub color: Color,
    /// What counts as inside.
    pub rule: FillRule,
}

/// What counts as inside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FillRule {
    /// Non-zero winding number.
    #[default]
    NonZero,
    /// Odd number of crossings.
    EvenOdd,
}

impl From<usvg::FillRule> for FillRule {
    fn from(rule: usvg::FillRule) -> FillRule {
        match rule {
            usvg::FillRule::NonZero => FillRule::NonZero,
            usvg::FillRule::EvenOdd => FillRule::EvenOdd,
        }
    }
}

/// How the line is painted.
#[derive(Clone, Debug, PartialEq)]
pub struct Stroke {
    /// With what.
    pub color: Color,
    /// How wide.
    pub width: Length,
    /// How lines end.
    pub cap: LineCap,
    /// How lines meet.
    pub join: LineJoin,
    /// Limit of a mitre, in line widths.
    pub miter_limit: f64,
    /// On and off lengths; empty for a solid line.
    pub dash: Vec<Length>,
}

impl Stroke {
    /// A solid line with butt ends and mitred corners.
    pub fn solid(color: Color, width: Length) -> Stroke {
        Stroke { color, width, cap: LineCap::Butt, join: LineJoin::Miter, miter_limit: 4.0, dash: Vec::new() }
    }
}

/// How lines end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineCap {
    /// At the end point.
    #[default]
    Butt,
    /// In a half circle.
    Round,
    /// In a half square.
    Square,
}

impl From<usvg::LineCap> for LineCap {
    fn from(cap: usvg::LineCap) -> LineCap {
        match cap {
            usvg::LineCap::Butt => LineCap::Butt,
            usvg::LineCap::Round => LineCap::Round,
            usvg::LineCap::Square => LineCap::Square,
        }
    }
}

/// How lines meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LineJoin {
    /// In a point.
    #[default]
    Miter,
    /// In an arc.
    Round,
    /// Cut off.
    Bevel,
}

impl From<usvg::LineJoin> for LineJoin {
    fn from(join: usvg::LineJoin) -> LineJoin {
        match join {
            usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
            usvg::LineJoin::Round => LineJoin::Round,
            usvg::LineJoin::Bevel => LineJoin::Bevel,
        }
    }
}
