//! A PDF: from bytes to a report.

use super::Policy;
use super::finding::Findings;
use super::report::{Format, Report, Subject};
use super::rule::Rule;
use super::rules;

/// The rules of PDF alone.
pub(super) const RULES: &[&Rule] = &[];

/// Verifies a PDF.
pub(super) fn verify(_bytes: &[u8], _policy: &Policy) -> Report {
    let mut findings = Findings::default();
    findings.unknown(&rules::file_format::RULE, "", "PDF files are not verified yet");
    Report::new(Format::Pdf, Subject::default(), Vec::new(), findings)
}
