//! A location names its part in the right case. Systems that do not tell case apart take another for the same, and without a twin there is one meaning only: told, not refused.

use crate::ofd::read::Notice;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.name.case",
    clause: "GB/T 33190-2016, 6 and 7.3",
    fact: Aspect::Form,
    zh: "文件内部的路径大小写与实际文件名一致",
    en: "locations name their parts in the right case",
};

/// Tells of each location that was found by another case.
pub(in crate::verify) fn check(notices: &[Notice], findings: &mut Findings) {
    for notice in notices {
        if let Notice::Case { part, name, found } = notice {
            findings.notice(&RULE, part, format!("{name} was taken for {found}"));
        }
    }
}
