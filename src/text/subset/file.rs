//! The font file around the tables: directory and checksums.
//!
//! In: tables one after the other. Out: a TrueType file (OpenType 1.9, "Organization of an OpenType Font").

/// The tables of a subset, in the directory's order.
const TABLES: usize = 10;
const HEADER: usize = 12 + 16 * TABLES;

/// A file being written; tables may come in any order.
pub(super) struct FontFile {
    data: Vec<u8>,
    directory: Vec<Entry>,
}

struct Entry {
    tag: [u8; 4],
    checksum: u32,
    offset: usize,
    length: usize,
}

impl FontFile {
    /// A file for about `size` bytes of tables.
    pub(super) fn with_capacity(size: usize) -> FontFile {
        let mut data = Vec::with_capacity(HEADER + size);
        data.resize(HEADER, 0);
        FontFile { data, directory: Vec::with_capacity(TABLES) }
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
        let mut header = Vec::with_capacity(HEADER);
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
        self.data[..HEADER].copy_from_slice(&header);
        let whole = self.directory.iter().fold(checksum(&header), |sum, e| sum.wrapping_add(e.checksum));
        if let Some(head) = self.directory.iter().find(|e| &e.tag == b"head") {
            let at = head.offset + 8;
            self.data[at..at + 4].copy_from_slice(&0xb1b0_afba_u32.wrapping_sub(whole).to_be_bytes());
        }
        self.data
    }
}

/// The sum of the big-endian words of `data`, whose length is a multiple of four.
///
/// Outlines are most of a subset and their checksum was most of its cost: adding up the bytes of each place, two to a register,
/// spares the swap of every word.
fn checksum(data: &[u8]) -> u32 {
    const PLACES: u32 = 0x00ff_00ff;
    /// As many bytes as 16 bits can add up.
    const BLOCK: usize = 256 * 4;
    data.chunks(BLOCK).fold(0, |sum, block| {
        let (mut even, mut odd) = (0u32, 0u32);
        for word in block.chunks_exact(4) {
            let word = u32::from_le_bytes([word[0], word[1], word[2], word[3]]);
            even += word & PLACES;
            odd += (word >> 8) & PLACES;
        }
        let places = [even & 0xffff, odd & 0xffff, even >> 16, odd >> 16];
        places
            .into_iter()
            .zip([24, 16, 8, 0])
            .fold(sum, |sum, (place, shift)| sum.wrapping_add(place << shift))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_sum_of_big_endian_words() {
        let plain = |data: &[u8]| {
            data.chunks(4).fold(0u32, |sum, w| sum.wrapping_add(u32::from_be_bytes(w.try_into().unwrap())))
        };
        let mixed: Vec<u8> = (0..10_000u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        for data in [&mixed[..], &mixed[..1024], &mixed[..1028], &[0xff; 4096], &[1, 2, 3, 4], &[]] {
            assert_eq!(checksum(data), plain(data), "{} bytes", data.len());
        }
    }
}
