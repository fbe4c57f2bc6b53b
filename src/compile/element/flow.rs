//! `flow`: a box that texts and tables run down, and on through further pages.
//!
//! In: a `flow` element on a page. Out: [`FlowPlan`].
//! Invariant: nothing in a flow says how far down it stands.

use crate::compile::Compiler;
use crate::compile::expression::content::{Condition, PageUse};
use crate::compile::place::Place;
use crate::compile::program::{CellContent, CellPlan, Element, ElementKind, FlowPlan};
use crate::diag::Diagnostic;
use crate::geom::Rect;
use crate::template::tree::Node;
use crate::unit::Length;

impl Compiler<'_> {
    pub(super) fn flow(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let rect = self.rect(node, place);
        let look = self.look(node, place, &place.look, "size");
        let inside = Place { frame: rect, look, when: Vec::new(), flows: true, ..place.clone() };
        let mut elements = Vec::new();
        self.elements(node, &inside, &mut elements);
        for element in &elements {
            if !matches!(element.kind, ElementKind::Text(_) | ElementKind::Table(_) | ElementKind::Space(_)) {
                let error = Diagnostic::error(element.span.clone(), "it may not stand in a flow");
                self.report.push(error.hint("a flow holds text, table and space"));
            }
        }
        for condition in place.when.iter().filter(|c| c.page() == PageUse::Count) {
            let message = "whether there is a flow depends on how many pages it takes";
            let error = Diagnostic::error(condition.span.clone(), message);
            self.report.push(error.hint("put the condition on what the flow holds"));
        }
        let counts_pages = elements.iter().any(counts_pages);
        Some((ElementKind::Flow(FlowPlan { rect, elements, counts_pages }), rect))
    }

    pub(super) fn space(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let height = self.length(node, "height", place, place.frame.height, place.look.size)?;
        let origin = place.frame.origin();
        Some((ElementKind::Space(height), Rect::new(origin.x, origin.y, Length::ZERO, Length::ZERO)))
    }

    /// What says how far down an element of a flow stands.
    pub(super) fn check_in_flow(&mut self, node: &Node) {
        for name in ["y", "bottom"] {
            if let Some(attribute) = node.attribute(name) {
                let error = Diagnostic::error(attribute.name_span.clone(), format!("{name} in a flow"));
                self.report
                    .push(error.hint("it follows what stands above; write <space height=\"5mm\"/> for room"));
            }
        }
        if let Some(height) = node.attribute("height").filter(|_| node.spec.name == "table") {
            let error = Diagnostic::error(height.name_span.clone(), "a table of a height in a flow");
            self.report.push(error.hint("give its rows a height"));
        }
    }

    /// A page has one flow, or which would its pages follow?
    pub(in crate::compile) fn check_flows(&mut self, elements: &[Element]) {
        for second in elements.iter().filter(|e| matches!(e.kind, ElementKind::Flow(_))).skip(1) {
            let error = Diagnostic::error(second.span.clone(), "the page has another flow");
            self.report.push(error.hint("put its content into the first, or on a page of its own"));
        }
    }
}

/// Whether what is set depends on how many pages there are.
fn counts_pages(element: &Element) -> bool {
    let all = |elements: &[Element]| elements.iter().any(counts_pages);
    let any = |when: &[Condition]| when.iter().any(|c| c.page() == PageUse::Count);
    let inside = match &element.kind {
        ElementKind::Table(table) => {
            let cell = |cell: &CellPlan| matches!(&cell.content, CellContent::Elements(e) if all(e));
            table.rows().any(|row| any(&row.when)) || table.cells().any(cell)
        }
        ElementKind::Repeat(repeat) => all(&repeat.elements),
        ElementKind::Qr(qr) => qr.counts_pages(),
        _ => false,
    };
    let texts = element.kind.texts();
    let says = texts.iter().flat_map(|t| &t.pieces).any(|p| p.content.page() == PageUse::Count);
    inside || says || any(&element.when)
}
