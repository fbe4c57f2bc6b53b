//! Deflating (RFC 1951), by libdeflate: what both containers make smaller passes through here.
//!
//! In: bytes, and how hard to try. Out: the same bytes deflated, for a ZIP as they are, for a PDF in the zlib format (RFC 1950); and
//! [`Shared`] bytes, which are deflated once for both. Inflating is the readers' own matter, because what they read is hostile.
//! Invariant: the same bytes and effort give the same output on every machine.

use std::cell::RefCell;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

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

    /// Whether `data` should stay as they are: of so few, deflating takes longer than hashing and copying what it would save.
    pub(crate) fn spares(self, data: &[u8]) -> bool {
        const SMALL: usize = 1024;
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

/// Deflated `data` in the zlib format: two bytes before, the checksum after.
fn in_zlib(out: &mut Vec<u8>, data: &[u8], deflated: impl FnOnce(&mut Vec<u8>)) {
    /// Deflate with a window of 32 kB; no dictionary; a check that makes the two bytes a multiple of 31.
    const HEADER: [u8; 2] = [0x78, 0x01];
    out.extend_from_slice(&HEADER);
    deflated(out);
    out.extend_from_slice(&libdeflater::adler32(data).to_be_bytes());
}

/// Bytes that stand deflated in more than one file: deflated once, for whoever asks first. Clones share everything.
#[derive(Clone)]
pub struct Shared(Arc<Inner>);

struct Inner {
    data: Vec<u8>,
    deflated: OnceLock<Vec<u8>>,
}

impl Shared {
    /// The deflated bytes. The first `effort` counts: that of the bytes' one owner, who states the same to each writer.
    pub(crate) fn deflated(&self, effort: Effort) -> &[u8] {
        self.0.deflated.get_or_init(|| {
            let mut deflated = Vec::new();
            append(&mut deflated, self, effort);
            deflated
        })
    }

    /// Appends the bytes in the zlib format to `out`.
    pub(crate) fn append_zlib(&self, out: &mut Vec<u8>, effort: Effort) {
        in_zlib(out, self, |out| out.extend_from_slice(self.deflated(effort)));
    }
}

impl From<Vec<u8>> for Shared {
    fn from(data: Vec<u8>) -> Shared {
        Shared(Arc::new(Inner { data, deflated: OnceLock::new() }))
    }
}

impl Deref for Shared {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0.data
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Shared) -> bool {
        **self == **other
    }
}

impl Eq for Shared {}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn what_was_deflated_inflates_to_itself_however_it_was_asked_for() {
        let data: Vec<u8> = (0..5000_u32).flat_map(|n| (n * n / 7).to_be_bytes()).collect();
        let shared = Shared::from(data.clone());
        for effort in [Effort::Static, Effort::Record] {
            let (mut alone, mut together) = (Vec::new(), Vec::new());
            append_zlib(&mut alone, &data, effort);
            Shared::from(data.clone()).append_zlib(&mut together, effort);
            assert_eq!(alone, together);
            let mut inflated = Vec::new();
            flate2::read::ZlibDecoder::new(&alone[..]).read_to_end(&mut inflated).unwrap();
            assert!(inflated == data && alone.len() < data.len());
        }
        let first = shared.deflated(Effort::Record).to_vec();
        assert_eq!(shared.deflated(Effort::Static), first, "deflated once");
    }
}
