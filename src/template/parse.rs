//! XML to syntax tree, held against the vocabulary.
//!
//! In: a [`Source`]. Out: its tree without what the vocabulary does not know, and everything that is wrong with it.
//! Standard: XML 1.0, without document type declarations.

use std::collections::BTreeSet;
use std::sync::Arc;

use roxmltree::{Document, ParsingOptions};

use super::report::Report;
use super::source::SourceText;
use super::tree::{Attribute, Child, Node};
use super::value;
use super::vocabulary::{self, ElementSpec, NAMESPACE, Need, Tag};
use crate::diag::{Diagnostic, Source, Span, nearest};

/// The most elements, attributes and texts of one file.
const MAX_NODES: u32 = 50_000;
/// The deepest nesting.
const MAX_DEPTH: usize = 64;

const XML_NAMESPACE: &str = "http://www.w3.org/XML/1998/namespace";

/// The tree of `source`, whose root must be a `root`; `None` if there is none to go on with.
pub(super) fn parse(source: &Arc<Source>, root: Tag, report: &mut Report) -> Option<Node> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = match Document::parse_with_options(&source.text, options) {
        Ok(document) => document,
        Err(error) => {
            report.push(malformed(source, &error));
            return None;
        }
    };
    let element = document.root_element();
    let wanted = vocabulary::name(root);
    if element.tag_name().name() != wanted {
        let message = format!("the root element is not {wanted}: {}", element.tag_name().name());
        report.push(Diagnostic::error(element_span(source, element), message));
        return None;
    }
    if let Some(other) = element.tag_name().namespace().filter(|n| *n != NAMESPACE) {
        let message = format!("unknown namespace: {other}");
        report.push(
            Diagnostic::error(element_span(source, element), message)
                .hint(format!("write xmlns=\"{NAMESPACE}\"")),
        );
        return None;
    }
    let spec = vocabulary::element(wanted)?;
    Some(Parser { source, report, depth: 0, ids: BTreeSet::new() }.node(element, spec, false))
}

/// What the XML parser has to say, at the place it says it.
pub(crate) fn malformed(source: &Arc<Source>, error: &roxmltree::Error) -> Diagnostic {
    let position = error.pos();
    let line_start: usize =
        source.text.split_inclusive('\n').take(position.row.saturating_sub(1) as usize).map(str::len).sum();
    let rest = &source.text[line_start..];
    let column: usize = rest.chars().take(position.col.saturating_sub(1) as usize).map(char::len_utf8).sum();
    let start = line_start + column;
    let end = start + source.text[start..].chars().next().map_or(0, char::len_utf8);
    let text = error.to_string();
    // The message ends in its own " at 1:2", which the diagnostic shows better.
    let text = text.rsplit_once(" at ").map_or(text.as_str(), |(what, _)| what);
    Diagnostic::error(Span::new(source, start..end), format!("the file is not well-formed XML: {text}"))
}

type Xml<'a, 'i> = roxmltree::Node<'a, 'i>;

/// The span of an element's name in its opening tag.
pub(crate) fn element_span(source: &Arc<Source>, element: Xml) -> Span {
    let start = element.range().start + 1;
    let name = source.text.get(start..).unwrap_or("");
    let length = name.find(|c: char| c.is_whitespace() || c == '/' || c == '>').unwrap_or(name.len());
    Span::new(source, start..start + length)
}

struct Parser<'a> {
    source: &'a Arc<Source>,
    report: &'a mut Report,
    depth: usize,
    ids: BTreeSet<String>,
}

