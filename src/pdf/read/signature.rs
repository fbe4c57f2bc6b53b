//! Signature dictionaries (ISO 32000-1, 12.8.1; ISO 32000-2, table 255), as they stand in the file.
//!
//! In: a [`View`]. Out: [`Signature`]s with the places of what must not be covered by them.
//! Invariant: /Contents and /ByteRange are those of the file's bytes: written out in the dictionary, not referred to, not in an object stream.

use std::ops::Range;

use super::error::ReadError;
use super::fields::{Field, fields};
use super::file::View;
use super::object::{Dictionary, Id, Object};
use super::string;
use crate::page::Timestamp;

/// A signature dictionary and the fields that it is the value of.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its object.
    pub id: Id,
    /// The names of its fields.
    pub fields: Vec<String>,
    /// /SubFilter; empty if it has none.
    pub sub_filter: String,
    /// /ByteRange: pairs of offset and length; empty if it is no array of integers in the dictionary.
    pub byte_range: Vec<i64>,
    /// /Contents with the zeros that fill it up; empty if it is no string in the dictionary.
    pub contents: Vec<u8>,
    /// Where /Contents stands in the file, delimiters included; empty if the dictionary is no object of its own.
    pub contents_at: Range<usize>,
    /// /M.
    pub time: Option<Timestamp>,
    /// /Name.
    pub signer_name: Option<String>,
    /// What it allows to change later (12.8.2.2): /P of DocMDP, if it states one.
    pub doc_mdp: Option<i64>,
    /// Whether it locks fields (12.8.2.4).
    pub locks_fields: bool,
}

/// The signatures of the document, in the order of what they cover.
///
/// # Errors
/// A field or a signature dictionary cannot be read.
pub fn signatures(view: &View<'_, '_>) -> Result<Vec<Signature>, ReadError> {
    let mut signatures: Vec<Signature> = Vec::new();
    for Field { id, name, value, .. } in fields(view)?.into_iter().filter(Field::is_signature) {
        let Some(value) = value else { continue };
        let Object::Reference(of) = value else {
            if value == Object::Null {
                continue;
            }
            return Err(ReadError::object(id, "its signature is no object of its own"));
        };
        if let Some(known) = signatures.iter_mut().find(|signature| signature.id == of) {
            known.fields.push(name);
        } else if signatures.len() == view.limits().signatures {
            let limit = view.limits().signatures as u64;
            return Err(ReadError::Limit { what: "signatures", limit });
        } else if let Some(mut signature) = signature(view, of)? {
            signature.fields.push(name);
            signatures.push(signature);
        }
    }
    signatures.sort_by_key(|s| (s.covered_end(), s.id));
    Ok(signatures)
}

/// The signature dictionary `id`.
///
/// # Errors
/// It cannot be read.
pub fn signature(view: &View<'_, '_>, id: Id) -> Result<Option<Signature>, ReadError> {
    let entries = match view.get(id)? {
        Object::Dictionary(entries) => entries,
        Object::Null => return Ok(None),
        _ => return Err(ReadError::object(id, "the value of a signature field, but no dictionary")),
    };
    let direct = |key: &str| entries.get(key);
    let byte_range = direct("ByteRange").and_then(Object::array).unwrap_or_default();
    let byte_range: Option<Vec<i64>> = byte_range.iter().map(Object::integer).collect();
    let contents_at = view.place_of(id, "Contents")?;
    let text = |key: &str| view.value(&entries, key).map(|o| o.string().map(string::text));
    let (doc_mdp, locks_fields) = transforms(view, &entries)?;
    Ok(Some(Signature {
        id,
        fields: Vec::new(),
        sub_filter: match view.value(&entries, "SubFilter")? {
            Object::Name(name) => String::from_utf8_lossy(&name).into_owned(),
            _ => String::new(),
        },
        byte_range: byte_range.unwrap_or_default(),
        contents: direct("Contents").and_then(Object::string).unwrap_or_default().to_vec(),
        contents_at: contents_at.unwrap_or_default(),
        time: view.value(&entries, "M")?.string().and_then(string::date),
        signer_name: text("Name")?,
        doc_mdp,
        locks_fields,
    }))
}

/// 12.8.2: the transforms of /Reference; the strictest DocMDP if there are several.
fn transforms(view: &View<'_, '_>, entries: &Dictionary) -> Result<(Option<i64>, bool), ReadError> {
    let (mut doc_mdp, mut locks_fields) = (None, false);
    let Object::Array(references) = view.value(entries, "Reference")? else { return Ok((None, false)) };
    for reference in &references {
        let reference = view.resolve(reference)?;
        let Some(reference) = reference.dictionary() else { continue };
        let method = view.value(reference, "TransformMethod")?;
        let parameters = view.value(reference, "TransformParams")?;
        match method.name() {
            Some(b"DocMDP") => {
                let level = match parameters.dictionary() {
                    Some(parameters) => view.value(parameters, "P")?.integer(),
                    None => None,
                };
                // Table 254: 2 where it does not say.
                let level = level.unwrap_or(2);
                doc_mdp = Some(doc_mdp.map_or(level, |other: i64| other.min(level)));
            }
            Some(b"FieldMDP") => locks_fields = true,
            _ => {}
        }
    }
    Ok((doc_mdp, locks_fields))
}

impl Signature {
    /// The byte after the last that it covers; 0 if its range says nothing.
    pub fn covered_end(&self) -> usize {
        match self.byte_range[..] {
            [_, _, start, len] => {
                start.checked_add(len).and_then(|end| usize::try_from(end).ok()).unwrap_or(0)
            }
            _ => 0,
        }
    }
}
