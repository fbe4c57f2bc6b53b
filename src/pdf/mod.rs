//! The PDF writer (ISO 32000-1, within PDF/A-3b, ISO 19005-3): pages become objects, objects become one revision of a file.
//!
//! In: [`crate::page::Master`] once, then a [`crate::page::Document`] a record. Out: the file's bytes, or, for sealing, the digest that a
//! signer needs and a place for its answer: [`Base`] → [`Unsealed`] → [`Digested`] → [`Signed`] → bytes, or [`Digested`] again for another
//! seal.
//! Invariant: what the layout alone determines is serialised, deflated and hashed once, in [`Base::new`], and every file begins with these
//! very bytes; the same input gives the same bytes.

mod attachment;
mod base;
mod content;
mod entries;
mod error;
mod field;
mod font;
mod icc;
mod image;
mod metadata;
mod object;
pub mod read;
mod signature;
mod signed;
mod structure;
mod unsealed;

pub use base::Base;
pub use error::{ImageError, PdfError};
pub use signature::{Digested, SignatureRequest, SubFilter};
pub use signed::Signed;
pub use unsealed::Unsealed;
