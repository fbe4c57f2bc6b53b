//! What stands in the file and is named by nothing.

use crate::pdf::read::{File, Signature};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.hidden",
    clause: "ISO 32000-1, 7.5.4 and 12.7.4.5",
    fact: Aspect::Form,
    zh: "没有游离于文件目录之外的对象和签名",
    en: "no object or signature stands in the file that its tables or fields do not name",
};

/// Tells what is there; the bytes of it are covered as any others are.
pub(super) fn check(file: &File<'_>, signatures: &[Signature], findings: &mut Findings) {
    for id in file.unnamed() {
        findings.notice(&RULE, &format!("object {id}"), "no cross-reference section names it");
    }
    for id in file.signing() {
        if signatures.iter().all(|signature| signature.id != *id) {
            findings.notice(&RULE, &format!("object {id}"), "a signature that is the value of no field");
        }
    }
}
