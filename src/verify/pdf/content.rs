//! What a certificate says in its several places, for a PDF: metadata, attached record, printed text, QR marks.
//!
//! In: a [`Document`]. Out: what the rules about the content found, and the marks. Invariant: a PDF that is none of ours is told as not compared.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{information, standing};
use crate::color::Color;
use crate::geom::{Affine, Point};
use crate::page::Ref;
use crate::page::{self, Fill, FillRule, GlyphRun, Info, Item, ItemKind, Master, Page, PathItem, Resources};
use crate::pdf::read::{self, Document, ReadError, Sheet, View};
use crate::unit::Length;
use crate::verify::content::{FoundMark, RECORD};
use crate::verify::finding::Findings;
use crate::verify::rules;

/// Asks the rules about the content.
pub(super) fn compare(
    view: &View<'_, '_>,
    document: &Document,
    findings: &mut Findings,
) -> Result<Vec<FoundMark>, ReadError> {
    let xmp = document.xmp.clone().unwrap_or_default();
    let entries = xmp.custom.as_slice();
    let attached = read::attached(view, RECORD)?;
    let record = rules::licence_record::check(attached.as_ref().map(|file| file.data.as_slice()), findings);
    if entries.is_empty() && record.is_none() {
        return Ok(Vec::new());
    }
    rules::licence_metadata_form::check(entries, findings);
    rules::licence_identifier::check(entries, findings);
    standing::check(entries, record.as_ref(), findings);
    information::check(document, &xmp, findings);
    if let Some(record) = &record {
        rules::licence_metadata::check(entries, record, findings);
        rules::licence_link::check(record, findings);
    }
    let sheets = document.pages.iter().map(|page| read::sheet(view, *page));
    let sheets: Vec<Sheet> = match sheets.collect() {
        Ok(sheets) => sheets,
        Err(ReadError::Unsupported(what)) => {
            rules::licence_face::unread("", &what, record.is_some(), findings);
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    let pages = as_pages(&sheets);
    if let Some(record) = &record {
        if sheets.iter().any(|sheet| sheet.has_unknown_text) {
            rules::licence_face::unread("", "text without Unicode", true, findings);
        } else {
            rules::licence_face::check(&pages, record, findings);
        }
    }
    let marks = rules::licence_mark::check(&pages, entries, record.as_ref(), findings);
    rules::licence_reissue::check(entries, record.as_ref(), &marks, Some(&pages), findings);
    Ok(marks)
}

/// The sheets in the form in which the rules look at pages: filled outlines, and text in runs, each of one field or none.
fn as_pages(sheets: &[Sheet]) -> page::Document {
    let names: BTreeSet<&String> =
        sheets.iter().flat_map(|sheet| &sheet.fields).map(|(name, _)| name).collect();
    // A tag has 16 bits; no layout has more fields.
    let tags: Vec<String> = names.into_iter().take(usize::from(u16::MAX)).cloned().collect();
    let tag = |name: &String| tags.binary_search(name).ok().and_then(|at| u16::try_from(at).ok());
    let fill = Some(Fill { color: Color::BLACK, rule: FillRule::NonZero });
    let pages = sheets.iter().map(|sheet| {
        let outlines = sheet.fills.iter();
        let outlines =
            outlines.map(|path| ItemKind::Path(PathItem { path: path.clone(), fill, stroke: None }).into());
        let mut items: Vec<Item> = outlines.collect();
        let mut at = 0;
        for (name, range) in &sheet.fields {
            items.push(run(&sheet.text[at..range.start], None));
            items.push(run(&sheet.text[range.clone()], tag(name)));
            at = range.end;
        }
        items.push(run(&sheet.text[at..], None));
        Page { items, ..Page::default() }
    });
    page::Document {
        pages: pages.collect(),
        master: Arc::new(Master { tags: tags.clone(), ..Master::default() }),
        resources: Resources::default(),
        info: Info::default(),
    }
}

/// Text wherever it stands.
fn run(text: &str, tag: Option<u16>) -> Item {
    let run = GlyphRun {
        font: Ref::Own(0),
        size: Length::ZERO,
        color: Color::BLACK,
        origin: Point::default(),
        map: Affine::scale(1.0, 1.0),
        glyphs: Vec::new(),
        text: text.to_owned(),
        advance: Length::ZERO,
    };
    Item { tag, ..ItemKind::Glyphs(run).into() }
}
