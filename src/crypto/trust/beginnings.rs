//! SM3 of messages that begin as earlier ones did: a seal inside the values that it signs, the static objects of a layout's PDFs.
//!
//! In: a message in pieces. Out: its digest. Invariant: as many bytes as are found in an earlier message, each of them compared, enter by the
//! state that they left there; all others are digested. Number and size are bounded.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::cache::lock;
use crate::crypto::sm3::{Digest, Sm3};

/// Bytes between two states that are kept.
const STEP: usize = 1024;
/// Most bytes of one message that are kept.
const LONGEST: usize = 256 << 10;
/// Most messages.
const MESSAGES: usize = 32;
/// A message is kept if less than such a part of it begins another one.
const PART: usize = 8;

/// The beginnings of earlier messages.
#[derive(Default)]
pub(super) struct Beginnings {
    known: Mutex<Vec<Arc<Beginning>>>,
    /// Counts the questions.
    clock: AtomicU64,
}

/// How a message begins.
struct Beginning {
    /// A whole number of steps.
    bytes: Vec<u8>,
    /// The state after each step.
    states: Vec<Sm3>,
    /// When it was last asked for.
    used: AtomicU64,
}

impl Beginnings {
    /// The SM3 of `pieces`, one after the other.
    pub(super) fn digest(&self, pieces: &[&[u8]]) -> Digest {
        let now = self.clock.fetch_add(1, Ordering::Relaxed);
        let len: usize = pieces.iter().map(|piece| piece.len()).sum();
        let known: Vec<Arc<Beginning>> = lock(&self.known).clone();
        let best = known.iter().map(|known| (known.steps_of(pieces), known)).max_by_key(|(steps, _)| *steps);
        let (steps, state) = match best {
            Some((steps @ 1.., known)) => {
                known.used.store(now, Ordering::Relaxed);
                (steps, known.states[steps - 1].clone())
            }
            _ => (0, Sm3::new()),
        };
        if steps * STEP >= len / PART || len < STEP {
            return finish(state, pieces, steps * STEP);
        }
        let (beginning, state) = Beginning::new(pieces, now);
        let done = beginning.bytes.len();
        let mut known = lock(&self.known);
        if known.len() >= MESSAGES {
            let oldest = (0..known.len()).min_by_key(|&i| known[i].used.load(Ordering::Relaxed));
            oldest.map(|oldest| known.swap_remove(oldest));
        }
        known.push(Arc::new(beginning));
        drop(known);
        finish(state, pieces, done)
    }
}

impl Beginning {
    /// Digests whole steps of a message, and keeps them; with the state after the last.
    fn new(pieces: &[&[u8]], used: u64) -> (Beginning, Sm3) {
        let mut bytes: Vec<u8> = Vec::new();
        for piece in pieces {
            let room = LONGEST - bytes.len();
            bytes.extend_from_slice(&piece[..piece.len().min(room)]);
        }
        bytes.truncate(bytes.len() / STEP * STEP);
        let mut state = Sm3::new();
        let digested = bytes.chunks_exact(STEP).map(|step| {
            state.update(step);
            state.clone()
        });
        let states = digested.collect();
        (Beginning { bytes, states, used: AtomicU64::new(used) }, state)
    }

    /// How many whole steps `pieces` begin with in the same way.
    fn steps_of(&self, pieces: &[&[u8]]) -> usize {
        let mut at = 0;
        for piece in pieces {
            let rest = &self.bytes[at..];
            let pairs = rest.chunks(STEP).zip(piece.chunks(STEP));
            // The last chunks may differ in length alone.
            let same: usize = pairs
                .map(|(a, b)| (a.len().min(b.len()), a, b))
                .take_while(|(len, a, b)| a[..*len] == b[..*len])
                .map(|(len, ..)| len)
                .sum();
            at += same;
            if same < piece.len() {
                break;
            }
        }
        at / STEP
    }
}

/// Digests what of `pieces` comes after `done` bytes.
fn finish(mut state: Sm3, pieces: &[&[u8]], mut done: usize) -> Digest {
    for piece in pieces {
        state.update(piece.get(done..).unwrap_or_default());
        done = done.saturating_sub(piece.len());
    }
    state.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::sm3;

    /// A message of `len` bytes, all alike up to `differs`.
    fn message(len: usize, differs: usize, by: u8) -> Vec<u8> {
        (0..len).map(|i| (i % 251) as u8 ^ if i >= differs { by } else { 0 }).collect()
    }

    #[test]
    fn digests_are_those_of_sm3_wherever_messages_part_and_however_they_are_cut() {
        let beginnings = Beginnings::default();
        for len in [0, 1, 63, STEP - 1, STEP, STEP + 1, 5 * STEP, 20 * STEP + 77] {
            for differs in [0, 1, 31, STEP - 1, STEP, 3 * STEP + 5, 20 * STEP] {
                let message = message(len, differs, (differs % 5) as u8 + 1);
                for cut in [0, 32, len / 3, len / 2, len] {
                    let (a, b) = message.split_at(cut.min(len));
                    let (b, c) = b.split_at(b.len() / 2);
                    assert_eq!(beginnings.digest(&[a, b, c]), sm3::digest(&message), "{len} {differs} {cut}");
                }
            }
        }
    }

    #[test]
    fn memory_is_bounded_and_what_is_used_stays() {
        let beginnings = Beginnings::default();
        let kept = message(4 * STEP, 0, 0);
        let long = message(LONGEST + 3 * STEP, 0, 9);
        assert_eq!(beginnings.digest(&[&long]), sm3::digest(&long));
        for i in 1..=100 {
            beginnings.digest(&[&kept]);
            beginnings.digest(&[&message(2 * STEP, 0, 100 + i)]);
        }
        let known = lock(&beginnings.known);
        assert_eq!(known.len(), MESSAGES);
        assert!(known.iter().any(|known| known.bytes == kept));
        assert!(known.iter().all(|known| known.bytes.len() <= LONGEST));
    }
}
