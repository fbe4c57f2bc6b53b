//! The OFD writer (GB/T 33190-2016): pages become parts, parts become a package, a package takes a seal.
//!
//! In: [`crate::page::Master`] once, then a [`crate::page::Document`] a record. Out: the package's bytes, or, for sealing, the
//! digest that a signer needs and a place for its answer: [`Base`] → [`Unsealed`] → [`Digested`] → [`Signed`] → bytes, or [`Digested`]
//! again for another seal.
//! Invariant: what the layout alone determines is serialised, deflated and digested once, in [`Base::new`]; the same input gives the
//! same bytes.
//!
//! A file for each part of a package: `entry` OFD.xml, `document` Document.xml, `content` the pages and templates with
//! their `text`, `outline` and `picture` objects, `res` the resource files, `attachments`, `tags`, `signature`, `signed`.
//! `package` names them, `archive` holds them together, `xml` spells them.

mod archive;
mod attachments;
mod base;
mod content;
mod document;
mod entry;
mod error;
mod font;
mod outline;
mod package;
mod picture;
pub mod read;
mod res;
mod signature;
mod signed;
mod tags;
mod text;
mod unsealed;
mod xml;

pub use base::Base;
pub use error::WriteError;
pub use package::PackagePath;
pub use signature::{Digested, Provider, SignatureRequest};
pub use signed::Signed;
pub use unsealed::Unsealed;

/// The namespace of every element that the standard defines (annex A).
const NAMESPACE: &str = "http://www.ofdspec.org/2016";

/// The one counter behind all object and resource IDs of a document (ST_ID).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Ids(u32);

impl Ids {
    /// The next unused ID; the first is 1.
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }

    /// The largest ID given out: MaxUnitID.
    fn max(self) -> u32 {
        self.0
    }
}
