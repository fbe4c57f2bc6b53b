//! The structured record inside a certificate: `record.json` (`docs/record.schema.json`).

use serde_json::{Map, Value};

/// The name of the attached record.
pub(in crate::verify) const RECORD: &str = "record.json";

/// Most values in one: a list of 20,000 rows has a fifth of them. Each takes some two hundred bytes.
const MOST_VALUES: usize = 500_000;

/// The attached record.
pub(in crate::verify) struct Record<'a> {
    /// The file.
    pub(in crate::verify) bytes: &'a [u8],
    /// What it is the record of.
    pub(in crate::verify) standing: String,
    /// Values by field.
    pub(in crate::verify) fields: Map<String, Value>,
    /// The copy of the metadata.
    pub(in crate::verify) metadata: Map<String, Value>,
}

/// Why a file is no record that is read.
pub(in crate::verify) enum NoRecord {
    /// It holds too much; the limit in words.
    TooLarge(String),
    /// It is none.
    Malformed(String),
}

impl From<String> for NoRecord {
    fn from(why: String) -> NoRecord {
        NoRecord::Malformed(why)
    }
}

impl Record<'_> {
    /// Reads the file; why not, if it is none.
    pub(in crate::verify) fn parse(bytes: &[u8]) -> Result<Record<'_>, NoRecord> {
        // Every value but the first stands behind one of these; in texts they count as well.
        let values = bytes.iter().filter(|byte| b",:[".contains(byte)).count();
        if values > MOST_VALUES {
            return Err(NoRecord::TooLarge(format!("at most {MOST_VALUES} values")));
        }
        let json: Value = serde_json::from_slice(bytes).map_err(|e| e.to_string())?;
        let Value::Object(mut object) = json else { return Err("no object".to_owned().into()) };
        let standing = object.get("standing").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut map = |name: &str| match object.remove(name) {
            Some(Value::Object(map)) => Ok(map),
            _ => Err(format!("no object {name}")),
        };
        let (fields, metadata) = (map("fields")?, map("metadata")?);
        Ok(Record { bytes, standing, fields, metadata })
    }

    /// A field's text; empty if there is none.
    pub(in crate::verify) fn field(&self, name: &str) -> &str {
        self.fields.get(name).and_then(Value::as_str).unwrap_or_default()
    }
}

/// A value for a message.
pub(in crate::verify) fn said(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
