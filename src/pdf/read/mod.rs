//! The PDF reader (ISO 32000-1 and 32000-2): a file's bytes become objects, objects become what the document says, shows and signs.
//!
//! In: the bytes of a PDF, from anyone. Out: [`File`] with its revisions, a [`View`] for each, and from that [`fields`], [`signatures`],
//! [`document`](fn@document).
//! Invariant: no input panics, takes more memory than the [`Limits`] say, or more time than its size deserves. A file that two readers could
//! take for two documents is refused. The reader shares no code with the writer, so that no mistake of the writer can hide itself.
//!
//! `lexer`, `object`, `filter`, `xref` and `body` read the file's structure, [`File`] puts it together; then a file for each thing that a
//! document has.

mod body;
mod budget;
mod content;
mod document;
mod error;
mod fields;
mod file;
mod filter;
mod lexer;
mod limits;
mod object;
mod signature;
mod string;
mod tally;
mod to_unicode;
mod xmp;
mod xref;

pub use content::Sheet;
pub use document::{AttachedFile, Document, attached, attached_names, catalog, document, pages, sheet, xmp};
pub use error::{Flaw, ReadError};
pub use fields::{Field, fields, form};
pub use file::{File, Revision, View};
pub use limits::Limits;
pub use object::{Dictionary, Id, Object, Stream};
pub use signature::{Signature, signature, signatures};
pub use string::{date, text};
pub use tally::{PageTally, tally};
pub use xmp::Xmp;
