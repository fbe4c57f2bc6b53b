//! Layout: a compiled program and one record's values become placed glyphs, outlines and images.
//!
//! In: [`Program`], and an [`Entry`] per record. Out: the [`Master`] (once) and a [`Document`] per record.
//! Invariant: an element that needs no record is set exactly once, in [`lay_master`]; nothing is ever clipped or left
//! blank silently: what does not fit or has no glyph is a [`LayoutError`].

mod error;
mod fonts;
mod place;

use std::sync::Arc;

use crate::compile::program::{Element, ElementKind, Program};
use crate::compile::scope::Scope;
use crate::crypto::sm3;
use crate::page::{
    Attachment, Document, Info, Item, Master, MasterPage, Page, Resources, SealPlace, Timestamp,
};
use crate::record::Entry;

pub use error::{LayoutError, LayoutErrorKind};
pub use fonts::StaticFonts;

use fonts::FontBinder;
use place::Placer;

/// Sets what the layout alone determines: static elements, the fonts and images they use, and a subset font for the
/// characters that records are sure to need (literal text, digits, choice values).
///
/// # Errors
/// All static elements that cannot be set.
pub fn lay_master(program: &Program) -> Result<(Arc<Master>, StaticFonts), Vec<LayoutError>> {
    let scope = Scope::of_layout(program);
    let mut placer = Placer::new(program, FontBinder::for_master(&program.fonts));
    let mut errors = Vec::new();
    let mut pages = Vec::new();
    for plan in &program.pages {
        let mut page = MasterPage { size: plan.size, ..MasterPage::default() };
        for (i, element) in plan.elements.iter().enumerate().filter(|(_, e)| e.is_static) {
            let mut items = Vec::new();
            match placer.element(element, &scope, &mut items) {
                Ok(()) if stands_above_record(&plan.elements[..i], element) => page.foreground.extend(items),
                Ok(()) => page.background.extend(items),
                Err(error) => errors.push(error),
            }
        }
        pages.push(page);
    }
    placer.fonts.add_expected(program);
    if !errors.is_empty() {
        return Err(errors);
    }
    let images = std::mem::take(&mut placer.images);
    let resources = Resources { fonts: placer.fonts.build(), images };
    Ok((Arc::new(Master { pages, resources, tags: program.tags.clone() }), placer.fonts.freeze()))
}

/// A static element is painted below the record's content unless it covers some that comes before it in the layout.
fn stands_above_record(before: &[Element], element: &Element) -> bool {
    before.iter().any(|e| {
        !e.is_static && !matches!(e.kind, ElementKind::Seal(_)) && e.bounds.overlaps(&element.bounds)
    })
}

/// Sets one record.
///
/// # Errors
/// The first element that cannot be set, with the field it shows.
pub fn lay_record(
    program: &Program,
    master: &Arc<Master>,
    statics: &StaticFonts,
    entry: &Entry,
    time: Timestamp,
) -> Result<Document, LayoutError> {
    let scope = Scope::new(program, entry);
    let mut placer = Placer::new(program, FontBinder::for_record(&program.fonts, statics));
    placer.entry = Some(entry);
    let mut pages = Vec::with_capacity(program.pages.len());
    for (i, plan) in program.pages.iter().enumerate() {
        let mut items: Vec<Item> = Vec::new();
        let mut seals = Vec::new();
        for element in &plan.elements {
            if let ElementKind::Seal(seal) = &element.kind {
                if placer.shown(element, &scope)? {
                    seals.push(SealPlace { rect: seal.rect });
                }
            } else if !element.is_static {
                placer.element(element, &scope, &mut items)?;
            }
        }
        pages.push(Page { master: i, items, seals });
    }
    let info = describe(program, entry, &scope, time)?;
    let images = std::mem::take(&mut placer.images);
    let resources = Resources { fonts: placer.fonts.build(), images };
    Ok(Document { master: Arc::clone(master), pages, resources, info })
}

/// What the document says about itself; its id is a digest of layout, record and time.
fn describe(
    program: &Program,
    entry: &Entry,
    scope: &Scope<'_>,
    time: Timestamp,
) -> Result<Info, LayoutError> {
    let eval = |content: &crate::compile::content::Content| {
        content
            .eval(scope)
            .map(std::borrow::Cow::into_owned)
            .map_err(|e| LayoutError::of_document(LayoutErrorKind::Expression(e.to_string())))
    };
    let custom = program
        .metadata
        .iter()
        .map(|(name, content)| Ok((name.clone(), eval(content)?)))
        .filter(|pair| !matches!(pair, Ok((_, value)) if value.is_empty()))
        .collect::<Result<Vec<_>, LayoutError>>()?;
    let record = entry.to_json(&program.schema);
    let mut hash = sm3::Sm3::new();
    hash.update(program.id.as_bytes());
    hash.update(&time.seconds.to_be_bytes());
    hash.update(record.as_bytes());
    let id = hash.finish()[..16].iter().map(|b| format!("{b:02x}")).collect();
    Ok(Info {
        id,
        title: eval(&program.info.title)?,
        author: eval(&program.info.author)?,
        subject: eval(&program.info.subject)?,
        created: time,
        custom,
        attachments: vec![Attachment {
            name: "record.json".into(),
            media_type: "application/json".into(),
            description: "证照数据".into(),
            data: record.into_bytes(),
        }],
    })
}
