//! Layout: a compiled program and one record's values become placed glyphs, outlines and images.
//!
//! In: [`Program`], and an [`Entry`] per record. Out: the [`Master`] (once) and a [`Document`] per record.
//! A page with a flow becomes as many as its flow takes, all on the same master page; each is then laid around what it holds.
//! Invariant: an element that needs no record is set exactly once, in [`lay_master`]; nothing is ever clipped or left
//! blank silently: what does not fit or has no glyph is a [`LayoutError`].

mod anchors;
mod error;
mod flow;
mod fonts;
mod layers;
mod place;
mod reading;
mod repeat;
mod seals;
mod signing;
mod straddle;
mod table;
mod trace;
mod watermark;

use std::sync::Arc;

use crate::compile::expression::scope::{PageFacts, Scope};
use crate::compile::program::{Element, ElementKind, PagePlan, Program};
use crate::crypto::{hex, sm3};
use crate::geom::Size;
use crate::licence::metadata;
use crate::mark::payload::PayloadSigner;
use crate::page::{Attachment, Document, Info, Item, Master, MasterPage, Page, Resources, Timestamp};
use crate::record::Entry;

pub use error::{LayoutError, LayoutErrorKind};
pub use trace::{MarkFacts, PlacedKind, Placement, SetWords, Trace};

use anchors::Anchors;
use flow::Sheet;
use fonts::{FontBinder, StaticFonts};
use layers::Layer;
use place::Placer;
use reading::Heading;
use seals::Seals;
use signing::Signing;

/// What records need of the master beside its pages.
#[derive(Debug)]
pub struct Statics {
    fonts: StaticFonts,
    /// By page and element.
    layers: Vec<Vec<Layer>>,
    /// What seals stand at, by page.
    anchors: Vec<Anchors>,
    heading: Heading,
    trace: Trace,
}

impl Statics {
    /// What stands on the master's pages, and how it came there.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }
}

/// Sets what the layout alone determines: static elements, the fonts and images they use, and a subset font for the
/// characters that records are sure to need (literal text, digits, choice values).
///
/// # Errors
/// All static elements that cannot be set.
pub fn lay_master(program: &Program) -> Result<(Arc<Master>, Statics), Vec<LayoutError>> {
    let scope = Scope::of_layout(program);
    let mut placer = Placer::new(program, FontBinder::for_master(&program.fonts));
    let mut trace = Trace::default();
    placer.trace = Some(&mut trace);
    let mut errors = Vec::new();
    let mut pages = Vec::new();
    let mut layers = Vec::new();
    let mut anchors = Vec::new();
    let heading = Heading::of(&program.pages);
    for (number, plan) in program.pages.iter().enumerate() {
        let mut page = MasterPage { size: plan.size, ..MasterPage::default() };
        let page_layers = layers::layers(plan);
        let mut page_anchors = Anchors::default();
        for ((index, element), layer) in plan.elements.iter().enumerate().zip(&page_layers) {
            let items = match layer {
                Layer::Background => &mut page.background,
                Layer::Foreground => &mut page.foreground,
                Layer::Record => continue,
            };
            let before = items.len();
            let laid = placer.element(element, &scope, items);
            heading.note(number, index, &mut items[before..]);
            errors.extend(
                laid.and_then(|()| placer.check_on(plan.paper(), &element.span, &items[before..])).err(),
            );
            page_anchors.note(&plan.anchors, element, &items[before..]);
        }
        layers.push(page_layers);
        anchors.push(page_anchors);
        pages.push(page);
    }
    placer.fonts.add_expected(program);
    placer.fonts.begin_conversion();
    for ((number, plan), page) in program.pages.iter().enumerate().zip(&mut pages) {
        for (index, element) in last_elements(plan).filter(|(_, e)| e.is_static) {
            let before = page.conversion.len();
            errors.extend(placer.element(element, &scope, &mut page.conversion).err());
            heading.note(number, index, &mut page.conversion[before..]);
        }
    }
    placer.fonts.add_expected(program);
    if !errors.is_empty() {
        return Err(errors);
    }
    let images = std::mem::take(&mut placer.images);
    let resources = Resources { fonts: placer.fonts.build(), images };
    let statics = Statics { fonts: placer.fonts.freeze(), layers, anchors, heading, trace };
    let master = Master {
        pages,
        resources,
        has_parts: true,
        conversion_fonts: statics.fonts.of_conversions(),
        tags: program.tags.clone(),
        seal_roles: program.seal_roles.clone(),
    };
    Ok((Arc::new(master), statics))
}

/// What is painted on conversions alone, numbered after the other elements of its page.
fn last_elements(plan: &PagePlan) -> impl Iterator<Item = (usize, &Element)> {
    (plan.elements.len()..).zip(&plan.conversion)
}

/// What layout needs of the seals that a record will bear.
#[derive(Clone, Copy, Default)]
pub struct SealsToCome<'a> {
    /// Signs the payloads of QR marks.
    pub signer: Option<&'a dyn PayloadSigner>,
    /// True sizes, by role; without them each place is as large as the layout keeps it.
    pub sizes: &'a [Size],
}

/// The name of the attached structured record.
const RECORD: &str = "record.json";

