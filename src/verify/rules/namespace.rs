//! The parts are in the standard's namespace; early producers wrote it without its year.

use crate::ofd::read::Notice;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.namespace",
    clause: "GB/T 33190-2016, 7.1",
    fact: Aspect::Form,
    zh: "各部分使用标准规定的命名空间",
    en: "the parts are in the standard's namespace",
};

/// Tells of each part in the older namespace.
pub(in crate::verify) fn check(notices: &[Notice], findings: &mut Findings) {
    for notice in notices {
        if let Notice::Namespace { part, found } = notice {
            findings.notice(&RULE, part, found.as_str());
        }
    }
}
