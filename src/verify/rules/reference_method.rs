//! The algorithm of the References' digests.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.reference.method",
    clause: "GB/T 33190-2016, 18.2.2; GM/T 0006",
    fact: Aspect::Intact,
    zh: "各部分的摘要用SM3计算",
    en: "the parts are digested by SM3",
};
