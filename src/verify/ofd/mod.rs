//! An OFD: from bytes to a report, rule by rule.
//!
//! In: bytes and a [`Policy`]. Out: a [`Report`]. GB/T 33190-2016, chapter 18; GB/T 38540-2020; GM/T 0031-2014.
//! Invariant: nothing is encoded again before it is checked; a rule that cannot be asked is told as unknown, never passed over.

use super::finding::{Findings, Outcome};
use super::intact::{Fault, Integrity, intact};
use super::report::{Format, Report, SignatureReport, Subject};
use super::rules;
use super::{Policy, agreement};
use crate::ofd::read::{self, Package, ReadError};
use crate::seal::SignatureCheck;

/// Verifies an OFD.
pub(super) fn verify(bytes: &[u8], policy: &Policy) -> Report {
    let mut findings = Findings::default();
    let (subject, signatures) = match read_all(bytes, policy, &mut findings) {
        Ok(read) => read,
        Err(error) => {
            refused(&error, &mut findings);
            (Subject::default(), Vec::new())
        }
    };
    Report::new(Format::Ofd, subject, signatures, findings)
}

fn read_all(
    bytes: &[u8],
    policy: &Policy,
    findings: &mut Findings,
) -> Result<(Subject, Vec<SignatureReport>), ReadError> {
    let package = Package::open(bytes, &policy.limits)?;
    findings.holds(&rules::container::RULE, "", "");
    let info = read::info(&package)?;
    let said = |name: &str| info.custom(name).unwrap_or_default().to_owned();
    let subject = Subject {
        title: info.title.clone(),
        identifier: said("ZZBS"),
        number: said("ZZBH"),
        holder: said("CZZT"),
        issuer: said("ZZBFJG"),
        ..Subject::default()
    };
    let signatures = intact(&package)?.iter().map(signature).collect();
    for d in agreement(&package)?.disagreements {
        findings.fails(&rules::structure::RULE, &d.name, d.found, d.expected);
    }
    Ok((subject, signatures))
}

fn signature(integrity: &Integrity) -> SignatureReport {
    let mut findings = Findings::default();
    for fault in &integrity.faults {
        match fault {
            Fault::Changed(part) => findings.fails(&rules::reference_digest::RULE, part, "changed", ""),
            Fault::Missing(part) => findings.fails(&rules::reference_digest::RULE, part, "missing", ""),
            Fault::Uncovered(part) => findings.add(&rules::coverage::RULE, Outcome::Uncovered, part, "", ""),
            Fault::CheckMethod(method) => {
                findings.unknown(&rules::reference_method::RULE, &integrity.signature.part, method);
            }
            Fault::SignedValue(why) => {
                findings.fails(&rules::signed_value::RULE, &integrity.signature.value, why, "");
            }
            Fault::DataHash => {
                findings.fails(&rules::data_hash::RULE, &integrity.signature.part, "another digest", "");
            }
            Fault::Signature(SignatureCheck::OtherAlgorithm(oid)) => {
                findings.unknown(&rules::signature_value::RULE, &integrity.signature.value, oid.to_string());
            }
            Fault::Signature(check) => {
                let found = format!("{check:?}");
                findings.fails(&rules::signature_value::RULE, &integrity.signature.value, found, "");
            }
        }
    }
    if !integrity.covers_entry {
        findings.notice(&rules::entry::RULE, "OFD.xml", "");
    }
    findings.unknown(&rules::trust_chain::RULE, "", "no roots were given");
    findings.unknown(&rules::time_proof::RULE, "", "no timestamp");
    SignatureReport::new(&integrity.signature.id, &integrity.signature.part, "SES", findings)
}

/// What keeps the package from being read, as a finding.
fn refused(error: &ReadError, findings: &mut Findings) {
    let found = error.to_string();
    match error {
        ReadError::Container { entry, .. } => {
            findings.add(&rules::container::RULE, Outcome::Malformed, entry, found, "");
        }
        ReadError::Limit { entry, .. } => {
            findings.add(&rules::limits::RULE, Outcome::Resource, entry, found, "");
        }
        ReadError::Missing { part, .. }
        | ReadError::Malformed { part, .. }
        | ReadError::Unsupported { part, .. } => {
            findings.add(&rules::structure::RULE, Outcome::Malformed, part, found, "");
        }
    }
}
