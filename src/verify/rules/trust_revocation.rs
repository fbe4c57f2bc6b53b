//! No certificate of the chain was revoked, by the revocation lists that were given.

use crate::crypto::trust::{Chain, Revocation};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "trust.revocation",
    clause: "RFC 5280, 5 and 6.3",
    fact: Aspect::Trust,
    zh: "证书没有被吊销",
    en: "no certificate was revoked",
};

/// Tells what the lists say.
pub(in crate::verify) fn check(place: &str, chain: &Chain, findings: &mut Findings) {
    match &chain.revocation {
        Revocation::Good => findings.holds(&RULE, place, ""),
        Revocation::Later { .. } => findings.holds(&RULE, place, chain.revocation.to_string()),
        Revocation::Revoked { .. } => findings.fails(&RULE, place, chain.revocation.to_string(), ""),
        Revocation::Unknown(why) => findings.unknown(&RULE, place, why.to_string()),
    }
}
