//! The rules, one a file. Each file has its `RULE` and the function that finds out.
//!
//! In: what readers say. Out: findings. Invariant: every rule is in a table here or of [`pdf`](super::pdf), and in `docs/verification.md`.

pub(super) mod container;
pub(super) mod coverage;
pub(super) mod data_hash;
pub(super) mod description;
pub(super) mod entry;
pub(super) mod file_format;
pub(super) mod licence_cover;
pub(super) mod licence_face;
pub(super) mod licence_identifier;
pub(super) mod licence_link;
pub(super) mod licence_mark;
pub(super) mod licence_mark_signature;
pub(super) mod licence_metadata;
pub(super) mod licence_metadata_form;
pub(super) mod licence_record;
pub(super) mod licence_reissue;
pub(super) mod licence_standing;
pub(super) mod limits;
pub(super) mod mark_issuer;
pub(super) mod mark_payload;
pub(super) mod mark_validity;
pub(super) mod name_case;
pub(super) mod namespace;
pub(super) mod property_info;
pub(super) mod reference_digest;
pub(super) mod reference_method;
pub(super) mod seal_file;
pub(super) mod seal_maker;
pub(super) mod seal_signer;
pub(super) mod seal_timestamp;
pub(super) mod seal_validity;
pub(super) mod ses_version;
pub(super) mod signature_form;
pub(super) mod signature_value;
pub(super) mod signatures_list;
pub(super) mod signatures_order;
pub(super) mod signed_value;
pub(super) mod stamp;
pub(super) mod structure;
pub(super) mod time_claim;
pub(super) mod time_proof;
pub(super) mod trust_chain;
pub(super) mod trust_maker;
pub(super) mod trust_revocation;
pub(super) mod wrapping;

use super::rule::Rule;

/// The rules of any file, of an OFD, and of seals and certificates in either format, in the order of asking.
pub(super) const ALL: &[&Rule] = &[
    &file_format::RULE,
    &container::RULE,
    &limits::RULE,
    &structure::RULE,
    &name_case::RULE,
    &namespace::RULE,
    &signatures_list::RULE,
    &signatures_order::RULE,
    &description::RULE,
    &reference_method::RULE,
    &reference_digest::RULE,
    &coverage::RULE,
    &entry::RULE,
    &signed_value::RULE,
    &wrapping::RULE,
    &data_hash::RULE,
    &property_info::RULE,
    &seal_file::RULE,
    &stamp::RULE,
    &ses_version::RULE,
    &signature_value::RULE,
    &signature_form::RULE,
    &seal_maker::RULE,
    &seal_signer::RULE,
    &seal_validity::RULE,
    &seal_timestamp::RULE,
    &trust_chain::RULE,
    &trust_maker::RULE,
    &trust_revocation::RULE,
    &time_proof::RULE,
    &time_claim::RULE,
    &licence_record::RULE,
    &licence_metadata::RULE,
    &licence_metadata_form::RULE,
    &licence_identifier::RULE,
    &licence_link::RULE,
    &licence_standing::RULE,
    &licence_face::RULE,
    &licence_cover::RULE,
    &licence_mark::RULE,
    &licence_mark_signature::RULE,
    &licence_reissue::RULE,
    &mark_payload::RULE,
    &mark_issuer::RULE,
    &mark_validity::RULE,
];
