//! A package before its signature, and the step that takes it there.
//!
//! In: the parts of a [`Base`](super::Base) and of one record. Out: bytes, or a [`Digested`] package.
//! Invariant: OFD.xml comes first and Document.xml second; static parts are copied, never deflated or digested again.

use std::sync::Arc;

use super::WriteError;
use super::archive::Archive;
use super::base::Finished;
use super::entry::Entry;
use super::package::Part;
use super::signature::{Digested, SignatureRequest};
use super::signed::{self, Signed};
use crate::deflate::Effort;
use crate::page::SealPlace;

/// A document's parts before any signature.
#[derive(Debug)]
pub struct Unsealed {
    pub(super) entry: Entry,
    pub(super) finished: Arc<Finished>,
    /// The record's parts, Document.xml first.
    pub(super) parts: Vec<Part>,
    pub(super) pages: Vec<SealedPage>,
}

/// What signatures need to know of a page.
#[derive(Debug)]
pub(super) struct SealedPage {
    /// Page/@ID.
    pub(super) id: u32,
    pub(super) seals: Vec<SealPlace>,
}

impl Unsealed {
    /// The package without a signature.
    pub fn into_bytes(self) -> Result<Vec<u8>, WriteError> {
        let entry = self.entry.finish(None)?;
        archive(&entry, &self.finished, &self.parts).finish()
    }

    /// Names the signatures in OFD.xml and digests every part for the first of them.
    pub fn digest(self, request: &SignatureRequest<'_>) -> Result<Digested, WriteError> {
        self.open()?.digest(request)
    }

    /// Names the signatures in OFD.xml; the first of them must follow.
    pub(crate) fn open(self) -> Result<Signed, WriteError> {
        let Unsealed { entry, finished, parts, pages } = self;
        let entry = entry.finish(Some(&signed::list()))?;
        Ok(Signed { entry, finished, parts, pages, signed: Vec::new() })
    }
}

/// OFD.xml and Document.xml, the static parts, the rest of the record's.
pub(super) fn archive(entry: &Part, finished: &Finished, parts: &[Part]) -> Archive {
    let own: usize = parts.iter().map(|part| part.bytes().len()).sum();
    let mut archive = Archive::new(Effort::Record, finished.entries.size() + own);
    archive.add(entry);
    let (document, rest) = parts.split_at(1.min(parts.len()));
    document.iter().for_each(|part| archive.add(part));
    archive.merge(&finished.entries);
    rest.iter().for_each(|part| archive.add(part));
    archive
}
