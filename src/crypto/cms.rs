//! SignedData as others wrote it: RFC 5652, and the same structure in the words of GB/T 35275.
//!
//! In: DER, and the content that it is about. Out: [`SignedData`] with its signers, each of which answers a [`CmsCheck`].
//! Invariant: a signature is checked over the bytes as they were read, and signed attributes bind the content only with contentType and
//! messageDigest, once each. The writer is in [`seal`](crate::seal).

use std::sync::Arc;

use der::asn1::{Int, ObjectIdentifier, OctetStringRef};
use der::{DateTime, Decode as _};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_cert::time::Time;

use super::hash::Hash;
use super::oid;
use super::public_key::KeyCheck;
use super::tlv::{DerError, Elements, INTEGER, OCTET_STRING, SEQUENCE, SET, Tlv};
use super::trust::Trust;
use super::x509::{Certificate, X509Error};

mod ess;

/// Most certificates, signers, algorithms and attributes that are read.
const LIMIT: usize = 64;

/// Why bytes are no SignedData that can be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CmsError {
    /// Not DER, or another structure.
    #[error("not signed data: {0}")]
    Der(#[from] DerError),
    /// Other content than signed data.
    #[error("not signed data but {0}")]
    ContentType(ObjectIdentifier),
    /// A certificate in it cannot be read.
    #[error("a certificate in the signed data: {0}")]
    Certificate(X509Error),
    /// It has no signer.
    #[error("signed data without a signer")]
    NoSigner,
    /// An attribute twice in one signer's, or without exactly one value where that is needed.
    #[error("the attribute {0} does not stand there once, with one value")]
    Attribute(ObjectIdentifier),
}

impl From<der::Error> for CmsError {
    fn from(error: der::Error) -> CmsError {
        CmsError::Der(error.into())
    }
}

/// ```text
/// SignedData ::= SEQUENCE {
///     version          INTEGER,
///     digestAlgorithms SET OF AlgorithmIdentifier,
///     encapContentInfo SEQUENCE { eContentType OID, eContent [0] EXPLICIT OCTET STRING OPTIONAL },
///     certificates     [0] IMPLICIT SET OF CertificateChoices OPTIONAL,
///     crls             [1] IMPLICIT SET OF RevocationInfoChoice OPTIONAL,
///     signerInfos      SET OF SignerInfo }
/// ```
/// RFC 5652, 5.1; GB/T 35275, 8.1.
#[derive(Clone, Debug)]
pub struct SignedData {
    /// Whether it is told in the words of GB/T 35275.
    pub is_gm: bool,
    /// What the content is.
    pub content_type: ObjectIdentifier,
    /// The content, unless it is elsewhere.
    pub content: Option<Vec<u8>>,
    /// The certificates, in their order there.
    pub certificates: Vec<Arc<Certificate>>,
    /// The signers.
    pub signers: Vec<SignerInfo>,
}

/// ```text
/// SignerInfo ::= SEQUENCE {
///     version            INTEGER,
///     sid                CHOICE { IssuerAndSerialNumber, [0] SubjectKeyIdentifier },
///     digestAlgorithm    AlgorithmIdentifier,
///     signedAttrs        [0] IMPLICIT SET OF Attribute OPTIONAL,
///     signatureAlgorithm AlgorithmIdentifier,
///     signature          OCTET STRING,
///     unsignedAttrs      [1] IMPLICIT SET OF Attribute OPTIONAL }
/// ```
/// RFC 5652, 5.3.
#[derive(Clone, Debug)]
pub struct SignerInfo {
    /// Which certificate is the signer's.
    pub id: SignerId,
    /// The digest's algorithm.
    pub digest_algorithm: AlgorithmIdentifierOwned,
    /// The signature's algorithm.
    pub signature_algorithm: AlgorithmIdentifierOwned,
    /// The signature.
    pub signature: Vec<u8>,
    /// What was signed along with the content.
    pub signed: Option<SignedAttributes>,
    /// The tokens of the unsigned attribute signature-time-stamp, each a DER ContentInfo (RFC 3161, appendix A).
    pub timestamp_tokens: Vec<Vec<u8>>,
    content_type: ObjectIdentifier,
}

/// How a signer's certificate is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignerId {
    /// By issuer (DER) and serial number.
    IssuerAndSerial {
        /// The issuer's name, DER.
        issuer: Vec<u8>,
        /// The number's content bytes.
        serial: Vec<u8>,
    },
    /// By subjectKeyIdentifier.
    SubjectKeyIdentifier(Vec<u8>),
}

