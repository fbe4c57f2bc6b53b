//! The room for a logo: modules erased from the middle of a symbol, within what its error correction is sure to restore.
//!
//! In: rows and the logo's side. Out: the rows without the modules that the logo touches. Invariant: no block loses more than half of the
//! codewords that it corrects, whatever their modules said; the other half stays for stains and folds.

use std::ops::Range;

use super::read;
use super::{Level, MarkError};
use crate::unit::Length;

/// Modules beside a finder that hold its separator and the format information.
const CORNER: usize = 9;

/// Erases the modules that a square of `logo` touches, its middle `middle` from the symbol's left and top.
pub(super) fn cut(
    rows: &mut [u128],
    level: Level,
    module: Length,
    middle: Length,
    logo: Length,
) -> Result<(), MarkError> {
    let hole = touched(middle - logo / 2, middle + logo / 2, module, rows.len());
    let inner = CORNER..rows.len() - CORNER;
    let (hidden, correctable) = read::hidden(rows.len(), level, &hole);
    if hole.start < inner.start || hole.end > inner.end || hidden > correctable / 2 {
        return Err(MarkError::LogoTooLarge { logo: logo.to_mm(), hidden, allowed: correctable / 2, level });
    }
    let columns = ((1 << hole.len()) - 1) << hole.start;
    rows[hole].iter_mut().for_each(|row| *row &= !columns);
    Ok(())
}

/// The modules of a row between two places, those in part included.
pub(super) fn touched(from: Length, to: Length, module: Length, modules: usize) -> Range<usize> {
    let within = |place: f64| (place as usize).min(modules);
    within(from.ratio(module).floor())..within(to.ratio(module).ceil())
}
