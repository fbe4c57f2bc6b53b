//! The package: a ZIP of named parts.
//!
//! In: parts as bytes. Out: one deterministic archive, OFD.xml first, time stamps fixed. GB/T 33190-2016, chapter 6.
//! Invariant: a [`PackagePath`] is relative, ASCII and stays inside the package.

use std::fmt;

use super::WriteError;

/// The name of a part, such as `Doc_0/Document.xml`: no leading slash, no `..`, no backslash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackagePath(String);

impl PackagePath {
    /// Checks `name`.
    pub fn new(name: impl Into<String>) -> Result<PackagePath, WriteError> {
        let name = name.into();
        let segment = |s: &str| !s.is_empty() && s != "." && s != "..";
        let character = |b: u8| b.is_ascii_graphic() && !b"\\:*?\"<>|".contains(&b);
        if name.len() <= 255 && name.split('/').all(segment) && name.bytes().all(character) {
            Ok(PackagePath(name))
        } else {
            Err(WriteError::Name(name))
        }
    }

    /// As the archive names it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As parts refer to it from the root: with a leading slash.
    pub fn absolute(&self) -> String {
        format!("/{}", self.0)
    }
}

impl fmt::Debug for PackagePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
