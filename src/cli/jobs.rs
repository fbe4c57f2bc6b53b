//! `--jobs`: how many threads work.
//!
//! In: the option. Out: a number of threads. Invariant: no more than a system starts without complaint.

use std::num::NonZeroUsize;

use clap::Args;

/// The most threads: far more than processors, for signers that are far away, and a few gigabytes of address space for their stacks.
const MOST: usize = 1024;

/// How many threads work.
#[derive(Args)]
pub(crate) struct Jobs {
    /// Worker threads, up to 1024 [default: as many as the machine has]
    #[arg(long, short, value_name = "N", value_parser = parse)]
    jobs: Option<NonZeroUsize>,
}

impl Jobs {
    /// The number that was given, or else that of the threads which the machine runs at once.
    pub(crate) fn get(&self) -> NonZeroUsize {
        self.jobs.unwrap_or_else(|| std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN))
    }
}

fn parse(text: &str) -> Result<NonZeroUsize, String> {
    let jobs = text.parse().ok().filter(|jobs: &NonZeroUsize| jobs.get() <= MOST);
    jobs.ok_or_else(|| format!("write a number from 1 to {MOST}"))
}