/// Sets one record for the `seals` that will be set upon it; who judges the layout gives a `trace`, which takes note of what is placed.
///
/// # Errors
/// The first element that cannot be set, with the field it shows.
pub fn lay_record(
    program: &Program,
    master: &Arc<Master>,
    statics: &Statics,
    entry: &Entry,
    time: Timestamp,
    seals: SealsToCome<'_>,
    trace: Option<&mut Trace>,
) -> Result<Document, LayoutError> {
    let scope = Scope::new(program, entry);
    let info = describe(program, entry, &scope, time)?;
    let mut placer = Placer::new(program, FontBinder::for_record(&program.fonts, &statics.fonts));
    placer.trace = trace;
    placer.entry = Some(entry);
    placer.signing = Some(Signing { info: &info, signer: seals.signer });
    let mut sequences = placer.sequences(&program.pages, &scope)?;
    let count = if sequences.is_empty() { program.pages.len() } else { sequences.iter().map(Vec::len).sum() };
    let (mut pages, mut facts) = (Vec::with_capacity(count), Vec::with_capacity(count));
    let mut seals = Seals::new(seals.sizes);
    for (under, plan) in program.pages.iter().enumerate() {
        let sheets = sequences.get_mut(under).map_or_else(|| vec![Sheet::default()], std::mem::take);
        let (length, mut rows_so_far) = (sheets.len(), 0);
        for (i, sheet) in sheets.into_iter().enumerate() {
            rows_so_far += sheet.rows;
            let number = pages.len() + 1;
            let (first, last) = (i == 0, i + 1 == length);
            facts.push(PageFacts { number, count, first, last, rows: sheet.rows, rows_so_far });
            let scope = scope.on(facts[number - 1]);
            let items =
                lay_page(&mut placer, statics, (under, plan), sheet, &scope, (number - 1, &mut seals))?;
            pages.push(Page { master: under, items, ..Page::default() });
        }
    }
    placer.fonts.begin_conversion();
    for (page, facts) in pages.iter_mut().zip(facts) {
        let scope = scope.on(facts);
        for (index, element) in last_elements(&program.pages[page.master]).filter(|(_, e)| !e.is_static) {
            let before = page.conversion.len();
            placer.element(element, &scope, &mut page.conversion)?;
            statics.heading.note(page.master, index, &mut page.conversion[before..]);
        }
    }
    seals.place(&mut pages, master, &statics.anchors)?;
    let images = std::mem::take(&mut placer.images);
    let resources = Resources { fonts: placer.fonts.build(), images };
    Ok(Document { master: Arc::clone(master), pages, resources, info })
}

/// Sets what of a page the record decides, around what its flow holds; `seals` gathers those of the page of this index.
fn lay_page<'a>(
    placer: &mut Placer<'_>,
    statics: &Statics,
    (under, plan): (usize, &'a PagePlan),
    sheet: Sheet,
    scope: &Scope<'_>,
    (page, seals): (usize, &mut Seals<'a>),
) -> Result<Vec<Item>, LayoutError> {
    let mut items = Vec::new();
    let mut flowed = sheet.items;
    for ((index, element), layer) in plan.elements.iter().enumerate().zip(&statics.layers[under]) {
        if let ElementKind::Seal(seal) = &element.kind {
            if placer.shown(element, scope)? {
                seals.want(page, element, seal, scope)?;
            }
        } else if *layer == Layer::Record {
            let before = items.len();
            match &element.kind {
                ElementKind::Flow(_) => items.append(&mut flowed),
                _ => placer.element(element, scope, &mut items)?,
            }
            statics.heading.note(under, index, &mut items[before..]);
            if let Some(trace) = &mut placer.trace {
                trace.element(element, &mut items[before..]);
            }
            placer.check_on(plan.paper(), &element.span, &items[before..])?;
            seals.painted(page, &plan.anchors, element, &items[before..]);
        }
    }
    Ok(items)
}

/// What the document says about itself; its id is a digest of the layout's id, the time, and the record with
/// the digests of its images.
fn describe(
    program: &Program,
    entry: &Entry,
    scope: &Scope<'_>,
    time: Timestamp,
) -> Result<Info, LayoutError> {
    let eval = |content: &crate::compile::expression::content::Content| {
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
    metadata::check(&custom).map_err(|error| {
        let content = program.metadata.iter().find(|(name, _)| name == error.item.name);
        let field = content.and_then(|(_, content)| content.field()).map(|i| program.tags[i].clone());
        LayoutError { field, ..LayoutError::of_document(error.into()) }
    })?;
    let record = entry.to_json(&program.schema, &custom);
    let mut hash = sm3::Sm3::new();
    hash.update(program.id.as_bytes());
    // The paper is another document.
    if program.edition.is_paper() {
        hash.update(&[program.edition as u8]);
    }
    hash.update(&time.seconds.to_be_bytes());
    hash.update(record.as_bytes());
    let id = hex(&hash.finish()[..16]);
    Ok(Info {
        id,
        title: eval(&program.info.title)?,
        author: eval(&program.info.author)?,
        subject: eval(&program.info.subject)?,
        created: time,
        custom,
        standings: program.standings,
        attachments: vec![Attachment {
            name: RECORD.into(),
            media_type: "application/json".into(),
            description: "证照数据".into(),
            data: record.into_bytes().into(),
        }],
    })
}
