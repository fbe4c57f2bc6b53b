//! Patterns of running numbers: `YL{year}{serial:06}`.
//!
//! In: a pattern, then a year and a serial. Out: the number as it is printed.
//! Invariant: two serials, or two years of a pattern that names the year, never give the same number.

use std::fmt;

use serde::Deserialize;
use thiserror::Error;

/// The most characters of a pattern's literal text.
const MAX_LITERAL: usize = 60;
/// The widest serial: one more digit would not always fit 64 bits.
const MAX_WIDTH: usize = 18;

/// Literal text, at most one `{year}` (four digits), and one `{serial:0N}` (N digits, N from 1 to 18).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Numbering {
    parts: Vec<Part>,
    width: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Year,
    Serial,
}

/// Why a pattern is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NumberingError {
    /// A brace without its partner.
    #[error("the numbering has a brace without its partner: {0}")]
    Brace(String),
    /// Braces around something else.
    #[error("the numbering knows {{year}} and {{serial:06}}, not {{{0}}}")]
    Unknown(String),
    /// `{serial}` without digits, with too many, or in another form.
    #[error(
        "the numbering's serial needs its number of digits, 1 to {MAX_WIDTH}, such as {{serial:06}}: {{{0}}}"
    )]
    Width(String),
    /// No serial, so that all would have one number.
    #[error("the numbering has no {{serial:06}}: {0}")]
    NoSerial(String),
    /// A part that may stand once stands twice.
    #[error("the numbering has {{{0}}} twice")]
    Twice(&'static str),
    /// Too much text, or a character that cannot be printed.
    #[error(
        "the numbering's text is longer than {MAX_LITERAL} characters or holds one that cannot be printed"
    )]
    Literal,
}

impl Numbering {
    /// Reads a pattern.
    ///
    /// # Errors
    /// What is wrong with it, all of it visible in the pattern alone.
    pub fn parse(pattern: &str) -> Result<Numbering, NumberingError> {
        let mut numbering = Numbering { parts: Vec::new(), width: 0 };
        let mut rest = pattern;
        while !rest.is_empty() {
            let literal = &rest[..rest.find(['{', '}']).unwrap_or(rest.len())];
            rest = &rest[literal.len()..];
            if !literal.is_empty() {
                numbering.parts.push(Part::Literal(literal.to_owned()));
            }
            if rest.is_empty() {
                break;
            }
            let inside = rest.strip_prefix('{').and_then(|r| r.split_once('}'));
            let (name, after) = inside.ok_or_else(|| NumberingError::Brace(pattern.to_owned()))?;
            rest = after;
            numbering.add(name)?;
        }
        let literal = |part: &Part| if let Part::Literal(text) = part { text.chars().count() } else { 0 };
        if numbering.parts.iter().map(literal).sum::<usize>() > MAX_LITERAL
            || pattern.chars().any(char::is_control)
        {
            return Err(NumberingError::Literal);
        }
        if numbering.width == 0 {
            return Err(NumberingError::NoSerial(pattern.to_owned()));
        }
        Ok(numbering)
    }

    /// The part that stands in braces as `name`.
    fn add(&mut self, name: &str) -> Result<(), NumberingError> {
        match name.split_once(':').unwrap_or((name, "")) {
            ("year", "") if self.names_the_year() => Err(NumberingError::Twice("year")),
            ("year", "") => {
                self.parts.push(Part::Year);
                Ok(())
            }
            ("serial", _) if self.width > 0 => Err(NumberingError::Twice("serial")),
            ("serial", digits) => {
                let width = digits.strip_prefix('0').unwrap_or(digits).parse().ok();
                let width = width.filter(|w| (1..=MAX_WIDTH).contains(w));
                self.width = width.ok_or_else(|| NumberingError::Width(name.to_owned()))?;
                self.parts.push(Part::Serial);
                Ok(())
            }
            _ => Err(NumberingError::Unknown(name.to_owned())),
        }
    }

    /// Whether `{year}` is in it.
    pub fn names_the_year(&self) -> bool {
        self.parts.contains(&Part::Year)
    }

    /// The largest serial that its digits hold.
    pub fn last(&self) -> u64 {
        10_u64.pow(self.width as u32) - 1
    }

    /// The number of the year `year` with this serial, which is at most [`Numbering::last`].
    pub fn number(&self, year: i16, serial: u64) -> String {
        let width = self.width;
        self.fill(year, |out| out.push_str(&format!("{serial:0width$}")))
    }

    /// The counter that its serials come from, within those of `owner`: another one each year if it names the year.
    pub fn counter(&self, owner: &str, year: i16) -> String {
        format!("{owner}/{}", self.fill(year, |out| out.push('#')))
    }

    fn fill(&self, year: i16, serial: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => out.push_str(text),
                Part::Year => out.push_str(&format!("{year:04}")),
                Part::Serial => serial(&mut out),
            }
        }
        out
    }
}

impl TryFrom<String> for Numbering {
    type Error = NumberingError;

    fn try_from(pattern: String) -> Result<Numbering, NumberingError> {
        Numbering::parse(&pattern)
    }
}

impl fmt::Display for Numbering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Literal(text) => f.write_str(text),
            Part::Year => f.write_str("{year}"),
            Part::Serial => write!(f, "{{serial:0{}}}", self.width),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_and_serial_are_filled_in_with_all_their_digits() {
        let numbering = Numbering::parse("YL{year}{serial:06}号").unwrap();
        assert_eq!(numbering.number(2026, 1), "YL2026000001号");
        assert_eq!(numbering.number(2026, numbering.last()), "YL2026999999号");
        assert_eq!(numbering.to_string(), "YL{year}{serial:06}号");
    }

    #[test]
    fn a_pattern_with_the_year_counts_anew_each_year_and_one_without_runs_on() {
        let counters = |pattern| {
            let numbering = Numbering::parse(pattern).unwrap();
            [2026, 2027].map(|year| numbering.counter("A", year))
        };
        assert_eq!(counters("{year}{serial:07}"), ["A/2026#", "A/2027#"]);
        assert_eq!(counters("Y{serial:07}"), ["A/Y#", "A/Y#"]);
    }

    #[test]
    fn each_wrong_pattern_is_refused_for_its_own_reason() {
        let cases = [
            ("YL{year", NumberingError::Brace("YL{year".into())),
            ("YL}{serial:06}", NumberingError::Brace("YL}{serial:06}".into())),
            ("YL{yaer}{serial:06}", NumberingError::Unknown("yaer".into())),
            ("YL{year}", NumberingError::NoSerial("YL{year}".into())),
            ("", NumberingError::NoSerial(String::new())),
            ("{serial}", NumberingError::Width("serial".into())),
            ("{serial:0}", NumberingError::Width("serial:0".into())),
            ("{serial:019}", NumberingError::Width("serial:019".into())),
            ("{serial:-6}", NumberingError::Width("serial:-6".into())),
            ("{serial:06}{serial:06}", NumberingError::Twice("serial")),
            ("{year}{year}{serial:06}", NumberingError::Twice("year")),
            ("A\u{7}{serial:06}", NumberingError::Literal),
        ];
        for (pattern, error) in cases {
            assert_eq!(Numbering::parse(pattern), Err(error), "{pattern}");
        }
    }

    #[test]
    fn the_widest_serial_is_counted_without_overflow() {
        assert_eq!(Numbering::parse("{serial:018}").unwrap().last(), 999_999_999_999_999_999);
    }
}
