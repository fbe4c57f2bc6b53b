//! The errors of the library's front door; each wraps those of the step that failed.

use crate::diag::Diagnostics;
use crate::layout::LayoutError;
use crate::record::FieldError;
use crate::seal::SealError;
use crate::{ofd, pdf};

/// Why a layout did not become a press.
#[derive(Debug, thiserror::Error)]
pub enum PressError {
    /// Mistakes in the layout's source, all of them.
    #[error(transparent)]
    Source(#[from] Diagnostics),
    /// Static elements that cannot be set.
    #[error("{}", lines(.0))]
    Layout(Vec<LayoutError>),
    /// The static parts of the OFD cannot be written.
    #[error("OFD: {0}")]
    Ofd(#[from] ofd::WriteError),
    /// The static parts of the PDF cannot be written.
    #[error("PDF: {0}")]
    Pdf(#[from] pdf::PdfError),
    /// A seal was given to a layout that has no `<seal>`.
    #[error(
        "layout {layout} has no place for a seal\nhint: add <seal x=… y=… diameter=…/> to its page, or do not seal"
    )]
    NoSealPlace {
        /// The layout's id.
        layout: String,
    },
    /// The layout keeps a place for a seal that was not given.
    #[error(
        "layout {layout} needs a seal for the role {role}; there are seals for: {}\nhint: give one seal for each role, or take <seal role=\"{role}\"> out of the layout", words(.given)
    )]
    NoSeal {
        /// The layout's id.
        layout: String,
        /// The role that lacks a seal.
        role: String,
        /// The roles that have one.
        given: Vec<String>,
    },
}

/// Why one record did not become a certificate.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Fields that are missing or wrong, all of them.
    #[error("{}", lines(.0))]
    Fields(Vec<FieldError>),
    /// The page cannot be set with these values.
    #[error(transparent)]
    Layout(Box<LayoutError>),
    /// The OFD cannot be written.
    #[error("OFD: {0}")]
    Ofd(#[from] ofd::WriteError),
    /// The PDF cannot be written.
    #[error("PDF: {0}")]
    Pdf(#[from] pdf::PdfError),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] SealError),
}

impl RenderError {
    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        match self {
            RenderError::Fields(_) => "fields",
            RenderError::Layout(e) => e.code(),
            RenderError::Ofd(_) => "ofd",
            RenderError::Pdf(_) => "pdf",
            RenderError::Seal(_) => "seal",
        }
    }
}

fn words(given: &[String]) -> String {
    if given.is_empty() { "none".to_owned() } else { given.join(", ") }
}

/// One error a line.
fn lines<E: std::fmt::Display>(errors: &[E]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
