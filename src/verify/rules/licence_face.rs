//! What the pages show of each field is what the record says: once or more often, in any of a value's ways of writing, masked or whole; of a
//! list row by row. And the pages show whose certificate it is, and which.
//!
//! Which words show which field is told by an OFD's custom tags and by marked content in a PDF. Who can seal can leave that out as well; so
//! what [`SHOWN`] names must stand on the pages in any case, and where nothing at all is told, what [`SHOWN_UNTOLD`] names too.

use serde_json::Value;

use crate::crypto::{hex, sm3};
use crate::page::{Document, Image, ItemKind, Ref};
use crate::verify::content::{Forms, List, Misplaced, Record, Searched, said};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.face",
    clause: "GB/T 33190-2016, 16; docs/verification.md",
    fact: Aspect::Content,
    zh: "票面文字和照片与结构化数据一致",
    en: "what is printed, words and photographs, is what the record says",
};

/// Metadata that every certificate shows, if a field of its record says them.
const SHOWN: [&str; 2] = ["CZZT", "ZZBH"];
/// And these, where no word is tied to a field: the holder's code, masked or whole, the issuer, the date.
const SHOWN_UNTOLD: [&str; 3] = ["CZZTDM", "ZZBFJG", "ZZBFRQ"];

/// What the pages show of one field.
#[derive(Default)]
struct Shown<'d> {
    /// Its texts, one after the other.
    text: String,
    images: Vec<&'d Image>,
}

/// The pages cannot be read here, so that nothing is compared with them.
pub(in crate::verify) fn unread(part: &str, what: &str, has_record: bool, findings: &mut Findings) {
    let why = format!("the pages were not read, as they have {what}");
    if has_record { findings.unknown(&RULE, part, why) } else { findings.notice(&RULE, part, why) }
}

/// Compares every field that a tag names.
pub(in crate::verify) fn check(document: &Document, record: &Record<'_>, findings: &mut Findings) {
    let mut compared = 0;
    let mut differ = false;
    for (name, shown) in document.master.tags.iter().zip(shown(document)) {
        compared += 1;
        let value = record.fields.get(name);
        for image in &shown.images {
            if let Some((found, expected)) = other_image(image, value) {
                findings.fails(&RULE, name, found, expected);
                differ = true;
            }
        }
        if shown.text.is_empty() {
            continue;
        }
        let agrees = match value {
            Some(Value::Array(rows)) => list(name, rows, &shown.text, findings),
            _ if Forms::say(value, &shown.text) => true,
            _ => {
                findings.fails(&RULE, name, shown.text, said(value));
                false
            }
        };
        differ |= !agrees;
    }
    // What a tie shows wrongly is told once.
    if !differ && !lacks(document, record, findings) {
        findings.holds(&RULE, "", format!("{compared} fields"));
    }
}

/// Whether the pages lack what they must show.
fn lacks(document: &Document, record: &Record<'_>, findings: &mut Findings) -> bool {
    let mut text = String::new();
    for page in &document.pages {
        let fixed = document.master.pages.get(page.master);
        let fixed = fixed.into_iter().flat_map(|master| master.background.iter().chain(&master.foreground));
        for item in fixed.chain(&page.items) {
            if let ItemKind::Glyphs(run) = &item.kind {
                text.push_str(&run.text);
            }
        }
    }
    let mut text = Searched::new(&text);
    let untold = if document.master.tags.is_empty() { &SHOWN_UNTOLD[..] } else { &[] };
    let mut lacks = false;
    for entry in SHOWN.iter().chain(untold) {
        let stated = record.metadata.get(*entry).and_then(Value::as_str).unwrap_or_default();
        let field = record.fields.values().map(|value| Forms::of(Some(value)));
        let field = field.into_iter().find(|forms| !stated.is_empty() && forms.explain(stated));
        if field.is_some_and(|forms| !forms.occur_in(&mut text)) {
            findings.fails(&RULE, entry, "nowhere on the pages", stated);
            lacks = true;
        }
    }
    lacks
}

/// By tag.
fn shown(document: &Document) -> Vec<Shown<'_>> {
    let mut all: Vec<Shown<'_>> = document.master.tags.iter().map(|_| Shown::default()).collect();
    for item in document.pages.iter().flat_map(|page| &page.items) {
        let Some(shown) = item.tag.and_then(|tag| all.get_mut(usize::from(tag))) else { continue };
        match &item.kind {
            ItemKind::Glyphs(run) => shown.text.push_str(&run.text),
            ItemKind::Image(image) => shown.images.extend(find(document, image.image)),
            ItemKind::Path(_) | ItemKind::Figure(_) => {}
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

/// Compares a list; where it differs, cells that stand nowhere on the pages are named, else the row from which on they do not fit.
fn list(name: &str, rows: &[Value], text: &str, findings: &mut Findings) -> bool {
    match List::new(rows).check(text) {
        Ok(()) => return true,
        Err(Misplaced::Unclear) => {
            findings.unknown(&RULE, name, "its rows can be read in too many ways to tell them apart");
        }
        Err(Misplaced::At(row, rest)) => {
            let mut searched = Searched::new(text);
            // Only near the row: the search takes time by the length of the text.
            let near = rows.iter().enumerate().skip(row.saturating_sub(2)).take(4);
            let cells = near.filter_map(|(row, value)| Some((row, value.as_object()?)));
            let mut absent = 0;
            for (row, cells) in cells {
                for (column, value) in
                    cells.iter().filter(|(_, v)| !Forms::of(Some(v)).occur_in(&mut searched))
                {
                    findings.fails(&RULE, &format!("{name}[{row}].{column}"), "", said(Some(value)));
                    absent += 1;
                }
            }
            if absent == 0 {
                let place = format!("{name}[{row}]");
                findings.fails(
                    &RULE,
                    &place,
                    rest,
                    "the values of its rows, in their order, and nothing else",
                );
            }
        }
    }
    false
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
