//! The words of a report in Chinese and English.

use certpress::verify::{Fact, Facts, Finding, Outcome, Rule, Verdict};

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
                "不合规：无法读出，或者可能被不同软件读出不同内容",
                "malformed: it cannot be read, or not in one way only",
            ),
        };
        self.pick(zh, en)
    }

    /// What a verdict about a mark means to a clerk.
    pub(super) fn mark_verdict(self, verdict: Verdict) -> &'static str {
        let (zh, en) = match verdict {
            Verdict::Valid => {
                ("真实：由下列签名人的密钥签名", "authentic: signed by the key of the signer below")
            }
            Verdict::NotSigned => ("不是签名的二维码", "no signed mark"),
            Verdict::Malformed => ("不是合规的签名载荷", "not a well-formed payload"),
            other => return self.verdict(other),
        };
        self.pick(zh, en)
    }

    /// What a rule asks.
    pub(super) fn rule(self, rule: &'static Rule) -> &'static str {
        self.pick(rule.zh, rule.en)
    }

    /// What the commonest findings mean, and what to do; empty where rule and finding say it all.
    pub(super) fn explanation(self, finding: &Finding) -> &'static str {
        let (zh, en) = match (finding.rule.id, finding.outcome) {
            ("time.proof", Outcome::Unknown) => (
                "没有可信的时间戳，签章时间只是签章人自称，因此至多是“不能确认”",
                "without a timestamp that is trusted the time is only claimed, so INDETERMINATE is the best verdict",
            ),
            ("trust.chain" | "trust.maker", Outcome::Unknown) => (
                "证书链没有到达您信任的根证书：用 --trust 给出根证书，必要时用 --intermediates 给出中间证书",
                "the chain reaches no root that you trust: give it by --trust, and authorities between by --intermediates",
            ),
            ("trust.chain" | "trust.maker", Outcome::Fails) => (
                "证书当时不在有效期内，或不得用于签章，或证书链有误",
                "the certificate was not valid at the time, may not sign, or its chain is wrong",
            ),
            ("trust.revocation", Outcome::Unknown) => (
                "没有该签发机构的有效吊销列表：用 --crl 给出",
                "there is no current revocation list of its authority: give it by --crl",
            ),
            ("trust.revocation", Outcome::Fails) => ("证书已被吊销", "the certificate was revoked"),
            ("ofd.reference.digest" | "pdf.digest" | "ofd.data-hash", Outcome::Fails) => {
                ("签章之后内容被改动", "the content was changed after it was sealed")
            }
            ("signature.value", Outcome::Fails) => (
                "签名与签章人的密钥不符，或签名值被改动",
                "the signature is not of the signer's key, or was changed",
            ),
            ("licence.face" | "licence.metadata" | "licence.mark", Outcome::Fails) => {
                ("证照各处所载内容互相矛盾", "the certificate contradicts itself")
            }
            ("pdf.encryption", _) => (
                "文件已加密，无法核验：请取得未加密的文件",
                "an encrypted file cannot be verified: ask for one that is not",
            ),
            ("file.format", _) => ("文件不是OFD，也不是PDF", "it is neither an OFD nor a PDF"),
            ("file.limits", _) => ("文件过大或过于复杂", "the file is too large or too complex"),
            ("mark.issuer", Outcome::Fails) => {
                ("签名人不是二维码所载的发证机关", "who signed is not the issuer whom the mark names")
            }
            ("mark.issuer", Outcome::Notice) => (
                "签名人的证书未载明统一社会信用代码：请自行确认签名人就是该发证机关",
                "the signer's certificate names no credit code: make sure that the signer is that issuer",
            ),
            ("mark.validity", Outcome::Notice) => (
                "二维码真实，但证照今日不在有效期内",
                "the mark is authentic, but the certificate is not in force on this day",
            ),
            _ => return "",
        };
        self.pick(zh, en)
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
