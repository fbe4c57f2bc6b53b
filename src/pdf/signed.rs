//! Signed: a whole file, to which another signature may be added as a further revision (ISO 32000-1, 7.5.6).
//!
//! In: the [`Digested`] file with its signature. Out: the file, or [`Digested`] again for the next role.
//! Invariant: a further revision fills in fields that the first one left empty, and changes nothing else.

use super::object::Body;
use super::signature::{self, Ahead};
use super::{Digested, PdfError, SignatureRequest};

/// A file that lacks nothing.
#[derive(Debug)]
pub struct Signed {
    pub(super) body: Body,
    /// Of the last revision.
    pub(super) data_hash: [u8; 32],
    pub(super) ahead: Ahead,
}

impl Signed {
    /// The file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.body.into_bytes()
    }

    /// Whether fields of `role` wait for its signature.
    pub fn awaits(&self, role: u16) -> bool {
        self.ahead.open.iter().any(|field| field.spot.place.role == role)
    }

    /// Signs the fields of `request.role` in a further revision, and hashes the file with all its revisions. All its fields bear the same
    /// signature.
    ///
    /// # Errors
    /// No field waits for this role.
    pub fn digest(self, request: &SignatureRequest) -> Result<Digested, PdfError> {
        if !self.awaits(request.role) {
            return Err(PdfError::NoField(request.role));
        }
        let Signed { mut body, data_hash, mut ahead } = self;
        let dictionary = body.reserve();
        let blanks = signature::write_dictionary(&mut body, dictionary, request, None);
        let seal = ahead.seals.get(usize::from(request.role)).copied();
        let is_its = |field: &mut super::field::OpenField| field.spot.place.role == request.role;
        for field in ahead.open.extract_if(.., is_its) {
            field.write_signed(&mut body, dictionary, seal);
        }
        ahead.trailer.id[1] = data_hash[..16].to_vec();
        body.finish(&ahead.trailer);
        Ok(Digested::new(body, blanks, ahead))
    }
}
