//! The time that the signer claims can be true: not after the moment of verification, nor after the timestamp.

use std::time::Duration;

use der::DateTime;

use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "time.claim",
    clause: "GB/T 38540-2020, 7",
    fact: Aspect::Time,
    zh: "签章人声明的时间合理",
    en: "the time that the signer claims can be true",
};

/// How far clocks may differ.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Compares the claimed time with the moment of verification and the proven time.
pub(in crate::verify) fn check(
    place: &str,
    claimed: Option<DateTime>,
    proven: Option<DateTime>,
    now: DateTime,
    findings: &mut Findings,
) {
    let is_after = |a: DateTime, b: DateTime| a.unix_duration() > b.unix_duration().saturating_add(TOLERANCE);
    if let Some(proven) = proven.filter(|&proven| is_after(proven, now)) {
        findings.fails(&RULE, place, format!("stamped {proven}"), format!("not after {now}"));
    }
    let Some(claimed) = claimed else { return };
    let limit = proven.unwrap_or(now);
    if is_after(claimed, limit) {
        findings.fails(&RULE, place, claimed.to_string(), format!("not after {limit}"));
    } else {
        findings.holds(&RULE, place, claimed.to_string());
    }
}
