//! dataHash is the digest of Signature.xml as it stands in the package.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.data-hash",
    clause: "GB/T 38540-2020, 7; GB/T 33190-2016, 18.2",
    fact: Aspect::Intact,
    zh: "签章数据对应本文件的签名描述（Signature.xml）",
    en: "the signed value belongs to this Signature.xml",
};
