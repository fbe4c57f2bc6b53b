//! What no signature covers was never sealed, whoever put it there. A part that a later signature alone covers came after this seal.

use std::collections::BTreeSet;

use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.coverage",
    clause: "GB/T 33190-2016, 18.2.2",
    fact: Aspect::Coverage,
    zh: "文件的每一部分都在签章的保护之下",
    en: "every part of the file is under the seal",
};

/// The most parts that are named one by one.
const MOST: usize = 20;

/// Compares the parts with those that the signature covers, and those that later ones cover. `parts` are without those that belong to
/// signatures and with the entry left out, which has a rule of its own.
pub(in crate::verify) fn check<'p>(
    place: &str,
    parts: impl Iterator<Item = &'p str>,
    covered: &BTreeSet<&str>,
    later: &BTreeSet<&str>,
    findings: &mut Findings,
) {
    let (mut open, mut since) = (Vec::new(), Vec::new());
    for part in parts.filter(|part| !covered.contains(part)) {
        if later.contains(part) { since.push(part) } else { open.push(part) }
    }
    for part in open.iter().take(MOST) {
        findings.add(&RULE, Outcome::Uncovered, part, "no signature covers it", "");
    }
    if let Some(more) = open.len().checked_sub(MOST).filter(|&more| more > 0) {
        findings.add(&RULE, Outcome::Uncovered, place, format!("{more} more parts"), "");
    }
    if !since.is_empty() {
        let named: Vec<&str> = since.iter().take(MOST).copied().collect();
        let found = format!(
            "{} parts came after this signature, and a later one covers them: {}",
            since.len(),
            named.join(", ")
        );
        findings.notice(&RULE, place, found);
    }
    if open.is_empty() && since.is_empty() {
        findings.holds(&RULE, place, "");
    }
}
