//! Format and version information: BCH codewords, each kept twice.
//!
//! In: rows of modules. Out: level and mask; whether the version is said. Clauses 7.9 and 7.10, annexes C and D.
//! Invariant: the nearest codeword is taken only if it is so near that no other can be as near.

use super::ReadError;
use crate::mark::Level;

/// Both codes have a least distance of 7 or 8, so 3 wrong bits are corrected.
const CORRECTABLE: u32 = 3;

/// G(x) of the BCH (15, 5) code, and the pattern its codewords are masked with.
const FORMAT_GENERATOR: u32 = 0b101_0011_0111;
const FORMAT_MASK: u32 = 0b101_0100_0001_0010;
/// G(x) of the BCH (18, 6) code.
const VERSION_GENERATOR: u32 = 0b1_1111_0010_0101;

/// The level and the mask's reference.
pub(super) fn format(rows: &[u128]) -> Result<(Level, u8), ReadError> {
    let side = rows.len();
    // Bit i of the word, least significant first; figure 25.
    let around_corner = |i: usize| match i {
        0..=5 => (8, i),
        6 | 7 => (8, i + 1),
        8 => (7, 8),
        _ => (14 - i, 8),
    };
    let along_sides = |i: usize| if i < 8 { (side - 1 - i, 8) } else { (8, side - 15 + i) };
    let copies = [word(rows, 15, around_corner), word(rows, 15, along_sides)];
    let nearest = (0..32u32)
        .map(|data| {
            let codeword = encode(data, 10, FORMAT_GENERATOR) ^ FORMAT_MASK;
            (distance(copies, codeword), data)
        })
        .min();
    let Some((0..=CORRECTABLE, data)) = nearest else { return Err(ReadError::Format) };
    let level = match data >> 3 {
        0b00 => Level::M,
        0b01 => Level::L,
        0b10 => Level::H,
        _ => Level::Q,
    };
    Ok((level, (data & 0b111) as u8))
}

/// Checks that one of the copies says `version`; the versions below 7 say none.
pub(super) fn check_version(rows: &[u128], version: u8) -> Result<(), ReadError> {
    if version < 7 {
        return Ok(());
    }
    let near = rows.len() - 11;
    let upper = word(rows, 18, |i| (near + i % 3, i / 3));
    let lower = word(rows, 18, |i| (i / 3, near + i % 3));
    let codeword = encode(u32::from(version), 12, VERSION_GENERATOR);
    match distance([upper, lower], codeword) {
        0..=CORRECTABLE => Ok(()),
        _ => Err(ReadError::Version(version)),
    }
}

/// The bits at `place(0)`, `place(1)` …, least significant first.
fn word(rows: &[u128], bits: usize, place: impl Fn(usize) -> (usize, usize)) -> u32 {
    (0..bits).fold(0, |word, i| {
        let (x, y) = place(i);
        word | ((rows[y] >> x) as u32 & 1) << i
    })
}

/// The distance of the nearer copy.
fn distance(copies: [u32; 2], codeword: u32) -> u32 {
    copies.map(|copy| (copy ^ codeword).count_ones()).into_iter().min().unwrap_or(u32::MAX)
}

/// `data` followed by its remainder of `check` bits.
fn encode(data: u32, check: u32, generator: u32) -> u32 {
    let remainder = (0..u32::BITS - check).rev().fold(data << check, |rest, shift| {
        if rest >> (shift + check) & 1 == 1 { rest ^ generator << shift } else { rest }
    });
    data << check | remainder
}
