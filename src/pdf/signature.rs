//! The signature field, its seal and the /ByteRange (ISO 32000-1, 12.7.4.5 and 12.8).
//!
//! In: an [`Unsealed`](super::Unsealed) file and a [`SignatureRequest`]. Out: [`Digested`], whose hash goes to the signer and whose
//! /Contents takes the signer's answer.
//! Invariant: the byte range covers the whole file but for the hexadecimal string of /Contents, delimiters included.

use std::io::Write as _;
use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectId, dictionary};

use super::PdfError;
use super::object::{Body, date, name, text_string, write_entries};
use crate::crypto::sm3::Sm3;
use crate::geom::Rect;
use crate::page::Timestamp;

/// How /Contents is encoded (12.8.3.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SubFilter {
    /// `adbe.pkcs7.detached`: CMS.
    AdbePkcs7Detached,
    /// `ETSI.CAdES.detached`: CMS with the attributes of CAdES.
    EtsiCadesDetached,
    /// `GM.sm2cms.detached`: SignedData of GB/T 35275.
    GmSm2CmsDetached,
    /// `GM.sm2seal`: SES_Signature of GB/T 38540.
    GmSm2Seal,
}

impl SubFilter {
    /// The value of /SubFilter.
    pub const fn as_str(self) -> &'static str {
        match self {
            SubFilter::AdbePkcs7Detached => "adbe.pkcs7.detached",
            SubFilter::EtsiCadesDetached => "ETSI.CAdES.detached",
            SubFilter::GmSm2CmsDetached => "GM.sm2cms.detached",
            SubFilter::GmSm2Seal => "GM.sm2seal",
        }
    }

    /// The value of /Filter: the handler that usually reads it.
    const fn handler(self) -> &'static str {
        match self {
            SubFilter::AdbePkcs7Detached | SubFilter::EtsiCadesDetached => "Adobe.PPKLite",
            SubFilter::GmSm2CmsDetached | SubFilter::GmSm2Seal => "GM.PKILite",
        }
    }
}

/// Where a seal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Index of the page in its document.
    pub page: usize,
    /// Upright on the page, as large as the seal.
    pub rect: Rect,
}

/// What the signature dictionary says.
#[derive(Clone, Debug)]
pub struct SignatureRequest {
    /// What /Contents will hold.
    pub sub_filter: SubFilter,
    /// Who signs, usually the subject of the certificate; left out when empty.
    pub signer_name: String,
    /// The claimed time.
    pub time: Timestamp,
    /// Room for /Contents, in bytes.
    pub contents_len: usize,
    /// Where the seal shows: the first place belongs to the signature field, the others show the same picture as stamp annotations. Without
    /// a place, or without a picture in the [`Base`](super::Base), the signature is invisible.
    /// [`Unsealed::stamps`](super::Unsealed::stamps) are the places the layout names.
    pub stamps: Vec<Stamp>,
}

/// A file that lacks nothing but the signature.
#[derive(Debug)]
pub struct Digested {
    bytes: Vec<u8>,
    /// The hexadecimal digits of /Contents.
    digits: Range<usize>,
    data_hash: [u8; 32],
}

/// The offsets at which the signature dictionary is still blank.
pub(super) struct Blanks {
    /// The three numbers of /ByteRange after the first.
    byte_range: Range<usize>,
    /// The digits of /Contents.
    digits: Range<usize>,
}

/// Writes the signature dictionary (table 252) with room for what is not known yet.
pub(super) fn write_dictionary(body: &mut Body, id: ObjectId, request: &SignatureRequest) -> Blanks {
    let mut entries = dictionary! {
        "Type" => name("Sig"),
        "Filter" => name(request.sub_filter.handler()),
        "SubFilter" => name(request.sub_filter.as_str()),
        "M" => date(request.time),
        "Reference" => vec![doc_mdp().into()],
    };
    if !request.signer_name.is_empty() {
        entries.set("Name", text_string(&request.signer_name));
    }
    let (mut byte_range, mut digits) = (0..0, 0..0);
    body.put_with(id, |out| {
        out.extend_from_slice(b"<<");
        write_entries(out, &entries);
        out.extend_from_slice(b"/ByteRange[0 ");
        byte_range = out.len()..out.len() + BYTE_RANGE_LEN;
        out.resize(byte_range.end, b' ');
        out.extend_from_slice(b"]/Contents<");
        digits = out.len()..out.len() + 2 * request.contents_len;
        out.resize(digits.end, b'0');
        out.extend_from_slice(b">>>");
    });
    Blanks { byte_range, digits }
}

/// Three numbers of at most ten digits, as many as a cross-reference table can address.
const BYTE_RANGE_LEN: usize = 3 * 10 + 2;

/// 12.8.2.2: the file is final; any later change invalidates the signature.
fn doc_mdp() -> Dictionary {
    dictionary! {
        "Type" => name("SigRef"),
        "TransformMethod" => name("DocMDP"),
        "TransformParams" => dictionary! {
            "Type" => name("TransformParams"),
            "P" => 1,
            "V" => name("1.2"),
        },
    }
}

impl Digested {
    /// States the byte range and hashes it. The first `hashed.1` bytes are already in `hashed.0`.
    pub(super) fn new(mut bytes: Vec<u8>, blanks: Blanks, hashed: (Sm3, usize)) -> Digested {
        let gap = blanks.digits.start - 1..blanks.digits.end + 1;
        let range = format!("{} {} {}", gap.start, gap.end, bytes.len() - gap.end);
        let mut blank = &mut bytes[blanks.byte_range];
        blank.write_all(range.as_bytes()).expect("ten digits a number are enough");
        let (mut state, known) = hashed;
        state.update(&bytes[known..gap.start]);
        state.update(&bytes[gap.end..]);
        Digested { data_hash: state.finish(), bytes, digits: blanks.digits }
    }

    /// SM3 over the byte range: the messageDigest of a CMS, or the dataHash of an SES_Signature.
    pub fn data_hash(&self) -> [u8; 32] {
        self.data_hash
    }

    /// The file with `contents` (DER) as /Contents.
    ///
    /// # Errors
    /// `contents` is longer than [`SignatureRequest::contents_len`].
    pub fn finish(mut self, contents: &[u8]) -> Result<Vec<u8>, PdfError> {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let room = self.digits.len() / 2;
        if contents.len() > room {
            return Err(PdfError::ContentsTooLong { len: contents.len(), room });
        }
        let digits = &mut self.bytes[self.digits];
        for (pair, byte) in digits.chunks_exact_mut(2).zip(contents) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        Ok(self.bytes)
    }
}

/// 12.5.3: printed, and not to be moved.
const PRINT_AND_LOCKED: i64 = 1 << 2 | 1 << 7;

/// The signature field, which is its own widget (12.5.6.19).
pub(super) fn field(signature: ObjectId) -> Dictionary {
    dictionary! {
        "Type" => name("Annot"),
        "Subtype" => name("Widget"),
        "F" => PRINT_AND_LOCKED,
        "FT" => name("Sig"),
        "T" => Object::string_literal("Seal"),
        "V" => signature,
    }
}

/// A further place where the seal shows (12.5.6.12).
pub(super) fn stamp() -> Dictionary {
    dictionary! {
        "Type" => name("Annot"),
        "Subtype" => name("Stamp"),
        "F" => PRINT_AND_LOCKED,
    }
}

/// The interactive form (12.7.2); 3 = signatures exist, and the file may only be appended to.
pub(super) fn form(field: ObjectId) -> Dictionary {
    dictionary! { "SigFlags" => 3, "Fields" => vec![field.into()] }
}
