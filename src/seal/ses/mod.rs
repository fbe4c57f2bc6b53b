//! The seal and its signature as data: GB/T 38540-2020 ("V4"), GM/T 0031-2014 ("V1"), and what is known of GM/T 0031-2025.
//!
//! In: a picture, names, dates, certificates, keys; or DER. Out: SESeal and SES_Signature in DER; or [`Seal`], what either edition of
//! a seal says. Invariant: what the maker signed is checked over the bytes as they were read.

mod read;
mod sign;
mod signature;
mod signed_bytes;
mod v1;
mod v4;

use der::DateTime;
use der::Sequence;
use der::asn1::{Ia5String, OctetString};

pub use read::{Seal, SignerList};
pub(super) use sign::{SesSigner, ToSign};
pub use signature::SealSignature;

use super::SealError;
use crate::crypto::sm2::{Nonce, SigningKey};

/// The edition of a seal's data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SesVersion {
    /// GM/T 0031-2014.
    V1,
    /// GB/T 38540-2020.
    #[default]
    V4,
}

/// The header's ID in every edition.
const HEADER_ID: &str = "ES";

/// The program that made the seal, as the header names it (Vid).
const VENDOR: &str = "certpress";

/// ```text
/// SES_Header ::= SEQUENCE {
///     ID      IA5String,   -- "ES"
///     version INTEGER,
///     Vid     IA5String }
/// ```
#[derive(Clone, Debug, Sequence)]
struct SesHeader {
    id: Ia5String,
    version: u32,
    vid: Ia5String,
}

impl SesHeader {
    fn new(version: u32) -> Result<SesHeader, der::Error> {
        Ok(SesHeader { id: Ia5String::new(HEADER_ID)?, version, vid: Ia5String::new(VENDOR)? })
    }
}

/// ```text
/// SES_ESPictureInfo ::= SEQUENCE {
///     type   IA5String,
///     data   OCTET STRING,
///     width  INTEGER,      -- mm
///     height INTEGER }     -- mm
/// ```
#[derive(Clone, Debug, Sequence)]
struct SesPicture {
    r#type: Ia5String,
    data: OctetString,
    width: u32,
    height: u32,
}

/// A seal's picture as its data carry it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// `png`, `ofd`, in some seals `PNG`, `gif`, `bmp`.
    pub format: String,
    /// The file.
    pub data: Vec<u8>,
    /// Whole millimetres.
    pub width_mm: u32,
    /// Whole millimetres.
    pub height_mm: u32,
}

impl Picture {
    fn to_asn1(&self) -> Result<SesPicture, der::Error> {
        Ok(SesPicture {
            r#type: Ia5String::new(&self.format)?,
            data: OctetString::new(self.data.as_slice())?,
            width: self.width_mm,
            height: self.height_mm,
        })
    }
}

impl From<SesPicture> for Picture {
    fn from(picture: SesPicture) -> Picture {
        Picture {
            format: picture.r#type.as_str().to_owned(),
            data: picture.data.into_bytes().into_vec(),
            width_mm: picture.width,
            height_mm: picture.height,
        }
    }
}

/// What a new seal says.
#[derive(Clone, Debug)]
pub(super) struct SealContent<'a> {
    /// esID, printable ASCII.
    pub(super) id: &'a str,
    /// The seal's name.
    pub(super) name: &'a str,
    /// Who may use it: DER certificates.
    pub(super) signers: &'a [&'a [u8]],
    /// When it was made.
    pub(super) created: DateTime,
    /// First and last moment of validity.
    pub(super) valid: (DateTime, DateTime),
    /// The picture.
    pub(super) picture: &'a Picture,
}

/// The seal type of a unit (单位印章).
const TYPE_UNIT: u32 = 1;

/// The DER SESeal with this content, signed by the seal maker's `key`.
pub(super) fn make_seal(
    version: SesVersion,
    content: &SealContent<'_>,
    maker_certificate: &[u8],
    key: &SigningKey,
    nonce: Nonce,
) -> Result<Vec<u8>, SealError> {
    match version {
        SesVersion::V1 => v1::make_seal(content, maker_certificate, key, nonce),
        SesVersion::V4 => v4::make_seal(content, maker_certificate, key, nonce),
    }
}
