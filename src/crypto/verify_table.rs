//! Verification with a table of the public key's multiples (GB/T 32918.2, 7.1), for the one key that signs a whole batch.
//!
//! In: a public key, once; then digests and signatures. Out: whether they hold. Invariant: the answer is that of `sm2`'s own
//! verification, only sooner; everything here is public, so nothing needs constant time.

use sm2::elliptic_curve::ops::Reduce as _;
use sm2::elliptic_curve::point::AffineCoordinates as _;
use sm2::elliptic_curve::{BatchNormalize as _, Group as _, PrimeField as _};
use sm2::{AffinePoint, FieldBytes, ProjectivePoint, Scalar};

use super::sm3::Digest;

/// Digits of a scalar in base 16.
const DIGITS: usize = 64;

/// `rows[i][j]` is (j + 1)·16^i·P.
#[derive(Clone)]
pub(super) struct VerifyTable {
    rows: Vec<[AffinePoint; 15]>,
}

impl VerifyTable {
    pub(super) fn new(point: &AffinePoint) -> VerifyTable {
        let mut multiples = Vec::with_capacity(DIGITS * 15);
        let mut base = ProjectivePoint::from(*point);
        for _ in 0..DIGITS {
            let mut multiple = base;
            for _ in 0..15 {
                multiples.push(multiple);
                multiple += base;
            }
            base = multiple;
        }
        let affine = ProjectivePoint::batch_normalize(multiples.as_slice());
        let (rows, _) = affine.as_chunks::<15>();
        VerifyTable { rows: rows.to_vec() }
    }

    /// t·P by one addition a digit, most significant digit first.
    fn multiply(&self, t: &Scalar) -> ProjectivePoint {
        let bytes: FieldBytes = t.to_repr();
        let digits = bytes.iter().flat_map(|b| [usize::from(b >> 4), usize::from(b & 15)]);
        let mut sum = ProjectivePoint::IDENTITY;
        for (row, digit) in self.rows.iter().rev().zip(digits) {
            if digit > 0 {
                sum += &row[digit - 1];
            }
        }
        sum
    }

    /// Steps B4 to B7. The signature's type has already answered B1 and B2.
    pub(super) fn verify(&self, e: &Digest, signature: &sm2::dsa::Signature) -> bool {
        let (r, s) = (*signature.r(), *signature.s());
        // B5: t = (r + s) mod n, refused if t = 0
        let t = r + s;
        if bool::from(t.is_zero()) {
            return false;
        }
        // B6: (x1, y1) = [s]G + [t]PA
        let point = ProjectivePoint::mul_by_generator(&s) + self.multiply(&t);
        if bool::from(point.is_identity()) {
            return false;
        }
        // B7: R = (e + x1) mod n must be r
        r == Scalar::reduce(&FieldBytes::from(*e)) + Scalar::reduce(&point.to_affine().x())
    }
}
