//! The original: an OFD that was sealed here, and what it says.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::ReissueError;
use crate::crypto::{hex, sm3};
use crate::licence::identifier::Identifier;
use crate::ofd::read::{Limits, Package, attachments};
use crate::office::{IDENTIFIER, NUMBER};
use crate::page::{Image, Timestamp};
use crate::record::{RawValue, Record};
use crate::verify::{Policy, SealedBy, contents, seals};

/// The attachment that holds the structured record.
const RECORD: &str = "record.json";
/// The most bytes of images in one record.
const MAX_IMAGES: usize = 256 << 20;

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
        let signatures = seals(&package, &Policy::new(Timestamp::now()))?;
        if signatures.is_empty() {
            return Err(ReissueError::Unsealed);
        }
        let faults: Vec<String> =
            signatures.iter().flat_map(SealedBy::doubts).map(ToString::to_string).collect();
        if !faults.is_empty() {
            return Err(ReissueError::NotIntact(faults));
        }
        let doubts = contents(&package)?.findings;
        let doubts: Vec<String> =
            doubts.iter().filter(|finding| !finding.is_good()).map(ToString::to_string).collect();
        if !doubts.is_empty() {
            return Err(ReissueError::Disagrees(doubts));
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
        let record = Images::of(&package).record(fields)?;
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

fn broken(why: impl Into<String>) -> ReissueError {
    ReissueError::Record(why.into())
}

/// The images of a package, which the record only describes.
struct Images {
    /// Each once, by SM3 in hexadecimal.
    known: BTreeMap<String, Image>,
    /// How many bytes may still be taken of them: a record may describe one image in every row.
    left: usize,
}

impl Images {
    fn of(package: &Package<'_>) -> Images {
        let images = package.parts().filter_map(|(_, data)| Some((data, Image::read(data).ok()?)));
        let known = images.map(|(data, image)| (hex(&sm3::digest(data)), image)).collect();
        Images { known, left: MAX_IMAGES }
    }

    fn record(&mut self, fields: &Map<String, Value>) -> Result<Record, ReissueError> {
        fields.iter().map(|(name, value)| Ok((name.as_str(), self.value(name, value)?))).collect()
    }

    fn value(&mut self, name: &str, value: &Value) -> Result<RawValue, ReissueError> {
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
    fn data_url(&mut self, name: &str, described: &Map<String, Value>) -> Result<String, ReissueError> {
        let says = |key: &str, fact: Value| described.get(key) == Some(&fact);
        let is_meant = |(sm3, image): &(&String, &Image)| {
            described.get("sm3").is_none_or(|said| said == sm3.as_str())
                && says("format", image.format.extension().into())
                && says("bytes", image.data.len().into())
                && says("width", image.width.into())
                && says("height", image.height.into())
        };
        let mut found = self.known.iter().filter(is_meant);
        let (_, image) =
            found.next().ok_or_else(|| broken(format!("the image {name} is not in the package")))?;
        if found.next().is_some() {
            return Err(broken(format!("two images of the package may be {name}")));
        }
        let left = self.left.checked_sub(image.data.len());
        self.left = left.ok_or_else(|| broken(format!("its images have more than {MAX_IMAGES} bytes")))?;
        Ok(format!("data:image/{};base64,{}", image.format.extension(), STANDARD.encode(&image.data)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_image_is_found_by_what_the_record_says_of_it_and_not_more_often_than_memory_allows() {
        let file = std::fs::read("examples/photos/01.jpg").unwrap();
        let image = Image::read(&*file).unwrap();
        let said = json!({ "format": image.format.extension(), "width": image.width, "height": image.height, "bytes": file.len() });
        let Value::Object(mut said) = said else { panic!("{said}") };
        let known = BTreeMap::from([(hex(&sm3::digest(&file)), image)]);
        let mut images = Images { known, left: file.len() };
        assert!(images.data_url("photo", &said).is_ok());
        let again = images.data_url("photo", &said).unwrap_err().to_string();
        assert!(again.contains("its images have more than"), "{again}");
        said.insert("sm3".into(), "00".into());
        let other = images.data_url("photo", &said).unwrap_err().to_string();
        assert!(other.contains("the image photo is not in the package"), "{other}");
    }
}
