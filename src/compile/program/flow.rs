//! A box that texts and tables run down, and on through further pages.

use super::Element;
use crate::geom::Rect;

/// What makes a page a sequence of pages.
#[derive(Debug)]
pub struct FlowPlan {
    /// The box, the same on every page.
    pub rect: Rect,
    /// Texts, tables and spaces, from the top. Where they stand down the page is the setting's.
    pub elements: Vec<Element>,
    /// Whether any of it depends on how many pages there are.
    pub counts_pages: bool,
}
