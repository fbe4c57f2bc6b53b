//! Base: the parts that all records share. Unsealed: a record's parts beside them.

use std::sync::Arc;

use super::WriteError;
use super::signature::{Digested, SignatureRequest, Stamp};
use crate::page::{Document, Master};

/// What the layout alone determines, as finished parts. Shared by all threads.
#[derive(Debug)]
pub struct Base {}

impl Base {
    /// Serialises, deflates and digests the static parts of `master`.
    pub fn new(master: &Arc<Master>) -> Result<Base, WriteError> {
        let _ = master;
        Ok(Base {})
    }

    /// The parts of one record. `document.master` must be the master this base was made of.
    pub fn write(&self, document: &Document) -> Result<Unsealed, WriteError> {
        let _ = document;
        Ok(Unsealed { stamps: Vec::new() })
    }
}

/// A document's parts before any signature.
#[derive(Debug)]
pub struct Unsealed {
    stamps: Vec<Stamp>,
}

impl Unsealed {
    /// The places that the layout keeps for seals.
    pub fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    /// The package without a signature.
    pub fn into_bytes(self) -> Result<Vec<u8>, WriteError> {
        Ok(Vec::new())
    }

    /// Names the signature in OFD.xml and digests every part.
    pub fn digest(self, request: &SignatureRequest<'_>) -> Result<Digested, WriteError> {
        let _ = request;
        Err(WriteError::Name(String::new()))
    }
}
