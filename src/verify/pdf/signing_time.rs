//! Two places may claim the time of signing.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.signing-time",
    clause: "ISO 32000-1, table 252; ETSI EN 319 142-1, 5.3",
    fact: Aspect::Time,
    zh: "签名字典的时间（M）与签名值中的时间一致",
    en: "the time in the signature dictionary (M) is the one in the signature's value",
};
