//! propertyInfo names the Signature.xml that was digested. Nothing follows from another name, as the digest decides.

use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.property-info",
    clause: "GB/T 38540-2020, 7",
    fact: Aspect::Intact,
    zh: "签章数据写明的路径就是签名描述的路径",
    en: "the signed value names the path of its Signature.xml",
};

/// Compares the path with the part's name.
pub(in crate::verify) fn check(part: &str, stated: &str, findings: &mut Findings) {
    if stated.trim_start_matches('/') == part {
        findings.holds(&RULE, part, stated);
    } else {
        findings.notice(&RULE, part, format!("it names {stated:?}"));
    }
}
