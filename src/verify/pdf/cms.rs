//! /Contents: one signer's structure, nothing behind it.

use crate::crypto::cms::{CmsCheck, SignedData, SignerInfo};
use crate::pdf::read::Signature;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.signature-value",
    clause: "RFC 5652, 5; GB/T 35275-2017; RFC 3161, 2.4",
    fact: Aspect::Signature,
    zh: "签名值结构正确，且绑定了签名人的证书",
    en: "the signature's value is well formed and bound to its signer's certificate",
};

/// The DER value that /Contents begin with; nothing but zeros may follow.
pub(super) fn value<'s>(place: &str, signature: &'s Signature, findings: &mut Findings) -> Option<&'s [u8]> {
    match SignedData::without_padding(&signature.contents) {
        Ok(value) => Some(value),
        Err(error) => {
            findings.fails(&RULE, place, error.to_string(), "one DER value, and zeros");
            None
        }
    }
}

/// The one signer of a CMS over what is elsewhere.
pub(super) fn signer<'c>(
    place: &str,
    signature: &Signature,
    cms: &'c SignedData,
    findings: &mut Findings,
) -> Option<&'c SignerInfo> {
    let [signer] = &cms.signers[..] else {
        findings.fails(&RULE, place, format!("{} signers", cms.signers.len()), "one signer");
        return None;
    };
    if cms.content.is_some() {
        findings.fails(&RULE, place, "it carries a content of its own", "a detached signature");
        return None;
    }
    // Sign servers write either words into either format.
    if cms.is_gm != (signature.sub_filter == "GM.sm2cms.detached") {
        let words = if cms.is_gm { "GB/T 35275" } else { "RFC 5652" };
        findings.notice(&RULE, place, format!("{} in the words of {words}", signature.sub_filter));
    }
    if signer.signed.is_none() {
        findings.notice(&RULE, place, "without signed attributes");
    }
    Some(signer)
}

/// What is wrong with the signer, apart from digest and signature.
pub(super) fn check(place: &str, signature: &Signature, check: &CmsCheck, findings: &mut Findings) {
    for fault in &check.faults {
        findings.fails(&RULE, place, fault.to_string(), "");
    }
    // ETSI EN 319 142-1, 5.3 and RFC 3161, 2.4.2: the signed attributes bind the certificate.
    let must_bind = signature.sub_filter.starts_with("ETSI.");
    if must_bind && check.binds_certificate.is_none() {
        findings.fails(&RULE, place, "no signed attribute names the signer's certificate", "");
    } else if check.faults.is_empty() {
        findings.holds(&RULE, place, "");
    }
}
