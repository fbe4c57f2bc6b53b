//! SignedData, detached, with one signer: RFC 5652, and the same structure in the words of GB/T 35275.
//!
//! In: the digest of the document and the signer's certificates. Out: e over the signed attributes, then the DER ContentInfo.
//! Invariant: the signature is over signed attributes always, so that content type and digest cannot be exchanged for the content.

use der::asn1::{Any, ObjectIdentifier, OctetString, OctetStringRef, SetOfVec};
use der::{DateTime, Decode as _, Encode as _, Sequence, ValueOrd};
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::PdfProfile;
use crate::crypto::oid;
use crate::crypto::sm2::VerifyingKey;
use crate::crypto::sm3::{self, Digest};
use crate::crypto::x509::{self, Certificate};

/// ```text
/// ContentInfo ::= SEQUENCE {
///     contentType OBJECT IDENTIFIER,
///     content     [0] EXPLICIT ANY }
/// ```
#[derive(Sequence)]
struct ContentInfo {
    content_type: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: SignedData,
}

/// ```text
/// SignedData ::= SEQUENCE {
///     version          INTEGER,        -- 1
///     digestAlgorithms SET OF AlgorithmIdentifier,
///     encapContentInfo EncapsulatedContentInfo,
///     certificates     [0] IMPLICIT CertificateSet,
///     signerInfos      SET OF SignerInfo }
/// ```
/// RFC 5652, 5.1.
#[derive(Sequence)]
struct SignedData {
    version: u8,
    digest_algorithms: SetOfVec<AlgorithmIdentifierOwned>,
    encap_content_info: EncapsulatedContentInfo,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    certificates: SetOfVec<Any>,
    signer_infos: SetOfVec<SignerInfo>,
}

/// ```text
/// EncapsulatedContentInfo ::= SEQUENCE {
///     eContentType OBJECT IDENTIFIER,
///     eContent     [0] EXPLICIT OCTET STRING OPTIONAL }   -- absent: detached
/// ```
#[derive(Sequence)]
struct EncapsulatedContentInfo {
    econtent_type: ObjectIdentifier,
}

/// ```text
/// SignerInfo ::= SEQUENCE {
///     version            INTEGER,      -- 1
///     sid                IssuerAndSerialNumber,
///     digestAlgorithm    AlgorithmIdentifier,
///     signedAttrs        [0] IMPLICIT SET OF Attribute,
///     signatureAlgorithm AlgorithmIdentifier,
///     signature          OCTET STRING }
/// ```
/// RFC 5652, 5.3.
#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
struct SignerInfo {
    version: u8,
    sid: IssuerAndSerialNumber,
    digest_algorithm: AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    signed_attrs: SetOfVec<Attribute>,
    signature_algorithm: AlgorithmIdentifierOwned,
    signature: OctetString,
}

/// ```text
/// IssuerAndSerialNumber ::= SEQUENCE {
///     issuer       Name,
///     serialNumber INTEGER }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
struct IssuerAndSerialNumber {
    issuer: Any,
    serial_number: der::asn1::Int,
}

/// ```text
/// Attribute ::= SEQUENCE {
///     attrType   OBJECT IDENTIFIER,
///     attrValues SET OF ANY }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Sequence, ValueOrd)]
struct Attribute {
    attr_type: ObjectIdentifier,
    attr_values: SetOfVec<Any>,
}

impl Attribute {
    fn new(attr_type: ObjectIdentifier, value: Any) -> Result<Attribute, der::Error> {
        Ok(Attribute { attr_type, attr_values: SetOfVec::from_iter([value])? })
    }
}

/// ```text
/// SigningCertificateV2 ::= SEQUENCE {
///     certs SEQUENCE OF ESSCertIDv2 }
/// ESSCertIDv2 ::= SEQUENCE {
///     hashAlgorithm AlgorithmIdentifier DEFAULT { id-sha256 },
///     certHash      OCTET STRING }
/// ```
/// RFC 5035, 3.
#[derive(Sequence)]
struct SigningCertificateV2<'a> {
    certs: Vec<EssCertIdV2<'a>>,
}

/// One entry of [`SigningCertificateV2`].
#[derive(Sequence)]
struct EssCertIdV2<'a> {
    hash_algorithm: AlgorithmIdentifierOwned,
    cert_hash: &'a OctetStringRef,
}

