//! The OFD reader (GB/T 33190-2016): a package's bytes become parts, parts become what the document says and shows.
//!
//! In: the bytes of an OFD, from anyone. Out: [`Package`], and from it [`info`], [`attachments`], [`fields`], [`signatures`] and, page by
//! page, the whole [`document`](fn@document).
//! Invariant: no input panics, takes more memory than the [`Limits`] say, or more time than its size deserves. The reader shares types with
//! the writer and none of its code, so that no mistake of the writer can hide itself.
//!
//! `container` reads the ZIP, `package` inflates its parts, `xml` parses them; then a file for each part, as in the writer.

mod attachments;
mod body;
mod budget;
mod bytes;
mod container;
mod content;
mod document;
mod error;
mod fields;
mod font;
mod grounds;
mod inventory;
mod limits;
mod name;
mod notice;
mod outline;
mod package;
mod page_xml;
mod pages;
mod paint;
mod picture;
mod resources;
mod signatures;
mod text;
mod value;
mod xml;

pub use attachments::{AttachedFile, attachments};
pub use body::{DocInfo, info};
pub use container::{Entry, entries};
pub use error::{Flaw, ReadError};
pub use fields::{TaggedField, TaggedObject, fields};
pub use inventory::{Inventory, Objects, PageObjects, Resource, inventory, resources};
pub use limits::Limits;
pub use notice::Notice;
pub(crate) use package::Earlier;
pub use package::Package;
pub use pages::{document, page_count};
pub use signatures::{Reference, Signature, SignatureEntry, StampAnnot, each_signature, signatures};
