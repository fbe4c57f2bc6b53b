//! XML without a document type, and the structure that the standard describes.

use crate::ofd::read::Package;
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.structure",
    clause: "GB/T 33190-2016, 7",
    fact: Aspect::Form,
    zh: "各部分是规范的XML，结构完整，只有一种读法",
    en: "its parts are the XML that the standard describes, complete, and read in one way only",
};

/// Looks for what no part may have, read or not: a document type, by which one text means another.
pub(in crate::verify) fn check(package: &Package<'_>, findings: &mut Findings) {
    let mut found = false;
    for (name, data) in package.parts().filter(|(name, _)| name.to_ascii_lowercase().ends_with(".xml")) {
        let declares =
            |at: usize| data.get(at..at + 9).is_some_and(|tag| tag.eq_ignore_ascii_case(b"<!DOCTYPE"));
        if declarations(data).any(declares) {
            findings.add(&RULE, Outcome::Malformed, name, "a document type declaration (DOCTYPE)", "");
            found = true;
        }
    }
    if !found {
        findings.holds(&RULE, "", "");
    }
}

/// Where declarations and comments begin.
fn declarations(data: &[u8]) -> impl Iterator<Item = usize> {
    memchr::memchr_iter(b'<', data).filter(|&at| data.get(at + 1) == Some(&b'!'))
}
