//! Certificate revocation lists given as files (RFC 5280, 5): complete lists of one issuer for all reasons.
//!
//! In: DER. Out: [`Crl`]. Invariant: a list whose meaning depends on something that is not understood is refused when it is read,
//! so that a certificate missing from it never passes for a good one.

use std::collections::HashMap;
use std::fmt;

use der::asn1::{BitStringRef, Int, ObjectIdentifier};
use der::{DateTime, Decode as _};
use x509_cert::ext::Extension;
use x509_cert::name::Name;
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::public_key::{KeyCheck, PublicKey};
use super::sm3::{self, Digest};
use super::tlv::{DerError, Elements, INTEGER, SEQUENCE, Tlv};
use super::x509::{Certificate, full_names, whole_bytes};

const CRL_NUMBER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.20");
const REASON_CODE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.21");
const INVALIDITY_DATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.24");
const DELTA_INDICATOR: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.27");
const ISSUING_DISTRIBUTION_POINT: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.28");
const CERTIFICATE_ISSUER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.29");
const AUTHORITY_KEY_IDENTIFIER: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.35");

/// Most entries of one list.
const MAX_ENTRIES: usize = 1 << 22;
/// Most extensions of a list or an entry.
const MAX_EXTENSIONS: usize = 64;

/// Why a list cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    /// Not DER, or no list.
    #[error("not a DER revocation list: {0}")]
    Der(#[from] DerError),
    /// It tells only what changed since another list.
    #[error("a delta revocation list; give the complete one")]
    Delta,
    /// It tells of certificates of other issuers too.
    #[error("an indirect revocation list, with certificates of several issuers")]
    Indirect,
    /// It tells of some reasons only.
    #[error("a revocation list for some reasons only; give the complete one")]
    SomeReasons,
    /// It tells of attribute certificates only.
    #[error("a revocation list of attribute certificates")]
    AttributeCertificates,
    /// A critical extension that is not known here.
    #[error("the revocation list's critical extension {0} is not understood")]
    NotUnderstood(ObjectIdentifier),
    /// It names two algorithms.
    #[error("the revocation list names two different signature algorithms")]
    TwoAlgorithms,
}

impl From<der::Error> for CrlError {
    fn from(error: der::Error) -> CrlError {
        CrlError::Der(error.into())
    }
}

/// Why a certificate was revoked (RFC 5280, 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// None was told.
    Unspecified,
    /// The key is in other hands.
    KeyCompromise,
    /// The issuer's key is in other hands.
    CaCompromise,
    /// The holder's name or standing changed.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// It is not needed any more.
    CessationOfOperation,
    /// On hold.
    CertificateHold,
    /// The right was withdrawn.
    PrivilegeWithdrawn,
    /// The attribute authority's key is in other hands.
    AaCompromise,
}

impl Reason {
    fn from_code(code: u8) -> Reason {
        match code {
            1 => Reason::KeyCompromise,
            2 => Reason::CaCompromise,
            3 => Reason::AffiliationChanged,
            4 => Reason::Superseded,
            5 => Reason::CessationOfOperation,
            6 => Reason::CertificateHold,
            9 => Reason::PrivilegeWithdrawn,
            10 => Reason::AaCompromise,
            _ => Reason::Unspecified,
        }
    }

    /// Whether others may have signed with the key, at any time and with any date.
    pub fn is_compromise(self) -> bool {
        matches!(self, Reason::KeyCompromise | Reason::CaCompromise | Reason::AaCompromise)
    }

    /// The standard's word.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "keyCompromise",
            Reason::CaCompromise => "cACompromise",
            Reason::AffiliationChanged => "affiliationChanged",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessationOfOperation",
            Reason::CertificateHold => "certificateHold",
            Reason::PrivilegeWithdrawn => "privilegeWithdrawn",
            Reason::AaCompromise => "aACompromise",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One revoked certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From when on it is not to be trusted: the revocation date, or the invalidity date where that is earlier.
    pub at: DateTime,
    /// Why.
    pub reason: Reason,
}

/// A complete list of one issuer.
#[derive(Clone)]
pub struct Crl {
    /// The issuer's name, DER.
    pub issuer_der: Vec<u8>,
    /// The issuer's name, RFC 4514.
    pub issuer: String,
    /// When it was made.
    pub this_update: DateTime,
    /// When the next one is to come; without it the list is current at no time.
    pub next_update: Option<DateTime>,
    /// SM3 of the list as it was read.
    pub digest: Digest,
    /// The keyIdentifier of authorityKeyIdentifier.
    pub authority_key_identifier: Option<Vec<u8>>,
    revoked: HashMap<Vec<u8>, Entry>,
    scope: Scope,
    algorithm: AlgorithmIdentifierOwned,
    tbs: Vec<u8>,
    signature: Vec<u8>,
}

