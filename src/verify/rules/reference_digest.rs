//! Each Reference's part is there and has the digest that was sealed.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::crypto::sm3::Digest;
use crate::ofd::read::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.reference.digest",
    clause: "GB/T 33190-2016, 18.2.2",
    fact: Aspect::Intact,
    zh: "签章所保护的每一部分都与签章时一致",
    en: "every part under the seal is as it was sealed",
};

/// Compares every part that the signature covers; `digest` tells that of a part, if it is there.
pub(in crate::verify) fn check(
    signature: &Signature,
    digest: impl Fn(&str) -> Option<Digest>,
    findings: &mut Findings,
) {
    let mut changed = false;
    for reference in &signature.references {
        let Some(found) = digest(&reference.part) else {
            findings.fails(&RULE, &reference.part, "the part is not there", reference.check_value.trim());
            changed = true;
            continue;
        };
        let stated = BASE64_STANDARD.decode(reference.check_value.trim());
        if !stated.is_ok_and(|stated| stated == found) {
            findings.fails(
                &RULE,
                &reference.part,
                BASE64_STANDARD.encode(found),
                reference.check_value.trim(),
            );
            changed = true;
        }
    }
    if signature.references.is_empty() {
        findings.fails(&RULE, &signature.part, "it covers nothing", "References");
    } else if !changed {
        findings.holds(&RULE, &signature.part, format!("{} parts", signature.references.len()));
    }
}
