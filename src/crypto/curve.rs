//! The curve y² = x³ − 3x + b of GB/T 32918.5 and the field below it, for the sums of [`multiples`](super::multiples): a third of the
//! instructions that the crate `sm2` takes for them, because this prime spares half of a reduction's products.
//!
//! In: coordinates of points that `sm2` has checked. Out: sums of such points.
//! Invariant: the steps and the memory that they touch are the same for all values, so that secrets may go through here; numbers are
//! below p, so that each has one form.

use sm2::elliptic_curve::subtle::{Choice, ConditionallySelectable, ConstantTimeEq as _};

/// p = 2²⁵⁶ − 2²²⁴ − 2⁹⁶ + 2⁶⁴ − 1, least limb first.
const P: [u64; 4] = [u64::MAX, 0xffff_ffff_0000_0000, u64::MAX, 0xffff_fffe_ffff_ffff];

/// A number modulo p, held as its product with 2²⁵⁶ (Montgomery).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Element([u64; 4]);

impl Element {
    const ZERO: Element = Element([0; 4]);
    /// 2²⁵⁶ mod p.
    const ONE: Element = Element([1, 0xffff_ffff, 0, 0x1_0000_0000]);
    /// 2⁵¹² mod p.
    const SQUARE_OF_RADIX: Element =
        Element([0x0000_0002_0000_0003, 0x0000_0002_ffff_ffff, 0x0000_0001_0000_0001, 0x0000_0004_0000_0002]);
    /// b of the curve.
    const B: Element = Element::from_limbs([
        0xddbc_bd41_4d94_0e93,
        0xf397_89f5_15ab_8f92,
        0x4d5a_9e4b_cf65_09a7,
        0x28e9_fa9e_9d9f_5e34,
    ]);

    const fn from_limbs(limbs: [u64; 4]) -> Element {
        Element(limbs).times(&Element::SQUARE_OF_RADIX)
    }

