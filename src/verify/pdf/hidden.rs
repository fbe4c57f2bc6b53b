//! What stands in the file and is named by nothing.

use crate::pdf::read::{File, Id, Signature};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.hidden",
    clause: "ISO 32000-1, 7.5.4 and 12.7.4.5",
    fact: Aspect::Form,
    zh: "没有游离于文件目录之外的对象和签名",
    en: "no object or signature stands in the file that its tables or fields do not name",
};

/// The most of either that are told one by one.
const MOST: usize = 12;

/// Tells what is there; the bytes of it are covered as any others are.
pub(super) fn check(file: &File<'_>, signatures: &[Signature], findings: &mut Findings) {
    for id in file.unnamed().iter().take(MOST) {
        findings.notice(&RULE, &format!("object {id}"), "no cross-reference section names it");
    }
    let is_of_a_field = |id: &&Id| signatures.iter().any(|signature| signature.id == **id);
    for id in file.signing().iter().filter(|id| !is_of_a_field(id)).take(MOST) {
        findings.notice(&RULE, &format!("object {id}"), "a signature that is the value of no field");
    }
}
