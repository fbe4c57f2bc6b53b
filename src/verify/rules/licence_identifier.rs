//! The licence identifier (电子证照标识) has the form of GB/T 36904 and bears its check character. Older identifiers with another check
//! are in use: told, not refused.

use crate::licence::identifier::Identifier;
use crate::verify::content::entry;
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

/// The metadata entry that says it.
const ENTRY: &str = "ZZBS";

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.identifier",
    clause: "GB/T 36904-2018; ISO 7064 MOD 37,36",
    fact: Aspect::Content,
    zh: "电子证照标识的结构和校验码正确",
    en: "the licence identifier is well formed and bears its check character",
};

/// Looks at the identifier, if there is one.
pub(in crate::verify) fn check(entries: &[(String, String)], findings: &mut Findings) {
    let said = entry(entries, ENTRY);
    if said.is_empty() {
        return;
    }
    match Identifier::parse(said) {
        Ok(identifier) => {
            let warnings = identifier.warnings();
            for warning in &warnings {
                findings.notice(&RULE, ENTRY, format!("{said} {warning}"));
            }
            if warnings.is_empty() {
                findings.holds(&RULE, ENTRY, said);
            }
        }
        Err(error) => findings.notice(&RULE, ENTRY, format!("{said} {error}")),
    }
}
