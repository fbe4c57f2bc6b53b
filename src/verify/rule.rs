//! A rule: what must hold of a signed document, and by which clause.

use serde::Serialize;

/// What must hold. Each stands in a file of its own under `rules/`.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Stable, for machines: `ofd.reference.digest`.
    #[serde(rename = "rule")]
    pub id: &'static str,
    /// Where it is written.
    pub clause: &'static str,
    /// Which fact it feeds.
    pub fact: Aspect,
    /// What must hold, in a sentence for a clerk, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

/// What a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Aspect {
    /// Whether the file can be read, and in one way only.
    Form,
    /// Whether every covered part is as it was signed.
    Intact,
    /// Whether the signer's key signed it.
    Signature,
    /// Whether the seal is genuine, in force, and the signer's to use.
    Seal,
    /// Whether the signer is whom the given roots vouch for, and not revoked.
    Trust,
    /// Whether the time of signing is proven.
    Time,
    /// Whether the whole document is signed.
    Coverage,
    /// Whether the certificate says the same everywhere.
    Content,
}
