//! `use` of SVG art: in a box of the layout, in the layout's colours.
//!
//! In: a `use` element and the art. Out: one element of paths. The art keeps its proportions; in a box of other proportions
//! it stands in the middle.

use std::collections::BTreeMap;

use super::svg;
use crate::color::Color;
use crate::compile::Compiler;
use crate::compile::place::{ACROSS, Axis, DOWN, Place};
use crate::compile::program::ElementKind;
use crate::diag::{Diagnostic, nearest};
use crate::geom::Rect;
use crate::template::tree::Node;
use crate::template::value;
use crate::unit::Length;

/// The parameter that all art has besides `color`: 0 clear, 1 opaque.
const OPACITY: &str = "opacity";

impl Compiler<'_> {
    pub(super) fn art(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let href = self.fixed(node, "href", place)?;
        let (_, source) = self.files.source(&place.folder, &href, &mut self.report)?;
        let colors = self.colors(node, place, &svg::parameters(&source));
        let opacity = self.read(node, OPACITY, place, |t| value::number(OPACITY, t, 0.0, 1.0)).unwrap_or(1.0);
        let art = svg::read(&source, &colors, opacity, &mut self.report)?;
        let rect = self.art_box(node, place, art.size);
        Some((ElementKind::Paths(art.within(rect)), rect))
    }

    /// The colours that `node` gives to the art's parameters.
    fn colors(
        &mut self,
        node: &Node,
        place: &Place,
        known: &BTreeMap<String, bool>,
    ) -> BTreeMap<String, Color> {
        let mut colors = BTreeMap::new();
        for attribute in Self::given(node).filter(|a| a.name != OPACITY) {
            let name = attribute.name.as_str();
            if !known.contains_key(name) {
                let error = Diagnostic::error(
                    attribute.name_span.clone(),
                    format!("the art has no parameter: {name}"),
                );
                let own = node.spec.attributes().map(|a| a.name);
                let words = known.keys().map(String::as_str).chain([OPACITY]);
                let hint = match nearest(name, words.clone().chain(own)) {
                    Some(near) => format!("did you mean {near}?"),
                    None => format!("it has {}", words.collect::<Vec<_>>().join(", ")),
                };
                self.report.push(error.hint(hint));
                continue;
            }
            let color = self.read(node, name, place, |text| value::color(name, text));
            colors.extend(color.map(|c| (name.to_owned(), c)));
        }
        for (name, _) in
            known.iter().filter(|(name, has_fallback)| !**has_fallback && node.attribute(name).is_none())
        {
            let error = node.error(format!("use lacks the art's parameter {name}"));
            self.report.push(error.hint(format!("write {name}=\"#1d4f91\"")));
        }
        colors
    }

    /// The box; what it does not say follows from the art's own size or proportions.
    fn art_box(&mut self, node: &Node, place: &Place, (width, height): (f64, f64)) -> Rect {
        let frame = place.frame;
        let natural = [Length::mm(width), Length::mm(height)];
        let wholes = [frame.width, frame.height];
        let mut axes = [ACROSS, DOWN].map(|names| {
            let whole = if names == ACROSS { frame.width } else { frame.height };
            let [near, extent, far] =
                names.map(|name| self.length(node, name, place, whole, place.look.size));
            Axis { near, extent, far }
        });
        let stated = [0, 1].map(|i| axes[i].stated(wholes[i]));
        for (i, axis) in axes.iter_mut().enumerate() {
            if stated[i].is_none() {
                let other = stated[1 - i];
                axis.extent = Some(other.map_or(natural[i], |o| natural[i].scale(o.ratio(natural[1 - i]))));
            }
        }
        let (x, width) = axes[0].solve(wholes[0], node, ACROSS, &mut self.report);
        let (y, height) = axes[1].solve(wholes[1], node, DOWN, &mut self.report);
        let origin = frame.origin().shift(x, y);
        Rect::new(origin.x, origin.y, width.unwrap_or_default(), height.unwrap_or_default())
    }
}
