//! Content to codewords: segments, version, error correction, by the `qrcode` crate.
//!
//! In: a string and a level. Out: the smallest version that holds it and its codewords in placement order.
//! Clauses 7.2 to 7.6. Invariant: what is not ASCII travels as UTF-8 bytes and says so by ECI 26.

use qrcode::bits::Bits;
use qrcode::optimize::{Optimizer, Parser, Segment, total_encoded_len};
use qrcode::types::{EcLevel, Mode, Version};

use super::{Level, MarkError};

/// The largest version made: 125 modules, so that a row fits a 128-bit word. With the least module it takes a square of 50.6 mm; a larger
/// one has no place on a certificate and no phone that reads it at once.
pub(super) const LARGEST_VERSION: u8 = 27;

/// The ECI assignment number of UTF-8.
const ECI_UTF8: u32 = 26;
/// Mode indicator and designator of an assignment number below 128, in bits.
const ECI_BITS: usize = 12;

/// A version and the codewords that fill it.
pub(super) struct Encoded {
    /// 1 to [`LARGEST_VERSION`].
    pub(super) version: u8,
    /// What the content takes, in bits.
    pub(super) bits: usize,
    /// Data, then error correction, interleaved as they are placed.
    pub(super) codewords: Vec<u8>,
}

impl From<Level> for EcLevel {
    fn from(level: Level) -> EcLevel {
        match level {
            Level::L => EcLevel::L,
            Level::M => EcLevel::M,
            Level::Q => EcLevel::Q,
            Level::H => EcLevel::H,
        }
    }
}

/// Encodes `content` in the smallest version that holds it.
pub(super) fn encode(content: &str, level: Level) -> Result<Encoded, MarkError> {
    if content.is_empty() {
        return Err(MarkError::Empty);
    }
    let too_long = || MarkError::TooLong { bytes: content.len(), level };
    // No symbol holds more digits than this; longer content need not be looked at.
    if content.len() > 7_089 {
        return Err(too_long());
    }
    let eci = !content.is_ascii();
    let segments: Vec<Segment> = Parser::new(content.as_bytes()).map(without_kanji).collect();
    // The length fields grow at versions 10 and 27 (table 3), and with them the best cut into segments.
    for (smallest, largest) in [(1, 9), (10, 26), (27, LARGEST_VERSION)] {
        let class = Version::Normal(largest.into());
        let best: Vec<Segment> = Optimizer::new(segments.iter().copied(), class).collect();
        let needed = total_encoded_len(&best, class) + if eci { ECI_BITS } else { 0 };
        let holds = |version: &u8| needed <= capacity(*version, level);
        if let Some(version) = (smallest..=largest).find(holds) {
            let codewords = codewords(content, eci, best, Version::Normal(version.into()), level.into());
            return codewords
                .map(|codewords| Encoded { version, bits: needed, codewords })
                .map_err(|_| too_long());
        }
    }
    Err(too_long())
}

/// How many bits of data a version holds.
pub(super) fn capacity(version: u8, level: Level) -> usize {
    Bits::new(Version::Normal(version.into())).max_len(level.into()).unwrap_or(0)
}

/// The crate takes pairs of UTF-8 bytes that look like Shift-JIS for kanji, and a reader would turn them into other characters.
fn without_kanji(segment: Segment) -> Segment {
    if segment.mode == Mode::Kanji { Segment { mode: Mode::Byte, ..segment } } else { segment }
}

fn codewords(
    content: &str,
    eci: bool,
    segments: Vec<Segment>,
    version: Version,
    level: EcLevel,
) -> qrcode::QrResult<Vec<u8>> {
    let mut bits = Bits::new(version);
    if eci {
        bits.push_eci_designator(ECI_UTF8)?;
    }
    bits.push_segments(content.as_bytes(), segments.into_iter())?;
    bits.push_terminator(level)?;
    let (mut codewords, correction) = qrcode::ec::construct_codewords(&bits.into_bytes(), version, level)?;
    codewords.extend(correction);
    Ok(codewords)
}
