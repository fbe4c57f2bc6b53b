//! What verification is asked to assume: the moment, whom to trust, and how much a file may ask for.

use std::time::Duration;

use der::DateTime;

use crate::crypto::trust::Trust;
use crate::ofd::read::{Earlier, Limits};
use crate::page::Timestamp;

/// How files are verified. Built once, shared by all threads.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The moment that counts as now.
    pub at: Timestamp,
    /// Whom to trust, and what was revoked. Remembers what it has judged, for all who share it.
    pub trust: Trust,
    /// The most that a file may ask for.
    pub limits: Limits,
    /// What files hold again and again, for all who share it.
    pub(super) earlier: Earlier,
}

impl Policy {
    /// Verifies as of `at`, trusting nobody: at best, files are INDETERMINATE.
    pub fn new(at: Timestamp) -> Policy {
        Policy { at, trust: Trust::empty(), limits: Limits::default(), earlier: Earlier::default() }
    }

    /// Trusting these roots.
    #[must_use]
    pub fn with_trust(mut self, trust: Trust) -> Policy {
        self.trust = trust;
        self
    }

    /// With other limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Policy {
        self.limits = limits;
        self
    }

    /// The moment in the terms of DER, which ends in 9999.
    pub(super) fn now(&self) -> DateTime {
        let since = Duration::from_secs(u64::try_from(self.at.seconds).unwrap_or(0));
        DateTime::from_unix_duration(since).unwrap_or(DateTime::INFINITY)
    }
}
