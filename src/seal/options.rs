//! What a caller may choose for one act of sealing.

use std::fmt;
use std::str::FromStr;

use crate::crypto::sm2::Nonce;
use crate::page::Timestamp;
use crate::pdf::SubFilter;

/// What a caller may choose for one act of sealing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealOptions {
    /// The claimed time of the signatures.
    pub time: Timestamp,
    /// How nonces are made; [`Nonce::Deterministic`] for reproducible documents.
    pub nonce: Nonce,
    /// The form of the PDF's signature.
    pub pdf_profile: PdfProfile,
}

impl SealOptions {
    /// Sealing at `time`, with hedged nonces and a CMS signature in the PDF.
    pub fn at(time: Timestamp) -> SealOptions {
        SealOptions { time, nonce: Nonce::Hedged, pdf_profile: PdfProfile::default() }
    }

    /// The same with nonces made this way.
    pub fn with_nonce(self, nonce: Nonce) -> SealOptions {
        SealOptions { nonce, ..self }
    }

    /// The same with this form of the PDF's signature.
    pub fn with_pdf_profile(self, pdf_profile: PdfProfile) -> SealOptions {
        SealOptions { pdf_profile, ..self }
    }
}

/// The form of a PDF's signature. All use SM2 with SM3.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PdfProfile {
    /// RFC 5652 SignedData with signed attributes, `/SubFilter /adbe.pkcs7.detached`.
    #[default]
    Cms,
    /// The same with signingCertificateV2 and without signingTime, `/SubFilter /ETSI.CAdES.detached`.
    Cades,
    /// GB/T 35275 SignedData, `/SubFilter /GM.sm2cms.detached`.
    GmCms,
    /// GB/T 38540 SES_Signature, `/SubFilter /GM.sm2seal`.
    GmSeal,
}

impl PdfProfile {
    /// All of them, the default first.
    pub const ALL: [PdfProfile; 4] =
        [PdfProfile::Cms, PdfProfile::Cades, PdfProfile::GmCms, PdfProfile::GmSeal];

    /// The name on the command line: `cms`, `cades`, `gm-cms`, `gm-seal`.
    pub const fn name(self) -> &'static str {
        match self {
            PdfProfile::Cms => "cms",
            PdfProfile::Cades => "cades",
            PdfProfile::GmCms => "gm-cms",
            PdfProfile::GmSeal => "gm-seal",
        }
    }

    /// The PDF's /SubFilter.
    pub const fn sub_filter(self) -> SubFilter {
        match self {
            PdfProfile::Cms => SubFilter::AdbePkcs7Detached,
            PdfProfile::Cades => SubFilter::EtsiCadesDetached,
            PdfProfile::GmCms => SubFilter::GmSm2CmsDetached,
            PdfProfile::GmSeal => SubFilter::GmSm2Seal,
        }
    }
}

impl fmt::Display for PdfProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for PdfProfile {
    type Err = String;

    fn from_str(text: &str) -> Result<PdfProfile, String> {
        PdfProfile::ALL
            .into_iter()
            .find(|p| p.name() == text)
            .ok_or_else(|| format!("not a PDF signature profile (cms, cades, gm-cms, gm-seal): {text}"))
    }
}
