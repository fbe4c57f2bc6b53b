//! A run: every record rendered, kept and listed.
//!
//! In: records in their order, a [`Sink`], a [`Journal`]. Out: files and rows, group by group.
//! Invariant: memory is bounded by the records in flight and one group, whatever the sink's speed; the rows in the manifest are those of
//! the first records, without a gap, however the run ends.

use std::io;
use std::num::{NonZeroU64, NonZeroUsize};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use sha2::{Digest as _, Sha256};

use super::journal::Journal;
use super::manifest::{Manifest, ManifestError};
use super::name::NamePattern;
use super::row::{FileRow, Format, Problem, Row, Status};
use super::sink::{GROUP, Sink};
use super::summary::Summary;
use super::survey::{self, Survey};
use super::window::in_order;
use crate::crypto::{hex, sm3};
use crate::office::{Assignment, Presses};
use crate::record::{ReadError, Record};
use crate::seal::{SealError, SignError};
use crate::{Certificate, Press, RenderError, RenderOptions};

/// Records that a worker renders together. Sixteen would be no sooner, and hold more in memory.
const CHUNK: usize = 8;
/// Records in flight for each worker: enough that none waits for the reader, few enough that memory stays small.
const WINDOW_PER_WORKER: usize = 2 * CHUNK;
/// Records in flight at least: while one group is synced, the next is rendered.
const WINDOW: usize = 2 * GROUP;
/// A group is kept after so long even if it is small, so that a slow run loses little when it is killed.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// What a run needs beside its records.
#[derive(Clone, Copy)]
pub struct Batch<'a> {
    /// Make the certificates.
    pub presses: &'a dyn Presses,
    /// How it makes them.
    pub options: &'a RenderOptions,
    /// How files are named.
    pub names: &'a NamePattern,
    /// So many rows go into a folder of their own, named by number; `None` for one folder.
    pub shard: Option<NonZeroU64>,
    /// Whether each file is digested with SM3, too: SHA-256 costs a fifth of it.
    pub sm3: bool,
    /// Worker threads; the caller's thread reads and keeps beside them. They wait for the signer: one that is far away needs more of them
    /// than there are processors.
    pub jobs: NonZeroUsize,
    /// How many records may fail before the run stops; `None` for any number.
    pub max_errors: Option<u64>,
    /// When it becomes true, no further record is begun, and those in flight are finished. The run can be resumed.
    pub stop: &'a AtomicBool,
}

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
    /// The signer cannot be reached; no record is at fault.
    #[error("row {row} cannot be sealed now: {source}")]
    Signer {
        /// The first row that waits for it.
        row: u64,
        /// What it said.
        source: SignError,
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
            BatchError::Signer { .. } => "see that the signer answers",
            BatchError::TooManyErrors { .. } => "mend the records and begin anew, or allow more errors",
            BatchError::Threads { .. } => "ask for fewer threads",
        }
    }
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

/// What the press made of a record.
type Rendered = Result<Result<Certificate, RenderError>, Panicked>;

/// The press panicked on a record.
struct Panicked;

/// Why no work was begun: with what hinders all further records as well, if something does.
struct Stopped(Option<BatchError>);

/// What a worker did.
struct Finished<F> {
    row: Row,
    /// The row's line in the manifest.
    line: Vec<u8>,
    files: Vec<F>,
}

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

