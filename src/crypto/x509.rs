//! Certificates (RFC 5280, GB/T 20518) with SM2 keys and SM2-with-SM3 signatures: issued for test seals, read for all.
//!
//! In: names, dates, keys; or DER. Out: DER; or [`Certificate`], what sealing and showing need of one. Invariant: a certificate's
//! signature is checked over the bytes as they were read.

use der::asn1::{Any, AnyRef, BitString, BitStringRef, ObjectIdentifier, OctetString, Utf8StringRef};
use der::oid::AssociatedOid;
use der::{DateTime, Decode as _, Encode, Sequence};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::name::{Name, RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use super::oid;
use super::sm2::{Nonce, Signature, SigningKey, Sm2Error, VerifyingKey};
use super::sm3;

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum X509Error {
    /// Not a certificate.
    #[error("not a DER certificate: {0}")]
    Der(#[from] der::Error),
    /// Its key or the signature on it is of another family, such as RSA.
    #[error("the certificate is not an SM2 certificate: {0}")]
    NotSm2(ObjectIdentifier),
    /// Its key or signature is not one of SM2, or a new one could not be signed.
    #[error(transparent)]
    Sm2(#[from] Sm2Error),
    /// The algorithm that the issuer signed for is not the one named beside the signature (RFC 5280, 4.1.1.2).
    #[error("the certificate names two different signature algorithms")]
    TwoAlgorithms,
    /// A key was given whose public half is not the certified one.
    #[error("the certificate belongs to another key")]
    OtherKey,
}

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
/// RFC 5280, 4.1. Only for writing: `x509-cert` reads.
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
/// Certificate ::= SEQUENCE {
///     tbsCertificate     TBSCertificate,
///     signatureAlgorithm AlgorithmIdentifier,
///     signatureValue     BIT STRING }
/// ```
#[derive(Sequence)]
struct SignedCertificate {
    tbs_certificate: Any,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature_value: BitString,
}

/// The same, borrowed, for reading.
#[derive(Sequence)]
struct SignedCertificateRef<'a> {
    tbs_certificate: AnyRef<'a>,
    signature_algorithm: AlgorithmIdentifierRef<'a>,
    signature_value: BitStringRef<'a>,
}

/// What a certificate says, as far as sealing and showing need it.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate as it was read.
    pub der: Vec<u8>,
    /// The holder's name, DER.
    pub subject_der: Vec<u8>,
    /// The issuer's name, DER.
    pub issuer_der: Vec<u8>,
    /// The holder's name, RFC 4514.
    pub subject: String,
    /// The issuer's name, RFC 4514.
    pub issuer: String,
    /// The holder's common name, else the whole subject.
    pub common_name: String,
    /// The serial number's content bytes.
    pub serial: Vec<u8>,
    /// First moment of validity.
    pub not_before: DateTime,
    /// Last moment of validity.
    pub not_after: DateTime,
    /// The holder's key, under the default identity.
    pub public_key: VerifyingKey,
    /// Whether the holder may issue certificates.
    pub is_authority: bool,
    tbs: Vec<u8>,
    signature: Vec<u8>,
}

impl Certificate {
    /// Reads a DER certificate with an SM2 key and an SM2 signature; anything after it is refused.
    pub fn parse(bytes: &[u8]) -> Result<Certificate, X509Error> {
        let signed = SignedCertificateRef::from_der(bytes)?;
        let parsed = x509_cert::Certificate::from_der(bytes)?;
        if signed.signature_algorithm.oid != oid::SM2_WITH_SM3 {
            return Err(X509Error::NotSm2(signed.signature_algorithm.oid));
        }
        let tbs = parsed.tbs_certificate();
        if tbs.signature() != parsed.signature_algorithm() {
            return Err(X509Error::TwoAlgorithms);
        }
        let key = tbs.subject_public_key_info();
        let curve = key.algorithm.parameters.as_ref().and_then(|p| p.decode_as::<ObjectIdentifier>().ok());
        if key.algorithm.oid != oid::EC_PUBLIC_KEY || curve != Some(oid::SM2_CURVE) {
            return Err(X509Error::NotSm2(curve.unwrap_or(key.algorithm.oid)));
        }
        let subject = tbs.subject();
        let common_name = subject.common_name().ok().flatten().map(|n| n.value().into_owned());
        let constraints = tbs.get_extension::<BasicConstraints>()?;
        Ok(Certificate {
            der: bytes.to_vec(),
            subject_der: subject.to_der()?,
            issuer_der: tbs.issuer().to_der()?,
            common_name: common_name.unwrap_or_else(|| subject.to_string()),
            subject: subject.to_string(),
            issuer: tbs.issuer().to_string(),
            serial: tbs.serial_number().as_bytes().to_vec(),
            not_before: tbs.validity().not_before.to_date_time(),
            not_after: tbs.validity().not_after.to_date_time(),
            public_key: VerifyingKey::from_sec1(whole_bytes(key.subject_public_key.as_bytes())?)?,
            is_authority: constraints.is_some_and(|(_, c)| c.ca),
            tbs: signed.tbs_certificate.to_der()?,
            signature: whole_bytes(signed.signature_value.as_bytes())?.to_vec(),
        })
    }

    /// Whether `issuer` is named as this certificate's issuer, may issue, and its key signed it.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        self.issuer_der == issuer.subject_der
            && issuer.is_authority
            && Signature::from_der(&self.signature)
                .is_ok_and(|signature| issuer.public_key.verify(&self.tbs, &signature))
    }
}

