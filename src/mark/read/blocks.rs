//! Codewords in placement order to data: blocks apart, each corrected.
//!
//! In: codewords, version, level. Out: the data codewords in order. Clause 7.5.1 with table 9, and 7.6 (interleaving).

use super::correct::{Syndromes, correct};
use super::{LARGEST_VERSION, ReadError};
use crate::mark::Level;

/// Error correction codewords of each block, by level (L, M, Q, H) and version (table 9).
const CORRECTION: [[u8; LARGEST_VERSION]; 4] = [
    [
        7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28, 28, 28, 30, 30, 26,
        28, 30,
    ],
    [
        10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26, 26, 28, 28, 28, 28,
        28, 28,
    ],
    [
        13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30, 28, 30, 30, 30, 30,
        28, 30,
    ],
    [
        17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28, 30, 24, 30, 30, 30,
        30, 30,
    ],
];

/// Blocks, by level and version (table 9).
const BLOCKS: [[u8; LARGEST_VERSION]; 4] = [
    [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12],
    [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25],
    [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34],
    [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40],
];

/// How the codewords of a symbol fall into blocks.
pub(super) struct Blocks {
    /// How many there are.
    pub(super) count: usize,
    /// How many of them, the first ones, are one data codeword shorter than the rest.
    short: usize,
    /// Data codewords of a short block.
    short_data: usize,
    /// Error correction codewords of each block.
    pub(super) correction: usize,
    /// Data codewords of all blocks.
    data: usize,
}

impl Blocks {
    /// Of a symbol with `codewords` in all.
    pub(super) fn new(codewords: usize, version: u8, level: Level) -> Blocks {
        let (level, version) = (level as usize, usize::from(version) - 1);
        let (count, correction) =
            (usize::from(BLOCKS[level][version]), usize::from(CORRECTION[level][version]));
        Blocks {
            count,
            short: count - codewords % count,
            short_data: codewords / count - correction,
            correction,
            data: codewords - count * correction,
        }
    }

    /// Where the codewords of block `b` stand in placement order: its data, then its error correction.
    pub(super) fn places(&self, b: usize) -> impl Iterator<Item = usize> {
        let common = (0..self.short_data).map(move |i| i * self.count + b);
        let extra = (b >= self.short).then(|| self.short_data * self.count + b - self.short);
        let correction = (0..self.correction).map(move |i| self.data + i * self.count + b);
        common.chain(extra).chain(correction)
    }

    /// How many wrong codewords a block of this version and level survives: half of its correction codewords, less those that small symbols
    /// keep back against misdecodes (table 9, footnote b).
    pub(super) fn correctable(&self, version: u8, level: Level) -> usize {
        let kept_back = match (version, level) {
            (1, Level::L) => 3,
            (1, Level::M) | (2, Level::L) => 2,
            (1, _) | (3, Level::L) => 1,
            _ => 0,
        };
        (self.correction - kept_back) / 2
    }
}

/// The data codewords, and how many codewords had to be corrected.
pub(super) fn data(codewords: Vec<u8>, version: u8, level: Level) -> Result<(Vec<u8>, usize), ReadError> {
    let blocks = Blocks::new(codewords.len(), version, level);
    let correctable = blocks.correctable(version, level);
    let mut data = Vec::with_capacity(blocks.data);
    let mut corrected = 0;
    for b in 0..blocks.count {
        let start = data.len();
        data.extend(blocks.places(b).map(|place| codewords[place]));
        let block = &mut data[start..];
        let syndromes = Syndromes::of(block, blocks.correction);
        if !syndromes.are_zero() {
            corrected += correct(block, &syndromes, correctable).ok_or(ReadError::Damaged {
                block: b + 1,
                correctable,
                level,
            })?;
        }
        data.truncate(data.len() - blocks.correction);
    }
    Ok((data, corrected))
}
