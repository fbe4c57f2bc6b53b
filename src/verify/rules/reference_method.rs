//! The algorithm of the References' digests.

use crate::ofd::read::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.reference.method",
    clause: "GB/T 33190-2016, 18.2.2; GM/T 0006",
    fact: Aspect::Intact,
    zh: "各部分的摘要用SM3计算",
    en: "the parts are digested by SM3",
};

/// SM3 (GM/T 0006).
const SM3: &str = "1.2.156.10197.1.401";

/// Whether the digests can be checked.
pub(in crate::verify) fn check(signature: &Signature, findings: &mut Findings) -> bool {
    let method = signature.check_method.as_str();
    let is_sm3 = method == SM3 || method.eq_ignore_ascii_case("sm3");
    if is_sm3 {
        findings.holds(&RULE, &signature.part, method);
    } else {
        // Without the attribute the standard means MD5.
        let named = if method.is_empty() { "MD5" } else { method };
        findings.unknown(&RULE, &signature.part, format!("digests by {named} are not checked here"));
    }
    is_sm3
}
