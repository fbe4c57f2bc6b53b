//! Whose seals: a layout names roles, and each gets a sealer.

use std::collections::BTreeMap;

use super::Sealer;

/// Sealers by role: what `role` says of each `<seal>` in a layout, `issuer` where it says nothing.
#[derive(Clone, Debug, Default)]
pub struct Seals {
    by_role: BTreeMap<String, Sealer>,
}

impl Seals {
    /// No seal yet.
    pub fn new() -> Seals {
        Seals::default()
    }

    /// These and `sealer`, for `role`; one that was there for it before is replaced.
    pub fn with(mut self, role: impl Into<String>, sealer: Sealer) -> Seals {
        self.by_role.insert(role.into(), sealer);
        self
    }

    /// The sealer for `role`.
    pub fn get(&self, role: &str) -> Option<&Sealer> {
        self.by_role.get(role)
    }

    /// The roles that have one, in alphabetical order.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.by_role.keys().map(String::as_str)
    }
}
