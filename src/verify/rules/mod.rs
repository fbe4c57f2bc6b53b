//! The rules, one a file. Each file has its `RULE` and the function that finds out.
//!
//! In: what readers say. Out: findings. Invariant: every rule is in a table here or of [`pdf`](super::pdf), and in `docs/verification.md`.

pub(super) mod container;
pub(super) mod coverage;
pub(super) mod data_hash;
pub(super) mod entry;
pub(super) mod file_format;
pub(super) mod limits;
pub(super) mod reference_digest;
pub(super) mod reference_method;
pub(super) mod signature_value;
pub(super) mod signed_value;
pub(super) mod structure;
pub(super) mod time_proof;
pub(super) mod trust_chain;

use super::rule::Rule;

/// The rules of any file, of an OFD, and of seals and certificates in either format.
pub(super) const ALL: &[&Rule] = &[
    &file_format::RULE,
    &container::RULE,
    &limits::RULE,
    &structure::RULE,
    &reference_method::RULE,
    &reference_digest::RULE,
    &data_hash::RULE,
    &coverage::RULE,
    &entry::RULE,
    &signed_value::RULE,
    &signature_value::RULE,
    &trust_chain::RULE,
    &time_proof::RULE,
];
