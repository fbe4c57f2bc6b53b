//! Where everything lies in a symbol of one version.
//!
//! In: modules on a side. Out: [`Plan`], made once a version and kept for the life of the program; with it, codewords out of rows.
//! Clauses 6.3 (function patterns), 7.7.3 (placement) and 7.8.2 (masks).

use std::sync::OnceLock;

use super::{LARGEST_VERSION, ReadError};

/// Modules of a finder pattern's side.
const FINDER: usize = 7;
/// Column and row of the timing patterns.
const TIMING: usize = 6;
/// How many modules of a finder may be wrong: a stain, but not another picture.
const FINDER_STAINS: u32 = 12;

/// The geometry of one version.
#[derive(Debug)]
pub(super) struct Plan {
    /// 1 to 27.
    pub(super) version: u8,
    /// Column and row of each bit of the codewords, in placement order, eight to a codeword.
    pub(super) places: Vec<[(u8, u8); 8]>,
}

impl Plan {
    /// The plan for symbols of `side` modules; `None` if no version has so many.
    pub(super) fn of_side(side: usize) -> Option<&'static Plan> {
        static PLANS: [OnceLock<Plan>; LARGEST_VERSION] = [const { OnceLock::new() }; LARGEST_VERSION];
        let version = side.checked_sub(17).filter(|n| n.is_multiple_of(4))? / 4;
        let plan = PLANS.get(version.checked_sub(1)?)?;
        Some(plan.get_or_init(|| Plan::new(version, side)))
    }

    fn new(version: usize, side: usize) -> Plan {
        let reserved = reserved(version, side);
        let bits: Vec<(u8, u8)> = zigzag(side)
            .filter(|&(x, y)| reserved[y] >> x & 1 == 0)
            .map(|(x, y)| (x as u8, y as u8))
            .collect();
        // The last few modules of some versions hold no whole codeword (remainder bits).
        Plan { version: version as u8, places: bits.as_chunks().0.to_vec() }
    }

    /// Looks for the three finder patterns, which tell an upright symbol from a turned one.
    pub(super) fn check_finders(&self, rows: &[u128]) -> Result<(), ReadError> {
        const PATTERN: [u128; FINDER] =
            [0b1111111, 0b1000001, 0b1011101, 0b1011101, 0b1011101, 0b1000001, 0b1111111];
        let far = rows.len() - FINDER;
        for (x, y, corner) in [(0, 0, "top left"), (far, 0, "top right"), (0, far, "bottom left")] {
            let window = rows[y..y + FINDER].iter().map(|row| row >> x & 0b1111111);
            let wrong: u32 = window.zip(PATTERN).map(|(found, asked)| (found ^ asked).count_ones()).sum();
            if wrong > FINDER_STAINS {
                return Err(ReadError::NoFinder(corner));
            }
        }
        Ok(())
    }

    /// The codewords in placement order, without their mask.
    pub(super) fn codewords(&self, rows: &[u128], mask: u8) -> Vec<u8> {
        let masks = &masks()[usize::from(mask)];
        let plain: Vec<u128> = rows.iter().zip(masks.iter().cycle()).map(|(row, mask)| row ^ mask).collect();
        let bit = |(x, y): (u8, u8)| (plain[usize::from(y)] >> x) as u8 & 1;
        self.places
            .iter()
            .map(|places| places.iter().fold(0, |byte, &place| byte << 1 | bit(place)))
            .collect()
    }
}

/// Rows after which every mask repeats.
const PERIOD: usize = 12;

/// Table 10: for each mask and row, bit x is set where module x is inverted.
fn masks() -> &'static [[u128; PERIOD]; 8] {
    static MASKS: OnceLock<[[u128; PERIOD]; 8]> = OnceLock::new();
    MASKS.get_or_init(|| {
        let inverts = |mask: usize, i: usize, j: usize| match mask {
            0b000 => (i + j).is_multiple_of(2),
            0b001 => i.is_multiple_of(2),
            0b010 => j.is_multiple_of(3),
            0b011 => (i + j).is_multiple_of(3),
            0b100 => (i / 2 + j / 3).is_multiple_of(2),
            0b101 => (i * j) % 2 + (i * j) % 3 == 0,
            0b110 => ((i * j) % 2 + (i * j) % 3).is_multiple_of(2),
            _ => ((i + j) % 2 + (i * j) % 3).is_multiple_of(2),
        };
        std::array::from_fn(|mask| {
            std::array::from_fn(|i| (0..128).filter(|&j| inverts(mask, i, j)).fold(0, |row, j| row | 1 << j))
        })
    })
}

/// Bit x of row y: module x holds no data.
fn reserved(version: usize, side: usize) -> Vec<u128> {
    let mut rows = vec![0u128; side];
    let mut reserve = |x: usize, y: usize, width: usize, height: usize| {
        for row in &mut rows[y..y + height] {
            *row |= ((1 << width) - 1) << x;
        }
    };
    // Finders with their separators and the format information beside them.
    let corner = FINDER + 2;
    reserve(0, 0, corner, corner);
    reserve(side - 8, 0, 8, corner);
    reserve(0, side - 8, corner, 8);
    // Timing patterns.
    reserve(TIMING, 0, 1, side);
    reserve(0, TIMING, side, 1);
    // Alignment patterns, but where finders stand.
    let centres = alignment_centres(version, side);
    for &x in &centres {
        for &y in &centres {
            let (near, far) = (TIMING, side - FINDER);
            if ![(near, near), (far, near), (near, far)].contains(&(x, y)) {
                reserve(x - 2, y - 2, 5, 5);
            }
        }
    }
    // Version information (clause 7.10).
    if version >= 7 {
        reserve(side - 11, 0, 3, 6);
        reserve(0, side - 11, 6, 3);
    }
    rows
}

/// Annex E: centres lie evenly from the far side inwards, an even number of modules apart, and the first on the timing pattern.
fn alignment_centres(version: usize, side: usize) -> Vec<usize> {
    if version == 1 {
        return Vec::new();
    }
    let count = version / 7 + 2;
    let step = (version * 4 + count * 2 + 1) / (count * 2 - 2) * 2;
    std::iter::once(TIMING).chain((0..count - 1).map(|i| side - FINDER - i * step)).collect()
}

/// All modules in placement order: from the bottom right, two columns at a time, right before left, up and down by turns, stepping over the
/// vertical timing pattern.
fn zigzag(side: usize) -> impl Iterator<Item = (usize, usize)> {
    let right_columns = (0..side).rev().filter(|&x| x != TIMING).step_by(2);
    right_columns.enumerate().flat_map(move |(pair, right)| {
        let left = right - 1;
        (0..side).flat_map(move |step| {
            let y = if pair % 2 == 0 { side - 1 - step } else { step };
            [(right, y), (left, y)]
        })
    })
}
