//! /Contents: one signer's structure, nothing behind it.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.signature-value",
    clause: "RFC 5652, 5; GB/T 35275-2017; RFC 3161, 2.4",
    fact: Aspect::Signature,
    zh: "签名值结构正确，且绑定了签名人的证书",
    en: "the signature's value is well formed and bound to its signer's certificate",
};
