//! Which records of a file are rendered: all, or those that failed in an earlier run.
//!
//! In: an earlier run's manifest. Out: whether a row is picked. Invariant: where a record that was done then stands in another row now, or says
//! something else, nothing is picked at all: rows were moved, and row numbers mean nothing any more.

use std::cell::Cell;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use thiserror::Error;

use super::manifest::{LIMIT, Manifest, ManifestError, SHARD};
use super::row::Status;
use super::survey::RecordDigest;
use super::task::stem;
use crate::crypto::hex;

/// Which records are rendered. The default: all.
#[derive(Debug, Default)]
pub struct Selection {
    of_failed: Option<Failed>,
}

#[derive(Debug, Default)]
struct Failed {
    failed: HashSet<u64>,
    /// What tells the other records from others.
    done: HashMap<u64, String>,
    /// Their names without extension, their identifiers, their rows.
    taken: Vec<(String, Option<String>, u64)>,
    /// How many of both were met.
    met: Cell<usize>,
    /// The last row that the manifest is about: any, unless it is about the first records of a file only.
    last: Option<u64>,
}

/// Why the records are not those of the manifest.
#[derive(Debug, Error)]
pub enum SelectionError {
    /// It cannot be read.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// Its run has not dealt with all records yet.
    #[error("the run of that manifest is not finished: resume it first")]
    Unfinished,
    /// No row of it failed.
    #[error("no record of that manifest failed")]
    NoneFailed,
    /// A record that was done is another one now.
    #[error(
        "row {0} was done, and is another record now: rows were moved, or records that need no mending were changed"
    )]
    Moved(u64),
    /// Rows are missing.
    #[error("the records end before the manifest does: rows were taken out")]
    Shorter,
    /// A row that the manifest does not list.
    #[error("row {0} is not in that manifest: rows were added")]
    Added(u64),
}

impl SelectionError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            SelectionError::Manifest(error) => error.hint(),
            SelectionError::Unfinished => "give --resume to the command that began it",
            SelectionError::NoneFailed => "there is nothing to be made again",
            SelectionError::Moved(_) | SelectionError::Shorter => {
                "mend the failed rows where they stand, or give a file of the mended records alone without --only-failed"
            }
            SelectionError::Added(_) => "give the added rows in a file of their own, without --only-failed",
        }
    }
}

impl Selection {
    /// The records that failed in the run of the manifest at `path`.
    ///
    /// # Errors
    /// It cannot be read, is not finished, or tells of no failure.
    pub fn only_failed(path: &Path) -> Result<Selection, SelectionError> {
        let mut manifest = Manifest::open(path)?;
        let sharded = manifest.head().option(SHARD).is_some();
        let is_limited = manifest.head().option(LIMIT).is_some();
        let mut of_failed = Failed::default();
        for row in manifest.by_ref() {
            let row = row?;
            of_failed.last = is_limited.then_some(row.row);
            if row.status == Status::Failed {
                of_failed.failed.insert(row.row);
                continue;
            }
            let stem = row.files.first().and_then(|file| stem(&file.name, sharded));
            of_failed.taken.extend(stem.map(|stem| (stem.to_owned(), row.identifier, row.row)));
            of_failed.done.insert(row.row, row.record.unwrap_or_default());
        }
        if manifest.end().is_none() {
            return Err(SelectionError::Unfinished);
        }
        if of_failed.failed.is_empty() {
            return Err(SelectionError::NoneFailed);
        }
        Ok(Selection { of_failed: Some(of_failed) })
    }

    /// Whether the record in `row` is rendered.
    pub(super) fn picks(&self, row: u64, digest: &RecordDigest) -> Result<bool, SelectionError> {
        let Some(Failed { failed, done, met, last, .. }) = &self.of_failed else { return Ok(true) };
        match done.get(&row) {
            Some(then) if *then != hex(digest) => Err(SelectionError::Moved(row)),
            Some(_) => {
                met.set(met.get() + 1);
                Ok(false)
            }
            None if failed.contains(&row) => {
                met.set(met.get() + 1);
                Ok(true)
            }
            None if last.is_some_and(|last| row > last) => Ok(false),
            None => Err(SelectionError::Added(row)),
        }
    }

    /// Whether all rows of the manifest were met.
    pub(super) fn is_complete(&self) -> Result<(), SelectionError> {
        match &self.of_failed {
            Some(Failed { failed, done, met, .. }) if met.get() < failed.len() + done.len() => {
                Err(SelectionError::Shorter)
            }
            _ => Ok(()),
        }
    }

    /// Whether the record in `row` is rendered, once it is known that the records are those of the manifest.
    pub fn has(&self, row: Option<u64>) -> bool {
        let Some(of_failed) = &self.of_failed else { return true };
        row.is_none_or(|row| of_failed.failed.contains(&row))
    }

    /// Names and identifiers that records have which are not rendered, and their rows.
    pub(super) fn taken(&self) -> &[(String, Option<String>, u64)] {
        self.of_failed.as_ref().map_or(&[], |of_failed| &of_failed.taken)
    }
}
