//! A time that nobody but the signer states is only claimed; a timestamp over the signature proves it.

use std::sync::Arc;

use der::DateTime;

use crate::crypto::timestamp::{Proof, TimeStampToken};
use crate::crypto::trust::Trust;
use crate::crypto::x509::Certificate;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "time.proof",
    clause: "GB/T 38540-2020, 7; RFC 3161",
    fact: Aspect::Time,
    zh: "签章时间有时间戳证明",
    en: "the time of signing is proven by a timestamp",
};

/// The proven time, if `token` stamps the bytes `stamped`.
pub(in crate::verify) fn check(
    place: &str,
    token: Option<&[u8]>,
    stamped: &[u8],
    beside: &[Arc<Certificate>],
    trust: &Trust,
    findings: &mut Findings,
) -> Option<DateTime> {
    let Some(token) = token else {
        findings.unknown(&RULE, place, "there is no timestamp: the time is only claimed");
        return None;
    };
    let token = match TimeStampToken::parse(token) {
        Ok(token) => token,
        Err(error) => {
            findings.fails(&RULE, place, error.to_string(), "a timestamp");
            return None;
        }
    };
    match token.check(&[stamped], beside, trust).proof() {
        Proof::Proven(at) => {
            findings.holds(&RULE, place, at.to_string());
            return Some(at);
        }
        Proof::Broken(why) => findings.fails(&RULE, place, why, "a timestamp over this signature"),
        Proof::Unknown(why) => findings.unknown(&RULE, place, why),
    }
    None
}
