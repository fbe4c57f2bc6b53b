//! The times that a chain is judged by, and how far each could move without another answer.
//!
//! Invariant: no rule compares times but through a clock, so that an answer may be kept for all times between its bounds.

use std::cell::Cell;

use der::DateTime;

use super::SigningTime;

/// One time, with the span in which every comparison so far has the same answer. Seconds since 1970.
#[derive(Clone, Debug)]
pub(super) struct Clock {
    time: u64,
    span: Cell<(u64, u64)>,
}

impl Clock {
    fn new(time: DateTime) -> Clock {
        Clock { time: seconds(time), span: Cell::new((0, u64::MAX)) }
    }

    /// Whether it is `moment` or later.
    pub(super) fn has_reached(&self, moment: DateTime) -> bool {
        self.is_from(seconds(moment))
    }

    /// Whether it is later than `moment`.
    pub(super) fn has_passed(&self, moment: DateTime) -> bool {
        self.is_from(seconds(moment) + 1)
    }

    fn is_from(&self, moment: u64) -> bool {
        let (from, until) = self.span.get();
        let reached = self.time >= moment;
        self.span.set(if reached { (from.max(moment), until) } else { (from, until.min(moment)) });
        reached
    }

    /// Whether the answers that this clock saw are those for `other`'s time too.
    fn includes(&self, other: &Clock) -> bool {
        let (from, until) = self.span.get();
        (from..until).contains(&other.time)
    }
}

fn seconds(time: DateTime) -> u64 {
    time.unix_duration().as_secs()
}

/// The times of one question.
#[derive(Clone, Debug)]
pub(super) struct Clocks {
    /// The time of signing, proven or claimed.
    pub(super) signing: Clock,
    /// The time of verification; `None` where the time of signing is proven, and this one does not matter.
    pub(super) now: Option<Clock>,
}

impl Clocks {
    pub(super) fn new(time: SigningTime) -> Clocks {
        match time {
            SigningTime::Proven(at) => Clocks { signing: Clock::new(at), now: None },
            SigningTime::Claimed { at, now } => {
                Clocks { signing: Clock::new(at), now: Some(Clock::new(now)) }
            }
        }
    }

    /// Whether an answer with these clocks is the answer to `other` too.
    pub(super) fn include(&self, other: &Clocks) -> bool {
        self.signing.includes(&other.signing)
            && match (&self.now, &other.now) {
                (Some(now), Some(other)) => now.includes(other),
                (None, None) => true,
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_holds_between_the_moments_that_were_asked_about() {
        let at = |second| DateTime::new(2026, 1, 1, 0, 0, second).unwrap();
        let clock = Clock::new(at(10));
        assert!(clock.has_reached(at(5)) && clock.has_reached(at(10)) && !clock.has_reached(at(20)));
        assert!(clock.has_passed(at(9)) && !clock.has_passed(at(10)) && !clock.has_passed(at(15)));
        let included: Vec<u8> = (0..30).filter(|&s| clock.includes(&Clock::new(at(s)))).collect();
        assert_eq!(included, [10]);
        let clock = Clock::new(at(10));
        assert!(clock.has_reached(at(5)) && !clock.has_passed(at(20)));
        let included: Vec<u8> = (0..30).filter(|&s| clock.includes(&Clock::new(at(s)))).collect();
        assert_eq!(included, (5..=20).collect::<Vec<_>>());
    }
}
