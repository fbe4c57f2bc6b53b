//! Tables of a point's multiples, by which it is multiplied with one addition for every six bits of a scalar.
//!
//! In: a point, once; then scalars. Out: their products. For the base point of the curve, when signing and verifying, and for the one key
//! that signs a whole batch.
//! Invariant: [`Multiples::times_secret`] takes the same steps and touches the same memory whatever the scalar is.

use std::sync::LazyLock;

use sm2::elliptic_curve::subtle::{ConditionallySelectable as _, ConstantTimeEq as _};
use sm2::elliptic_curve::{BatchNormalize as _, Group as _, PrimeField as _};
use sm2::{AffinePoint, ProjectivePoint, Scalar};
use zeroize::Zeroizing;

/// Bits of a digit. Verifying takes a fifth longer with four, and an eighth less with eight, whose tables are three times as large.
const WIDTH: usize = 6;
/// Digits of a scalar of 256 bits.
const DIGITS: usize = 256_usize.div_ceil(WIDTH);
/// The largest digit; the least is 1 − `LARGEST`.
const LARGEST: usize = 1 << (WIDTH - 1);

/// `rows[i][j]` is (j + 1)·2^(6i)·P.
#[derive(Clone)]
pub(super) struct Multiples {
    rows: Vec<[AffinePoint; LARGEST]>,
}

/// Of the base point G.
pub(super) static OF_G: LazyLock<Multiples> = LazyLock::new(|| Multiples::new(&AffinePoint::GENERATOR));

impl Multiples {
    pub(super) fn new(point: &AffinePoint) -> Multiples {
        let mut multiples = Vec::with_capacity(DIGITS * LARGEST);
        let mut base = ProjectivePoint::from(*point);
        for _ in 0..DIGITS {
            let mut multiple = base;
            for _ in 1..LARGEST {
                multiples.push(multiple);
                multiple += base;
            }
            multiples.push(multiple);
            base = multiple.double();
        }
        let affine = ProjectivePoint::batch_normalize(multiples.as_slice());
        let (rows, _) = affine.as_chunks::<LARGEST>();
        Multiples { rows: rows.to_vec() }
    }

    /// t·P, for a t that is known to all.
    pub(super) fn times(&self, t: &Scalar) -> ProjectivePoint {
        let mut sum = ProjectivePoint::IDENTITY;
        for (row, digit) in self.rows.iter().zip(*digits(t)) {
            let size = usize::from(digit.unsigned_abs());
            match digit.signum() {
                1 => sum += &row[size - 1],
                -1 => sum -= &row[size - 1],
                _ => {}
            }
        }
        sum
    }

    /// k·P, for a k that nobody may learn: from the time that it takes, or from the memory that it touches.
    pub(super) fn times_secret(&self, k: &Scalar) -> ProjectivePoint {
        let mut sum = ProjectivePoint::IDENTITY;
        for (row, digit) in self.rows.iter().zip(*digits(k)) {
            // All ones for a negative digit, else zero.
            let sign = digit >> 7;
            let size = ((digit ^ sign) - sign) as u8;
            let mut multiple = AffinePoint::IDENTITY;
            for (entry, number) in row.iter().zip(1u8..) {
                multiple.conditional_assign(entry, size.ct_eq(&number));
            }
            let negative = -multiple;
            multiple.conditional_assign(&negative, (sign as u8).ct_eq(&u8::MAX));
            sum += &multiple;
        }
        sum
    }
}

/// The scalar in base 64, least digit first, each from −31 to 32: that halves the table. Takes the same steps for all scalars.
fn digits(scalar: &Scalar) -> Zeroizing<[i8; DIGITS]> {
    let mut bytes = Zeroizing::new([0_u8; 34]);
    for (to, from) in bytes.iter_mut().zip(scalar.to_repr().iter().rev()) {
        *to = *from;
    }
    let mut digits = Zeroizing::new([0; DIGITS]);
    let mut carry = 0;
    for (i, digit) in digits.iter_mut().enumerate() {
        let (at, shift) = (i * WIDTH / 8, i * WIDTH % 8);
        let bits = u16::from_le_bytes([bytes[at], bytes[at + 1]]) >> shift;
        let value = (bits & ((1 << WIDTH) - 1)) as i8 + carry;
        // 1 for a value above `LARGEST`, else 0; the last digit has four bits, and never carries.
        carry = (LARGEST as i8 - value) >> 7 & 1;
        *digit = value - (carry << WIDTH);
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Scalars whose digits are extreme, or carry all the way, and some others.
    fn scalars() -> Vec<Scalar> {
        let powers = (0..256).map(|i| (0..i).fold(Scalar::ONE, |power, _| power + power));
        let near: Vec<Scalar> = powers.flat_map(|p| [p - Scalar::ONE, p, -p]).collect();
        let mut square = Scalar::from(0x1234_5678_9abc_u64);
        let others = (0..64).map(|_| {
            square = square * square + Scalar::ONE;
            square
        });
        near.iter().copied().chain(others).chain([33_u64, 32, 31, 63, 64, 65].map(Scalar::from)).collect()
    }

    #[test]
    fn digits_add_up_to_the_scalar_and_keep_their_bounds() {
        for scalar in scalars() {
            let sum = digits(&scalar).iter().rev().fold(Scalar::ZERO, |sum, &digit| {
                let size = Scalar::from(u64::from(digit.unsigned_abs()));
                sum * Scalar::from(64_u64) + if digit < 0 { -size } else { size }
            });
            assert_eq!(sum, scalar);
            assert!(digits(&scalar).iter().all(|digit| (-31..=32).contains(digit)));
        }
    }

    #[test]
    fn products_are_those_of_the_curve_by_either_way() {
        let point = (ProjectivePoint::GENERATOR * Scalar::from(0xdead_beef_u64)).to_affine();
        let table = Multiples::new(&point);
        for scalar in scalars() {
            let expected = ProjectivePoint::from(point) * scalar;
            assert!(table.times(&scalar) == expected && table.times_secret(&scalar) == expected);
            assert_eq!(OF_G.times_secret(&scalar), ProjectivePoint::mul_by_generator(&scalar));
        }
    }
}