/// The content of a BIT STRING that holds bytes: one with unused bits has none.
pub(crate) fn whole_bytes(bytes: Option<&[u8]>) -> Result<&[u8], der::Error> {
    bytes.ok_or_else(|| der::ErrorKind::Value { tag: der::Tag::BitString }.into())
}

/// What a certificate's key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Issues certificates.
    Authority,
    /// Signs documents or seals.
    Signer,
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
        if key.verifying_key() != &issuer.public_key {
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
        let tbs = tbs.to_der()?;
        let signature = key.sign(&tbs, nonce)?;
        let signed = SignedCertificate {
            tbs_certificate: Any::from_der(&tbs)?,
            signature_algorithm: algorithm,
            signature_value: BitString::from_bytes(&signature.to_der())?,
        };
        Ok(signed.to_der()?)
    }

    /// RFC 5280, 4.2.1: basicConstraints and keyUsage critical, both key identifiers not.
    fn extensions(&self, issuer: &VerifyingKey) -> Result<Vec<Extension>, X509Error> {
        let usage = match self.role {
            Role::Authority => KeyUsages::KeyCertSign | KeyUsages::CRLSign,
            Role::Signer => KeyUsages::DigitalSignature | KeyUsages::NonRepudiation,
        };
        let authority = self.role == Role::Authority;
        let constraints = BasicConstraints { ca: authority, path_len_constraint: authority.then_some(0) };
        let authority_key = AuthorityKeyIdentifier {
            key_identifier: Some(key_identifier(issuer)?),
            ..AuthorityKeyIdentifier::default()
        };
        Ok(vec![
            extension(true, &constraints)?,
            extension(true, &KeyUsage(usage))?,
            extension(false, &SubjectKeyIdentifier(key_identifier(self.key)?))?,
            extension(false, &authority_key)?,
        ])
    }
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

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;

    fn validity() -> (DateTime, DateTime) {
        let at = |year| DateTime::new(year, 1, 1, 0, 0, 0).unwrap();
        (at(2026), at(2060))
    }

    fn hierarchy() -> (Vec<u8>, Vec<u8>) {
        let (key, holder) = (SigningKey::generate().unwrap(), SigningKey::generate().unwrap());
        let new = |subject, key, role| NewCertificate { subject, key, role, validity: validity() };
        let root =
            new(("样例单位", "根"), key.verifying_key(), Role::Authority).self_signed(&key, Nonce::Hedged);
        let root = root.unwrap();
        let issuer = Certificate::parse(&root).unwrap();
        let signer = new(("样例单位", "签章人"), holder.verifying_key(), Role::Signer);
        (signer.issued_by(&issuer, &key, Nonce::Hedged).unwrap(), root)
    }

    #[test]
    fn an_issued_certificate_says_what_was_asked_and_is_its_issuers() {
        let (signer, root) = hierarchy();
        let (signer, root) = (Certificate::parse(&signer).unwrap(), Certificate::parse(&root).unwrap());
        assert_eq!(signer.common_name, "签章人");
        assert_eq!(signer.subject, "CN=签章人,O=样例单位,C=CN");
        assert_eq!((signer.not_before, signer.not_after), validity());
        assert_eq!((signer.is_authority, root.is_authority), (false, true));
        assert_eq!(signer.serial.len(), 15);
        assert!(signer.is_issued_by(&root) && root.is_issued_by(&root));
        assert!(!root.is_issued_by(&signer));
    }

    #[test]
    fn a_certificate_with_any_signed_bit_changed_is_not_its_issuers() {
        let (signer, root) = hierarchy();
        let root = Certificate::parse(&root).unwrap();
        for at in (4..signer.len()).step_by(3) {
            let mut twin = signer.clone();
            twin[at] ^= 1;
            if let Ok(twin) = Certificate::parse(&twin) {
                assert!(!twin.is_issued_by(&root), "byte {at}");
            }
        }
    }

    #[test]
    fn certificates_of_other_families_are_named_and_rubbish_is_not_one() {
        const P_256: &str = "MIIBdjCCARugAwIBAgIUBXJV2eJQzBs4qT11AgzaRXjGbMIwCgYIKoZIzj0EAwIwEDEOMAwGA1UEAwwFUC0yNTYw\
                        HhcNMjYxMTIzMTM1MTU4WhcNMzYxMTIwMTM1MTU4WjAQMQ4wDAYDVQQDDAVQLTI1NjBZMBMGByqGSM49AgEGCCqG\
                        SM49AwEHA0IABMZWubhQ3WHRXbeV3dhQpdZfloQ6cac/2BQ5WIKyUyv87mhmFYx0YP+RxOrFBNFbNPkqdczpoFHo\
                        GQ/F405fujWjUzBRMB0GA1UdDgQWBBSwgnMPa19zWuMd5SsfyHgXBDRRXTAfBgNVHSMEGDAWgBSwgnMPa19zWuMd\
                        5SsfyHgXBDRRXTAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0kAMEYCIQCLgEU4UON+MKatT8ltyztv60Uk\
                        1uigROShk8oZIa1pKgIhAMXWW+PNS0I1q9rCiwVmTugdTBh5ez8kiuu84O45v/r1";
        let der = base64::engine::general_purpose::STANDARD.decode(P_256).unwrap();
        let ecdsa_with_sha256 = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");
        assert_eq!(Certificate::parse(&der).err(), Some(X509Error::NotSm2(ecdsa_with_sha256)));
        assert!(matches!(Certificate::parse(b"no certificate"), Err(X509Error::Der(_))));
        let (mut signer, _) = hierarchy();
        signer.push(0);
        assert!(matches!(Certificate::parse(&signer), Err(X509Error::Der(_))), "a trailing byte");
    }

    #[test]
    fn a_signature_with_unused_bits_or_a_second_algorithm_is_refused() {
        let (signer, _) = hierarchy();
        let signature = Certificate::parse(&signer).unwrap().signature;
        let mut unused = signer.clone();
        // DER wants unused bits to be zero: without this the reader below would refuse some of these twins by itself.
        *unused.last_mut().unwrap() &= 0xfe;
        let count = signer.len() - signature.len() - 1;
        assert_eq!(unused[count], 0);
        unused[count] = 1;
        assert!(matches!(Certificate::parse(&unused), Err(X509Error::Der(_))));

        // The first of the two algorithms is the signed one; its last arc, 501, becomes 504.
        let algorithm = oid::SM2_WITH_SM3.as_bytes();
        let mut twin = signer;
        let at = twin.windows(algorithm.len()).position(|w| w == algorithm).unwrap();
        twin[at + algorithm.len() - 1] = 0x78;
        assert_eq!(Certificate::parse(&twin).err(), Some(X509Error::TwoAlgorithms));
    }

    #[test]
    fn a_key_issues_under_its_own_certificate_only() {
        let (_, root) = hierarchy();
        let other = SigningKey::generate().unwrap();
        let new = NewCertificate {
            subject: ("a", "b"),
            key: other.verifying_key(),
            role: Role::Signer,
            validity: validity(),
        };
        let root = Certificate::parse(&root).unwrap();
        assert_eq!(new.issued_by(&root, &other, Nonce::Hedged).err(), Some(X509Error::OtherKey));
        let third = SigningKey::generate().unwrap();
        assert_eq!(new.self_signed(&third, Nonce::Hedged).err(), Some(X509Error::OtherKey));
    }
}
