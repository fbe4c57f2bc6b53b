//! The day of verification lies within the days for which the mark says the certificate is valid.

use crate::mark::payload::Claims;
use crate::verify::Policy;
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "mark.validity",
    clause: "docs/qr-payload.md",
    fact: Aspect::Content,
    zh: "核验之日在二维码所载有效期之内",
    en: "the day of verification lies within the validity that the mark states",
};

/// Compares days as they are counted in China; whether they agree. That a certificate has expired says nothing against its being authentic.
pub(in crate::verify) fn check(claims: &Claims, policy: &Policy, findings: &mut Findings) -> bool {
    let today = policy.at.civil_in_china().date();
    let begun = claims.valid_from.is_none_or(|day| day <= today);
    let ended = claims.valid_to.is_some_and(|day| day < today);
    let is_in_force = begun && !ended;
    if is_in_force {
        findings.holds(&RULE, "", today.to_string());
    } else {
        let day = |day: Option<jiff::civil::Date>| day.map_or("…".to_owned(), |day| day.to_string());
        let expected = format!("{} – {}", day(claims.valid_from), day(claims.valid_to));
        findings.add(&RULE, Outcome::Notice, "", today.to_string(), expected);
    }
    is_in_force
}
