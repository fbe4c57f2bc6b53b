//! Timestamps: RFC 3161 tokens, in a SES_Signature's timeStamp, beside a CMS signature, or over a whole PDF revision.
//!
//! In: a DER token, and the bytes that it is about. Out: [`TimeStampCheck`]: whether it proves that they existed at its time.
//! Invariant: a token proves a time only if its imprint, its signature, its authority's purpose and the chain at that time all hold.

use std::sync::Arc;

use der::asn1::{Int, ObjectIdentifier, OctetStringRef};
use der::{DateTime, Decode as _};
use x509_cert::ext::Extension;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::cms::{CmsCheck, CmsError, SignedData, SignerInfo};
use super::hash::Hash;
use super::oid;
use super::public_key::KeyCheck;
use super::tlv::{BOOLEAN, DerError, Elements, GENERALIZED_TIME, INTEGER, OCTET_STRING, SEQUENCE, Tlv};
use super::trust::{Chain, Purpose, Revocation, SigningTime, Trust};
use super::x509::Certificate;

/// Why bytes are no timestamp token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeStampError {
    /// Not signed data.
    #[error("not a timestamp token: {0}")]
    Cms(#[from] CmsError),
    /// Signed data about something else.
    #[error("not a timestamp token but signed data of the type {0}")]
    ContentType(ObjectIdentifier),
    /// Without its content, or with other than one signer (RFC 3161, 2.4.2).
    #[error("a timestamp token must hold its content and one signature")]
    Shape,
    /// The content cannot be read.
    #[error("the timestamp's content: {0}")]
    Content(#[from] DerError),
    /// A critical extension that is not known.
    #[error("the timestamp's critical extension {0} is not understood")]
    NotUnderstood(ObjectIdentifier),
}

impl From<der::Error> for TimeStampError {
    fn from(error: der::Error) -> TimeStampError {
        TimeStampError::Content(error.into())
    }
}

/// ```text
/// TSTInfo ::= SEQUENCE {
///     version        INTEGER { v1(1) },
///     policy         OBJECT IDENTIFIER,
///     messageImprint SEQUENCE { hashAlgorithm AlgorithmIdentifier, hashedMessage OCTET STRING },
///     serialNumber   INTEGER,
///     genTime        GeneralizedTime,
///     accuracy       SEQUENCE OPTIONAL,
///     ordering       BOOLEAN DEFAULT FALSE,
///     nonce          INTEGER OPTIONAL,
///     tsa            [0] EXPLICIT GeneralName OPTIONAL,
///     extensions     [1] IMPLICIT Extensions OPTIONAL }
/// ```
/// RFC 3161, 2.4.2.
#[derive(Clone, Debug)]
pub struct TimeStampToken {
    /// The time that it tells, to the second below.
    pub gen_time: DateTime,
    /// The algorithm of the imprint.
    pub imprint_algorithm: ObjectIdentifier,
    /// The digest of what was stamped.
    pub imprint: Vec<u8>,
    /// The authority's policy.
    pub policy: ObjectIdentifier,
    /// The serial number's content bytes.
    pub serial: Vec<u8>,
    /// The nonce's content bytes, if the request had one.
    pub nonce: Option<Vec<u8>>,
    certificates: Vec<Arc<Certificate>>,
    signer: SignerInfo,
    content: Vec<u8>,
}

/// What holds of one token.
#[derive(Clone, Debug)]
pub struct TimeStampCheck {
    /// The time that it tells.
    pub gen_time: DateTime,
    /// Whether the imprint is that of the stamped bytes.
    pub imprint: KeyCheck,
    /// The authority's signature.
    pub signature: CmsCheck,
    /// The chain of the authority's certificate at that time; `None` if the certificate is not there.
    pub chain: Option<Arc<Chain>>,
}

/// What a token is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The stamped bytes existed at its time.
    Proven(DateTime),
    /// It is broken, or about something else: why.
    Broken(String),
    /// It may be good, but that cannot be told here: why.
    Unknown(String),
}

impl TimeStampToken {
    /// Reads a DER token.
    ///
    /// # Errors
    /// It is none.
    pub fn parse(bytes: &[u8]) -> Result<TimeStampToken, TimeStampError> {
        let SignedData { content_type, content, certificates, signers, .. } = SignedData::parse(bytes)?;
        if content_type != oid::TST_INFO {
            return Err(TimeStampError::ContentType(content_type));
        }
        let (Some(content), Ok([signer])) = (content, <[SignerInfo; 1]>::try_from(signers)) else {
            return Err(TimeStampError::Shape);
        };
        let mut fields = Elements(Tlv::parse(&content)?.whole).expect(SEQUENCE)?.elements();
        if fields.expect(INTEGER)?.value != [1] {
            return Err(der::Error::from(der::ErrorKind::Value { tag: der::Tag::Integer }).into());
        }
        let policy = fields.oid()?;
        let mut imprint = fields.expect(SEQUENCE)?.elements();
        let imprint_algorithm = imprint.expect(SEQUENCE)?.decode::<AlgorithmIdentifierOwned>()?.oid;
        let hashed = <&OctetStringRef>::from_der(imprint.expect(OCTET_STRING)?.whole)?.as_bytes().to_vec();
        imprint.finish()?;
        let serial = number(fields.expect(INTEGER)?)?;
        let gen_time = gen_time(fields.expect(GENERALIZED_TIME)?.value)?;
        // accuracy
        fields.optional(SEQUENCE)?;
        // ordering
        fields.optional(BOOLEAN)?;
        let nonce = fields.optional(INTEGER)?.map(number).transpose()?;
        // tsa: a hint at the certificate, which the signature names anyway
        fields.optional(0xa0)?;
        if let Some(extensions) = fields.optional(0xa1)? {
            for extension in extensions.elements().all(MAX_EXTENSIONS)? {
                let extension: Extension = extension.decode()?;
                if extension.critical {
                    return Err(TimeStampError::NotUnderstood(extension.extn_id));
                }
            }
        }
        fields.finish()?;
        Ok(TimeStampToken {
            gen_time,
            imprint_algorithm,
            imprint: hashed,
            policy,
            serial,
            nonce,
            certificates,
            signer,
            content,
        })
    }

