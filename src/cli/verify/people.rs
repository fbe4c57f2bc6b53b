//! Reports as people read them: a block for each file.

use std::fmt::Write as _;

use certpress::verify::{Finding, MarkReport, Outcome, Report, SignatureReport, Subject};

use crate::cli::language::Language;
use crate::cli::terminal::printable;

/// The block of one file: the verdict, what the file says it is, who sealed it, and what is not as it should be; with `all`, every finding.
pub(super) fn block(name: &str, report: &Report, language: Language, all: bool) -> String {
    let mut out = format!("{name}\n  {} {}\n", report.verdict, language.verdict(report.verdict));
    subject(&mut out, &report.subject, language);
    for signature in &report.signatures {
        sealed(&mut out, signature, language, all);
    }
    findings(&mut out, "  ", told(&report.findings, all), language);
    out.pop();
    out
}

/// The block of one mark: what it says, for comparison with the paper, and who signed it.
pub(super) fn mark_block(text: &str, report: &MarkReport, language: Language, all: bool) -> String {
    let mut out =
        format!("{}\n  {} {}\n", printable(text), report.verdict, language.mark_verdict(report.verdict));
    if let Some(claims) = &report.claims {
        let days = |day: &Option<String>| day.clone().unwrap_or_else(|| "…".to_owned());
        let lapsed = language.pick("（今日不在有效期内）", " (not in force on this day)");
        let lapsed = if report.is_in_force { "" } else { lapsed };
        let validity = format!("{} – {}{lapsed}", days(&claims.valid_from), days(&claims.valid_to));
        let reissue = if claims.is_reissue { language.pick("补发", "a reissue") } else { "" };
        for (zh, en, value) in [
            ("持证人：", "holder:    ", claims.name.as_str()),
            ("编号：", "number:    ", &claims.number),
            ("发证机关代码：", "issuer:    ", &claims.issuer),
            ("有效期：", "valid:     ", &validity),
            ("版本：", "edition:   ", reissue),
            ("签名人：", "signed by: ", report.signer.as_ref().map_or("", |signer| &signer.name)),
            ("记录SM3：", "record SM3:", &claims.record_sm3),
        ] {
            line(&mut out, "  ", language.pick(zh, en), &printable(value));
        }
        let compare =
            language.pick("请将以上内容与纸面逐项比对", "compare these with the paper: a mark can be copied");
        let _ = writeln!(out, "  {compare}");
    }
    // Few as they are, all that is worth a notice is told.
    let told = |finding: &Finding| all || finding.outcome != Outcome::Holds;
    findings(&mut out, "  ", report.findings.iter().filter(|finding| told(finding)), language);
    out.pop();
    out
}

fn line(out: &mut String, indent: &str, label: &str, value: &str) {
    if !value.is_empty() {
        let _ = writeln!(out, "{indent}{label} {value}");
    }
}

fn subject(out: &mut String, subject: &Subject, language: Language) {
    let mut title = subject.title.clone();
    if !subject.standing.is_empty() {
        let _ = write!(title, "（{}）", subject.standing);
    }
    let holder = [subject.holder.as_str(), subject.holder_code.as_str()].join(" ");
    for (zh, en, value) in [
        ("名称：", "title:     ", title.as_str()),
        ("持证人：", "holder:    ", holder.trim()),
        ("编号：", "number:    ", &subject.number),
        ("标识：", "identifier:", &subject.identifier),
        ("发证机关：", "issuer:    ", &subject.issuer),
        ("原证标识：", "replaces:  ", subject.reissue_of.as_deref().unwrap_or_default()),
    ] {
        line(out, "  ", language.pick(zh, en), &printable(value));
    }
}

fn sealed(out: &mut String, signature: &SignatureReport, language: Language, all: bool) {
    let unknown = || language.pick("不明", "unknown").to_owned();
    let seal = match (&signature.seal, &signature.signer) {
        (Some(seal), Some(signer)) => format!("{}，{}", seal.name, signer.name),
        (Some(seal), None) => seal.name.clone(),
        (None, Some(signer)) => signer.name.clone(),
        (None, None) => unknown(),
    };
    let time = match (&signature.proven_time, &signature.claimed_time) {
        (Some(time), _) => format!("{time} {}", language.pick("（时间戳证明）", "(proven by a timestamp)")),
        (None, Some(time)) => format!("{time} {}", language.pick("（签章人自称）", "(claimed)")),
        (None, None) => unknown(),
    };
    let kind = if signature.is_timestamp { ("时间戳", "timestamp") } else { ("签章", "signature") };
    let _ = writeln!(
        out,
        "  {} {}  {}  {}",
        language.pick(kind.0, kind.1),
        printable(&signature.id),
        signature.verdict,
        printable(&signature.profile)
    );
    line(out, "    ", language.pick("签章人：", "by:   "), &printable(&seal));
    line(
        out,
        "    ",
        language.pick("签发者：", "under:"),
        &printable(signature.signer.as_ref().map_or("", |s| &s.issuer)),
    );
    line(out, "    ", language.pick("时间：", "at:   "), &printable(&time));
    line(out, "    ", language.pick("结论：", "facts:"), &language.facts(&signature.facts));
    findings(out, "    ", told(&signature.findings, all), language);
}

/// All findings, or those from which something follows.
fn told(findings: &[Finding], all: bool) -> impl Iterator<Item = &Finding> {
    findings.iter().filter(move |finding| all || !finding.is_good())
}

fn findings<'f>(
    out: &mut String,
    indent: &str,
    findings: impl Iterator<Item = &'f Finding>,
    language: Language,
) {
    for finding in findings {
        let outcome = language.outcome(finding.outcome);
        let _ = writeln!(out, "{indent}{outcome} [{}] {}", finding.rule.id, language.rule(finding.rule));
        let inner = format!("{indent}  ");
        line(out, &inner, language.pick("说明：", "that is: "), language.explanation(finding));
        for (zh, en, value) in [
            ("位置：", "where:   ", &finding.place),
            ("实际：", "found:   ", &finding.found),
            ("应为：", "expected:", &finding.expected),
        ] {
            line(out, &inner, language.pick(zh, en), &printable(value));
        }
    }
}
