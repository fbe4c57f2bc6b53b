//! The fit ladder: from the author's rungs to the mildest change that fits.
//!
//! In: the rungs and a trial that sets the text at a [`Scale`]. Out: the first scale, mildest first, whose trial succeeds.
//! Invariant: no rung is used before those named earlier have been tried without it.

use super::{FitLadder, Rung};
use crate::unit::Length;

/// Steps from full size to none: text is narrowed and shrunk by half per cents.
const STEPS: f64 = 200.0;

/// What is done to a text to make it fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Horizontal scale of the characters.
    pub(crate) condense: f64,
    /// Set size over asked size.
    pub(crate) size: f64,
    /// Whether lines may break.
    pub(crate) wrap: bool,
}

/// Climbs `ladder` for a text whose largest size is `size`. The error is that of the last trial.
pub(crate) fn climb<T, E>(
    ladder: &FitLadder,
    size: Length,
    mut trial: impl FnMut(Scale) -> Result<T, E>,
) -> Result<(Scale, T), E> {
    let unchanged = Scale { condense: 1.0, size: 1.0, wrap: false };
    let mut failure = match trial(unchanged) {
        Ok(set) => return Ok((unchanged, set)),
        Err(e) => e,
    };
    for count in 1..=ladder.rungs.len() {
        let rungs = &ladder.rungs[..count];
        let mut scale = Scale { wrap: rungs.contains(&Rung::Wrap), ..unchanged };
        if scale.wrap {
            match trial(scale) {
                Ok(set) => return Ok((scale, set)),
                Err(e) => failure = e,
            }
        }
        for rung in rungs {
            let (limit, apply): (f64, fn(&mut Scale) -> &mut f64) = match *rung {
                Rung::Condense(narrowest) => (narrowest, |s| &mut s.condense),
                Rung::Shrink(floor) => (floor.ratio(size), |s| &mut s.size),
                Rung::Wrap => continue,
            };
            // A limit that asks for nothing, or makes no sense, changes nothing.
            if !(0.05..1.0).contains(&limit) {
                continue;
            }
            *apply(&mut scale) = limit;
            match trial(scale) {
                Ok(set) => return Ok(mildest(scale, set, limit, apply, trial)),
                Err(e) => failure = e,
            }
        }
    }
    Err(failure)
}

/// The largest step between `limit` and 1 that fits, given that `limit` does.
fn mildest<T, E>(
    mut scale: Scale,
    mut set: T,
    limit: f64,
    apply: fn(&mut Scale) -> &mut f64,
    mut trial: impl FnMut(Scale) -> Result<T, E>,
) -> (Scale, T) {
    // Steps down from 1: `low` does not fit, `high` does.
    let (mut low, mut high) = (0, ((1.0 - limit) * STEPS).ceil() as u32);
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        let mut tried = scale;
        *apply(&mut tried) = 1.0 - f64::from(middle) / STEPS;
        match trial(tried) {
            Ok(fits) => (high, scale, set) = (middle, tried, fits),
            Err(_) => low = middle,
        }
    }
    (scale, set)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line as long as `needed` measures, that wraps into lines of which two fit.
    fn climbed(rungs: &[Rung], needed: f64) -> Option<(f64, f64, bool)> {
        let fits = |s: Scale| {
            let width = needed * s.condense * s.size;
            if width <= if s.wrap { 2.0 } else { 1.0 } { Ok(()) } else { Err(()) }
        };
        climb(&FitLadder::new(rungs), Length::pt(10.0), fits).ok().map(|(s, ())| (s.condense, s.size, s.wrap))
    }

    #[test]
    fn the_mildest_change_of_the_earliest_rung_is_taken() {
        let (condense, shrink, wrap) = (Rung::Condense(0.8), Rung::Shrink(Length::pt(8.0)), Rung::Wrap);
        let cases = [
            (&[] as &[Rung], 1.0, Some((1.0, 1.0, false))),
            (&[], 1.1, None),
            (&[condense, shrink], 1.1, Some((0.905, 1.0, false))),
            (&[shrink, condense], 1.1, Some((1.0, 0.905, false))),
            (&[condense, shrink], 1.25, Some((0.8, 1.0, false))),
            (&[condense, shrink], 1.5, Some((0.8, 0.83, false))),
            (&[condense, shrink], 1.6, None),
            (&[wrap, shrink], 1.1, Some((1.0, 1.0, true))),
            (&[wrap, shrink], 2.2, Some((1.0, 0.905, true))),
            (&[shrink, wrap], 1.1, Some((1.0, 0.905, false))),
            (&[shrink, wrap], 1.5, Some((1.0, 1.0, true))),
            (&[shrink, wrap], 2.2, Some((1.0, 0.905, true))),
        ];
        for (rungs, needed, expected) in cases {
            assert_eq!(climbed(rungs, needed), expected, "{rungs:?} {needed}");
        }
    }

    #[test]
    fn a_senseless_limit_changes_nothing() {
        for limit in [f64::NAN, 0.0, -1.0, 1.0, 2.0] {
            assert_eq!(climbed(&[Rung::Condense(limit)], 1.1), None);
        }
        assert_eq!(climbed(&[Rung::Shrink(Length::pt(12.0))], 1.1), None);
    }
}