    /// The certificates that the token carries.
    pub fn certificates(&self) -> &[Arc<Certificate>] {
        &self.certificates
    }

    /// Checks the token over `stamped`, given in pieces. The authority's certificate is looked for in the token, then among `beside` and those given with
    /// `trust`.
    pub fn check(&self, stamped: &[&[u8]], beside: &[Arc<Certificate>], trust: &Trust) -> TimeStampCheck {
        let imprint = match Hash::from_oid(self.imprint_algorithm) {
            Ok(hash) => (self.imprint == hash.digest(stamped)).into(),
            Err(what) => KeyCheck::Unsupported(what),
        };
        let all: Vec<_> =
            self.certificates.iter().chain(beside).chain(trust.certificates()).cloned().collect();
        let signature = self.signer.check(&[&self.content], &all, trust);
        let chain = signature.certificate.as_ref().map(|certificate| {
            trust.chain(certificate, &all, SigningTime::Proven(self.gen_time), Purpose::TimeStamping)
        });
        TimeStampCheck { gen_time: self.gen_time, imprint, signature, chain }
    }
}

impl TimeStampCheck {
    /// What the token is worth, all in all.
    pub fn proof(&self) -> Proof {
        let TimeStampCheck { imprint, signature, chain, .. } = self;
        let fails = |check: &KeyCheck| *check == KeyCheck::Fails;
        if fails(imprint) {
            return Proof::Broken("the timestamp is about something else: its imprint is another".into());
        }
        if let Some(fault) = signature.faults.first() {
            return Proof::Broken(fault.to_string());
        }
        if fails(&signature.content) {
            return Proof::Broken("the timestamp's content was changed".into());
        }
        if fails(&signature.signature) {
            return Proof::Broken("the timestamp's signature is not by its authority's key".into());
        }
        for check in [imprint, &signature.content, &signature.signature] {
            if let KeyCheck::Unsupported(what) = check {
                return Proof::Unknown(format!("the timestamp cannot be checked: {what}"));
            }
        }
        if signature.binds_certificate.is_none() {
            // RFC 3161, 2.4.2: the certificate's identifier must be a signed attribute.
            return Proof::Broken("the timestamp does not bind its authority's certificate".into());
        }
        let Some(chain) = chain else {
            return Proof::Broken("the authority's certificate is not there".into());
        };
        if let Some(fault) = chain.faults.first() {
            return Proof::Broken(fault.to_string());
        }
        if let Some(gap) = &chain.gap {
            return Proof::Unknown(format!("the timestamp authority's chain: {gap}"));
        }
        match &chain.revocation {
            Revocation::Good | Revocation::Later { .. } => Proof::Proven(self.gen_time),
            Revocation::Revoked { .. } => Proof::Broken(chain.revocation.to_string()),
            Revocation::Unknown(why) => Proof::Unknown(format!("the authority's revocation: {why}")),
        }
    }
}

/// Most extensions that are read.
const MAX_EXTENSIONS: usize = 64;

fn number(tlv: Tlv<'_>) -> Result<Vec<u8>, DerError> {
    Ok(Int::from_der(tlv.whole)?.as_bytes().to_vec())
}

/// `YYYYMMDDhhmmss[.s…]Z` without trailing zeros after the point (RFC 3161, 2.4.2); the fraction is dropped.
fn gen_time(value: &[u8]) -> Result<DateTime, DerError> {
    let malformed = || DerError::from(der::Error::from(der::ErrorKind::DateTime));
    let (whole, rest) = value.split_at_checked(14).ok_or_else(malformed)?;
    let fraction = rest.strip_suffix(b"Z").ok_or_else(malformed)?;
    if let Some((point, digits)) = fraction.split_first() {
        let is_shortest = digits.last().is_some_and(|&last| last != b'0');
        if *point != b'.' || !is_shortest || !digits.iter().all(u8::is_ascii_digit) {
            return Err(malformed());
        }
    }
    let number = |range: std::ops::Range<usize>| {
        let digits = &whole[range];
        let all = digits.iter().all(u8::is_ascii_digit);
        let number = digits.iter().fold(0_u16, |n, d| n.wrapping_mul(10).wrapping_add(u16::from(d & 15)));
        if all { Ok(number) } else { Err(malformed()) }
    };
    let part = |range| number(range).map(|n| n as u8);
    Ok(DateTime::new(number(0..4)?, part(4..6)?, part(6..8)?, part(8..10)?, part(10..12)?, part(12..14)?)?)
}

#[cfg(test)]
mod tests;
