//! The OFD reader on what certpress writes, on what others may write, and on what nobody should.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod certificate;
mod container;
mod content;
mod convert;
mod forged;
mod intact;
#[path = "../ofd_sample/mod.rs"]
mod ofd_sample;
mod pages;
mod parts;
mod round_trip;
#[path = "../title_record/mod.rs"]
mod title_record;
mod twins;
mod zip;
