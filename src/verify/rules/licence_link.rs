//! Metadata say what the record's fields say. Only the layout knows which entry shows which field; four links are the same in all layouts,
//! those of a reissue (补发) among them, and the holder, the issuer's code and the date must at least be somewhere among the fields.

use serde_json::Value;

use crate::verify::content::{Forms, Record};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

/// Entries and the fields that every layout shows in them.
const SAME: [(&str, &str); 4] =
    [("ZZBH", "number"), ("ZZBS", "identifier"), ("GLZZBS", "reissue_of"), ("KZ_YZZBH", "reissue_of_number")];
/// Entries that some field says.
const SOMEWHERE: [&str; 4] = ["CZZT", "CZZTDM", "ZZBFJGDM", "ZZBFRQ"];

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.link",
    clause: "GB/T 36903-2018; layouts/README.md",
    fact: Aspect::Content,
    zh: "元数据来自结构化数据中的字段",
    en: "the metadata are what the record's fields say",
};

/// Compares the record's metadata with its fields.
pub(in crate::verify) fn check(record: &Record<'_>, findings: &mut Findings) {
    let stated = |entry: &str| record.metadata.get(entry).and_then(Value::as_str).unwrap_or_default();
    let mut odd = false;
    for (entry, field) in SAME {
        let (found, expected) = (stated(entry), record.field(field));
        if !found.is_empty() && record.fields.contains_key(field) && found != expected {
            findings.fails(&RULE, entry, found, expected);
            odd = true;
        }
    }
    for entry in SOMEWHERE {
        let found = stated(entry);
        // Mostly one says it as it stands, which is soon found.
        let is_there = || record.fields.values().any(|value| value == found);
        let is_said = || record.fields.values().any(|value| says(value, found));
        if !found.is_empty() && !is_there() && !is_said() {
            findings.notice(&RULE, entry, format!("no field of the record says it: {found}"));
            odd = true;
        }
    }
    if !odd && !record.metadata.is_empty() {
        findings.holds(&RULE, "", "");
    }
}

/// Whether a field, or a cell of a list, says it.
fn says(value: &Value, text: &str) -> bool {
    match value {
        Value::Array(rows) => {
            rows.iter().filter_map(Value::as_object).flat_map(|row| row.values()).any(|v| says(v, text))
        }
        value => Forms::say(Some(value), text),
    }
}