impl Batch<'_> {
    /// Renders those of `records` that are not in the journal yet, and shows each row to `on_row` in their order, once it is kept.
    /// `survey` has looked at the same records, or knows nothing.
    ///
    /// # Errors
    /// Only what hinders all further records; a bad record is a row. The journal has no end then, and the run can be resumed.
    pub fn run<S: Sink>(
        &self,
        mut survey: Survey,
        records: impl IntoIterator<Item = Result<Record, ReadError>>,
        sink: &S,
        journal: &mut Journal,
        mut on_row: impl FnMut(&Row),
    ) -> Result<Summary, BatchError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs.get())
            .thread_name(|i| format!("press-{i}"))
            .build()
            .map_err(|source| BatchError::Threads { jobs: self.jobs, source })?;
        let window = self.jobs.get().saturating_mul(WINDOW_PER_WORKER).max(WINDOW) / CHUNK;
        let window = NonZeroUsize::new(window).unwrap_or(self.jobs);
        let start = Instant::now();
        let mut sum = journal.past().clone();
        self.claim_past(&mut survey, journal)?;
        let mut ignored = None;
        let mut interrupted = false;
        let past = sum.resumed;
        let mut seen = 0;
        let mut tasks = records
            .into_iter()
            .inspect(|_| seen += 1)
            .enumerate()
            .skip(usize::try_from(past).unwrap_or(usize::MAX))
            .take_while(|_| {
                interrupted = self.stop.load(Ordering::Relaxed);
                !interrupted
            })
            .map(|(index, record)| {
                if let (None, Ok(first)) = (&ignored, &record) {
                    ignored = Some(self.presses.unknown_names(first));
                }
                self.task(record, index, &mut survey)
            });
        let chunks = std::iter::from_fn(|| {
            let chunk: Vec<Task> = tasks.by_ref().take(CHUNK).collect();
            (!chunk.is_empty()).then_some(chunk)
        });
        let mut group = Group::new();
        let mut failed = sum.failed;
        let mut take = |finished: Result<Finished<S::Staged>, BatchError>| {
            let finished = finished?;
            failed += u64::from(finished.row.status == Status::Failed);
            group.add(finished);
            if let Some(most) = self.max_errors.filter(|most| failed > *most) {
                return Err(BatchError::TooManyErrors { failed, most });
            }
            if !group.is_due() {
                return Ok(());
            }
            keep(std::mem::replace(&mut group, Group::new()), sink, journal, &mut sum, &mut on_row)
        };
        let end = in_order(
            &pool,
            window,
            chunks,
            |chunk| self.work(chunk, sink),
            |finished: Vec<_>| match finished.into_iter().try_for_each(&mut take) {
                Ok(()) => ControlFlow::Continue(()),
                Err(fault) => ControlFlow::Break(fault),
            },
        );
        // What came before the fault is kept.
        let kept = keep(group, sink, journal, &mut sum, &mut on_row);
        if let ControlFlow::Break(fault) = end {
            return Err(fault);
        }
        kept?;
        sum.elapsed = start.elapsed();
        sum.interrupted = interrupted;
        sum.ignored = ignored.unwrap_or_default();
        if interrupted {
            return Ok(sum);
        }
        if survey.records() > seen {
            return Err(BatchError::Short);
        }
        let unwritten = |source| BatchError::Write { place: sink.place(""), source };
        sink.release(Vec::new()).map_err(unwritten)?;
        if !journal.is_finished() {
            journal.finish(&self.presses.metadata_names(), &sum)?;
        }
        sink.close(journal.path(), &journal.catalogue()).map_err(unwritten)?;
        sum.elapsed = start.elapsed();
        Ok(sum)
    }

    /// Remembers the names of the rows that stand in the journal: numbers that the office gave them are in no record.
    fn claim_past(&self, survey: &mut Survey, journal: &Journal) -> Result<(), ManifestError> {
        if journal.past().resumed == 0 {
            return Ok(());
        }
        for row in Manifest::open(journal.path())? {
            let row = row?;
            let name = row.files.first().and_then(|file| stem(&file.name, self.shard.is_some()));
            // They were compared when they were made.
            let _ = survey.claim_both(name, row.identifier.as_deref(), row.row);
        }
        Ok(())
    }

    /// Finds a record's press, names its files and says who it is. Runs on one thread, in the order of the records, so that numbers
    /// follow that order, and of two records with one name it is always the later that is refused.
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

    /// Renders some records and stages their files.
    fn work<S: Sink>(&self, tasks: Vec<Task>, sink: &S) -> Vec<Result<Finished<S::Staged>, BatchError>> {
        let mut rendered = self.render(&tasks).into_iter();
        let finished = tasks.into_iter().map(|Task { mut row, work }| {
            let mut files = Vec::new();
            match work {
                Err(Stopped(Some(fault))) => return Err(fault),
                Err(Stopped(None)) => {}
                Ok(work) => {
                    let rendered =
                        rendered.next().expect("each record that was to be rendered has an answer");
                    self.stage(work, rendered, &mut row, sink, &mut files)?;
                }
            }
            Ok(Finished { line: row.to_line(), row, files })
        });
        finished.collect()
    }

    /// Renders those records for which there is something to be done, those of one press together.
    fn render(&self, tasks: &[Task]) -> Vec<Rendered> {
        // A panic is a mistake of ours; it must not take the other records with it. The press is never changed, so none sees
        // it half changed.
        let guarded = |press: &Press, works: &[&Work]| {
            let records = works.iter().map(|work| &work.record);
            catch_unwind(AssertUnwindSafe(|| press.render_all(records, self.options))).map_err(|_| Panicked)
        };
        let works: Vec<&Work> = tasks.iter().filter_map(|task| task.work.as_ref().ok()).collect();
        let mut rendered = Vec::with_capacity(works.len());
        for works in works.chunk_by(|a, b| std::ptr::eq(a.press, b.press)) {
            let press = works[0].press;
            match guarded(press, works) {
                Ok(certificates) => rendered.extend(certificates.into_iter().map(Ok)),
                // Each by itself, so that only the one at fault fails.
                Err(Panicked) => rendered.extend(works.iter().map(|work| {
                    let mut certificates = guarded(press, &[work])?;
                    Ok(certificates.pop().expect("there is an answer for each record"))
                })),
            }
        }
        rendered
    }

    fn stage<S: Sink>(
        &self,
        Work { press, name, .. }: Work,
        rendered: Rendered,
        row: &mut Row,
        sink: &S,
        files: &mut Vec<S::Staged>,
    ) -> Result<(), BatchError> {
        let certificate = match rendered {
            Ok(Ok(certificate)) => certificate,
            Ok(Err(RenderError::Seal(SealError::Signer(source)))) if source.is_temporary() => {
                return Err(BatchError::Signer { row: row.row, source });
            }
            Ok(Err(error)) => {
                row.errors = problems(&error);
                return Ok(());
            }
            Err(Panicked) => {
                row.errors.push(
                    Problem::new("internal", "the press failed on this record; the cause is on stderr")
                        .hint("this is a mistake in certpress: please report it with the record"),
                );
                return Ok(());
            }
        };
        row.warnings = certificate.warnings().iter().map(Problem::from).collect();
        let name = match name {
            Ok(name) => name,
            Err(problem) => {
                row.errors.push(problem);
                return Ok(());
            }
        };
        row.time = Some(certificate.time().to_string());
        row.seals = press.seal_ids().map(str::to_owned).collect();
        row.metadata = certificate.metadata().to_vec();
        let (ofd, pdf) = certificate.into_files();
        for (format, bytes) in [(Format::Ofd, ofd), (Format::Pdf, pdf)] {
            let Some(bytes) = bytes else { continue };
            let name = format!("{name}.{}", format.extension());
            row.files.push(FileRow {
                format,
                name: name.clone(),
                bytes: bytes.len() as u64,
                sha256: hex(&Sha256::digest(&bytes)),
                sm3: self.sm3.then(|| hex(&sm3::digest(&bytes))),
            });
            let staged = sink.stage(&name, bytes);
            files.push(staged.map_err(|source| BatchError::Write { place: sink.place(&name), source })?);
        }
        row.status = Status::Done;
        Ok(())
    }
}