impl SignerId {
    /// Whether this is `certificate`.
    pub fn names(&self, certificate: &Certificate) -> bool {
        match self {
            SignerId::IssuerAndSerial { issuer, serial } => {
                certificate.issuer_der == *issuer && certificate.serial == *serial
            }
            SignerId::SubjectKeyIdentifier(identifier) => {
                certificate.extensions.subject_key_identifier.as_ref() == Some(identifier)
            }
        }
    }
}

/// Signed attributes, as far as they are known.
#[derive(Clone, Debug)]
pub struct SignedAttributes {
    /// contentType.
    pub content_type: Option<ObjectIdentifier>,
    /// messageDigest.
    pub message_digest: Option<Vec<u8>>,
    /// signingTime: when the signer claims to have signed.
    pub signing_time: Option<DateTime>,
    /// signingCertificate (RFC 2634) and signingCertificateV2 (RFC 5035).
    certificate_ids: Vec<ess::CertificateId>,
    /// The attributes as they were read, with the tag of a SET OF (RFC 5652, 5.4).
    signed: Vec<u8>,
}

/// What holds of one signer.
#[derive(Clone, Debug)]
pub struct CmsCheck {
    /// The signer's certificate.
    pub certificate: Option<Arc<Certificate>>,
    /// Whether the content is the one that was signed. Without signed attributes this is the answer of the signature.
    pub content: KeyCheck,
    /// Whether the certificate's key made the signature.
    pub signature: KeyCheck,
    /// Whether a signed attribute binds the certificate; `None`: there is none that does.
    pub binds_certificate: Option<bool>,
    /// What else is wrong.
    pub faults: Vec<CmsFault>,
}

impl CmsCheck {
    /// Whether all of it holds, whoever the signer is.
    pub fn holds(&self) -> bool {
        self.content.holds()
            && self.signature.holds()
            && self.binds_certificate != Some(false)
            && self.faults.is_empty()
    }
}

/// What is wrong with one signer, apart from content and signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CmsFault {
    /// The signer's certificate is not there.
    #[error("the signer's certificate is not there")]
    NoCertificate,
    /// There are signed attributes, and contentType is missing or not the content's.
    #[error("the signed attribute contentType is not that of the content")]
    ContentType,
    /// There are signed attributes, and messageDigest is missing.
    #[error("the signed attribute messageDigest is missing")]
    NoMessageDigest,
    /// There are no signed attributes although the content is not plain data (RFC 5652, 5.3).
    #[error("signed attributes are needed for content of the type {0}")]
    NoSignedAttributes(ObjectIdentifier),
    /// The content could be taken for signed attributes, so that a signature over one could be sold for one over the other.
    #[error("without signed attributes, content that looks like signed attributes is not believed")]
    ContentLikeAttributes,
    /// A signed attribute names another certificate than the signer's.
    #[error("a signed attribute names another certificate as the signer's")]
    OtherCertificate,
}

impl SignedData {
    /// Reads a DER ContentInfo with SignedData; anything after it is refused. BER is refused as such. The order within a SET OF is not
    /// asked for: signers disagree on it, and every check is over the bytes as they are.
    ///
    /// # Errors
    /// It is none, has no signer, or more parts than are read (64 of each).
    pub fn parse(bytes: &[u8]) -> Result<SignedData, CmsError> {
        SignedData::parse_knowing(bytes, &Trust::empty())
    }

    /// As [`SignedData::parse`], sooner where `trust` has read the certificates before.
    pub(crate) fn parse_knowing(bytes: &[u8], trust: &Trust) -> Result<SignedData, CmsError> {
        let mut info = Elements(Tlv::parse(bytes)?.whole).expect(SEQUENCE)?.elements();
        let is_gm = match info.oid()? {
            oid::CMS_SIGNED_DATA => false,
            oid::GM_SIGNED_DATA => true,
            other => return Err(CmsError::ContentType(other)),
        };
        let content = info.expect(EXPLICIT_0)?;
        info.finish()?;
        let mut content = content.elements();
        let mut fields = content.expect(SEQUENCE)?.elements();
        content.finish()?;

        fields.expect(INTEGER)?;
        fields.expect(SET)?.elements().all(LIMIT)?;
        let mut encapsulated = fields.expect(SEQUENCE)?.elements();
        let content_type = encapsulated.oid()?;
        let content = encapsulated.optional(EXPLICIT_0)?.map(octets).transpose()?;
        encapsulated.finish()?;
        let certificates =
            fields.optional(IMPLICIT_0)?.map(|set| certificates(set, trust)).transpose()?.unwrap_or_default();
        // Lists in the signed data are the signer's own; those that count are given by whoever verifies.
        fields.optional(IMPLICIT_1)?;
        let signers = fields.expect(SET)?.elements().all(LIMIT)?;
        fields.finish()?;
        if signers.is_empty() {
            return Err(CmsError::NoSigner);
        }
        let signers = signers.into_iter().map(|s| SignerInfo::read(s, content_type));
        Ok(SignedData {
            is_gm,
            content_type,
            content: content.map(<[u8]>::to_vec),
            certificates,
            signers: signers.collect::<Result<_, _>>()?,
        })
    }

