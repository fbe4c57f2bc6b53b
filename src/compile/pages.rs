//! The pages of a layout, and what surrounds everything on them.
//!
//! In: the merged layout and the names that its expressions see. Out: a [`PagePlan`] for each page, and what the files are.
//! Invariant: pages are compiled in reading order, so that seals are met in that of signing.

use std::path::PathBuf;
use std::sync::Arc;

use super::Compiler;
use super::edition::Edition;
use super::expression::names::{Binding, Names};
use super::expression::scope::PageFacts;
use super::overprint::overprint;
use super::place::{Look, Place, SHEET};
use super::program::{ElementKind, PagePlan};
use super::resolve::Merged;
use crate::geom::Rect;
use crate::page::{Standing, Standings};
use crate::template::tree::Node;
use crate::template::value;
use crate::template::vocabulary::Tag;
use crate::unit::Length;

impl Compiler<'_> {
    /// All pages, and what the files that bear them are.
    pub(super) fn pages(&mut self, merged: &Merged, names: Names) -> (Vec<PagePlan>, Standings) {
        let outside = outside(merged, names);
        let pdf = match self.keyword(&merged.root, "pdf", &outside) {
            Some("original") => Standing::Original,
            _ => Standing::Conversion,
        };
        let standings = self.edition.standings(pdf);
        let mut pages = Vec::with_capacity(merged.pages.len());
        for (i, page) in merged.pages.iter().enumerate() {
            let mut names = Names::clone(&outside.names);
            names.bind("page", page_facts(merged, i));
            let outside = Place { names: Arc::new(names), folder: page.folder.clone(), ..outside.clone() };
            let look = self.look(&merged.root, &outside, &Look::default(), "size");
            pages.push(self.page(&page.node, &Place { look, ..outside }));
        }
        if standings.pdf == Standing::Conversion && pages.iter().all(|page| page.conversion.is_empty()) {
            pages.iter_mut().for_each(|page| page.conversion.extend(self.note(page.size)));
        }
        (pages, standings)
    }

    /// The page `node` in the surroundings `place`, whose frame is not yet known.
    fn page(&mut self, node: &Node, place: &Place) -> PagePlan {
        let size = self.read(node, "size", place, value::sheet).unwrap_or_default();
        let mut elements = Vec::new();
        let place = Place {
            frame: Rect::new(Length::ZERO, Length::ZERO, size.width, size.height),
            page: size,
            look: self.look(node, place, &place.look, "font-size"),
            ..place.clone()
        };
        self.elements(node, &place, &mut elements);
        let anchors = self.check_seals(&elements);
        self.check_flows(&elements);
        if self.edition == Edition::Overprint {
            overprint(&mut elements);
        }
        let flow = elements.iter().position(|e| matches!(e.kind, ElementKind::Flow(_)));
        PagePlan { size, elements, anchors, flow, conversion: std::mem::take(&mut self.conversion) }
    }
}

/// What surrounds all pages.
fn outside(merged: &Merged, names: Names) -> Place {
    Place {
        frame: Rect::default(),
        page: Default::default(),
        paper: SHEET,
        flows: false,
        look: Look::default(),
        when: Vec::new(),
        is_off: false,
        only: None,
        names: Arc::new(names),
        folder: PathBuf::new(),
        replacements: Arc::clone(&merged.replacements),
        depth: 0,
    }
}

/// What `page` stands for on page `index`.
fn page_facts(merged: &Merged, index: usize) -> Binding {
    // With a flow, how many pages there are depends on the record.
    if merged.pages.iter().any(|page| page.node.nodes_of(Tag::Flow).next().is_some()) {
        return Binding::Page;
    }
    let (number, count) = (index + 1, merged.pages.len());
    Binding::Fixed(PageFacts { number, count, first: true, last: true, ..PageFacts::default() }.value())
}
