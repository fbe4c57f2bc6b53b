//! Batches: a file of records in, certificates and an account of every record out.
//!
//! In: a [`Press`](crate::Press) or an [`Office`](crate::Office), records, a [`Sink`]. Out: files, `manifest.jsonl`, `catalogue.csv`, and a
//! [`Summary`].
//!
//! First all records are looked at once ([`Survey`]): how many there are, and which repeat a name or an identifier. Then the way of a record: the
//! caller's thread reads it and gives it a file name ([`name`]); a worker renders it and stages its files ([`Sink::stage`]); the caller's thread keeps
//! them group by group, in the order of the records, and lists them in the manifest ([`Journal`]), which is the one truth: the catalogue follows
//! from it, a run is resumed from it, a folder is checked against it ([`check`]).
//!
//! Invariant: a record's failure is a row of the manifest and stops nothing else; memory does not grow with the records but by a
//! hundred bytes for each.

mod archive;
mod catalogue;
mod check;
mod claims;
mod error;
mod folder;
mod journal;
mod keeper;
mod listing;
mod lock;
mod manifest;
pub mod name;
mod outlet;
mod pairs;
mod row;
mod run;
mod selection;
mod sink;
mod staged;
mod summary;
mod survey;
mod task;
mod window;
mod work;

pub use archive::{Archive, ArchiveKind, Member, kind_of};
pub use check::{Findings, check};
pub use error::BatchError;
pub use folder::{Folder, FolderError, Lasting};
pub use journal::{Journal, Standing};
pub use manifest::{Change, End, Head, LIMIT, MANIFEST, Manifest, ManifestError, RECORDS, SHARD};
pub use row::{FileRow, Format, Problem, Row, Status};
pub use run::Batch;
pub use selection::{Selection, SelectionError};
pub use sink::{GROUP, Sink};
pub use staged::{StagedFile, put_new, write_whole};
pub use summary::Summary;
pub use survey::{Survey, SurveyError};

#[cfg(test)]
mod tests;
