//! Names that are declared and never used.
//!
//! In: declarations as they are met, uses as expressions are checked. Out: a warning for each declaration without a use.
//! Invariant: what only another layout could use is not told: a field or a `let` of a base may serve the next layout that extends it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::expression::names::{Binding, Names};
use super::resolve::Merged;
use crate::diag::{Diagnostic, Span};
use crate::record::{Field, Schema};
use crate::template::tree::Node;
use crate::template::vocabulary::Tag;

/// What expressions have asked for so far.
#[derive(Debug, Default)]
pub(super) struct Used(RefCell<Asked>);

#[derive(Debug, Default)]
struct Asked {
    fields: BTreeSet<usize>,
    /// Of rows, whichever list they are of.
    columns: BTreeSet<String>,
    declarations: BTreeSet<usize>,
}

/// A `let` or a parameter.
#[derive(Debug)]
pub(super) struct Declaration {
    what: &'static str,
    name: String,
    span: Span,
}

impl Used {
    /// What `name` stands for among `names`; it is used.
    pub(super) fn get<'n>(&self, names: &'n Names, name: &str) -> Option<&'n Binding> {
        let binding = names.get(name)?;
        let mut asked = self.0.borrow_mut();
        match binding {
            Binding::Field(field) | Binding::Row(field) | Binding::Loop(field) => {
                asked.fields.insert(*field);
            }
            _ => asked.declarations.extend(names.declaration(name)),
        }
        Some(binding)
    }

    /// The field of this index is used.
    pub(super) fn field(&self, field: usize) {
        self.0.borrow_mut().fields.insert(field);
    }

    /// The fields of rows that are called so are used.
    pub(super) fn column(&self, name: &str) {
        self.0.borrow_mut().columns.insert(name.to_owned());
    }

    /// What of the layout's own file and of its parts was never used.
    pub(super) fn unused(
        &self,
        merged: &Merged,
        schema: &Schema,
        declarations: &[Declaration],
    ) -> Vec<Diagnostic> {
        let asked = self.0.borrow();
        let own = |span: &Span| span.source == merged.root.span.source;
        let warn = |span: &Span, what: &str, name: &str, hint: &str| {
            Diagnostic::warning(span.clone(), format!("{what} is never used: {name}")).hint(hint)
        };
        let mut told = Vec::new();
        for node in merged.fields.iter().filter(|node| own(&node.span)) {
            let Some(index) = node.value("name").and_then(|name| schema.index(&name.text)) else { continue };
            let field = &schema.fields[index];
            if !asked.fields.contains(&index) {
                let hint =
                    "show it, or take it out: certificates would carry it in their attached record alone";
                told.push(warn(&name_span(node), "the field", &field.name, hint));
                continue;
            }
            let columns = node.nodes().filter(|inner| inner.tag() == Tag::Field);
            for (inner, column) in columns.zip(Field::columns(field)) {
                if !asked.columns.contains(&column.name) {
                    let what = format!("the field of the rows of {}", field.name);
                    told.push(warn(&name_span(inner), &what, &column.name, "show it, or take it out"));
                }
            }
        }
        for (index, declaration) in declarations.iter().enumerate() {
            let Declaration { what, name, span } = declaration;
            if !asked.declarations.contains(&index) && (*what != "let" || own(span)) {
                told.push(warn(span, &format!("the {what}"), name, "use it, or take it out"));
            }
        }
        told
    }
}

/// Where an element says its name.
fn name_span(node: &Node) -> Span {
    node.value("name").map_or_else(|| node.span.clone(), |name| name.whole())
}

impl super::Compiler<'_> {
    /// The number of the declaration that `node` is, a `let` or a `param`; that of a part is the same wherever the part is used.
    pub(super) fn declare(&mut self, what: &'static str, node: &Node, name: &str) -> usize {
        let span = name_span(node);
        let known = self.declarations.iter().position(|declaration| declaration.span == span);
        known.unwrap_or_else(|| {
            self.declarations.push(Declaration { what, name: name.to_owned(), span });
            self.declarations.len() - 1
        })
    }
}
