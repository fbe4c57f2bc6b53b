//! The mathematics of the signature, over the bytes as they were read.

use crate::crypto::public_key::KeyCheck;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "signature.value",
    clause: "GB/T 32918.2-2016, 7; GM/T 0009-2012",
    fact: Aspect::Signature,
    zh: "签名由证书所对应的密钥作出",
    en: "the signature was made by the certificate's key",
};

/// Tells the answer.
pub(in crate::verify) fn tell(place: &str, check: KeyCheck, findings: &mut Findings) {
    match check {
        KeyCheck::Holds => findings.holds(&RULE, place, ""),
        KeyCheck::Fails => {
            findings.fails(&RULE, place, "a signature by another key, or over something else", "")
        }
        KeyCheck::Unsupported(what) => {
            findings.unknown(&RULE, place, format!("it cannot be checked here: {what}"))
        }
    }
}
