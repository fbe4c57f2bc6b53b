//! An OFD: from bytes to a report, rule by rule.
//!
//! In: bytes and a [`Policy`]. Out: a [`Report`]. GB/T 33190-2016, chapter 18; GB/T 38540-2020; GM/T 0031-2014.
//! Invariant: nothing is encoded again before it is checked; a rule that cannot be asked is told as unknown, never passed over.

mod cms;
mod refusal;
mod seals;

use super::finding::Findings;
use super::report::{Format, Mark, Report, SignatureReport, Subject};
use super::{Policy, content, rules};
use crate::crypto::sm2::VerifyingKey;
use crate::ofd::read::{self, Package, ReadError};

use seals::Examination;
pub use seals::{SealedBy, seals};

/// Verifies an OFD.
pub(super) fn verify(bytes: &[u8], policy: &Policy) -> Report {
    let mut findings = Findings::default();
    let mut subject = Subject::default();
    let mut signatures = Vec::new();
    if let Err(error) = read_all(bytes, policy, &mut findings, &mut subject, &mut signatures) {
        refusal::tell(&error, &mut findings);
    }
    Report::new(Format::Ofd, subject, signatures, findings)
}

/// Reads the package from the outside inwards. What was found until something cannot be read stays.
fn read_all(
    bytes: &[u8],
    policy: &Policy,
    findings: &mut Findings,
    subject: &mut Subject,
    signatures: &mut Vec<SignatureReport>,
) -> Result<(), ReadError> {
    let package = Package::open_knowing(bytes, &policy.limits, &policy.earlier)?;
    findings.holds(&rules::container::RULE, "", format!("{} parts", package.names().count()));
    rules::structure::check(&package, findings);
    let info = read::info(&package)?;
    *subject = Subject::of(&info.title, &info.custom);
    subject.pages = Some(read::page_count(&package)?);

    let examination = Examination::new(&package, policy)?;
    rules::signatures_list::check(&package, examination.entries(), findings);
    let mut keys: Vec<VerifyingKey> = Vec::new();
    for at in 0..examination.entries().len() {
        let (report, key) = examination.report(at);
        signatures.push(report);
        keys.extend(key);
    }

    let compared = content::compare(&package, findings);
    if let Ok(marks) = &compared {
        rules::licence_mark_signature::check(marks, &keys, policy, findings);
        subject.marks = marks.iter().map(|m| Mark { page: m.page + 1, content: m.content.clone() }).collect();
    }
    let notices = package.notices();
    rules::name_case::check(&notices, findings);
    rules::namespace::check(&notices, findings);
    compared.map(drop)
}
