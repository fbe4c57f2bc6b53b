//! Spreading a line to the measure.
//!
//! In: a line's atoms and the room left. Out: how much of it goes before each atom.
//! Invariant: the shares are computed from the whole, so that the last atom ends exactly at the edge.

use super::Align;
use super::collect::{Atom, Kind};
use super::linebreak::Cut;
use super::shape::ScriptClass;
use crate::unit::Length;

/// The room of one line, spread over its gaps.
pub(crate) struct Spread {
    room: Length,
    gaps: i64,
    /// Inside words too, because there is nothing else.
    inside_words: bool,
}

impl Spread {
    /// Spreads `room` over `atoms` if `align` asks for that on a line like `cut`.
    pub(crate) fn new(align: Align, cut: &Cut, atoms: &[Atom], room: Length) -> Spread {
        let spread = match align {
            Align::Distribute => true,
            Align::Justify => !cut.last,
            Align::Start | Align::Center | Align::End => false,
        };
        let nothing = Spread { room: Length::ZERO, gaps: 0, inside_words: false };
        if !spread || room <= Length::ZERO {
            return nothing;
        }
        let count =
            |inside_words| atoms.windows(2).filter(|w| opens(&w[0], &w[1], inside_words)).count() as i64;
        match count(false) {
            0 if align == Align::Distribute => Spread { room, gaps: count(true), inside_words: true },
            gaps => Spread { room, gaps, inside_words: false },
        }
    }

    /// Whether the line reaches the edge.
    pub(crate) const fn fills(&self) -> bool {
        self.gaps > 0
    }

    /// How far each atom of the line moves to the right.
    pub(crate) fn shifts<'a>(&'a self, atoms: &'a [Atom]) -> impl Iterator<Item = Length> + 'a {
        let mut passed = 0;
        (0..atoms.len()).map(move |i| {
            if self.gaps == 0 {
                return Length::ZERO;
            }
            if i > 0 && opens(&atoms[i - 1], &atoms[i], self.inside_words) {
                passed += 1;
            }
            self.room * passed / self.gaps
        })
    }
}

/// Whether space may be added between `a` and `b`: not inside a Latin word, nor inside —— and ……, and once at a space.
fn opens(a: &Atom, b: &Atom, inside_words: bool) -> bool {
    let word = |atom: &Atom| atom.script != ScriptClass::Han && atom.kind != Kind::Space;
    match (a.kind, b.kind) {
        (_, Kind::Space) | (Kind::Joint, Kind::Joint) => false,
        _ => inside_words || !(word(a) && word(b)),
    }
}
