//! dataHash is the digest of Signature.xml as it stands in the package.

use crate::crypto::hex;
use crate::crypto::sm3::Digest;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.data-hash",
    clause: "GB/T 38540-2020, 7; GB/T 33190-2016, 18.2",
    fact: Aspect::Intact,
    zh: "签章数据对应本文件的签名描述（Signature.xml）",
    en: "the signed value belongs to this Signature.xml",
};

/// Compares both.
pub(in crate::verify) fn check(place: &str, stated: &[u8], digest: Option<Digest>, findings: &mut Findings) {
    match digest {
        Some(digest) if stated == digest => findings.holds(&RULE, place, ""),
        digest => findings.fails(&RULE, place, digest.map(|d| hex(&d)).unwrap_or_default(), hex(stated)),
    }
}
