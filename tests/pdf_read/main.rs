//! The PDF reader and the rules over it: on what certpress writes, on what others signed, and on what nobody should write.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod builder;
mod sealed;
mod shadow;
mod strangers;
mod structure;
mod values;
