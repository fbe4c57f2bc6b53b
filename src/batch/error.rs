//! Why a run of a batch ends before its records do.
//!
//! In: what hinders all further records. Out: [`BatchError`], and a hint. What is wrong with one record is a row of the manifest instead.

use std::io;
use std::num::NonZeroUsize;

use super::manifest::ManifestError;
use crate::record::ReadError;
use crate::seal::SealError;

/// Why a run ended before its records did. Each leaves a run that can be resumed.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The records' file is at fault, not a row of it.
    #[error("the records cannot be read further: {0}")]
    Read(ReadError),
    /// The records are not those that were looked at before the run.
    #[error("the records have changed since the run began, from row {0} on")]
    Changed(u64),
    /// There are fewer records than were looked at before the run.
    #[error("the records have changed since the run began: they end early")]
    Short,
    /// A file could not be written; the next ones could not either.
    #[error("cannot write {place}: {source}")]
    Write {
        /// Which file.
        place: String,
        /// What the system said.
        source: io::Error,
    },
    /// The manifest could not be written.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Nothing can be sealed: the signer or the timestamp authority cannot be reached, refuses or answers wrongly, or a seal is not valid any more. No
    /// record is at fault.
    #[error("row {row} cannot be sealed: {source}")]
    Seal {
        /// The first row that waits for it.
        row: u64,
        /// What hinders it.
        source: SealError,
    },
    /// More records failed than may.
    #[error("{failed} records failed, more than the {most} that may")]
    TooManyErrors {
        /// How many failed.
        failed: u64,
        /// How many may.
        most: u64,
    },
    /// The threads could not be started.
    #[error("cannot start {jobs} threads: {source}")]
    Threads {
        /// How many were asked for.
        jobs: NonZeroUsize,
        /// What the system said.
        source: rayon::ThreadPoolBuildError,
    },
}

impl BatchError {
    /// How to mend it, before the run is resumed.
    pub fn hint(&self) -> &'static str {
        match self {
            BatchError::Read(error) => error.hint,
            BatchError::Changed(_) | BatchError::Short => "bring back the records that the run began with",
            BatchError::Write { source, .. } | BatchError::Manifest(ManifestError::Io { source, .. }) => {
                match source.kind() {
                    io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
                    io::ErrorKind::FileTooLarge => "raise the limit on the length of files",
                    io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                        "make the folder writable"
                    }
                    _ => "",
                }
            }
            BatchError::Manifest(error) => error.hint(),
            BatchError::Seal { source, .. } => match source {
                SealError::Signer(signer) if signer.is_temporary() => "see that the signer answers",
                SealError::NotValidAt { .. } => {
                    "see that the machine's clock and the seal's validity are right"
                }
                _ => "see that the signer does what it is asked for",
            },
            BatchError::TooManyErrors { .. } => "mend the records and begin anew, or allow more errors",
            BatchError::Threads { .. } => "ask for fewer threads",
        }
    }
}
