//! The stages of a certificate, one after the other on one thread, in processor time.

use std::time::{Duration, Instant};

use certpress::page::Timestamp;
use certpress::seal::Sealed;
use certpress::{Press, Record, RenderError, RenderOptions};

use super::clock::thread_time;

/// The names of the stages, in their order. `seal` is: digest both files, sign twice, check, finish both files.
pub(super) const STAGES: [&str; 5] = ["bind", "lay out", "write OFD", "write PDF", "seal"];

/// Sums over all certificates of the run.
pub(super) struct Stages {
    pairs: u32,
    times: [Duration; STAGES.len()],
    /// Of each pair, all stages.
    pair_times: Vec<Duration>,
    ofd_bytes: u64,
    pdf_bytes: u64,
}

impl Stages {
    /// Renders `records` in turn for about `span`, at least one.
    pub(super) fn measure(
        press: &Press,
        records: &[Record],
        options: &RenderOptions,
        span: Duration,
    ) -> Result<Stages, RenderError> {
        let mut sum = Stages {
            pairs: 0,
            times: Default::default(),
            pair_times: Vec::new(),
            ofd_bytes: 0,
            pdf_bytes: 0,
        };
        let end = Instant::now() + span;
        for record in records.iter().cycle() {
            sum.one(press, record, options)?;
            if Instant::now() >= end {
                break;
            }
        }
        sum.pair_times.sort_unstable();
        Ok(sum)
    }

    /// The steps of [`Press::render_with`], with a clock between them.
    fn one(&mut self, press: &Press, record: &Record, options: &RenderOptions) -> Result<(), RenderError> {
        let time = options.time.unwrap_or_else(Timestamp::now);
        let t0 = thread_time();
        let entry = press.bind(record, options)?;
        let t1 = thread_time();
        let document = press.lay(&entry, time, options)?;
        let t2 = thread_time();
        let ofd = press.write_ofd(&document)?;
        let t3 = thread_time();
        let pdf = press.write_pdf(&document)?;
        let t4 = thread_time();
        let Sealed { ofd, pdf } = press.seal(Some(ofd), Some(pdf), time, options)?;
        let t5 = thread_time();
        let steps = [t1 - t0, t2 - t1, t3 - t2, t4 - t3, t5 - t4];
        self.times.iter_mut().zip(steps).for_each(|(sum, step)| *sum += step);
        self.pairs += 1;
        self.pair_times.push(t5 - t0);
        self.ofd_bytes += ofd.map_or(0, |b| b.len() as u64);
        self.pdf_bytes += pdf.map_or(0, |b| b.len() as u64);
        Ok(())
    }

    /// The time of each stage for one pair.
    pub(super) fn mean(&self) -> [Duration; STAGES.len()] {
        self.times.map(|time| time / self.pairs)
    }

    /// The time within which `percent` of the pairs were done, each by itself.
    pub(super) fn percentile(&self, percent: usize) -> Duration {
        let at = self.pair_times.len() * percent / 100;
        self.pair_times.get(at).or(self.pair_times.last()).copied().unwrap_or_default()
    }

    /// Bytes of one OFD.
    pub(super) fn mean_ofd(&self) -> u64 {
        self.ofd_bytes / u64::from(self.pairs)
    }

    /// Bytes of one PDF.
    pub(super) fn mean_pdf(&self) -> u64 {
        self.pdf_bytes / u64::from(self.pairs)
    }
}
