//! The list of signatures names each once: two entries for one signature, or two of one number, would be read as one or as two; and one that
//! is there but not on the list, which no signature covers, would go unnoticed.

use std::collections::BTreeSet;

use crate::ofd::read::{Package, SignatureEntry};
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.signatures.list",
    clause: "GB/T 33190-2016, 18.1",
    fact: Aspect::Form,
    zh: "签名列表中每个签名只登记一次",
    en: "the list of signatures names each of them once",
};

/// Looks at the list.
pub(in crate::verify) fn check(package: &Package<'_>, entries: &[SignatureEntry], findings: &mut Findings) {
    let (mut ids, mut files) = (BTreeSet::new(), BTreeSet::new());
    let mut flawed = false;
    for entry in entries {
        let described = entry.description.as_ref().ok();
        let own = described.into_iter().flat_map(|signature| [&signature.part, &signature.value]);
        let again: Vec<&String> = own.filter(|file| !files.insert(file.as_str())).collect();
        if !ids.insert(entry.id.as_str()) || !again.is_empty() {
            let found = again.first().map_or_else(|| format!("ID {}", entry.id), |file| (*file).clone());
            findings.add(&RULE, Outcome::Malformed, &entry.location, found, "");
            flawed = true;
        }
    }
    // The name is only a convention, but every producer keeps it. One on the list that cannot be read is told of elsewhere.
    let is_read = entries.iter().all(|entry| entry.description.is_ok());
    let is_left_out = |name: &&str| is_read && name.ends_with("/Signature.xml") && !files.contains(name);
    for part in package.names().filter(is_left_out) {
        findings.fails(&RULE, part, "a signature that is not on the list", "");
        flawed = true;
    }
    if !flawed && !entries.is_empty() {
        let noun = if entries.len() == 1 { "signature" } else { "signatures" };
        findings.holds(&RULE, "", format!("{} {noun}", entries.len()));
    }
}
