//! Verification: facts about a document, not one yes or no. A bad signature is an answer and no error.
//!
//! In: packages as [`ofd::read`](crate::ofd::read) opened them. Out: what holds and what does not, part by part.
//! Invariant: only readers and [`crypto`](crate::crypto) are used, never a writer, so that a writer's mistake cannot hide itself.
//!
//! One rule a file: [`intact`] asks whether the bytes are those that were sealed, [`agreement`] whether the document says the same everywhere. Whom to trust is not asked here.

mod agreement;
mod intact;

pub use agreement::{Agreement, Disagreement, FoundMark, Place, agreement};
pub use intact::{Fault, Integrity, intact};
