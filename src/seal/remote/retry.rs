//! How often a signer is asked again, and how soon.

use std::time::Duration;

use crate::crypto::sm3::Digest;

/// How often a signer is asked again, and how soon. The default: eight times within half a minute, after a tenth of a second, then twice as late each time
/// up to five seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    /// Most exchanges about one digest.
    pub attempts: u32,
    /// The pause after the first exchange that failed; it doubles with each further one.
    pub pause: Duration,
    /// The longest pause.
    pub longest: Duration,
    /// From the question to the answer, whatever happens in between.
    pub deadline: Duration,
}

impl Default for Retry {
    fn default() -> Retry {
        Retry {
            attempts: 8,
            pause: Duration::from_millis(100),
            longest: Duration::from_secs(5),
            deadline: Duration::from_secs(30),
        }
    }
}

impl Retry {
    /// The pause after the `failed`th exchange about `e`, from half the full one to all of it: callers that failed together do not come back
    /// together. Digests look random, so they are what is drawn from, and the same digest waits as long each time.
    pub(super) fn pause_after(&self, failed: u32, e: &Digest) -> Duration {
        let doubled = 2_u32.saturating_pow(failed.saturating_sub(1));
        let full = self.pause.saturating_mul(doubled).min(self.longest);
        let drawn = e[failed as usize % e.len()];
        full / 2 + full / 2 * u32::from(drawn) / 255
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_are_the_same_for_the_same_digest() {
        let retry = Retry {
            pause: Duration::from_millis(100),
            longest: Duration::from_millis(500),
            ..Retry::default()
        };
        let pauses =
            |byte: u8| [1, 2, 3, 4, 99].map(|failed| retry.pause_after(failed, &[byte; 32]).as_millis());
        assert_eq!(pauses(0), [50, 100, 200, 250, 250]);
        assert_eq!(pauses(255), [100, 200, 400, 500, 500]);
        assert_eq!(pauses(51), pauses(51));
    }
}
