//! `fields` to a [`Schema`].
//!
//! In: the `field` elements. Out: the schema that records are bound to; each default has passed its own field's rules.

use std::sync::Arc;

use crate::diag::Diagnostic;
use crate::record::{BindOptions, Field, FieldKind, Record, Schema};
use crate::template::report::Report;
use crate::template::source::SourceText;
use crate::template::tree::Node;
use crate::template::value;
use crate::template::vocabulary::Tag;

/// The most fields: tags are 16 bits, and no certificate needs more.
const MAX_FIELDS: usize = 1000;

/// The schema `id` of these `fields`.
pub(super) fn schema(id: &str, fields: &[Node], report: &mut Report) -> Arc<Schema> {
    let mut schema = Schema { id: id.to_owned(), fields: Vec::new() };
    for node in fields.iter().filter(|n| n.tag() == Tag::Field) {
        if schema.fields.len() == MAX_FIELDS {
            report.push(node.error(format!("the layout has more than {MAX_FIELDS} fields")));
            break;
        }
        schema.fields.extend(field(node, report));
    }
    for (i, field) in schema.fields.iter().enumerate() {
        let written = || fields.iter().find(|n| n.value("name").is_some_and(|v| v.text == field.name));
        if schema.fields[..i].iter().any(|f| f.label == field.name) {
            report.extend(written().and_then(|n| n.value("name")).map(|name| {
                Diagnostic::error(name.whole(), format!("another field has this label: {}", name.text))
            }));
        }
        let label_is_taken = |f: &Field| f.label == field.label || f.name == field.label;
        if !field.label.is_empty() && schema.fields[..i].iter().any(label_is_taken) {
            let label = written().and_then(|n| n.value("label"));
            report.extend(
                label.map(|l| {
                    Diagnostic::error(l.whole(), format!("another field has this label: {}", l.text))
                }),
            );
        }
    }
    Arc::new(schema)
}

fn field(node: &Node, report: &mut Report) -> Option<Field> {
    let name = value::variable("name", &node.value("name")?.text).ok()?.to_owned();
    // A field of an unknown type keeps its name, so that expressions are not reported as well.
    let kind = node.value("type").and_then(|v| value::field_type(&v.text).ok());
    let Some(kind) = kind else {
        return Some(Field::new(name, FieldKind::Text { max: FieldKind::DEFAULT_TEXT_MAX }));
    };
    let kind = with_rules(kind, node, report);
    let text = |attribute: &str| node.value(attribute).map(|v| v.text.clone());
    let field = Field {
        name,
        label: text("label").unwrap_or_default(),
        kind,
        required: node.value("required").is_some_and(|v| v.text == "true"),
        default: text("default"),
        hint: text("hint"),
    };
    if let Some(default) = node.value("default") {
        check_default(&field, default, report);
    }
    Some(field)
}

/// The kind with the limits that `node` sets; a limit that the kind does not know is an error.
fn with_rules(kind: FieldKind, node: &Node, report: &mut Report) -> FieldKind {
    let number = |name: &str| node.value(name).and_then(|v| value::integer(name, &v.text).ok());
    let (min, max, scale) = (number("min"), number("max"), number("scale"));
    let words: Vec<String> = node
        .value("values")
        .map(|v| v.text.split_whitespace().map(str::to_owned).collect())
        .unwrap_or_default();
    let size = |n: i64| usize::try_from(n).unwrap_or(0);
    let (kind, known): (FieldKind, &[&str]) = match kind {
        FieldKind::Text { max: usual } => (FieldKind::Text { max: max.map_or(usual, size) }, &["max"]),
        FieldKind::Integer { min: least, max: most } => {
            (FieldKind::Integer { min: min.unwrap_or(least), max: max.unwrap_or(most) }, &["min", "max"])
        }
        FieldKind::Decimal { scale: usual } => {
            (FieldKind::Decimal { scale: scale.map_or(usual, |s| s.clamp(0, 18) as u8) }, &["scale"])
        }
        FieldKind::Choice(_) => (FieldKind::Choice(words), &["values"]),
        FieldKind::Image { max_bytes } => {
            (FieldKind::Image { max_bytes: max.map_or(max_bytes, size) }, &["max"])
        }
        other => (other, &[]),
    };
    let kind_name = node.value("type").map_or("", |v| v.text.as_str());
    for rule in ["min", "max", "scale", "values"] {
        if let Some(attribute) = node.attribute(rule).filter(|_| !known.contains(&rule)) {
            let message = format!("{rule} says nothing about a field of type {kind_name}");
            report.push(Diagnostic::error(attribute.name_span.clone(), message).hint("remove it"));
        }
    }
    let mut refuse = |message: &str, hint: &str| report.push(node.error(message).hint(hint));
    match &kind {
        FieldKind::Choice(words) if words.is_empty() => {
            refuse("a choice lacks its words", "write values=\"男 女\"");
        }
        FieldKind::Choice(words) if (1..words.len()).any(|i| words[..i].contains(&words[i])) => {
            refuse("a choice has a word twice", "remove one");
        }
        FieldKind::Integer { min, max } if min > max => refuse("min is above max", "no value would pass"),
        FieldKind::Text { max: 0 } | FieldKind::Image { max_bytes: 0 } => {
            refuse("max is not above zero", "no value would pass");
        }
        _ => {}
    }
    kind
}

/// A default must pass the rules of its own field, or every record without a value would fail.
fn check_default(field: &Field, default: &SourceText, report: &mut Report) {
    let schema = Schema { id: String::new(), fields: vec![Field { required: false, ..field.clone() }] };
    if matches!(field.kind, FieldKind::Image { .. }) {
        report.push(Diagnostic::error(default.whole(), "an image has no default"));
    } else if field.kind == FieldKind::Approval {
        let error = Diagnostic::error(default.whole(), "an approval has no default");
        report.push(error.hint("or every row would be approved"));
    } else if let Err(errors) = schema.bind(&Record::new(), &BindOptions::default()) {
        for error in errors {
            let diagnostic = Diagnostic::error(
                default.whole(),
                format!("the default {}: {}", error.message, default.text),
            );
            report.push(if error.hint.is_empty() { diagnostic } else { diagnostic.hint(error.hint) });
        }
    }
}
