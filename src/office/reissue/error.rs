//! Why there is no new certificate.

use thiserror::Error;

use crate::RenderError;
use crate::licence::{catalogue, reissue};
use crate::ofd::read::ReadError;
use crate::record::FieldError;

/// Why an original and a request become no new certificate.
#[derive(Debug, Error)]
pub enum ReissueError {
    /// The original is no OFD that can be read.
    #[error("the original cannot be read: {0}")]
    Original(#[from] ReadError),
    /// The original bears no electronic seal.
    #[error("the original is not sealed")]
    Unsealed,
    /// The original was changed after it was sealed, or is not sealed as a whole; everything that does not hold.
    #[error("the original is not as it was sealed:\n  {}", .0.join("\n  "))]
    NotIntact(Vec<String>),
    /// The original says different things in different places; each of them.
    #[error("the original contradicts itself:\n  {}", .0.join("\n  "))]
    Disagrees(Vec<String>),
    /// The original has no structured record, or one that certpress did not write.
    #[error("the original's record cannot be used: {0}")]
    Record(String),
    /// The original was sealed by somebody else than its issuer.
    #[error("the original was not sealed with a seal of its issuer: {0}")]
    OtherSeal(String),
    /// The request names a kind that the original is not of, or the catalogue takes it for another.
    #[error("the original was made by the layout {found}, and the certificate would be made by {expected}")]
    OtherKind {
        /// The original's layout.
        found: String,
        /// The layout of the kind.
        expected: String,
    },
    /// The layout cannot say that its certificate replaces another.
    #[error(
        "the layout has no field reissue_of, so that its certificates cannot say that they are reissued: {0}"
    )]
    NoMark(String),
    /// No new number can be made.
    #[error("the catalogue has no numbering for the issuer: {0}")]
    NoNumbering(String),
    /// The original's data do not suit the present edition of the layout.
    #[error("the original does not suit the present edition of the layout:\n{}", lines(.0))]
    Edition(Vec<FieldError>),
    /// The request has values that are wrong whatever the original says.
    #[error("the request cannot be used:\n{}", lines(.0))]
    Request(Vec<FieldError>),
    /// The request is not the original's.
    #[error(transparent)]
    Refused(#[from] reissue::Refusal),
    /// The catalogue does not allow it.
    #[error(transparent)]
    Catalogue(#[from] catalogue::Refusal),
    /// The new certificate cannot be rendered.
    #[error(transparent)]
    Render(RenderError),
}

impl ReissueError {
    /// A stable word for machines.
    pub fn code(&self) -> &'static str {
        match self {
            ReissueError::Original(_) => "reissue.original",
            ReissueError::Unsealed => "reissue.unsealed",
            ReissueError::NotIntact(_) => "reissue.not-intact",
            ReissueError::Disagrees(_) => "reissue.disagrees",
            ReissueError::Record(_) => "reissue.record",
            ReissueError::OtherSeal(_) => "reissue.other-seal",
            ReissueError::OtherKind { .. } => "reissue.other-kind",
            ReissueError::NoMark(_) => "reissue.no-mark",
            ReissueError::NoNumbering(_) => "reissue.no-numbering",
            ReissueError::Edition(_) => "reissue.edition",
            ReissueError::Request(_) => "reissue.request",
            ReissueError::Refused(refusal) => refusal.code(),
            ReissueError::Catalogue(refusal) => refusal.code(),
            ReissueError::Render(error) => error.code(),
        }
    }

    /// How to mend it, or empty.
    pub fn hint(&self) -> String {
        match self {
            ReissueError::Original(_) | ReissueError::Unsealed | ReissueError::NotIntact(_) => {
                "give the OFD as it was issued: copies and conversions are no originals".into()
            }
            ReissueError::Disagrees(_) => "find out what it should say; it cannot be reissued from its data".into(),
            ReissueError::Record(_) => "issue it anew by its files, as it was not made by certpress".into(),
            ReissueError::OtherSeal(_) => {
                "if its seal was renewed since, name the earlier signer's certificate in the catalogue's earlier_signers".into()
            }
            ReissueError::OtherKind { .. } => {
                "a reissue is of the same kind: name that one; a new edition of a layout keeps its id".into()
            }
            ReissueError::NoMark(_) => "add a field reissue_of to the layout, and show that it is a reissue".into(),
            ReissueError::NoNumbering(_) => "add a numbering to its entry".into(),
            ReissueError::Edition(_) => "the request's re_audit may bring what is wanting".into(),
            ReissueError::Refused(refusal) => refusal.hint().into(),
            ReissueError::Catalogue(refusal) => refusal.hint(),
            ReissueError::Request(_) | ReissueError::Render(_) => String::new(),
        }
    }
}

fn lines(errors: &[FieldError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
