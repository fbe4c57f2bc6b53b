//! Certificates (RFC 5280, GB/T 20518) of any family: read here, issued for tests with SM2 keys by [`NewCertificate`].
//!
//! In: DER. Out: [`Certificate`], what sealing, showing and trusting need of one. Invariant: a certificate's signature is checked over
//! the bytes as they were read, and an extension that is not understood is never forgotten.

use std::fmt;

use der::asn1::{AnyRef, BitStringRef, ObjectIdentifier};
use der::{DateTime, Decode as _, Encode as _, Sequence};
use x509_cert::spki::{AlgorithmIdentifierOwned, AlgorithmIdentifierRef};

use super::oid;
use super::public_key::{KeyCheck, PublicKey};
use super::sm2::{Sm2Error, VerifyingKey};
use super::sm3::{self, Digest};
use super::tlv::DerError;

mod extensions;
mod holder;
mod issue;

pub(crate) use extensions::full_names;
pub use extensions::{ExtendedKeyUsage, Extensions};
pub use holder::Holder;
pub(crate) use issue::time;
pub use issue::{NewCertificate, Role, empty_crl};

/// What is wrong with a certificate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum X509Error {
    /// Not a certificate.
    #[error("not a DER certificate: {0}")]
    Der(#[from] der::Error),
    /// An SM2 certificate is needed, and its key or the signature on it is of another family, such as RSA.
    #[error("the certificate is not an SM2 certificate: {0}")]
    NotSm2(ObjectIdentifier),
    /// Its key or signature is not one of SM2, or a new one could not be signed.
    #[error(transparent)]
    Sm2(#[from] Sm2Error),
    /// Its key is none of the family it names.
    #[error("the certificate's key is not a key: {0}")]
    Key(&'static str),
    /// The same extension twice (RFC 5280, 4.2).
    #[error("the certificate has the extension {0} twice")]
    Twice(ObjectIdentifier),
    /// An extension that is not what its identifier says.
    #[error("the certificate's extension {0} cannot be read: {1}")]
    Extension(ObjectIdentifier, DerError),
    /// The algorithm that the issuer signed for is not the one named beside the signature (RFC 5280, 4.1.1.2).
    #[error("the certificate names two different signature algorithms")]
    TwoAlgorithms,
    /// A key was given whose public half is not the certified one.
    #[error("the certificate belongs to another key")]
    OtherKey,
}

/// ```text
/// Certificate ::= SEQUENCE {
///     tbsCertificate     TBSCertificate,
///     signatureAlgorithm AlgorithmIdentifier,
///     signatureValue     BIT STRING }
/// ```
/// Borrowed, for the bytes that were signed.
#[derive(Sequence)]
struct SignedCertificateRef<'a> {
    tbs_certificate: AnyRef<'a>,
    signature_algorithm: AlgorithmIdentifierRef<'a>,
    signature_value: BitStringRef<'a>,
}

/// What a certificate says.
#[derive(Clone)]
pub struct Certificate {
    /// The certificate as it was read.
    pub der: Vec<u8>,
    /// SM3 of [`der`](Self::der): its name in caches and reports.
    pub digest: Digest,
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
    /// The holder's key.
    pub public_key: PublicKey,
    /// Whether the holder may issue certificates.
    pub is_authority: bool,
    /// What else is said of holder and key.
    pub extensions: Extensions,
    /// How the issuer signed it.
    pub algorithm: AlgorithmIdentifierOwned,
    /// The SubjectPublicKeyInfo, DER.
    pub(super) spki: Vec<u8>,
    pub(super) tbs: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl Certificate {
    /// Reads a DER certificate; anything after it is refused.
    ///
    /// # Errors
    /// It is not one, or contradicts itself.
    pub fn parse(bytes: &[u8]) -> Result<Certificate, X509Error> {
        let signed = SignedCertificateRef::from_der(bytes)?;
        let parsed = x509_cert::Certificate::from_der(bytes)?;
        let tbs = parsed.tbs_certificate();
        if tbs.signature() != parsed.signature_algorithm() {
            return Err(X509Error::TwoAlgorithms);
        }
        let extensions = Extensions::read(tbs.extensions().map_or(&[], |list| list.as_slice()))?;
        let subject = tbs.subject();
        let common_name = subject.common_name().ok().flatten().map(|n| n.value().into_owned());
        Ok(Certificate {
            digest: sm3::digest(bytes),
            der: bytes.to_vec(),
            subject_der: subject.to_der()?,
            issuer_der: tbs.issuer().to_der()?,
            common_name: common_name.unwrap_or_else(|| subject.to_string()),
            subject: subject.to_string(),
            issuer: tbs.issuer().to_string(),
            serial: tbs.serial_number().as_bytes().to_vec(),
            not_before: tbs.validity().not_before.to_date_time(),
            not_after: tbs.validity().not_after.to_date_time(),
            public_key: PublicKey::from_spki(tbs.subject_public_key_info())?,
            spki: tbs.subject_public_key_info().to_der()?,
            is_authority: extensions.authority,
            extensions,
            algorithm: parsed.signature_algorithm().clone(),
            tbs: signed.tbs_certificate.to_der()?,
            signature: whole_bytes(signed.signature_value.as_bytes())?.to_vec(),
        })
    }

    /// The key of an SM2 certificate with an SM2 signature, as sealing demands.
    ///
    /// # Errors
    /// Key or signature are of another family.
    pub fn sm2_key(&self) -> Result<&VerifyingKey, X509Error> {
        match &self.public_key {
            _ if self.algorithm.oid != oid::SM2_WITH_SM3 => Err(X509Error::NotSm2(self.algorithm.oid)),
            PublicKey::Sm2(key) => Ok(key),
            PublicKey::Rsa(_) => Err(X509Error::NotSm2(oid::RSA)),
            PublicKey::P256(_) => Err(X509Error::NotSm2(oid::P256)),
            PublicKey::P384(_) => Err(X509Error::NotSm2(oid::P384)),
            PublicKey::Other { algorithm, .. } => Err(X509Error::NotSm2(*algorithm)),
        }
    }

    /// Whether `issuer` is named as this certificate's issuer, may issue, and its key signed it.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        self.issuer_der == issuer.subject_der
            && issuer.is_authority
            && self.is_signed_by(&issuer.public_key).holds()
    }

    /// Whether `key` signed it.
    pub fn is_signed_by(&self, key: &PublicKey) -> KeyCheck {
        key.check(&self.algorithm, &self.tbs, &self.signature)
    }

    /// Whether holder and issuer have the same name (RFC 5280, 3.2: self-issued).
    pub fn is_self_issued(&self) -> bool {
        self.subject_der == self.issuer_der
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Certificate")
            .field("subject", &self.subject)
            .field("issuer", &self.issuer)
            .field("serial", &super::hex(&self.serial))
            .field("key", &self.public_key)
            .finish_non_exhaustive()
    }
}

/// The content of a BIT STRING that holds bytes: one with unused bits has none.
pub(crate) fn whole_bytes(bytes: Option<&[u8]>) -> Result<&[u8], der::Error> {
    bytes.ok_or_else(|| der::ErrorKind::Value { tag: der::Tag::BitString }.into())
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;

    use super::*;
    use crate::crypto::sm2::{Nonce, SigningKey};

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
        let p_256 = Certificate::parse(&der).unwrap();
        assert_eq!(p_256.sm2_key().err(), Some(X509Error::NotSm2(ecdsa_with_sha256)));
        assert!(matches!(p_256.public_key, PublicKey::P256(_)) && p_256.is_issued_by(&p_256));
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
