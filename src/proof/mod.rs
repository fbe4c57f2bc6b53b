//! Proofs, as printers call them: a layout with some records is set and looked at before anything is issued.
//!
//! In: a layout ([`compile`] tells its mistakes), and records. Out: [`Finding`]s, gathered over all records by [`Survey`]; boxes and
//! baselines to lay over a page ([`overlay`]); many pages on one ([`sheet`]); whether what is written stays fit for archives
//! ([`archive`]).
//! Invariant: what is judged is what is painted: ink is measured on the outlines that the files embed.

pub mod archive;
pub mod overlay;
pub mod sheet;

mod common;
mod finding;
mod ink;
mod marks;
mod mistakes;
mod proofreader;
mod space;
mod survey;
mod unknown;
mod words;

pub use finding::{Finding, Tally};
pub use mistakes::{Mistakes, compile};
pub use survey::Survey;

#[cfg(test)]
mod tests;
