//! Compiling: a checked layout becomes a [`Program`](program::Program).
//!
//! In: the syntax trees of `template`, and the faces. Out: everything decided that no record can change, or every mistake at once.
//! Invariant: a program never fails for a reason that the layout alone explains.

pub mod content;
pub mod program;
pub mod scope;
