//! A seal that is also a part of its own (Seal.esl) is the embedded one, byte for byte.

use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.seal.file",
    clause: "GB/T 33190-2016, 18.2.3",
    fact: Aspect::Seal,
    zh: "单独存放的印章文件与签章数据中的印章相同",
    en: "the seal that stands beside the signature is the one inside it",
};

/// Compares both.
pub(in crate::verify) fn check(part: &str, file: Option<&[u8]>, embedded: &[u8], findings: &mut Findings) {
    match file {
        Some(file) if file == embedded => findings.holds(&RULE, part, ""),
        Some(_) => findings.fails(&RULE, part, "another seal", "the seal in the signed value"),
        None => findings.fails(&RULE, part, "it cannot be read", "the seal in the signed value"),
    }
}
