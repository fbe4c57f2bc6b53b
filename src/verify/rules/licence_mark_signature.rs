//! A signed QR payload is signed by a key that is known: of a signer of this file, or of a certificate that was given.

use std::sync::Arc;

use crate::crypto::hex;
use crate::crypto::sm2::VerifyingKey;
use crate::crypto::trust::{Purpose, SigningTime};
use crate::crypto::x509::Certificate;
use crate::mark::payload::{KeyId, key_id};
use crate::verify::Policy;
use crate::verify::content::FoundMark;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.mark.signature",
    clause: "docs/qr-payload.md; GB/T 32918.2-2016",
    fact: Aspect::Content,
    zh: "二维码的签名有效，由本文件的签章人或受信任的密钥作出",
    en: "the signed QR mark holds, by the file's own signer or a key that is trusted",
};

/// Checks each signed mark; `signers` are the keys of those who signed the file.
pub(in crate::verify) fn check(
    marks: &[FoundMark],
    signers: &[VerifyingKey],
    policy: &Policy,
    findings: &mut Findings,
) {
    for mark in marks {
        let Some(payload) = &mark.payload else { continue };
        let place = format!("page {}", mark.page + 1);
        let trusted = holders(policy, &payload.key_id);
        let trusted = trusted.iter().filter_map(|certificate| certificate.sm2_key().ok());
        let mut keys = signers.iter().filter(|key| key_id(key) == payload.key_id).chain(trusted).peekable();
        if keys.peek().is_none() {
            findings.unknown(&RULE, &place, format!("the key {} is not known here", hex(&payload.key_id)));
        } else if keys.any(|key| payload.verify(key)) {
            findings.holds(&RULE, &place, "");
        } else {
            findings.fails(&RULE, &place, "its signature does not hold", "");
        }
    }
}

/// The given certificates of a key, by its id, that lead to a root.
pub(in crate::verify) fn holders(policy: &Policy, id: &KeyId) -> Vec<Arc<Certificate>> {
    let now = SigningTime::Claimed { at: policy.now(), now: policy.now() };
    let is_meant = |c: &&Arc<Certificate>| c.sm2_key().is_ok_and(|key| key_id(key) == *id);
    let is_trusted = |c: &&Arc<Certificate>| {
        let chain = policy.trust.chain(c, &[], now, Purpose::Sealing);
        chain.anchored() && chain.faults.is_empty()
    };
    policy.trust.certificates().filter(is_meant).filter(is_trusted).cloned().collect()
}
