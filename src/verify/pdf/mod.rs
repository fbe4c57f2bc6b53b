//! A PDF: from bytes to a report, rule by rule.
//!
//! In: bytes and a [`Policy`]. Out: a [`Report`]. ISO 32000-1 and 32000-2, 12.8; GM/T 0112-2021; ETSI EN 319 142-1.
//! Invariant: a signature is judged over the bytes of its revision as they stand, and every revision after it is judged object by
//! object; a rule that cannot be asked is told as unknown, never passed over.

mod byte_range;
mod changes;
mod cms;
mod content;
mod coverage;
mod digest;
mod encryption;
mod hidden;
mod information;
mod judge;
mod permissions;
mod signing_time;
mod standing;
mod structure;
mod sub_filter;
mod xfa;

use super::Policy;
use super::finding::Findings;
use super::report::{Format, Mark, Report, SignatureReport, Subject};
use super::rule::Rule;
use super::rules;
use crate::pdf::read::{self, Document, File, Limits, ReadError};

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
    &information::RULE,
    &standing::RULE,
];

/// The most bytes that are hashed, those of every signature counted: a second or two.
const MOST_HASHED: u64 = 1 << 30;

/// Verifies a PDF.
pub(super) fn verify(bytes: &[u8], policy: &Policy) -> Report {
    let mut findings = Findings::default();
    let mut subject = Subject::default();
    let mut signatures = Vec::new();
    if let Err(error) = read_all(bytes, policy, &mut findings, &mut subject, &mut signatures) {
        structure::refused(&error, &mut findings);
    }
    Report::new(Format::Pdf, subject, signatures, findings)
}

/// Reads the file from the outside inwards. What was found until something cannot be read stays.
fn read_all(
    bytes: &[u8],
    policy: &Policy,
    findings: &mut Findings,
    subject: &mut Subject,
    reports: &mut Vec<SignatureReport>,
) -> Result<(), ReadError> {
    let file = File::open_knowing(bytes, &limits(policy), &policy.earlier.inflated)?;
    let latest = file.latest();
    let document = read::document(&latest)?;
    findings.holds(&structure::RULE, "", format!("{} revisions", file.revisions().len()));
    xfa::check(&document, findings);
    *subject = describe(&document);
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
    let covered =
        checked.iter().filter_map(|(.., signed, _)| Some(signed.as_ref()?.end() as u64)).sum::<u64>();
    if covered > MOST_HASHED {
        return Err(ReadError::Limit { what: "bytes under all signatures", limit: MOST_HASHED });
    }
    let first = checked.iter().filter_map(|(.., signed, _)| Some(signed.as_ref()?.revision)).min();
    let mut changes = Vec::new();
    for index in 0..file.revisions().len() {
        let is_later = first.is_some_and(|first| index > first);
        changes.push(if is_later { changes::changes(&file, index)? } else { Vec::new() });
    }
    let (mut keys, mut stamped) = (Vec::new(), None);
    // From the last to the first, because a document timestamp proves the time of what stands before it.
    for (signature, encoding, signed, mut findings) in checked.into_iter().rev() {
        if let Some(signed) = &signed {
            coverage::check(&file, signed, &changes, permitted.as_ref(), &mut findings);
        }
        let content = signed.as_ref().map(|signed| signed.bytes(&file));
        let judged =
            judge::judge(&judge::Subject { signature, encoding, content, stamped }, policy, findings);
        stamped = judged.stamps.or(stamped);
        keys.extend(judged.key);
        reports.push(judged.report);
    }
    reports.reverse();

    let marks = content::compare(&latest, &document, findings)?;
    rules::licence_mark_signature::check(&marks, &keys, policy, findings);
    subject.marks = marks.iter().map(|m| Mark { page: m.page + 1, content: m.content.clone() }).collect();
    Ok(())
}

/// How much the file may ask for: never more than an OFD might.
fn limits(policy: &Policy) -> Limits {
    let own = Limits::default();
    let given = policy.limits;
    Limits {
        inflated: own.inflated.min(given.total),
        stream: own.stream.min(given.part),
        text: own.text.min(given.part),
        items_at_once: own.items_at_once.min(given.nodes.into()),
        entries: own.entries.min(given.nodes as usize),
        steps: own.steps.min(given.objects as u64),
        ..own
    }
}

/// What the document says it is.
fn describe(document: &Document) -> Subject {
    let xmp = document.xmp.clone().unwrap_or_default();
    let in_dictionary = document.information.iter().find(|(name, _)| name == "Title");
    let title = match in_dictionary {
        Some((_, title)) if xmp.title.is_empty() => title,
        _ => &xmp.title,
    };
    Subject { pages: Some(document.pages.len()), ..Subject::of(title, &xmp.custom) }
}
