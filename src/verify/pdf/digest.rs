//! The digest of the signed bytes.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.digest",
    clause: "ISO 32000-1, 12.8.3.3; RFC 5652, 5.4; GM/T 0112-2021",
    fact: Aspect::Intact,
    zh: "被签名的字节未被改动",
    en: "the signed bytes are as they were signed",
};
