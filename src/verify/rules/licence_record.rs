//! The structured record that travels inside a certificate can be read; without one nothing is compared with it.

use crate::verify::content::{NoRecord, RECORD, Record};
use crate::verify::finding::{Findings, Outcome};
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.record",
    clause: "GB/T 36902-2018; docs/record.schema.json",
    fact: Aspect::Content,
    zh: "随附的结构化数据（record.json）可以读出",
    en: "the structured record inside (record.json) can be read",
};

/// The record, if there is one that can be read.
pub(in crate::verify) fn check<'a>(
    attached: Option<&'a [u8]>,
    findings: &mut Findings,
) -> Option<Record<'a>> {
    let Some(bytes) = attached else {
        findings.notice(&RULE, RECORD, "not there: what the document says was not compared with its data");
        return None;
    };
    match Record::parse(bytes) {
        Ok(record) => {
            findings.holds(&RULE, RECORD, format!("{} fields", record.fields.len()));
            Some(record)
        }
        Err(NoRecord::Malformed(why)) => {
            findings.fails(&RULE, RECORD, why, "");
            None
        }
        Err(NoRecord::TooLarge(limit)) => {
            findings.add(&RULE, Outcome::Resource, RECORD, format!("{} bytes", bytes.len()), limit);
            None
        }
    }
}
