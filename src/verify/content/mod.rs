//! What a certificate says in its several places: on its pages, in its metadata, in the record inside it, in its QR marks.
//!
//! In: a [`Package`]. Out: [`Contents`]: what the rules about the content found, and the marks.
//! Invariant: everything is read as a stranger would read it, the marks module by module from their outlines; two ways of writing one
//! value (a date in numerals, a masked number, a full-width letter) agree, two values never do.
//!
//! The record is `record.json`, as certpress attaches it. Which object shows which field is told by the custom tags; what expressions
//! make of a value, other than dates and masks, has none and is not compared. A document without a record is of another maker, and what it
//! says is compared with nothing but itself.

mod forms;
mod list;
mod record;

use super::finding::{Finding, Findings};
use super::rules;
use crate::mark::payload::Payload;
use crate::ofd::read::{self, Package, ReadError};

pub(super) use forms::{Forms, Searched};
pub(super) use list::{List, Misplaced};
pub(super) use record::{NoRecord, RECORD, Record, said};

/// What a document says in several places, compared.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    /// What the rules about the content found.
    pub findings: Vec<Finding>,
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

/// Compares what the document says in its several places.
///
/// # Errors
/// A part of the document cannot be read as what the standard describes. What this program cannot show is no error: then the rules about
/// the pages are told as unknown.
pub fn contents(package: &Package<'_>) -> Result<Contents, ReadError> {
    let mut findings = Findings::default();
    let marks = compare(package, &mut findings)?;
    Ok(Contents { findings: findings.into_vec(), marks })
}

/// Asks the rules about the content.
pub(super) fn compare(package: &Package<'_>, findings: &mut Findings) -> Result<Vec<FoundMark>, ReadError> {
    let info = read::info(package)?;
    let attached = read::attachments(package)?;
    let record = attached.iter().find(|file| file.name == RECORD);
    let record = rules::licence_record::check(record.map(|file| file.data), findings);
    let entries = info.custom.as_slice();
    rules::licence_metadata_form::check(entries, findings);
    rules::licence_identifier::check(entries, findings);
    rules::licence_standing::check(entries, record.as_ref(), findings);
    if let Some(record) = &record {
        rules::licence_metadata::check(entries, record, findings);
        rules::licence_link::check(record, findings);
    }
    let document = match read::document(package) {
        Ok(document) => document,
        Err(ReadError::Unsupported { part, what }) => {
            rules::licence_face::unread(&part, &what, record.is_some(), findings);
            rules::licence_reissue::check(entries, record.as_ref(), &[], None, findings);
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    if let Some(record) = &record {
        rules::licence_face::check(&document, record, findings);
        rules::licence_cover::check(&document, findings);
    }
    let marks = rules::licence_mark::check(&document, entries, record.as_ref(), findings);
    rules::licence_reissue::check(entries, record.as_ref(), &marks, Some(&document), findings);
    Ok(marks)
}

/// The first value of the metadata entry `name`; empty if there is none.
pub(super) fn entry<'e>(entries: &'e [(String, String)], name: &str) -> &'e str {
    entries.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value)
}
