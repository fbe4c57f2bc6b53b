//! What is wrong with a catalogue, and what a catalogue does not allow.

use std::fmt;

use thiserror::Error;

use super::when::ConditionError;
use crate::licence::serial::SerialError;

/// Why a catalogue cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum CatalogueError {
    /// The text is no TOML, or has keys or values that no catalogue has; with line and column.
    #[error("{0}")]
    Toml(String),
    /// Entries that contradict the rules or each other, all of them.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<Fault>),
}

/// One thing that is wrong with one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The entry: `certificate title-senior`, `issuer 11999999MB00000011`.
    pub entry: String,
    /// What is wrong, the value last.
    pub message: String,
    /// How to mend it, or empty.
    pub hint: String,
}

impl Fault {
    /// What is wrong with `entry`.
    pub fn new(entry: impl Into<String>, message: impl Into<String>, hint: impl Into<String>) -> Fault {
        Fault { entry: entry.into(), message: message.into(), hint: hint.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.entry, self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

/// Why a record gets no certificate, whatever its fields say.
#[derive(Debug, Error)]
pub enum Refusal {
    /// It names a kind that is not there.
    #[error("the catalogue has no certificate of this kind: {kind}")]
    Kind {
        /// As the record says.
        kind: String,
        /// A kind with a similar name.
        nearest: Option<String>,
    },
    /// No certificate's condition holds.
    #[error("no certificate of the catalogue is for this record")]
    NoKind,
    /// The conditions of two hold.
    #[error("two certificates of the catalogue are for this record: {first} and {second}")]
    SeveralKinds {
        /// One.
        first: String,
        /// Another.
        second: String,
    },
    /// A condition cannot be worked out.
    #[error("certificate {kind}: {source}")]
    Condition {
        /// Whose condition.
        kind: String,
        /// Why.
        source: ConditionError,
    },
    /// The qualification is cancelled.
    #[error("the qualification is cancelled, so that no certificate of it is issued or reissued: {kind}")]
    Cancelled {
        /// Which.
        kind: String,
        /// What is offered in its place.
        instead: Option<String>,
    },
    /// The record's identifier is of a type that no certificate here has.
    #[error("no certificate of the catalogue has the identifier's type: {0}")]
    UnknownType(String),
    /// The record's identifier is of another type than the certificate.
    #[error("the identifier's type is not that of {kind}, {expected}: {found}")]
    OtherType {
        /// The certificate.
        kind: String,
        /// Its type.
        expected: String,
        /// The identifier's.
        found: String,
    },
    /// The record's identifier names another issuer than the record.
    #[error("the identifier names another issuer than the record, {expected}: {found}")]
    OtherIssuer {
        /// The record's.
        expected: String,
        /// The identifier's.
        found: String,
    },
    /// The record names an issuer that is not there.
    #[error("the catalogue has no such issuer: {0}")]
    Issuer(String),
    /// The record names none, and not just one body may issue the certificate.
    #[error("the record names no issuer, and {count} may issue {kind}")]
    NoIssuer {
        /// The certificate.
        kind: String,
        /// How many may.
        count: usize,
    },
    /// The record's name of the issuer is not that of its code.
    #[error("the issuer {code} is called {expected} in the catalogue, not: {found}")]
    IssuerName {
        /// The issuer's code.
        code: String,
        /// Its name.
        expected: String,
        /// As the record says.
        found: String,
    },
    /// The issuer may not.
    #[error("{issuer} may not {act} certificates of the kind {kind}")]
    NotAllowed {
        /// Its name.
        issuer: String,
        /// `issue` or `reissue`.
        act: &'static str,
        /// The certificate.
        kind: String,
    },
    /// The unit has no seal here.
    #[error("the catalogue has no seal for the unit: {0}")]
    NoSeal(String),
    /// A number was to be made, and the pattern needs a year.
    #[error("a number cannot be made without the date of issue (issued_on)")]
    NoDate,
    /// A number was to be made, and there is none.
    #[error(transparent)]
    Serial(#[from] SerialError),
}

impl Refusal {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::Kind { .. } => "catalogue.kind",
            Refusal::NoKind => "catalogue.no-kind",
            Refusal::SeveralKinds { .. } => "catalogue.ambiguous",
            Refusal::Condition { .. } => "catalogue.condition",
            Refusal::Cancelled { .. } => "catalogue.cancelled",
            Refusal::UnknownType(_) => "catalogue.type",
            Refusal::OtherType { .. } => "catalogue.other-type",
            Refusal::OtherIssuer { .. } => "catalogue.other-issuer",
            Refusal::Issuer(_) => "catalogue.issuer",
            Refusal::NoIssuer { .. } => "catalogue.no-issuer",
            Refusal::IssuerName { .. } => "catalogue.issuer-name",
            Refusal::NotAllowed { .. } => "catalogue.not-allowed",
            Refusal::NoSeal(_) => "catalogue.no-seal",
            Refusal::NoDate => "catalogue.no-date",
            Refusal::Serial(_) => "catalogue.serial",
        }
    }

    /// How to mend it.
    pub fn hint(&self) -> String {
        match self {
            Refusal::Kind { nearest: Some(kind), .. } => format!("did you mean {kind}?"),
            Refusal::Kind { .. } => "write the kind as the catalogue does".into(),
            Refusal::NoKind => {
                "name its kind in the column kind, or compare it with the catalogue's conditions".into()
            }
            Refusal::SeveralKinds { .. } => {
                "name its kind in the column kind, or make the catalogue's conditions exclude each other"
                    .into()
            }
            Refusal::Condition { .. } => "mend the condition in the catalogue".into(),
            Refusal::Cancelled { instead: Some(kind), .. } => {
                format!("offer a certificate of the kind {kind}")
            }
            Refusal::Cancelled { instead: None, .. } => "the catalogue offers nothing in its place".into(),
            Refusal::UnknownType(_) | Refusal::OtherType { .. } | Refusal::OtherIssuer { .. } => {
                "correct the identifier, or leave it out where the catalogue numbers".into()
            }
            Refusal::Issuer(_) | Refusal::IssuerName { .. } => {
                "write code and name as the catalogue does".into()
            }
            Refusal::NoIssuer { .. } => "fill in the column issuer_code".into(),
            Refusal::NotAllowed { act, .. } => format!("the catalogue's may_{act} says who may"),
            Refusal::NoSeal(_) => "add the unit's seal to its entry in the catalogue".into(),
            Refusal::NoDate => "fill in the column issued_on".into(),
            Refusal::Serial(error) => error.hint().into(),
        }
    }
}
