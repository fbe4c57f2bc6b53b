//! Seals from outside: documents sealed, folders written and opened, seals described, and what must be refused.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod describe;
mod documents;
mod folder;
mod remote;
mod roles;
mod sample;
mod signers;
mod timestamps;
