//! What records make, read back as `verify` will read it: whether the page says what the file says of itself.
//!
//! In: the pages of records. Out: [`Finding`]s, one for each rule of the content (`licence.…`) and place, with the element that shows
//! the field.
//! Invariant: the finished files are read, by the readers and rules of [`verify`](crate::verify) alone; seals change nothing of what they
//! say here, so there are none.

use std::collections::{BTreeMap, BTreeSet};

use super::finding::{Finding, Said, Tally};
use crate::diag::{Severity, Span};
use crate::error::RenderError;
use crate::layout::Trace;
use crate::page::{Document, Timestamp};
use crate::press::Press;
use crate::verify::{self, Aspect, Outcome, Policy};

/// So many records are read back at most, at a few milliseconds each.
const MOST: usize = 6;

/// Reads back the first record of each kind: of those that show the same elements one is enough.
pub(super) struct Proofreader {
    /// One for all files: it keeps what they have in common, inflated.
    policy: Policy,
    /// The places in the source of what each of the records that were read back shows.
    kinds: BTreeSet<BTreeSet<(String, usize)>>,
    /// By the rule of `verify`, and the field or the place that it names.
    refused: BTreeMap<(&'static str, String), Finding>,
}

impl Proofreader {
    pub(super) fn new() -> Proofreader {
        let policy = Policy::new(Timestamp::now());
        Proofreader { policy, kinds: BTreeSet::new(), refused: BTreeMap::new() }
    }

    /// Reads both files of row `row` back, if its kind is new; without a row its values are made up, and only the page is judged by them.
    ///
    /// # Errors
    /// One of the files cannot be written.
    pub(super) fn read(
        &mut self,
        press: &Press,
        document: &Document,
        trace: &Trace,
        row: Option<u64>,
    ) -> Result<(), RenderError> {
        if !self.is_new(document, trace) {
            return Ok(());
        }
        let files = [press.write_ofd(document)?.into_bytes()?, press.write_pdf(document)?.into_bytes()];
        for report in files.iter().map(|file| verify::file(file, &self.policy)) {
            // What codes and numbers say is the record's matter, and a made-up one has none to say.
            let broken = report.all_findings().filter(|finding| {
                let judged = finding.rule.fact == Aspect::Content && finding.outcome == Outcome::Fails;
                judged && (row.is_some() || finding.rule.id.starts_with("licence.face"))
            });
            for finding in broken {
                let (field, span) = shown(document, trace, &finding.place).unzip();
                let about = field.clone().unwrap_or_else(|| finding.place.clone());
                let of_row = row.map_or(String::new(), |row| format!(", row {row}"));
                let said = Said {
                    severity: Severity::Warning,
                    span,
                    message: format!("verify would refuse what is written: {finding}{of_row}"),
                    hints: vec![hint(finding.rule.id).into()],
                };
                let tally = row.map(|row| Tally { records: 1, of: 1, row });
                let told = Finding { rule: "not-as-told", said, field, tally };
                self.refused.entry((finding.rule.id, about)).or_insert(told);
            }
        }
        Ok(())
    }

    /// All that would be refused.
    pub(super) fn finish(self) -> impl Iterator<Item = Finding> {
        self.refused.into_values()
    }

    fn is_new(&mut self, document: &Document, trace: &Trace) -> bool {
        if self.kinds.len() >= MOST {
            return false;
        }
        let items = document.pages.iter().flat_map(|page| &page.items);
        let spans = items.filter_map(|item| Some(&trace.of(item)?.span));
        self.kinds.insert(spans.map(|span| (span.source.name.clone(), span.range.start)).collect())
    }
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
fn hint(rule: &str) -> &'static str {
    match rule {
        "licence.face" => {
            "verify compares the page with what the file says of itself: print the field whole, or take it out of <metadata>"
        }
        "licence.face.cover" => "move what covers it, or write that before the field",
        _ => "docs/verification.md explains the rule",
    }
}
