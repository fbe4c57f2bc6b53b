//! What the pages show of each field, against the record.
//!
//! In: a document's items with their tags. Out: disagreements at [`Place::Face`].

use std::collections::BTreeSet;

use serde_json::Value;

use super::forms::{Forms, Searched};
use super::{Place, Record, Report};
use crate::crypto::{hex, sm3};
use crate::page::{Document, Image, ItemKind, Ref};

/// What the pages show of one field.
#[derive(Default)]
struct Shown<'d> {
    /// Its texts, one after the other.
    text: String,
    images: Vec<&'d Image>,
}

pub(super) fn compare(document: &Document, record: &Record<'_>, report: &mut Report) {
    for (name, shown) in document.master.tags.iter().zip(shown(document)) {
        let value = record.fields.get(name);
        for image in &shown.images {
            if let Some((found, expected)) = other_image(image, value) {
                report.add(Place::Face, name, found, expected);
            }
        }
        if shown.text.is_empty() {
            continue;
        }
        match value {
            Some(Value::Array(rows)) => list(name, rows, &shown.text, report),
            _ if Forms::of(value).explain(&shown.text) => {}
            _ => report.add(Place::Face, name, shown.text, said(value)),
        }
    }
}

/// By tag.
fn shown(document: &Document) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = document.master.tags.iter().map(|_| Shown::default()).collect();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        let Some(shown) = item.tag.and_then(|tag| all.get_mut(usize::from(tag))) else { continue };
        match &item.kind {
            ItemKind::Glyphs(run) => shown.text.push_str(&run.text),
            ItemKind::Image(image) => shown.images.extend(find(document, image.image)),
            ItemKind::Path(_) => {}
        }
    }
    all
}

fn find(document: &Document, reference: Ref) -> Option<&Image> {
    let (images, index) = match reference {
        Ref::Master(index) => (&document.master.resources.images, index),
        Ref::Own(index) => (&document.resources.images, index),
    };
    images.get(usize::from(index)).map(AsRef::as_ref)
}

/// Rows of a list that is compared as a whole, besides by columns: the time grows with the rows and with their text.
const FEW: usize = 100;

/// A list is shown by columns, and not all of them need be: one of which the page has half of the values is there, and has
/// them all. Single characters say nothing: they stand in other values as well. Nothing is shown but values.
fn list(name: &str, rows: &[Value], text: &str, report: &mut Report) {
    let rows: Vec<_> = rows.iter().filter_map(Value::as_object).collect();
    let columns: BTreeSet<&String> = rows.iter().flat_map(|row| row.keys()).collect();
    let before = report.0.len();
    let mut searched = Searched::new(text);
    for column in columns {
        let cells = rows.iter().enumerate().filter_map(|(row, values)| Some((row, values.get(column)?)));
        let cells: Vec<_> = cells.filter(|(_, value)| said(Some(value)).chars().nth(1).is_some()).collect();
        let half = cells.len() / 2;
        let is_missing = |(_, value): &&(usize, &Value)| !Forms::of(Some(value)).occur_in(&mut searched);
        let missing: Vec<_> = cells.iter().filter(is_missing).take(half + 1).collect();
        if missing.len() <= half {
            for (row, value) in missing {
                report.add(Place::Face, &format!("{name}[{row}].{column}"), "", said(Some(value)));
            }
        }
    }
    let all = || Forms::of_all(rows.iter().flat_map(|row| row.values()));
    if report.0.len() == before && rows.len() <= FEW && !all().explain(text) {
        report.add(Place::Face, name, text, "values of its rows and nothing else");
    }
}

/// What the record says of an image and the image contradicts: both as text.
fn other_image(image: &Image, value: Option<&Value>) -> Option<(String, String)> {
    let facts = [
        ("format", Value::from(image.format.extension())),
        ("width", Value::from(image.width)),
        ("height", Value::from(image.height)),
        ("bytes", Value::from(image.data.len())),
        ("sm3", Value::from(hex(&sm3::digest(&image.data)))),
    ];
    let Some(said) = value.and_then(Value::as_object) else {
        return Some(("an image".to_owned(), String::new()));
    };
    let (name, fact) = facts.into_iter().find(|(name, fact)| said.get(*name).is_some_and(|s| s != fact))?;
    Some((format!("{name} {fact}"), format!("{name} {}", said[name])))
}

/// A value for a message.
fn said(value: Option<&Value>) -> String {
    match value {
        None => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    }
}
