//! A ZIP writer that can lie: each header is built from fields that a test may change.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The fields that a local header and a record of the central directory share.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    pub(crate) flags: u16,
    pub(crate) method: u16,
    pub(crate) checksum: u32,
    pub(crate) packed: u32,
    pub(crate) size: u32,
    pub(crate) name: Vec<u8>,
    pub(crate) extra: Vec<u8>,
}

/// An entry as it is told twice.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) local: Header,
    pub(crate) central: Header,
    pub(crate) data: Vec<u8>,
    pub(crate) descriptor: Vec<u8>,
    /// Bytes after all that.
    pub(crate) stray: Vec<u8>,
    pub(crate) made_by: u16,
    pub(crate) attributes: u32,
    /// What is added to the offset of the local header.
    pub(crate) offset: i64,
    /// Left out of the central directory.
    pub(crate) hidden: bool,
}

/// An archive to be.
#[derive(Clone, Debug, Default)]
pub(crate) struct Zip {
    pub(crate) prefix: Vec<u8>,
    pub(crate) entries: Vec<Entry>,
    /// The order of the central directory; empty for that of the entries.
    pub(crate) order: Vec<usize>,
    /// What is added to the count that the end record states.
    pub(crate) count: i32,
    pub(crate) disk: u16,
    pub(crate) comment: Vec<u8>,
    /// Bytes between the central directory and the end record.
    pub(crate) before_end: Vec<u8>,
    pub(crate) suffix: Vec<u8>,
}

impl Entry {
    pub(crate) fn stored(name: &str, data: &[u8]) -> Entry {
        Entry::new(name, data, data.to_vec(), 0)
    }

    pub(crate) fn deflated(name: &str, data: &[u8]) -> Entry {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(data).unwrap();
        Entry::new(name, data, encoder.finish().unwrap(), 8)
    }

    fn new(name: &str, data: &[u8], packed: Vec<u8>, method: u16) -> Entry {
        let mut checksum = flate2::Crc::new();
        checksum.update(data);
        let header = Header {
            flags: 0,
            method,
            checksum: checksum.sum(),
            packed: packed.len() as u32,
            size: data.len() as u32,
            name: name.as_bytes().to_vec(),
            extra: Vec::new(),
        };
        Entry {
            local: header.clone(),
            central: header,
            data: packed,
            descriptor: Vec::new(),
            stray: Vec::new(),
            made_by: 3 << 8 | 20,
            attributes: 0o100_644 << 16,
            offset: 0,
            hidden: false,
        }
    }

    /// Sizes and checksum after the data, as writers to a stream do.
    pub(crate) fn deferred(mut self, with_signature: bool) -> Entry {
        let header = &mut self.local;
        if with_signature {
            self.descriptor.extend(0x0807_4b50_u32.to_le_bytes());
        }
        for field in [&mut header.checksum, &mut header.packed, &mut header.size] {
            self.descriptor.extend(field.to_le_bytes());
            *field = 0;
        }
        header.flags |= 8;
        self.central.flags |= 8;
        self
    }

    /// The same change to both headers.
    pub(crate) fn both(&mut self, change: impl Fn(&mut Header)) {
        change(&mut self.local);
        change(&mut self.central);
    }
}

impl Header {
    fn write(&self, out: &mut Vec<u8>, comment_follows: bool) {
        for v in [20, self.flags, self.method, 0, 0x21] {
            out.extend(v.to_le_bytes());
        }
        for v in [self.checksum, self.packed, self.size] {
            out.extend(v.to_le_bytes());
        }
        out.extend((self.name.len() as u16).to_le_bytes());
        out.extend((self.extra.len() as u16).to_le_bytes());
        if !comment_follows {
            out.extend(&self.name);
            out.extend(&self.extra);
        }
    }
}

impl Zip {
    pub(crate) fn of(entries: Vec<Entry>) -> Zip {
        Zip { entries, ..Zip::default() }
    }

    pub(crate) fn build(&self) -> Vec<u8> {
        let mut out = self.prefix.clone();
        let mut offsets = Vec::new();
        for entry in &self.entries {
            offsets.push((out.len() as i64 + entry.offset) as u32);
            out.extend(0x0403_4b50_u32.to_le_bytes());
            entry.local.write(&mut out, false);
            out.extend(&entry.data);
            out.extend(&entry.descriptor);
            out.extend(&entry.stray);
        }
        let start = out.len();
        let all: Vec<usize> = (0..self.entries.len()).collect();
        let order = if self.order.is_empty() { &all } else { &self.order };
        let mut count = self.count;
        for &i in order.iter().filter(|&&i| !self.entries[i].hidden) {
            let entry = &self.entries[i];
            count += 1;
            out.extend(0x0201_4b50_u32.to_le_bytes());
            out.extend(entry.made_by.to_le_bytes());
            entry.central.write(&mut out, true);
            out.extend([0; 6]); // comment length, disk, internal attributes
            out.extend(entry.attributes.to_le_bytes());
            out.extend(offsets[i].to_le_bytes());
            out.extend(&entry.central.name);
            out.extend(&entry.central.extra);
        }
        let size = out.len() - start;
        out.extend(&self.before_end);
        out.extend(end_record(self.disk, count as u16, size, start, self.comment.len()));
        out.extend(&self.comment);
        out.extend(&self.suffix);
        out
    }
}

/// The end record (4.3.16).
pub(crate) fn end_record(disk: u16, count: u16, size: usize, start: usize, comment: usize) -> Vec<u8> {
    let mut out = 0x0605_4b50_u32.to_le_bytes().to_vec();
    for v in [disk, 0, count, count] {
        out.extend(v.to_le_bytes());
    }
    for v in [size as u32, start as u32] {
        out.extend(v.to_le_bytes());
    }
    out.extend((comment as u16).to_le_bytes());
    out
}