    /// The DER value at the start of `bytes` if nothing but zeros follows: what the /Contents of a PDF's signature hold.
    ///
    /// # Errors
    /// It does not start with DER, or something else follows.
    pub fn without_padding(bytes: &[u8]) -> Result<&[u8], DerError> {
        let mut rest = Elements(bytes);
        let value = rest.next()?.whole;
        if rest.0.iter().all(|&byte| byte == 0) { Ok(value) } else { Err(DerError::Trailing) }
    }
}

const EXPLICIT_0: u8 = 0xa0;
const IMPLICIT_0: u8 = 0xa0;
const IMPLICIT_1: u8 = 0xa1;

/// The bytes of a `[0] EXPLICIT OCTET STRING`.
fn octets(tlv: Tlv<'_>) -> Result<&[u8], DerError> {
    let mut elements = tlv.elements();
    let octets = elements.expect(OCTET_STRING)?;
    elements.finish()?;
    Ok(octets.value)
}

/// Attribute certificates and other choices are left out: nobody here asks for them.
fn certificates(set: Tlv<'_>, trust: &Trust) -> Result<Vec<Arc<Certificate>>, CmsError> {
    let all = set.elements().all(LIMIT)?;
    all.iter()
        .filter(|certificate| certificate.tag == SEQUENCE)
        .map(|certificate| trust.certificate(certificate.whole).map_err(CmsError::Certificate))
        .collect()
}

impl SignerInfo {
    fn read(tlv: Tlv<'_>, content_type: ObjectIdentifier) -> Result<SignerInfo, CmsError> {
        let mut fields = Elements(tlv.whole).expect(SEQUENCE)?.elements();
        fields.expect(INTEGER)?;
        let id = fields.next()?;
        let id = match id.tag {
            SEQUENCE => {
                let mut id = id.elements();
                let issuer = id.expect(SEQUENCE)?.whole.to_vec();
                let serial = Int::from_der(id.expect(INTEGER)?.whole)?.as_bytes().to_vec();
                id.finish()?;
                SignerId::IssuerAndSerial { issuer, serial }
            }
            0x80 => SignerId::SubjectKeyIdentifier(id.value.to_vec()),
            found => return Err(DerError::Tag { expected: SEQUENCE, found }.into()),
        };
        let digest_algorithm = fields.expect(SEQUENCE)?.decode()?;
        let signed = fields.optional(IMPLICIT_0)?.map(SignedAttributes::read).transpose()?;
        let signature_algorithm = fields.expect(SEQUENCE)?.decode()?;
        let signature = <&OctetStringRef>::from_der(fields.next()?.whole)?.as_bytes().to_vec();
        let mut timestamp_tokens = Vec::new();
        if let Some(unsigned) = fields.optional(IMPLICIT_1)? {
            for (attribute, values) in attributes(unsigned)? {
                if attribute == oid::SIGNATURE_TIME_STAMP {
                    timestamp_tokens.extend(values.iter().map(|token| token.whole.to_vec()));
                }
            }
        }
        fields.finish()?;
        Ok(SignerInfo {
            id,
            digest_algorithm,
            signature_algorithm,
            signature,
            signed,
            timestamp_tokens,
            content_type,
        })
    }

