//! `let`s to names.
//!
//! In: the `let` elements of all layouts in the chain. Out: the names that the layout's own expressions see.
//! A `let` may use any other in whatever order they stand, because a layout that extends another may give a `let` of the
//! base a value that uses one of its own; only a circle is an error.

use std::sync::Arc;

use super::Compiler;
use super::expression::names::{Binding, Names};
use super::expression::segments::{Token, tokens};
use crate::diag::Diagnostic;
use crate::template::tree::Node;

impl Compiler<'_> {
    pub(super) fn lets(&mut self, lets: &[Node]) -> Names {
        let mut names = self.common_names.clone();
        let mut waiting: Vec<(&str, &Node)> = Vec::new();
        for node in lets {
            let Some(name) = node.value("name") else { continue };
            if self.common_names.get(&name.text).is_some() {
                let message = format!("a field has this name: {}", name.text);
                self.report.push(Diagnostic::error(name.whole(), message));
            } else {
                waiting.push((&name.text, node));
            }
        }
        while !waiting.is_empty() {
            let unbound: Vec<&str> = waiting.iter().map(|(name, _)| *name).collect();
            let (ready, rest): (Vec<_>, Vec<_>) =
                waiting.iter().copied().partition(|(_, node)| !mentions(node, &unbound));
            if ready.is_empty() {
                let error = rest[0]
                    .1
                    .error(format!("the values of these lets go in a circle: {}", unbound.join(", ")));
                self.report.push(error);
                unbound.iter().for_each(|name| names.bind(*name, Binding::Broken));
                break;
            }
            let seen = Arc::new(names.clone());
            for (name, node) in ready {
                let Some(value) = node.value("value") else { continue };
                let content = self.expressions.content(value, &seen, &mut self.report);
                names.bind(name, Binding::of(content));
                names.declare(name, self.declare("let", node, name));
            }
            waiting = rest;
        }
        names
    }
}

/// Whether the value uses one of `names`.
fn mentions(node: &Node, names: &[&str]) -> bool {
    let value = node.value("value").map_or("", |v| v.text.as_str());
    let Ok(segments) = super::expression::segments::segments(value) else { return false };
    segments.iter().any(|segment| {
        use super::expression::segments::Segment::{Expression, Literal, Statement};
        let code = match segment {
            Literal(_) => return false,
            Expression(_, inner) | Statement(_, inner) => &value[inner.clone()],
        };
        tokens(code).iter().any(|(token, _)| matches!(token, Token::Word(word) if names.contains(word)))
    })
}
