//! What is in a file: parts, pages, fonts, images, attachments, metadata, signatures; facts, and no judgement.
//!
//! In: the bytes of an OFD or a PDF, from anyone. Out: an [`Inspection`], or one part's bytes.
//! Invariant: only readers are used, within the limits that [`verify`](crate::verify) has too; no input panics. What cannot be explained is
//! told in [`Inspection::unexplained`], and the rest is explained nevertheless. Nothing that stands here was checked.

mod font;
mod ofd;
mod pdf;
mod signature;

use serde::Serialize;

use crate::crypto::x509::Holder;
use crate::seal::PictureDescription;
use crate::{ofd::read as ofd_read, pdf::read as pdf_read};

/// Why a file cannot be explained at all.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    /// Neither an OFD nor a PDF, by its first bytes.
    #[error("neither an OFD nor a PDF")]
    Format,
    /// The container of an OFD cannot be read.
    #[error(transparent)]
    Ofd(#[from] ofd_read::ReadError),
    /// The structure of a PDF cannot be read.
    #[error(transparent)]
    Pdf(#[from] pdf_read::ReadError),
    /// There is no part of this name.
    #[error("there is no part {0}")]
    Part(String),
}

/// What is in a file. Its JSON form is described in `docs/inspect.md`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Inspection {
    /// What it is.
    pub format: Format,
    /// The version that it states: `1.1` of an OFD, `1.7` of a PDF.
    pub version: String,
    /// Bytes of the file.
    pub bytes: usize,
    /// What it says about itself: the names of the format's own entries, and what they say.
    pub about: Vec<Entry>,
    /// What it consists of: the entries of an OFD in their order, the objects of a PDF by number.
    pub parts: Vec<Part>,
    /// How a PDF came about, the oldest save first; empty for an OFD.
    pub revisions: Vec<Revision>,
    /// The page templates of an OFD.
    pub templates: Vec<Page>,
    /// The pages.
    pub pages: Vec<Page>,
    /// The fonts.
    pub fonts: Vec<Font>,
    /// The images.
    pub images: Vec<Image>,
    /// The files inside the file.
    pub attachments: Vec<Attachment>,
    /// CustomDatas of an OFD, the certificate's properties in the XMP of a PDF.
    pub metadata: Vec<Entry>,
    /// The signatures, in the order of signing.
    pub signatures: Vec<Signature>,
    /// What could not be explained, and why.
    pub unexplained: Vec<String>,
}

/// What a file is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// GB/T 33190-2016.
    #[default]
    Ofd,
    /// ISO 32000.
    Pdf,
}

/// A name, and what stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The name.
    pub name: String,
    /// What it says.
    pub value: String,
}

/// A part of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Part {
    /// By which [`part()`] finds it: the name of an OFD's entry, the number of a PDF's object.
    pub name: String,
    /// What it is in the format's own word, such as `Page`, `SignedValue`, `FontFile2`; empty for what nothing else names.
    pub kind: String,
    /// Bytes in the file: deflated data of an OFD's entry; a PDF's object with what is around its data, or nothing for one in an object stream.
    pub stored: Option<usize>,
    /// Bytes of its data once inflated; absent for a PDF's object without data, or with data that are not inflated here.
    pub size: Option<usize>,
}

/// One save of a PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Revision {
    /// The byte after its end.
    pub end: usize,
    /// Objects that it wrote or removed.
    pub objects: usize,
}

/// A page, or a page template.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Page {
    /// Its part.
    pub part: String,
    /// Width in millimetres.
    pub width_mm: Option<f64>,
    /// Height in millimetres.
    pub height_mm: Option<f64>,
    /// Runs of text.
    pub texts: usize,
    /// Outlines.
    pub paths: usize,
    /// Images.
    pub images: usize,
    /// What else it shows: composite objects of an OFD; form XObjects and shadings of a PDF.
    pub others: usize,
    /// The parts of the templates that it shows, whose objects are not counted here.
    pub templates: Vec<String>,
}

/// A font.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Font {
    /// Its name without the tag of a subset.
    pub name: String,
    /// The six letters of a subset before its name.
    pub subset_tag: Option<String>,
    /// The PostScript name inside the font file.
    pub postscript_name: Option<String>,
    /// The part that holds it; `None` if it is not embedded.
    pub part: Option<String>,
    /// Bytes of the font file.
    pub size: Option<usize>,
    /// Glyphs in it.
    pub glyphs: Option<u16>,
}

