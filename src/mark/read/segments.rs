//! Data codewords to text: segments, each with its mode and length.
//!
//! In: data codewords. Out: the content. Clause 7.4. Invariant: every bit that a segment announces is there, and values are in their range.
//!
//! Bytes are UTF-8 whether ECI 26 says so or not: that is how phones take them. All other character sets are refused.

use super::ReadError;

/// The alphanumeric set, by value (table 5).
const ALPHANUMERIC: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// The ECI assignment number of UTF-8.
const ECI_UTF8: usize = 26;

/// Mode indicators (table 2).
const TERMINATOR: usize = 0b0000;
const NUMERIC: usize = 0b0001;
const ALPHANUMERICAL: usize = 0b0010;
const BYTE: usize = 0b0100;
const ECI: usize = 0b0111;

/// The text that `data` says in a symbol of `version`.
pub(super) fn content(data: &[u8], version: u8) -> Result<String, ReadError> {
    let mut bits = Bits { data, at: 0 };
    let mut text = Vec::new();
    // Fewer than four bits at the end stand for the terminator.
    while let Ok(mode) = bits.take(4) {
        match mode {
            TERMINATOR => break,
            NUMERIC => numeric(&mut bits, version, &mut text)?,
            ALPHANUMERICAL => alphanumeric(&mut bits, version, &mut text)?,
            BYTE => {
                for _ in 0..bits.count(version, [8, 16, 16])? {
                    text.push(bits.take(8)? as u8);
                }
            }
            ECI => match designator(&mut bits)? {
                ECI_UTF8 => {}
                other => return Err(ReadError::Unsupported(format!("the character set of ECI {other}"))),
            },
            other => {
                let name = match other {
                    0b1000 => "kanji mode",
                    0b0011 => "structured append",
                    0b0101 | 0b1001 => "FNC1",
                    _ => "an unknown mode",
                };
                return Err(ReadError::Unsupported(name.to_owned()));
            }
        }
    }
    String::from_utf8(text).map_err(|_| ReadError::Malformed("the text is not UTF-8"))
}

/// Groups of three digits in ten bits; what is left over in seven or four (clause 7.4.3).
fn numeric(bits: &mut Bits<'_>, version: u8, text: &mut Vec<u8>) -> Result<(), ReadError> {
    let mut left = bits.count(version, [10, 12, 14])?;
    while left > 0 {
        let digits = left.min(3);
        let value = bits.take([0, 4, 7, 10][digits])?;
        let group = [value / 100, value / 10 % 10, value % 10];
        if value >= 10usize.pow(digits as u32) {
            return Err(ReadError::Malformed("a number is greater than its digits allow"));
        }
        text.extend(group[3 - digits..].iter().map(|&digit| b'0' + digit as u8));
        left -= digits;
    }
    Ok(())
}

/// Pairs in eleven bits, the last alone in six (clause 7.4.4).
fn alphanumeric(bits: &mut Bits<'_>, version: u8, text: &mut Vec<u8>) -> Result<(), ReadError> {
    let count = bits.count(version, [9, 11, 13])?;
    let character = |value: usize| {
        ALPHANUMERIC
            .get(value)
            .copied()
            .ok_or(ReadError::Malformed("a character is beyond the alphanumeric set"))
    };
    for _ in 0..count / 2 {
        let pair = bits.take(11)?;
        text.push(character(pair / 45)?);
        text.push(character(pair % 45)?);
    }
    if count % 2 == 1 {
        text.push(character(bits.take(6)?)?);
    }
    Ok(())
}

/// An ECI assignment number: 7, 14 or 21 bits behind a unary prefix (table 4).
fn designator(bits: &mut Bits<'_>) -> Result<usize, ReadError> {
    for rest in [7, 14, 21] {
        if bits.take(1)? == 0 {
            return bits.take(rest);
        }
    }
    Err(ReadError::Malformed("an ECI designator has no such form"))
}

/// A stream of bits, most significant first.
struct Bits<'a> {
    data: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    /// The next `n` bits (at most 21).
    fn take(&mut self, n: usize) -> Result<usize, ReadError> {
        let end = self.at + n;
        if end > self.data.len() * 8 {
            return Err(ReadError::Malformed("a segment is longer than the symbol"));
        }
        let bytes = &self.data[self.at / 8..end.div_ceil(8)];
        let word = bytes.iter().fold(0, |word, &byte| word << 8 | usize::from(byte));
        let value = word >> (end.div_ceil(8) * 8 - end) & ((1 << n) - 1);
        self.at = end;
        Ok(value)
    }

    /// A segment's length, whose own width grows at versions 10 and 27 (table 3).
    fn count(&mut self, version: u8, widths: [usize; 3]) -> Result<usize, ReadError> {
        self.take(
            widths[match version {
                0..=9 => 0,
                10..=26 => 1,
                _ => 2,
            }],
        )
    }
}
