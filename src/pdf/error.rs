//! Why a document cannot be written.

use crate::page::Ref;

/// What keeps a document from becoming a PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The document lies over another master than the base was made of.
    #[error("the document belongs to another layout")]
    OtherMaster,
    /// A run names a font that its document does not have.
    #[error("no such font: {0:?}")]
    NoFont(Ref),
    /// A run names a glyph that its subset does not have.
    #[error("font {font:?} has no glyph {glyph}")]
    NoGlyph {
        /// The subset.
        font: Ref,
        /// The glyph id.
        glyph: u16,
    },
    /// An item names an image that its document does not have.
    #[error("no such image: {0:?}")]
    NoImage(Ref),
    /// A page names a master page that does not exist.
    #[error("no such page: {0}")]
    NoPage(usize),
    /// A further signature has no field in the first revision.
    #[error("the pages keep no place for the seal of role {0}")]
    NoField(u16),
    /// The image cannot be carried.
    #[error("image: {0}")]
    Image(#[from] ImageError),
    /// The signature is longer than the room that was kept for it.
    #[error("the signature has {len} bytes, the room kept for it {room}")]
    ContentsTooLong {
        /// Bytes of the signature.
        len: usize,
        /// Bytes of /Contents.
        room: usize,
    },
}

/// What is wrong with an image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// Neither grey nor RGB.
    #[error("a JPEG of {0} components; give it as grey or RGB")]
    Components(u8),
    /// More pixels than [`MAX_PIXELS`](crate::page::MAX_PIXELS), or none.
    #[error("{width} x {height} pixels is out of range")]
    Dimensions {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The size that was read when the image came in is not the size the file states.
    #[error("the PNG turns out to have {width} x {height} pixels, the page expects another size")]
    SizeDiffers {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// The PNG ends before its IEND chunk.
    #[error("the PNG is cut short")]
    Truncated,
    /// A chunk of pixels does not match its checksum.
    #[error("the PNG is damaged: a checksum is wrong")]
    Checksum,
    /// The PNG is damaged.
    #[error("the PNG is damaged: {0}")]
    Png(#[from] png::DecodingError),
}
