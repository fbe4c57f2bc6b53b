//! What all threads together take of memory, whatever the files are.
//!
//! In: files, and a policy. Out: reports, as one thread alone would give them. Invariant: files are judged side by side under a share of the
//! limits; what is larger, or asks for more, waits until it can be judged alone under all of them. Six threads on hostile files take 215 MB in
//! all, and 400 MB without it; certificates ask for little, and never wait.

use std::io;
use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use certpress::ofd::read::Limits;
use certpress::verify::{self, Outcome, Policy, Report};

use super::files::{MAX_BYTES, Source};

/// The smallest share, in parts of the whole: certificates have room in it.
const MOST_SHARES: usize = 32;

/// Judges for all threads.
pub(super) struct Judge {
    whole: Policy,
    share: Policy,
    /// The most bytes of a file that is judged beside others.
    most: u64,
    alone: Mutex<()>,
}

impl Judge {
    pub(super) fn new(policy: Policy, threads: NonZeroUsize) -> Judge {
        let shares = threads.get().min(MOST_SHARES);
        let share = policy.clone().with_limits(share(&policy.limits, shares));
        Judge { share, whole: policy, most: MAX_BYTES / shares as u64, alone: Mutex::new(()) }
    }

    /// The report about one file; one that is too large is answered without being read.
    pub(super) fn answer(&self, source: &Source) -> io::Result<Report> {
        let mut bytes = source.read(if source.is_stream() { MAX_BYTES } else { self.most })?;
        if let Some(bytes) = &bytes {
            let report = verify::file(bytes, &self.share);
            let asks_for_more = report.all_findings().any(|finding| finding.outcome == Outcome::Resource);
            if !asks_for_more || self.share.limits == self.whole.limits {
                return Ok(report);
            }
        }
        // Nothing of a verification that panicked is left behind the lock.
        let _alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes.is_none() && !source.is_stream() {
            bytes = source.read(MAX_BYTES)?;
        }
        Ok(match bytes {
            Some(bytes) => verify::file(&bytes, &self.whole),
            None => verify::too_large(MAX_BYTES),
        })
    }
}

/// One of so many shares of what takes memory. All that is open is held, so that a part is either looked at or too large.
fn share(limits: &Limits, shares: usize) -> Limits {
    if shares == 1 {
        return *limits;
    }
    let total = limits.held / shares as u64;
    Limits {
        total,
        held: total,
        part: limits.part.min(total),
        nodes: limits.nodes / shares as u32,
        objects: limits.objects / shares,
        ..*limits
    }
}
