//! Signature fields and stamps: where a seal shows, and what of it (ISO 32000-1, 12.5.6 and 12.7).
//!
//! In: the places that the pages keep for seals. Out: annotations.
//! Invariant: the picture of a seal enters a file in the same revision as its signature, so that no revision shows a seal that has not
//! been set.

use lopdf::ObjectId;

use super::content;
use super::entries::{Entries, entries, name, text_string};
use super::object::{Body, Stream};
use crate::page::SealPlace;
use crate::unit::Length;

/// 12.5.3: printed, and not to be moved.
const PRINT_AND_LOCKED: i64 = 1 << 2 | 1 << 7;

/// What is said of a seal to those who cannot see it.
const SPOKEN: &str = "电子印章";

/// A place for a seal on a page of the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    pub(super) page: ObjectId,
    /// How high the page is.
    pub(super) height: Length,
    pub(super) place: SealPlace,
}

/// A signature field before its signature.
#[derive(Clone, Debug)]
pub(super) struct OpenField {
    pub(super) id: ObjectId,
    pub(super) spot: Spot,
    /// What the field says, signed or not.
    entries: Entries,
}

impl OpenField {
    /// The `number`th field of the file, counted from 1; each is its own widget (12.5.6.19). `parent` is its number in the parent tree.
    pub(super) fn new(id: ObjectId, number: usize, spot: Spot, parent: Option<i64>) -> OpenField {
        let title = if number == 1 { "Seal".to_owned() } else { format!("Seal_{number}") };
        let mut entries = entries! {
            "Type" => name("Annot"),
            "Subtype" => name("Widget"),
            "F" => PRINT_AND_LOCKED,
            "FT" => name("Sig"),
            "T" => text_string(&title),
            "TU" => text_string(SPOKEN),
        };
        if let Some(parent) = parent {
            entries.set("StructParent", parent);
        }
        OpenField { id, spot, entries }
    }

    /// Writes it empty, to be signed in a later revision.
    pub(super) fn write(&self, body: &mut Body) {
        let mut entries = self.entries.clone();
        self.spot.locate(&mut entries);
        body.put(self.id, entries);
    }

    /// Writes it with its `signature` and what its place shows of `seal`.
    pub(super) fn write_signed(&self, body: &mut Body, signature: ObjectId, seal: Option<ObjectId>) {
        let mut entries = self.entries.clone();
        entries.set("V", signature);
        self.spot.locate(&mut entries);
        self.spot.show(&mut entries, body, seal);
        body.put(self.id, entries);
    }
}

/// Writes a further place where a seal shows (12.5.6.12).
pub(super) fn write_stamp(body: &mut Body, spot: &Spot, seal: Option<ObjectId>) -> ObjectId {
    let mut entries = entries! {
        "Type" => name("Annot"),
        "Subtype" => name("Stamp"),
        "F" => PRINT_AND_LOCKED,
    };
    spot.locate(&mut entries);
    spot.show(&mut entries, body, seal);
    body.add(entries)
}

impl Spot {
    fn locate(&self, annotation: &mut Entries) {
        annotation.set("P", self.page);
        annotation.set("Rect", content::flipped(&self.place.visible(), self.height));
    }

    /// The seal's form, or where the place shows it in part a form of that part (8.10).
    fn show(&self, annotation: &mut Entries, body: &mut Body, seal: Option<ObjectId>) {
        let Some(mut shown) = seal else { return };
        if let Some(clip) = self.place.clip {
            let rect = self.place.rect;
            let (left, bottom) = (clip.x - rect.x, rect.bottom() - clip.bottom());
            let window = [left, bottom, left + clip.width, bottom + clip.height];
            let form = entries! {
                "Type" => name("XObject"),
                "Subtype" => name("Form"),
                "BBox" => window,
                "Resources" => entries! { "XObject" => entries! { "Seal" => shown } },
            };
            shown = body.add(Stream::new(form, b"/Seal Do"));
        }
        annotation.set("AP", entries! { "N" => shown });
    }
}

/// The interactive form (12.7.2); 3 = signatures exist, and the file may only be appended to.
pub(super) fn form(fields: &[ObjectId]) -> Entries {
    entries! { "SigFlags" => 3, "Fields" => fields }
}
