//! The unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, the last one a check.

use thiserror::Error;

/// GB 32100, table 1: digits and capitals without I, O, S, V and Z; a character's value is its place.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// What is wrong with a code.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum UsccError {
    /// Not 18 characters.
    #[error("has {0} characters in place of 18")]
    Length(usize),
    /// A character outside the alphabet.
    #[error("has a character that no such code uses ({0:?})")]
    Character(char),
    /// The last character is not the one that the others demand.
    #[error("has a wrong check character, {expected} would be right")]
    Check {
        /// What the first 17 demand.
        expected: char,
    },
}

/// Whether `code` is well formed and its check character right.
pub fn check(code: &str) -> Result<(), UsccError> {
    let length = code.chars().count();
    if length != 18 {
        return Err(UsccError::Length(length));
    }
    if let Some(c) = code.chars().find(|&c| value(c).is_none()) {
        return Err(UsccError::Character(c));
    }
    match check_character(&code[..17]) {
        Some(expected) if !code.ends_with(expected) => Err(UsccError::Check { expected }),
        _ => Ok(()),
    }
}

/// The 18th character for the first 17: C = 31 − Σ aᵢ·3^(i−1) mod 31. `None` unless there are 17 characters of the alphabet.
pub fn check_character(first17: &str) -> Option<char> {
    if first17.chars().count() != 17 {
        return None;
    }
    let mut weight = 1;
    let mut sum = 0;
    for c in first17.chars() {
        sum += value(c)? * weight;
        weight = weight * 3 % 31;
    }
    Some(char::from(ALPHABET[(31 - sum % 31) % 31]))
}

fn value(c: char) -> Option<usize> {
    ALPHABET.iter().position(|&a| char::from(a) == c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_in_use_are_right() {
        for code in ["11100000000013338W", "11430000006122244L", "11220000013544541J", "11330105002500287C"] {
            assert_eq!(check(code), Ok(()), "{code}");
        }
    }

    #[test]
    fn every_changed_character_breaks_the_check() {
        let code = "11430000006122244L";
        for at in 0..18 {
            for &other in ALPHABET {
                let mut changed = code.as_bytes().to_vec();
                changed[at] = other;
                let changed = String::from_utf8(changed).unwrap();
                assert_eq!(check(&changed).is_ok(), changed == code, "{changed}");
            }
        }
    }

    #[test]
    fn a_code_with_letter_o_or_a_character_missing_is_told_so() {
        assert_eq!(check("1143000000612224OL"), Err(UsccError::Character('O')));
        assert_eq!(check("1143000000612224L"), Err(UsccError::Length(17)));
        assert_eq!(check("１１４３００００００６１２２２４４Ｌ"), Err(UsccError::Character('１')));
    }
}
