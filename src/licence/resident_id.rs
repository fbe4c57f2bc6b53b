//! The resident identity number (公民身份号码, GB 11643-1999): region 6, birth 8, sequence 3, check 1.

use jiff::civil::Date;
use thiserror::Error;

/// GB 11643, 3.4: the check characters for the remainders 0 to 10 of ISO 7064 MOD 11-2.
const CHECKS: &[u8; 11] = b"10X98765432";

/// What is wrong with a number.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ResidentIdError {
    /// Not 18 characters.
    #[error("has {0} characters in place of 18")]
    Length(usize),
    /// Something other than 17 digits and a digit or X.
    #[error("has a character that no such number uses ({0:?})")]
    Character(char),
    /// Digits 7 to 14 are no date.
    #[error("names a day of birth that does not exist ({0})")]
    Birth(String),
    /// The last character is not the one that the others demand.
    #[error("has a wrong check character")]
    Check {
        /// What the first 17 demand; not shown, lest a slip elsewhere be papered over.
        expected: char,
    },
}

/// The day of birth, if `number` is well formed, its date exists and its check character is right.
///
/// Regions come and go with the years, so that the first six digits are not looked up.
pub fn check(number: &str) -> Result<Date, ResidentIdError> {
    let length = number.chars().count();
    if length != 18 {
        return Err(ResidentIdError::Length(length));
    }
    let wrong = number.chars().enumerate().find(|&(i, c)| !(c.is_ascii_digit() || (i == 17 && c == 'X')));
    if let Some((_, c)) = wrong {
        return Err(ResidentIdError::Character(c));
    }
    let birth = birth(number).ok_or_else(|| ResidentIdError::Birth(number[6..14].to_owned()))?;
    match check_character(&number[..17]) {
        Some(expected) if !number.ends_with(expected) => Err(ResidentIdError::Check { expected }),
        _ => Ok(birth),
    }
}

/// The 18th character for 17 digits; `None` for anything else.
pub fn check_character(first17: &str) -> Option<char> {
    if first17.len() != 17 {
        return None;
    }
    // ISO 7064 MOD 11-2: the weight of the place i (from the right, the check being 1) is 2^(i-1) mod 11; Horner's rule.
    let mut sum = 0;
    for c in first17.chars() {
        sum = (sum + c.to_digit(10)? as usize) * 2 % 11;
    }
    Some(char::from(CHECKS[sum]))
}

fn birth(number: &str) -> Option<Date> {
    let date = Date::new(
        number.get(6..10)?.parse().ok()?,
        number.get(10..12)?.parse().ok()?,
        number.get(12..14)?.parse().ok()?,
    );
    date.ok().filter(|d| d.year() >= 1800)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Annex A of the standard, and numbers of a region that does not exist.
    const RIGHT: [&str; 3] = ["11010519491231002X", "440524188001010014", "999999199002290015"];

    #[test]
    fn a_right_number_tells_the_day_of_birth() {
        assert_eq!(check(RIGHT[0]), Ok(Date::constant(1949, 12, 31)));
        assert_eq!(check(RIGHT[1]), Ok(Date::constant(1880, 1, 1)));
    }

    #[test]
    fn the_29th_of_february_exists_in_leap_years_only() {
        assert_eq!(check(RIGHT[2]), Err(ResidentIdError::Birth("19900229".into())));
        let first17 = "99999919920229001";
        let number = format!("{first17}{}", check_character(first17).unwrap());
        assert_eq!(check(&number), Ok(Date::constant(1992, 2, 29)));
    }

    #[test]
    fn two_digits_swapped_or_one_changed_break_the_check() {
        for wrong in ["11010519491231020X", "11010519491231012X", "110105194912310021"] {
            assert!(matches!(check(wrong), Err(ResidentIdError::Check { expected: _ })), "{wrong}");
        }
    }

    #[test]
    fn x_stands_only_at_the_end() {
        assert_eq!(check("1101051949123100X2"), Err(ResidentIdError::Character('X')));
        assert_eq!(check("110105491231002"), Err(ResidentIdError::Length(15)));
    }
}
