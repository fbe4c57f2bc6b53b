//! The progress bar on stderr; nothing where stderr is not a terminal.

use std::path::PathBuf;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use certpress::batch::report::{Row, Status};
use certpress::record;

/// How far the batch has come.
pub(crate) struct Progress {
    bar: ProgressBar,
    failed: u64,
}

impl Progress {
    /// A bar for the records of `path`, of which at most `limit` are made; invisible unless `wanted` and stderr is a terminal.
    pub(crate) fn new(path: PathBuf, limit: Option<u64>, wanted: bool) -> Progress {
        let target =
            if wanted { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(limit, target);
        let style = |template: &str| ProgressStyle::with_template(template).expect("the template is right");
        let unknown = "{spinner} {human_pos} certificates  {per_sec}  {msg}";
        let known = "{bar:30} {human_pos}/{human_len} certificates  {per_sec}  {eta} left  {msg}";
        bar.set_style(style(unknown).with_key("per_sec", per_second));
        if !bar.is_hidden() {
            bar.enable_steady_tick(Duration::from_millis(100));
            // Records are streamed, so nobody knows their number yet. Counting them beside the work costs little, and only those
            // who look at a bar pay for it; the thread ends with the process at the latest.
            let (bar, known) = (bar.clone(), style(known).with_key("per_sec", per_second));
            std::thread::spawn(move || {
                let count = record::open(&path).map_or(0, |records| records.count() as u64);
                bar.set_length(limit.map_or(count, |limit| limit.min(count)));
                bar.set_style(known);
            });
        }
        Progress { bar, failed: 0 }
    }

    /// One record more.
    pub(crate) fn advance(&mut self, row: &Row) {
        self.bar.inc(1);
        if row.status == Status::Failed {
            self.failed += 1;
            self.bar.set_message(format!("{} failed", self.failed));
        }
    }

    /// Prints a complaint above the bar.
    pub(crate) fn complain(&self, text: &str) {
        self.bar.suspend(|| super::terminal::complain(text));
    }

    /// Removes the bar.
    pub(crate) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

/// The rate in whole certificates.
fn per_second(state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write) {
    let _ = write!(out, "{:.0}/s", state.per_sec());
}
