//! The digest of the signed bytes.

use crate::crypto::public_key::KeyCheck;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.digest",
    clause: "ISO 32000-1, 12.8.3.3; RFC 5652, 5.4; GM/T 0112-2021",
    fact: Aspect::Intact,
    zh: "被签名的字节未被改动",
    en: "the signed bytes are as they were signed",
};

/// Tells the answer.
pub(super) fn tell(place: &str, check: &KeyCheck, findings: &mut Findings) {
    match check {
        KeyCheck::Holds => findings.holds(&RULE, place, ""),
        KeyCheck::Fails => findings.fails(&RULE, place, "another digest: the signed bytes were changed", ""),
        KeyCheck::Unsupported(what) => {
            findings.unknown(&RULE, place, format!("it cannot be checked here: {what}"));
        }
    }
}
