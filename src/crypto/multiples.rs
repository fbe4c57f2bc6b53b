//! Tables of a point's multiples, by which it is multiplied with one addition for every six bits of a scalar.
//!
//! In: a point, once; then scalars. Out: their products. For the base point of the curve, when signing and verifying, and for the one key
//! that signs a whole batch.
//! Invariant: [`Multiples::times_secret`] takes the same steps and touches the same memory whatever the scalar is.

use std::sync::LazyLock;

use sm2::elliptic_curve::point::AffineCoordinates as _;
use sm2::elliptic_curve::subtle::{ConditionallySelectable as _, ConstantTimeEq as _};
use sm2::elliptic_curve::{BatchNormalize as _, Group as _, PrimeField as _};
use sm2::{AffinePoint, ProjectivePoint, Scalar};
use zeroize::Zeroizing;

use super::curve::{Affine, Element, Point};

/// Bits of a digit. Verifying takes a fifth longer with four, and an eighth less with eight, whose tables are three times as large.
const WIDTH: usize = 6;
/// Digits of a scalar of 256 bits.
const DIGITS: usize = 256_usize.div_ceil(WIDTH);
/// The largest digit; the least is 1 − `LARGEST`.
const LARGEST: usize = 1 << (WIDTH - 1);

/// `rows[i][j]` is (j + 1)·2^(6i)·P.
#[derive(Clone)]
pub(super) struct Multiples {
    rows: Vec<[Affine; LARGEST]>,
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
        let element = |coordinate: sm2::FieldBytes| Element::from_bytes(&coordinate.into());
        let affine: Vec<Affine> = ProjectivePoint::batch_normalize(multiples.as_slice())
            .iter()
            .map(|point| Affine { x: element(point.x()), y: element(point.y()) })
            .collect();
        let (rows, _) = affine.as_chunks::<LARGEST>();
        Multiples { rows: rows.to_vec() }
    }

    /// t·P, for a t that is known to all.
    pub(super) fn times(&self, t: &Scalar) -> Point {
        self.times_onto(Point::IDENTITY, t)
    }

    /// sum + t·P, for a t that is known to all.
    pub(super) fn times_onto(&self, mut sum: Point, t: &Scalar) -> Point {
        for (row, digit) in self.rows.iter().zip(*digits(t)) {
            let size = usize::from(digit.unsigned_abs());
            match digit.signum() {
                1 => sum = sum.plus(&row[size - 1]),
                -1 => sum = sum.plus(&row[size - 1].negated()),
                _ => {}
            }
        }
        sum
    }

    /// k·P, for a k that nobody may learn: from the time that it takes, or from the memory that it touches.
    pub(super) fn times_secret(&self, k: &Scalar) -> Point {
        let mut sum = Point::IDENTITY;
        for (row, digit) in self.rows.iter().zip(*digits(k)) {
            // All ones for a negative digit, else zero.
            let sign = digit >> 7;
            let size = ((digit ^ sign) - sign) as u8;
            let mut multiple = Affine::NONE;
            for (entry, number) in row.iter().zip(1u8..) {
                multiple.conditional_assign(entry, size.ct_eq(&number));
            }
            let negative = multiple.negated();
            multiple.conditional_assign(&negative, (sign as u8).ct_eq(&u8::MAX));
            // Of the digit zero, the sum stays what it was.
            let added = sum.plus(&multiple);
            sum.conditional_assign(&added, !size.ct_eq(&0));
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

    /// The x of points of the crate.
    fn x_of(points: &[ProjectivePoint]) -> Vec<Option<[u8; 32]>> {
        let x = |point: &ProjectivePoint| {
            (*point != ProjectivePoint::IDENTITY).then(|| point.to_affine().x().into())
        };
        points.iter().map(x).collect()
    }

    #[test]
    fn products_are_those_of_the_curve_by_either_way() {
        let point = (ProjectivePoint::GENERATOR * Scalar::from(0xdead_beef_u64)).to_affine();
        let table = Multiples::new(&point);
        let scalars: Vec<Scalar> = scalars().into_iter().chain([Scalar::ZERO, Scalar::ONE]).collect();
        let by = |product: &dyn Fn(&Scalar) -> Point| {
            Point::x_of(&scalars.iter().map(product).collect::<Vec<_>>())
        };
        let expected: Vec<_> = scalars.iter().map(|s| ProjectivePoint::from(point) * s).collect();
        assert_eq!(by(&|s| table.times(s)), x_of(&expected));
        assert_eq!(by(&|s| table.times_secret(s)), x_of(&expected));
        let of_g: Vec<_> = scalars.iter().map(ProjectivePoint::mul_by_generator).collect();
        assert_eq!(by(&|s| OF_G.times_secret(s)), x_of(&of_g));
    }

    #[test]
    fn sums_of_products_are_those_of_the_curve_where_they_meet_too() {
        let point = (ProjectivePoint::GENERATOR * Scalar::from(7_u64)).to_affine();
        let table = Multiples::new(&point);
        // 7a + b: sums of equal points, of opposite ones, and others.
        for (a, b) in [(1_u64, 7_u64), (2, 14), (64, 448), (3, 1), (0, 0), (5, 0)] {
            let (a, b) = (Scalar::from(a), Scalar::from(b));
            for b in [b, -b] {
                let found = Point::x_of(&[OF_G.times_onto(table.times(&a), &b)]);
                let expected = ProjectivePoint::from(point) * a + ProjectivePoint::GENERATOR * b;
                assert_eq!(found, x_of(&[expected]));
            }
        }
    }
}
