//! Raster images: checked, kept as they are.
//!
//! In: the bytes of a file. Out: [`Image`].
//! Invariant: what passes is what OFD and PDF both carry; writers pass it on, and nothing is ever encoded again.

mod jpeg;
mod png;

use thiserror::Error;

use crate::shared::Shared;

/// The most pixels an image may have.
pub const MAX_PIXELS: u64 = 64_000_000;

/// A raster image as it was given: kept in its own encoding, checked, never re-encoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The encoding of `data`.
    pub format: ImageFormat,
    /// The encoded file.
    pub data: Shared,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Colour components of a JPEG: 1 or 3. For a PNG the writers look at its header.
    pub components: u8,
}

/// The encodings that OFD-A and PDF both carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImageFormat {
    /// Baseline or progressive JPEG, 8 bits, grey or YCbCr.
    Jpeg,
    /// PNG.
    Png,
}

impl ImageFormat {
    /// The usual file extension.
    pub const fn extension(self) -> &'static str {
        match self {
            ImageFormat::Jpeg => "jpg",
            ImageFormat::Png => "png",
        }
    }
}

/// Why bytes are no image.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImageFlaw {
    /// More than [`MAX_PIXELS`], or none at all.
    #[error("has {width} x {height} pixels, outside what is taken")]
    Pixels {
        /// Across.
        width: u32,
        /// Down.
        height: u32,
    },
    /// Neither JPEG nor PNG.
    #[error("is {0}, neither JPEG nor PNG")]
    Format(&'static str),
    /// The file breaks off or breaks its own rules.
    #[error("is a damaged image: {0}")]
    Damaged(&'static str),
    /// A kind of JPEG or PNG that not every reader of OFD and PDF shows.
    #[error("is an image of a kind that readers do not agree on: {0}")]
    Unsupported(&'static str),
    /// EXIF says that it must be turned, which neither format does.
    #[error("is stored turned (EXIF orientation {0})")]
    Turned(u16),
}

impl ImageFlaw {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            ImageFlaw::Pixels { .. } => "image.pixels",
            ImageFlaw::Format(_) => "image.format",
            ImageFlaw::Damaged(_) => "image.damaged",
            ImageFlaw::Unsupported(_) => "image.unsupported",
            ImageFlaw::Turned(_) => "image.turned",
        }
    }

    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            ImageFlaw::Pixels { .. } => "save it smaller; 600 x 800 pixels print well at 30 x 40 mm",
            ImageFlaw::Format(_) | ImageFlaw::Damaged(_) => "save it again as JPEG or PNG",
            ImageFlaw::Unsupported(_) => "save it again as an RGB or grey JPEG or PNG of 8 bits",
            ImageFlaw::Turned(_) => "open it in an image program and save it upright",
        }
    }
}

impl Image {
    /// Checks the bytes of a JPEG by its headers, of a PNG by its pixels too, which the writers pass on as they are.
    pub fn read(data: impl Into<Shared>) -> Result<Image, ImageFlaw> {
        let data: Shared = data.into();
        let header = if data.starts_with(&[0xFF, 0xD8]) {
            jpeg::header(&data)?
        } else if data.starts_with(png::SIGNATURE) {
            png::header(&data)?
        } else {
            return Err(ImageFlaw::Format(other_format(&data)));
        };
        let Header { format, width, height, components } = header;
        if !(1..=MAX_PIXELS).contains(&(u64::from(width) * u64::from(height))) {
            return Err(ImageFlaw::Pixels { width, height });
        }
        if format == ImageFormat::Png {
            png::pixels(&data)?;
        }
        Ok(Image { format, data, width, height, components })
    }
}

/// What the headers say.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    format: ImageFormat,
    width: u32,
    height: u32,
    components: u8,
}

/// Names the formats that offices have at hand, by their first bytes.
fn other_format(data: &[u8]) -> &'static str {
    match data {
        [] => "an empty file",
        [b'B', b'M', ..] => "a BMP file",
        [b'G', b'I', b'F', b'8', ..] => "a GIF file",
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => "a WebP file",
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => "a TIFF file",
        [_, _, _, _, b'f', b't', b'y', b'p', ..] => "a HEIF file",
        [b'%', b'P', b'D', b'F', ..] => "a PDF file",
        _ => "a file of another kind",
    }
}

/// Two bytes, the higher first.
fn be16(data: &[u8], at: usize) -> Option<u16> {
    let bytes = data.get(at..at.checked_add(2)?)?;
    Some(u16::from_be_bytes(bytes.try_into().ok()?))
}

/// Four bytes, the highest first.
fn be32(data: &[u8], at: usize) -> Option<u32> {
    let bytes = data.get(at..at.checked_add(4)?)?;
    Some(u32::from_be_bytes(bytes.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_of_the_office_are_refused_by_name() {
        let cases: [(&[u8], &str); 3] =
            [(b"BM1234", "a BMP file"), (b"", "an empty file"), (b"\0\0\0\x18ftypheic", "a HEIF file")];
        for (data, name) in cases {
            assert_eq!(Image::read(data), Err(ImageFlaw::Format(name)));
        }
    }
}
