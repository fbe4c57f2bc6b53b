//! The act of sealing: digests out, one call to the signer, signatures in.

use std::path::Path;
use std::sync::Arc;

use super::SealError;
use crate::page::SealArtwork;

/// A seal with its signer, ready to seal any number of documents from any number of threads. Clones share everything.
#[derive(Clone, Debug)]
pub struct Sealer {
    artwork: Arc<SealArtwork>,
}

/// What was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The OFD, if one was given.
    pub ofd: Option<Vec<u8>>,
    /// The PDF, if one was given.
    pub pdf: Option<Vec<u8>>,
}

impl Sealer {
    /// The demonstration seal: needs no file, says 测试, and uses a key that everyone knows.
    pub fn demo() -> Result<Sealer, SealError> {
        Err(SealError::NotASeal("not drawn".into()))
    }

    /// Opens a seal's folder as [`create`](super::create) writes it.
    pub fn open(dir: &Path, password: &str) -> Result<Sealer, SealError> {
        let _ = password;
        Err(SealError::NotASeal(dir.display().to_string()))
    }

    /// The seal's picture.
    pub fn artwork(&self) -> &SealArtwork {
        &self.artwork
    }
}

impl Sealer {
    /// Seals an OFD, a PDF, or both, with one call to the signer.
    pub fn seal(
        &self,
        ofd: Option<crate::ofd::Unsealed>,
        pdf: Option<crate::pdf::Unsealed>,
        options: &super::SealOptions,
    ) -> Result<Sealed, SealError> {
        let _ = (ofd, pdf, options);
        Err(SealError::NotASeal("not drawn".into()))
    }
}
