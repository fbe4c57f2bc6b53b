//! Each Reference's part is there and has the digest that was sealed.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.reference.digest",
    clause: "GB/T 33190-2016, 18.2.2",
    fact: Aspect::Intact,
    zh: "签章所保护的每一部分都与签章时一致",
    en: "every part under the seal is as it was sealed",
};
