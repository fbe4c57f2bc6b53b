//! A run: every record rendered, written and reported.

use std::io;
use std::num::NonZeroUsize;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use sha2::{Digest as _, Sha256};

use super::catalogue::{CATALOGUE, Catalogue};
use super::name::{NamePattern, Taken};
use super::report::{FileRow, Problem, Report, Row, Status, Summary};
use super::sink::{Folder, REPORT_UNFINISHED};
use super::window::in_order;
use crate::crypto::{hex, sm3};
use crate::office::{Assignment, Presses};
use crate::record::{FieldKind, ReadError, Record};
use crate::{Press, RenderError, RenderOptions};

/// Records in flight for each worker: enough that none waits for the reader, few enough that memory stays small.
const WINDOW_PER_WORKER: usize = 8;

/// What a run needs beside its records.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// Make the certificates.
    pub presses: &'a dyn Presses,
    /// How it makes them.
    pub options: &'a RenderOptions,
    /// How files are named.
    pub names: &'a NamePattern,
    /// Where they go.
    pub folder: &'a Folder,
    /// Whether each OFD is digested with SM3 for the catalogue, too: SHA-256 costs a fifth of it.
    pub sm3: bool,
    /// Worker threads; the caller's thread reads and reports beside them.
    pub jobs: NonZeroUsize,
    /// When it becomes true, no further record is begun, and the run ends with a complete report of those before.
    pub stop: &'a AtomicBool,
}

/// Why a run ended before its records did.
#[derive(Debug, thiserror::Error)]
pub enum BatchError {
    /// The records' file is at fault, not a row of it.
    #[error("the records cannot be read further: {0}")]
    Read(ReadError),
    /// A file could not be written; the next ones could not either.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
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

/// A record on its way to a worker; its row knows already who it is.
struct Task<'p> {
    row: Row,
    /// What is to be done, unless the row says already why nothing can be.
    work: Result<Work<'p>, Stopped>,
}

/// A record to be rendered and written.
struct Work<'p> {
    press: &'p Press,
    record: Record,
    name: Result<String, Problem>,
}

/// Why no work was begun: with what hinders all further records as well, if something does.
struct Stopped(Option<BatchError>);

/// What a worker did; with the file that could not be written, if that is why it failed.
struct Finished {
    row: Row,
    fault: Option<BatchError>,
}

