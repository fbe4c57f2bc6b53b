//! The signature dictionary and the /ByteRange (ISO 32000-1, 12.8).
//!
//! In: an [`Unsealed`](super::Unsealed) file, or a [`Signed`] one, and a [`SignatureRequest`]. Out: [`Digested`], whose hash goes to the
//! signer and whose /Contents takes the signer's answer.
//! Invariant: the byte range covers the whole file, all revisions so far, but for the hexadecimal string of /Contents, delimiters
//! included.

use std::io::Write as _;
use std::ops::Range;
use std::sync::OnceLock;

use lopdf::ObjectId;

use super::entries::{Entries, entries, name, text_string};
use super::field::OpenField;
use super::object::{Body, Trailer};
use super::{PdfError, Signed};
use crate::crypto::sm3::{Digest, Message, Sm3, Wanted};
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

/// What the signature dictionary says.
#[derive(Clone, Debug)]
pub struct SignatureRequest {
    /// Whose seal shows: an index into [`Master::seal_roles`](crate::page::Master::seal_roles).
    pub role: u16,
    /// What /Contents will hold.
    pub sub_filter: SubFilter,
    /// Who signs, usually the subject of the certificate; left out when empty.
    pub signer_name: String,
    /// The claimed time.
    pub time: Timestamp,
    /// Room for /Contents, in bytes.
    pub contents_len: usize,
}

/// What may change after a signature that vouches for the whole document (table 254).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changes {
    /// Nothing.
    None = 1,
    /// Fields may be filled in and signed.
    Signing = 2,
}

/// A file that lacks nothing but the signature.
#[derive(Debug)]
pub struct Digested {
    body: Body,
    /// The hexadecimal digits of /Contents.
    digits: Range<usize>,
    data_hash: OnceLock<Digest>,
    ahead: Ahead,
}

/// What a further signature needs to know of the revisions before it.
#[derive(Debug)]
pub(super) struct Ahead {
    pub(super) trailer: Trailer,
    /// The fields that are still empty.
    pub(super) open: Vec<OpenField>,
    /// The seals' form XObjects, by role.
    pub(super) seals: Vec<ObjectId>,
    /// SM3 of the first so many bytes.
    pub(super) hashed: (Sm3, usize),
}

/// The offsets at which the signature dictionary is still blank.
pub(super) struct Blanks {
    /// The three numbers of /ByteRange after the first.
    byte_range: Range<usize>,
    /// The digits of /Contents.
    digits: Range<usize>,
}

/// Writes the signature dictionary (table 252) with room for what is not known yet. The first one of a file states what may still
/// change, the others cannot.
pub(super) fn write_dictionary(
    body: &mut Body,
    id: ObjectId,
    request: &SignatureRequest,
    changes: Option<Changes>,
) -> Blanks {
    let mut entries = entries! {
        "Type" => name("Sig"),
        "Filter" => name(request.sub_filter.handler()),
        "SubFilter" => name(request.sub_filter.as_str()),
        "M" => request.time,
    };
    if let Some(changes) = changes {
        entries.set("Reference", [doc_mdp(changes)]);
    }
    if !request.signer_name.is_empty() {
        entries.set("Name", text_string(&request.signer_name));
    }
    let (mut byte_range, mut digits) = (0..0, 0..0);
    body.put_with(id, |out| {
        out.extend_from_slice(b"<<");
        out.extend_from_slice(entries.bytes());
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

/// 12.8.2.2: any other change than these invalidates the signature.
fn doc_mdp(changes: Changes) -> Entries {
    entries! {
        "Type" => name("SigRef"),
        "TransformMethod" => name("DocMDP"),
        "TransformParams" => entries! {
            "Type" => name("TransformParams"),
            "P" => changes as i64,
            "V" => name("1.2"),
        },
    }
}

impl Digested {
    /// States the byte range of a finished revision.
    pub(super) fn new(mut body: Body, blanks: Blanks, mut ahead: Ahead) -> Digested {
        let gap = blanks.digits.start - 1..blanks.digits.end + 1;
        let range = format!("{} {} {}", gap.start, gap.end, body.bytes().len() - gap.end);
        let mut blank = body.blank(blanks.byte_range);
        blank.write_all(range.as_bytes()).expect("ten digits a number are enough");
        if !ahead.open.is_empty() {
            // Signatures that follow are over these bytes, too.
            let (state, known) = &mut ahead.hashed;
            state.update(&body.bytes()[*known..gap.start]);
            *known = gap.start;
        }
        Digested { data_hash: OnceLock::new(), body, digits: blanks.digits, ahead }
    }

    /// SM3 over the byte range: the messageDigest of a CMS, or the dataHash of an SES_Signature.
    pub fn data_hash(&self) -> [u8; 32] {
        *self.data_hash.get_or_init(|| self.message().digest())
    }

    /// The same, to be made together with those of other files.
    pub(crate) fn wanted(&self) -> Wanted<'_> {
        Wanted { message: self.message(), place: &self.data_hash }
    }

    /// The byte range.
    fn message(&self) -> Message<'_> {
        let (bytes, (state, known)) = (self.body.bytes(), &self.ahead.hashed);
        Message::after(state, [&bytes[*known..self.digits.start - 1], &bytes[self.digits.end + 1..]])
    }

    /// The file with `contents` (DER) as /Contents.
    ///
    /// # Errors
    /// `contents` is longer than [`SignatureRequest::contents_len`].
    pub fn finish(mut self, contents: &[u8]) -> Result<Signed, PdfError> {
        const HEX: &[u8; 16] = b"0123456789ABCDEF";
        let room = self.digits.len() / 2;
        if contents.len() > room {
            return Err(PdfError::ContentsTooLong { len: contents.len(), room });
        }
        let data_hash = self.data_hash();
        let digits = self.body.blank(self.digits);
        for (pair, byte) in digits.chunks_exact_mut(2).zip(contents) {
            pair[0] = HEX[usize::from(byte >> 4)];
            pair[1] = HEX[usize::from(byte & 15)];
        }
        Ok(Signed { body: self.body, data_hash, ahead: self.ahead })
    }
}
