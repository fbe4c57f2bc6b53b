//! Lengths on an exact integer grid, and the only place that rounds.
//!
//! In: numbers with a unit (mm, pt). Out: [`Length`], and its decimal text in mm (OFD) or pt (PDF).
//! Invariant: 1 raw unit = 1/360 000 mm = 1/127 000 pt, so that a millimetre, an inch and a point are
//! all whole numbers and sums never drift.

use std::iter::Sum;
use std::ops::{Add, AddAssign, Div, Mul, Neg, Sub, SubAssign};

const RAW_PER_MM: f64 = 360_000.0;
const RAW_PER_PT: f64 = 127_000.0;

/// A length or coordinate. Constructors saturate instead of overflowing; NaN becomes zero.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Length(i64);

/// Lengths that differ by no more than a micrometre are equal: sums of rounded parts.
pub(crate) const TOLERANCE: Length = Length::from_raw(360);

impl Length {
    /// The origin, or nothing.
    pub const ZERO: Length = Length(0);

    /// `v` millimetres.
    pub fn mm(v: f64) -> Length {
        Length(round(v * RAW_PER_MM))
    }

    /// `v` points of 1/72 inch.
    pub fn pt(v: f64) -> Length {
        Length(round(v * RAW_PER_PT))
    }

    /// In millimetres.
    pub fn to_mm(self) -> f64 {
        self.0 as f64 / RAW_PER_MM
    }

    /// In points.
    pub fn to_pt(self) -> f64 {
        self.0 as f64 / RAW_PER_PT
    }

    /// In grid units.
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// From grid units.
    pub const fn from_raw(raw: i64) -> Length {
        Length(raw)
    }

    /// This length times `factor`, rounded to the grid.
    pub fn scale(self, factor: f64) -> Length {
        Length(round(self.0 as f64 * factor))
    }

    /// `units / per_em` of this length: how font units become page units, exactly rounded.
    pub fn of_em(self, units: i32, per_em: u16) -> Length {
        let d = i64::from(per_em.max(1));
        match self.0.checked_mul(i64::from(units)) {
            Some(n) if n.unsigned_abs() < u64::MAX / 4 => Length(div_round(n, d)),
            _ => Length((i128::from(self.0) * i128::from(units) / i128::from(d)) as i64),
        }
    }

    /// How many times `other` goes into this length; 0 if `other` is zero.
    pub fn ratio(self, other: Length) -> f64 {
        if other.0 == 0 { 0.0 } else { self.0 as f64 / other.0 as f64 }
    }

    /// The distance from zero.
    pub fn abs(self) -> Length {
        Length(self.0.saturating_abs())
    }

    /// Appends the decimal text in millimetres, at most four decimals (0.1 µm), no trailing zeros.
    pub fn write_mm(self, out: &mut Vec<u8>) {
        // 360 000 raw a mm, so 36 raw is 1e-4 mm.
        write_decimal(out, div_round(self.0, 36), 4);
    }

    /// The nearest length that [`Length::write_mm`] says exactly.
    pub fn snap_mm(self) -> Length {
        Length(div_round(self.0, 36) * 36)
    }

    /// Appends the decimal text in points, at most three decimals, no trailing zeros.
    pub fn write_pt(self, out: &mut Vec<u8>) {
        write_decimal(out, div_round(self.0, 127), 3);
    }

    /// The text of [`Length::write_mm`].
    pub fn fmt_mm(self) -> String {
        text(|out| self.write_mm(out))
    }

    /// The text of [`Length::write_pt`].
    pub fn fmt_pt(self) -> String {
        text(|out| self.write_pt(out))
    }
}

/// Appends a factor (matrix entry, opacity) with at most five decimals and no trailing zeros.
pub fn write_factor(out: &mut Vec<u8>, v: f64) {
    write_decimal(out, (v * 1e5).round() as i64, 5);
}

/// The text of [`write_factor`].
pub fn fmt_factor(v: f64) -> String {
    text(|out| write_factor(out, v))
}

/// Appends a whole number.
pub(crate) fn write_whole(out: &mut Vec<u8>, v: i64) {
    match v {
        // Most are columns and lines of a QR mark.
        0..10 => out.push(b'0' + v as u8),
        10..100 => out.extend_from_slice(&[b'0' + (v / 10) as u8, b'0' + (v % 10) as u8]),
        _ => write_decimal(out, v, 0),
    }
}

fn text(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut out = Vec::new();
    write(&mut out);
    String::from_utf8(out).expect("digits are ASCII")
}

/// What `v.round() as i64` says, halves away from zero, without the call that this is on processors of twenty years ago, which we build for.
fn round(v: f64) -> i64 {
    // The largest number below a half: a half itself would carry what is just below one half over it.
    (v + 0.499_999_999_999_999_94_f64.copysign(v)) as i64
}

