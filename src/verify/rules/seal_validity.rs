//! The seal was in force when the signature was made.

use der::DateTime;

use crate::seal::Seal;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "seal.validity",
    clause: "GB/T 38540-2020, 6",
    fact: Aspect::Seal,
    zh: "签章时印章在有效期内",
    en: "the seal was in force at the time of signing",
};

/// Compares the time of signing, proven or claimed, with the seal's dates.
pub(in crate::verify) fn check(place: &str, seal: &Seal, signed: Option<DateTime>, findings: &mut Findings) {
    let span = format!("{} to {}", seal.valid_from, seal.valid_to);
    match signed {
        Some(at) if seal.valid_from <= at && at <= seal.valid_to => findings.holds(&RULE, place, span),
        Some(at) => findings.fails(&RULE, place, format!("signed {at}"), span),
        None => findings.unknown(&RULE, place, "the signature does not say when it was made"),
    }
}