    /// From 32 bytes, big-endian, of a number below p.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Element {
        let (words, _) = bytes.as_chunks();
        Element::from_limbs(std::array::from_fn(|i| u64::from_be_bytes(words[3 - i])))
    }

    /// The number as 32 bytes, big-endian.
    pub(super) fn to_bytes(self) -> [u8; 32] {
        let Element(limbs) = self.times(&Element([1, 0, 0, 0]));
        let mut bytes = [0; 32];
        bytes.as_chunks_mut().0.iter_mut().zip(limbs.iter().rev()).for_each(|(to, l)| *to = l.to_be_bytes());
        bytes
    }

    const fn plus(&self, other: &Element) -> Element {
        let (a, b) = (&self.0, &other.0);
        let (s0, carry) = add(a[0], b[0], 0);
        let (s1, carry) = add(a[1], b[1], carry);
        let (s2, carry) = add(a[2], b[2], carry);
        let (s3, carry) = add(a[3], b[3], carry);
        reduced([s0, s1, s2, s3], carry)
    }

    const fn minus(&self, other: &Element) -> Element {
        let (a, b) = (&self.0, &other.0);
        let (d0, borrow) = subtract(a[0], b[0], 0);
        let (d1, borrow) = subtract(a[1], b[1], borrow);
        let (d2, borrow) = subtract(a[2], b[2], borrow);
        let (d3, borrow) = subtract(a[3], b[3], borrow);
        // p once more for a difference below zero.
        let mask = borrow.wrapping_neg();
        let (d0, carry) = add(d0, P[0] & mask, 0);
        let (d1, carry) = add(d1, P[1] & mask, carry);
        let (d2, carry) = add(d2, P[2] & mask, carry);
        let (d3, _) = add(d3, P[3] & mask, carry);
        Element([d0, d1, d2, d3])
    }

    /// Products and reductions by turns, a limb of `other` at a time (CIOS). p ends in 64 ones, so that the limb that has to vanish is the
    /// factor of p by itself, and no product is needed for it.
    const fn times(&self, other: &Element) -> Element {
        let a = &self.0;
        let mut t = [0; 5];
        let mut i = 0;
        while i < 4 {
            let b = other.0[i];
            let (t0, carry) = multiply_add(t[0], a[0], b, 0);
            let (t1, carry) = multiply_add(t[1], a[1], b, carry);
            let (t2, carry) = multiply_add(t[2], a[2], b, carry);
            let (t3, carry) = multiply_add(t[3], a[3], b, carry);
            let (t4, t5) = add(t[4], carry, 0);
            // (t + t0·p) / 2⁶⁴ = the upper limbs + t0·(2¹⁹² − 2¹⁶⁰ − 2³² + 1)
            let (low, high) = (t0 << 32, t0 >> 32);
            let (t1, carry) = add(t1, t0, 0);
            let (t2, carry) = add(t2, 0, carry);
            let (t3, carry) = add(t3, 0, carry);
            let (t4, carry) = add(t4, t0, carry);
            let t5 = t5 + carry;
            let (t1, borrow) = subtract(t1, low, 0);
            let (t2, borrow) = subtract(t2, high, borrow);
            let (t3, borrow) = subtract(t3, low, borrow);
            let (t4, borrow) = subtract(t4, high, borrow);
            t = [t1, t2, t3, t4, t5 - borrow];
            i += 1;
        }
        reduced([t[0], t[1], t[2], t[3]], t[4])
    }

    fn double(&self) -> Element {
        self.plus(self)
    }

    fn triple(&self) -> Element {
        self.double().plus(self)
    }

    /// The element squared `times` times.
    fn squared(&self, times: u32) -> Element {
        (0..times).fold(*self, |square, _| square.times(&square))
    }

    /// Its inverse, its power p − 2 (Fermat): runs of ones, but for one 32-bit word of zeros and the ends. Zero stays zero.
    fn inverted(&self) -> Element {
        let ones_2 = self.squared(1).times(self);
        let ones_3 = ones_2.squared(1).times(self);
        let ones_6 = ones_3.squared(3).times(&ones_3);
        let ones_12 = ones_6.squared(6).times(&ones_6);
        let ones_15 = ones_12.squared(3).times(&ones_3);
        let ones_30 = ones_15.squared(15).times(&ones_15);
        let ones_31 = ones_30.squared(1).times(self);
        let ones_32 = ones_31.squared(1).times(self);
        // p − 2 = fffffffe ffffffff ffffffff ffffffff ffffffff 00000000 ffffffff fffffffd
        let power = (0..4).fold(ones_31.squared(1), |power, _| power.squared(32).times(&ones_32));
        let power = power.squared(64).times(&ones_32);
        power.squared(30).times(&ones_30).squared(2).times(self)
    }
}

/// a + b + carry, and the carry.
const fn add(a: u64, b: u64, carry: u64) -> (u64, u64) {
    let sum = a as u128 + b as u128 + carry as u128;
    (sum as u64, (sum >> 64) as u64)
}

/// a − b − borrow, and the borrow.
const fn subtract(a: u64, b: u64, borrow: u64) -> (u64, u64) {
    let difference = (a as u128).wrapping_sub(b as u128).wrapping_sub(borrow as u128);
    (difference as u64, (difference >> 64) as u64 & 1)
}

/// t + a·b + carry, and the carry.
const fn multiply_add(t: u64, a: u64, b: u64, carry: u64) -> (u64, u64) {
    let sum = t as u128 + a as u128 * b as u128 + carry as u128;
    (sum as u64, (sum >> 64) as u64)
}

/// A number below 2p, the fifth limb of which is `top`, without p if it holds one.
const fn reduced(t: [u64; 4], top: u64) -> Element {
    let (d0, borrow) = subtract(t[0], P[0], 0);
    let (d1, borrow) = subtract(t[1], P[1], borrow);
    let (d2, borrow) = subtract(t[2], P[2], borrow);
    let (d3, borrow) = subtract(t[3], P[3], borrow);
    // All ones where p was too much.
    let (_, borrow) = subtract(top, 0, borrow);
    let mask = borrow.wrapping_neg();
    Element([
        d0 ^ (mask & (d0 ^ t[0])),
        d1 ^ (mask & (d1 ^ t[1])),
        d2 ^ (mask & (d2 ^ t[2])),
        d3 ^ (mask & (d3 ^ t[3])),
    ])
}

