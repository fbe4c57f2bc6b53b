//! The font file around the tables: directory and checksums.
//!
//! In: tables one after the other. Out: a TrueType file (OpenType 1.9, "Organization of an OpenType Font").

/// A file being written; tables may come in any order.
pub(super) struct FontFile {
    data: Vec<u8>,
    directory: Vec<Entry>,
    /// The length of the header with the directory.
    header: usize,
}

struct Entry {
    tag: [u8; 4],
    checksum: u32,
    offset: usize,
    length: usize,
}

impl FontFile {
    /// A file of so many tables, of about `size` bytes.
    pub(super) fn with_capacity(tables: usize, size: usize) -> FontFile {
        let header = 12 + 16 * tables;
        let mut data = Vec::with_capacity(header + size);
        data.resize(header, 0);
        FontFile { data, directory: Vec::with_capacity(tables), header }
    }

    /// Adds the table that `write` appends.
    pub(super) fn table(&mut self, tag: &[u8; 4], write: impl FnOnce(&mut Vec<u8>)) {
        let offset = self.data.len();
        write(&mut self.data);
        let length = self.data.len() - offset;
        self.data.resize((offset + length).next_multiple_of(4), 0);
        let checksum = checksum(&self.data[offset..]);
        self.directory.push(Entry { tag: *tag, checksum, offset, length });
    }

    /// The finished file. `head` was written with a checkSumAdjustment of zero.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.directory.sort_by_key(|e| e.tag);
        let count = self.directory.len() as u16;
        let power = 1u16 << count.max(1).ilog2();
        let mut header = Vec::with_capacity(self.header);
        header.extend_from_slice(&0x0001_0000_u32.to_be_bytes());
        for n in [count, power * 16, power.ilog2() as u16, (count - power) * 16] {
            header.extend_from_slice(&n.to_be_bytes());
        }
        for e in &self.directory {
            header.extend_from_slice(&e.tag);
            for n in [e.checksum, e.offset as u32, e.length as u32] {
                header.extend_from_slice(&n.to_be_bytes());
            }
        }
        self.data[..self.header].copy_from_slice(&header);
        let whole = self.directory.iter().fold(checksum(&header), |sum, e| sum.wrapping_add(e.checksum));
        if let Some(head) = self.directory.iter().find(|e| &e.tag == b"head") {
            let at = head.offset + 8;
            self.data[at..at + 4].copy_from_slice(&0xb1b0_afba_u32.wrapping_sub(whole).to_be_bytes());
        }
        self.data
    }
}

/// The sum of the big-endian words of `data`, whose length is a multiple of four. Written so that it runs in vector registers.
fn checksum(data: &[u8]) -> u32 {
    data.chunks_exact(4).fold(0, |sum, w| sum.wrapping_add(u32::from_be_bytes([w[0], w[1], w[2], w[3]])))
}
