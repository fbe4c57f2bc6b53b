//! Base: the objects that all records share, and what one record adds to them.
//!
//! In: the master, then the seals' pictures. Out: the file's prefix, its cross-reference entries and the SM3 state after it.
//! Invariant: objects of the prefix refer to one another only, never to an object of a record, but for those whose numbers the prefix
//! reserves: a page for each of the master's, and the element above all parts of the pages.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use lopdf::ObjectId;

use super::entries::{Entries, Null, entries, name, text_string};
use super::object::{Body, deflated};
use super::structure::{self, Marked, Structure};
use super::unsealed::{OpenPage, Unsealed};
use super::{PdfError, attachment, content, font, icc, image, metadata};
use crate::crypto::sm3::Sm3;
use crate::deflate::Effort;
use crate::geom::Size;
use crate::page::{Document, Item, Master, MasterPage, Ref, Resources, SealArtwork, Standing};
use crate::unit::Length;

/// What the layout and the seals determine, as finished bytes. Shared by all threads.
#[derive(Clone, Debug)]
pub struct Base {
    master: Arc<Master>,
    prefix: Body,
    /// SM3 after the prefix.
    hashed: Sm3,
    output_intent: ObjectId,
    /// The structure element that holds all others, where items say what they are to readers who cannot see them.
    document: Option<ObjectId>,
    objects: ResourceObjects,
    pages: Vec<StaticPage>,
    /// The seals' form XObjects, by role.
    seals: Vec<ObjectId>,
}

/// What a master page brings to the pages that lie on it.
#[derive(Clone, Debug)]
struct StaticPage {
    /// The number that the first of them takes.
    page: ObjectId,
    background: Painted,
    foreground: Painted,
    conversion: Painted,
    /// How many marked contents these have.
    contents: i64,
}

/// The objects of [`Resources`], by the same indices.
#[derive(Clone, Debug)]
struct ResourceObjects {
    fonts: Vec<ObjectId>,
    images: Vec<ObjectId>,
}

impl ResourceObjects {
    fn write(body: &mut Body, resources: &Resources, effort: Effort) -> Result<ResourceObjects, PdfError> {
        let fonts = resources.fonts.iter().map(|f| font::write(body, f, effort)).collect();
        let images = resources.images.iter().map(|i| image::write(body, i, effort));
        Ok(ResourceObjects { fonts, images: images.collect::<Result<_, _>>()? })
    }
}

impl Base {
    /// Serialises, deflates and hashes the static parts of `master`.
    ///
    /// # Errors
    /// An image that cannot be carried, or an item that names what `master` does not have.
    pub fn new(master: &Arc<Master>) -> Result<Base, PdfError> {
        let mut prefix = Body::new();
        let output_intent = icc::write_output_intent(&mut prefix);
        let objects = ResourceObjects::write(&mut prefix, &master.resources, Effort::Static)?;
        let document = master.has_parts.then(|| prefix.reserve());
        let pages = master.pages.iter().map(|p| StaticPage::write(&mut prefix, master, p, document));
        let pages = pages.collect::<Result<_, _>>()?;
        let mut hashed = Sm3::new();
        hashed.update(prefix.bytes());
        Ok(Base {
            master: Arc::clone(master),
            prefix,
            hashed,
            output_intent,
            document,
            objects,
            pages,
            seals: Vec::new(),
        })
    }

    /// The same for files that are sealed with `seals`, one for each of [`Master::seal_roles`]: a copy with their pictures at its end. It costs a copy of the bytes and what
    /// the pictures need, so that one layout serves many issuers.
    ///
    /// # Errors
    /// A picture that cannot be carried.
    pub fn with_seals(&self, seals: &[&SealArtwork]) -> Result<Base, PdfError> {
        let mut base = self.clone();
        let known = base.prefix.bytes().len();
        base.seals = seals.iter().map(|seal| write_seal(&mut base.prefix, seal)).collect::<Result<_, _>>()?;
        base.hashed.update(&base.prefix.bytes()[known..]);
        Ok(base)
    }

