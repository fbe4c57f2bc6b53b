//! A seal with its signer: what seals.
//!
//! In: a seal's folder, or a seal and a signer. Out: [`Sealer`].
//! Invariant: nobody seals with a seal that its maker did not sign, or with a signer that the seal does not allow.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::cms::CmsSigner;
use super::ses::{Seal, SesSigner};
use super::signer::{LocalSigner, SealSigner};
use super::store::{self, SealFolder};
use super::timestamp::TimestampSource;
use super::{SealError, demo};
use crate::crypto::sm2::{FastVerifyingKey, VerifyingKey};
use crate::crypto::x509::Certificate;
use crate::ofd;
use crate::page::SealArtwork;

/// A seal with its signer, ready to seal any number of documents from any number of threads. Clones share everything.
#[derive(Clone)]
pub struct Sealer {
    pub(super) inner: Arc<Inner>,
    pub(super) timestamps: Option<Arc<dyn TimestampSource>>,
}

pub(super) struct Inner {
    pub(super) seal: Seal,
    pub(super) artwork: SealArtwork,
    pub(super) signer: Box<dyn SealSigner>,
    pub(super) certificate: Certificate,
    pub(super) key: FastVerifyingKey,
    pub(super) ses: SesSigner,
    pub(super) cms: CmsSigner,
    pub(super) provider: ofd::Provider,
    /// Of all that certificates have from it.
    pub(super) digest: [u8; 32],
}

impl Sealer {
    /// The demonstration seal: needs no file, says 测试, and signs with a key that everyone knows.
    pub fn demo() -> Result<Sealer, SealError> {
        Sealer::from_folder(demo::folder()?.0)
    }

    /// Opens a seal's folder as [`create`](super::create) writes it.
    pub fn open(dir: &Path, password: &str) -> Result<Sealer, SealError> {
        Sealer::from_folder(SealFolder::read(dir, password)?)
    }

    /// Joins a seal, DER SESeal that its maker signed, with a signer that it allows. `svg` gives the PDF outlines to show in place of
    /// the seal's own picture.
    pub fn new(seal_esl: &[u8], svg: Option<&str>, signer: Box<dyn SealSigner>) -> Result<Sealer, SealError> {
        let seal = Seal::parse(seal_esl)?;
        let artwork = store::artwork_of(&seal, svg)?;
        Sealer::join(seal, artwork, svg, signer)
    }

    fn from_folder(folder: SealFolder) -> Result<Sealer, SealError> {
        let signer = LocalSigner::new(folder.key, folder.signer, vec![folder.root])?;
        Sealer::join(Seal::parse(&folder.esl)?, folder.artwork, folder.svg.as_deref(), Box::new(signer))
    }

    fn join(
        seal: Seal,
        artwork: SealArtwork,
        svg: Option<&str>,
        signer: Box<dyn SealSigner>,
    ) -> Result<Sealer, SealError> {
        // Both standards know makers with SM2 keys alone; a seal whose maker cannot be checked is refused like a forged one.
        if !seal.is_sm2() {
            return Err(SealError::MakerNotSm2(seal.name));
        }
        if !seal.is_signed_by_maker() {
            return Err(SealError::NotSignedByMaker(seal.name));
        }
        let certificate = Certificate::parse(signer.certificate_der())?;
        let key = certificate.sm2_key()?.clone();
        if !seal.allows(&certificate.der) {
            return Err(SealError::SignerNotListed(certificate.subject));
        }
        let chain = signer.chain_der().iter().map(Vec::as_slice);
        let parts = [&seal.der, &certificate.der, svg.unwrap_or_default().as_bytes()];
        let mut digest = Sha256::new();
        for part in parts.into_iter().chain(chain) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        let inner = Inner {
            digest: digest.finalize().into(),
            key: FastVerifyingKey::new(&key),
            ses: SesSigner::new(&seal, &certificate.der, &key),
            cms: CmsSigner::new(&certificate, &key, signer.chain_der())?,
            provider: ofd::Provider {
                name: env!("CARGO_PKG_NAME").into(),
                version: env!("CARGO_PKG_VERSION").into(),
                company: String::new(),
            },
            seal,
            artwork,
            signer,
            certificate,
        };
        Ok(Sealer { inner: Arc::new(inner), timestamps: None })
    }

    /// The same with a timestamp on every signature, which proves when it was made.
    pub fn with_timestamps(self, source: Arc<dyn TimestampSource>) -> Sealer {
        Sealer { timestamps: Some(source), ..self }
    }

    /// The seal's picture.
    pub fn artwork(&self) -> &SealArtwork {
        &self.inner.artwork
    }

    /// The seal's data.
    pub fn data(&self) -> &Seal {
        &self.inner.seal
    }

    /// The key that it signs with.
    pub fn key(&self) -> &VerifyingKey {
        self.inner.key.key()
    }

    /// The SHA-256 of the seal's data, its drawing and the signer's certificates: what two sealers differ in.
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.inner.digest
    }

    /// The signer's certificate.
    pub fn certificate(&self) -> &Certificate {
        &self.inner.certificate
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer")
            .field("seal", &self.inner.seal.name)
            .field("signer", &self.inner.certificate.subject)
            .finish_non_exhaustive()
    }
}
