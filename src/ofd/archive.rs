//! The ZIP around the parts. APPNOTE.TXT 6.3.10, 4.3; GB/T 33190-2016, chapter 6.
//!
//! In: parts, and [`Prepared`] ones that were deflated before. Out: one archive with fixed time stamps, in the order in which the parts
//! were given.
//! Invariant: sizes and checksums stand in the local headers, before the data, and no byte lies between entries.

use super::WriteError;
use super::package::{Part, PartData};
use crate::deflate::{self, Effort};

/// 4.4.3.2: version 2.0, which knows deflate.
const VERSION: u16 = 20;
/// 4.4.2: made on Unix, whoever makes it: the same parts give the same bytes.
const MADE_BY: u16 = 3 << 8 | VERSION;
/// 4.4.6: 1980-01-01, the first day there is.
const DATE: u16 = 1 << 5 | 1;
/// 4.4.15: a plain file that all may read (0644).
const ATTRIBUTES: u32 = 0o100_644 << 16;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// An archive while parts are added.
#[derive(Clone, Debug)]
pub(super) struct Archive {
    effort: Effort,
    bytes: Vec<u8>,
    directory: Vec<Record>,
}

/// An entry, as both its headers tell it.
#[derive(Clone, Debug)]
struct Record {
    name: String,
    method: u16,
    checksum: u32,
    packed: usize,
    size: usize,
    /// Where its local header lies.
    offset: usize,
}

/// Finished entries that are copied into other archives as they are.
#[derive(Clone, Debug)]
pub(super) struct Prepared(Archive);

impl Prepared {
    /// How many bytes the entries take.
    pub(super) fn size(&self) -> usize {
        self.0.bytes.len()
    }
}

impl Archive {
    /// An empty archive that expects about `capacity` bytes.
    pub(super) fn new(effort: Effort, capacity: usize) -> Archive {
        Archive { effort, bytes: Vec::with_capacity(capacity), directory: Vec::with_capacity(24) }
    }

    /// Adds a part.
    pub(super) fn add(&mut self, part: &Part) {
        let (data, offset) = (part.bytes(), self.bytes.len());
        let as_it_is = matches!(part.data, PartData::Dense(_)) || self.effort.spares(data);
        let mut record = Record {
            name: part.path.as_str().to_owned(),
            method: if as_it_is { STORED } else { DEFLATED },
            checksum: libdeflater::crc32(data),
            packed: data.len(),
            size: data.len(),
            offset,
        };
        record.local_header(&mut self.bytes);
        let start = self.bytes.len();
        match &part.data {
            _ if as_it_is => self.bytes.extend_from_slice(data),
            PartData::Shared(shared) => self.bytes.extend_from_slice(shared.deflated(self.effort)),
            _ => deflate::append(&mut self.bytes, data, self.effort),
        }
        record.packed = self.bytes.len() - start;
        let packed = u32::try_from(record.packed).unwrap_or(u32::MAX);
        self.bytes[offset + PACKED_AT..offset + PACKED_AT + 4].copy_from_slice(&packed.to_le_bytes());
        self.directory.push(record);
    }

    /// Copies finished entries without inflating them.
    pub(super) fn merge(&mut self, Prepared(prepared): &Prepared) {
        let before = self.bytes.len();
        self.bytes.extend_from_slice(&prepared.bytes);
        let moved = |r: &Record| Record { offset: before + r.offset, ..r.clone() };
        self.directory.extend(prepared.directory.iter().map(moved));
    }

    /// The entries, to be copied.
    pub(super) fn prepare(self) -> Prepared {
        Prepared(self)
    }

    /// The archive's bytes: after the entries the central directory (4.3.12) and its end record (4.3.16).
    ///
    /// # Errors
    /// The fields of a plain ZIP do not hold so many entries or so many bytes.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, WriteError> {
        let start = self.bytes.len();
        for record in &self.directory {
            record.central_header(&mut self.bytes);
        }
        let end = self.bytes.len();
        let sizes = self.directory.iter().map(|r| r.size).chain([end]);
        let largest = sizes.max().and_then(|size| u32::try_from(size).ok()).filter(|&size| size < u32::MAX);
        let count = u16::try_from(self.directory.len()).ok().filter(|&count| count < u16::MAX);
        let (Some(_), Some(count)) = (largest, count) else { return Err(WriteError::TooLarge) };
        let out = &mut self.bytes;
        out.extend_from_slice(b"PK\x05\x06");
        put16(out, [0, 0, count, count]);
        put32(out, [(end - start) as u32, start as u32]);
        put16(out, [0]);
        Ok(self.bytes)
    }
}

