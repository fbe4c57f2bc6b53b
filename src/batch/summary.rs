//! The sums of a run.

use std::time::Duration;

use super::row::{Row, Status};
use crate::record::UnknownName;

/// The sums of a run; with those of its earlier sittings, if it was resumed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records that became certificates.
    pub done: u64,
    /// Records that did not.
    pub failed: u64,
    /// Records with warnings, done or not.
    pub warned: u64,
    /// Files written.
    pub files: u64,
    /// Bytes written.
    pub bytes: u64,
    /// How many of the records were done or had failed in earlier sittings.
    pub resumed: u64,
    /// Columns of the first record that belong to no field of the layout.
    pub ignored: Vec<UnknownName>,
    /// From the first record of this sitting to the last.
    pub elapsed: Duration,
    /// Whether it was stopped before the records ended.
    pub interrupted: bool,
}

impl Summary {
    /// Counts `row` in.
    pub(crate) fn add(&mut self, row: &Row) {
        match row.status {
            Status::Done => self.done += 1,
            Status::Failed => self.failed += 1,
        }
        self.warned += u64::from(!row.warnings.is_empty());
        for file in &row.files {
            self.files += 1;
            self.bytes += file.bytes;
        }
    }

    /// Records dealt with.
    pub fn records(&self) -> u64 {
        self.done + self.failed
    }

    /// Records dealt with per second of this sitting; 0 if no time passed.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { (self.records() - self.resumed) as f64 / seconds } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::row::tests::{done, failed};

    #[test]
    fn the_sums_count_records_files_and_bytes() {
        let mut sum = Summary::default();
        sum.add(&done(2));
        sum.add(&failed(3));
        sum.elapsed = Duration::from_millis(500);
        assert_eq!((sum.done, sum.failed, sum.warned), (1, 1, 0));
        assert_eq!((sum.files, sum.bytes), (1, 90));
        assert_eq!(sum.rate(), 4.0);
        sum.resumed = 1;
        assert_eq!(sum.rate(), 2.0);
    }
}
