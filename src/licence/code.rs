//! Codes told by their shape: licence identifiers, unified social credit codes, resident identity numbers.
//!
//! In: a text. Out: what it is meant to be, and what is wrong or odd about it.
//! Invariant: a text that passes the rules of one kind is never refused by those of another.

use jiff::civil::Date;
use thiserror::Error;

use super::identifier::{Identifier, IdentifierError};
use super::resident_id::{self, ResidentIdError};
use super::uscc::{self, UsccError};

/// A code that keeps its rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Code {
    /// 电子证照标识, GB/T 36904.
    Identifier(Identifier),
    /// 统一社会信用代码, GB 32100.
    Uscc,
    /// 公民身份号码, GB 11643.
    ResidentId {
        /// The day of birth that it names.
        birth: Date,
    },
}

/// A code that breaks the rules of what it is meant to be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CodeError {
    /// A licence identifier.
    #[error(transparent)]
    Identifier(#[from] IdentifierError),
    /// A unified social credit code.
    #[error(transparent)]
    Uscc(#[from] UsccError),
    /// A resident identity number.
    #[error(transparent)]
    ResidentId(#[from] ResidentIdError),
    /// None of them.
    #[error("has the shape of no licence identifier, unified social credit code or resident identity number")]
    Shape,
}

impl Code {
    /// The kind, in the words of the layouts' field types.
    pub fn kind(&self) -> &'static str {
        match self {
            Code::Identifier(_) => "identifier",
            Code::Uscc => "uscc",
            Code::ResidentId { .. } => "resident-id",
        }
    }
}

impl CodeError {
    /// The kind that the text is meant to be; `None` if it has no such shape.
    pub fn kind(&self) -> Option<&'static str> {
        match self {
            CodeError::Identifier(_) => Some("identifier"),
            CodeError::Uscc(_) => Some("uscc"),
            CodeError::ResidentId(_) => Some("resident-id"),
            CodeError::Shape => None,
        }
    }
}

/// Tells what `text` is meant to be, and checks it.
///
/// A text with dots is an identifier. One of 18 characters may be a number of either kind: all but the last digits, with a date
/// in the midst, is a person's if not just its check says that it is a body's.
///
/// # Errors
/// It breaks the rules of its kind, or has the shape of none.
pub fn read(text: &str) -> Result<Code, CodeError> {
    if text.contains('.') {
        return Ok(Code::Identifier(Identifier::parse(text)?));
    }
    if text.chars().count() != 18 || !text.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(CodeError::Shape);
    }
    match (resident_id::check(text), uscc::check(text)) {
        (Ok(birth), _) => Ok(Code::ResidentId { birth }),
        (_, Ok(())) => Ok(Code::Uscc),
        (Err(error @ ResidentIdError::Check { .. }), _) => Err(error.into()),
        (_, Err(error)) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> &'static str {
        read(text).unwrap().kind()
    }

    #[test]
    fn right_codes_are_told_apart() {
        let identifier = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";
        assert_eq!(kind(identifier), "identifier");
        assert_eq!(kind("11430000006122244L"), "uscc");
        assert_eq!(read("11010519491231002X"), Ok(Code::ResidentId { birth: Date::constant(1949, 12, 31) }));
    }

    #[test]
    fn a_body_whose_code_has_no_letter_is_not_taken_for_a_person() {
        let first17 = "11370000004504644";
        let code = format!("{first17}{}", uscc::check_character(first17).unwrap());
        assert!(code.chars().all(|c| c.is_ascii_digit()), "{code}");
        assert_eq!(kind(&code), "uscc");
    }

    #[test]
    fn wrong_codes_are_told_what_they_were_meant_to_be() {
        let wrong = |text| read(text).unwrap_err().kind();
        assert_eq!(wrong("1.2.156.3005.2.11100000000013338W011"), Some("identifier"));
        assert_eq!(wrong("110105194912310021"), Some("resident-id"));
        assert_eq!(wrong("11430000006122244M"), Some("uscc"));
        for text in ["", "YL2026000001", "1101051949123100２X", "110105491231002"] {
            assert_eq!(wrong(text), None, "{text}");
        }
    }
}
