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
    let whose = chain.certificates.first().map_or("", |certificate| &certificate.common_name);
    let told = format!("{whose}: {}", chain.revocation);
    match &chain.revocation {
        Revocation::Good => findings.holds(&RULE, place, whose),
        Revocation::Later { .. } => findings.holds(&RULE, place, told),
        Revocation::Revoked { .. } => findings.fails(&RULE, place, told, ""),
        Revocation::Unknown(_) => findings.unknown(&RULE, place, told),
    }
}