/// Keeps a group in the sink and in the manifest, or in neither.
fn keep<S: Sink>(
    group: Group<S::Staged>,
    sink: &S,
    journal: &mut Journal,
    sum: &mut Summary,
    on_row: &mut impl FnMut(&Row),
) -> Result<(), BatchError> {
    let Group { rows, lines, mut files, .. } = group;
    if rows.is_empty() {
        return Ok(());
    }
    let first = rows.iter().flat_map(|row| &row.files).next().map_or("", |file| &file.name);
    let unwritten = |source| BatchError::Write { place: sink.place(first), source };
    let unlisted = |path: &std::path::Path, source| ManifestError::Io { path: path.into(), source };
    sink.keep(&mut files).map_err(unwritten)?;
    let before = journal.add(&lines).map_err(|e| unlisted(journal.path(), e))?;
    if let Err(source) = sink.release(files) {
        journal.take_back(before).map_err(|e| unlisted(journal.path(), e))?;
        return Err(unwritten(source));
    }
    for row in rows {
        sum.add(&row);
        on_row(&row);
    }
    Ok(())
}

/// The name that a record claimed for a file.
pub(super) fn stem(file: &str, sharded: bool) -> Option<&str> {
    let (stem, _) = file.rsplit_once('.')?;
    if sharded { stem.split_once('/').map(|(_, name)| name) } else { Some(stem) }
}

/// A record's error as rows of the manifest.
fn problems(error: &RenderError) -> Vec<Problem> {
    match error {
        RenderError::Fields(errors) => errors.iter().map(Problem::from).collect(),
        RenderError::Layout(error) => vec![Problem::from(&**error)],
        other => vec![Problem::new(other.code(), other.to_string())],
    }
}