fn div_round(n: i64, d: i64) -> i64 {
    let half = d / 2;
    (if n >= 0 { n.saturating_add(half) } else { n.saturating_sub(half) }) / d
}

/// Writes `scaled / 10^decimals`. Pages are made of numbers, and this takes a third of the time of `write!`.
fn write_decimal(out: &mut Vec<u8>, scaled: i64, mut decimals: u32) {
    let mut magnitude = scaled.unsigned_abs();
    while decimals > 0 && magnitude.is_multiple_of(10) {
        magnitude /= 10;
        decimals -= 1;
    }
    // From the last digit to the first: at most 20 digits, the point and the sign.
    let mut text = [0u8; 24];
    let mut start = text.len();
    let mut put = |byte| {
        start -= 1;
        text[start] = byte;
    };
    let mut written = 0;
    while magnitude > 0 || written <= decimals {
        put(b'0' + (magnitude % 10) as u8);
        magnitude /= 10;
        written += 1;
        if written == decimals {
            put(b'.');
        }
    }
    if scaled < 0 {
        put(b'-');
    }
    out.extend_from_slice(&text[start..]);
}

impl std::fmt::Debug for Length {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}mm", self.fmt_mm())
    }
}

impl Add for Length {
    type Output = Length;
    fn add(self, o: Length) -> Length {
        Length(self.0.saturating_add(o.0))
    }
}

impl Sub for Length {
    type Output = Length;
    fn sub(self, o: Length) -> Length {
        Length(self.0.saturating_sub(o.0))
    }
}

impl Neg for Length {
    type Output = Length;
    fn neg(self) -> Length {
        Length(self.0.saturating_neg())
    }
}

impl Mul<i64> for Length {
    type Output = Length;
    fn mul(self, n: i64) -> Length {
        Length(self.0.saturating_mul(n))
    }
}

impl Div<i64> for Length {
    type Output = Length;
    fn div(self, n: i64) -> Length {
        Length(div_round(self.0, n.max(1)))
    }
}

impl AddAssign for Length {
    fn add_assign(&mut self, o: Length) {
        *self = *self + o;
    }
}

impl SubAssign for Length {
    fn sub_assign(&mut self, o: Length) {
        *self = *self - o;
    }
}

impl Sum for Length {
    fn sum<I: Iterator<Item = Length>>(iter: I) -> Length {
        iter.fold(Length::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_and_a_millimetre_are_whole_numbers_of_the_grid() {
        assert_eq!(Length::mm(25.4), Length::pt(72.0));
        assert_eq!(Length::mm(210.0).raw(), 75_600_000);
    }

    #[test]
    fn decimal_text_rounds_half_away_from_zero_and_drops_zeros() {
        let cases = [
            (0.0, "0"),
            (210.0, "210"),
            (0.5, "0.5"),
            (-1.25, "-1.25"),
            (0.00005, "0.0001"),
            (-0.00001, "0"),
        ];
        for (v, text) in cases {
            assert_eq!(Length::mm(v).fmt_mm().replace("-0", "0"), text.replace("-0", "0"), "{v}");
        }
        assert_eq!(Length::pt(12.3456).fmt_pt(), "12.346");
    }

    #[test]
    fn a_snapped_length_is_what_its_text_says() {
        let third = Length::mm(1.0 / 3.0);
        assert_eq!(third.fmt_mm(), "0.3333");
        assert_eq!(third.snap_mm(), Length::mm(0.3333));
        assert_eq!((-third).snap_mm(), Length::mm(-0.3333));
    }

    #[test]
    fn whole_numbers_are_written_plainly() {
        for v in [0, 9, 10, 42, 99, 100, 1234, -1, -42, i64::MAX, i64::MIN] {
            assert_eq!(text(|out| write_whole(out, v)), v.to_string());
        }
    }

    #[test]
    fn the_longest_lengths_are_written_without_overflow() {
        for raw in [i64::MAX, i64::MIN] {
            let length = Length::from_raw(raw);
            assert_eq!((length.fmt_mm().is_empty(), length.abs()), (false, Length::from_raw(i64::MAX)));
        }
    }

    #[test]
    fn rounding_is_that_of_the_standard_library() {
        let bases = [
            0.0,
            0.5,
            1.0,
            1.5,
            2.5,
            1e6,
            4503599627370495.5,
            4503599627370497.0,
            9.1e15,
            1e19,
            f64::INFINITY,
        ];
        for base in bases.into_iter().chain((0..2000).map(|i| f64::from(i) * 0.25)) {
            for v in [base, base.next_up(), base.next_down(), -base, -base.next_up(), f64::NAN] {
                assert_eq!(round(v), v.round() as i64, "{v:?}");
            }
        }
    }

    #[test]
    fn font_units_scale_exactly() {
        let em = Length::pt(10.0);
        assert_eq!(em.of_em(1000, 1000), em);
        assert_eq!(em.of_em(-500, 1000), Length::pt(-5.0));
    }
}
