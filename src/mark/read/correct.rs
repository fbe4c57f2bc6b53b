//! Reed-Solomon decoding over GF(2⁸).
//!
//! In: a block of data and correction codewords. Out: its syndromes; the block corrected. Clause 7.5.2 (the field and its generators) and annex B
//! (error detection and correction).
//! Invariant: a block is changed only where the result is a codeword, within the distance asked for.

/// The primitive polynomial x⁸ + x⁴ + x³ + x² + 1.
const FIELD: u16 = 0b1_0001_1101;

/// The most correction codewords of a block (table 9).
const MOST: usize = 30;

/// α to the power of the index; twice over, so that a sum of two logarithms needs no modulo.
static POWER: [u8; 510] = {
    let mut power = [0; 510];
    let (mut i, mut x) = (0, 1u16);
    while i < 510 {
        power[i] = x as u8;
        x <<= 1;
        if x > 0xff {
            x ^= FIELD;
        }
        i += 1;
    }
    power
};

/// The logarithm to the base α; that of zero is never looked up.
static LOG: [u8; 256] = {
    let mut log = [0; 256];
    let mut i = 0;
    while i < 255 {
        log[POWER[i] as usize] = i as u8;
        i += 1;
    }
    log
};

/// Products with the roots of the generators: `BY_ROOT[i][x]` = αⁱ·x. Syndromes take one look-up a codeword and root.
static BY_ROOT: [[u8; 256]; MOST] = {
    let mut products = [[0; 256]; MOST];
    let mut root = 0;
    while root < MOST {
        let mut x = 1;
        while x < 256 {
            products[root][x] = POWER[LOG[x] as usize + root];
            x += 1;
        }
        root += 1;
    }
    products
};

fn mul(a: u8, b: u8) -> u8 {
    if a == 0 || b == 0 {
        0
    } else {
        POWER[usize::from(LOG[usize::from(a)]) + usize::from(LOG[usize::from(b)])]
    }
}

/// a / b for b ≠ 0.
fn div(a: u8, b: u8) -> u8 {
    if a == 0 { 0 } else { POWER[usize::from(LOG[usize::from(a)]) + 255 - usize::from(LOG[usize::from(b)])] }
}

/// The value of a polynomial, its constant first, at x.
fn value(polynomial: &[u8], x: u8) -> u8 {
    polynomial.iter().rev().fold(0, |sum, &c| mul(sum, x) ^ c)
}

/// The values of a received block at the roots of its generator: all zero for a codeword.
pub(super) struct Syndromes {
    values: [u8; MOST],
    count: usize,
}

impl Syndromes {
    /// Of `block`, whose last `count` codewords are its correction.
    pub(super) fn of(block: &[u8], count: usize) -> Syndromes {
        let mut values = [0; MOST];
        for &codeword in block {
            for (value, by_root) in values[..count].iter_mut().zip(&BY_ROOT) {
                *value = by_root[usize::from(*value)] ^ codeword;
            }
        }
        Syndromes { values, count }
    }

    /// Whether the block is a codeword.
    pub(super) fn are_zero(&self) -> bool {
        self.as_slice().iter().all(|&s| s == 0)
    }

    fn as_slice(&self) -> &[u8] {
        &self.values[..self.count]
    }
}

/// Corrects `block` and tells how many of its codewords were wrong; `None` if it is further than `correctable` from every codeword.
pub(super) fn correct(block: &mut [u8], syndromes: &Syndromes, correctable: usize) -> Option<usize> {
    let locator = locator(syndromes.as_slice());
    let errors = locator.len() - 1;
    if errors > correctable {
        return None;
    }
    // Ω = S·Λ mod x^count.
    let evaluator: Vec<u8> = (0..syndromes.count)
        .map(|i| {
            locator
                .iter()
                .take(i + 1)
                .zip(syndromes.values[..=i].iter().rev())
                .fold(0, |sum, (&l, &s)| sum ^ mul(l, s))
        })
        .collect();
    // The formal derivative of Λ: in characteristic 2 the odd powers are left.
    let derivative: Vec<u8> =
        locator[1..].iter().enumerate().map(|(i, &c)| if i % 2 == 0 { c } else { 0 }).collect();

    let mut found = 0;
    for (i, codeword) in block.iter_mut().rev().enumerate() {
        // The codeword at xⁱ is wrong where Λ(α⁻ⁱ) = 0 (Chien), by αⁱ·Ω(α⁻ⁱ)/Λ'(α⁻ⁱ) (Forney).
        let inverse = POWER[255 - i];
        if value(&locator, inverse) == 0 {
            let slope = value(&derivative, inverse);
            if slope == 0 {
                return None;
            }
            *codeword ^= mul(POWER[i], div(value(&evaluator, inverse), slope));
            found += 1;
        }
    }
    (found == errors && Syndromes::of(block, syndromes.count).are_zero()).then_some(errors)
}

/// The error locator Λ, its constant 1 first, by Berlekamp and Massey: the shortest feedback register that makes the syndromes.
fn locator(syndromes: &[u8]) -> Vec<u8> {
    let (mut current, mut previous) = (vec![1], vec![1]);
    let (mut length, mut gap, mut last) = (0, 1, 1);
    for i in 0..syndromes.len() {
        let discrepancy =
            current.iter().zip(syndromes[..=i].iter().rev()).fold(0, |sum, (&c, &s)| sum ^ mul(c, s));
        if discrepancy == 0 {
            gap += 1;
            continue;
        }
        let before = current.clone();
        let factor = div(discrepancy, last);
        current.resize(current.len().max(previous.len() + gap), 0);
        for (c, &p) in current[gap..].iter_mut().zip(&previous) {
            *c ^= mul(factor, p);
        }
        if 2 * length <= i {
            (length, gap, last, previous) = (i + 1 - length, 1, discrepancy, before);
        } else {
            gap += 1;
        }
    }
    while current.len() > 1 && current.last() == Some(&0) {
        current.pop();
    }
    current
}
