//! The whole document as pages: what [`page::Document`](Document) was before it was written.
//!
//! In: a [`Package`]. Out: a [`Document`] over a [`Master`] of its own, whose resources are all the master's.
//! Invariant: what it shows is what the package shows; a package that needs more than the page can say is refused. Signatures'
//! stamps become seal places; their pictures are in the signed values, which [`verify`](crate::verify) reads.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::attachments::attachments;
use super::body::DocInfo;
use super::budget::Budget;
use super::content::{Content, ContentReader};
use super::document::{PagePart, Structure};
use super::error::ReadError;
use super::fields::tagged;
use super::package::Package;
use super::page_xml::PageXml;
use super::resources::ResourceTable;
use super::signatures::{StampAnnot, signatures};
use crate::geom::{Rect, Size};
use crate::page::{
    Attachment, Document, Info, Item, Master, MasterPage, Page, Resources, SealPlace, Standing, Standings,
    Timestamp,
};

/// The most pages of one document.
const MAX_PAGES: usize = 2000;

/// How many pages the document names.
///
/// # Errors
/// Document.xml is broken.
pub fn page_count(package: &Package<'_>) -> Result<usize, ReadError> {
    Ok(Structure::of(package)?.pages.len())
}

/// Reads the document's pages.
///
/// # Errors
/// A part is broken, or asks for what the page cannot say ([`ReadError::Unsupported`]).
pub fn document(package: &Package<'_>) -> Result<Document, ReadError> {
    let structure = Structure::of(package)?;
    if let Some(unread) = structure.unread {
        return Err(ReadError::unsupported(&structure.body.root, unread));
    }
    if structure.pages.len() > MAX_PAGES {
        return Err(ReadError::limit("pages", MAX_PAGES as u64, &structure.body.root));
    }
    let xml = PageXml::new(package);
    let (names, tags) = tags(&xml)?;
    let mut reader = ContentReader {
        resources: ResourceTable::read(package, &structure.resources)?,
        budget: Budget::new(package.limits()),
    };
    let none = BTreeMap::new();
    let templates = templates(package, &structure.templates, &mut reader)?;
    let mut pages = Vec::with_capacity(structure.pages.len());
    let mut masters = Masters { templates, pages: Vec::new(), known: HashMap::new() };
    for (number, page) in structure.pages.iter().enumerate() {
        let page_xml = xml.get(&page.part)?;
        let content = reader.read(&page_xml, tags.get(&number).unwrap_or(&none))?;
        let master = masters.of(&content, structure.size, &page.part, &mut reader.budget)?;
        pages.push(Page { master, items: content.items, ..Page::default() });
    }
    let signatures = signatures(package)?;
    for (signature, role) in signatures.iter().zip(0u16..) {
        for stamp in &signature.stamps {
            if let Some(page) = pages.get_mut(stamp.page) {
                page.seals.push(place(role, stamp));
            }
        }
    }
    let master = Master {
        pages: masters.pages,
        resources: reader.resources.finish(),
        has_parts: false,
        conversion_fonts: 0,
        tags: names,
        // The file does not tell them; its signatures have numbers.
        seal_roles: signatures.into_iter().map(|signature| signature.id).collect(),
    };
    Ok(Document {
        master: Arc::new(master),
        pages,
        resources: Resources::default(),
        info: info(&structure.body.info, package)?,
    })
}

/// The page templates by their IDs, read or recalled.
fn templates(
    package: &Package<'_>,
    parts: &[PagePart],
    reader: &mut ContentReader<'_>,
) -> Result<BTreeMap<u32, Template>, ReadError> {
    let known = |part: &PagePart| Some((part.id, Arc::clone(package.known(&part.part)?)));
    let known: Option<Vec<_>> = parts.iter().map(known).collect();
    if let Some(known) = &known
        && let Some(templates) = package.grounds.recall(known, &mut reader.resources, &mut reader.budget)
    {
        return Ok(templates);
    }
    let (mut templates, left) = (BTreeMap::new(), reader.budget.left());
    let mut is_odd = false;
    for PagePart { id, part } in parts {
        let before = reader.budget.left();
        let xml = package.xml(part)?;
        is_odd |= xml.any_root().old_namespace().is_some();
        let items = reader.read(&xml, &BTreeMap::new())?.items;
        templates.insert(*id, Template { items, cost: before - reader.budget.left() });
    }
    // What is odd is noticed each time it is read.
    if let Some(known) = known.filter(|known| !known.is_empty() && !is_odd) {
        let cost = left - reader.budget.left();
        package.grounds.keep(known, &reader.resources, &reader.budget, &templates, cost);
    }
    Ok(templates)
}

