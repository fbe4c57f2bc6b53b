//! A run: every record rendered, kept and listed.
//!
//! In: records in their order, a [`Sink`], a [`Journal`]. Out: files and rows, group by group.
//! Invariant: memory is bounded by the records in flight and one group, whatever the sink's speed; the rows in the manifest are those of
//! the first records, without a gap, however the run ends.

use std::num::{NonZeroU64, NonZeroUsize};
use std::ops::ControlFlow;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use super::error::BatchError;
use super::journal::Journal;
use super::keeper::Keeper;
use super::name::NamePattern;
use super::row::Row;
use super::sink::{GROUP, Sink};
use super::summary::Summary;
use super::survey::Survey;
use super::task::{CHUNK, Tasks};
use super::window::in_order;
use crate::RenderOptions;
use crate::office::Presses;
use crate::record::{ReadError, Record};

/// Records in flight for each worker: enough that none waits for the reader, few enough that memory stays small.
const WINDOW_PER_WORKER: usize = 2 * CHUNK;
/// Records in flight at least: while one group is synced, the next is rendered.
const WINDOW: usize = 2 * GROUP;

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
    /// Whether each file is digested with SM3, too.
    pub sm3: bool,
    /// Worker threads; the caller's thread reads and keeps beside them. They wait for the signer: one that is far away needs more of them
    /// than there are processors.
    pub jobs: NonZeroUsize,
    /// How many records may fail before the run stops; `None` for any number.
    pub max_errors: Option<u64>,
    /// When it becomes true, no further record is begun, and those in flight are finished. The run can be resumed.
    pub stop: &'a AtomicBool,
}

impl Batch<'_> {
    /// Renders those of `records` that are not in the journal yet, and shows each row to `on_row` in their order, once it is kept.
    /// `survey` has looked at the same records, or knows nothing.
    ///
    /// # Errors
    /// Only what hinders all further records; a bad record is a row. The journal has no end then, and the run can be resumed.
    pub fn run<S: Sink>(
        &self,
        survey: Survey,
        records: impl IntoIterator<Item = Result<Record, ReadError>>,
        sink: &S,
        journal: &mut Journal,
        on_row: impl FnMut(&Row),
    ) -> Result<Summary, BatchError> {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(self.jobs.get())
            .thread_name(|i| format!("press-{i}"))
            .build()
            .map_err(|source| BatchError::Threads { jobs: self.jobs, source })?;
        let start = Instant::now();
        let mut tasks = Tasks::new(self, records.into_iter(), survey, journal)?;
        let mut keeper = Keeper::new(sink, journal, self.max_errors, on_row);
        let end = in_order(
            &pool,
            self.window(),
            &mut tasks,
            |chunk| self.work(chunk, sink),
            |finished: Vec<_>| match finished.into_iter().try_for_each(|one| keeper.take(one?)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(fault) => ControlFlow::Break(fault),
            },
        );
        // What came before the fault is kept.
        let kept = keeper.keep();
        if let ControlFlow::Break(fault) = end {
            return Err(fault);
        }
        kept?;
        let interrupted = tasks.interrupted;
        if !interrupted {
            if tasks.is_short() {
                return Err(BatchError::Short);
            }
            keeper.close(&self.presses.metadata_names())?;
        }
        let ignored = tasks.ignored.unwrap_or_default();
        Ok(Summary { elapsed: start.elapsed(), interrupted, ignored, ..keeper.into_sum() })
    }

    /// How many chunks are in flight at the most.
    fn window(&self) -> NonZeroUsize {
        let records = self.jobs.get().saturating_mul(WINDOW_PER_WORKER).max(WINDOW);
        NonZeroUsize::new(records / CHUNK).unwrap_or(self.jobs)
    }
}
