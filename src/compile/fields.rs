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
    let nodes: Vec<&Node> = fields.iter().filter(|n| n.tag() == Tag::Field).collect();
    Arc::new(Schema { id: id.to_owned(), fields: distinct(&nodes, "the layout", report) })
}

/// The fields of `whose`: the layout's, or a list's. No name or label stands for two of them.
fn distinct(nodes: &[&Node], whose: &str, report: &mut Report) -> Vec<Field> {
    if let Some(node) = nodes.get(MAX_FIELDS) {
        report.push(node.error(format!("{whose} has more than {MAX_FIELDS} fields")));
    }
    let mut fields: Vec<Field> = Vec::new();
    for node in nodes.iter().take(MAX_FIELDS) {
        let Some(field) = field(node, report) else { continue };
        let taken =
            |text: &str| fields.iter().any(|f| !text.is_empty() && (f.name == text || f.label == text));
        let label = node.value("label").filter(|_| taken(&field.label));
        if let Some(label) = label {
            report.push(Diagnostic::error(
                label.whole(),
                format!("another field has this label: {}", label.text),
            ));
        }
        if let Some(name) = node.value("name").filter(|_| taken(&field.name)) {
            let what = if fields.iter().any(|f| f.name == field.name) { "name" } else { "label" };
            report.push(Diagnostic::error(
                name.whole(),
                format!("another field has this {what}: {}", name.text),
            ));
        }
        fields.push(field);
    }
    fields
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
        common: text("common").unwrap_or_default(),
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
        FieldKind::Text { max: usual } => {
            (FieldKind::Text { max: max.map_or(usual, size) }, &["max", "common"])
        }
        FieldKind::PersonName | FieldKind::Approval => (kind, &["common"]),
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
        FieldKind::List { max: usual, .. } => {
            (FieldKind::List { fields: columns(node, report), max: max.map_or(usual, size) }, &["max"])
        }
        other => (other, &[]),
    };
    if !matches!(kind, FieldKind::List { .. })
        && let Some(inner) = node.nodes().next()
    {
        report.push(inner.error("only a list holds fields").hint("write type=\"list\" on the outer field"));
    }
    let kind_name = node.value("type").map_or("", |v| v.text.as_str());
    for rule in ["min", "max", "scale", "values", "common"] {
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
        FieldKind::Text { max: 0 } | FieldKind::Image { max_bytes: 0 } | FieldKind::List { max: 0, .. } => {
            refuse("max is not above zero", "no value would pass");
        }
        FieldKind::List { .. } if node.nodes().next().is_none() => {
            refuse("a list lacks its fields", "write <field name=\"subject\" type=\"text\"/> in it");
        }
        FieldKind::List { max, .. } if *max > FieldKind::LIST_MAX => {
            refuse(&format!("a list has at most {} rows", FieldKind::LIST_MAX), "split the record");
        }
        _ => {}
    }
    kind
}

/// What each row of the list `node` has.
fn columns(node: &Node, report: &mut Report) -> Vec<Field> {
    let is_list = |n: &&Node| n.value("type").is_some_and(|t| t.text.trim() == "list");
    for inner in node.nodes().filter(is_list) {
        report.push(inner.error("a list may not hold a list").hint("give its fields to the outer list"));
    }
    let plain: Vec<&Node> = node.nodes().filter(|n| !is_list(n)).collect();
    distinct(&plain, "the list", report)
}

/// A default must pass the rules of its own field, or every record without a value would fail.
fn check_default(field: &Field, default: &SourceText, report: &mut Report) {
    let schema = Schema { id: String::new(), fields: vec![Field { required: false, ..field.clone() }] };
    let without = match field.kind {
        FieldKind::Image { .. } => Some("an image has no default"),
        FieldKind::List { .. } => Some("a list has no default"),
        FieldKind::Approval => Some("an approval has no default, or every row would be approved"),
        _ => None,
    };
    if let Some(message) = without {
        report.push(Diagnostic::error(default.whole(), message));
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
