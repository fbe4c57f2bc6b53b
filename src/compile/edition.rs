//! Editions: the same layout for screens, for paper, and for paper on which most of it stands already.
//!
//! In: the edition that is asked for, and the `edition` attributes. Out: what is painted, and what the files are.
//! Invariant: an element is left out here, or in `overprint`, or painted everywhere: later steps know editions no more.

use super::Compiler;
use super::element::repeat::LOOP;
use super::place::{Place, SHEET};
use super::program::{Element, ElementKind};
use crate::diag::Diagnostic;
use crate::page::{Standing, Standings};
use crate::template::tree::Node;
use crate::template::vocabulary::Tag;

/// Which edition of a layout is compiled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Edition {
    /// The OFD that is sealed, and the PDF that is made with it.
    #[default]
    Electronic,
    /// The whole page for a printer, without an electronic seal.
    Print,
    /// 套打: only what the record decides, for sheets that bear all else.
    Overprint,
}

impl Edition {
    /// All editions by name.
    pub const ALL: [(&'static str, Edition); 3] =
        [("electronic", Edition::Electronic), ("print", Edition::Print), ("overprint", Edition::Overprint)];

    /// Whether it is for paper, which bears no electronic seal.
    pub const fn is_paper(self) -> bool {
        !matches!(self, Edition::Electronic)
    }

    /// What the files of this edition are. `pdf` is what the layout says of its sealed PDF.
    pub(super) fn standings(self, pdf: Standing) -> Standings {
        match self {
            Edition::Electronic => Standings { ofd: Standing::Original, pdf },
            Edition::Print | Edition::Overprint => {
                Standings { ofd: Standing::PrintCopy, pdf: Standing::PrintCopy }
            }
        }
    }

    /// Whether elements that say `only` are painted in its files, or in what is made from them.
    fn paints(self, only: Only) -> bool {
        self.is_paper() == (only == Only::Print)
    }
}

/// What an element is painted in, if not in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Only {
    /// Not on paper.
    Electronic,
    /// On paper.
    Print,
    /// In what is made from an original.
    Conversion,
}

impl Compiler<'_> {
    /// The surroundings of `node` as its attribute `edition` narrows them.
    pub(super) fn under_edition(&mut self, node: &Node, mut place: Place) -> Place {
        // Paper is sealed by hand.
        place.is_off |= node.tag() == Tag::Seal && self.edition.is_paper();
        let only = match self.keyword(node, "edition", &place) {
            Some("print") => Only::Print,
            Some("conversion") => Only::Conversion,
            Some(_) => Only::Electronic,
            None => return place,
        };
        if let (Some(attribute), true) = (node.attribute("edition"), place.only.is_some_and(|o| o != only)) {
            let message =
                format!("{} is never painted: what is around it is of another edition", node.spec.name);
            self.report.push(Diagnostic::error(attribute.value.whole(), message));
        }
        Place { only: Some(only), is_off: place.is_off || !self.edition.paints(only), ..place }
    }

    /// Puts `element` where its edition wants it: among those around it, on the page's conversions, or nowhere; and with it what
    /// is painted `over` it and belongs to it.
    pub(super) fn publish(
        &mut self,
        element: Element,
        over: Option<Element>,
        place: &Place,
        out: &mut Vec<Element>,
    ) {
        if place.only == Some(Only::Conversion) {
            if let ElementKind::Seal(_) = element.kind {
                let error = Diagnostic::error(element.span, "a conversion bears no seal of its own");
                self.report
                    .push(error.hint("leave the edition out: electronic certificates alone are sealed"));
            } else if let Some(whose) = laid_by(&element, place) {
                let message = format!("what conversions alone show may not stand in {whose}");
                let error = Diagnostic::error(element.span, message);
                self.report.push(error.hint("put it on the page itself"));
            } else {
                self.conversion.push(element);
                self.conversion.extend(over);
            }
            return;
        }
        out.push(element);
        out.extend(over);
    }
}

/// What of the record's own lays the element, if not its page: there conversions have nothing of their own.
fn laid_by(element: &Element, place: &Place) -> Option<&'static str> {
    if place.paper != SHEET {
        Some("a cell")
    } else if place.flows || matches!(element.kind, ElementKind::Flow(_)) {
        Some("a flow")
    } else {
        place.names.get(LOOP).map(|_| "a loop")
    }
}
