//! What a file may ask for, in entries, bytes, depth, nodes and pixels.

use crate::verify::finding::{Findings, Outcome};
use crate::verify::report::{Format, Report, Subject};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "file.limits",
    clause: "GB/T 33190-2016, 6",
    fact: Aspect::Form,
    zh: "文件的规模在可核验的范围之内",
    en: "the file asks for no more than verification gives",
};

/// The report about a file of more than `limit` bytes.
pub(in crate::verify) fn too_large(limit: u64) -> Report {
    let mut findings = Findings::default();
    findings.add(&RULE, Outcome::Resource, "", "", format!("at most {limit} bytes"));
    Report::new(Format::Unknown, Subject::default(), Vec::new(), findings)
}
