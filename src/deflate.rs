//! Deflating (RFC 1951), by libdeflate: what both containers make smaller passes through here.
//!
//! In: bytes, and how hard to try. Out: the same bytes deflated. Inflating is the readers' own matter, because what they read is hostile.
//! Invariant: the same bytes and effort give the same output on every machine.

use std::cell::RefCell;

use libdeflater::{CompressionLvl, Compressor};

/// How hard to try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Done once a layout: as small as can be.
    Static,
    /// Done for each record. A higher level takes half as long again over a QR mark's outline and saves 1 % of the file.
    Record,
}

impl Effort {
    fn compressor(self) -> Compressor {
        Compressor::new(match self {
            Effort::Static => CompressionLvl::best(),
            Effort::Record => CompressionLvl::new(RECORD_LEVEL).expect("libdeflate has levels 1 to 12"),
        })
    }
}

const RECORD_LEVEL: i32 = 6;

thread_local! {
    /// A record has half a dozen streams: their tables are kept.
    static RECORD: RefCell<Compressor> = RefCell::new(Effort::Record.compressor());
}

/// `data` in the zlib format (RFC 1950).
pub(crate) fn zlib(data: &[u8], effort: Effort) -> Vec<u8> {
    let deflate = |compressor: &mut Compressor| {
        let mut out = vec![0; compressor.zlib_compress_bound(data.len())];
        let written = compressor.zlib_compress(data, &mut out).expect("the bound is never too small");
        out.truncate(written);
        out
    };
    match effort {
        Effort::Static => deflate(&mut effort.compressor()),
        Effort::Record => RECORD.with_borrow_mut(deflate),
    }
}
