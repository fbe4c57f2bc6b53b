//! The seal's maker (制章人) signed the seal's data.

use crate::crypto::public_key::KeyCheck;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "seal.maker",
    clause: "GB/T 38540-2020, 6",
    fact: Aspect::Seal,
    zh: "印章由制章人签名，没有被改动",
    en: "the seal was signed by its maker and not changed since",
};

/// Tells the answer.
pub(in crate::verify) fn tell(place: &str, check: KeyCheck, maker: &str, findings: &mut Findings) {
    match check {
        KeyCheck::Holds => findings.holds(&RULE, place, maker),
        KeyCheck::Fails => findings.fails(&RULE, place, "its maker's signature does not hold", maker),
        KeyCheck::Unsupported(what) => {
            findings.unknown(&RULE, place, format!("the maker's signature cannot be checked here: {what}"));
        }
    }
}
