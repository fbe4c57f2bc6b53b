//! Base: the objects that all records share, and what one record adds to them.
//!
//! In: the master, then the seals' pictures. Out: the file's prefix, its cross-reference entries and the SM3 state after it.
//! Invariant: objects of the prefix refer to one another only, never to an object of a record.

use std::collections::BTreeSet;
use std::sync::Arc;

use lopdf::ObjectId;

use super::entries::{Entries, entries, name, text_string};
use super::object::{Body, deflated};
use super::unsealed::{OpenPage, Unsealed};
use super::{PdfError, attachment, content, font, icc, image, metadata};
use crate::crypto::sm3::Sm3;
use crate::deflate::Effort;
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
    objects: ResourceObjects,
    pages: Vec<StaticPage>,
    /// The seals' form XObjects, by role.
    seals: Vec<ObjectId>,
}

/// The content streams of a master page.
#[derive(Clone, Debug)]
struct StaticPage {
    background: Option<ObjectId>,
    foreground: Option<ObjectId>,
    conversion: Option<ObjectId>,
    opacities: BTreeSet<u8>,
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
        let pages = master
            .pages
            .iter()
            .map(|p| StaticPage::write(&mut prefix, master, p))
            .collect::<Result<_, _>>()?;
        let mut hashed = Sm3::new();
        hashed.update(prefix.bytes());
        Ok(Base {
            master: Arc::clone(master),
            prefix,
            hashed,
            output_intent,
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

        let mut opacities = BTreeSet::new();
        let mut pages = Vec::with_capacity(document.pages.len());
        for page in &document.pages {
            let (Some(fixed), Some(master)) =
                (self.pages.get(page.master), self.master.pages.get(page.master))
            else {
                return Err(PdfError::NoPage(page.master));
            };
            let mut write = |items| {
                write_items(&mut body, items, master, &self.master, &document.resources, Effort::Record)
            };
            let mut contents = vec![fixed.background];
            let record = write(&page.items)?;
            contents.extend([record.stream, fixed.foreground]);
            opacities.extend(fixed.opacities.iter().chain(&record.opacities));
            if document.info.standings.pdf == Standing::Conversion {
                let record = write(&page.conversion)?;
                contents.extend([fixed.conversion, record.stream]);
                opacities.extend(record.opacities);
            }
            pages.push(OpenPage {
                id: body.reserve(),
                size: master.size,
                annotations: Vec::new(),
                contents: contents.into_iter().flatten().collect(),
                seals: page.seals.clone(),
            });
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
        Ok(Unsealed { body, pages, resources, catalog, info, file_id, seals, hashed })
    }
}

/// What a typical record adds, so that the bytes move once.
const ROOM_FOR_RECORD: usize = 96 * 1024;

impl StaticPage {
    fn write(body: &mut Body, master: &Master, page: &MasterPage) -> Result<StaticPage, PdfError> {
        let none = Resources::default();
        let mut write = |items| write_items(body, items, page, master, &none, Effort::Static);
        let [background, foreground, conversion] =
            [write(&page.background)?, write(&page.foreground)?, write(&page.conversion)?];
        let painted = [&background, &foreground, &conversion];
        let opacities = painted.iter().flat_map(|p| &p.opacities).copied().collect();
        let [background, foreground, conversion] = painted.map(|p| p.stream);
        Ok(StaticPage { background, foreground, conversion, opacities })
    }
}

/// A content stream, if it paints anything, and the opacities it sets.
struct Painted {
    stream: Option<ObjectId>,
    opacities: BTreeSet<u8>,
}

fn write_items(
    body: &mut Body,
    items: &[Item],
    page: &MasterPage,
    master: &Master,
    own: &Resources,
    effort: Effort,
) -> Result<Painted, PdfError> {
    if items.is_empty() {
        return Ok(Painted { stream: None, opacities: BTreeSet::new() });
    }
    let painted = content::paint(items, page.size.height, &master.tags, &master.resources, own)?;
    let stream = deflated(Entries::new(), painted.operators, effort);
    Ok(Painted { stream: Some(body.add(stream)), opacities: painted.opacities })
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