impl ConditionallySelectable for Element {
    fn conditional_select(a: &Element, b: &Element, choice: Choice) -> Element {
        // A quarter of the instructions of a choice for each limb. What a `Choice` is, the compiler cannot know, so it makes no branch of it.
        let mask = u64::from(choice.unwrap_u8()).wrapping_neg();
        Element(std::array::from_fn(|i| a.0[i] ^ (mask & (a.0[i] ^ b.0[i]))))
    }
}

/// A point with two coordinates: any but the identity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Affine {
    pub(super) x: Element,
    pub(super) y: Element,
}

impl Affine {
    /// What a selection begins with: no point.
    pub(super) const NONE: Affine = Affine { x: Element::ZERO, y: Element::ZERO };

    /// −P.
    pub(super) fn negated(&self) -> Affine {
        Affine { x: self.x, y: Element::ZERO.minus(&self.y) }
    }
}

impl ConditionallySelectable for Affine {
    fn conditional_select(a: &Affine, b: &Affine, choice: Choice) -> Affine {
        Affine {
            x: Element::conditional_select(&a.x, &b.x, choice),
            y: Element::conditional_select(&a.y, &b.y, choice),
        }
    }
}

/// Any point: (x/z, y/z), or the identity where z = 0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Point {
    x: Element,
    y: Element,
    z: Element,
}

impl Point {
    pub(super) const IDENTITY: Point = Point { x: Element::ZERO, y: Element::ONE, z: Element::ZERO };

    /// P + Q, by formulas that hold for all points: Renes, Costello, Batina, Complete addition formulas for prime order elliptic curves
    /// (2015), algorithm 5.
    pub(super) fn plus(&self, q: &Affine) -> Point {
        let xx = self.x.times(&q.x);
        let yy = self.y.times(&q.y);
        let xy = self.x.plus(&self.y).times(&q.x.plus(&q.y)).minus(&xx.plus(&yy));
        let yz = q.y.times(&self.z).plus(&self.y);
        let xz = q.x.times(&self.z).plus(&self.x);
        let bzz3 = xz.minus(&Element::B.times(&self.z)).triple();
        let (less, more) = (yy.minus(&bzz3), yy.plus(&bzz3));
        let z3 = self.z.triple();
        let bxz3 = Element::B.times(&xz).minus(&z3.plus(&xx)).triple();
        let xx3 = xx.triple().minus(&z3);
        Point {
            x: more.times(&xy).minus(&yz.times(&bxz3)),
            y: more.times(&less).plus(&xx3.times(&bxz3)),
            z: less.times(&yz).plus(&xy.times(&xx3)),
        }
    }

    /// The x of each point, with one inversion for all; none of the identity.
    pub(super) fn x_of(points: &[Point]) -> Vec<Option<[u8; 32]>> {
        // The products of all z before each, one in a zero's stead.
        let z_of = |point: &Point| {
            Element::conditional_select(&point.z, &Element::ONE, point.z.0.ct_eq(&Element::ZERO.0))
        };
        let mut product = Element::ONE;
        let mut before = Vec::with_capacity(points.len());
        for point in points {
            before.push(product);
            product = product.times(&z_of(point));
        }
        let mut inverse = product.inverted();
        let mut all: Vec<Option<[u8; 32]>> = Vec::with_capacity(points.len());
        for (point, before) in points.iter().zip(&before).rev() {
            let x = point.x.times(&inverse.times(before)).to_bytes();
            all.push((point.z != Element::ZERO).then_some(x));
            inverse = inverse.times(&z_of(point));
        }
        all.reverse();
        all
    }
}

impl ConditionallySelectable for Point {
    fn conditional_select(a: &Point, b: &Point, choice: Choice) -> Point {
        Point {
            x: Element::conditional_select(&a.x, &b.x, choice),
            y: Element::conditional_select(&a.y, &b.y, choice),
            z: Element::conditional_select(&a.z, &b.z, choice),
        }
    }
}
