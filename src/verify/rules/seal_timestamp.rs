//! A timestamp on the seal itself, which GM/T 0031-2025 adds.

use crate::crypto::timestamp::{Proof, TimeStampToken};
use crate::crypto::trust::Trust;
use crate::seal::Seal;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "seal.timestamp",
    clause: "GM/T 0031-2025; RFC 3161",
    fact: Aspect::Seal,
    zh: "印章自带的时间戳有效",
    en: "the timestamp on the seal holds",
};

/// Checks a timestamp over the maker's signature. Whether the standard stamps that is not known here, so that nothing is refused for it.
pub(in crate::verify) fn check(place: &str, seal: &Seal, trust: &Trust, findings: &mut Findings) {
    let Some(token) = &seal.time_stamp else { return };
    match TimeStampToken::parse(token) {
        Ok(token) => match token.check(&[&seal.signature], &[], trust).proof() {
            Proof::Proven(at) => findings.holds(&RULE, place, at.to_string()),
            Proof::Broken(why) | Proof::Unknown(why) => findings.unknown(&RULE, place, why),
        },
        Err(error) => findings.unknown(&RULE, place, error.to_string()),
    }
}
