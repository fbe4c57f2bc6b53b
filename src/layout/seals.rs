//! Where seals stand.
//!
//! In: the layout's [`SealPlan`]s, the true sizes of the seals, and the pages as they are laid. Out: [`SealPlace`]s with nothing left to
//! decide.
//! Invariant: a seal has one size, its own; on no page do two of them cross or touch.

use super::anchors::{self, Anchors};
use super::error::{LayoutError, LayoutErrorKind};
use super::straddle;
use crate::compile::expression::scope::Scope;
use crate::compile::program::{Element, SealAnchor, SealPlan};
use crate::geom::{Point, Rect, Size};
use crate::page::{Item, Master, Page, SealPlace};
use crate::unit::Length;

/// The seals that a record shows, and what they may stand at, gathered while its pages are laid.
pub(super) struct Seals<'a> {
    /// True sizes, by role.
    sizes: &'a [Size],
    wanted: Vec<Wanted<'a>>,
    /// By page of the document.
    anchors: Vec<Anchors>,
}

/// A seal that a page shows.
struct Wanted<'a> {
    page: usize,
    element: &'a Element,
    plan: &'a SealPlan,
    /// What [`SealAnchor::Keyword`] says for this record.
    keyword: String,
}

/// A seal, or a slice of one, in its place.
struct Placed<'w> {
    page: usize,
    wanted: &'w Wanted<'w>,
    place: SealPlace,
}

impl<'a> Seals<'a> {
    pub(super) fn new(sizes: &'a [Size]) -> Seals<'a> {
        Seals { sizes, wanted: Vec::new(), anchors: Vec::new() }
    }

    /// On `page`, `element` shows the seal of `plan`.
    pub(super) fn want(
        &mut self,
        page: usize,
        element: &'a Element,
        plan: &'a SealPlan,
        scope: &Scope<'_>,
    ) -> Result<(), LayoutError> {
        let keyword = match &plan.at {
            SealAnchor::Keyword { text, .. } => text
                .eval(scope)
                .map_err(|e| wrong(element, LayoutErrorKind::Expression(e.to_string())))?
                .into_owned(),
            // It goes over all pages, however many of them show it.
            SealAnchor::Edge { .. } if self.wanted.iter().any(|w| std::ptr::eq(w.element, element)) => {
                return Ok(());
            }
            _ => String::new(),
        };
        self.wanted.push(Wanted { page, element, plan, keyword });
        Ok(())
    }

    /// On `page`, `element` has painted `items`; `ids` are those that seals of the page stand at.
    pub(super) fn painted(&mut self, page: usize, ids: &[String], element: &Element, items: &[Item]) {
        if !ids.is_empty() {
            let pages = self.anchors.len().max(page + 1);
            self.anchors.resize_with(pages, Anchors::default);
            self.anchors[page].note(ids, element, items);
        }
    }

    /// Puts the seals into their places; `statics` are the anchors on the master's pages.
    pub(super) fn place(
        &self,
        pages: &mut [Page],
        master: &Master,
        statics: &[Anchors],
    ) -> Result<(), LayoutError> {
        let mut placed = Vec::new();
        for wanted in &self.wanted {
            if let SealAnchor::Edge { edge, along } = wanted.plan.at {
                let sheets: Vec<Size> = pages.iter().map(|page| master.pages[page.master].size).collect();
                let slices = straddle::slices(self.size(wanted.plan), edge, along, &sheets);
                placed.extend(slices.into_iter().map(|(page, rect, clip)| {
                    let place = SealPlace { role: wanted.plan.role, rect, clip: Some(clip) };
                    Placed { page, wanted, place }
                }));
            } else if let Some(middle) = self.middle(wanted, &pages[wanted.page], master, statics) {
                let Size { width, height } = self.size(wanted.plan);
                let rect = Rect::new(middle.x - width / 2, middle.y - height / 2, width, height);
                let place = SealPlace { role: wanted.plan.role, rect, clip: None };
                placed.push(Placed { page: wanted.page, wanted, place });
            }
        }
        self.check_found(&placed)?;
        for seal in placed {
            let page = &mut pages[seal.page];
            seal.check(master.pages[page.master].size, &page.seals)?;
            page.seals.push(seal.place);
        }
        Ok(())
    }

    /// As large as the seal is, or as the layout expects it to be.
    fn size(&self, plan: &SealPlan) -> Size {
        self.sizes.get(usize::from(plan.role)).copied().unwrap_or(plan.room)
    }

    /// Where the middle of a whole seal is, if `page` has what it stands at.
    fn middle(
        &self,
        wanted: &Wanted<'_>,
        page: &Page,
        master: &Master,
        statics: &[Anchors],
    ) -> Option<Point> {
        let (bounds, shift) = match &wanted.plan.at {
            SealAnchor::Point(point) => return Some(*point),
            SealAnchor::Edge { .. } => return None,
            SealAnchor::Element { id, shift } => {
                let own = self.anchors.get(wanted.page).and_then(|anchors| anchors.get(id));
                (own.or_else(|| statics.get(page.master)?.get(id))?, shift)
            }
            SealAnchor::Keyword { shift, .. } => {
                let under = &master.pages[page.master];
                let layers = [&under.background[..], &page.items, &under.foreground];
                (anchors::find(layers, &wanted.keyword)?, shift)
            }
        };
        Some(bounds.middle().shift(shift.x, shift.y))
    }

    /// A seal that a page shows stands there, or where the page is one of a sequence on another page of it.
    fn check_found(&self, placed: &[Placed<'_>]) -> Result<(), LayoutError> {
        for wanted in &self.wanted {
            let is_there = || placed.iter().any(|seal| std::ptr::eq(seal.wanted.element, wanted.element));
            let missing = match &wanted.plan.at {
                SealAnchor::Element { id, .. } if !is_there() => format!("the element {id} paints nothing"),
                SealAnchor::Keyword { .. } if wanted.keyword.trim().is_empty() => {
                    "its keyword is empty".to_owned()
                }
                SealAnchor::Keyword { .. } if !is_there() => {
                    format!("the page does not say {}", wanted.keyword)
                }
                _ => continue,
            };
            return Err(wrong(wanted.element, LayoutErrorKind::NoAnchor(missing)));
        }
        Ok(())
    }
}

impl Placed<'_> {
    /// Whether it lies on its page and keeps away from those that stand there. One at coordinates is the layout's own business: its
    /// author has been warned.
    fn check(&self, sheet: Size, before: &[SealPlace]) -> Result<(), LayoutError> {
        let sheet = Rect::new(Length::ZERO, Length::ZERO, sheet.width, sheet.height);
        let own = self.place.visible();
        if !matches!(self.wanted.plan.at, SealAnchor::Point(_)) && !sheet.contains(&own) {
            return Err(wrong(self.wanted.element, LayoutErrorKind::SealOffPage));
        }
        if before.iter().any(|other| other.visible().touches(&own)) {
            return Err(wrong(self.wanted.element, LayoutErrorKind::SealsMeet));
        }
        Ok(())
    }
}

fn wrong(element: &Element, kind: LayoutErrorKind) -> LayoutError {
    LayoutError { span: Some(element.span.clone()), field: None, kind }
}
