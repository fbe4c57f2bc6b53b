//! The list of signatures names each once: two entries for one signature, or two of one number, would be read as one or as two.

use std::collections::BTreeSet;

use crate::ofd::read::SignatureEntry;
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
pub(in crate::verify) fn check(entries: &[SignatureEntry], findings: &mut Findings) {
    let (mut ids, mut files) = (BTreeSet::new(), BTreeSet::new());
    let mut twice = false;
    for entry in entries {
        let described = entry.description.as_ref().ok();
        let own = described.into_iter().flat_map(|signature| [&signature.part, &signature.value]);
        let again: Vec<&String> = own.filter(|file| !files.insert(file.as_str())).collect();
        if !ids.insert(entry.id.as_str()) || !again.is_empty() {
            let found = again.first().map_or_else(|| format!("ID {}", entry.id), |file| (*file).clone());
            findings.add(&RULE, Outcome::Malformed, &entry.location, found, "");
            twice = true;
        }
    }
    if !twice && !entries.is_empty() {
        let noun = if entries.len() == 1 { "signature" } else { "signatures" };
        findings.holds(&RULE, "", format!("{} {noun}", entries.len()));
    }
}
