//! The versions that a seal and its signature state are those of their structure.

use crate::seal::{SealSignature, SesVersion};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "ses.version",
    clause: "GB/T 38540-2020, 6 and 7; GM/T 0031-2014; GM/T 0031-2025",
    fact: Aspect::Seal,
    zh: "印章和签章的版本号与其结构相符",
    en: "seal and signature state the version of their structure",
};

/// Compares the versions.
pub(in crate::verify) fn check(place: &str, value: &SealSignature, findings: &mut Findings) {
    let stated = (value.seal.header_version, value.stated_version);
    match (value.version, value.seal.version, stated) {
        (SesVersion::V4, SesVersion::V4, (4, 4)) => findings.holds(&RULE, place, "GB/T 38540-2020"),
        (SesVersion::V1, SesVersion::V1, (1, 1)) => findings.holds(&RULE, place, "GM/T 0031-2014"),
        (SesVersion::V4, SesVersion::V4, (5, _) | (_, 5)) => findings.notice(
            &RULE,
            place,
            "GM/T 0031-2025: checked as far as it is like GB/T 38540-2020; what else it asks for is not known here",
        ),
        (_, _, (header, body)) => {
            findings.notice(&RULE, place, format!("the seal states version {header}, the signature {body}"));
        }
    }
}

/// The standard of the structure.
pub(in crate::verify) fn standard(value: &SealSignature) -> &'static str {
    match (value.version, value.seal.header_version) {
        (SesVersion::V1, _) => "GM/T 0031-2014",
        (SesVersion::V4, 5) => "GM/T 0031-2025",
        (SesVersion::V4, _) => "GB/T 38540-2020",
    }
}
