//! The syntax tree: elements of the [`vocabulary`](super::vocabulary), as they were written.
//!
//! Invariant: every element and attribute is one that the vocabulary allows there; values are still text, because an
//! expression may yet fill them in.

use super::source::SourceText;
use super::vocabulary::{ElementSpec, Tag};
use crate::diag::{Diagnostic, Span};

/// One element.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub spec: &'static ElementSpec,
    /// Its opening tag's name.
    pub span: Span,
    /// As written.
    pub attributes: Vec<Attribute>,
    /// In order.
    pub children: Vec<Child>,
    /// Whether white space is kept as written (`xml:space="preserve"`, inherited).
    pub preserves_space: bool,
}

/// One attribute.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// What it says.
    pub value: SourceText,
}

/// What stands in an element.
#[derive(Clone, Debug)]
pub enum Child {
    /// An element.
    Node(Node),
    /// Text.
    Text(SourceText),
}

impl Node {
    /// Which element it is.
    pub fn tag(&self) -> Tag {
        self.spec.tag
    }

    /// The attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|a| a.name == name)
    }

    /// The text of attribute `name`.
    pub fn value(&self, name: &str) -> Option<&SourceText> {
        self.attribute(name).map(|a| &a.value)
    }

    /// The elements in it.
    pub fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.children.iter().filter_map(|c| match c {
            Child::Node(node) => Some(node),
            Child::Text(_) => None,
        })
    }

    /// The elements of one kind in it.
    pub fn nodes_of(&self, tag: Tag) -> impl Iterator<Item = &Node> {
        self.nodes().filter(move |n| n.tag() == tag)
    }

    /// An error at this element's name.
    pub fn error(&self, message: impl Into<String>) -> Diagnostic {
        Diagnostic::error(self.span.clone(), message)
    }
}
