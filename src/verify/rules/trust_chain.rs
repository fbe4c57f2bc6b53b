//! From the signer's certificate to a root that was given.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "trust.chain",
    clause: "RFC 5280, 6; GB/T 20518",
    fact: Aspect::Trust,
    zh: "签章人的证书由受信任的根证书签发",
    en: "the signer's certificate leads to a trusted root",
};
