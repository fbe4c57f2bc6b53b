//! What only some can read cannot be verified for all.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.encryption",
    clause: "ISO 32000-1, 7.6",
    fact: Aspect::Form,
    zh: "文件未加密",
    en: "the file is not encrypted",
};