    /// Checks the signature over `content`, given in pieces. The signer's certificate is looked for among `certificates`; keys and
    /// tables come from `trust`, whose roots are not asked.
    pub fn check(&self, content: &[&[u8]], certificates: &[Arc<Certificate>], trust: &Trust) -> CmsCheck {
        let mut faults = Vec::new();
        let named = certificates.iter().filter(|c| self.id.names(c));
        // Of several certificates with the same name and number the one that is bound by a signed attribute is meant.
        let bound = |c: &&Arc<Certificate>| self.binds(c) != Some(false);
        let certificate = named.clone().find(bound).or_else(|| named.clone().next()).cloned();
        if certificate.is_none() {
            faults.push(CmsFault::NoCertificate);
        }
        let binds_certificate = certificate.as_ref().and_then(|c| self.binds(c));
        if binds_certificate == Some(false) {
            faults.push(CmsFault::OtherCertificate);
        }
        let digest = Hash::from_oid(self.digest_algorithm.oid);
        let is_signed = |message: &[&[u8]]| match (&certificate, &digest) {
            (None, _) => KeyCheck::Fails,
            (_, Err(what)) => KeyCheck::Unsupported(what.clone()),
            (Some(certificate), Ok(digest)) => trust.check(
                &certificate.public_key,
                &self.signature_algorithm,
                Some(*digest),
                message,
                &self.signature,
            ),
        };
        let (content, signature) = match &self.signed {
            Some(signed) => {
                if signed.content_type != Some(self.content_type) {
                    faults.push(CmsFault::ContentType);
                }
                let content = match (&signed.message_digest, &digest) {
                    (None, _) => {
                        faults.push(CmsFault::NoMessageDigest);
                        KeyCheck::Fails
                    }
                    (_, Err(what)) => KeyCheck::Unsupported(what.clone()),
                    (Some(stated), Ok(hash)) => (*stated == trust.digest(*hash, content)).into(),
                };
                (content, is_signed(&[&signed.signed]))
            }
            None => {
                if !matches!(self.content_type, oid::CMS_DATA | oid::GM_DATA) {
                    faults.push(CmsFault::NoSignedAttributes(self.content_type));
                }
                if content.iter().find_map(|piece| piece.first()) == Some(&SET) {
                    faults.push(CmsFault::ContentLikeAttributes);
                }
                let signature = is_signed(content);
                (signature.clone(), signature)
            }
        };
        CmsCheck { certificate, content, signature, binds_certificate, faults }
    }

    /// Whether a signed attribute binds `certificate`; `None` if there is none that names any.
    fn binds(&self, certificate: &Certificate) -> Option<bool> {
        let ids = self.signed.as_ref().map_or(&[][..], |signed| &signed.certificate_ids);
        (!ids.is_empty()).then(|| ids.iter().all(|id| id.names(certificate)))
    }
}

impl SignedAttributes {
    fn read(tlv: Tlv<'_>) -> Result<SignedAttributes, CmsError> {
        let mut read = SignedAttributes {
            content_type: None,
            message_digest: None,
            signing_time: None,
            certificate_ids: Vec::new(),
            signed: [&[SET], &tlv.whole[1..]].concat(),
        };
        let all = attributes(tlv)?;
        for (attribute, values) in &all {
            let is_known = matches!(
                *attribute,
                oid::CONTENT_TYPE
                    | oid::MESSAGE_DIGEST
                    | oid::SIGNING_TIME
                    | oid::SIGNING_CERTIFICATE
                    | oid::SIGNING_CERTIFICATE_V2
            );
            if !is_known {
                continue;
            }
            let [value] = values[..] else { return Err(CmsError::Attribute(*attribute)) };
            if all.iter().filter(|(other, _)| other == attribute).count() > 1 {
                return Err(CmsError::Attribute(*attribute));
            }
            match *attribute {
                oid::CONTENT_TYPE => read.content_type = Some(ObjectIdentifier::from_der(value.whole)?),
                oid::MESSAGE_DIGEST => {
                    read.message_digest = Some(<&OctetStringRef>::from_der(value.whole)?.as_bytes().to_vec());
                }
                oid::SIGNING_TIME => read.signing_time = Some(Time::from_der(value.whole)?.to_date_time()),
                other => read.certificate_ids.push(ess::CertificateId::read(value, other)?),
            }
        }
        Ok(read)
    }
}

/// ```text
/// SET OF SEQUENCE {
///     attrType   OBJECT IDENTIFIER,
///     attrValues SET OF ANY }
/// ```
fn attributes(set: Tlv<'_>) -> Result<Vec<(ObjectIdentifier, Vec<Tlv<'_>>)>, DerError> {
    let attributes = set.elements().all(LIMIT)?;
    attributes
        .into_iter()
        .map(|attribute| {
            let mut fields = Elements(attribute.whole).expect(SEQUENCE)?.elements();
            let kind = fields.oid()?;
            let values = fields.expect(SET)?.elements().all(LIMIT)?;
            fields.finish()?;
            Ok((kind, values))
        })
        .collect()
}

#[cfg(test)]
mod tests;
