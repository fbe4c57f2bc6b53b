//! Batches: a file of records in, a folder of certificates and a report of every record out.
//!
//! In: a [`Press`](crate::Press) or an [`Office`](crate::Office), records, a [`Folder`](sink::Folder). Out: files,
//! `catalogue.csv`, `report.jsonl`, and a [`Summary`](report::Summary).
//!
//! The way of a record: the caller's thread reads it and gives it a file name ([`name`]); a worker renders it and writes its files
//! ([`sink`]); the caller's thread writes its row, in the order of the records (`window`, [`report`]).
//! Invariant: a record's failure is a row of the report and stops nothing else; memory does not grow with the records.

mod catalogue;
pub mod name;
pub mod report;
mod run;
pub mod sink;
mod window;

pub use run::{Batch, BatchError};
