//! What a record makes, read back as `verify` will read it: whether the page says what the file says of itself.
//!
//! In: the pages of a record. Out: [`Breach`]es of the rules about the content (`licence.…`), each with the place in the layout that shows
//! its field.
//! Invariant: the finished files are read, by the readers and rules of [`verify`](crate::verify) alone; seals change nothing of what they
//! say here, so there are none.

use crate::diag::Span;
use crate::error::RenderError;
use crate::layout::Trace;
use crate::page::{Document, Timestamp};
use crate::press::Press;
use crate::verify::{self, Aspect, Outcome, Policy};

/// A rule of verification that a file breaks.
#[derive(Clone, Debug)]
pub(super) struct Breach {
    /// The rule, as `licence.face`.
    pub(super) rule: &'static str,
    /// Rule, place, what was found and what should have been, in words.
    pub(super) told: String,
    /// The field that it is about, and where the layout shows it.
    pub(super) field: Option<(String, Span)>,
}

/// Reads both files of `document` back; what both break is said once.
///
/// # Errors
/// One of them cannot be written.
pub(super) fn read_back(
    press: &Press,
    document: &Document,
    trace: &Trace,
    time: Timestamp,
) -> Result<Vec<Breach>, RenderError> {
    let files = [press.write_ofd(document)?.into_bytes()?, press.write_pdf(document)?.into_bytes()];
    let policy = Policy::new(time);
    let mut breaches: Vec<Breach> = Vec::new();
    for report in files.iter().map(|file| verify::file(file, &policy)) {
        let broken = |finding: &&verify::Finding| {
            finding.rule.fact == Aspect::Content && finding.outcome == Outcome::Fails
        };
        for finding in report.all_findings().filter(broken) {
            let told = finding.to_string();
            if breaches.iter().all(|breach| breach.told != told) {
                let field = shown(document, trace, &finding.place);
                breaches.push(Breach { rule: finding.rule.id, told, field });
            }
        }
    }
    Ok(breaches)
}

/// The field that a finding's place names (`name`, `scores[2].score`, `page 1, name`), and the first element that shows it.
fn shown(document: &Document, trace: &Trace, place: &str) -> Option<(String, Span)> {
    let name = place.rsplit(", ").next()?.split('[').next()?;
    let tag = document.master.tags.iter().position(|tag| tag == name)?;
    let mut items = document.pages.iter().flat_map(|page| &page.items);
    let item = items.find(|item| item.tag.is_some_and(|own| usize::from(own) == tag))?;
    Some((name.to_owned(), trace.of(item)?.span.clone()))
}

/// How to mend it.
pub(super) fn hint(rule: &str) -> &'static str {
    match rule {
        "licence.face" => {
            "verify compares the page with what the file says of itself: print the field whole, or take it out of <metadata>"
        }
        "licence.face.cover" => "move what covers it, or write that before the field",
        _ => "docs/verification.md explains the rule",
    }
}
