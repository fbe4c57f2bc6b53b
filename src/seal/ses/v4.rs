//! GB/T 38540-2020. The maker signs DER(SES_SealInfo), the signer DER(TBS_Sign).

use der::asn1::{
    Any, AnyRef, BitString, BitStringRef, GeneralizedTime, Ia5String, Ia5StringRef, ObjectIdentifier,
};
use der::asn1::{OctetString, OctetStringRef};
use der::{Decode as _, Encode as _, Sequence};

use super::{SealContent, SesHeader, SesPicture, TYPE_UNIT};
use crate::crypto::oid;
use crate::crypto::sm2::{Nonce, SigningKey};
use crate::seal::SealError;

/// ```text
/// SESeal ::= SEQUENCE {
///     eSealInfo   SES_SealInfo,
///     cert        OCTET STRING,        -- the seal maker's (制章人)
///     signAlgID   OBJECT IDENTIFIER,
///     signedValue BIT STRING,
///     timeStamp   [0] EXPLICIT BIT STRING OPTIONAL }   -- GM/T 0031-2025 only
/// ```
/// The first element stays as it was read: it is what the maker signed.
#[derive(Clone, Debug, Sequence)]
pub(super) struct SeSeal {
    pub(super) eseal_info: Any,
    pub(super) cert: OctetString,
    pub(super) sign_alg_id: ObjectIdentifier,
    pub(super) signed_value: BitString,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    pub(super) time_stamp: Option<BitString>,
}

/// ```text
/// SES_SealInfo ::= SEQUENCE {
///     header   SES_Header,
///     esID     IA5String,
///     property SES_ESPropertyInfo,
///     picture  SES_ESPictureInfo,
///     extDatas ExtensionDatas OPTIONAL }
/// ```
/// Implementations disagree on the tag of extDatas, so it is never written and read under any.
#[derive(Clone, Debug, Sequence)]
pub(super) struct SesSealInfo {
    pub(super) header: SesHeader,
    pub(super) es_id: Ia5String,
    pub(super) property: SesPropertyInfo,
    pub(super) picture: SesPicture,
    #[asn1(optional = "true")]
    pub(super) ext_datas: Option<Any>,
}

/// ```text
/// SES_ESPropertyInfo ::= SEQUENCE {
///     type         INTEGER,
///     name         UTF8String,
///     certListType INTEGER,            -- 1 certificates, 2 digests
///     certList     SES_CertList,
///     createDate   GeneralizedTime,
///     validStart   GeneralizedTime,
///     validEnd     GeneralizedTime }
/// SES_CertList ::= CHOICE {
///     certs          CertInfoList,     -- SEQUENCE OF OCTET STRING
///     certDigestList CertDigestList }  -- SEQUENCE OF CertDigestObj
/// ```
#[derive(Clone, Debug, Sequence)]
pub(super) struct SesPropertyInfo {
    pub(super) r#type: u32,
    pub(super) name: String,
    pub(super) cert_list_type: u32,
    pub(super) cert_list: Any,
    pub(super) create_date: GeneralizedTime,
    pub(super) valid_start: GeneralizedTime,
    pub(super) valid_end: GeneralizedTime,
}

/// ```text
/// CertDigestObj ::= SEQUENCE {
///     type  PrintableString,
///     value OCTET STRING }
/// ```
#[derive(Clone, Debug, Sequence)]
pub(super) struct CertDigestObj {
    pub(super) r#type: der::asn1::PrintableString,
    pub(super) value: OctetString,
}

/// certListType for whole certificates.
pub(super) const CERTIFICATES: u32 = 1;
/// certListType for digests.
pub(super) const DIGESTS: u32 = 2;

/// ```text
/// TBS_Sign ::= SEQUENCE {
///     version      INTEGER,            -- 4
///     eseal        SESeal,
///     timeInfo     GeneralizedTime,    -- UTC
///     dataHash     BIT STRING,
///     propertyInfo IA5String,
///     extDatas     [0] EXPLICIT ExtensionDatas OPTIONAL }
/// ```
/// extDatas is not written.
#[derive(Sequence)]
struct TbsSign<'a> {
    version: u32,
    eseal: AnyRef<'a>,
    time_info: GeneralizedTime,
    data_hash: BitStringRef<'a>,
    property_info: Ia5StringRef<'a>,
}

/// ```text
/// SES_Signature ::= SEQUENCE {
///     toSign         TBS_Sign,
///     cert           OCTET STRING,     -- the signer's (签章人)
///     signatureAlgID OBJECT IDENTIFIER,
///     signature      BIT STRING,       -- DER SEQUENCE { r, s }
///     timeStamp      [0] EXPLICIT BIT STRING OPTIONAL }
/// ```
#[derive(Sequence)]
struct SesSignature<'a> {
    to_sign: AnyRef<'a>,
    cert: &'a OctetStringRef,
    signature_alg_id: ObjectIdentifier,
    signature: BitStringRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    time_stamp: Option<BitStringRef<'a>>,
}

pub(super) fn make_seal(
    content: &SealContent<'_>,
    maker_certificate: &[u8],
    key: &SigningKey,
    nonce: Nonce,
) -> Result<Vec<u8>, SealError> {
    let signers = content.signers.iter().map(|c| OctetString::new(*c)).collect::<Result<Vec<_>, _>>()?;
    let info = SesSealInfo {
        header: SesHeader::new(4)?,
        es_id: Ia5String::new(content.id)?,
        property: SesPropertyInfo {
            r#type: TYPE_UNIT,
            name: content.name.to_owned(),
            cert_list_type: CERTIFICATES,
            cert_list: Any::encode_from(&signers)?,
            create_date: GeneralizedTime::from_date_time(content.created),
            valid_start: GeneralizedTime::from_date_time(content.valid.0),
            valid_end: GeneralizedTime::from_date_time(content.valid.1),
        },
        picture: content.picture.to_asn1()?,
        ext_datas: None,
    };
    let info = info.to_der()?;
    let signature = key.sign(&info, nonce)?;
    let seal = SeSeal {
        eseal_info: Any::from_der(&info)?,
        cert: OctetString::new(maker_certificate)?,
        sign_alg_id: oid::SM2_WITH_SM3,
        signed_value: BitString::from_bytes(&signature.to_der())?,
        time_stamp: None,
    };
    Ok(seal.to_der()?)
}

pub(super) fn to_sign(
    seal: &[u8],
    time: der::DateTime,
    data_hash: &[u8],
    property_info: &str,
) -> Result<Vec<u8>, der::Error> {
    TbsSign {
        version: 4,
        eseal: AnyRef::from_der(seal)?,
        time_info: GeneralizedTime::from_date_time(time),
        data_hash: BitStringRef::from_bytes(data_hash)?,
        property_info: Ia5StringRef::new(property_info)?,
    }
    .to_der()
}

pub(super) fn signed(
    to_sign: &[u8],
    certificate: &[u8],
    signature: &[u8],
    timestamp: Option<&[u8]>,
) -> Result<Vec<u8>, der::Error> {
    SesSignature {
        to_sign: AnyRef::from_der(to_sign)?,
        cert: OctetStringRef::new(certificate)?,
        signature_alg_id: oid::SM2_WITH_SM3,
        signature: BitStringRef::from_bytes(signature)?,
        time_stamp: timestamp.map(BitStringRef::from_bytes).transpose()?,
    }
    .to_der()
}
