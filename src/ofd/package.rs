//! The package's parts and their names. GB/T 33190-2016, chapter 6.
//!
//! In: names and bytes. Out: [`Part`]s, which know their Reference element.
//! Invariant: a [`PackagePath`] is relative, ASCII and stays inside the package.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::WriteError;
use super::xml::Xml;
use crate::shared::Shared;

/// The name of a part, such as `Doc_0/Document.xml`: letters, digits and `._-+`; no leading slash, no `..`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackagePath(String);

impl PackagePath {
    /// Checks `name`.
    pub fn new(name: impl Into<String>) -> Result<PackagePath, WriteError> {
        let name = name.into();
        let segment = |s: &str| {
            !s.starts_with('.')
                && !s.is_empty()
                && s.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-+".contains(&b))
        };
        if name.len() <= 255 && name.split('/').all(segment) {
            Ok(PackagePath(name))
        } else {
            Err(WriteError::PartName(name))
        }
    }

    /// A name made of literals and numbers, right by construction.
    pub(super) fn known(name: impl Into<String>) -> PackagePath {
        let path = PackagePath(name.into());
        debug_assert!(PackagePath::new(path.as_str()).is_ok(), "{path:?}");
        path
    }

    /// As the archive names it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As parts refer to it from the root: with a leading slash (ST_Loc).
    pub fn absolute(&self) -> String {
        format!("/{}", self.0)
    }

    /// As parts refer to it from a folder, such as `Pages/Page_0/Content.xml` from `Doc_0`.
    pub(super) fn within(&self, folder: &str) -> &str {
        self.0.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).unwrap_or(&self.0)
    }
}

impl fmt::Debug for PackagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One part.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) path: PackagePath,
    pub(super) data: PartData,
}

/// A part's bytes, and whether deflating them gains anything.
#[derive(Clone, Debug)]
pub(super) enum PartData {
    /// XML: deflated.
    Plain(Shared),
    /// Fonts, attachments: deflated, and the PDF has them too.
    Shared(Shared),
    /// JPEG, PNG, signed values: stored as they are.
    Dense(Shared),
}

impl Part {
    pub(super) fn plain(path: PackagePath, data: Vec<u8>) -> Part {
        Part { path, data: PartData::Plain(data.into()) }
    }

    pub(super) fn shared(path: PackagePath, data: Shared) -> Part {
        Part { path, data: PartData::Shared(data) }
    }

    /// Its bytes as they are before deflating.
    pub(super) fn bytes(&self) -> &Shared {
        match &self.data {
            PartData::Plain(bytes) | PartData::Shared(bytes) | PartData::Dense(bytes) => bytes,
        }
    }

    /// The Reference element that binds this part into a signature: its path and the SM3 of its bytes as they are before deflating.
    pub(super) fn reference(&self, xml: &mut Xml) {
        xml.element("ofd:Reference").attr("FileRef", self.path.absolute()).open();
        xml.leaf("ofd:CheckValue", BASE64_STANDARD.encode(self.bytes().sm3()));
        xml.close("ofd:Reference");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_inside_the_package() {
        for name in ["OFD.xml", "Doc_0/Document.xml", "Doc_0/Res/Font_1.ttf", "a+b-c.json"] {
            assert_eq!(PackagePath::new(name).unwrap().as_str(), name);
        }
        for name in ["", "/OFD.xml", "a//b", "../a", "a/../b", ".", "a\\b", "a b", "证.xml", "a/", "C:a"] {
            assert!(PackagePath::new(name).is_err(), "{name}");
        }
    }

    fn part(name: &str, data: &[u8]) -> Part {
        Part::plain(PackagePath::new(name).unwrap(), data.to_vec())
    }

    #[test]
    fn a_reference_holds_the_digest_of_the_raw_part() {
        let mut xml = Xml::fragment();
        part("Doc_0/a.xml", b"abc").reference(&mut xml);
        // SM3("abc") of GB/T 32905, annex A.1.
        let digest = [
            0x66, 0xc7, 0xf0, 0xf4, 0x62, 0xee, 0xed, 0xd9, 0xd1, 0xf2, 0xd4, 0x6b, 0xdc, 0x10, 0xe4, 0xe2,
            0x41, 0x67, 0xc4, 0x87, 0x5c, 0xf2, 0xf7, 0xa2, 0x29, 0x7d, 0xa0, 0x2b, 0x8f, 0x4b, 0xa8, 0xe0,
        ];
        let value = BASE64_STANDARD.encode(digest);
        assert_eq!(
            format!("{xml:?}"),
            format!(
                "<ofd:Reference FileRef=\"/Doc_0/a.xml\"><ofd:CheckValue>{value}</ofd:CheckValue></ofd:Reference>"
            )
        );
    }
}