/// Of which certificates the list tells (RFC 5280, 5.2.5).
#[derive(Clone, Debug, Default)]
struct Scope {
    only_users: bool,
    only_authorities: bool,
    /// DER GeneralNames of which a certificate must name one; `None`: all certificates.
    points: Option<Vec<Vec<u8>>>,
}

impl Crl {
    /// Reads a DER list; anything after it is refused.
    ///
    /// # Errors
    /// It is none, or not a complete one.
    pub fn parse(bytes: &[u8]) -> Result<Crl, CrlError> {
        let mut outer = expect(Tlv::parse(bytes)?, SEQUENCE)?.elements();
        let tbs = outer.expect(SEQUENCE)?;
        let algorithm = outer.expect(SEQUENCE)?;
        let signature = outer.next()?;
        outer.finish()?;

        let mut fields = tbs.elements();
        if let Some(version) = fields.optional(INTEGER)? {
            // v2 or absent.
            if version.value != [1] {
                return Err(der::Error::from(der::ErrorKind::Value { tag: der::Tag::Integer }).into());
            }
        }
        if fields.expect(SEQUENCE)?.whole != algorithm.whole {
            return Err(CrlError::TwoAlgorithms);
        }
        let issuer = fields.expect(SEQUENCE)?;
        let this_update = time(fields.next()?)?;
        let next_update = if is_time(fields.0.first()) { Some(time(fields.next()?)?) } else { None };
        let revoked = match fields.optional(SEQUENCE)? {
            Some(list) => entries(list)?,
            None => HashMap::new(),
        };
        let extensions = fields.optional(0xa0)?;
        fields.finish()?;
        let mut crl = Crl {
            issuer_der: issuer.whole.to_vec(),
            issuer: Name::from_der(issuer.whole)?.to_string(),
            this_update,
            next_update,
            digest: sm3::digest(bytes),
            authority_key_identifier: None,
            revoked,
            scope: Scope::default(),
            algorithm: algorithm.decode()?,
            tbs: tbs.whole.to_vec(),
            signature: whole_bytes(BitStringRef::from_der(signature.whole)?.as_bytes())?.to_vec(),
        };
        for extension in extensions.map(|e| read_extensions(e.elements())).transpose()?.unwrap_or_default() {
            crl.take(&extension)?;
        }
        Ok(crl)
    }

    fn take(&mut self, extension: &Extension) -> Result<(), CrlError> {
        let value = extension.extn_value.as_bytes();
        match extension.extn_id {
            ISSUING_DISTRIBUTION_POINT => self.scope = Scope::read(value)?,
            DELTA_INDICATOR => return Err(CrlError::Delta),
            AUTHORITY_KEY_IDENTIFIER => {
                let identifier = x509_cert::ext::pkix::AuthorityKeyIdentifier::from_der(value)?;
                self.authority_key_identifier = identifier.key_identifier.map(|i| i.as_bytes().to_vec());
            }
            CRL_NUMBER => {}
            other if extension.critical => return Err(CrlError::NotUnderstood(other)),
            _ => {}
        }
        Ok(())
    }

    /// Whether `key` signed the list.
    pub fn is_signed_by(&self, key: &PublicKey) -> KeyCheck {
        key.check(&self.algorithm, &self.tbs, &self.signature)
    }

    /// The entry of a certificate of this issuer.
    pub fn entry(&self, certificate: &Certificate) -> Option<&Entry> {
        self.revoked.get(&certificate.serial).filter(|_| self.issuer_der == certificate.issuer_der)
    }

    /// Whether a certificate that is not on the list is thereby told to be good.
    pub fn covers(&self, certificate: &Certificate) -> bool {
        let Scope { only_users, only_authorities, points } = &self.scope;
        self.issuer_der == certificate.issuer_der
            && !(*only_users && certificate.is_authority)
            && (!*only_authorities || certificate.is_authority)
            && points.as_ref().is_none_or(|points| {
                certificate.extensions.distribution_points.iter().any(|name| points.contains(name))
            })
    }
}

