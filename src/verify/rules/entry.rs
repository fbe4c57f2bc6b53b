//! OFD.xml is left out by as many good signatures of real issuers as cover it: told, not refused.

use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.coverage.entry",
    clause: "GB/T 33190-2016, 7.4",
    fact: Aspect::Coverage,
    zh: "主入口（OFD.xml）也在签章的保护之下",
    en: "the entry OFD.xml is under the seal as well",
};

/// The entry's name.
pub(in crate::verify) const ENTRY: &str = "OFD.xml";

/// Tells whether the signature covers it.
pub(in crate::verify) fn check(is_covered: bool, findings: &mut Findings) {
    if is_covered {
        findings.holds(&RULE, ENTRY, "");
    } else {
        findings.notice(&RULE, ENTRY, "not covered: title and metadata could be others");
    }
}
