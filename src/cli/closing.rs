//! What is said about a batch: failed records while it runs, its sums when it has ended.

use std::path::Path;

use certpress::batch::report::{Row, Summary};
use certpress::compile::Edition;

use super::failure::Failure;
use super::terminal::{bytes, complain, counted, say};

/// What is wrong with a record, for a person.
pub(super) fn story(row: &Row) -> String {
    let lines: Vec<String> = row.errors.iter().map(|e| format!("row {}: {e}", row.row)).collect();
    lines.join("\n")
}

/// How the sums are told.
#[derive(Clone, Copy)]
pub(super) struct Telling<'a> {
    /// As one line of JSON.
    pub(super) json: bool,
    /// Only what deserves a look.
    pub(super) quiet: bool,
    /// Which edition was made.
    pub(super) edition: Edition,
    /// Whether a seal was given.
    pub(super) sealed: bool,
    /// Where the files are.
    pub(super) out: &'a Path,
    /// Where the report is.
    pub(super) report: &'a Path,
}

impl Telling<'_> {
    /// The closing line, and what else deserves a look.
    pub(super) fn close(self, sum: &Summary) -> Result<(), Failure> {
        if self.json {
            let line = serde_json::json!({
                "done": sum.done,
                "failed": sum.failed,
                "warned": sum.warned,
                "files": sum.files,
                "replaced": sum.replaced,
                "bytes": sum.bytes,
                "seconds": sum.elapsed.as_secs_f64(),
                "per_second": sum.rate(),
                "sealed": self.sealed,
                "interrupted": sum.interrupted,
                "ignored_columns": sum.ignored.iter().map(|unknown| &unknown.name).collect::<Vec<_>>(),
                "report": self.report.display().to_string(),
            });
            return Ok(say(&line.to_string())?);
        }
        if !sum.ignored.is_empty() {
            let names: Vec<String> = sum.ignored.iter().map(ToString::to_string).collect();
            complain(&format!("warning: no field of the layout takes these columns: {}", names.join(", ")));
        }
        if self.quiet {
            return Ok(());
        }
        if !self.sealed && !self.edition.is_paper() {
            complain("note: nothing was sealed; --seal demo or --seal FOLDER does it");
        }
        Ok(say(&closing_line(sum, self.out))?)
    }
}

fn closing_line(sum: &Summary, out: &Path) -> String {
    let mut line = format!(
        "{} in {:.2} s ({:.0}/s): {}, {} in {}",
        counted(sum.done, "certificate"),
        sum.elapsed.as_secs_f64(),
        sum.rate(),
        counted(sum.files, "file"),
        bytes(sum.bytes),
        out.display(),
    );
    if sum.replaced > 0 {
        line.push_str(&format!("; {} replaced", counted(sum.replaced, "earlier file")));
    }
    if sum.warned > 0 {
        line.push_str(&format!("; {} with warnings", counted(sum.warned, "record")));
    }
    if sum.failed > 0 {
        line.push_str(&format!("; {} FAILED", counted(sum.failed, "record")));
    }
    if sum.interrupted {
        line.push_str("; stopped before the end");
    }
    line
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_closing_line_says_counts_rate_bytes_and_time_and_the_rest_only_when_there_is_any() {
        let mut sum = Summary {
            done: 1000,
            files: 2000,
            bytes: 142_310_000,
            elapsed: Duration::from_millis(800),
            ..Summary::default()
        };
        let line = "1,000 certificates in 0.80 s (1250/s): 2,000 files, 142.31 MB in out";
        assert_eq!(closing_line(&sum, Path::new("out")), line);
        (sum.replaced, sum.warned, sum.failed, sum.interrupted) = (1, 2, 3, true);
        let rest =
            "; 1 earlier file replaced; 2 records with warnings; 3 records FAILED; stopped before the end";
        assert_eq!(closing_line(&sum, Path::new("out")), format!("{line}{rest}"));
    }
}
