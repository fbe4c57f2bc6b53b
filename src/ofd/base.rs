//! What a layout's documents have in common, and what one record adds to it.
//!
//! In: a [`Master`]; then [`Document`]s over it. Out: [`Base`], immutable and shared by all threads; [`Unsealed`] packages.
//! Invariant: static IDs are the same in every document of a base, and the record's lie above them.

use std::sync::Arc;

use super::archive::{Archive, Prepared};
use super::content::{Content, Floor, Template};
use super::document::{Contents, PageEntry};
use super::entry::Entry;
use super::package::Part;
use super::res::{Lookup, ResourceLists, ResourceSet};
use super::unsealed::SealedPage;
use super::xml::Xml;
use super::{Ids, PackagePath, Unsealed, WriteError, attachments, res, tags};
use crate::deflate::Effort;
use crate::geom::Size;
use crate::page::{Document, Item, Master, Resources};

/// What the layout alone determines, as finished parts. Shared by all threads.
#[derive(Debug)]
pub struct Base {
    master: Arc<Master>,
    resources: ResourceSet,
    templates: Vec<Template>,
    /// By master page: which of `templates` lie under and over it.
    of_page: Vec<std::ops::Range<usize>>,
    /// The largest static ID.
    ids: Ids,
    finished: Arc<Finished>,
}

/// The static parts, deflated and digested.
#[derive(Debug)]
pub(super) struct Finished {
    pub(super) entries: Prepared,
    /// Reference elements, one for each entry.
    pub(super) references: Xml,
}

impl Base {
    /// Serialises, deflates and digests the static parts of `master`: font and image files and template pages.
    pub fn new(master: &Arc<Master>) -> Result<Base, WriteError> {
        let mut ids = Ids::default();
        let mut parts = Vec::new();
        let Resources { fonts, images } = &master.resources;
        // The original carries no font that only its conversions need.
        let fonts = &fonts[..fonts.len().saturating_sub(master.conversion_fonts)];
        let resources = ResourceSet::new(fonts, images, &mut ids, &mut parts);
        let mut templates = Vec::new();
        let mut of_page = Vec::with_capacity(master.pages.len());
        for (number, page) in master.pages.iter().enumerate() {
            let first = templates.len();
            for (floor, items) in
                [(Floor::Background, &page.background), (Floor::Foreground, &page.foreground)]
            {
                if !items.is_empty() {
                    let (template, part) =
                        write_template(number, page.size, floor, items, &resources, &mut ids)?;
                    templates.push(template);
                    parts.push(part);
                }
            }
            of_page.push(first..templates.len());
        }
        let finished = Arc::new(Finished::new(&parts));
        Ok(Base { master: Arc::clone(master), resources, templates, of_page, ids, finished })
    }

    /// The parts of one record beside this base's.
    pub fn write(&self, document: &Document) -> Result<Unsealed, WriteError> {
        if !Arc::ptr_eq(&self.master, &document.master) {
            return Err(WriteError::OtherMaster);
        }
        let mut ids = self.ids;
        let mut parts = Vec::new();
        let Resources { fonts, images } = &document.resources;
        let own = ResourceSet::new(fonts, images, &mut ids, &mut parts);
        let lists = ResourceLists::write([&self.resources, &own], &mut parts)?;
        let lookup = Lookup { master: &self.resources, own: Some(&own) };

        let mut pages = Vec::with_capacity(document.pages.len());
        let mut tagged = Vec::with_capacity(document.pages.len());
        for (number, page) in document.pages.iter().enumerate() {
            let path = PackagePath::known(format!("Doc_0/Pages/Page_{number}/Content.xml"));
            let (Some(under), Some(templates)) =
                (self.master.pages.get(page.master), self.of_page.get(page.master))
            else {
                return Err(res::dangling(&path, "master page", page.master));
            };
            let id = ids.next();
            let mut of_page = Vec::new();
            let content = Content {
                path: path.clone(),
                size: under.size,
                floor: Floor::Body,
                templates: &self.templates[templates.clone()],
                items: &page.items,
            };
            parts.push(content.write(lookup, &mut ids, &mut of_page)?);
            pages.push(PageEntry { id, path });
            tagged.push((id, of_page));
        }

        let tags = tags::write(&self.master.tags, &tagged, &mut parts)?;
        let attachments = attachments::write(&document.info, &mut parts)?;
        let contents = Contents {
            size: self.master.pages.first().map(|page| page.size).unwrap_or_default(),
            resources: &lists,
            templates: &self.templates,
            pages: &pages,
            tags: tags.as_ref(),
            attachments: attachments.as_ref(),
        };
        // Beside OFD.xml at the front: what a reader asks for first.
        parts.insert(0, contents.write(ids)?);
        Ok(Unsealed {
            entry: Entry::new(&document.info),
            finished: Arc::clone(&self.finished),
            parts,
            pages: pages
                .iter()
                .zip(&document.pages)
                .map(|(entry, page)| SealedPage { id: entry.id, seals: page.seals.clone() })
                .collect(),
        })
    }
}

fn write_template(
    number: usize,
    size: Size,
    floor: Floor,
    items: &[Item],
    resources: &ResourceSet,
    ids: &mut Ids,
) -> Result<(Template, Part), WriteError> {
    // The number is the master page's, because some readers pair template and page by it.
    let suffix = if floor == Floor::Foreground { "_Foreground" } else { "" };
    let path = PackagePath::known(format!("Doc_0/Tpls/Tpl_{number}{suffix}/Content.xml"));
    let template = Template { id: ids.next(), floor, path: path.clone() };
    let lookup = Lookup { master: resources, own: None };
    let content = Content { path, size, floor, templates: &[], items };
    let part = content.write(lookup, ids, &mut Vec::new())?;
    Ok((template, part))
}

impl Finished {
    fn new(parts: &[Part]) -> Finished {
        let mut archive = Archive::new(Effort::Static, 0);
        let mut references = Xml::fragment();
        for part in parts {
            archive.add(part);
            part.reference(&mut references);
        }
        Finished { entries: archive.prepare(), references }
    }
}
