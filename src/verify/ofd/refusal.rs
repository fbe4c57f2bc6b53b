//! What keeps a package from being read, as a finding.

use super::super::finding::{Findings, Outcome};
use super::super::rules;
use crate::ofd::read::ReadError;

/// Tells why: MALFORMED, RESOURCE, or, for a part that is named and not there, INVALID.
pub(super) fn tell(error: &ReadError, findings: &mut Findings) {
    let (rule, outcome, place) = match error {
        ReadError::Container { entry, .. } => (&rules::container::RULE, Outcome::Malformed, entry),
        ReadError::Limit { entry, .. } => (&rules::limits::RULE, Outcome::Resource, entry),
        ReadError::Missing { part, .. } => (&rules::structure::RULE, Outcome::Fails, part),
        // The structure itself asks for what is not read here: several documents, of which readers show one or another.
        ReadError::Malformed { part, .. } | ReadError::Unsupported { part, .. } => {
            (&rules::structure::RULE, Outcome::Malformed, part)
        }
    };
    findings.add(rule, outcome, place, error.to_string(), "");
}
