//! Several signatures stand in the order in which they were made: a later one covers the files of the earlier ones.

use std::collections::BTreeSet;

use crate::ofd::read::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.signatures.order",
    clause: "GB/T 33190-2016, 18.1",
    fact: Aspect::Intact,
    zh: "多个签名按先后顺序排列，后签的覆盖先签的",
    en: "several signatures stand in their order, and a later one covers the earlier ones",
};

/// Looks at the signature `at` among all.
pub(in crate::verify) fn check(all: &[&Signature], at: usize, findings: &mut Findings) {
    let Some(own) = all.get(at) else { return };
    let covered: BTreeSet<&str> = own.references.iter().map(|reference| reference.part.as_str()).collect();
    let covers =
        |other: &Signature| covered.contains(other.part.as_str()) || covered.contains(other.value.as_str());
    let (earlier, later) = (all.get(..at).unwrap_or_default(), all.get(at + 1..).unwrap_or_default());
    if let Some(later) = later.iter().find(|later| covers(later)) {
        let expected = format!("{} after {}", own.part, later.part);
        findings.fails(&RULE, &own.list, format!("{} before {}", own.part, later.part), expected);
    } else if let Some(open) = earlier.iter().find(|earlier| !covers(earlier)) {
        findings.notice(&RULE, &own.part, format!("it does not cover the earlier signature {}", open.part));
    } else if all.len() > 1 {
        findings.holds(&RULE, &own.part, "");
    }
}
