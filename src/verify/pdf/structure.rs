//! Objects, cross-reference sections and revisions: one meaning for every reader.

use crate::pdf::read::ReadError;
use crate::verify::finding::{Findings, Outcome};
use crate::verify::pdf::encryption;
use crate::verify::rule::{Aspect, Rule};
use crate::verify::rules::limits;

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.structure",
    clause: "ISO 32000-1, 7.5; ISO 32000-2, 7.5",
    fact: Aspect::Form,
    zh: "文件结构严整，任何软件打开都是同样的内容",
    en: "the file's structure is sound: every program finds the same objects in it",
};

/// What keeps the file from being read, as a finding.
pub(super) fn refused(error: &ReadError, findings: &mut Findings) {
    let found = error.to_string();
    match error {
        ReadError::Malformed { at, .. } => {
            findings.add(&RULE, Outcome::Malformed, &format!("byte {at}"), found, "");
        }
        ReadError::Object { id, .. } => {
            findings.add(&RULE, Outcome::Malformed, &format!("object {id}"), found, "");
        }
        ReadError::Unsupported(_) => findings.add(&RULE, Outcome::Malformed, "", found, ""),
        ReadError::Limit { .. } => findings.add(&limits::RULE, Outcome::Resource, "", found, ""),
        ReadError::Encrypted => findings.add(&encryption::RULE, Outcome::Malformed, "", found, ""),
    }
}
