//! Decimal numbers as pages have them, read faster than `str::parse` does.
//!
//! In: bytes that may begin with a number. Out: [`Decimal`]. Invariant: its value is the very one that `str::parse` gives; what has an exponent,
//! or more than 15 digits, is left to that. A certificate has ten thousand numbers, and they were a tenth of its verification.

/// A sign, digits, and perhaps a point among them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decimal {
    is_negative: bool,
    /// All digits as one number.
    digits: u64,
    /// Digits after the point; `None` without one.
    decimals: Option<usize>,
    /// Bytes of its text.
    pub(crate) len: usize,
}

/// So many digits always fit a float exactly, and so does the power of ten below them: then one division rounds as the whole number does.
const MOST_DIGITS: usize = 15;

/// 10⁰, 10¹, …
const POWERS: [f64; MOST_DIGITS + 1] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

impl Decimal {
    /// The number that `text` begins with; what comes after it is for the caller to judge.
    pub(crate) fn begin(text: &[u8]) -> Option<Decimal> {
        let unsigned = if let [b'+' | b'-', rest @ ..] = text { rest } else { text };
        let (digits, rest) = read_digits(0, unsigned);
        let mut count = unsigned.len() - rest.len();
        let (digits, decimals, rest) = match rest {
            [b'.', after @ ..] => {
                let (digits, rest) = read_digits(digits, after);
                let decimals = after.len() - rest.len();
                count += decimals;
                (digits, Some(decimals), rest)
            }
            _ => (digits, None, rest),
        };
        let is_plain = (1..=MOST_DIGITS).contains(&count);
        let is_negative = text.first() == Some(&b'-');
        is_plain.then_some(Decimal { is_negative, digits, decimals, len: text.len() - rest.len() })
    }

    /// The number that `text` is as a whole.
    pub(crate) fn whole(text: &[u8]) -> Option<Decimal> {
        Decimal::begin(text).filter(|decimal| decimal.len == text.len())
    }

    /// Its value, if it has no point.
    pub(crate) fn integer(self) -> Option<i64> {
        let value = self.digits as i64;
        self.decimals.is_none().then_some(if self.is_negative { -value } else { value })
    }

    /// Its value.
    pub(crate) fn value(self) -> f64 {
        let value = self.digits as f64 / POWERS[self.decimals.unwrap_or(0)];
        if self.is_negative { -value } else { value }
    }
}

/// Appends the digits that `text` begins with to `number`, and gives the rest. More than fit are counted out by the caller.
fn read_digits(mut number: u64, mut text: &[u8]) -> (u64, &[u8]) {
    while let [byte @ b'0'..=b'9', rest @ ..] = text {
        number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
        text = rest;
    }
    (number, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_standard_library_to_the_last_bit() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let fixed = ["0", "-0", "+7", "5.", ".5", "-.5", "999999999999999", "0.00000000000001", "1.005"];
        let others = (0..20_000).map(|_| {
            let digits = (random() % 10u64.pow((random() % 15 + 1) as u32)).to_string();
            let point = random() as usize % (digits.len() + 1);
            let (whole, decimals) = digits.split_at(point);
            format!("{}{whole}.{decimals}", ["", "-", "+"][random() as usize % 3])
        });
        for text in fixed.map(str::to_owned).into_iter().chain(others) {
            let decimal = Decimal::whole(text.as_bytes()).unwrap();
            let expected: f64 = text.parse().unwrap();
            assert_eq!(decimal.value().to_bits(), expected.to_bits(), "{text}");
            assert_eq!(decimal.integer(), text.parse::<i64>().ok(), "{text}");
        }
    }

    #[test]
    fn what_is_no_plain_number_is_left_alone() {
        for text in ["", "-", ".", "+.", "--1", "1e3", "1.2.3", "1234567890123456", "inf", "NaN", " 1", "１"]
        {
            assert_eq!(Decimal::whole(text.as_bytes()), None, "{text}");
        }
        assert_eq!(Decimal::begin(b"12.5 R").map(|d| (d.value(), d.len)), Some((12.5, 4)));
    }
}