impl fmt::Debug for Crl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Crl")
            .field("issuer", &self.issuer)
            .field("this_update", &self.this_update)
            .field("next_update", &self.next_update)
            .field("revoked", &self.revoked.len())
            .finish_non_exhaustive()
    }
}

impl Scope {
    /// ```text
    /// IssuingDistributionPoint ::= SEQUENCE {
    ///     distributionPoint          [0] EXPLICIT DistributionPointName OPTIONAL,
    ///     onlyContainsUserCerts      [1] BOOLEAN DEFAULT FALSE,
    ///     onlyContainsCACerts        [2] BOOLEAN DEFAULT FALSE,
    ///     onlySomeReasons            [3] ReasonFlags OPTIONAL,
    ///     indirectCRL                [4] BOOLEAN DEFAULT FALSE,
    ///     onlyContainsAttributeCerts [5] BOOLEAN DEFAULT FALSE }
    /// ```
    fn read(value: &[u8]) -> Result<Scope, CrlError> {
        let mut fields = expect(Tlv::parse(value)?, SEQUENCE)?.elements();
        let points = fields.optional(0xa0)?.map(full_names).transpose()?;
        let mut flag = |tag| Ok::<_, DerError>(fields.optional(tag)?.is_some_and(|flag| flag.value != [0]));
        let scope = Scope { only_users: flag(0x81)?, only_authorities: flag(0x82)?, points };
        if flag(0x83)? {
            return Err(CrlError::SomeReasons);
        }
        if flag(0x84)? {
            return Err(CrlError::Indirect);
        }
        if flag(0x85)? {
            return Err(CrlError::AttributeCertificates);
        }
        fields.finish()?;
        Ok(scope)
    }
}

/// ```text
/// revokedCertificates SEQUENCE OF SEQUENCE {
///     userCertificate    INTEGER,
///     revocationDate     Time,
///     crlEntryExtensions Extensions OPTIONAL }
/// ```
fn entries(list: Tlv<'_>) -> Result<HashMap<Vec<u8>, Entry>, CrlError> {
    let mut revoked = HashMap::new();
    let mut entries = list.elements();
    while !entries.is_empty() {
        if revoked.len() == MAX_ENTRIES {
            return Err(DerError::Many(MAX_ENTRIES).into());
        }
        let mut fields = entries.expect(SEQUENCE)?.elements();
        // As `x509-cert` keeps a certificate's number.
        let serial = Int::from_der(fields.expect(INTEGER)?.whole)?.as_bytes().to_vec();
        let mut entry = Entry { at: time(fields.next()?)?, reason: Reason::Unspecified };
        for extension in read_extensions(fields)? {
            let value = extension.extn_value.as_bytes();
            match extension.extn_id {
                REASON_CODE => match Tlv::parse(value)? {
                    Tlv { tag: 0x0a, value: &[code], .. } => entry.reason = Reason::from_code(code),
                    _ => return Err(der::Error::from(der::ErrorKind::Failed).into()),
                },
                INVALIDITY_DATE => entry.at = entry.at.min(time(Tlv::parse(value)?)?),
                CERTIFICATE_ISSUER => return Err(CrlError::Indirect),
                other if extension.critical => return Err(CrlError::NotUnderstood(other)),
                _ => {}
            }
        }
        // Of two entries for one certificate the worse counts.
        let kept = revoked.entry(serial).or_insert(entry);
        kept.at = kept.at.min(entry.at);
        if entry.reason.is_compromise() {
            kept.reason = entry.reason;
        }
    }
    Ok(revoked)
}

/// `Extensions OPTIONAL` as the last of `fields`.
fn read_extensions(mut fields: Elements<'_>) -> Result<Vec<Extension>, DerError> {
    let Some(list) = fields.optional(SEQUENCE)? else {
        fields.finish()?;
        return Ok(Vec::new());
    };
    fields.finish()?;
    let list = list.elements().all(MAX_EXTENSIONS)?;
    list.iter().map(|extension| extension.decode()).collect()
}

fn expect(tlv: Tlv<'_>, tag: u8) -> Result<Tlv<'_>, DerError> {
    Elements(tlv.whole).expect(tag)
}

fn is_time(tag: Option<&u8>) -> bool {
    matches!(tag, Some(0x17 | 0x18))
}

fn time(tlv: Tlv<'_>) -> Result<DateTime, DerError> {
    Ok(Time::from_der(tlv.whole)?.to_date_time())
}
