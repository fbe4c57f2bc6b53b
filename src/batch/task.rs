//! Records become tasks for the workers.
//!
//! In: the records in their order, and what the survey and the journal know of them. Out: [`Tasks`], some at a time.
//! Invariant: all this happens on one thread, in the order of the records, so that numbers follow that order, and of two records with one
//! name it is always the later that is refused.

use std::sync::atomic::Ordering;

use super::error::BatchError;
use super::journal::Journal;
use super::manifest::{Manifest, ManifestError};
use super::row::{Problem, Row};
use super::run::Batch;
use super::survey::{self, Survey};
use crate::Press;
use crate::crypto::hex;
use crate::office::Assignment;
use crate::record::{ReadError, Record, UnknownName};

/// Records that a worker renders together. Sixteen would be no sooner, and hold more in memory.
pub(super) const CHUNK: usize = 8;

/// A record on its way to a worker; its row knows already who it is.
pub(super) struct Task<'p> {
    pub(super) row: Row,
    /// What is to be done, unless the row says already why nothing can be.
    pub(super) work: Result<Work<'p>, Stopped>,
}

/// A record to be rendered and written.
pub(super) struct Work<'p> {
    pub(super) press: &'p Press,
    pub(super) record: Record,
    pub(super) name: Result<String, Problem>,
}

/// Why no work was begun: with what hinders all further records as well, if something does.
pub(super) struct Stopped(pub(super) Option<BatchError>);

/// The records that are not in the journal yet, as tasks.
pub(super) struct Tasks<'b, I> {
    batch: &'b Batch<'b>,
    records: I,
    survey: Survey,
    /// How many records have come, those in the journal included.
    seen: usize,
    /// Whether it was stopped before the records' end.
    pub(super) interrupted: bool,
    /// Names in the records that no press knows, once there has been a record.
    pub(super) ignored: Option<Vec<UnknownName>>,
}

impl<'b, I: Iterator<Item = Result<Record, ReadError>>> Tasks<'b, I> {
    /// Passes by the records that stand in the journal. Their names are remembered: numbers that the office gave them are in no record.
    pub(super) fn new(
        batch: &'b Batch<'b>,
        mut records: I,
        mut survey: Survey,
        journal: &Journal,
    ) -> Result<Tasks<'b, I>, ManifestError> {
        let past = journal.past().resumed;
        if past > 0 {
            for row in Manifest::open(journal.path())? {
                let row = row?;
                let name = row.files.first().and_then(|file| stem(&file.name, batch.shard.is_some()));
                // They were compared when they were made.
                let _ = survey.claim_both(name, row.identifier.as_deref(), row.row);
            }
        }
        let seen = records.by_ref().take(usize::try_from(past).unwrap_or(usize::MAX)).count();
        Ok(Tasks { batch, records, survey, seen, interrupted: false, ignored: None })
    }

    /// Whether fewer records have come than the survey saw.
    pub(super) fn is_short(&self) -> bool {
        self.survey.records() > self.seen as u64
    }

    /// Reads the next record, unless the run is to stop.
    fn read(&mut self) -> Option<Task<'b>> {
        if self.interrupted {
            return None;
        }
        let record = self.records.next()?;
        self.interrupted = self.batch.stop.load(Ordering::Relaxed);
        if self.interrupted {
            return None;
        }
        if let (None, Ok(first)) = (&self.ignored, &record) {
            self.ignored = Some(self.batch.presses.unknown_names(first));
        }
        let index = self.seen;
        self.seen += 1;
        Some(self.batch.task(record, index, &mut self.survey))
    }
}

impl<'b, I: Iterator<Item = Result<Record, ReadError>>> Iterator for Tasks<'b, I> {
    type Item = Vec<Task<'b>>;

    fn next(&mut self) -> Option<Vec<Task<'b>>> {
        let chunk: Vec<Task> = std::iter::from_fn(|| self.read()).take(CHUNK).collect();
        (!chunk.is_empty()).then_some(chunk)
    }
}

impl Batch<'_> {
    /// Finds a record's press, names its files and says who it is.
    fn task(&self, record: Result<Record, ReadError>, index: usize, survey: &mut Survey) -> Task<'_> {
        let ordinal = index as u64 + 1;
        let mut row = Row { row: ordinal, ..Row::default() };
        let digest = match &record {
            Ok(record) => survey::digest(record),
            Err(error) => survey::unread(error.code),
        };
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                row.row = error.row.unwrap_or(ordinal);
                row.errors.push(Problem::from(&error));
                let fault = match error.row {
                    None => Some(BatchError::Read(error)),
                    Some(row) => (!survey.agrees(index, &digest)).then_some(BatchError::Changed(row)),
                };
                return Task { row, work: Err(Stopped(fault)) };
            }
        };
        row.row = record.row().unwrap_or(ordinal);
        row.record = Some(hex(&digest));
        if !survey.agrees(index, &digest) {
            let fault = BatchError::Changed(row.row);
            return Task { row, work: Err(Stopped(Some(fault))) };
        }
        let Assignment { press, completed } = match self.presses.assign(&record) {
            Ok(assignment) => assignment,
            Err(refusal) => {
                row.number = record.get("number").map(String::from);
                row.errors.push(Problem::from(&refusal));
                return Task { row, work: Err(Stopped(None)) };
            }
        };
        let record = completed.unwrap_or(record);
        let value = |name: &str| survey::value(press, &record, name);
        row.number = value("number").map(String::from);
        row.identifier = survey::identifier(press, &record).map(String::from);
        let name = match self.names.name(row.row, value) {
            None => Err(Problem::new("file.name", "the record gives its files no name")
                .hint("fill in the fields of the name pattern, or choose another with --name")),
            Some(name) => survey
                .claim_both(Some(&name), row.identifier.as_deref(), row.row)
                .map_err(Problem::from)
                .map(|()| self.placed(row.row, name)),
        };
        Task { row, work: Ok(Work { press, record, name }) }
    }

    /// `name` in the folder for its row.
    fn placed(&self, row: u64, name: String) -> String {
        match self.shard {
            Some(rows) => format!("{:04}/{name}", row / rows),
            None => name,
        }
    }
}

/// The name that a record claimed for a file.
pub(super) fn stem(file: &str, sharded: bool) -> Option<&str> {
    let (stem, _) = file.rsplit_once('.')?;
    if sharded { stem.split_once('/').map(|(_, name)| name) } else { Some(stem) }
}
