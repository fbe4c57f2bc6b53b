//! Where seals stand, and whose.
//!
//! In: the `<seal>` elements. Out: [`SealPlan`]s, and the layout's roles in the order in which it first names them.

use super::Compiler;
use super::place::Place;
use super::program::{Element, ElementKind, SealPlan};
use crate::diag::Diagnostic;
use crate::geom::Rect;
use crate::template::tree::Node;
use crate::unit::Length;

/// A department's seal (专用章).
const DIAMETER_MM: f64 = 42.0;

/// Whose seal it is where the layout does not say.
const ISSUER: &str = "issuer";

/// The most roles of a layout: each is a signature of its own in every document.
const MAX_ROLES: usize = 16;

impl Compiler<'_> {
    pub(super) fn seal(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let role = self.role(node, place)?;
        let whole = place.frame.width.min(place.frame.height);
        let diameter = self.length(node, "diameter", place, whole, place.look.size);
        let rect = self.square(node, place, diameter.unwrap_or(Length::mm(DIAMETER_MM)));
        Some((ElementKind::Seal(SealPlan { role, rect }), rect))
    }

    /// The role's index. One that is named only where nothing is ever shown is none of the layout's.
    fn role(&mut self, node: &Node, place: &Place) -> Option<u16> {
        let name = match self.fixed(node, "role", place) {
            Some(name) => name.text.trim().to_owned(),
            None => ISSUER.to_owned(),
        };
        let known = self.seal_roles.iter().position(|role| *role == name);
        let index = known.unwrap_or(self.seal_roles.len());
        if known.is_none() && !place.is_off {
            if index == MAX_ROLES {
                let message = format!("more than {MAX_ROLES} roles seal in this layout: {name}");
                self.report.push(node.error(message));
                return None;
            }
            self.seal_roles.push(name);
        }
        u16::try_from(index).ok()
    }

    /// Seals neither cross nor touch one another.
    pub(super) fn check_seals(&mut self, elements: &[Element]) {
        let seals: Vec<_> = elements
            .iter()
            .filter_map(|e| match &e.kind {
                ElementKind::Seal(seal) => Some((seal.rect, &e.span, e.when.is_empty())),
                _ => None,
            })
            .collect();
        for (i, (rect, span, always)) in seals.iter().enumerate() {
            if *always && seals[..i].iter().any(|(other, _, always)| *always && other.overlaps(rect)) {
                let error = Diagnostic::error(Clone::clone(*span), "the seal crosses another seal");
                self.report.push(error.hint("seals neither cross nor touch: move one"));
            }
        }
    }
}
