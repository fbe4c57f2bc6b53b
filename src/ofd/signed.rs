//! A package with its signatures, and Signatures.xml, which lists them. GB/T 33190-2016, 18.1.
//!
//! In: an [`Unsealed`](super::Unsealed) package, then one signed value after the other. Out: bytes, or [`Digested`] for a further
//! signature.
//! Invariant: signatures are never changed, only followed by others.

use std::sync::Arc;

use super::base::Finished;
use super::package::Part;
use super::signature::{self, Digested, SignFolder, SignatureRequest};
use super::unsealed::{SealedPage, archive};
use super::xml::Xml;
use super::{PackagePath, WriteError};
use crate::crypto::sm3::Wanted;

/// A package that lacks nothing, to which another signature may be added.
#[derive(Debug)]
pub struct Signed {
    /// OFD.xml.
    pub(super) entry: Part,
    pub(super) finished: Arc<Finished>,
    /// The record's parts, Document.xml first.
    pub(super) parts: Vec<Part>,
    pub(super) pages: Vec<SealedPage>,
    /// The files of each signature.
    pub(super) signed: Vec<Vec<Part>>,
}

impl Signed {
    /// The package.
    pub fn into_bytes(self) -> Result<Vec<u8>, WriteError> {
        let mut archive = archive(&self.entry, &self.finished, &self.parts);
        archive.add(&write_list(self.signed.len())?);
        self.signed.iter().flatten().for_each(|part| archive.add(part));
        archive.finish()
    }

    /// Whether the pages keep a place for the seal of `role`.
    pub fn awaits(&self, role: u16) -> bool {
        self.pages.iter().flat_map(|page| &page.seals).any(|place| place.role == role)
    }

    /// The digests that the next signature needs, which may be made together with those of other packages.
    pub(crate) fn wanted(&self) -> impl Iterator<Item = Wanted<'_>> {
        let signed = self.signed.iter().flatten();
        [&self.entry].into_iter().chain(&self.parts).chain(signed).map(|part| part.bytes().wanted())
    }

    /// Digests every part, those of the signatures so far included, for a further signature.
    pub fn digest(self, request: &SignatureRequest<'_>) -> Result<Digested, WriteError> {
        signature::digest(self, request)
    }
}

/// The path of Signatures.xml.
pub(super) fn list() -> PackagePath {
    PackagePath::known("Doc_0/Signs/Signatures.xml")
}

fn write_list(count: usize) -> Result<Part, WriteError> {
    let mut xml = Xml::new();
    xml.root("ofd:Signatures").open();
    xml.leaf("ofd:MaxSignId", count.to_string());
    for number in 0..count {
        xml.element("ofd:Signature")
            .attr("ID", (number + 1).to_string())
            .attr("Type", "Seal")
            .attr("BaseLoc", SignFolder(number).signature().absolute())
            .empty();
    }
    xml.close("ofd:Signatures");
    let path = list();
    let data = xml.finish(&path)?;
    Ok(Part::plain(path, data))
}
