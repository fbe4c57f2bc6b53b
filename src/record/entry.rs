//! A record that has passed its schema: typed values by field index.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use serde_json::{Map, json};

use super::{FieldWarning, Schema};
use crate::licence::date::chinese_date;
use crate::page::Image;

/// A bound record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub(super) row: Option<u64>,
    pub(super) values: Vec<Value>,
    pub(super) warnings: Vec<FieldWarning>,
}

impl Entry {
    /// The row of the record it came from.
    pub fn row(&self) -> Option<u64> {
        self.row
    }

    /// The value of the field at `index` of its schema; [`Value::Null`] beyond the last.
    pub fn value(&self, index: usize) -> &Value {
        self.values.get(index).unwrap_or(&Value::Null)
    }

    /// All values, in the schema's order.
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// What was changed or looks odd, without being wrong.
    pub fn warnings(&self) -> &[FieldWarning] {
        &self.warnings
    }

    /// The structured record: the schema's id, then each given field by name, in the schema's order. Dates are ISO 8601,
    /// an image is told by its format and size. Equal entries give equal text.
    pub fn to_json(&self, schema: &Schema) -> String {
        let fields: Map<String, serde_json::Value> = schema
            .fields
            .iter()
            .zip(&self.values)
            .filter(|(_, value)| !value.is_null())
            .map(|(field, value)| (field.name.clone(), value.to_json()))
            .collect();
        json!({ "schema": schema.id, "fields": fields }).to_string()
    }
}

/// A typed value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Not given.
    Null,
    /// Text, names, choices, numbers of persons and bodies, identifiers.
    Text(String),
    /// A calendar date.
    Date(Date),
    /// A whole number.
    Integer(i64),
    /// A decimal fraction as its digits: an optional minus sign, no superfluous leading zeros.
    Decimal(String),
    /// A checked image.
    Image(Arc<Image>),
}

impl Value {
    /// Whether nothing was given.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// As a page shows it: a date as 2026年3月5日; empty for [`Value::Null`] and images.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Null | Value::Image(_) => Cow::Borrowed(""),
            Value::Text(text) | Value::Decimal(text) => Cow::Borrowed(text),
            Value::Date(date) => Cow::Owned(chinese_date(*date)),
            Value::Integer(n) => Cow::Owned(n.to_string()),
        }
    }

    fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Text(text) | Value::Decimal(text) => json!(text),
            Value::Date(date) => json!(date.to_string()),
            Value::Integer(n) => json!(n),
            Value::Image(image) => json!({
                "format": image.format.extension(),
                "width": image.width,
                "height": image.height,
                "bytes": image.data.len(),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{BindOptions, Field, FieldKind, Record};

    #[test]
    fn a_date_reads_as_on_paper() {
        let date = Date::constant(2026, 3, 5);
        assert_eq!(Value::Date(date).text(), "2026年3月5日");
    }

    #[test]
    fn the_structured_record_is_in_schema_order_and_leaves_out_what_was_not_given() {
        let schema = Schema {
            id: "demo".into(),
            fields: vec![
                Field::new("name", FieldKind::PersonName),
                Field::new("issued_on", FieldKind::Date),
                Field::new("note", FieldKind::Text { max: 10 }),
                Field::new("score", FieldKind::Integer { min: 0, max: 100 }),
            ],
        };
        let record = Record::new().with("score", "85").with("issued_on", "2026-03-05").with("name", "张三");
        let entry = schema.bind(&record, &BindOptions::default()).unwrap();
        assert_eq!(
            entry.to_json(&schema),
            r#"{"schema":"demo","fields":{"name":"张三","issued_on":"2026-03-05","score":85}}"#
        );
    }
}
