//! GM/T 0031-2014. The maker signs SEQUENCE { SES_SealInfo, cert, signatureAlgorithm }, the signer DER(TBS_Sign).

use der::asn1::{Any, AnyRef, BitString, BitStringRef, Ia5String, Ia5StringRef, ObjectIdentifier};
use der::asn1::{OctetString, OctetStringRef, UtcTime};
use der::{Decode as _, Encode as _, Sequence};

use super::{SealContent, SesHeader, SesPicture, TYPE_UNIT};
use crate::crypto::oid;
use crate::crypto::sm2::{Nonce, SigningKey};
use crate::seal::SealError;

/// ```text
/// SESeal ::= SEQUENCE {
///     esealInfo SES_SealInfo,
///     signInfo  SES_SignInfo }
/// ```
#[derive(Clone, Debug, Sequence)]
pub(super) struct SeSeal {
    pub(super) eseal_info: Any,
    pub(super) sign_info: SesSignInfo,
}

/// ```text
/// SES_SignInfo ::= SEQUENCE {
///     cert               OCTET STRING,     -- the seal maker's (制章人)
///     signatureAlgorithm OBJECT IDENTIFIER,
///     signData           BIT STRING }
/// ```
#[derive(Clone, Debug, Sequence)]
pub(super) struct SesSignInfo {
    pub(super) cert: OctetString,
    pub(super) signature_algorithm: ObjectIdentifier,
    pub(super) sign_data: BitString,
}

/// What the maker signs.
#[derive(Sequence)]
struct SignedPart<'a> {
    eseal_info: AnyRef<'a>,
    cert: &'a OctetStringRef,
    signature_algorithm: ObjectIdentifier,
}

/// ```text
/// SES_SealInfo ::= SEQUENCE {
///     header   SES_Header,
///     esID     IA5String,
///     property SES_ESPropertyInfo,
///     picture  SES_ESPictureInfo,
///     extDatas ExtensionDatas OPTIONAL }
/// ```
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
///     type       INTEGER,              -- 1 unit, 2 person
///     name       UTF8String,
///     certList   SEQUENCE OF OCTET STRING,
///     createDate UTCTime,
///     validStart UTCTime,
///     validEnd   UTCTime }
/// ```
#[derive(Clone, Debug, Sequence)]
pub(super) struct SesPropertyInfo {
    pub(super) r#type: u32,
    pub(super) name: String,
    pub(super) cert_list: Vec<OctetString>,
    pub(super) create_date: UtcTime,
    pub(super) valid_start: UtcTime,
    pub(super) valid_end: UtcTime,
}

/// ```text
/// TBS_Sign ::= SEQUENCE {
///     version            INTEGER,      -- 1
///     eseal              SESeal,
///     timeInfo           BIT STRING,   -- here the DER of a UTCTime
///     dataHash           BIT STRING,
///     propertyInfo       IA5String,
///     cert               OCTET STRING, -- the signer's (签章人)
///     signatureAlgorithm OBJECT IDENTIFIER }
/// ```
#[derive(Sequence)]
struct TbsSign<'a> {
    version: u32,
    eseal: AnyRef<'a>,
    time_info: BitStringRef<'a>,
    data_hash: BitStringRef<'a>,
    property_info: Ia5StringRef<'a>,
    cert: &'a OctetStringRef,
    signature_algorithm: ObjectIdentifier,
}

/// ```text
/// SES_Signature ::= SEQUENCE {
///     toSign    TBS_Sign,
///     signature BIT STRING }
/// ```
#[derive(Sequence)]
struct SesSignature<'a> {
    to_sign: AnyRef<'a>,
    signature: BitStringRef<'a>,
}

pub(super) fn make_seal(
    content: &SealContent<'_>,
    maker_certificate: &[u8],
    key: &SigningKey,
    nonce: Nonce,
) -> Result<Vec<u8>, SealError> {
    let info = SesSealInfo {
        header: SesHeader::new(1)?,
        es_id: Ia5String::new(content.id)?,
        property: SesPropertyInfo {
            r#type: TYPE_UNIT,
            name: content.name.to_owned(),
            cert_list: content.signers.iter().map(|c| OctetString::new(*c)).collect::<Result<_, _>>()?,
            create_date: UtcTime::from_date_time(content.created)?,
            valid_start: UtcTime::from_date_time(content.valid.0)?,
            valid_end: UtcTime::from_date_time(content.valid.1)?,
        },
        picture: content.picture.to_asn1()?,
        ext_datas: None,
    };
    let info = Any::from_der(&info.to_der()?)?;
    let signature = key.sign(&signed_part(&info, maker_certificate)?, nonce)?;
    let sign_info = SesSignInfo {
        cert: OctetString::new(maker_certificate)?,
        signature_algorithm: oid::SM2_WITH_SM3,
        sign_data: BitString::from_bytes(&signature.to_der())?,
    };
    Ok(SeSeal { eseal_info: info, sign_info }.to_der()?)
}

/// The bytes that the maker signs.
pub(super) fn signed_part(info: &Any, maker_certificate: &[u8]) -> Result<Vec<u8>, der::Error> {
    SignedPart {
        eseal_info: info.into(),
        cert: OctetStringRef::new(maker_certificate)?,
        signature_algorithm: oid::SM2_WITH_SM3,
    }
    .to_der()
}

pub(super) fn to_sign(
    seal: &[u8],
    time: der::DateTime,
    data_hash: &[u8],
    property_info: &str,
    certificate: &[u8],
) -> Result<Vec<u8>, der::Error> {
    TbsSign {
        version: 1,
        eseal: AnyRef::from_der(seal)?,
        time_info: BitStringRef::from_bytes(&UtcTime::from_date_time(time)?.to_der()?)?,
        data_hash: BitStringRef::from_bytes(data_hash)?,
        property_info: Ia5StringRef::new(property_info)?,
        cert: OctetStringRef::new(certificate)?,
        signature_algorithm: oid::SM2_WITH_SM3,
    }
    .to_der()
}

pub(super) fn signed(to_sign: &[u8], signature: &[u8]) -> Result<Vec<u8>, der::Error> {
    SesSignature { to_sign: AnyRef::from_der(to_sign)?, signature: BitStringRef::from_bytes(signature)? }
        .to_der()
}
