//! The metadata of the file and the record's copy of them are the same, both ways.

use crate::page::Standing;
use crate::verify::content::{Record, said};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.metadata",
    clause: "GB/T 36903-2018",
    fact: Aspect::Content,
    zh: "文件的元数据与结构化数据一致",
    en: "the file's metadata are those of the record",
};

/// Compares the entries; what the file is (版本性质) the record says in words of its own.
pub(in crate::verify) fn check(entries: &[(String, String)], record: &Record<'_>, findings: &mut Findings) {
    let entries = || entries.iter().filter(|(name, _)| name != Standing::KEY);
    let mut differ = false;
    for (name, value) in entries() {
        let expected = record.metadata.get(name).and_then(|value| value.as_str());
        if expected != Some(value) {
            findings.fails(&RULE, name, value, expected.unwrap_or_default());
            differ = true;
        }
    }
    for (name, value) in record.metadata.iter().filter(|(name, _)| entries().all(|(n, _)| n != *name)) {
        findings.fails(&RULE, name, "", said(Some(value)));
        differ = true;
    }
    if !differ {
        findings.holds(&RULE, "", format!("{} entries", record.metadata.len()));
    }
}
