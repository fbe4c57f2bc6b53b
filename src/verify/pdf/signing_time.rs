//! Two places may claim the time of signing.

use std::time::Duration;

use der::DateTime;

use crate::page::Timestamp;
use crate::pdf::read::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.signing-time",
    clause: "ISO 32000-1, table 252; ETSI EN 319 142-1, 5.3",
    fact: Aspect::Time,
    zh: "签名字典的时间（M）与签名值中的时间一致",
    en: "the time in the signature dictionary (M) is the one in the signature's value",
};

/// The claimed time: that of the signature's value, else /M. Two that differ are told.
pub(super) fn check(
    place: &str,
    signature: &Signature,
    inside: Option<DateTime>,
    findings: &mut Findings,
) -> Option<DateTime> {
    let outside = signature.time.and_then(moment);
    match (inside, outside) {
        (Some(inside), Some(outside)) if inside != outside => {
            findings.notice(&RULE, place, format!("/M says {outside}, the signature's value {inside}"));
        }
        (Some(time), Some(_)) => findings.holds(&RULE, place, time.to_string()),
        _ => {}
    }
    inside.or(outside)
}

fn moment(time: Timestamp) -> Option<DateTime> {
    let seconds = u64::try_from(time.seconds).ok()?;
    DateTime::from_unix_duration(Duration::from_secs(seconds)).ok()
}
