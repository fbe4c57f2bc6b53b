//! A PDF of ours says what it is (版本性质): where there is an OFD, that is the original, and the PDF a conversion of it.

use crate::page::Standing;
use crate::verify::content::{Record, entry};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.standing",
    clause: "docs/verification.md",
    fact: Aspect::Content,
    zh: "文件标明自己是原件、转换件还是印刷稿",
    en: "the file says whether it is an original, a conversion or a copy for a press",
};

/// The record inside is the original's, whatever the file is.
pub(super) fn check(entries: &[(String, String)], record: Option<&Record<'_>>, findings: &mut Findings) {
    let said = entry(entries, Standing::KEY);
    match Standing::of_label(said) {
        Some(_) => findings.holds(&RULE, Standing::KEY, said),
        None => findings.fails(&RULE, Standing::KEY, said, "原件, 转换件, 印刷稿"),
    }
    if let Some(record) = record.filter(|record| record.standing != "original") {
        findings.fails(&RULE, "record.json", record.standing.as_str(), "original");
    }
}
