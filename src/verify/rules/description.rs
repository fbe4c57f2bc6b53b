//! Each entry of the list leads to a description of the signature (Signature.xml) that can be read, and to its signed value.

use crate::ofd::read::{ReadError, SignatureEntry};
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.signature.description",
    clause: "GB/T 33190-2016, 18.2",
    fact: Aspect::Intact,
    zh: "签名描述文件（Signature.xml）齐全、可以读出",
    en: "the signature's description (Signature.xml) is there and can be read",
};

/// Tells why a description cannot be read.
pub(in crate::verify) fn unreadable(entry: &SignatureEntry, error: &ReadError, findings: &mut Findings) {
    let outcome = match error {
        ReadError::Limit { .. } => Outcome::Resource,
        ReadError::Missing { .. } => Outcome::Fails,
        _ => Outcome::Malformed,
    };
    findings.add(&RULE, outcome, &entry.location, error.to_string(), "");
}
