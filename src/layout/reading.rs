//! Reading order: what of a page's elements is read aloud, and as what.
//!
//! In: items as their element painted them. Out: their parts, numbered as the layout has the elements.
//! Invariant: one element of a layout is its heading: the first of the texts that are set largest on its first page.

use crate::compile::program::{ElementKind, PagePlan};
use crate::page::{Item, Role};

/// Where a layout's heading stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heading {
    /// Page and element.
    at: Option<(usize, usize)>,
}

impl Heading {
    pub(super) fn of(pages: &[PagePlan]) -> Heading {
        let Some(first) = pages.first() else { return Heading::default() };
        let size = |kind: &ElementKind| match kind {
            ElementKind::Text(text) => text.pieces.iter().map(|piece| piece.style.size).max(),
            _ => None,
        };
        let sizes = first.elements.iter().enumerate().filter_map(|(i, e)| Some((size(&e.kind)?, i)));
        let largest = sizes.min_by_key(|(size, i)| (std::cmp::Reverse(*size), *i));
        Heading { at: largest.map(|(_, element)| (0, element)) }
    }

    /// Notes whose `items` these are: those of an element of a page, by their numbers in the program.
    pub(super) fn note(self, page: usize, element: usize, items: &mut [Item]) {
        for part in items.iter_mut().filter_map(|item| item.part.as_mut()) {
            part.element = element as u32;
            if self.at == Some((page, element)) && part.role == Role::Paragraph {
                part.role = Role::Heading;
            }
        }
    }
}