impl Batch<'_> {
    /// Renders `records`, and shows each row to `on_row` in their order.
    ///
    /// # Errors
    /// Only what hinders all further records; a bad record is a row.
    pub fn run(
        &self,
        records: impl IntoIterator<Item = Result<Record, ReadError>>,
        mut on_row: impl FnMut(&Row),
    ) -> Result<Summary, BatchError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs.get())
            .thread_name(|i| format!("press-{i}"))
            .build()
            .map_err(|source| BatchError::Threads { jobs: self.jobs, source })?;
        let window = self.jobs.saturating_mul(NonZeroUsize::new(WINDOW_PER_WORKER).unwrap_or(self.jobs));
        let start = Instant::now();
        let mut sum = Summary::default();
        let mut report = Report::new(self.folder);
        let unlisted = |source| self.unwritten(CATALOGUE, source);
        let mut catalogue = Catalogue::new(self.folder, self.presses.metadata_names()).map_err(unlisted)?;
        let mut taken = Taken::default();
        let mut ignored = None;
        let mut interrupted = false;
        let tasks = records
            .into_iter()
            .take_while(|_| {
                interrupted = self.stop.load(Ordering::Relaxed);
                !interrupted
            })
            .zip(1..)
            .map(|(record, ordinal)| {
                if let (None, Ok(first)) = (&ignored, &record) {
                    ignored = Some(self.presses.unknown_names(first));
                }
                self.task(record, ordinal, &mut taken)
            });
        let end = in_order(
            &pool,
            window,
            tasks,
            |task| self.work(task),
            |finished| {
                sum.add(&finished.row);
                if let Err(source) = report.write(&finished.row) {
                    return ControlFlow::Break(self.unwritten(REPORT_UNFINISHED, source));
                }
                if let Err(source) = catalogue.write(&finished.row) {
                    return ControlFlow::Break(unlisted(source));
                }
                on_row(&finished.row);
                finished.fault.map_or(ControlFlow::Continue(()), ControlFlow::Break)
            },
        );
        if let ControlFlow::Break(fault) = end {
            return Err(fault);
        }
        catalogue.finish().map_err(unlisted)?;
        report.finish().map_err(|source| self.unwritten(REPORT_UNFINISHED, source))?;
        sum.elapsed = start.elapsed();
        sum.interrupted = interrupted;
        sum.ignored = ignored.unwrap_or_default();
        Ok(sum)
    }

    /// Finds a record's press, names its files and says who it is. Runs on one thread, in the order of the records, so that numbers
    /// follow that order, and of two records with one name it is always the later that is refused.
    fn task(&self, record: Result<Record, ReadError>, ordinal: u64, taken: &mut Taken) -> Task<'_> {
        let mut row = Row { row: ordinal, ..Row::default() };
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                row.row = error.row.unwrap_or(ordinal);
                row.errors.push(Problem::from(&error));
                let fault = error.row.is_none().then_some(BatchError::Read(error));
                return Task { row, work: Err(Stopped(fault)) };
            }
        };
        row.row = record.row().unwrap_or(ordinal);
        let Assignment { press, completed } = match self.presses.assign(&record) {
            Ok(assignment) => assignment,
            Err(refusal) => {
                row.number = record.get("number").map(String::from);
                row.errors.push(Problem::from(&refusal));
                return Task { row, work: Err(Stopped(None)) };
            }
        };
        let record = completed.unwrap_or(record);
        let fields = &press.schema().fields;
        // A field given twice has no one value; binding refuses the record for it.
        let value = |name: &str| fields.iter().find(|f| f.name == name)?.given(&record).ok().flatten();
        let named = |name: &str| value(name).map(String::from);
        let identifier = fields.iter().find(|f| f.kind == FieldKind::Identifier);
        (row.number, row.identifier) = (named("number"), identifier.and_then(|f| named(&f.name)));
        let name = match self.names.name(row.row, value) {
            None => Err(Problem::new("file.name", "the record gives its files no name")
                .hint("fill in the fields of the name pattern, or choose another with --name")),
            Some(name) => match taken.claim(&name, row.row) {
                Ok(()) => Ok(name),
                Err(earlier) => Err(Problem {
                    value: Some(name),
                    ..Problem::new("file.taken", format!("its files would replace those of row {earlier}"))
                }
                .hint("give each record its own number, or choose another name pattern with --name")),
            },
        };
        Task { row, work: Ok(Work { press, record, name }) }
    }

    /// Renders one record and writes its files.
    fn work(&self, Task { mut row, work }: Task) -> Finished {
        let Work { press, record, name } = match work {
            Ok(work) => work,
            Err(Stopped(fault)) => return Finished { row, fault },
        };
        // A panic is a mistake of ours; it must not take the other records with it. The press is never changed, so none sees
        // it half changed.
        let rendered = catch_unwind(AssertUnwindSafe(|| press.render_with(&record, self.options)));
        let certificate = match rendered {
            Ok(Ok(certificate)) => certificate,
            Ok(Err(error)) => {
                row.errors = problems(&error);
                return Finished { row, fault: None };
            }
            Err(_) => {
                row.errors.push(
                    Problem::new("internal", "the press failed on this record; the cause is on stderr")
                        .hint("this is a mistake in certpress: please report it with the record"),
                );
                return Finished { row, fault: None };
            }
        };
        row.metadata = certificate.metadata().to_vec();
        row.warnings = certificate.warnings().iter().map(Problem::from).collect();
        let name = match name {
            Ok(name) => name,
            Err(problem) => {
                row.errors.push(problem);
                return Finished { row, fault: None };
            }
        };
        for (format, bytes) in [("ofd", certificate.ofd()), ("pdf", certificate.pdf())] {
            let Some(bytes) = bytes else { continue };
            let name = format!("{name}.{format}");
            match self.folder.put(&name, bytes) {
                Ok(replaced) => row.files.push(FileRow {
                    format,
                    name,
                    bytes: bytes.len() as u64,
                    sha256: hex(&Sha256::digest(bytes)),
                    sm3: (self.sm3 && format == "ofd").then(|| hex(&sm3::digest(bytes))),
                    replaced,
                }),
                Err(source) => {
                    row.errors.push(Problem::new("file.write", format!("cannot write {name}: {source}")));
                    return Finished { row, fault: Some(self.unwritten(&name, source)) };
                }
            }
        }
        row.status = Status::Done;
        Finished { row, fault: None }
    }

    fn unwritten(&self, name: &str, source: io::Error) -> BatchError {
        BatchError::Write { path: self.folder.path().join(name), source }
    }
}

/// A record's error as rows of the report.
fn problems(error: &RenderError) -> Vec<Problem> {
    match error {
        RenderError::Fields(errors) => errors.iter().map(Problem::from).collect(),
        RenderError::Layout(error) => vec![Problem::from(&**error)],
        other => vec![Problem::new(other.code(), other.to_string())],
    }
}
