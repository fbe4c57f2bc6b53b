//! Metadata are written as GB/T 36903 says: dates, codes with their check characters, kinds of codes. Older issuers wrote otherwise, so this
//! is told and refuses nothing.

use crate::licence::metadata::{check_one, item_named};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.metadata.form",
    clause: "GB/T 36903-2018; GB 32100-2015; GB 11643-1999",
    fact: Aspect::Content,
    zh: "元数据的写法和校验码符合标准",
    en: "the metadata are written as the standard says, and codes bear their check characters",
};

/// Looks at each entry of the standard's names, the identifier apart, and for names that stand twice.
pub(in crate::verify) fn check(entries: &[(String, String)], findings: &mut Findings) {
    let mut odd = false;
    for (at, (name, value)) in entries.iter().enumerate() {
        let twice = entries.iter().take(at).any(|(earlier, _)| earlier == name);
        let item = item_named(name).filter(|item| item.name != "ZZBS" && !value.is_empty());
        if let Some(Err(error)) = item.map(|item| check_one(item, value)) {
            findings.notice(&RULE, name, error.to_string());
            odd = true;
        } else if twice {
            findings.notice(&RULE, name, format!("it stands there twice: {value}"));
            odd = true;
        }
    }
    if !odd && !entries.is_empty() {
        findings.holds(&RULE, "", "");
    }
}