    /// Adds the objects of one record. `document.master` must be the master this base was made of.
    ///
    /// # Errors
    /// An image that cannot be carried, an item that names what the document does not have, or another master.
    pub fn write(&self, document: &Document) -> Result<Unsealed, PdfError> {
        if !Arc::ptr_eq(&self.master, &document.master) {
            return Err(PdfError::OtherMaster);
        }
        if document.pages.is_empty() {
            return Err(PdfError::NoPage(0));
        }
        let mut body = self.prefix.continued(ROOM_FOR_RECORD);
        let own = ResourceObjects::write(&mut body, &document.resources, Effort::Record)?;

        let is_conversion = document.info.standings.pdf == Standing::Conversion;
        let mut structure = self.document.map(Structure::new);
        let mut opacities = BTreeSet::new();
        let mut pages: Vec<OpenPage> = Vec::with_capacity(document.pages.len());
        for page in &document.pages {
            let (Some(fixed), Some(master)) =
                (self.pages.get(page.master), self.master.pages.get(page.master))
            else {
                return Err(PdfError::NoPage(page.master));
            };
            let is_first = pages.iter().all(|other| other.id != fixed.page);
            let id = if is_first { fixed.page } else { body.reserve() };
            let place = Place { document: self.document, page: id, size: master.size };
            let mut contents = fixed.contents;
            let mut write = |items| {
                let fonts = (&*self.master, &document.resources);
                Painted::write(&mut body, items, place, fonts, &mut contents, Effort::Record)
            };
            let own = write(&page.items)?;
            let own_conversion = if is_conversion { Some(write(&page.conversion)?) } else { None };
            let mut painted = vec![&fixed.background, &own, &fixed.foreground];
            if let Some(own) = &own_conversion {
                painted.extend([&fixed.conversion, own]);
            }
            opacities.extend(painted.iter().flat_map(|painted| &painted.opacities));
            let parents = structure.as_mut().map(|structure| {
                let parts = painted.iter().flat_map(|painted| painted.parts_on(id, structure, &mut body));
                let parts = parts.collect();
                structure.add_page(parts)
            });
            pages.push(OpenPage {
                id,
                size: master.size,
                annotations: Vec::new(),
                contents: painted.iter().filter_map(|painted| painted.stream).collect(),
                seals: page.seals.clone(),
                parents,
            });
        }
        // A number that the prefix reserves must not stay without an object.
        for fixed in self.pages.iter().filter(|fixed| pages.iter().all(|page| page.id != fixed.page)) {
            body.put(fixed.page, Null);
        }

        let resources = body.add(resources(&self.objects, &own, &opacities));
        let files = attachment::write(&mut body, &document.info);
        let metadata = metadata::write_xmp(&mut body, &document.info);
        let info = body.add(metadata::information(&document.info));

        let mut catalog = entries! {
            "Type" => name("Catalog"),
            "Lang" => text_string(metadata::LANGUAGE),
            "ViewerPreferences" => entries! { "DisplayDocTitle" => true },
            "OutputIntents" => [self.output_intent],
            "Metadata" => metadata,
        };
        if !files.is_empty() {
            catalog.set("Names", entries! { "EmbeddedFiles" => attachment::name_tree(&files) });
            catalog.set("AF", files.iter().map(|file| file.id).collect::<Vec<_>>());
        }
        let file_id = metadata::file_id(&document.info);
        let hashed = (self.hashed.clone(), self.prefix.bytes().len());
        let seals = self.seals.clone();
        Ok(Unsealed { body, pages, structure, resources, catalog, info, file_id, seals, hashed })
    }
}

/// What a typical record adds, so that the bytes move once.
const ROOM_FOR_RECORD: usize = 96 * 1024;

impl StaticPage {
    fn write(
        body: &mut Body,
        master: &Master,
        page: &MasterPage,
        document: Option<ObjectId>,
    ) -> Result<StaticPage, PdfError> {
        let id = body.reserve();
        let place = Place { document, page: id, size: page.size };
        let (none, mut contents) = (Resources::default(), 0);
        let mut write =
            |items| Painted::write(body, items, place, (master, &none), &mut contents, Effort::Static);
        let [background, foreground, conversion] =
            [write(&page.background)?, write(&page.foreground)?, write(&page.conversion)?];
        Ok(StaticPage { page: id, background, foreground, conversion, contents })
    }
}

