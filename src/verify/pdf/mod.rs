//! A PDF: from bytes to a report, rule by rule.
//!
//! In: bytes and a [`Policy`]. Out: a [`Report`]. ISO 32000-1 and 32000-2, 12.8; GM/T 0112-2021; ETSI EN 319 142-1.
//! Invariant: a signature is judged over the bytes of its revision as they stand, and every revision after it is judged object by
//! object; a rule that cannot be asked is told as unknown, never passed over.

mod byte_range;
mod changes;
mod cms;
mod coverage;
mod digest;
mod encryption;
mod hidden;
mod permissions;
mod signing_time;
mod structure;
mod sub_filter;
mod xfa;

use super::Policy;
use super::finding::Findings;
use super::report::{Format, Report, SignatureReport, Subject};
use super::rule::Rule;
use super::rules;
use crate::page::Standing;
use crate::pdf::read::{self, Document, File, Limits, ReadError, Signature};

/// The rules of PDF alone, in the order of asking.
pub(super) const RULES: &[&Rule] = &[
    &structure::RULE,
    &encryption::RULE,
    &xfa::RULE,
    &hidden::RULE,
    &sub_filter::RULE,
    &byte_range::RULE,
    &cms::RULE,
    &digest::RULE,
    &signing_time::RULE,
    &coverage::RULE,
    &permissions::RULE,
];

/// Verifies a PDF.
pub(super) fn verify(bytes: &[u8], _policy: &Policy) -> Report {
    let mut findings = Findings::default();
    let (subject, signatures) = match read_all(bytes, &mut findings) {
        Ok(read) => read,
        Err(error) => {
            structure::refused(&error, &mut findings);
            (Subject::default(), Vec::new())
        }
    };
    Report::new(Format::Pdf, subject, signatures, findings)
}

fn read_all(bytes: &[u8], findings: &mut Findings) -> Result<(Subject, Vec<SignatureReport>), ReadError> {
    let file = File::open(bytes, &Limits::default())?;
    let latest = file.latest();
    let document = read::document(&latest)?;
    findings.holds(&structure::RULE, "", format!("{} revisions", file.revisions().len()));
    xfa::check(&document, findings);
    let signatures = read::signatures(&latest)?;
    hidden::check(&file, &signatures, findings);
    let permitted = permissions::read(&latest, &signatures, findings)?;

    // What is signed first decides how many revisions must be compared.
    let checked: Vec<_> = signatures
        .iter()
        .map(|signature| {
            let mut findings = Findings::default();
            let encoding = sub_filter::check(signature, &mut findings);
            let signed = byte_range::check(&file, signature, &mut findings);
            (signature, encoding, signed, findings)
        })
        .collect();
    let first = checked.iter().filter_map(|(.., signed, _)| Some(signed.as_ref()?.revision)).min();
    let mut changes = Vec::new();
    for index in 0..file.revisions().len() {
        let is_later = first.is_some_and(|first| index > first);
        changes.push(if is_later { changes::changes(&file, index)? } else { Vec::new() });
    }
    let mut reports = Vec::with_capacity(checked.len());
    for (signature, encoding, signed, mut findings) in checked {
        if let Some(signed) = &signed {
            coverage::check(&file, signed, &changes, permitted.as_ref(), &mut findings);
        }
        if encoding.is_some() {
            findings.unknown(&rules::signature_value::RULE, "", "not checked yet");
        }
        reports.push(report(signature, findings));
    }
    Ok((subject(&document), reports))
}

fn report(signature: &Signature, findings: Findings) -> SignatureReport {
    let place = format!("object {}", signature.id);
    SignatureReport::new(&signature.fields.join(", "), &place, signature.sub_filter.clone(), findings)
}

/// What the document says it is.
fn subject(document: &Document) -> Subject {
    let xmp = document.xmp.clone().unwrap_or_default();
    let said = |name: &str| {
        let found = xmp.custom.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let title = document.information.iter().find(|(name, _)| name == "Title").map(|(_, value)| value.clone());
    Subject {
        title: if xmp.title.is_empty() { title.unwrap_or_default() } else { xmp.title.clone() },
        pages: Some(document.pages.len()),
        identifier: said("ZZBS"),
        number: said("ZZBH"),
        holder: said("CZZT"),
        issuer: said("ZZBFJG"),
        standing: said(Standing::KEY),
        ..Subject::default()
    }
}
