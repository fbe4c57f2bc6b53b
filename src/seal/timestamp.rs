//! Timestamps for seals' signatures (RFC 3161): who gives them, and a test authority that gives them here.
//!
//! In: the SM3 of signatures' values. Out: DER tokens, which the caller checks before use. Invariant: an authority sees digests only.

use std::path::Path;

use der::asn1::{GeneralizedTime, ObjectIdentifier, OctetStringRef};
use der::{Encode as _, Sequence};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::cms::{CmsSigner, SignedAttributes};
use super::signer::SignError;
use super::{SealError, SealOptions, demo, moment, store};
use crate::crypto::oid;
use crate::crypto::sm2::{Signature, SigningKey};
use crate::crypto::sm3::{Digest, Sm3};
use crate::crypto::timestamp::TimeStampToken;
use crate::crypto::trust::Trust;
use crate::crypto::x509::{Certificate, X509Error};
use crate::page::Timestamp;

/// Gives timestamps over the values of signatures.
///
/// Calls block, and come from as many threads at once as render.
pub trait TimestampSource: Send + Sync {
    /// The most bytes that a token has: the room that is kept for one in a PDF.
    fn max_len(&self) -> usize;

    /// A DER TimeStampToken for each imprint, an SM3 digest; the answers stand in the same order, as many as were asked.
    fn stamp(&self, imprints: &[Digest], options: &SealOptions) -> Vec<Result<Vec<u8>, SignError>>;
}

/// A timestamp authority for tests: it says whatever time it is told, and its certificate says 测试.
#[derive(Debug)]
pub struct TestAuthority {
    key: SigningKey,
    cms: CmsSigner,
    max_len: usize,
}

/// RFC 5612 keeps this enterprise number for examples.
const TEST_POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1");

/// ```text
/// TSTInfo ::= SEQUENCE {
///     version        INTEGER { v1(1) },
///     policy         OBJECT IDENTIFIER,
///     messageImprint MessageImprint,
///     serialNumber   INTEGER,
///     genTime        GeneralizedTime }
/// ```
/// RFC 3161, 2.4.2, without what is optional.
#[derive(Sequence)]
struct TstInfo<'a> {
    version: u8,
    policy: ObjectIdentifier,
    message_imprint: MessageImprint<'a>,
    serial_number: SerialNumber,
    gen_time: GeneralizedTime,
}

/// ```text
/// MessageImprint ::= SEQUENCE {
///     hashAlgorithm AlgorithmIdentifier,
///     hashedMessage OCTET STRING }
/// ```
#[derive(Sequence)]
struct MessageImprint<'a> {
    hash_algorithm: AlgorithmIdentifierOwned,
    hashed_message: &'a OctetStringRef,
}

impl TestAuthority {
    /// The demonstration seal's authority, whose key everyone knows.
    ///
    /// # Errors
    /// None on any machine where the demonstration seal can be made.
    pub fn demo() -> Result<TestAuthority, SealError> {
        let (_, authority) = demo::folder()?;
        TestAuthority::new(authority.key, authority.certificate)
    }

    /// Opens `tsa.key` and `tsa.crt` in a seal's folder as [`create`](super::create) writes it.
    ///
    /// # Errors
    /// One of them is not there or cannot be read, or the password is another.
    pub fn open(dir: &Path, password: &str) -> Result<TestAuthority, SealError> {
        let (certificate, key) = store::read_authority(dir, password)?;
        TestAuthority::new(key, certificate)
    }

    /// Stamps with `key`, whose certificate is `certificate`.
    fn new(key: SigningKey, certificate: Vec<u8>) -> Result<TestAuthority, SealError> {
        let parsed = Certificate::parse(&certificate)?;
        if parsed.sm2_key()? != key.verifying_key() {
            return Err(X509Error::OtherKey.into());
        }
        let cms = CmsSigner::new(&parsed, key.verifying_key(), &[])?;
        // Only the signature's length differs between tokens.
        let any = attributes(&cms, &[0; 32], &SealOptions::at(Timestamp { seconds: 0 }))?;
        let max_len = cms.finish(any, &[0; Signature::MAX_DER_LEN], None)?.len();
        Ok(TestAuthority { key, cms, max_len })
    }

    fn token(&self, imprint: &Digest, options: &SealOptions) -> Result<Vec<u8>, SealError> {
        let attributes = attributes(&self.cms, imprint, options)?;
        let signature = self.key.sign_digest(&self.cms.digest(&attributes)?, options.nonce)?;
        Ok(self.cms.finish(attributes, &signature.to_der(), None)?)
    }
}

/// TSTInfo over `imprint`, and what is signed with it.
fn attributes(
    cms: &CmsSigner,
    imprint: &Digest,
    options: &SealOptions,
) -> Result<SignedAttributes, SealError> {
    let info = TstInfo {
        version: 1,
        policy: TEST_POLICY,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned { oid: oid::SM3, parameters: None },
            hashed_message: OctetStringRef::new(imprint)?,
        },
        serial_number: serial(imprint, options)?,
        gen_time: GeneralizedTime::from_date_time(moment::to_der(options.time)?),
    };
    Ok(cms.timestamp_attributes(&info.to_der()?)?)
}

/// A positive number of 120 bits from what is stamped and when, so that the same token has the same number on every run.
fn serial(imprint: &Digest, options: &SealOptions) -> Result<SerialNumber, SealError> {
    let mut state = Sm3::new();
    state.update(imprint);
    state.update(&options.time.seconds.to_be_bytes());
    let mut number = state.finish();
    number[0] = number[0] & 0x7f | 0x40;
    Ok(SerialNumber::new(&number[..15])?)
}

impl TimestampSource for TestAuthority {
    fn max_len(&self) -> usize {
        self.max_len
    }

    fn stamp(&self, imprints: &[Digest], options: &SealOptions) -> Vec<Result<Vec<u8>, SignError>> {
        let token = |imprint| self.token(imprint, options).map_err(|e| SignError::Fatal(e.to_string()));
        imprints.iter().map(token).collect()
    }
}

/// Whether `token` is one over a signature's `value`, signed by the key of the certificate it binds. Whom to trust is not asked.
pub(super) fn is_over(token: &[u8], value: &[u8]) -> bool {
    TimeStampToken::parse(token).is_ok_and(|token| {
        let check = token.check(&[value], &[], &Trust::empty());
        check.imprint.holds() && check.signature.holds() && check.signature.binds_certificate == Some(true)
    })
}
