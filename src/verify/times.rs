//! When a signature was made: as its signer claims, and as a timestamp proves.

use der::DateTime;

use crate::crypto::trust::SigningTime;

/// What is known of the time of signing.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Times {
    /// As the signer claims.
    pub(super) claimed: Option<DateTime>,
    /// As a timestamp proves.
    pub(super) proven: Option<DateTime>,
}

impl Times {
    /// The time that counts: the proven one, else the claimed one.
    pub(super) fn known(&self) -> Option<DateTime> {
        self.proven.or(self.claimed)
    }

    /// How certificates are judged.
    pub(super) fn signing_time(&self, now: DateTime) -> SigningTime {
        match (self.proven, self.claimed) {
            (Some(at), _) => SigningTime::Proven(at),
            (None, claimed) => SigningTime::Claimed { at: claimed.unwrap_or(now), now },
        }
    }
}
