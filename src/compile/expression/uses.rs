//! What expressions use of records and pages.
//!
//! In: what `check` finds in an expression, token by token. Out: [`Uses`], by which a content knows when it changes and which
//! characters it may show.

use super::content::{Content, PageUse};
use super::rows::LoopRows;

/// What an expression uses.
#[derive(Default)]
pub(super) struct Uses {
    /// The fields it depends on, ascending.
    pub(super) fields: Vec<usize>,
    /// What it says of pages.
    pub(super) page: PageUse,
    /// Characters it may show whatever the record says.
    pub(super) literals: String,
    /// The names that loops of the text so far give to rows.
    pub(super) rows: LoopRows,
}

impl Uses {
    /// Whether it is the same for every record and on every page.
    pub(super) fn is_static(&self) -> bool {
        self.fields.is_empty() && self.page == PageUse::None
    }

    /// All that `content` uses.
    pub(super) fn content(&mut self, content: &Content) {
        self.fields.extend(&content.fields);
        self.page = self.page.max(content.page);
        // Each character once, lest lets that use one another double them.
        let new = |c: &char| !self.literals.contains(*c);
        let more: String = content.literals.chars().filter(new).collect();
        self.literals.push_str(&more);
    }
}
