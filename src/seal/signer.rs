//! Who signs: a key in this process, or a device or server elsewhere.
//!
//! In: e = SM3(ZA ‖ M), made by the caller (GB/T 32918.2, 6.1). Out: raw signatures, one for each, which the caller checks before
//! use. Invariant: a signer sees digests only, never documents.

use std::fmt;

use crate::crypto::sm2::{Nonce, Signature, SigningKey, Sm2Error};
use crate::crypto::sm3::Digest;
use crate::crypto::x509::{Certificate, X509Error};

/// Signs digests with the key of one certificate.
///
/// Calls block, and come from as many threads at once as render. A signer whose device or server takes fewer calls holds the others
/// back itself, as [`RemoteSigner`](super::RemoteSigner) does; it must not wait for rayon tasks of its own, because the calling threads are rayon's.
pub trait SealSigner: Send + Sync {
    /// The DER certificate of the key.
    fn certificate_der(&self) -> &[u8];

    /// The DER certificates above it, the issuer first, the root last; empty if they are not known.
    fn chain_der(&self) -> &[Vec<u8>];

    /// How much it takes in one call.
    fn limits(&self) -> Limits;

    /// Signs each e; the answers stand in the same order, as many as were asked.
    ///
    /// A signer whose device chooses the nonces answers [`SignError::Fatal`] to [`Nonce::Deterministic`].
    fn sign_digests(&self, e: &[Digest], nonce: Nonce) -> Vec<Result<RawSignature, SignError>>;
}

/// How much a signer takes in one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Most digests in one call.
    pub batch: usize,
    /// Most calls at once; who calls a [`SealSigner`] need not count them, because it holds others back itself.
    pub in_flight: usize,
}

/// r ‖ s as a signer returned it, not yet believed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RawSignature(pub [u8; 64]);

impl From<Signature> for RawSignature {
    fn from(signature: Signature) -> RawSignature {
        RawSignature(signature.to_raw())
    }
}

impl fmt::Debug for RawSignature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RawSignature(")?;
        self.0.iter().try_for_each(|b| write!(f, "{b:02x}"))?;
        f.write_str(")")
    }
}

/// Why a signer did not sign.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignError {
    /// It may work when tried again: a lost connection, a busy device.
    #[error("the signer is not available now: {0}")]
    Retryable(String),
    /// It was tried as often and as long as it may be; it may work later.
    #[error("the signer cannot be reached: {0}")]
    Unavailable(String),
    /// It will not work: a wrong key, a refused request.
    #[error("the signer refused: {0}")]
    Fatal(String),
}

impl SignError {
    /// Whether it may work later, with the same request.
    pub fn is_temporary(&self) -> bool {
        matches!(self, SignError::Retryable(_) | SignError::Unavailable(_))
    }
}

/// Signs with a key held in this process.
#[derive(Debug)]
pub struct LocalSigner {
    key: SigningKey,
    certificate: Vec<u8>,
    chain: Vec<Vec<u8>>,
}

impl LocalSigner {
    /// Signs with `key`, whose certificate is `certificate`, issued under `chain`.
    pub fn new(key: SigningKey, certificate: Vec<u8>, chain: Vec<Vec<u8>>) -> Result<LocalSigner, X509Error> {
        if Certificate::parse(&certificate)?.sm2_key()? != key.verifying_key() {
            return Err(X509Error::OtherKey);
        }
        Ok(LocalSigner { key, certificate, chain })
    }
}

impl SealSigner for LocalSigner {
    fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    fn chain_der(&self) -> &[Vec<u8>] {
        &self.chain
    }

    fn limits(&self) -> Limits {
        Limits { batch: usize::MAX, in_flight: usize::MAX }
    }

    fn sign_digests(&self, e: &[Digest], nonce: Nonce) -> Vec<Result<RawSignature, SignError>> {
        match self.key.sign_digests(e, nonce) {
            Ok(signatures) => signatures.into_iter().map(|s| Ok(s.into())).collect(),
            Err(error) => vec![Err(error.into()); e.len()],
        }
    }
}

impl From<Sm2Error> for SignError {
    fn from(error: Sm2Error) -> SignError {
        SignError::Fatal(error.to_string())
    }
}
