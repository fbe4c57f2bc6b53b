//! The mark of a print is a signed payload, written in the one way there is.

use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "mark.payload",
    clause: "docs/qr-payload.md",
    fact: Aspect::Form,
    zh: "二维码是签名的离线载荷，编码合规",
    en: "the mark is a signed payload and well-formed",
};
