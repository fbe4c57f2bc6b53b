//! The OFD writer (GB/T 33190-2016): pages become parts, parts become a package, a package takes a seal.
//!
//! In: [`crate::page::Master`] once, then a [`crate::page::Document`] a record. Out: the package's bytes, or, for sealing, the
//! digest that a signer needs and a place for its answer: [`Base`] → [`Unsealed`] → [`Digested`] → bytes.
//! Invariant: what the layout alone determines is serialised, deflated and digested once, in [`Base::new`]; the same input gives the
//! same bytes.

mod error;
mod package;
mod signature;
mod write;

pub use error::WriteError;
pub use package::PackagePath;
pub use signature::{Digested, Provider, SignatureRequest, Stamp};
pub use write::{Base, Unsealed};
