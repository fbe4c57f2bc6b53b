//! An XFA form is a second document in the first.

use crate::pdf::read::Document;
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.xfa",
    clause: "ISO 32000-1, 12.7.8",
    fact: Aspect::Form,
    zh: "文件不含XFA表单，不会显示另一份内容",
    en: "the file has no XFA form, which shows another document than its pages",
};

pub(super) fn check(document: &Document, findings: &mut Findings) {
    if document.has_xfa {
        findings.add(&RULE, Outcome::Malformed, "AcroForm", "XFA", "");
    }
}
