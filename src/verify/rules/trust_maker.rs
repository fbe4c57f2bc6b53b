//! From the seal maker's certificate to a root that was given, at the time when the seal was made.

use crate::crypto::trust::Chain;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "trust.maker",
    clause: "RFC 5280, 6.1; GB/T 38540-2020, 6",
    fact: Aspect::Trust,
    zh: "制章人的证书由受信任的根证书签发，制章时有效",
    en: "the seal maker's certificate leads to a trusted root and was valid when the seal was made",
};

/// Tells what the chain is worth, apart from revocation.
pub(in crate::verify) fn check(place: &str, chain: &Chain, findings: &mut Findings) {
    super::trust_chain::tell(&RULE, place, chain, findings);
}
