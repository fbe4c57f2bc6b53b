//! Reading a QR mark back: a grid of modules, or the outline that paints it, becomes its content.
//!
//! In: rows of modules, or a filled path. Out: [`Reading`]. Standard: ISO/IEC 18004:2015, clause 12 (the reference decode algorithm, from
//! the step where the grid is known); its clauses stand beside the steps.
//! Invariant: shares nothing with the encoder beside, so that a mistake of either shows; what differs from a codeword by more than the level
//! corrects is refused, never guessed.

mod blocks;
mod correct;
mod format;
mod outline;
mod plan;
mod segments;

use std::ops::Range;

use super::Level;
use crate::geom::Path;

use blocks::Blocks;
use plan::Plan;

/// The largest version read: its rows fill a 128-bit word.
const LARGEST_VERSION: usize = 27;

/// What a mark says, and how well it is preserved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The content.
    pub content: String,
    /// 1 to 27.
    pub version: u8,
    /// Error correction.
    pub level: Level,
    /// The mask, by its reference in table 10.
    pub mask: u8,
    /// Codewords that had to be corrected; 0 in a mark as it was made.
    pub corrected: usize,
}

/// Why a mark cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The outline is not made of square modules.
    #[error("not a QR mark: {0}")]
    NotModules(&'static str),
    /// No version has so many modules a side.
    #[error("not a QR mark: {0} modules a side; versions 1 to 27 have 21, 25 … 125")]
    Size(usize),
    /// A finder pattern is missing.
    #[error("not a QR mark: no finder pattern at the {0}")]
    NoFinder(&'static str),
    /// Both copies of the format information are damaged beyond correction.
    #[error("the mark's format information cannot be corrected")]
    Format,
    /// Neither copy of the version information says what the size says.
    #[error("the mark's version information does not say version {0}, which its size does")]
    Version(u8),
    /// A block has more wrong codewords than its level corrects.
    #[error(
        "the mark is damaged: block {block} has more than the {correctable} wrong codewords that level {level} corrects"
    )]
    Damaged {
        /// Counted from 1.
        block: usize,
        /// What would still do.
        correctable: usize,
        /// The level of the mark.
        level: Level,
    },
    /// A mode that certificates do not use: kanji, structured append, FNC1, another character set.
    #[error("the mark uses {0}, which is not read here")]
    Unsupported(String),
    /// The codewords are sound, but what they say is not.
    #[error("the mark's data are malformed: {0}")]
    Malformed(&'static str),
}

/// Reads a grid: one word a row from the top, bit x set where module x is dark; no quiet zone. Bits beyond the side are ignored.
///
/// # Errors
/// It is no mark of version 1 to 27, or it is damaged beyond correction.
pub fn from_rows(rows: &[u128]) -> Result<Reading, ReadError> {
    let plan = Plan::of_side(rows.len()).ok_or(ReadError::Size(rows.len()))?;
    plan.check_finders(rows)?;
    let (level, mask) = format::format(rows)?;
    format::check_version(rows, plan.version)?;
    let codewords = plan.codewords(rows, mask);
    let (data, corrected) = blocks::data(codewords, plan.version, level)?;
    let content = segments::content(&data, plan.version)?;
    Ok(Reading { content, version: plan.version, level, mask, corrected })
}

/// Reads the mark that `path` paints when it is filled: squares or polygons on one grid of modules, upright, as certificates hold it.
///
/// # Errors
/// The path is not made of modules (then it is no mark at all), or the grid cannot be read.
pub fn from_path(path: &Path) -> Result<Reading, ReadError> {
    from_rows(&outline::rows(path)?)
}

/// The most codewords of one block that lie, wholly or in part, in the columns and rows `hole` of a symbol of `side` modules, and how many
/// wrong ones a block survives; nothing of either if no version has so many modules.
pub(super) fn hidden(side: usize, level: Level, hole: &Range<usize>) -> (usize, usize) {
    let Some(plan) = Plan::of_side(side) else { return (0, 0) };
    let blocks = Blocks::new(plan.places.len(), plan.version, level);
    let is_hidden = |codeword: &usize| {
        plan.places[*codeword].iter().any(|&(x, y)| hole.contains(&x.into()) && hole.contains(&y.into()))
    };
    let worst = (0..blocks.count).map(|b| blocks.places(b).filter(is_hidden).count()).max();
    (worst.unwrap_or(0), blocks.correctable(plan.version, level))
}

#[cfg(test)]
mod tests;