impl Parser<'_> {
    fn node(&mut self, element: Xml, spec: &'static ElementSpec, preserves_space: bool) -> Node {
        let span = element_span(self.source, element);
        let preserves_space = match element.attribute((XML_NAMESPACE, "space")) {
            Some(space) => space == "preserve",
            None => preserves_space,
        };
        let attributes = self.attributes(element, spec);
        for wanted in spec.attributes().filter(|a| a.need == Need::Required) {
            if !attributes.iter().any(|a| a.name == wanted.name) {
                let message = format!("{} lacks the attribute {}", spec.name, wanted.name);
                self.report.push(
                    Diagnostic::error(span.clone(), message)
                        .hint(format!("{}: {}", wanted.name, wanted.summary)),
                );
            }
        }
        self.depth += 1;
        let children = if self.depth < MAX_DEPTH {
            element.children().filter_map(|child| self.child(child, spec, preserves_space)).collect()
        } else {
            let message = format!("elements are nested deeper than {MAX_DEPTH}");
            self.report.push(Diagnostic::error(span.clone(), message));
            Vec::new()
        };
        self.depth -= 1;
        Node { spec, span, attributes, children, preserves_space }
    }

    fn attributes(&mut self, element: Xml, spec: &'static ElementSpec) -> Vec<Attribute> {
        let mut attributes = Vec::new();
        for attribute in element.attributes() {
            if attribute.namespace() == Some(XML_NAMESPACE) {
                continue;
            }
            let name_span = Span::new(self.source, attribute.range_qname());
            let name = name_span.text().to_owned();
            let value_span = Span::new(self.source, attribute.range_value());
            let value = SourceText { text: attribute.value().to_owned(), span: value_span };
            match spec.attribute(&name) {
                Some(known) => {
                    if let Err(complaint) = value::check(known.kind, &name, &value.text) {
                        self.report.push(complaint.at(value.whole()));
                    }
                }
                None if spec.open => {}
                None => {
                    self.report.push(unknown_attribute(spec, &name, name_span));
                    continue;
                }
            }
            if name == "id" && spec.tag != Tag::Layout && !self.ids.insert(value.text.clone()) {
                let message = format!("another element has this id: {}", value.text);
                self.report.push(Diagnostic::error(value.whole(), message));
            }
            attributes.push(Attribute { name, name_span, value });
        }
        attributes
    }

    fn child(&mut self, child: Xml, parent: &'static ElementSpec, preserves_space: bool) -> Option<Child> {
        if child.is_text() {
            let span = Span::new(self.source, child.range());
            let text = child.text().unwrap_or_default().to_owned();
            if parent.text {
                return Some(Child::Text(SourceText { text, span }));
            }
            if !text.trim().is_empty() {
                let text = SourceText { text, span };
                let start = text.text.len() - text.text.trim_start().len();
                let span = text.at(start..start + text.text.trim().len());
                let message = format!("text may not stand in {}", parent.name);
                self.report.push(Diagnostic::error(span, message).hint("write <text …>…</text> to set text"));
            }
            return None;
        }
        if !child.is_element() {
            return None;
        }
        let span = element_span(self.source, child);
        let name = span.text().to_owned();
        match vocabulary::element(&name)
            .filter(|_| child.tag_name().namespace().is_none_or(|n| n == NAMESPACE))
        {
            Some(spec) if parent.children.contains(&spec.tag) => {
                Some(Child::Node(self.node(child, spec, preserves_space)))
            }
            Some(spec) => {
                let message = format!("{} may not stand in {}", spec.name, parent.name);
                self.report.push(Diagnostic::error(span, message).hint(may_hold(parent)));
                None
            }
            None => {
                let known = parent.children.iter().map(|tag| vocabulary::name(*tag));
                let hint = nearest(&name, known)
                    .map_or_else(|| may_hold(parent), |near| format!("did you mean {near}?"));
                self.report.push(Diagnostic::error(span, format!("unknown element: {name}")).hint(hint));
                None
            }
        }
    }
}

fn may_hold(parent: &ElementSpec) -> String {
    if parent.children.is_empty() {
        return format!("{} holds no elements", parent.name);
    }
    let names: Vec<_> = parent.children.iter().map(|tag| vocabulary::name(*tag)).collect();
    format!("{} may hold {}", parent.name, names.join(", "))
}

fn unknown_attribute(spec: &ElementSpec, name: &str, span: Span) -> Diagnostic {
    let known: Vec<_> = spec.attributes().map(|a| a.name).collect();
    let hint = match nearest(name, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => format!("{} has no attributes", spec.name),
        None => format!("{} has {}", spec.name, known.join(", ")),
    };
    Diagnostic::error(span, format!("unknown attribute of {}: {name}", spec.name)).hint(hint)
}
