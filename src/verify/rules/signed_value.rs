//! The signed value is an SES_Signature, or a CMS in the words of GB/T 35275 or RFC 5652.

use crate::crypto::cms::{CmsError, SignedData};
use crate::seal::SealSignature;
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ofd.signed-value",
    clause: "GB/T 38540-2020, 7; GM/T 0031-2014; GB/T 35275-2017",
    fact: Aspect::Signature,
    zh: "签章数据可以读出",
    en: "the signed value can be read",
};

/// What a signed value is.
pub(in crate::verify) enum SignedValue {
    /// A seal's signature.
    Seal(Box<SealSignature>),
    /// A CMS, without a seal.
    Cms(Box<SignedData>),
}

/// The most bytes of a signed value: a seal with a large picture, and certificates.
const MOST: usize = 4 << 20;

/// Reads a signed value; none if it cannot be read.
pub(in crate::verify) fn read(
    place: &str,
    bytes: Option<&[u8]>,
    findings: &mut Findings,
) -> Option<SignedValue> {
    let Some(bytes) = bytes.filter(|bytes| bytes.len() <= MOST) else {
        findings.add(&RULE, Outcome::Resource, place, format!("more than {MOST} bytes"), "");
        return None;
    };
    let der = super::wrapping::unwrap(place, bytes, findings);
    if der.len() == 64 {
        findings.unknown(&RULE, place, "64 bytes r and s, and nothing that says whose they are");
        return None;
    }
    let seal = match SealSignature::parse(&der) {
        Ok(seal) => {
            findings.holds(&RULE, place, "SES_Signature");
            return Some(SignedValue::Seal(Box::new(seal)));
        }
        Err(error) => error,
    };
    match SignedData::parse(&der) {
        Ok(cms) => {
            let words = if cms.is_gm { "GB/T 35275" } else { "RFC 5652" };
            findings.notice(&RULE, place, format!("a CMS ({words}) in place of a seal's signature"));
            Some(SignedValue::Cms(Box::new(cms)))
        }
        // A structure that begins with an object identifier is none of a seal.
        Err(error) if !matches!(error, CmsError::Der(_)) => {
            findings.fails(&RULE, place, error.to_string(), "");
            None
        }
        Err(_) => {
            findings.fails(&RULE, place, seal.to_string(), "");
            None
        }
    }
}
