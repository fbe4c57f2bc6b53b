//! Images of records: opened under one folder, or written in the record itself.
//!
//! In: a path under an [`ImageRoot`], or a `data:` URL. Out: a [`page::Image`](crate::page::Image).
//! Invariant: nothing outside the root is ever opened.

mod root;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thiserror::Error;

use crate::page::{Image, ImageFlaw};

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
    /// The text after `base64,` is not Base64.
    #[error("is not well-formed Base64")]
    Base64,
    /// The bytes are no image that can be used.
    #[error(transparent)]
    Flaw(#[from] ImageFlaw),
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
            ImageError::Base64 => "image.base64",
            ImageError::Flaw(flaw) => flaw.code(),
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
            ImageError::Bytes { .. } => "save it smaller; 600 x 800 pixels print well at 30 x 40 mm",
            ImageError::Base64 => {
                "write data:image/jpeg;base64, and the file in standard Base64 with padding"
            }
            ImageError::Flaw(flaw) => flaw.hint(),
        }
    }
}

/// Reads `data:image/…;base64,…`; the media type is not believed. `None` if `text` is no data URL.
pub(super) fn from_data_url(text: &str, max_bytes: usize) -> Option<Result<Image, ImageError>> {
    let (_, encoded) = text.strip_prefix("data:")?.split_once(";base64,")?;
    if encoded.len() / 4 * 3 > max_bytes.saturating_add(2) {
        return Some(Err(ImageError::Bytes { max: max_bytes }));
    }
    Some(match STANDARD.decode(encoded) {
        Ok(data) if data.len() > max_bytes => Err(ImageError::Bytes { max: max_bytes }),
        Ok(data) => Image::read(data).map_err(ImageError::Flaw),
        Err(_) => Err(ImageError::Base64),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_url_is_measured_before_it_is_decoded() {
        let url = format!("data:image/png;base64,{}", "!".repeat(100));
        assert_eq!(from_data_url(&url, 10), Some(Err(ImageError::Bytes { max: 10 })));
        assert_eq!(from_data_url(&url, 1000), Some(Err(ImageError::Base64)));
        assert_eq!(from_data_url("photos/01.png", 1000), None);
    }
}
