//! QR marks: a string becomes one figure, crisp at any size.
//!
//! In: the content, the level of error correction, the side of the square it may fill. Out: [`Mark`], with its figure.
//! Standard: ISO/IEC 18004:2015 (GB/T 18284); its clauses stand beside the steps. Encoding is the `qrcode` crate's, the choice of
//! the mask, which costs nearly all of an encoder's time, is made here over bit rows.
//! Invariant: the quiet zone of 4 modules lies within the square, no module is smaller than [`SMALLEST_MODULE_MM`], and no mark leaves this
//! room that was not [read] back first.

mod encode;
mod frame;
mod hole;
mod mask;
pub mod payload;
pub mod read;
mod scan;

use crate::geom::{Figure, Point};
use crate::unit::Length;

pub use scan::{ScanError, scan};

/// What an ordinary phone resolves on an ordinary print, in millimetres.
pub const SMALLEST_MODULE_MM: f64 = 0.38;

/// Light modules around the symbol on each side (clause 9.1 asks for 4).
pub(crate) const QUIET: usize = 4;

/// Modules are whole multiples of this, so that coordinates stay short in both formats: 10 µm.
const MODULE_STEP: i64 = Length::from_raw(360_000 / 100).raw();

/// How much of a mark may be lost: about 7, 15, 25 or 30 % of its codewords.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Level {
    /// 7 %.
    L,
    /// 15 %.
    #[default]
    M,
    /// 25 %.
    Q,
    /// 30 %.
    H,
}

impl Level {
    /// Reads `L`, `M`, `Q` or `H`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Level> {
        Some(match text {
            "L" => Level::L,
            "M" => Level::M,
            "Q" => Level::Q,
            "H" => Level::H,
            _ => return None,
        })
    }
}

impl std::fmt::Display for Level {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

/// A QR symbol and its figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// 1 to 27.
    pub version: u8,
    /// Modules on a side, without the quiet zone: 17 + 4 × version.
    pub modules: usize,
    /// Side of one module.
    pub module: Length,
    /// What its content takes, in bits.
    pub bits: usize,
    /// The dark modules within a square of the asked side, its top left corner at the origin.
    pub figure: Figure,
}

/// Why a mark cannot be made.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum MarkError {
    /// Nothing to encode.
    #[error("a QR mark needs content")]
    Empty,
    /// More than the largest symbol holds.
    #[error("{bytes} bytes are more than a QR mark holds at level {level}")]
    TooLong {
        /// Length of the content in UTF-8.
        bytes: usize,
        /// The level asked for.
        level: Level,
    },
    /// Modules would be smaller than [`SMALLEST_MODULE_MM`].
    #[error(
        "a QR mark of {bytes} bytes at level {level} has {modules} modules a side and needs {needed:.1} mm with its quiet zone, \
         but has {side:.1} mm"
    )]
    TooSmall {
        /// Length of the content in UTF-8.
        bytes: usize,
        /// The level asked for.
        level: Level,
        /// Modules on a side.
        modules: usize,
        /// The side it has, in mm.
        side: f64,
        /// The smallest side that would do, in mm, rounded up to a tenth.
        needed: f64,
    },
    /// The logo hides more than half of what the level restores, or a pattern that readers look for.
    #[error(
        "a logo of {logo:.1} mm is too large for the QR mark: it hides {hidden} codewords of one block, where level {level} \
         spares {allowed}, or reaches into its corners"
    )]
    LogoTooLarge {
        /// The logo's side, in mm.
        logo: f64,
        /// Codewords of the worst block that it touches.
        hidden: usize,
        /// Half of the codewords that a block corrects.
        allowed: usize,
        /// The level asked for.
        level: Level,
    },
    /// The finished mark does not read back as its content: a fault of the encoder, which must not reach paper.
    #[error("the QR mark of {bytes} bytes at level {level} does not read back as its content")]
    Unreadable {
        /// Length of the content in UTF-8.
        bytes: usize,
        /// The level asked for.
        level: Level,
    },
}

impl MarkError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            MarkError::Empty => "give it content, or show it only when there is some",
            MarkError::TooLong { .. } => "shorten the content, or choose a lower level",
            MarkError::TooSmall { .. } => "give it a larger size, a lower level, or shorter content",
            MarkError::LogoTooLarge { .. } => "give it a smaller logo-size, or the mark a higher level",
            MarkError::Unreadable { .. } => {
                "this is a mistake in certpress: please report it with the content"
            }
        }
    }
}

/// How many bits of data a square of `side` holds at most, at the level `level`.
pub fn capacity(side: Length, level: Level) -> usize {
    let is_readable =
        |version: &u8| module(side, 17 + 4 * usize::from(*version)) >= Length::mm(SMALLEST_MODULE_MM);
    let largest = (1..=encode::LARGEST_VERSION).take_while(is_readable).last();
    largest.map_or(0, |version| encode::capacity(version, level))
}

/// The side of one of so many modules, with the quiet zone around them, in a square of `side`.
fn module(side: Length, modules: usize) -> Length {
    let across = (modules + 2 * QUIET) as i64;
    Length::from_raw(side.raw() / across / MODULE_STEP * MODULE_STEP)
}

/// Makes the mark of `content` for a square of `side`: the smallest version that holds it, the mask with the lowest penalty.
pub fn qr(content: &str, level: Level, side: Length) -> Result<Mark, MarkError> {
    qr_around(content, level, side, None)
}

/// The same, with room for a logo in the middle: a light square of side `logo`, to the next whole modules.
pub fn qr_around(content: &str, level: Level, side: Length, logo: Option<Length>) -> Result<Mark, MarkError> {
    let encoded = encode::encode(content, level)?;
    let frame = frame::frame(encoded.version, level);
    let modules = frame.modules;
    let across = (modules + 2 * QUIET) as i64;
    let module = module(side, modules);
    if module < Length::mm(SMALLEST_MODULE_MM) {
        return Err(MarkError::TooSmall {
            bytes: content.len(),
            level,
            modules,
            side: side.to_mm(),
            needed: (across as f64 * SMALLEST_MODULE_MM * 10.0).ceil() / 10.0,
        });
    }
    // The symbol stands in the middle, on the same 10 µm grid as its modules.
    let corner = (side - module * modules as i64).raw() / 2 / MODULE_STEP * MODULE_STEP;
    let corner = Length::from_raw(corner);
    let mut rows = mask::choose(frame, &frame.lay(&encoded.codewords)).1;
    if let Some(logo) = logo {
        hole::cut(&mut rows, level, module, side / 2 - corner, logo.max(Length::ZERO))?;
    }
    if read::from_rows(&rows).ok().is_none_or(|reading| reading.content != content) {
        return Err(MarkError::Unreadable { bytes: content.len(), level });
    }
    let figure = Figure::new(Point::new(corner, corner), module, rows);
    Ok(Mark { version: encoded.version, modules, module, bits: encoded.bits, figure })
}

#[cfg(test)]
mod tests;
