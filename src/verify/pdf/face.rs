//! The pages show the record's holder. A PDF does not tell which text shows which field, so that all of the text is searched; what else
//! of the record is not found in it, as a layout may leave it out or write it in its own way, is told and no more.

use crate::pdf::read::Sheet;
use crate::verify::content::{Forms, Record, Searched, said};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.face",
    clause: "ISO 32000-1, 9.10; docs/verification.md",
    fact: Aspect::Content,
    zh: "页面上印有结构化数据中的持证人姓名",
    en: "the pages show the holder's name as the record says it",
};

/// The field that every certificate of a person shows.
const HOLDER: &str = "name";

/// Looks for the values of the record in the text of the pages.
pub(super) fn check(sheets: &[Sheet], record: &Record<'_>, findings: &mut Findings) {
    if sheets.iter().any(|sheet| sheet.has_unknown_text) {
        findings.unknown(&RULE, "", "some of the text has no Unicode");
        return;
    }
    let text: String = sheets.iter().map(|sheet| sheet.text.as_str()).collect();
    let mut searched = Searched::new(&text);
    for (name, value) in &record.fields {
        let forms = Forms::of(Some(value));
        let is_shown = forms.is_empty() || forms.occur_in(&mut searched);
        match (name.as_str(), is_shown) {
            (HOLDER, true) => findings.holds(&RULE, name, said(Some(value))),
            (HOLDER, false) => findings.fails(&RULE, name, "nowhere on the pages", said(Some(value))),
            (_, true) => {}
            (_, false) => findings.notice(&RULE, name, "not on the pages as it stands in the record"),
        }
    }
}
