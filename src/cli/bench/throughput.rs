//! Whole certificates on a number of threads, some at a time, as many as go into a span of time.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use certpress::{Press, Record, RenderError, RenderOptions};

use super::clock::process_time;

/// Records rendered together, as a batch does.
const CHUNK: usize = 8;

/// What a run came to.
pub(super) struct Throughput {
    pub(super) threads: NonZeroUsize,
    pub(super) pairs: u32,
    pub(super) elapsed: Duration,
    cpu: Option<Duration>,
}

impl Throughput {
    /// Lets `threads` threads render `records` in turn for about `span`, each at least once.
    pub(super) fn measure(
        press: &Press,
        records: &[Record],
        options: &RenderOptions,
        span: Duration,
        threads: NonZeroUsize,
    ) -> Result<Throughput, RenderError> {
        let next = AtomicUsize::new(0);
        let cpu = process_time();
        let start = Instant::now();
        let work = || {
            let mut pairs = 0;
            while pairs == 0 || start.elapsed() < span {
                let first = next.fetch_add(CHUNK, Ordering::Relaxed);
                let chunk = (first..first + CHUNK).map(|index| &records[index % records.len()]);
                for certificate in press.render_all(chunk, options) {
                    std::hint::black_box(certificate?);
                    pairs += 1;
                }
            }
            Ok(pairs)
        };
        // Plain threads: there is nothing to schedule, each works until the time is up.
        let pairs = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..threads.get()).map(|_| scope.spawn(work)).collect();
            let counts = workers.into_iter().map(|worker| match worker.join() {
                Ok(count) => count,
                Err(panic) => std::panic::resume_unwind(panic),
            });
            counts.sum::<Result<u32, RenderError>>()
        })?;
        let elapsed = start.elapsed();
        let cpu = cpu.zip(process_time()).map(|(before, after)| after.saturating_sub(before));
        Ok(Throughput { threads, pairs, elapsed, cpu })
    }

    /// Pairs in a second.
    pub(super) fn rate(&self) -> f64 {
        f64::from(self.pairs) / self.elapsed.as_secs_f64()
    }

    /// Processor time of one pair.
    pub(super) fn cpu_per_pair(&self) -> Option<Duration> {
        self.cpu.map(|cpu| cpu / self.pairs)
    }
}
