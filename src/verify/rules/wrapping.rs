//! The signed value is DER as it is; some producers wrap it in base64.

use std::borrow::Cow;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.signed-value.wrapping",
    clause: "GB/T 33190-2016, 18.2",
    fact: Aspect::Signature,
    zh: "签章数据以规范的方式存放",
    en: "the signed value is stored as it is",
};

/// The value without its wrapping.
pub(in crate::verify) fn unwrap<'v>(place: &str, bytes: &'v [u8], findings: &mut Findings) -> Cow<'v, [u8]> {
    // DER begins with a SEQUENCE's tag, which base64 has too: only what is base64 as a whole is taken for it.
    let is_text = bytes.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=\r\n\t ".contains(b));
    if is_text && !bytes.is_empty() {
        let text: Vec<u8> = bytes.iter().copied().filter(|b| !b.is_ascii_whitespace()).collect();
        if let Ok(value) = BASE64_STANDARD.decode(text) {
            findings.notice(&RULE, place, "base64");
            return Cow::Owned(value);
        }
    }
    Cow::Borrowed(bytes)
}
