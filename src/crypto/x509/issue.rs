//! Certificates and revocation lists issued for test seals and test authorities (RFC 5280, GB/T 20518), with SM2 keys and SM2-with-SM3 signatures.
//!
//! In: names, dates, keys. Out: DER. Invariant: the same certificate has the same serial number on every run.

use der::asn1::{Any, BitString, OctetString, Utf8StringRef};
use der::oid::AssociatedOid;
use der::{DateTime, Decode as _, Encode, Sequence};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, CrlNumber, ExtendedKeyUsage, KeyUsage, KeyUsages,
    SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use super::{Certificate, X509Error};
use crate::crypto::oid;
use crate::crypto::sm2::{Nonce, SigningKey, VerifyingKey};
use crate::crypto::sm3;

/// ```text
/// TBSCertificate ::= SEQUENCE {
///     version              [0] EXPLICIT INTEGER { v3(2) },
///     serialNumber         INTEGER,
///     signature            AlgorithmIdentifier,
///     issuer               Name,
///     validity             Validity,
///     subject              Name,
///     subjectPublicKeyInfo SubjectPublicKeyInfo,
///     extensions           [3] EXPLICIT Extensions }
/// ```
/// RFC 5280, 4.1.
#[derive(Sequence)]
struct TbsCertificate {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    version: u8,
    serial_number: SerialNumber,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    subject_public_key_info: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// ```text
/// Certificate ::= SEQUENCE {                -- or CertificateList, with a TBSCertList
///     tbsCertificate     TBSCertificate,
///     signatureAlgorithm AlgorithmIdentifier,
///     signatureValue     BIT STRING }
/// ```
#[derive(Sequence)]
struct Signed {
    tbs: Any,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature_value: BitString,
}

/// What a certificate's key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Issues certificates.
    Authority,
    /// Signs documents or seals.
    Signer,
    /// Signs timestamps, and nothing else (RFC 3161, 2.3).
    TimeStamping,
}

/// A certificate to be issued.
#[derive(Clone, Debug)]
pub struct NewCertificate<'a> {
    /// The holder's organisation and common name.
    pub subject: (&'a str, &'a str),
    /// The holder's key.
    pub key: &'a VerifyingKey,
    /// What the key is for.
    pub role: Role,
    /// First and last moment of validity.
    pub validity: (DateTime, DateTime),
}

impl NewCertificate<'_> {
    /// A certificate signed by its own key: a root.
    pub fn self_signed(&self, key: &SigningKey, nonce: Nonce) -> Result<Vec<u8>, X509Error> {
        if key.verifying_key() != self.key {
            return Err(X509Error::OtherKey);
        }
        self.sign(name(self.subject)?, key, nonce)
    }

    /// A certificate signed by `issuer`, whose key is `key`.
    pub fn issued_by(
        &self,
        issuer: &Certificate,
        key: &SigningKey,
        nonce: Nonce,
    ) -> Result<Vec<u8>, X509Error> {
        if issuer.sm2_key()? != key.verifying_key() {
            return Err(X509Error::OtherKey);
        }
        self.sign(Name::from_der(&issuer.subject_der)?, key, nonce)
    }

    fn sign(&self, issuer: Name, key: &SigningKey, nonce: Nonce) -> Result<Vec<u8>, X509Error> {
        let algorithm = AlgorithmIdentifierOwned { oid: oid::SM2_WITH_SM3, parameters: None };
        let spki = self.key.to_spki()?;
        let tbs = TbsCertificate {
            version: 2,
            serial_number: serial(&spki, &issuer)?,
            signature: algorithm.clone(),
            issuer,
            validity: Validity::new(time(self.validity.0)?, time(self.validity.1)?),
            subject: name(self.subject)?,
            subject_public_key_info: SubjectPublicKeyInfoOwned::from_der(&spki)?,
            extensions: self.extensions(key.verifying_key())?,
        };
        signed(&tbs.to_der()?, algorithm, key, nonce)
    }

    /// RFC 5280, 4.2.1: basicConstraints and keyUsage critical, both key identifiers not.
    fn extensions(&self, issuer: &VerifyingKey) -> Result<Vec<Extension>, X509Error> {
        let usage = match self.role {
            Role::Authority => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Role::Signer | Role::TimeStamping => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
        };
        let authority = self.role == Role::Authority;
        let constraints = BasicConstraints { ca: authority, path_len_constraint: authority.then_some(0) };
        let authority_key = AuthorityKeyIdentifier {
            key_identifier: Some(key_identifier(issuer)?),
            ..AuthorityKeyIdentifier::default()
        };
        let mut extensions = vec![extension(true, &constraints)?, extension(true, &KeyUsage(usage))?];
        if self.role == Role::TimeStamping {
            extensions.push(extension(true, &ExtendedKeyUsage(vec![oid::TIME_STAMPING]))?);
        }
        extensions.extend([
            extension(false, &SubjectKeyIdentifier(key_identifier(self.key)?))?,
            extension(false, &authority_key)?,
        ]);
        Ok(extensions)
    }
}

