//! Where seals stand, and whose.
//!
//! In: the `<seal>` elements. Out: [`SealPlan`]s, and the layout's roles in the order in which it first names them.

use crate::compile::Compiler;
use crate::compile::place::Place;
use crate::compile::program::{Edge, Element, ElementKind, SealAnchor, SealPlan};
use crate::diag::{Diagnostic, nearest};
use crate::geom::{Point, Rect, Size};
use crate::template::tree::Node;
use crate::unit::Length;

/// A department's seal (专用章).
const DIAMETER_MM: f64 = 42.0;

/// Whose seal it is where the layout does not say.
const ISSUER: &str = "issuer";

/// The most roles of a layout: each is a signature of its own in every document.
const MAX_ROLES: usize = 16;

/// What says where a seal stands, beside its edges.
const ANCHORS: [&str; 3] = ["at", "keyword", "straddle"];

impl Compiler<'_> {
    pub(super) fn seal(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let role = self.role(node, place)?;
        let whole = place.frame.width.min(place.frame.height);
        let diameter = self.length(node, "diameter", place, whole, place.look.size);
        let diameter = diameter.unwrap_or(Length::mm(DIAMETER_MM));
        let rect = self.square(node, place, diameter);
        let at = self.anchor(node, place, rect)?;
        // Where it will stand otherwise, only a record can tell.
        let bounds = match at {
            SealAnchor::Point(_) => rect,
            _ => Rect::default(),
        };
        Some((ElementKind::Seal(SealPlan { role, room: Size::new(diameter, diameter), at }), bounds))
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

    /// What the seal stands at; `rect` is where its edges put it.
    fn anchor(&mut self, node: &Node, place: &Place, rect: Rect) -> Option<SealAnchor> {
        let given: Vec<&str> = ANCHORS.into_iter().filter(|name| node.attribute(name).is_some()).collect();
        let no_room_for: &[&str] = match given[..] {
            [] => &["dx", "dy"],
            ["straddle"] => match self.keyword(node, "straddle", place)? {
                "left" | "right" => &["x", "right", "dx", "dy"],
                _ => &["y", "bottom", "dx", "dy"],
            },
            [_] => &["x", "right", "y", "bottom"],
            [first, second, ..] => {
                let error = node.error(format!("seal has both {first} and {second}"));
                self.report.push(error.hint("remove one of them"));
                return None;
            }
        };
        if let Some(extra) = no_room_for.iter().find_map(|name| node.attribute(name)) {
            let what = given.first().map_or("without at or keyword".into(), |name| format!("with {name}"));
            let message = format!("{} says nothing on a seal {what}", extra.name);
            self.report.push(Diagnostic::error(extra.name_span.clone(), message).hint("remove it"));
            return None;
        }
        match given[..] {
            ["at"] => {
                let id = self.fixed(node, "at", place)?.text.trim().to_owned();
                Some(SealAnchor::Element { id, shift: self.shift(node, place) })
            }
            ["keyword"] => {
                let words = node.value("keyword")?;
                let text = self.expressions.content(words, &place.names, &mut self.report)?;
                if text.as_literal().is_some_and(|words| words.trim().is_empty()) {
                    let error = Diagnostic::error(words.whole(), "the seal's keyword is empty");
                    self.report.push(error.hint("write the words that it stands at"));
                    return None;
                }
                Some(SealAnchor::Keyword { text, shift: self.shift(node, place) })
            }
            ["straddle"] => Some(self.edge(node, place, rect)?),
            _ => Some(SealAnchor::Point(rect.middle())),
        }
    }

    fn shift(&mut self, node: &Node, place: &Place) -> Point {
        let (frame, em) = (place.frame, place.look.size);
        let [x, y] = [("dx", frame.width), ("dy", frame.height)]
            .map(|(name, whole)| self.length(node, name, place, whole, em).unwrap_or_default());
        Point::new(x, y)
    }

    /// The edge, and where along it: in the middle unless the seal says otherwise.
    fn edge(&mut self, node: &Node, place: &Place, rect: Rect) -> Option<SealAnchor> {
        let edge = match self.keyword(node, "straddle", place)? {
            "left" => Edge::Left,
            "right" => Edge::Right,
            "top" => Edge::Top,
            _ => Edge::Bottom,
        };
        let says = |names: [&str; 2]| names.iter().any(|name| node.attribute(name).is_some());
        let (stated, there, half) = match edge {
            Edge::Left | Edge::Right => (says(["y", "bottom"]), rect.middle().y, place.page.height / 2),
            Edge::Top | Edge::Bottom => (says(["x", "right"]), rect.middle().x, place.page.width / 2),
        };
        Some(SealAnchor::Edge { edge, along: if stated { there } else { half } })
    }

    /// Seals neither cross nor touch one another, and what they stand at exists; tells the ids of it.
    pub(in crate::compile) fn check_seals(&mut self, elements: &[Element]) -> Vec<String> {
        let (mut anchors, mut before) = (Vec::new(), Vec::<(Rect, u16, bool)>::new());
        for element in elements {
            let ElementKind::Seal(seal) = &element.kind else { continue };
            match &seal.at {
                SealAnchor::Point(_) => {
                    let always = element.when.is_empty();
                    let met = |&&(other, ..): &&(Rect, u16, bool)| other.touches(&element.bounds);
                    let hint = "seals neither cross nor touch: move one";
                    if before.iter().filter(met).any(|other| other.2 && always) {
                        let error = Diagnostic::error(
                            element.span.clone(),
                            "the seal crosses or touches another seal",
                        );
                        self.report.push(error.hint(hint));
                    } else if before.iter().filter(met).any(|other| other.1 != seal.role) {
                        let message =
                            "the seal crosses or touches that of another role wherever both are shown";
                        self.report.push(Diagnostic::warning(element.span.clone(), message).hint(hint));
                    }
                    before.push((element.bounds, seal.role, always));
                }
                SealAnchor::Element { id, .. } => {
                    let ids = || elements.iter().filter_map(|e| e.id.as_deref());
                    if !ids().any(|known| known == id) {
                        let message = format!("the page has no element with this id for the seal: {id}");
                        let hint = match nearest(id, ids()) {
                            Some(near) => format!("did you mean {near}?"),
                            None => "give the element an id; a group has no place of its own".to_owned(),
                        };
                        self.report.push(Diagnostic::error(element.span.clone(), message).hint(hint));
                    }
                    anchors.push(id.clone());
                }
                SealAnchor::Keyword { .. } | SealAnchor::Edge { .. } => {}
            }
        }
        anchors
    }
}
