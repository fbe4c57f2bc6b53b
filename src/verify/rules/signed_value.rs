//! The signed value is an SES_Signature.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ses.form",
    clause: "GB/T 38540-2020, 7; GM/T 0031-2014",
    fact: Aspect::Signature,
    zh: "签章数据可以读出",
    en: "the signed value can be read",
};