/// Where the packed size stands in a local header.
const PACKED_AT: usize = 18;

impl Record {
    /// 4.3.7.
    fn local_header(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"PK\x03\x04");
        self.common(out);
        out.extend_from_slice(self.name.as_bytes());
    }

    /// 4.3.12.
    fn central_header(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"PK\x01\x02");
        put16(out, [MADE_BY]);
        self.common(out);
        // No comment, the first disk, no internal attributes.
        put16(out, [0, 0, 0]);
        put32(out, [ATTRIBUTES, self.offset as u32]);
        out.extend_from_slice(self.name.as_bytes());
    }

    /// What both headers say: from the version to the length of the extra field. Numbers that are too large are refused at the end.
    fn common(&self, out: &mut Vec<u8>) {
        put16(out, [VERSION, 0, self.method, 0, DATE]);
        put32(out, [self.checksum, self.packed as u32, self.size as u32]);
        // A PackagePath has at most 255 bytes.
        put16(out, [self.name.len() as u16, 0]);
    }
}

fn put16<const N: usize>(out: &mut Vec<u8>, numbers: [u16; N]) {
    numbers.into_iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
}

fn put32<const N: usize>(out: &mut Vec<u8>, numbers: [u32; N]) {
    numbers.into_iter().for_each(|n| out.extend_from_slice(&n.to_le_bytes()));
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use super::*;
    use crate::ofd::PackagePath;
    use crate::shared::Shared;

    fn part(name: &str, data: &[u8]) -> Part {
        Part::plain(PackagePath::new(name).unwrap(), data.to_vec())
    }

    /// What another reader finds: names, data, and whether they were deflated.
    fn read(archive: Archive) -> Vec<(String, Vec<u8>, bool)> {
        let mut read = zip::ZipArchive::new(Cursor::new(archive.finish().unwrap())).unwrap();
        let mut entries = Vec::new();
        for i in 0..read.len() {
            let mut entry = read.by_index(i).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            let deflated = entry.compression() == zip::CompressionMethod::Deflated;
            entries.push((entry.name().unwrap().into_owned(), data, deflated));
        }
        entries
    }

    #[test]
    fn prepared_entries_come_out_as_they_went_in_and_in_their_place() {
        let mut prepared = Archive::new(Effort::Static, 0);
        prepared.add(&part("b", &[7; 5000]));
        let prepared = prepared.prepare();
        let mut archive = Archive::new(Effort::Record, 0);
        archive.add(&part("a", b"first"));
        archive.merge(&prepared);
        archive.add(&part("c", &[8; 5000]));
        let expected =
            [("a", b"first".to_vec(), false), ("b", vec![7; 5000], true), ("c", vec![8; 5000], true)];
        assert_eq!(read(archive), expected.map(|(n, d, deflated)| (n.to_owned(), d, deflated)));
    }

    #[test]
    fn dense_parts_stay_as_they_are_and_shared_ones_are_deflated_once() {
        let shared = Shared::from(vec![9; 5000]);
        let path = |name: &str| PackagePath::new(name).unwrap();
        let mut archive = Archive::new(Effort::Record, 0);
        archive.add(&Part { path: path("dense"), data: PartData::Dense(vec![9; 5000].into()) });
        archive.add(&Part { path: path("shared"), data: PartData::Shared(shared.clone()) });
        let size = archive.bytes.len();
        assert!(size < 5000 + shared.deflated(Effort::Record).len() + 100, "{size}");
        let kinds: Vec<_> =
            read(archive).into_iter().map(|(_, data, deflated)| (data.len(), deflated)).collect();
        assert_eq!(kinds, [(5000, false), (5000, true)]);
    }

    #[test]
    fn an_archive_without_entries_and_an_empty_part_are_read_too() {
        assert_eq!(read(Archive::new(Effort::Record, 0)), []);
        let mut archive = Archive::new(Effort::Static, 0);
        archive.add(&part("empty", b""));
        assert_eq!(read(archive), [("empty".to_owned(), Vec::new(), true)]);
    }
}
