//! Whether QR marks have room to spare.

use super::survey::{Measure, Seen};
use crate::layout::{PlacedKind, Placement};
use crate::mark::{self, SMALLEST_MODULE_MM};

/// A mark that is fuller than this may not hold the next record.
const FULL: f64 = 0.9;

/// Says so of a mark that is nearly as full as its size allows.
pub(super) fn look(placement: &Placement) -> Option<Seen<'_>> {
    let PlacedKind::Mark(facts) = placement.kind else { return None };
    let room = mark::capacity(facts.side, facts.level);
    let full = facts.bits as f64 / room.max(1) as f64;
    let told = format!(
        "{} bits of {room} at level {} in {}mm; modules of {}mm, the least is {SMALLEST_MODULE_MM}",
        facts.bits,
        facts.level,
        facts.side.fmt_mm(),
        facts.module.fmt_mm()
    );
    (full > FULL).then_some(Seen {
        rule: "mark-nearly-full",
        placement,
        other: None,
        measure: Measure { worse: full, told },
    })
}