/// ```text
/// TBSCertList ::= SEQUENCE {
///     version             INTEGER { v2(1) },
///     signature           AlgorithmIdentifier,
///     issuer              Name,
///     thisUpdate          Time,
///     nextUpdate          Time,
///     revokedCertificates -- absent: none is revoked
///     crlExtensions       [0] EXPLICIT Extensions }
/// ```
/// RFC 5280, 5.1.
#[derive(Sequence)]
struct EmptyCertList {
    version: u8,
    signature: AlgorithmIdentifierOwned,
    issuer: Name,
    this_update: Time,
    next_update: Time,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    extensions: Vec<Extension>,
}

/// The DER revocation list by which `issuer`, whose key is `key`, says that none of its certificates is revoked, current from the first to
/// the last moment of `validity`.
///
/// # Errors
/// The key is not the certified one, or a time is out of range.
pub fn empty_crl(
    issuer: &Certificate,
    key: &SigningKey,
    validity: (DateTime, DateTime),
    nonce: Nonce,
) -> Result<Vec<u8>, X509Error> {
    if issuer.sm2_key()? != key.verifying_key() {
        return Err(X509Error::OtherKey);
    }
    let algorithm = AlgorithmIdentifierOwned { oid: oid::SM2_WITH_SM3, parameters: None };
    let authority_key = AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier(key.verifying_key())?),
        ..AuthorityKeyIdentifier::default()
    };
    let list = EmptyCertList {
        version: 1,
        signature: algorithm.clone(),
        issuer: Name::from_der(&issuer.subject_der)?,
        this_update: time(validity.0)?,
        next_update: time(validity.1)?,
        extensions: vec![extension(false, &authority_key)?, extension(false, &CrlNumber::try_from(1_u8)?)?],
    };
    signed(&list.to_der()?, algorithm, key, nonce)
}

/// What is signed, its algorithm and its signature: the same in certificates and revocation lists.
fn signed(
    tbs: &[u8],
    algorithm: AlgorithmIdentifierOwned,
    key: &SigningKey,
    nonce: Nonce,
) -> Result<Vec<u8>, X509Error> {
    let signed = Signed {
        tbs: Any::from_der(tbs)?,
        signature_algorithm: algorithm,
        signature_value: BitString::from_bytes(&key.sign(tbs, nonce)?.to_der())?,
    };
    Ok(signed.to_der()?)
}

fn extension<E: AssociatedOid + Encode>(critical: bool, value: &E) -> Result<Extension, der::Error> {
    Ok(Extension { extn_id: E::OID, critical, extn_value: OctetString::new(value.to_der()?)? })
}

/// The first 160 bits of the SM3 of the key, in the manner of RFC 7093, 2, method 1.
fn key_identifier(key: &VerifyingKey) -> Result<OctetString, der::Error> {
    OctetString::new(&sm3::digest(&key.to_sec1())[..20])
}

/// A positive number of 120 bits from the key and its issuer, so that the same certificate has the same number on every run.
fn serial(spki: &[u8], issuer: &Name) -> Result<SerialNumber, der::Error> {
    let mut state = sm3::Sm3::new();
    state.update(spki);
    state.update(&issuer.to_der()?);
    let mut number = state.finish();
    // Neither a sign bit nor leading zeros: 120 bits on every run.
    number[0] = number[0] & 0x7f | 0x40;
    SerialNumber::new(&number[..15]).map_err(|_| der::ErrorKind::Failed.into())
}

/// C=CN, O=organisation, CN=common name; UTF-8, as GB/T 20518 asks for Chinese text.
fn name((organization, common_name): (&str, &str)) -> Result<Name, X509Error> {
    let mut sequence = RdnSequence::default();
    let country = Any::from(der::asn1::PrintableStringRef::new("CN")?);
    let parts = [
        (oid::COUNTRY, country),
        (oid::ORGANIZATION, Any::from(Utf8StringRef::new(organization)?)),
        (oid::COMMON_NAME, Any::from(Utf8StringRef::new(common_name)?)),
    ];
    for (oid, value) in parts {
        sequence.push(RelativeDistinguishedName::try_from(vec![AttributeTypeAndValue { oid, value }])?);
    }
    Ok(Name::from_der(&sequence.to_der()?)?)
}

/// UTCTime until 2049, GeneralizedTime after (RFC 5280, 4.1.2.5; for signingTime the same, RFC 5652, 11.3).
pub(crate) fn time(moment: DateTime) -> Result<Time, der::Error> {
    Ok(if moment.year() < 2050 {
        Time::UtcTime(der::asn1::UtcTime::from_date_time(moment)?)
    } else {
        Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(moment))
    })
}
