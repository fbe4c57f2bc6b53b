//! What a version and a level decide without any content: made once, kept for the life of the program.
//!
//! In: a version and a level. Out: [`Frame`]: where data modules lie, and for each mask the finished symbol of all-zero data.
//! Clauses 6.3, 7.7.3, 7.8.2 and 7.9. Invariant: a symbol is the frame's rows XOR the data's rows, because masking is an XOR.

use std::sync::OnceLock;

use qrcode::canvas::{Canvas, MaskPattern, Module};
use qrcode::types::Version;

use super::Level;
use super::encode::LARGEST_VERSION;

/// The mask patterns of table 10, by their reference 000 to 111.
pub(super) const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The constant part of all symbols of one version and level.
#[derive(Debug)]
pub(super) struct Frame {
    /// Modules on a side.
    pub(super) modules: usize,
    /// For each mask: function patterns, format and version information, and the mask itself where data goes.
    pub(super) masked: [Vec<u128>; 8],
    /// Column and row of each data module, in placement order.
    places: Vec<(u8, u8)>,
}

/// The frame of `version` (1 to [`LARGEST_VERSION`]) and `level`.
pub(super) fn frame(version: u8, level: Level) -> &'static Frame {
    const COUNT: usize = LARGEST_VERSION as usize * 4;
    static FRAMES: [OnceLock<Frame>; COUNT] = [const { OnceLock::new() }; COUNT];
    FRAMES[(usize::from(version) - 1) * 4 + level as usize].get_or_init(|| Frame::new(version, level))
}

impl Frame {
    fn new(version: u8, level: Level) -> Frame {
        let version = Version::Normal(i16::from(version));
        let width = version.width();
        let mut canvas = Canvas::new(version, level.into());
        canvas.draw_all_functional_patterns();
        let places = places(&canvas, width);
        let masked = MASKS.map(|mask| {
            let mut symbol = canvas.clone();
            symbol.apply_mask(mask);
            (0..width)
                .map(|y| (0..width).fold(0, |row, x| row | u128::from(symbol.get(x, y).is_dark()) << x))
                .collect()
        });
        Frame { modules: width as usize, masked, places }
    }

    /// Lays codewords, most significant bit first, on the data modules; what they leave over stays 0 (the remainder bits).
    pub(super) fn lay(&self, codewords: &[u8]) -> Vec<u128> {
        let mut rows = vec![0; self.modules];
        for (byte, places) in codewords.iter().zip(self.places.chunks(8)) {
            for (i, &(x, y)) in places.iter().enumerate() {
                rows[usize::from(y)] |= u128::from(byte >> (7 - i) & 1) << x;
            }
        }
        rows
    }
}

/// The zigzag of clause 7.7.3: from the bottom right, two columns at a time, right before left, up and down by turns, stepping over the
/// vertical timing pattern.
fn places(canvas: &Canvas, width: i16) -> Vec<(u8, u8)> {
    /// Column of the vertical timing pattern.
    const TIMING: i16 = 6;
    let mut places = Vec::new();
    let mut right = width - 1;
    let mut upwards = true;
    while right > 0 {
        if right == TIMING {
            right -= 1;
        }
        for step in 0..width {
            let y = if upwards { width - 1 - step } else { step };
            for x in [right, right - 1] {
                if canvas.get(x, y) == Module::Empty {
                    places.push((x as u8, y as u8));
                }
            }
        }
        upwards = !upwards;
        right -= 2;
    }
    places
}
