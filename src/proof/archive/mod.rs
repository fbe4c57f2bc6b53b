//! Whether what is written stays fit for archives: OFD-A (GB/T 42133-2022) and PDF/A-3 (ISO 19005-3).
//!
//! In: the bytes of a file. Out: for each [`Rule`] that it breaks, how. The rules look at the finished file, with readers that share
//! nothing with the writers.
//! Invariant: silence means that these rules hold, not that the standards do: `tests/strangers` has `page-validation` judge all of
//! PDF/A-3b, which is too large a dependency for the command.

mod ofd;
mod pdf;

pub use ofd::ofd;
pub use pdf::pdf;

/// Something that archives ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Short and stable: `archive.ofd.fonts`.
    pub id: &'static str,
    /// What must hold.
    pub says: &'static str,
}

/// A rule that a file breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which rule.
    pub rule: Rule,
    /// What was found, and where.
    pub found: String,
}

/// All rules, those of OFD first.
pub fn rules() -> impl Iterator<Item = Rule> {
    ofd::RULES.iter().map(|(rule, _)| *rule).chain(pdf::RULES.iter().map(|(rule, _)| *rule))
}

#[cfg(test)]
mod tests;
