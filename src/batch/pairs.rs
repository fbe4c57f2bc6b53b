//! Names and values as an object of JSON, in their order.

use serde::ser::SerializeMap as _;
use serde::{Deserialize as _, Deserializer, Serializer};
use serde_json::{Map, Value};

/// Writes the object.
pub(super) fn serialize<S: Serializer>(pairs: &[(String, String)], out: S) -> Result<S::Ok, S::Error> {
    let mut map = out.serialize_map(Some(pairs.len()))?;
    pairs.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
    map.end()
}

/// Reads it; what is no text is taken as JSON writes it.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(input: D) -> Result<Vec<(String, String)>, D::Error> {
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    Ok(Map::deserialize(input)?.into_iter().map(|(name, value)| (name, text(value))).collect())
}
