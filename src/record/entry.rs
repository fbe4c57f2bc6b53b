//! A record that has passed its schema: typed values by field index.

use std::borrow::Cow;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Serialize, Serializer};

use super::{Field, FieldWarning, Schema};
use crate::crypto::hex;
use crate::crypto::sm3::Wanted;
use crate::licence::date::chinese_date;
use crate::page::Image;

/// What a structured record says of itself: it is the original's, of which PDF and pictures are conversions.
pub(super) const STANDING: &str = "original";

/// A bound record.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub(super) values: Vec<Value>,
    pub(super) warnings: Vec<FieldWarning>,
}

impl Entry {
    /// The value of the field at `index` of its schema; [`Value::Null`] beyond the last.
    pub fn value(&self, index: usize) -> &Value {
        self.values.get(index).unwrap_or(&Value::Null)
    }

    /// The rows of the list at `index` of the schema, each with a value for every one of [`Field::columns`](super::Field::columns);
    /// none if it was not given or is no list.
    pub fn rows(&self, index: usize) -> &[Vec<Value>] {
        match self.value(index) {
            Value::List(rows) => rows,
            _ => &[],
        }
    }

    /// What was changed or looks odd, without being wrong.
    pub fn warnings(&self) -> &[FieldWarning] {
        &self.warnings
    }

    /// The digests of its images, which may be made together with those of other entries before they are asked for.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = Wanted<'_>> {
        self.values.iter().filter_map(|value| match value {
            Value::Image(image) => Some(image.data.wanted()),
            _ => None,
        })
    }

    /// The structured record of an original: the schema's id, its standing, `metadata` by name, then each given field by name, in
    /// the schema's order. Dates are ISO 8601, an image is told by its format, size and SM3 digest, a list is an array of objects.
    /// Equal entries give equal text.
    pub fn to_json(&self, schema: &Schema, metadata: &[(String, String)]) -> String {
        #[derive(Serialize)]
        struct Structured<'a> {
            schema: &'a str,
            standing: &'static str,
            metadata: Metadata<'a>,
            fields: Given<'a>,
        }
        let structured = Structured {
            schema: &schema.id,
            standing: STANDING,
            metadata: Metadata(metadata),
            fields: Given { fields: &schema.fields, values: &self.values },
        };
        serde_json::to_string(&structured).expect("names and texts make an object")
    }
}

struct Metadata<'a>(&'a [(String, String)]);

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// The values that were given, by the names of their fields.
struct Given<'a> {
    fields: &'a [Field],
    values: &'a [Value],
}

impl Serialize for Given<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let given = self.fields.iter().zip(self.values).filter(|(_, value)| !value.is_null());
        to.collect_map(given.map(|(field, value)| (&field.name, Typed { field, value })))
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
    /// The rows of a list, each with one value for every field of the list, in its order.
    List(Arc<[Vec<Value>]>),
}

impl Value {
    /// Whether nothing was given; a list without rows counts as that.
    pub fn is_null(&self) -> bool {
        match self {
            Value::Null => true,
            Value::List(rows) => rows.is_empty(),
            _ => false,
        }
    }

    /// As a page shows it: a date as 2026年3月5日; empty for [`Value::Null`], images and lists.
    pub fn text(&self) -> Cow<'_, str> {
        match self {
            Value::Null | Value::Image(_) | Value::List(_) => Cow::Borrowed(""),
            Value::Text(text) | Value::Decimal(text) => Cow::Borrowed(text),
            Value::Date(date) => Cow::Owned(chinese_date(*date)),
            Value::Integer(n) => Cow::Owned(n.to_string()),
        }
    }
}

/// A value as the structured record has it.
struct Typed<'a> {
    field: &'a Field,
    value: &'a Value,
}

impl Serialize for Typed<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Null => to.serialize_none(),
            Value::Text(text) | Value::Decimal(text) => to.serialize_str(text),
            Value::Date(date) => to.collect_str(date),
            Value::Integer(n) => to.serialize_i64(*n),
            Value::Image(image) => Picture {
                format: image.format.extension(),
                width: image.width,
                height: image.height,
                bytes: image.data.len(),
                sm3: hex(image.data.sm3()),
            }
            .serialize(to),
            Value::List(rows) => {
                let fields = self.field.columns();
                to.collect_seq(rows.iter().map(|values| Given { fields, values }))
            }
        }
    }
}

/// An image as the structured record has it: what tells it from any other.
#[derive(Serialize)]
struct Picture {
    format: &'static str,
    width: u32,
    height: u32,
    bytes: usize,
    sm3: String,
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
            entry.to_json(&schema, &[("ZZBH".to_owned(), "7".to_owned())]),
            r#"{"schema":"demo","standing":"original","metadata":{"ZZBH":"7"},"fields":{"name":"张三","issued_on":"2026-03-05","score":85}}"#
        );
    }

    #[test]
    fn the_rows_of_a_list_are_an_array_of_objects() {
        let columns = vec![
            Field::new("subject", FieldKind::Text { max: 10 }),
            Field::new("score", FieldKind::Decimal { scale: 2 }),
        ];
        let list = Field::new("scores", FieldKind::List { fields: columns, max: 5 });
        let schema = Schema { id: "demo".into(), fields: vec![list] };
        let row = |subject: &str, score: &str| Record::new().with("subject", subject).with("score", score);
        let record = Record::new().with("scores", vec![row("语文", "85.50"), row("数学", "")]);
        let entry = schema.bind(&record, &BindOptions::default()).unwrap();
        assert_eq!(
            entry.to_json(&schema, &[]),
            r#"{"schema":"demo","standing":"original","metadata":{},"fields":{"scores":[{"subject":"语文","score":"85.50"},{"subject":"数学"}]}}"#
        );
        assert_eq!(entry.rows(0)[1], [Value::Text("数学".into()), Value::Null]);
        let without = schema.bind(&Record::new(), &BindOptions::default()).unwrap();
        assert_eq!((without.rows(0), without.value(0).is_null()), (&[] as &[Vec<Value>], true));
    }
}