/// The seal of the `role`th signature; the file says what of it shows relative to it.
fn place(role: u16, stamp: &StampAnnot) -> SealPlace {
    let rect = stamp.boundary;
    let clip = stamp.clip.map(|c| Rect { x: c.x + rect.x, y: c.y + rect.y, ..c });
    SealPlace { role, rect, clip }
}

/// The names of fields, and by page and object which of them shows.
type Tags = (Vec<String>, BTreeMap<usize, BTreeMap<u32, u16>>);

fn tags(pages: &PageXml<'_>) -> Result<Tags, ReadError> {
    let mut names = Vec::new();
    let mut tags: BTreeMap<usize, BTreeMap<u32, u16>> = BTreeMap::new();
    for (field, tag) in tagged(pages)?.into_iter().zip(0u16..=u16::MAX) {
        for object in field.objects {
            tags.entry(object.page).or_default().insert(object.id, tag);
        }
        names.push(field.name);
    }
    Ok((names, tags))
}

/// A sheet, and templates with whether each lies over the page.
type Key = (Size, Vec<(u32, bool)>);

/// Master pages: one for each sheet and choice of templates.
struct Masters {
    /// By ID.
    templates: BTreeMap<u32, Template>,
    pages: Vec<MasterPage>,
    known: HashMap<Key, usize>,
}

/// A page template.
#[derive(Clone, Debug)]
pub(super) struct Template {
    items: Vec<Item>,
    /// Glyphs and path steps, paid again by each master page that it becomes a part of.
    cost: usize,
}

impl Masters {
    /// The index of the master page under `content`.
    fn of(
        &mut self,
        content: &Content,
        default: Option<Size>,
        part: &str,
        budget: &mut Budget,
    ) -> Result<usize, ReadError> {
        let size =
            content.size.or(default).ok_or_else(|| ReadError::malformed(part, "a page without a sheet"))?;
        let key = (size, content.templates.clone());
        if let Some(&known) = self.known.get(&key) {
            return Ok(known);
        }
        let mut page = MasterPage { size, ..MasterPage::default() };
        for (id, above) in &content.templates {
            let template = self.templates.get(id);
            let template =
                template.ok_or_else(|| ReadError::malformed(part, format!("there is no template {id}")))?;
            budget.spend(template.cost, part)?;
            let floor = if *above { &mut page.foreground } else { &mut page.background };
            floor.extend_from_slice(&template.items);
        }
        self.pages.push(page);
        self.known.insert(key, self.pages.len() - 1);
        Ok(self.pages.len() - 1)
    }
}

fn info(said: &DocInfo, package: &Package<'_>) -> Result<Info, ReadError> {
    // CreationDate is a day; its beginning in China is the nearest moment.
    let created = Timestamp::parse(&format!("{}T00:00:00+08:00", said.created.trim()));
    let attachment = |file: super::AttachedFile<'_>| Attachment {
        media_type: media_type(&file.name).to_owned(),
        // OFD has no place for it.
        description: file.name.clone(),
        name: file.name,
        data: file.data.to_vec().into(),
    };
    let (standing, custom): (Vec<_>, Vec<_>) =
        said.custom.iter().cloned().partition(|(name, _)| name == Standing::KEY);
    // An OFD that does not say is an original: what is made from one says so.
    let ofd = standing.first().and_then(|(_, label)| Standing::of_label(label)).unwrap_or_default();
    Ok(Info {
        id: said.id.clone(),
        title: said.title.clone(),
        author: said.author.clone(),
        subject: said.subject.clone(),
        created: created.unwrap_or(Timestamp { seconds: 0 }),
        custom,
        standings: Standings { ofd, pdf: Standing::Conversion },
        attachments: attachments(package)?.into_iter().map(attachment).collect(),
    })
}

/// The media type by the file's extension; OFD does not tell it.
fn media_type(name: &str) -> &'static str {
    match name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase()).as_deref() {
        Some("json") => "application/json",
        Some("xml") => "application/xml",
        Some("pdf") => "application/pdf",
        _ => "application/octet-stream",
    }
}
