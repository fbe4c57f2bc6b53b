//! Images of records: opened under one folder, checked by their headers, kept as they are.
//!
//! In: a path under an [`ImageRoot`], a `data:` URL, or the bytes. Out: a [`page::Image`](crate::page::Image).
//! Invariant: nothing outside the root is ever opened, and nothing is decoded: what passes is what both formats carry.

mod jpeg;
mod png;
mod root;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::page::{Image, ImageFormat, MAX_PIXELS};

pub use root::ImageRoot;

/// Why an image was refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImageError {
    /// A path, and no folder to look in.
    #[error("names a file, but no image folder was given")]
    NoRoot,
    /// The path or a link leads out of the folder.
    #[error("names a file outside the image folder")]
    Outside,
    /// There is nothing under this path.
    #[error("names a file that does not exist")]
    Missing,
    /// It exists and cannot be read.
    #[error("names a file that cannot be read ({0})")]
    Unreadable(String),
    /// More bytes than the field takes.
    #[error("is larger than {max} bytes")]
    Bytes {
        /// The limit.
        max: usize,
    },
    /// More than [`MAX_PIXELS`], or none at all.
    #[error("has {width} x {height} pixels, outside what is taken")]
    Pixels {
        /// Across.
        width: u32,
        /// Down.
        height: u32,
    },
    /// The text after `base64,` is not Base64.
    #[error("is not well-formed Base64")]
    Base64,
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

impl ImageError {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            ImageError::NoRoot => "image.no-folder",
            ImageError::Outside => "image.outside",
            ImageError::Missing => "image.missing",
            ImageError::Unreadable(_) => "image.unreadable",
            ImageError::Bytes { .. } => "image.bytes",
            ImageError::Pixels { .. } => "image.pixels",
            ImageError::Base64 => "image.base64",
            ImageError::Format(_) => "image.format",
            ImageError::Damaged(_) => "image.damaged",
            ImageError::Unsupported(_) => "image.unsupported",
            ImageError::Turned(_) => "image.turned",
        }
    }

    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            ImageError::NoRoot => "name the folder, or give the image as a data: URL",
            ImageError::Outside => {
                "use a path relative to the image folder, without .. and links that leave it"
            }
            ImageError::Missing => {
                "check the path and the letter case; paths are relative to the image folder"
            }
            ImageError::Unreadable(_) => "check that it is a file and who may read it",
            ImageError::Bytes { .. } | ImageError::Pixels { .. } => {
                "save it smaller; 600 x 800 pixels print well at 30 x 40 mm"
            }
            ImageError::Base64 => {
                "write data:image/jpeg;base64, and the file in standard Base64 with padding"
            }
            ImageError::Format(_) | ImageError::Damaged(_) => "save it again as JPEG or PNG",
            ImageError::Unsupported(_) => "save it again as an RGB or grey JPEG or PNG of 8 bits",
            ImageError::Turned(_) => "open it in an image program and save it upright",
        }
    }
}

/// Checks the bytes of a JPEG by its headers, of a PNG by its pixels too, which the writers pass on as they are.
pub fn read(data: impl Into<Arc<[u8]>>) -> Result<Image, ImageError> {
    let data = data.into();
    let header = if data.starts_with(&[0xFF, 0xD8]) {
        jpeg::header(&data)?
    } else if data.starts_with(png::SIGNATURE) {
        png::header(&data)?
    } else {
        return Err(ImageError::Format(other_format(&data)));
    };
    let Header { format, width, height, components } = header;
    if !(1..=MAX_PIXELS).contains(&(u64::from(width) * u64::from(height))) {
        return Err(ImageError::Pixels { width, height });
    }
    if format == ImageFormat::Png {
        png::pixels(&data)?;
    }
    Ok(Image { format, data, width, height, components })
}

/// Reads `data:image/…;base64,…`; the media type is not believed. `None` if `text` is no data URL.
pub(super) fn from_data_url(text: &str, max_bytes: usize) -> Option<Result<Image, ImageError>> {
    let (_, encoded) = text.strip_prefix("data:")?.split_once(";base64,")?;
    if encoded.len() / 4 * 3 > max_bytes.saturating_add(2) {
        return Some(Err(ImageError::Bytes { max: max_bytes }));
    }
    Some(match STANDARD.decode(encoded) {
        Ok(data) if data.len() > max_bytes => Err(ImageError::Bytes { max: max_bytes }),
        Ok(data) => read(data),
        Err(_) => Err(ImageError::Base64),
    })
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
            assert_eq!(read(data), Err(ImageError::Format(name)));
        }
    }

    #[test]
    fn a_data_url_is_measured_before_it_is_decoded() {
        let url = format!("data:image/png;base64,{}", "!".repeat(100));
        assert_eq!(from_data_url(&url, 10), Some(Err(ImageError::Bytes { max: 10 })));
        assert_eq!(from_data_url(&url, 1000), Some(Err(ImageError::Base64)));
        assert_eq!(from_data_url("photos/01.png", 1000), None);
    }
}
