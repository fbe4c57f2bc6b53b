//! SignedData with one signer: RFC 5652, and the same structure in the words of GB/T 35275; detached, or with a timestamp in it.
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
///     version          INTEGER,        -- 1; 3 for a timestamp
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
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    econtent: Option<OctetString>,
}

/// ```text
/// SignerInfo ::= SEQUENCE {
///     version            INTEGER,      -- 1
///     sid                IssuerAndSerialNumber,
///     digestAlgorithm    AlgorithmIdentifier,
///     signedAttrs        [0] IMPLICIT SET OF Attribute,
///     signatureAlgorithm AlgorithmIdentifier,
///     signature          OCTET STRING,
///     unsignedAttrs      [1] IMPLICIT SET OF Attribute OPTIONAL }
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
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    unsigned_attrs: Option<SetOfVec<Attribute>>,
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
    content_type: ObjectIdentifier,
    econtent_type: ObjectIdentifier,
    econtent: Option<OctetString>,
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
        let (content_type, econtent_type) = words(profile);
        let third = if profile == PdfProfile::Cades {
            // ETSI EN 319 142-1, 5.4.3: the signing certificate is bound; the claimed time stands in the PDF's /M alone.
            self.signing_certificate()?
        } else {
            Attribute::new(oid::SIGNING_TIME, Any::encode_from(&x509::time(time)?)?)?
        };
        let attributes = attributes(econtent_type, data_hash, third)?;
        Ok(SignedAttributes { content_type, econtent_type, econtent: None, attributes })
    }

    /// The signed attributes of a timestamp whose TSTInfo is `content` (RFC 3161, 2.4.2).
    pub(super) fn timestamp_attributes(&self, content: &[u8]) -> Result<SignedAttributes, der::Error> {
        let attributes = attributes(oid::TST_INFO, &sm3::digest(content), self.signing_certificate()?)?;
        Ok(SignedAttributes {
            content_type: oid::CMS_SIGNED_DATA,
            econtent_type: oid::TST_INFO,
            econtent: Some(OctetString::new(content)?),
            attributes,
        })
    }

    fn signing_certificate(&self) -> Result<Attribute, der::Error> {
        let digest = sm3::digest(&self.certificate.der);
        let id =
            EssCertIdV2 { hash_algorithm: algorithm(oid::SM3), cert_hash: OctetStringRef::new(&digest)? };
        let value = SigningCertificateV2 { certs: vec![id] };
        Attribute::new(oid::SIGNING_CERTIFICATE_V2, Any::encode_from(&value)?)
    }

    /// e over the attributes, as a SET OF (RFC 5652, 5.4).
    pub(super) fn digest(&self, signed: &SignedAttributes) -> Result<Digest, der::Error> {
        Ok(self.key.digest(&signed.attributes.to_der()?))
    }

    /// The DER ContentInfo. `signature` is DER, and so is the `timestamp` of it (RFC 3161, appendix A).
    pub(super) fn finish(
        &self,
        signed: SignedAttributes,
        signature: &[u8],
        timestamp: Option<&[u8]>,
    ) -> Result<Vec<u8>, der::Error> {
        let token = |token| Attribute::new(oid::SIGNATURE_TIME_STAMP, Any::from_der(token)?);
        let unsigned = timestamp.map(|t| SetOfVec::from_iter([token(t)?])).transpose()?;
        let signer = SignerInfo {
            version: 1,
            sid: self.sid.clone(),
            digest_algorithm: algorithm(oid::SM3),
            signed_attrs: signed.attributes,
            signature_algorithm: algorithm(oid::SM2_WITH_SM3),
            signature: OctetString::new(signature)?,
            unsigned_attrs: unsigned,
        };
        let content = SignedData {
            // RFC 5652, 5.1: 3 where the content is another than data.
            version: if signed.econtent.is_some() { 3 } else { 1 },
            digest_algorithms: SetOfVec::from_iter([algorithm(oid::SM3)])?,
            encap_content_info: EncapsulatedContentInfo {
                econtent_type: signed.econtent_type,
                econtent: signed.econtent,
            },
            certificates: self.certificates.clone(),
            signer_infos: SetOfVec::from_iter([signer])?,
        };
        ContentInfo { content_type: signed.content_type, content }.to_der()
    }
}

/// contentType, messageDigest and a third, in the order of DER.
fn attributes(
    econtent_type: ObjectIdentifier,
    digest: &Digest,
    third: Attribute,
) -> Result<SetOfVec<Attribute>, der::Error> {
    SetOfVec::from_iter([
        Attribute::new(oid::CONTENT_TYPE, Any::encode_from(&econtent_type)?)?,
        Attribute::new(oid::MESSAGE_DIGEST, Any::encode_from(&OctetStringRef::new(digest)?)?)?,
        third,
    ])
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
