//! The choice of the mask: all eight are evaluated, over whole rows of bits at a time.
//!
//! In: a frame and the data's rows. Out: the symbol with the lowest penalty. Clause 7.8.3.1, table 11.
//! Invariant: no loop runs over single modules; a column feature is found in all columns of a row at once.

use std::ops::{BitAnd, BitOr, BitXor, Not, Shl, Shr};

use super::frame::{Frame, MASKS};

/// Table 11: points for runs, blocks, finder-like patterns and imbalance.
const N1: u32 = 3;
const N2: u32 = 3;
const N3: u32 = 40;
const N4: u32 = 10;

/// The penalty of one symbol, feature by feature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Penalty {
    /// Runs of five or more modules of one colour.
    pub(super) runs: u32,
    /// Blocks of 2 × 2 modules of one colour.
    pub(super) blocks: u32,
    /// Patterns like a finder's with four light modules beside them.
    pub(super) finders: u32,
    /// Distance from half dark, in whole steps of 5 %.
    pub(super) balance: u32,
}

impl Penalty {
    pub(super) fn total(&self) -> u32 {
        self.runs + self.blocks + self.finders + self.balance
    }
}

/// A row of modules: bit x is module x.
pub(super) trait Word:
    Copy
    + BitAnd<Output = Self>
    + BitOr<Output = Self>
    + BitXor<Output = Self>
    + Not<Output = Self>
    + Shl<u32, Output = Self>
    + Shr<u32, Output = Self>
{
    /// No bit set.
    const ZERO: Self;
    /// The lowest `n` bits.
    fn low(n: usize) -> Self;
    /// Set bits.
    fn count(self) -> u32;
    /// The row, which must fit.
    fn narrow(row: u128) -> Self;
}

macro_rules! word {
    ($($word:ty)*) => {$(
        impl Word for $word {
            const ZERO: Self = 0;
            fn low(n: usize) -> Self {
                <$word>::MAX >> (<$word>::BITS - n as u32)
            }
            fn count(self) -> u32 {
                self.count_ones()
            }
            fn narrow(row: u128) -> Self {
                row as $word
            }
        }
    )*};
}
word!(u64 u128);

/// Applies all eight masks to the data and keeps the symbol with the lowest penalty, the first of equals: its number and its rows.
pub(super) fn choose(frame: &Frame, data: &[u128]) -> (usize, Vec<u128>) {
    let best = (0..MASKS.len())
        // Up to version 11 a row fits a word of 64 bits, which costs half as much.
        .min_by_key(|&i| match frame.modules {
            ..=64 => penalty::<u64>(&frame.masked[i], data).total(),
            _ => penalty::<u128>(&frame.masked[i], data).total(),
        })
        .unwrap_or(0);
    (best, frame.masked[best].iter().zip(data).map(|(m, d)| m ^ d).collect())
}

/// Light rows above and below a symbol: outside of it everything is light.
const MARGIN: usize = 4;

/// The penalty of the symbol that `masked` and `data` make.
pub(super) fn penalty<W: Word>(masked: &[u128], data: &[u128]) -> Penalty {
    let modules = masked.len();
    let mut padded = vec![W::ZERO; modules + 2 * MARGIN];
    for (row, (m, d)) in padded[MARGIN..].iter_mut().zip(masked.iter().zip(data)) {
        *row = W::narrow(m ^ d);
    }
    let rows = &padded[MARGIN..MARGIN + modules];
    // Bit x: module x has the colour of its right neighbour; of its lower neighbour.
    let beside: Vec<W> = rows.iter().map(|&r| !(r ^ r >> 1) & W::low(modules - 1)).collect();
    let below: Vec<W> = rows.windows(2).map(|r| !(r[0] ^ r[1]) & W::low(modules)).collect();

    let dark: u32 = rows.iter().map(|r| r.count()).sum();
    Penalty {
        runs: runs_across(&beside) + runs_down(&below),
        blocks: N2 * beside.windows(2).zip(&below).map(|(h, &v)| (h[0] & h[1] & v).count()).sum::<u32>(),
        finders: N3 * (finders_across(rows) + finders_down(&padded)),
        balance: balance(dark, (modules * modules) as u32),
    }
}

/// A run of n ≥ 5 modules costs N1 + n − 5. It shows as n − 1 neighbours alike, and as n − 4 places where four such stand together: so
/// each of these places costs one point, and the first of them N1 − 1 more.
fn runs_across<W: Word>(beside: &[W]) -> u32 {
    beside
        .iter()
        .map(|&same| {
            let four = same & same >> 1 & same >> 2 & same >> 3;
            four.count() + (N1 - 1) * (four & !(four << 1)).count()
        })
        .sum()
}

/// The same, downwards.
fn runs_down<W: Word>(below: &[W]) -> u32 {
    let mut above = W::ZERO;
    below
        .windows(4)
        .map(|same| {
            let four = same[0] & same[1] & same[2] & same[3];
            let first = four & !above;
            above = four;
            four.count() + (N1 - 1) * first.count()
        })
        .sum()
}

/// Dark, light, three dark, light, dark, with four light modules before or after; counted once where both are.
fn finders_across<W: Word>(rows: &[W]) -> u32 {
    rows.iter()
        .map(|&r| {
            let finder = r & !(r >> 1) & r >> 2 & r >> 3 & r >> 4 & !(r >> 5) & r >> 6;
            let light_before = !(r << 1 | r << 2 | r << 3 | r << 4);
            let light_after = !(r >> 7 | r >> 8 | r >> 9 | r >> 10);
            (finder & (light_before | light_after)).count()
        })
        .sum()
}

/// The same, downwards; `padded` has its light rows.
fn finders_down<W: Word>(padded: &[W]) -> u32 {
    padded
        .windows(2 * MARGIN + 7)
        .map(|w| {
            let finder = w[4] & !w[5] & w[6] & w[7] & w[8] & !w[9] & w[10];
            let light_before = !(w[0] | w[1] | w[2] | w[3]);
            let light_after = !(w[11] | w[12] | w[13] | w[14]);
            (finder & (light_before | light_after)).count()
        })
        .sum()
}

/// N4 for each whole 5 % between the share of dark modules and one half.
fn balance(dark: u32, all: u32) -> u32 {
    N4 * ((2 * dark).abs_diff(all) * 10 / all)
}
