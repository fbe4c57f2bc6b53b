//! A time that nobody but the signer states is only claimed.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "time.proof",
    clause: "GB/T 38540-2020, 7; RFC 3161",
    fact: Aspect::Time,
    zh: "签章时间有时间戳证明",
    en: "the time of signing is proven by a timestamp",
};
