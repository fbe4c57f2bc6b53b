//! Whether an OFD says the same everywhere: on its pages, in its metadata, in the record inside it, in its QR marks.
//!
//! In: a [`Package`]. Out: an [`Agreement`]: every place where one of them contradicts another, and what the marks say.
//! Invariant: everything is read as a stranger would read it, the marks module by module from their outlines; two ways of writing one
//! value (a date in numerals, a masked number, a full-width letter) agree, two values never do.
//!
//! The record is `record.json`, as certpress attaches it. Which object shows which field is told by the custom tags; what expressions
//! make of a value, other than dates and masks, has none and is not compared.

mod face;
mod forms;
mod marks;

use serde_json::{Map, Value};

use crate::mark::payload::Payload;
use crate::ofd::read::{self, Package, ReadError};
use crate::page::{Info, Standing};

/// The name of the attached record.
const RECORD: &str = "record.json";

/// What a document says in several places, compared.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    /// Every contradiction; empty for a document that agrees with itself.
    pub disagreements: Vec<Disagreement>,
    /// What the QR marks on its pages say, in painting order.
    pub marks: Vec<FoundMark>,
}

/// A QR mark on a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundMark {
    /// Index of the page.
    pub page: usize,
    /// What it says.
    pub content: String,
    /// Codewords that had to be corrected, such as those under a logo.
    pub corrected: usize,
    /// The signed payload, if it is one; its signature has not been verified.
    pub payload: Option<Payload>,
}

/// Two places that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disagreement {
    /// Where it was found.
    pub place: Place,
    /// The field or metadata entry.
    pub name: String,
    /// What that place says; empty if it says nothing.
    pub found: String,
    /// What another place says.
    pub expected: String,
}

/// Where a document says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Printed on a page, against the record's fields.
    Face,
    /// In OFD.xml's metadata, against the record's copy of them.
    Metadata,
    /// In the attached record itself.
    Record,
    /// In a QR mark, against the metadata and the record.
    Mark,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Place::Face => "page",
            Place::Metadata => "metadata",
            Place::Record => "record",
            Place::Mark => "QR mark",
        })
    }
}

impl std::fmt::Display for Disagreement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Disagreement { place, name, found, expected } = self;
        write!(f, "{place}: {name} should say {expected:?}, but says {found:?}")
    }
}

/// Compares what the document says in its several places.
///
/// # Errors
/// The package cannot be read as a document, which is not the same as one that contradicts itself.
pub fn agreement(package: &Package<'_>) -> Result<Agreement, ReadError> {
    let document = read::document(package)?;
    let record = Record::of(&document.info);
    let mut report = Report::default();
    match &record {
        Some(record) => {
            metadata(&document.info, record, &mut report);
            standing(read::info(package)?.custom(Standing::KEY), record, &mut report);
            face::compare(&document, record, &mut report);
        }
        None => report.add(Place::Record, RECORD, "", "the certificate's data as JSON"),
    }
    let marks = marks::compare(&document, record.as_ref(), &mut report);
    Ok(Agreement { disagreements: report.0, marks })
}

/// The attached record.
struct Record<'a> {
    /// The file.
    bytes: &'a [u8],
    /// What it is the record of.
    standing: String,
    /// Values by field.
    fields: Map<String, Value>,
    /// The copy of the metadata.
    metadata: Map<String, Value>,
}

impl Record<'_> {
    fn of(info: &Info) -> Option<Record<'_>> {
        let bytes = &info.attachments.iter().find(|attachment| attachment.name == RECORD)?.data;
        let Ok(Value::Object(mut object)) = serde_json::from_slice(bytes) else { return None };
        let mut map = |name: &str| match object.remove(name) {
            Some(Value::Object(map)) => Some(map),
            _ => None,
        };
        let (fields, metadata) = (map("fields")?, map("metadata")?);
        let standing = object.get("standing").and_then(Value::as_str).unwrap_or_default().to_owned();
        Some(Record { bytes, standing, fields, metadata })
    }
}

/// Disagreements as they are found.
#[derive(Default)]
struct Report(Vec<Disagreement>);

impl Report {
    fn add(&mut self, place: Place, name: &str, found: impl Into<String>, expected: impl Into<String>) {
        self.0.push(Disagreement {
            place,
            name: name.to_owned(),
            found: found.into(),
            expected: expected.into(),
        });
    }
}

/// The metadata of OFD.xml and the record's copy of them, both ways.
fn metadata(info: &Info, record: &Record<'_>, report: &mut Report) {
    for (name, value) in &info.custom {
        let expected = record.metadata.get(name).and_then(Value::as_str).unwrap_or_default();
        if value != expected {
            report.add(Place::Metadata, name, value, expected);
        }
    }
    for (name, value) in &record.metadata {
        if info.custom.iter().all(|(n, _)| n != name) {
            report.add(Place::Metadata, name, "", value.as_str().unwrap_or_default());
        }
    }
}

/// What the file says it is (版本性质), against the record, which is the original's: that of a certificate, or of the copy that a press
/// makes one of. No conversion is an OFD.
fn standing(said: Option<&str>, record: &Record<'_>, report: &mut Report) {
    let bears_it =
        matches!(said.and_then(Standing::of_label), Some(Standing::Original | Standing::PrintCopy));
    if !bears_it || record.standing != "original" {
        report.add(Place::Metadata, Standing::KEY, said.unwrap_or_default(), &record.standing);
    }
}
