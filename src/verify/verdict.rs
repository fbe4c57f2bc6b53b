//! The one word at the end, and how it follows from findings.

use serde::Serialize;

use super::finding::{Finding, Outcome};

/// What is answered about a signature or a file, from the best to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Everything holds, the time is proven, and the signer is trusted.
    Valid,
    /// Nothing is wrong, but something that must be known is not: whom to trust, whether a certificate was revoked, when it was signed, or
    /// what an algorithm says that nobody here can check.
    Indeterminate,
    /// What is signed holds, but not everything is signed.
    Partial,
    /// Nothing is signed.
    NotSigned,
    /// Something is not as it was signed, or contradicts itself.
    Invalid,
    /// It asks for more time or memory than verification gives.
    Resource,
    /// It is no such file, or two readers could read it differently.
    Malformed,
}

impl Verdict {
    /// All of them.
    pub const ALL: [Verdict; 7] = [
        Verdict::Valid,
        Verdict::Indeterminate,
        Verdict::Partial,
        Verdict::NotSigned,
        Verdict::Invalid,
        Verdict::Resource,
        Verdict::Malformed,
    ];

    /// As reports print it: `NOT_SIGNED`.
    pub const fn name(self) -> &'static str {
        match self {
            Verdict::Valid => "VALID",
            Verdict::Indeterminate => "INDETERMINATE",
            Verdict::Partial => "PARTIAL",
            Verdict::NotSigned => "NOT_SIGNED",
            Verdict::Invalid => "INVALID",
            Verdict::Resource => "RESOURCE",
            Verdict::Malformed => "MALFORMED",
        }
    }

    /// Whether the file is to be turned away: all but `Valid` and `Indeterminate`.
    pub fn is_refusal(self) -> bool {
        self > Verdict::Indeterminate
    }

    /// Of one signature, or of what a file's own findings say: the worst of them.
    pub fn of(findings: &[Finding]) -> Verdict {
        findings.iter().map(|finding| Verdict::after(finding.outcome)).max().unwrap_or(Verdict::Valid)
    }

    fn after(outcome: Outcome) -> Verdict {
        match outcome {
            Outcome::Holds | Outcome::Notice => Verdict::Valid,
            Outcome::Unknown => Verdict::Indeterminate,
            Outcome::Uncovered => Verdict::Partial,
            Outcome::Fails => Verdict::Invalid,
            Outcome::Resource => Verdict::Resource,
            Outcome::Malformed => Verdict::Malformed,
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::super::finding::Findings;
    use super::super::report::{Format, Report, SignatureReport, Subject};
    use super::super::rules::file_format::RULE;
    use super::*;

    fn findings(outcomes: &[Outcome]) -> Findings {
        let mut findings = Findings::default();
        outcomes.iter().for_each(|&outcome| findings.add(&RULE, outcome, "", "", ""));
        findings
    }

    #[test]
    fn the_worst_finding_decides_and_what_is_not_signed_is_never_valid() {
        use Outcome::{Fails, Holds, Malformed, Notice, Resource, Uncovered, Unknown};
        let of_file = |own: &[Outcome], signatures: &[&[Outcome]]| {
            let signatures = signatures.iter().map(|s| SignatureReport::new("1", "", "", findings(s)));
            Report::new(Format::Ofd, Subject::default(), signatures.collect(), findings(own)).verdict
        };
        for (own, signatures, verdict) in [
            (&[Holds, Notice][..], &[&[Holds][..]][..], Verdict::Valid),
            (&[], &[&[Holds], &[Unknown]], Verdict::Indeterminate),
            (&[Unknown], &[&[Holds, Uncovered]], Verdict::Partial),
            (&[], &[], Verdict::NotSigned),
            (&[Unknown, Uncovered], &[], Verdict::NotSigned),
            (&[Fails], &[], Verdict::Invalid),
            (&[Holds], &[&[Uncovered], &[Fails]], Verdict::Invalid),
            (&[Fails], &[&[Resource]], Verdict::Resource),
            (&[Malformed], &[&[Resource], &[Fails]], Verdict::Malformed),
        ] {
            assert_eq!(of_file(own, signatures), verdict, "{own:?} {signatures:?}");
        }
    }
}
