//! The six facts of a signature: what holds, one by one.

use serde::Serialize;

use super::finding::{Finding, Outcome};
use super::rule::Aspect;

/// Whether a fact holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// It does.
    Holds,
    /// It does not.
    Fails,
    /// Nobody here can tell.
    Unknown,
    /// Nothing of this signature says anything about it: a plain PDF signature has no seal.
    #[default]
    NotApplicable,
}

/// What is known of one signature.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Facts {
    /// Every covered part is as it was signed.
    pub intact: Fact,
    /// The signer's key signed it.
    pub signature: Fact,
    /// The seal is genuine, in force, and the signer's to use.
    pub seal: Fact,
    /// The signer's certificate leads to a given root, and is not revoked.
    pub trust: Fact,
    /// The time of signing is proven by a timestamp, and not only claimed.
    pub time: Fact,
    /// The whole document is signed.
    pub coverage: Fact,
}

impl Facts {
    /// What follows from a signature's findings.
    pub fn of(findings: &[Finding]) -> Facts {
        let fact = |aspect| {
            let outcomes = || findings.iter().filter(|f| f.rule.fact == aspect).map(|f| f.outcome);
            let any = |of: &[Outcome]| outcomes().any(|outcome| of.contains(&outcome));
            if any(&[Outcome::Fails, Outcome::Uncovered, Outcome::Malformed]) {
                Fact::Fails
            } else if any(&[Outcome::Unknown, Outcome::Resource]) {
                Fact::Unknown
            } else if any(&[Outcome::Holds, Outcome::Notice]) {
                Fact::Holds
            } else {
                Fact::NotApplicable
            }
        };
        Facts {
            intact: fact(Aspect::Intact),
            signature: fact(Aspect::Signature),
            seal: fact(Aspect::Seal),
            trust: fact(Aspect::Trust),
            time: fact(Aspect::Time),
            coverage: fact(Aspect::Coverage),
        }
    }
}
