//! Unsealed: a file whose pages and catalog are still open, because a signature adds to both.
//!
//! In: what [`Base::write`](super::Base::write) wrote. Out: the file, or [`Digested`] with its signature fields.
//! Invariant: either way it is one revision, and all signatures that may follow find their fields in it.

use std::collections::BTreeSet;

use lopdf::ObjectId;

use super::entries::{Entries, entries, name};
use super::field::{self, OpenField, Spot};
use super::object::{Body, Trailer};
use super::signature::{self, Ahead, Changes};
use super::structure::Structure;
use super::{Digested, SignatureRequest};
use crate::crypto::sm3::Sm3;
use crate::geom::{Rect, Size};
use crate::page::SealPlace;
use crate::unit::Length;

/// A document's objects before any signature.
#[derive(Debug)]
pub struct Unsealed {
    pub(super) body: Body,
    /// Never empty.
    pub(super) pages: Vec<OpenPage>,
    /// None where nobody said what is text and what is ornament.
    pub(super) structure: Option<Structure>,
    pub(super) resources: ObjectId,
    pub(super) catalog: Entries,
    /// The information dictionary.
    pub(super) info: ObjectId,
    /// What names the file (14.4).
    pub(super) file_id: Vec<u8>,
    /// The seals' form XObjects, by role.
    pub(super) seals: Vec<ObjectId>,
    /// SM3 of the first so many bytes.
    pub(super) hashed: (Sm3, usize),
}

/// A page that may still get annotations.
#[derive(Debug)]
pub(super) struct OpenPage {
    pub(super) id: ObjectId,
    pub(super) size: Size,
    pub(super) contents: Vec<ObjectId>,
    pub(super) annotations: Vec<ObjectId>,
    pub(super) seals: Vec<SealPlace>,
    /// Its number in the parent tree.
    pub(super) parents: Option<i64>,
}

impl Unsealed {
    /// The file without a signature, and without a field for one.
    pub fn into_bytes(mut self) -> Vec<u8> {
        self.close();
        self.body.into_bytes()
    }

    /// Writes the signature of `request.role` and the fields of all roles, and hashes the file.
    ///
    /// The first place of the role that signs belongs to its field, the others show the same picture as stamps. Every place of another
    /// role is an empty field, because once a file is signed nothing but its fields may be filled in. Without a place, or without a
    /// picture in the [`Base`](super::Base), the signature is invisible.
    pub fn digest(mut self, request: &SignatureRequest) -> Digested {
        let roles: BTreeSet<u16> = self.pages.iter().flat_map(|p| &p.seals).map(|s| s.role).collect();
        let others: Vec<u16> = roles.into_iter().filter(|role| *role != request.role).collect();
        let changes = if others.is_empty() { Changes::None } else { Changes::Signing };
        let dictionary = self.body.reserve();
        let blanks = signature::write_dictionary(&mut self.body, dictionary, request, Some(changes));

        let seal = self.seals.get(usize::from(request.role)).copied();
        let spots = self.spots(request.role);
        let shown = seal.filter(|_| !spots.is_empty());
        let (first, stamps) = match (shown, spots.split_first()) {
            (Some(_), Some((first, stamps))) => (*first, stamps),
            _ => (self.nowhere(request.role), &[][..]),
        };
        let signed = self.field(1, first);
        signed.write_signed(&mut self.body, dictionary, shown);
        for (page, spot) in stamps {
            let stamp = field::write_stamp(&mut self.body, spot, shown);
            self.pages[*page].annotations.push(stamp);
        }
        let mut fields = vec![signed.id];
        let mut open = Vec::new();
        let empty: Vec<_> = others.into_iter().flat_map(|role| self.spots(role)).collect();
        for spot in empty {
            let field = self.field(fields.len() + 1, spot);
            field.write(&mut self.body);
            fields.push(field.id);
            open.push(field);
        }

        self.catalog.set("AcroForm", field::form(&fields));
        self.catalog.set("Perms", entries! { "DocMDP" => dictionary });
        let trailer = self.close();
        let Unsealed { body, seals, hashed, .. } = self;
        Digested::new(body, blanks, Ahead { trailer, open, seals, hashed })
    }

    /// The places of `role` with the indices of their pages. One that shows the whole seal comes first, because it makes the better field.
    fn spots(&self, role: u16) -> Vec<(usize, Spot)> {
        let of_page = |(index, page): (usize, &OpenPage)| {
            let (id, height) = (page.id, page.size.height);
            let places = page.seals.iter().filter(|place| place.role == role);
            places.map(|&place| (index, Spot { page: id, height, place })).collect::<Vec<_>>()
        };
        let mut spots: Vec<(usize, Spot)> = self.pages.iter().enumerate().flat_map(of_page).collect();
        spots.sort_by_key(|(_, spot)| spot.place.clip.is_some());
        spots
    }

    /// Where a field stands that shows nothing: it has a rectangle without extent (12.7.4.5).
    fn nowhere(&self, role: u16) -> (usize, Spot) {
        let page = &self.pages[0];
        let place = SealPlace { role, rect: Rect::default(), clip: None };
        (0, Spot { page: page.id, height: page.size.height, place })
    }

    /// A field of its page that is not yet written.
    fn field(&mut self, number: usize, (page, spot): (usize, Spot)) -> OpenField {
        let id = self.body.reserve();
        let parent = self.structure.as_mut().map(|tree| tree.add_field(&mut self.body, id, spot.page));
        let field = OpenField::new(id, number, spot, parent);
        self.pages[page].annotations.push(field.id);
        field
    }

    /// Writes the pages (7.7.3), the catalog (7.7.2), the cross-reference table and the trailer.
    fn close(&mut self) -> Trailer {
        let tree = self.body.reserve();
        let kids: Vec<ObjectId> = self.pages.iter().map(|page| page.id).collect();
        self.body
            .put(tree, entries! { "Type" => name("Pages"), "Count" => kids.len() as i64, "Kids" => kids });
        for page in &self.pages {
            let mut entries = entries! {
                "Type" => name("Page"),
                "Parent" => tree,
                "MediaBox" => [Length::ZERO, Length::ZERO, page.size.width, page.size.height],
                "Resources" => self.resources,
                // 11.6.6: colours blend in the space they are given in.
                "Group" => entries! { "Type" => name("Group"), "S" => name("Transparency"), "CS" => name("DeviceRGB") },
                "Contents" => &page.contents,
            };
            if !page.annotations.is_empty() {
                entries.set("Annots", &page.annotations);
            }
            if let Some(parents) = page.parents {
                entries.set("StructParents", parents);
                // 12.5: in the order of the structure.
                entries.set("Tabs", name("S"));
            }
            self.body.put(page.id, entries);
        }
        let mut catalog = std::mem::take(&mut self.catalog);
        catalog.set("Pages", tree);
        if let Some(structure) = self.structure.take() {
            structure.close(&mut self.body, &mut catalog);
        }
        let id = [self.file_id.clone(), self.file_id.clone()];
        let trailer = Trailer { root: self.body.add(catalog), info: self.info, id };
        self.body.finish(&trailer);
        trailer
    }
}
