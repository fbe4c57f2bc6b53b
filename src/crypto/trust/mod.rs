//! Whom to trust: roots, further certificates and revocation lists, given as files; chains from a signer's certificate to a root.
//!
//! In: PEM bundles and DER; then certificates, a time and a purpose. Out: [`Chain`], with every fault that was found (RFC 5280, 6, as far as
//! it applies). Invariant: nothing is fetched, no certificate from a document becomes a root, and a hostile bundle costs a bounded number
//! of signature checks.
//!
//! Not done: policies beyond any-policy, name constraints (a certificate that has some is refused), OCSP, delta and indirect lists.

use std::sync::Arc;

use der::DateTime;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::crl::{Crl, CrlError};
use super::hash::Hash;
use super::public_key::{KeyCheck, PublicKey};
use super::sm2::{Signature, VerifyingKey};
use super::x509::{Certificate, X509Error};

mod beginnings;
mod cache;
mod chain;
mod clock;
mod path;
mod pem;
mod revocation;
mod rules;

use cache::Caches;
pub use chain::{Chain, ChainFault, FaultKind, Gap, Revocation};
use clock::Clocks;

/// Longest chain, from the signer's certificate to the root.
pub const MAX_DEPTH: usize = 8;

/// What a certificate is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// To sign documents with a seal.
    Sealing,
    /// To make seals.
    SealMaking,
    /// To sign timestamps.
    TimeStamping,
}

/// When a signature was made, and how that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SigningTime {
    /// A timestamp proves it. Dates and revocation count as they were then; a key that was lost never counts.
    Proven(DateTime),
    /// The signer says so. Dates count as they were then, but any revocation that is known `now` counts, because a revoked key can
    /// claim any time.
    Claimed {
        /// The claimed time.
        at: DateTime,
        /// The time of verification.
        now: DateTime,
    },
}

/// Why a file cannot be used for trust.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrustError {
    /// A certificate in it cannot be read.
    #[error("certificate {number}: {source}")]
    Certificate {
        /// Counted from 1.
        number: usize,
        /// Why.
        source: X509Error,
    },
    /// A revocation list in it cannot be used.
    #[error("revocation list {number}: {source}")]
    Crl {
        /// Counted from 1.
        number: usize,
        /// Why.
        source: CrlError,
    },
    /// A PEM block that does not end, or is not base64.
    #[error("PEM block {0} cannot be read")]
    Pem(usize),
    /// A PEM block of something else.
    #[error("PEM block {number} is a {label}, not a {expected}")]
    Label {
        /// Counted from 1.
        number: usize,
        /// What it is.
        label: String,
        /// What it should be.
        expected: &'static str,
    },
    /// Neither PEM nor DER.
    #[error("neither PEM nor DER")]
    Empty,
}

/// Roots, further certificates, revocation lists. Clones share what they have judged before.
#[derive(Clone, Default)]
pub struct Trust {
    roots: Vec<Arc<Certificate>>,
    others: Vec<Arc<Certificate>>,
    crls: Vec<Arc<Crl>>,
    caches: Arc<Caches>,
}

impl Trust {
    /// Trusts nobody: signatures are checked, but no chain reaches a root.
    pub fn empty() -> Trust {
        Trust::default()
    }

    /// The same with these roots: a PEM bundle, or one DER certificate.
    ///
    /// # Errors
    /// The file holds something else, or nothing.
    pub fn with_roots(mut self, file: &[u8]) -> Result<Trust, TrustError> {
        self.roots.extend(pem::certificates(file)?);
        Ok(self.anew())
    }

    /// The same with these certificates of authorities, which are not trusted by themselves but may lead to a root.
    ///
    /// # Errors
    /// The file holds something else, or nothing.
    pub fn with_certificates(mut self, file: &[u8]) -> Result<Trust, TrustError> {
        self.others.extend(pem::certificates(file)?);
        Ok(self.anew())
    }

    /// The same with these revocation lists: a PEM bundle, or one DER list.
    ///
    /// # Errors
    /// The file holds something else, or nothing, or a list that is not complete.
    pub fn with_crls(mut self, file: &[u8]) -> Result<Trust, TrustError> {
        self.crls.extend(pem::crls(file)?);
        Ok(self.anew())
    }

    /// Forgets what was judged with less.
    fn anew(self) -> Trust {
        Trust { caches: Arc::default(), ..self }
    }

    /// The roots.
    pub fn roots(&self) -> &[Arc<Certificate>] {
        &self.roots
    }

    /// The roots, and the further certificates.
    pub fn certificates(&self) -> impl Iterator<Item = &Arc<Certificate>> {
        self.roots.iter().chain(&self.others)
    }

    /// Reads a DER certificate, or remembers it from before.
    ///
    /// # Errors
    /// It is none.
    pub fn certificate(&self, der: &[u8]) -> Result<Arc<Certificate>, X509Error> {
        self.caches.certificate(der)
    }

    /// The digest of `pieces`, one after the other; sooner for SM3 of what begins as an earlier message did.
    pub fn digest(&self, hash: Hash, pieces: &[&[u8]]) -> Vec<u8> {
        match hash {
            Hash::Sm3 => self.caches.beginnings.digest(pieces).to_vec(),
            _ => hash.digest(pieces),
        }
    }

    /// Whether the key signed `message`, which is given in pieces; sooner for an SM2 key that signs often, and for what was asked before.
    /// `digest` as in [`PublicKey::check_pieces`].
    pub fn check(
        &self,
        key: &PublicKey,
        algorithm: &AlgorithmIdentifierOwned,
        digest: Option<Hash>,
        message: &[&[u8]],
        signature: &[u8],
    ) -> KeyCheck {
        let sm2 = |key: &VerifyingKey, message: &[&[u8]], signature: &Signature| {
            self.caches.is_signed(key, message, signature)
        };
        key.check_with(algorithm, digest, message, signature, sm2)
    }

    /// The best chain from `certificate` to a root. `beside` are certificates that stand beside the signature.
    pub fn chain(
        &self,
        certificate: &Certificate,
        beside: &[Arc<Certificate>],
        time: SigningTime,
        purpose: Purpose,
    ) -> Arc<Chain> {
        let clocks = Clocks::new(time);
        let key = cache::chain_key(certificate, beside, purpose, &clocks);
        if let Some(chain) = self.caches.chain(&key, &clocks) {
            return chain;
        }
        let chain = Arc::new(path::search(self, certificate, beside, &clocks, purpose));
        self.caches.keep(key, clocks, &chain);
        chain
    }
}

impl std::fmt::Debug for Trust {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Trust")
            .field("roots", &self.roots)
            .field("others", &self.others)
            .field("crls", &self.crls)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
