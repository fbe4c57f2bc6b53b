//! What the file says it is (版本性质): the original, or a conversion, which has no equal force.

use crate::page::Standing;
use crate::verify::content::{Record, entry};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "licence.standing",
    clause: "docs/verification.md",
    fact: Aspect::Content,
    zh: "文件标明自己是原件还是转换件，并与结构化数据相符",
    en: "the file says whether it is an original or a conversion, as its record does",
};

/// Compares what the file says with the record, which is the original's. A copy for a press bears it as well; no conversion does.
pub(in crate::verify) fn check(
    entries: &[(String, String)],
    record: Option<&Record<'_>>,
    findings: &mut Findings,
) {
    let said = entry(entries, Standing::KEY);
    let standing = Standing::of_label(said);
    match record {
        Some(record) => {
            let bears_it = matches!(standing, Some(Standing::Original | Standing::PrintCopy));
            if bears_it && record.standing == "original" {
                findings.holds(&RULE, Standing::KEY, said);
            } else {
                findings.fails(&RULE, Standing::KEY, said, &record.standing);
            }
        }
        None if standing == Some(Standing::Original) => findings.holds(&RULE, Standing::KEY, said),
        None if said.is_empty() => {}
        None => findings.notice(&RULE, Standing::KEY, said),
    }
}
