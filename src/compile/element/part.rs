//! `use` of a part: its elements, in a box of the layout, with parameters.
//!
//! In: a `use` element and the part's tree. Out: the part's elements as if they stood in the layout.
//! Invariant: a part sees the record's fields, `layout`, `page` and its own parameters; the layout's `let`s reach it only as
//! parameters, so that a part means the same wherever it is used.

use std::path::Path;
use std::sync::Arc;

use crate::compile::Compiler;
use crate::compile::expression::names::{Binding, Names};
use crate::compile::place::Place;
use crate::compile::program::Element;
use crate::diag::{Diagnostic, nearest};
use crate::template::tree::{Attribute, Node};
use crate::template::vocabulary::Tag;

/// How deep parts may use parts, and replacements hold replacements.
pub(super) const MAX_DEPTH: usize = 8;

impl Compiler<'_> {
    /// Whether a `use` names art rather than a part.
    pub(super) fn is_art(&self, node: &Node) -> bool {
        let extension = node.value("href").and_then(|href| Path::new(href.text.trim()).extension());
        extension.is_some_and(|e| e.eq_ignore_ascii_case("svg"))
    }

    pub(super) fn part(&mut self, node: &Node, place: &Place, out: &mut Vec<Element>) {
        let Some(href) = self.fixed(node, "href", place) else { return };
        if place.depth == MAX_DEPTH {
            let message = format!("parts use parts more than {MAX_DEPTH} deep: {}", href.text);
            self.report.push(Diagnostic::error(href.whole(), message).hint("does the part use itself?"));
            return;
        }
        let frame = self.frame(node, place, place.look.size);
        let Some(file) = self.files.parse(&place.folder, &href, Tag::Part, &mut self.report) else { return };
        let names = self.parameters(node, &file.root, place);
        let place = Place {
            frame,
            names: Arc::new(names),
            folder: file.folder,
            replacements: Arc::default(),
            depth: place.depth + 1,
            ..place.clone()
        };
        let look = self.look(&file.root, &place, &place.look, "size");
        self.elements(&file.root, &Place { look, ..place }, out);
    }

    /// The attributes of a `use` that are not the language's own.
    pub(super) fn given(node: &Node) -> impl Iterator<Item = &Attribute> {
        node.attributes.iter().filter(|a| node.spec.attribute(&a.name).is_none())
    }

    /// The names that the part sees, its parameters as `node` gives them.
    fn parameters(&mut self, node: &Node, part: &Node, place: &Place) -> Names {
        let mut names = self.common_names.clone();
        names.extend_from(&place.names, ["page"]);
        let params: Vec<&Node> = part.nodes_of(Tag::Param).collect();
        for attribute in Self::given(node) {
            let known: Vec<&str> =
                params.iter().filter_map(|p| p.value("name")).map(|n| n.text.as_str()).collect();
            if !known.contains(&attribute.name.as_str()) {
                let message = format!("the part has no parameter: {}", attribute.name);
                let error = Diagnostic::error(attribute.name_span.clone(), message);
                let own = node.spec.attributes().map(|a| a.name);
                let hint = match nearest(&attribute.name, known.iter().copied().chain(own)) {
                    Some(near) => format!("did you mean {near}?"),
                    None if known.is_empty() => "it has none".to_owned(),
                    None => format!("it has {}", known.join(", ")),
                };
                self.report.push(error.hint(hint));
            }
        }
        for param in params {
            let Some(name) = param.value("name") else { continue };
            if names.get(&name.text).is_some() {
                let message = format!("the name is taken by a field or another parameter: {}", name.text);
                self.report.push(Diagnostic::error(name.whole(), message));
                continue;
            }
            let (value, seen) = match (node.value(&name.text), param.value("default")) {
                (Some(given), _) => (given, Arc::clone(&place.names)),
                (None, Some(default)) => (default, Arc::new(names.clone())),
                (None, None) => {
                    let message = format!("use lacks the part's parameter {}", name.text);
                    self.report.push(node.error(message).hint(format!("write {}=\"…\"", name.text)));
                    names.bind(&name.text, Binding::Broken);
                    continue;
                }
            };
            let content = self.expressions.content(value, &seen, &mut self.report);
            names.bind(&name.text, Binding::of(content));
            names.declare(&name.text, self.declare("parameter", param, &name.text));
        }
        names
    }
}
