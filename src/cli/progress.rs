//! The progress bar on stderr; nothing where stderr is not a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use certpress::batch::{Row, Status};

/// How far the batch has come.
pub(crate) struct Progress {
    bar: ProgressBar,
    failed: u64,
}

impl Progress {
    /// A bar for so many records, of which `past` were dealt with in earlier sittings; invisible unless `wanted` and stderr is a terminal.
    pub(crate) fn new(records: u64, past: u64, wanted: bool) -> Progress {
        let target =
            if wanted { ProgressDrawTarget::stderr_with_hz(10) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(records), target).with_position(past);
        let template = "{bar:30} {human_pos}/{human_len} certificates  {per_sec}  {eta} left  {msg}";
        let style = ProgressStyle::with_template(template).expect("the template is right");
        bar.set_style(style.with_key("per_sec", per_second));
        if !bar.is_hidden() {
            bar.reset_eta();
            bar.enable_steady_tick(Duration::from_millis(100));
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
