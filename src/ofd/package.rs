//! The package: a ZIP of named parts. GB/T 33190-2016, chapter 6.
//!
//! In: parts as bytes. Out: one archive with fixed time stamps, in the order in which the parts were given.
//! Invariant: a [`PackagePath`] is relative, ASCII and stays inside the package.

use std::fmt;
use std::io::{Cursor, Write as _};
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, System, ZipArchive, ZipWriter};

use super::WriteError;
use super::xml::Xml;
use crate::crypto::sm3;

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
    /// XML, fonts, attachments: deflated.
    Plain(Vec<u8>),
    /// JPEG, PNG, signed values: stored as they are.
    Dense(Arc<[u8]>),
}

impl Part {
    pub(super) fn plain(path: PackagePath, data: Vec<u8>) -> Part {
        Part { path, data: PartData::Plain(data) }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        match &self.data {
            PartData::Plain(bytes) => bytes,
            PartData::Dense(bytes) => bytes,
        }
    }

    /// The Reference element that binds this part into a signature: its path and the SM3 of its bytes as they are before deflating.
    pub(super) fn reference(&self, xml: &mut Xml) {
        xml.element("ofd:Reference").attr("FileRef", self.path.absolute()).open();
        xml.leaf("ofd:CheckValue", BASE64_STANDARD.encode(sm3::digest(self.bytes())));
        xml.close("ofd:Reference");
    }
}

/// How hard deflate tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effort {
    /// For what is deflated once a layout.
    Most,
    /// For what is deflated once a record.
    Quick,
}

/// An archive while parts are added.
pub(super) struct Archive {
    zip: ZipWriter<Cursor<Vec<u8>>>,
    effort: Effort,
}

/// Finished entries that are copied into other archives as they are.
#[derive(Clone, Debug)]
pub(super) struct Prepared(ZipArchive<Cursor<Arc<[u8]>>>);

impl Archive {
    /// An empty archive that expects about `capacity` bytes.
    pub(super) fn new(effort: Effort, capacity: usize) -> Archive {
        Archive { zip: ZipWriter::new(Cursor::new(Vec::with_capacity(capacity))), effort }
    }

    /// Adds a part.
    pub(super) fn add(&mut self, part: &Part) -> Result<(), WriteError> {
        let (method, level) = match (&part.data, self.effort) {
            (PartData::Dense(_), _) => (CompressionMethod::Stored, None),
            (PartData::Plain(_), Effort::Most) => (CompressionMethod::Deflated, Some(9)),
            (PartData::Plain(_), Effort::Quick) => (CompressionMethod::Deflated, Some(QUICK_LEVEL)),
        };
        // 1980-01-01 and one system for all machines: the same parts give the same bytes.
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .compression_level(level)
            .last_modified_time(zip::DateTime::default())
            .unix_permissions(0o644)
            .system(System::Unix);
        self.zip.start_file(part.path.as_str(), options)?;
        self.zip.write_all(part.bytes()).map_err(zip::result::ZipError::Io)?;
        Ok(())
    }

    /// Copies finished entries without inflating them.
    pub(super) fn merge(&mut self, prepared: &Prepared) -> Result<(), WriteError> {
        Ok(self.zip.merge_archive(prepared.0.clone())?)
    }

    /// The archive's bytes.
    pub(super) fn finish(self) -> Result<Vec<u8>, WriteError> {
        Ok(self.zip.finish()?.into_inner())
    }

    /// The entries, to be copied.
    pub(super) fn prepare(self) -> Result<Prepared, WriteError> {
        let bytes: Arc<[u8]> = self.finish()?.into();
        Ok(Prepared(ZipArchive::new(Cursor::new(bytes))?))
    }
}

/// zlib level for what every record deflates: 2.6 times as fast as level 6 on a record's parts, for a seventh more bytes.
const QUICK_LEVEL: i64 = 1;

impl Prepared {
    /// How many bytes the entries take.
    pub(super) fn size(&self) -> usize {
        self.0.central_directory_start() as usize
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

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
    fn prepared_entries_come_out_as_they_went_in_and_in_their_place() {
        let mut prepared = Archive::new(Effort::Most, 0);
        prepared.add(&part("b", &[7; 5000])).unwrap();
        let prepared = prepared.prepare().unwrap();
        let mut archive = Archive::new(Effort::Quick, 0);
        archive.add(&part("a", b"first")).unwrap();
        archive.merge(&prepared).unwrap();
        archive.add(&part("c", b"last")).unwrap();
        let mut read = ZipArchive::new(Cursor::new(archive.finish().unwrap())).unwrap();
        let mut entries = Vec::new();
        for i in 0..read.len() {
            let mut entry = read.by_index(i).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            entries.push((entry.name().unwrap().into_owned(), data));
        }
        let expected = [("a", b"first".to_vec()), ("b", vec![7; 5000]), ("c", b"last".to_vec())];
        assert_eq!(entries, expected.map(|(n, d)| (n.to_owned(), d)));
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
