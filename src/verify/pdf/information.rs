//! The information dictionary says what the XMP metadata say: programs show either.

use crate::pdf::read::{Document, Xmp};
use crate::verify::content::entry;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.information",
    clause: "ISO 32000-1, 14.3; ISO 19005-3, 6.6.3",
    fact: Aspect::Content,
    zh: "文档信息字典与XMP元数据一致",
    en: "the information dictionary says what the XMP metadata say",
};

/// Entries of the dictionary with a meaning of their own (table 317).
const STANDARD: [&str; 9] =
    ["Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate", "Trapped"];

/// Compares the title and the certificate's own entries.
pub(super) fn check(document: &Document, xmp: &Xmp, findings: &mut Findings) {
    let mut differ = false;
    for (name, value) in &document.information {
        let expected = match name.as_str() {
            "Title" => xmp.title.as_str(),
            other if STANDARD.contains(&other) => continue,
            other => entry(&xmp.custom, other),
        };
        if value != expected {
            findings.fails(&RULE, name, value.as_str(), expected);
            differ = true;
        }
    }
    if !differ {
        findings.holds(&RULE, "", "");
    }
}
