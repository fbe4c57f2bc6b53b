//! What a certificate says in its several places, for a PDF: metadata, attached record, printed text, QR marks.
//!
//! In: a [`Document`]. Out: what the rules about the content found, and the marks. Invariant: a PDF that is none of ours is told as not compared.

use std::sync::Arc;

use super::{face, information, standing};
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
            findings.unknown(&face::RULE, "", what);
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    };
    if let Some(record) = &record {
        face::check(&sheets, record, findings);
    }
    let pages = as_pages(&sheets);
    let marks = rules::licence_mark::check(&pages, entries, record.as_ref(), findings);
    rules::licence_reissue::check(entries, record.as_ref(), &marks, Some(&pages), findings);
    Ok(marks)
}

/// The sheets in the form in which the rules look at pages: filled outlines, and all text of a page as one run.
fn as_pages(sheets: &[Sheet]) -> page::Document {
    let fill = Some(Fill { color: Color::BLACK, rule: FillRule::NonZero });
    let pages = sheets.iter().map(|sheet| {
        let outlines = sheet
            .fills
            .iter()
            .map(|path| ItemKind::Path(PathItem { path: path.clone(), fill, stroke: None }).into());
        let text = GlyphRun {
            font: Ref::Own(0),
            size: Length::ZERO,
            color: Color::BLACK,
            origin: Point::default(),
            map: Affine::scale(1.0, 1.0),
            glyphs: Vec::new(),
            text: sheet.text.clone(),
            advance: Length::ZERO,
        };
        let items: Vec<Item> = outlines.chain([ItemKind::Glyphs(text).into()]).collect();
        Page { items, ..Page::default() }
    });
    page::Document {
        master: Arc::new(Master::default()),
        pages: pages.collect(),
        resources: Resources::default(),
        info: Info::default(),
    }
}
