//! Two bound records as claims, field by field; and the record that comes of them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Entry, RE_AUDIT, REISSUE_OF, REISSUE_OF_NUMBER, Record};
use crate::crypto::{hex, sm3};
use crate::licence::reissue::{Claim, Difference, Role};
use crate::office::{IDENTIFIER, NUMBER};
use crate::record::{Field, FieldKind, RawValue, Schema, Value};

/// Fields that a reissue fills in itself.
const OWN: [&str; 3] = [REISSUE_OF, REISSUE_OF_NUMBER, RE_AUDIT];

/// The same fields and types; nothing is required and nothing stands in for what is missing, so that what is bound is what was said.
pub(super) fn lenient(schema: &Schema) -> Schema {
    let field = |field: &Field| {
        let kind = match &field.kind {
            FieldKind::Approval => FieldKind::Text { max: FieldKind::APPROVAL_MAX },
            kind => kind.clone(),
        };
        Field { kind, required: false, default: None, ..field.clone() }
    };
    Schema { id: schema.id.clone(), fields: schema.fields.iter().map(field).collect() }
}

/// What the request claims of each field, and of each cell of the lists that it gives.
pub(super) fn claims(schema: &Schema, old: &Entry, asked: &Entry) -> Vec<Claim> {
    let first = |kind: FieldKind| schema.fields.iter().position(|f| f.kind == kind);
    let holder = [first(FieldKind::PersonName), first(FieldKind::ResidentId)];
    let mut claims = Vec::new();
    for (i, field) in schema.fields.iter().enumerate().filter(|(_, f)| !OWN.contains(&f.name.as_str())) {
        let role = match field.name.as_str() {
            NUMBER | IDENTIFIER => Role::Certificate,
            _ if holder.contains(&Some(i)) => Role::Holder,
            _ => Role::Content,
        };
        let (original, requested) = (old.value(i), asked.value(i));
        let claim = |name: String, original: String, requested: Option<String>| Claim {
            field: name,
            label: field.label.clone(),
            role,
            original,
            requested,
        };
        if requested.is_null() || !matches!(requested, Value::List(_)) {
            let requested = Some(requested).filter(|value| !value.is_null()).map(said);
            claims.push(claim(field.name.clone(), said(original), requested));
            continue;
        }
        let (rows, asked_rows) = (old.rows(i), asked.rows(i));
        claims.push(claim(field.name.clone(), count(rows), Some(count(asked_rows))));
        for (r, (row, asked_row)) in rows.iter().zip(asked_rows).enumerate() {
            for (column, (original, requested)) in field.columns().iter().zip(row.iter().zip(asked_row)) {
                let name = format!("{}[{}].{}", field.name, r + 1, column.name);
                claims.push(claim(name, said(original), Some(said(requested))));
            }
        }
    }
    claims
}

/// The record of the new certificate: the original's, with the fields that changed as the request says.
pub(super) fn record(schema: &Schema, old: &Entry, asked: &Entry, changes: &[Difference]) -> Record {
    let changed = |field: &Field| {
        let inside = |path: &str| {
            path.strip_prefix(&field.name).is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
        };
        changes.iter().any(|change| inside(&change.field))
    };
    let values = schema.fields.iter().enumerate().map(|(i, field)| {
        let value = if changed(field) { asked.value(i) } else { old.value(i) };
        (field.name.as_str(), raw(field, value))
    });
    values.collect()
}

fn count(rows: &[Vec<Value>]) -> String {
    format!("{} rows", rows.len())
}

/// A value as it is compared and shown; an image by its SM3.
fn said(value: &Value) -> String {
    match value {
        Value::Image(image) => format!("an image with the SM3 {}", hex(&sm3::digest(&image.data))),
        Value::List(rows) => count(rows),
        other => other.text().into_owned(),
    }
}

/// A value as a record gives it.
fn raw(field: &Field, value: &Value) -> RawValue {
    match value {
        Value::Null => RawValue::from(""),
        Value::Text(_) | Value::Integer(_) | Value::Decimal(_) => RawValue::from(value.text().into_owned()),
        Value::Date(date) => RawValue::from(date.to_string()),
        Value::Image(image) => {
            let format = image.format.extension();
            RawValue::from(format!("data:image/{format};base64,{}", STANDARD.encode(&image.data)))
        }
        Value::List(rows) => {
            let row = |row: &Vec<Value>| -> Record {
                field.columns().iter().zip(row).map(|(f, value)| (f.name.as_str(), raw(f, value))).collect()
            };
            RawValue::from(rows.iter().map(row).collect::<Vec<Record>>())
        }
    }
}
