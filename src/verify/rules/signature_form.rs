//! A signature of SM2 is DER (r, s); some signers give its 64 bytes as they are.

use std::borrow::Cow;

use crate::crypto::sm2::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "signature.form",
    clause: "GM/T 0009-2012, 7.3",
    fact: Aspect::Signature,
    zh: "签名值按标准编码",
    en: "the signature is encoded as the standard says",
};

/// The signature in DER; one of 64 bytes is turned into it, and told.
pub(in crate::verify) fn der<'s>(place: &str, signature: &'s [u8], findings: &mut Findings) -> Cow<'s, [u8]> {
    let raw = <&[u8; 64]>::try_from(signature).ok().filter(|_| Signature::from_der(signature).is_err());
    match raw.and_then(|raw| Signature::from_raw(raw).ok()) {
        Some(raw) => {
            findings.notice(&RULE, place, "64 bytes r and s, without DER");
            Cow::Owned(raw.to_der())
        }
        None => Cow::Borrowed(signature),
    }
}
