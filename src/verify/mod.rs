//! Verification: facts about a document, not one yes or no. A bad signature is an answer and no error.
//!
//! In: the bytes of an OFD or a PDF, and a [`Policy`]: the moment, whom to trust, how much to give. Out: a [`Report`]: a [`Verdict`], the
//! six [`Facts`] of each signature, and one [`Finding`] for each [`Rule`] and place.
//! Invariant: only readers and [`crypto`](crate::crypto) are used, never a writer, so that a writer's mistake cannot hide itself; the
//! answer depends on the bytes and the policy alone; no input panics.
//!
//! One rule a file, under `rules/`; [`rules()`] lists them, and `docs/verification.md` explains them.

mod content;
mod facts;
mod finding;
mod mark;
mod ofd;
mod pdf;
mod policy;
mod report;
mod rule;
mod rules;
mod ses;
mod times;
mod verdict;

pub use content::{Contents, FoundMark, contents};
pub use facts::{Fact, Facts};
pub use finding::{Finding, Outcome};
pub use mark::{MarkClaims, MarkReport, mark};
pub use ofd::{SealedBy, seals};
pub use policy::Policy;
pub use report::{Format, Mark, Report, SealSummary, SignatureReport, Subject};
pub use rule::{Aspect, Rule};
pub use verdict::Verdict;

/// Verifies an OFD or a PDF, told apart by its first bytes; anything else is MALFORMED.
pub fn file(bytes: &[u8], policy: &Policy) -> Report {
    if bytes.starts_with(b"PK") {
        return ofd(bytes, policy);
    }
    // ISO 32000-2, 7.5.2: the header is the first line; readers look for it in the first 1024 bytes.
    if bytes.get(..1024.min(bytes.len())).is_some_and(|head| head.windows(5).any(|w| w == b"%PDF-")) {
        return pdf(bytes, policy);
    }
    rules::file_format::neither(bytes)
}

/// The report about a file of more than `limit` bytes, for callers that do not even read it.
pub fn too_large(limit: u64) -> Report {
    rules::limits::too_large(limit)
}

/// Verifies an OFD.
pub fn ofd(bytes: &[u8], policy: &Policy) -> Report {
    ofd::verify(bytes, policy)
}

/// Verifies a PDF.
pub fn pdf(bytes: &[u8], policy: &Policy) -> Report {
    pdf::verify(bytes, policy)
}

/// Every rule, in the order of asking.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().chain(pdf::RULES).copied()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    #[test]
    fn the_document_has_every_rule_as_it_stands_here() {
        let mut table = String::from("| rule | feeds | asks | 要求 | clause |\n|---|---|---|---|---|\n");
        for rule in super::rules() {
            let fact = serde_json::to_value(rule.fact).unwrap();
            let fact = fact.as_str().unwrap();
            let _ =
                writeln!(table, "| `{}` | {fact} | {} | {} | {} |", rule.id, rule.en, rule.zh, rule.clause);
        }
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verification.md");
        let document = std::fs::read_to_string(path).unwrap();
        assert!(document.contains(&table), "docs/verification.md lacks this table:\n{table}");
    }
}
