//! The words of a report in Chinese and English.

use certpress::verify::{Fact, Facts, Outcome, Rule, Verdict};

use crate::cli::language::Language;

impl Language {
    /// What a verdict means to a clerk.
    pub(super) fn verdict(self, verdict: Verdict) -> &'static str {
        let (zh, en) = match verdict {
            Verdict::Valid => ("有效", "genuine: unaltered, sealed by whom it says, at a proven time"),
            Verdict::Indeterminate => {
                ("未见异常，但不能确认", "nothing is wrong, but something cannot be known")
            }
            Verdict::Partial => ("部分内容不在签章保护之内", "not everything in it is protected by the seal"),
            Verdict::NotSigned => ("没有签章", "nobody sealed it"),
            Verdict::Invalid => ("无效", "not genuine: altered, forged, or contradicting itself"),
            Verdict::Resource => ("超出核验限额，未予核验", "too large or too complex to be verified"),
            Verdict::Malformed => (
                "文件不合规，可能被不同软件读出不同内容",
                "malformed: readers could see different things in it",
            ),
        };
        self.pick(zh, en)
    }

    /// What a rule asks.
    pub(super) fn rule(self, rule: &'static Rule) -> &'static str {
        self.pick(rule.zh, rule.en)
    }

    /// What came of a rule.
    pub(super) fn outcome(self, outcome: Outcome) -> &'static str {
        let (zh, en) = match outcome {
            Outcome::Holds => ("符合", "holds"),
            Outcome::Notice => ("提示", "notice"),
            Outcome::Unknown => ("不明", "unknown"),
            Outcome::Uncovered => ("未保护", "uncovered"),
            Outcome::Fails => ("不符", "fails"),
            Outcome::Resource => ("超限", "too much"),
            Outcome::Malformed => ("不合规", "malformed"),
        };
        self.pick(zh, en)
    }

    /// The facts of a signature in one line; those that do not apply are left out.
    pub(super) fn facts(self, facts: &Facts) -> String {
        let Facts { intact, signature, seal, trust, time, coverage } = *facts;
        let named = [
            (intact, "完整", "intact"),
            (signature, "签名", "signature"),
            (seal, "印章", "seal"),
            (trust, "信任", "trust"),
            (time, "时间", "time"),
            (coverage, "覆盖", "coverage"),
        ];
        let told = named.iter().filter_map(|(fact, zh, en)| {
            let sign = match fact {
                Fact::Holds => "✓",
                Fact::Fails => "✗",
                Fact::Unknown => "?",
                Fact::NotApplicable => return None,
            };
            Some(format!("{} {sign}", self.pick(zh, en)))
        });
        told.collect::<Vec<_>>().join("  ")
    }
}
