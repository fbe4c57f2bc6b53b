//! The encodings of signatures that are known; what is not known is never valid.

use crate::pdf::read::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.sub-filter",
    clause: "ISO 32000-1, table 252; ETSI EN 319 142-1; GM/T 0112-2021",
    fact: Aspect::Signature,
    zh: "签名格式是本程序能够核验的",
    en: "the signature is in a format that can be verified here",
};

/// What /Contents holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    /// SignedData over the signed bytes.
    Cms,
    /// SES_Signature (GB/T 38540).
    Seal,
    /// A TimeStampToken (RFC 3161).
    TimeStamp,
}

/// How the signature is encoded, if that is known here.
pub(super) fn check(signature: &Signature, findings: &mut Findings) -> Option<Encoding> {
    let place = format!("object {}", signature.id);
    let encoding = match signature.sub_filter.as_str() {
        "adbe.pkcs7.detached" | "ETSI.CAdES.detached" | "GM.sm2cms.detached" => Encoding::Cms,
        "GM.sm2seal" => Encoding::Seal,
        "ETSI.RFC3161" => Encoding::TimeStamp,
        other => {
            findings.unknown(&RULE, &place, format!("not supported: {other:?}"));
            return None;
        }
    };
    findings.holds(&RULE, &place, signature.sub_filter.clone());
    Some(encoding)
}