/// An image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Image {
    /// Its part.
    pub part: String,
    /// Its encoding: `png`, `jpg` in an OFD, the filter in a PDF.
    pub encoding: String,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Bytes as it is encoded.
    pub size: usize,
}

/// A file inside the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Attachment {
    /// Its name.
    pub name: String,
    /// Its part in an OFD.
    pub part: Option<String>,
    /// Its MIME type, if it states one.
    pub media_type: Option<String>,
    /// Its bytes.
    pub size: usize,
}

/// A signature, as it stands there; nothing of it was checked.
#[derive(Clone, Debug, Serialize)]
pub struct Signature {
    /// Its ID in an OFD's list, the name of its field in a PDF.
    pub id: String,
    /// Its part.
    pub part: String,
    /// SignatureMethod of an OFD, SubFilter of a PDF.
    pub method: String,
    /// When it was made, as the file says beside the signed value.
    pub stated_time: Option<String>,
    /// What it covers.
    pub covers: Cover,
    /// What the signed value says, if it can be read.
    pub value: Option<SignedValue>,
}

/// What a signature covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Cover {
    /// Of an OFD, the parts by name, and those that it does not name.
    Parts {
        /// Those that it names.
        parts: Vec<String>,
        /// The others of the file.
        outside: Vec<String>,
    },
    /// Of a PDF, its /ByteRange, and the bytes of the file outside of that.
    Bytes {
        /// Offset and length, twice.
        byte_range: Vec<i64>,
        /// Bytes of the file before, between and behind these.
        outside: usize,
    },
}

/// What a signed value says.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SignedValue {
    /// Its structure: `SES_Signature` with its standard, `CMS` with the words it is told in, `RFC 3161`.
    pub form: String,
    /// The signature's algorithm.
    pub algorithm: String,
    /// Whose certificate stands with it.
    pub signer: Option<Holder>,
    /// When it was made, as the signer says inside it.
    pub time: Option<String>,
    /// The time of the timestamp on it, if there is one.
    pub timestamp: Option<String>,
    /// The seal in it.
    pub seal: Option<Seal>,
}

/// A seal in a signed value.
#[derive(Clone, Debug, Serialize)]
pub struct Seal {
    /// Its name.
    pub name: String,
    /// esID.
    pub id: String,
    /// First moment of validity, UTC.
    pub valid_from: String,
    /// Last moment of validity, UTC.
    pub valid_to: String,
    /// Its picture.
    pub picture: PictureDescription,
    /// Bytes of the seal.
    pub bytes: usize,
}

/// Explains an OFD or a PDF.
///
/// # Errors
/// It is neither, or its container cannot be read.
pub fn file(bytes: &[u8]) -> Result<Inspection, InspectError> {
    match format(bytes)? {
        Format::Ofd => ofd::inspect(bytes),
        Format::Pdf => pdf::inspect(bytes),
    }
}

/// The bytes of one part: of an OFD an entry by its name, inflated; of a PDF an object by its number, the data of a stream decoded where
/// they are deflated, any other object as it is written.
///
/// # Errors
/// The file is neither OFD nor PDF, cannot be read, or has no such part.
pub fn part(bytes: &[u8], name: &str) -> Result<Vec<u8>, InspectError> {
    match format(bytes)? {
        Format::Ofd => ofd::part(bytes, name),
        Format::Pdf => pdf::part(bytes, name),
    }
}

fn format(bytes: &[u8]) -> Result<Format, InspectError> {
    if bytes.starts_with(b"PK") {
        Ok(Format::Ofd)
    } else if bytes.starts_with(b"%PDF-") {
        Ok(Format::Pdf)
    } else {
        Err(InspectError::Format)
    }
}

impl Inspection {
    /// What `read` gives; where it cannot be read, that is told, and there is nothing in its place.
    fn explained<T: Default>(&mut self, read: Result<T, impl ToString>) -> T {
        read.unwrap_or_else(|error| {
            self.unexplained.push(error.to_string());
            T::default()
        })
    }
}

/// The entries that say something.
fn entries<'e>(said: impl IntoIterator<Item = (&'e str, &'e str)>) -> Vec<Entry> {
    let said = said.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(name, value)| Entry { name: name.to_owned(), value: value.to_owned() }).collect()
}
