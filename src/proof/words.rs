//! How words were set: what the fit ladder had to do, and which faces lacked characters.
//!
//! In: a placement with words. Out: [`Seen`]s. What a ladder allows is no fault: a few long names are what it is for.

use std::fmt::Write as _;

use super::survey::{Measure, Seen};
use crate::layout::{Placement, SetWords};
use crate::text::Fonts;
use crate::unit::Length;

/// Below this, print on paper is hard to read.
const SMALLEST: Length = Length::from_raw(6 * 127_000);
/// Of the room that a ladder leaves, so little is none.
const RESERVE: f64 = 0.05;

/// What there is to say about the words of `placement`.
pub(super) fn look<'a>(placement: &'a Placement, fonts: &Fonts) -> Vec<Seen<'a>> {
    let Some(words) = &placement.words else { return Vec::new() };
    let mut seen = Vec::new();
    if let Some(part) = spent(words) {
        let rule = if part > 1.0 - RESERVE && !words.may_wrap { "fit-exhausted" } else { "fitted" };
        seen.push(Seen {
            rule,
            placement,
            other: None,
            measure: Measure { worse: part, told: steps(words) },
        });
    }
    let set = words.size.scale(words.size_factor);
    if set < SMALLEST && !words.quote.trim().is_empty() {
        let told = format!("“{}” at {}pt", words.quote, set.fmt_pt());
        seen.push(Seen {
            rule: "small-print",
            placement,
            other: None,
            measure: Measure { worse: SMALLEST.ratio(set), told },
        });
    }
    if !words.foreign.is_empty() {
        seen.push(Seen { rule: "other-face", placement, other: None, measure: foreign(words, fonts) });
    }
    seen
}

/// How much of what its ladder allows was spent, 0 to 1; `None` if nothing was.
fn spent(words: &SetWords) -> Option<f64> {
    let part = |used: f64, least: f64| if least < 1.0 { Some((1.0 - used) / (1.0 - least)) } else { None };
    let parts =
        [part(words.condense, words.least_condense), part(words.size_factor, words.least_size_factor)];
    let spent: Vec<f64> = parts.into_iter().flatten().collect();
    let total: f64 = spent.iter().sum();
    // The rungs add up: the ladder is at its end where all are.
    (total > 0.0).then(|| total / spent.len() as f64)
}

/// What was done, in words.
fn steps(words: &SetWords) -> String {
    let mut told = format!("“{}”", words.quote);
    if words.condense < 1.0 {
        let _ = write!(told, " condensed to {:.0} %", words.condense * 100.0);
    }
    if words.size_factor < 1.0 {
        let (set, asked) = (words.size.scale(words.size_factor), words.size);
        let _ = write!(told, " shrunk from {} to {}pt", asked.fmt_pt(), set.fmt_pt());
    }
    told
}

fn foreign(words: &SetWords, fonts: &Fonts) -> Measure {
    let mut characters = words.foreign.clone();
    characters.sort_unstable_by_key(|(c, ..)| *c);
    characters.dedup();
    let mut told = Vec::new();
    for (c, asked, got) in characters.iter().take(5) {
        let (asked, got) = (fonts.face(*asked).name(), fonts.face(*got).name());
        told.push(format!("{c} (U+{:04X}) from {got}, not {asked}", *c as u32));
    }
    if characters.len() > told.len() {
        told.push(format!("{} more", characters.len() - told.len()));
    }
    Measure { worse: characters.len() as f64, told: told.join(", ") }
}
