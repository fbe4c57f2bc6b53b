//! What was added to the file after a signature.

use super::byte_range::Signed;
use super::changes::{Change, Class};
use super::permissions;
use crate::pdf::read::File;
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.coverage",
    clause: "ISO 32000-1, 12.8.1; ISO 32000-2, 12.8.1",
    fact: Aspect::Coverage,
    zh: "签名之后没有追加未受保护的内容",
    en: "nothing was added after the signature that it does not cover",
};

/// The most changes of a revision that are told one by one.
const MOST: usize = 12;

/// Judges every later revision: by what the certifying signature permits, or where none says anything by whether the change matters.
pub(super) fn check(
    file: &File<'_>,
    signed: &Signed,
    changes: &[Vec<Change>],
    permitted: Option<&permissions::Permitted>,
    findings: &mut Findings,
) {
    let revisions = file.revisions();
    let later = signed.revision + 1..revisions.len();
    if later.is_empty() {
        findings.holds(&RULE, "", format!("{} of {} bytes", signed.end(), file.bytes().len()));
        return;
    }
    for index in later {
        let place = format!("revision {}", index + 1);
        let changes = changes.get(index).map(Vec::as_slice).unwrap_or_default();
        if let Some(permitted) = permitted {
            permissions::check(&place, changes, permitted, findings);
            continue;
        }
        let mut matters = changes.iter().filter(|change| change.class > Class::Signing).peekable();
        if matters.peek().is_none() {
            let most = changes.iter().map(|change| change.class).max();
            findings.notice(&RULE, &place, words(most.unwrap_or(Class::Harmless)));
        }
        for Change { place: object, what, .. } in matters.take(MOST) {
            findings.add(&RULE, Outcome::Uncovered, &format!("{place}, object {object}"), what, "");
        }
    }
    if permitted.is_some() {
        findings.holds(&RULE, "", "what was added later is judged by what the certification permits");
    }
}

/// What a revision adds, at most.
pub(super) fn words(class: Class) -> &'static str {
    match class {
        Class::Harmless => "adds nothing that shows",
        Class::Archiving => "adds a timestamp, or data for later verification",
        Class::Signing => "adds a signature",
        Class::Filling => "fills in fields",
        Class::Metadata => "changes what the file says of itself",
        Class::Annotating => "changes annotations",
        Class::Other => "changes the document",
    }
}