/// Where items are painted.
#[derive(Clone, Copy)]
struct Place {
    document: Option<ObjectId>,
    page: ObjectId,
    size: Size,
}

/// A content stream, if it paints anything.
#[derive(Clone, Debug)]
struct Painted {
    stream: Option<ObjectId>,
    /// Those it sets.
    opacities: BTreeSet<u8>,
    /// What it has of the parts of the page, and their structure elements.
    parts: Vec<Marked>,
    elements: Vec<ObjectId>,
    /// The page that they name.
    page: ObjectId,
}

impl Painted {
    /// Writes the stream of `items`, whose fonts and images are the master's and the record's; `contents` counts what is marked on the page.
    fn write(
        body: &mut Body,
        items: &[Item],
        place: Place,
        (master, own): (&Master, &Resources),
        contents: &mut i64,
        effort: Effort,
    ) -> Result<Painted, PdfError> {
        let (page, opacities) = (place.page, BTreeSet::new());
        if items.is_empty() {
            return Ok(Painted { stream: None, opacities, parts: Vec::new(), elements: Vec::new(), page });
        }
        let contents = place.document.is_some().then_some(contents);
        let resources = (&master.resources, own);
        let painted = content::paint(items, place.size.height, &master.tags, resources, contents)?;
        let stream = body.add(deflated(Entries::new(), painted.operators, effort));
        let write = |document| structure::write(body, &painted.parts, document, page);
        let elements = place.document.map(write).unwrap_or_default();
        let content::Painted { opacities, parts, .. } = painted;
        Ok(Painted { stream: Some(stream), opacities, parts, elements, page })
    }

    /// Its parts with their elements on `page`: those written with it, or others where it lies under a further page.
    fn parts_on(&self, page: ObjectId, structure: &Structure, body: &mut Body) -> Vec<(&Marked, ObjectId)> {
        let elements = if page == self.page {
            Cow::Borrowed(&self.elements)
        } else {
            Cow::Owned(structure::write(body, &self.parts, structure.document, page))
        };
        self.parts.iter().zip(elements.iter().copied()).collect()
    }
}

/// The resource dictionary (7.8.3) that all pages of a record share.
fn resources(master: &ResourceObjects, own: &ResourceObjects, opacities: &BTreeSet<u8>) -> Entries {
    let named = |master: &[ObjectId], own: &[ObjectId]| {
        let master = master.iter().zip(0..).map(|(id, i)| (Ref::Master(i), *id));
        let own = own.iter().zip(0..).map(|(id, i)| (Ref::Own(i), *id));
        let mut named = Entries::new();
        master.chain(own).for_each(|(r, id)| named.set(&content::resource_name(r), id));
        named
    };
    entries! {
        "Font" => named(&master.fonts, &own.fonts),
        "XObject" => named(&master.images, &own.images),
        "ExtGState" => content::graphics_states(opacities),
    }
}

/// The seal as a form XObject (8.10), the appearance of the signature field: its drawing, or else its picture.
fn write_seal(body: &mut Body, seal: &SealArtwork) -> Result<ObjectId, PdfError> {
    let (operators, resources) = if seal.items.is_empty() {
        let picture = image::write(body, &seal.png, Effort::Static)?;
        let name = content::resource_name(Ref::Master(0));
        let resources = entries! { "XObject" => entries! { &name => picture } };
        (content::paint_picture(seal.size), resources)
    } else {
        let painted = content::paint_paths(&seal.items, seal.size.height);
        (painted.operators, entries! { "ExtGState" => content::graphics_states(&painted.opacities) })
    };
    let form = entries! {
        "Type" => name("XObject"),
        "Subtype" => name("Form"),
        "BBox" => [Length::ZERO, Length::ZERO, seal.size.width, seal.size.height],
        "Resources" => resources,
    };
    Ok(body.add(deflated(form, operators, Effort::Static)))
}
