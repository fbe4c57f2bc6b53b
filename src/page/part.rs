//! Parts: what the items of a page are to readers who cannot see it.
//!
//! In: items, as layout places them. Out: the part of the page that each belongs to, if it is more than ornament.
//! Invariant: parts in their order are the page as it is read aloud: elements as the layout has them, whichever layer paints them.

use std::sync::Arc;

/// A paragraph, a heading or a figure of a page.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Part {
    /// Which of the page's elements it belongs to, in the layout's order.
    pub element: u32,
    /// Its number among the parts of that element.
    pub number: u32,
    /// What it is.
    pub role: Role,
    /// Which cell of a row it is; 0 for all but tables. The cells of a row are one part, in several pieces.
    pub cell: u32,
}

impl Part {
    /// Whether both belong together, be it in other cells.
    pub fn is_same(&self, other: &Part) -> bool {
        (self.element, self.number, &self.role) == (other.element, other.number, &other.role)
    }
}

/// What a part of a page is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The title of the page.
    Heading,
    /// Text that belongs together: that of an element, or of a row of a table.
    Paragraph,
    /// Something to be seen, and what is said in its place.
    Figure(Arc<str>),
}
