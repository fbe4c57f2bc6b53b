//! Finished records are kept, group by group.
//!
//! In: what the workers finish, in the order of the records. Out: files in the sink, rows in the journal, and their sums.
//! Invariant: the rows in the manifest are those of the first records, without a gap; a group is kept and listed, or neither.

use std::path::Path;
use std::time::{Duration, Instant};

use super::error::BatchError;
use super::journal::Journal;
use super::manifest::ManifestError;
use super::row::{Row, Status};
use super::sink::{GROUP, Sink};
use super::summary::Summary;
use super::work::Finished;

/// A group is kept after so long even if it is small, so that a slow run loses little when it is killed.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// Records that are rendered and not kept yet.
struct Group<F> {
    rows: Vec<Row>,
    lines: Vec<u8>,
    files: Vec<F>,
    began: Instant,
}

impl<F> Group<F> {
    fn new() -> Group<F> {
        Group { rows: Vec::new(), lines: Vec::new(), files: Vec::new(), began: Instant::now() }
    }

    fn add(&mut self, finished: Finished<F>) {
        self.rows.push(finished.row);
        self.lines.extend(finished.line);
        self.files.extend(finished.files);
    }

    fn is_due(&self) -> bool {
        self.files.len() >= GROUP || self.rows.len() >= GROUP || self.began.elapsed() >= LONGEST_WAIT
    }
}

/// Keeps what the workers finish.
pub(super) struct Keeper<'k, S: Sink, R> {
    sink: &'k S,
    journal: &'k mut Journal,
    max_errors: Option<u64>,
    on_row: R,
    group: Group<S::Staged>,
    /// Of all rows so far, those of the group included.
    failed: u64,
    sum: Summary,
}

impl<'k, S: Sink, R: FnMut(&Row)> Keeper<'k, S, R> {
    /// Goes on from what stands in `journal`. More than `max_errors` failures are an error.
    pub(super) fn new(
        sink: &'k S,
        journal: &'k mut Journal,
        max_errors: Option<u64>,
        on_row: R,
    ) -> Keeper<'k, S, R> {
        let sum = journal.past().clone();
        Keeper { sink, journal, max_errors, on_row, group: Group::new(), failed: sum.failed, sum }
    }

    /// Adds a record to the group, and keeps the group when it is due.
    pub(super) fn take(&mut self, finished: Finished<S::Staged>) -> Result<(), BatchError> {
        self.failed += u64::from(finished.row.status == Status::Failed);
        self.group.add(finished);
        let failed = self.failed;
        if let Some(most) = self.max_errors.filter(|most| failed > *most) {
            return Err(BatchError::TooManyErrors { failed, most });
        }
        if self.group.is_due() { self.keep() } else { Ok(()) }
    }

    /// Keeps the group in the sink and in the manifest, or in neither, and begins the next.
    pub(super) fn keep(&mut self) -> Result<(), BatchError> {
        let Group { rows, lines, mut files, .. } = std::mem::replace(&mut self.group, Group::new());
        if rows.is_empty() {
            return Ok(());
        }
        let first = rows.iter().flat_map(|row| &row.files).next().map_or("", |file| &file.name);
        let unwritten = |source| BatchError::Write { place: self.sink.place(first), source };
        let unlisted = |path: &Path, source| ManifestError::Io { path: path.into(), source };
        self.sink.keep(&mut files).map_err(unwritten)?;
        let before = self.journal.add(&lines).map_err(|e| unlisted(self.journal.path(), e))?;
        if let Err(source) = self.sink.release(files) {
            self.journal.take_back(before).map_err(|e| unlisted(self.journal.path(), e))?;
            return Err(unwritten(source));
        }
        for row in rows {
            self.sum.add(&row);
            (self.on_row)(&row);
        }
        Ok(())
    }

    /// Ends a run whose records are all kept; the catalogue has `names` of metadata.
    pub(super) fn close(&mut self, names: &[&str]) -> Result<(), BatchError> {
        let unwritten = |source| BatchError::Write { place: self.sink.place(""), source };
        self.sink.release(Vec::new()).map_err(unwritten)?;
        if !self.journal.is_finished() {
            self.journal.finish(names, &self.sum)?;
        }
        self.sink.close(self.journal.path(), &self.journal.catalogue()).map_err(unwritten)
    }

    /// The sums of what is kept.
    pub(super) fn into_sum(self) -> Summary {
        self.sum
    }
}