/// What all signatures of one certificate share.
#[derive(Debug)]
pub(super) struct CmsSigner {
    certificate: Certificate,
    key: VerifyingKey,
    certificates: SetOfVec<Any>,
    sid: IssuerAndSerialNumber,
}

/// The attributes of one document, in the order of DER.
#[derive(Debug)]
pub(super) struct SignedAttributes {
    profile: PdfProfile,
    attributes: SetOfVec<Attribute>,
}

impl CmsSigner {
    /// Signatures of `certificate` with the key `key`, which carry it and `chain`.
    pub(super) fn new(
        certificate: &Certificate,
        key: &VerifyingKey,
        chain: &[Vec<u8>],
    ) -> Result<CmsSigner, der::Error> {
        let all = std::iter::once(&certificate.der).chain(chain);
        Ok(CmsSigner {
            sid: IssuerAndSerialNumber {
                issuer: Any::from_der(&certificate.issuer_der)?,
                serial_number: der::asn1::Int::new(&certificate.serial)?,
            },
            certificates: all.map(|c| Any::from_der(c)).collect::<Result<Vec<_>, _>>()?.try_into()?,
            certificate: certificate.clone(),
            key: key.clone(),
        })
    }

    /// The signed attributes for a document with the SM3 digest `data_hash`.
    pub(super) fn attributes(
        &self,
        profile: PdfProfile,
        time: DateTime,
        data_hash: &Digest,
    ) -> Result<SignedAttributes, der::Error> {
        let content_type = words(profile).1;
        let mut attributes = vec![
            Attribute::new(oid::CONTENT_TYPE, Any::encode_from(&content_type)?)?,
            Attribute::new(oid::MESSAGE_DIGEST, Any::encode_from(&OctetStringRef::new(data_hash)?)?)?,
        ];
        attributes.push(if profile == PdfProfile::Cades {
            // ETSI EN 319 142-1, 5.4.3: the signing certificate is bound; the claimed time stands in the PDF's /M alone.
            let digest = sm3::digest(&self.certificate.der);
            let id =
                EssCertIdV2 { hash_algorithm: algorithm(oid::SM3), cert_hash: OctetStringRef::new(&digest)? };
            let value = SigningCertificateV2 { certs: vec![id] };
            Attribute::new(oid::SIGNING_CERTIFICATE_V2, Any::encode_from(&value)?)?
        } else {
            Attribute::new(oid::SIGNING_TIME, Any::encode_from(&x509::time(time)?)?)?
        });
        Ok(SignedAttributes { profile, attributes: attributes.try_into()? })
    }

    /// e over the attributes, as a SET OF (RFC 5652, 5.4).
    pub(super) fn digest(&self, signed: &SignedAttributes) -> Result<Digest, der::Error> {
        Ok(self.key.digest(&signed.attributes.to_der()?))
    }

    /// The DER ContentInfo. `signature` is DER.
    pub(super) fn finish(&self, signed: SignedAttributes, signature: &[u8]) -> Result<Vec<u8>, der::Error> {
        let (content_type, econtent_type) = words(signed.profile);
        let signer = SignerInfo {
            version: 1,
            sid: self.sid.clone(),
            digest_algorithm: algorithm(oid::SM3),
            signed_attrs: signed.attributes,
            signature_algorithm: algorithm(oid::SM2_WITH_SM3),
            signature: OctetString::new(signature)?,
        };
        let content = SignedData {
            version: 1,
            digest_algorithms: SetOfVec::from_iter([algorithm(oid::SM3)])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type },
            certificates: self.certificates.clone(),
            signer_infos: SetOfVec::from_iter([signer])?,
        };
        ContentInfo { content_type, content }.to_der()
    }
}

/// The identifiers of signed data and of data.
fn words(profile: PdfProfile) -> (ObjectIdentifier, ObjectIdentifier) {
    match profile {
        PdfProfile::Cms | PdfProfile::Cades => (oid::CMS_SIGNED_DATA, oid::CMS_DATA),
        PdfProfile::GmCms | PdfProfile::GmSeal => (oid::GM_SIGNED_DATA, oid::GM_DATA),
    }
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}
