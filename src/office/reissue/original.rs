//! The original: an OFD that was sealed here, and what it says.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::ReissueError;
use crate::crypto::{hex, sm3};
use crate::licence::identifier::Identifier;
use crate::ofd::read::{Limits, Package, attachments};
use crate::office::{IDENTIFIER, NUMBER};
use crate::record::{RawValue, Record, image};
use crate::verify::{Agreement, Integrity, agreement, intact};

/// The attachment that holds the structured record.
const RECORD: &str = "record.json";

/// An intact original, and its own data.
#[derive(Debug)]
pub struct Original {
    /// The layout that it was made by.
    pub(super) layout: String,
    /// What its record says; images as `data:` URLs.
    pub(super) record: Record,
    /// Its identifier.
    pub(super) identifier: Identifier,
    /// Its number.
    pub(super) number: String,
    /// The certificates that signed it, DER.
    pub(super) signers: Vec<Vec<u8>>,
    /// SM3 of the file, in hexadecimal.
    pub(super) sm3: String,
}

impl Original {
    /// Reads an original, and finds it sealed, intact, and saying the same everywhere. Whose seal it is, only an [`Office`](crate::Office) can tell.
    ///
    /// # Errors
    /// It cannot be read, is not sealed, was changed since, contradicts itself, or has no record.
    pub fn read(bytes: &[u8]) -> Result<Original, ReissueError> {
        let package = Package::open(bytes, &Limits::default())?;
        let signatures = intact(&package)?;
        if signatures.is_empty() {
            return Err(ReissueError::Unsealed);
        }
        let faults: Vec<String> = signatures.iter().flat_map(told).collect();
        if !faults.is_empty() {
            return Err(ReissueError::NotIntact(faults));
        }
        let Agreement { disagreements, .. } = agreement(&package)?;
        if !disagreements.is_empty() {
            return Err(ReissueError::Disagrees(disagreements.iter().map(ToString::to_string).collect()));
        }
        let signers = signatures.into_iter().filter_map(|s| s.value).map(|value| value.certificate).collect();

        let all = attachments(&package)?;
        let attached = all.iter().find(|file| file.name == RECORD);
        let attached = attached.ok_or_else(|| broken(format!("it has no attachment {RECORD}")))?;
        let json: Value = serde_json::from_slice(attached.data).map_err(|e| broken(e.to_string()))?;
        let fields =
            json.get("fields").and_then(Value::as_object).ok_or_else(|| broken("it has no fields"))?;
        let layout = json.get("schema").and_then(Value::as_str);
        let layout = layout.ok_or_else(|| broken("it does not name its layout (schema)"))?.to_owned();
        let record = Images { package: &package }.record(fields)?;
        let said = |name: &str| record.get(name).ok_or_else(|| broken(format!("it has no {name}")));
        let identifier =
            Identifier::parse(said(IDENTIFIER)?).map_err(|e| broken(format!("its identifier {e}")))?;
        let number = said(NUMBER)?.to_owned();
        Ok(Original { layout, record, identifier, number, signers, sm3: hex(&sm3::digest(bytes)) })
    }

    /// Its identifier.
    pub fn identifier(&self) -> &Identifier {
        &self.identifier
    }
}

fn told(signature: &Integrity) -> Vec<String> {
    signature.faults.iter().map(ToString::to_string).collect()
}

fn broken(why: impl Into<String>) -> ReissueError {
    ReissueError::Record(why.into())
}

/// The images of a package, which the record only describes.
struct Images<'p, 'a> {
    package: &'p Package<'a>,
}

impl Images<'_, '_> {
    fn record(&self, fields: &Map<String, Value>) -> Result<Record, ReissueError> {
        fields.iter().map(|(name, value)| Ok((name.as_str(), self.value(name, value)?))).collect()
    }

    fn value(&self, name: &str, value: &Value) -> Result<RawValue, ReissueError> {
        Ok(match value {
            Value::Null => RawValue::from(""),
            Value::String(text) => RawValue::from(text),
            Value::Number(number) => RawValue::from(number.to_string()),
            Value::Object(image) => RawValue::from(self.data_url(name, image)?),
            Value::Array(rows) => {
                let row = |row: &Value| {
                    self.record(
                        row.as_object().ok_or_else(|| broken(format!("a row of {name} is no object")))?,
                    )
                };
                RawValue::from(rows.iter().map(row).collect::<Result<Vec<Record>, _>>()?)
            }
            Value::Bool(_) => return Err(broken(format!("{name} is true or false, as no field is"))),
        })
    }

    /// The one image of the package that is what the record describes: of its format, its size in pixels and bytes, and its SM3 where the
    /// record tells it.
    fn data_url(&self, name: &str, described: &Map<String, Value>) -> Result<String, ReissueError> {
        let number = |key: &str| described.get(key).and_then(Value::as_u64);
        let is_meant = |data: &[u8]| {
            number("bytes") == Some(data.len() as u64)
                && described.get("sm3").is_none_or(|sm3| *sm3 == hex(&sm3::digest(data)).as_str())
                && image::read(data).is_ok_and(|image| {
                    described.get("format").and_then(Value::as_str) == Some(image.format.extension())
                        && number("width") == Some(image.width.into())
                        && number("height") == Some(image.height.into())
                })
        };
        let found: BTreeSet<&[u8]> =
            self.package.parts().map(|(_, data)| data).filter(|data| is_meant(data)).collect();
        match found.iter().collect::<Vec<_>>()[..] {
            [data] => {
                let format = described.get("format").and_then(Value::as_str).unwrap_or_default();
                Ok(format!("data:image/{format};base64,{}", STANDARD.encode(data)))
            }
            [] => Err(broken(format!("the image {name} is not in the package"))),
            _ => Err(broken(format!("two images of the package may be {name}"))),
        }
    }
}
