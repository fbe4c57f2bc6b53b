//! The built program, called as a user calls it: arguments in; files, words and exit codes out.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

#[cfg(unix)]
mod batches;
mod bench;
mod catalogue;
mod check;
mod convert;
mod fonts;
mod id;
mod inspect;
mod new;
mod preview;
mod refusals;
mod reissue;
mod render;
mod schema;
mod seal;
mod shell;
#[cfg(unix)]
mod signals;
mod support;
mod verify;
mod verify_report;
