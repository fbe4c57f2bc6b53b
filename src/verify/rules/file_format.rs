//! Only OFD and PDF are verified, told apart by their first bytes.

use crate::verify::finding::{Findings, Outcome};
use crate::verify::report::{Format, Report, Subject};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "file.format",
    clause: "GB/T 33190-2016, 6; ISO 32000-2, 7.5.2",
    fact: Aspect::Form,
    zh: "文件是OFD或PDF",
    en: "the file is an OFD or a PDF",
};

/// The report about a file that is neither.
pub(in crate::verify) fn neither(bytes: &[u8]) -> Report {
    let mut findings = Findings::default();
    let head: String = bytes.iter().take(8).map(|b| format!("{b:02x}")).collect();
    let found = format!("{} bytes: {head}", bytes.len());
    findings.add(&RULE, Outcome::Malformed, "", found, "504b0304 (OFD), 255044462d (PDF)");
    Report::new(Format::Unknown, Subject::default(), Vec::new(), findings)
}
