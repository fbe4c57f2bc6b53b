//! What verification is asked to assume: the moment, whom to trust, and how much a file may ask for.

use crate::ofd::read::Limits;
use crate::page::Timestamp;

/// How files are verified. Built once, shared by all threads.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The moment that counts as now.
    pub at: Timestamp,
    /// The most that a file may ask for.
    pub limits: Limits,
}

impl Policy {
    /// Verifies as of `at`, trusting nobody: at best, files are INDETERMINATE.
    pub fn new(at: Timestamp) -> Policy {
        Policy { at, limits: Limits::default() }
    }

    /// With other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Policy {
        self.limits = limits;
        self
    }
}
