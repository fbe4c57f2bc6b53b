//! Deflating (RFC 1951), by libdeflate: what both containers make smaller passes through here.
//!
//! In: bytes, and how hard to try. Out: the same bytes deflated, for a ZIP as they are, for a PDF in the zlib format (RFC 1950).
//! Inflating is the readers' own matter, because what they read is hostile.
//! Invariant: the same bytes and effort give the same output on every machine.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Done once a layout: as small as can be.
    Static,
    /// Done for each record. Level 6 takes two to five times as long as this and saves 3 % of the file.
    Record,
}

impl Effort {
    fn compressor(self) -> Compressor {
        Compressor::new(match self {
            Effort::Static => CompressionLvl::best(),
            Effort::Record => CompressionLvl::new(1).expect("libdeflate has levels 0 to 12"),
        })
    }

    /// Whether `data` should stay as they are: of so few, deflating takes longer than hashing and copying what it would save. libdeflate
    /// clears tables of 128 kB for each stream, however short it is.
    pub(crate) fn spares(self, data: &[u8]) -> bool {
        const SMALL: usize = 4096;
        self == Effort::Record && data.len() < SMALL
    }
}

thread_local! {
    /// A record has a dozen streams: the tables and the room are kept.
    static RECORD: RefCell<(Compressor, Vec<u8>)> = RefCell::new((Effort::Record.compressor(), Vec::new()));
}

/// Appends `data` deflated to `out`.
pub(crate) fn append(out: &mut Vec<u8>, data: &[u8], effort: Effort) {
    let mut deflate = |compressor: &mut Compressor, room: &mut Vec<u8>| {
        let bound = compressor.deflate_compress_bound(data.len());
        if room.len() < bound {
            room.resize(bound, 0);
        }
        let written = compressor.deflate_compress(data, room).expect("the bound is never too small");
        out.extend_from_slice(&room[..written]);
    };
    match effort {
        Effort::Static => deflate(&mut effort.compressor(), &mut Vec::new()),
        Effort::Record => RECORD.with_borrow_mut(|(compressor, room)| deflate(compressor, room)),
    }
}

/// Appends `data` in the zlib format to `out`.
pub(crate) fn append_zlib(out: &mut Vec<u8>, data: &[u8], effort: Effort) {
    in_zlib(out, data, |out| append(out, data, effort));
}

/// Appends `data` in the zlib format, as `deflated` appends them: two bytes before, the checksum after.
pub(crate) fn in_zlib(out: &mut Vec<u8>, data: &[u8], deflated: impl FnOnce(&mut Vec<u8>)) {
    /// Deflate with a window of 32 kB; no dictionary; a check that makes the two bytes a multiple of 31.
    const HEADER: [u8; 2] = [0x78, 0x01];
    out.extend_from_slice(&HEADER);
    deflated(out);
    out.extend_from_slice(&libdeflater::adler32(data).to_be_bytes());
}
