//! Where an element stands and what it inherits there.
//!
//! Invariant: a [`Place`] is handed down and never changed; what an element says for those within it makes a new one.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::edition::Only;
use super::expression::content::Condition;
use super::expression::names::Names;
use super::resolve::Written;
use crate::color::Color;
use crate::diag::Diagnostic;
use crate::geom::{Rect, Size};
use crate::template::report::Report;
use crate::template::tree::Node;
use crate::template::value::Dimension;
use crate::text::FaceId;
use crate::unit::Length;

/// The [`Place::paper`] of what stands on a page itself.
pub(super) const SHEET: &str = "sheet";

/// What surrounds an element.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The box that x, y and % refer to, on the page.
    pub(super) frame: Rect,
    /// The sheet, or the cell.
    pub(super) page: Size,
    /// What the author calls `page`.
    pub(super) paper: &'static str,
    /// Whether it is a flow, which decides how far down its elements stand.
    pub(super) flows: bool,
    /// The look of text.
    pub(super) look: Look,
    /// The conditions of the groups around.
    pub(super) when: Vec<Condition>,
    /// Whether a condition around never holds, or the edition leaves out what is here.
    pub(super) is_off: bool,
    /// What the elements here are painted in, if not in all.
    pub(super) only: Option<Only>,
    /// What expressions see.
    pub(super) names: Arc<Names>,
    /// The folder that paths start from.
    pub(super) folder: PathBuf,
    /// What an extending layout puts in place of elements by id; empty within parts, and without its own within each.
    pub(super) replacements: Arc<BTreeMap<String, Arc<Written>>>,
    /// How many parts and replacements this one stands in.
    pub(super) depth: usize,
}

/// The look of text that elements inherit.
#[derive(Clone, Debug)]
pub(super) struct Look {
    /// The face, if one has been named.
    pub(super) face: Option<FaceId>,
    pub(super) bold: bool,
    /// The font size, if one has been named.
    pub(super) size: Option<Length>,
    pub(super) color: Color,
    pub(super) letter_spacing: Dimension,
    pub(super) underline: bool,
    pub(super) rise: Dimension,
    pub(super) leading: f64,
}

impl Default for Look {
    fn default() -> Look {
        Look {
            face: None,
            bold: false,
            size: None,
            color: Color::BLACK,
            letter_spacing: Dimension::Em(0.0),
            underline: false,
            rise: Dimension::Em(0.0),
            leading: crate::text::TextBlock::default().leading,
        }
    }
}

/// What an element says about one axis: its near edge, its extent, its far edge from the far side.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Axis {
    pub(super) near: Option<Length>,
    pub(super) extent: Option<Length>,
    pub(super) far: Option<Length>,
}

/// The names of an axis' attributes: near edge, extent, far edge.
pub(super) type AxisNames = [&'static str; 3];

/// x, width, right.
pub(super) const ACROSS: AxisNames = ["x", "width", "right"];
/// y, height, bottom.
pub(super) const DOWN: AxisNames = ["y", "height", "bottom"];

impl Axis {
    /// How far the element extends, if it says so.
    pub(super) fn stated(self, whole: Length) -> Option<Length> {
        self.extent.or_else(|| Some(whole - self.near? - self.far?))
    }

    /// Where the element starts within a box as long as `whole`, and how far it extends if that is known.
    pub(super) fn solve(
        self,
        whole: Length,
        node: &Node,
        names: AxisNames,
        report: &mut Report,
    ) -> (Length, Option<Length>) {
        let [near_name, extent_name, far_name] = names;
        let at_far = || node.attribute(far_name).map_or(node.span.clone(), |a| a.name_span.clone());
        match (self.near, self.extent, self.far) {
            (Some(_), Some(_), Some(_)) => {
                let message = format!("{near_name}, {extent_name} and {far_name} together say too much");
                report.push(Diagnostic::error(at_far(), message).hint("remove one of them"));
                (Length::ZERO, Some(Length::ZERO))
            }
            (near, Some(extent), None) => (near.unwrap_or_default(), Some(extent)),
            (None, Some(extent), Some(far)) => (whole - far - extent, Some(extent)),
            (Some(near), None, Some(far)) => {
                let extent = whole - near - far;
                if extent < Length::ZERO {
                    let message =
                        format!("no room is left between {near_name} and {far_name}: {}mm", extent.fmt_mm());
                    report.push(Diagnostic::error(at_far(), message));
                }
                (near, Some(extent.max(Length::ZERO)))
            }
            (None, None, Some(_)) => {
                let message = format!("{far_name} alone does not say how far the box extends");
                report.push(
                    Diagnostic::error(at_far(), message).hint(format!("add {extent_name} or {near_name}")),
                );
                (Length::ZERO, Some(Length::ZERO))
            }
            (near, None, None) => (near.unwrap_or_default(), None),
        }
    }
}
