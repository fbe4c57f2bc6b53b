//! What is said about a batch: failed records while it runs, its sums when it has ended.

use std::path::PathBuf;

use certpress::batch::{Row, Summary};
use certpress::compile::Edition;

use super::failure::Failure;
use super::terminal::{bytes, complain, counted, grouped, say};

/// What is wrong with a record, for a person.
pub(super) fn story(row: &Row) -> String {
    let lines: Vec<String> = row.errors.iter().map(|e| format!("row {}: {e}", row.row)).collect();
    lines.join("\n")
}

/// How the sums are told.
pub(super) struct Telling {
    /// As one line of JSON.
    pub(super) json: bool,
    /// Only what deserves a look.
    pub(super) quiet: bool,
    /// Which edition was made.
    pub(super) edition: Edition,
    /// Whether a seal was given.
    pub(super) sealed: bool,
    /// Where the files are.
    pub(super) out: String,
    /// How many records there are.
    pub(super) records: u64,
    /// Standard output is taken.
    pub(super) on_stderr: bool,
    /// Where the manifest is, if it is not in an archive.
    pub(super) manifest: Option<PathBuf>,
}

impl Telling {
    /// The closing line, and what else deserves a look.
    pub(super) fn close(self, sum: &Summary) -> Result<(), Failure> {
        if self.json {
            let line = serde_json::json!({
                "done": sum.done,
                "failed": sum.failed,
                "warned": sum.warned,
                "files": sum.files,
                "records": self.records,
                "resumed": sum.resumed,
                "bytes": sum.bytes,
                "seconds": sum.elapsed.as_secs_f64(),
                "per_second": sum.rate(),
                "sealed": self.sealed,
                "interrupted": sum.interrupted,
                "ignored_columns": sum.ignored.iter().map(|unknown| &unknown.name).collect::<Vec<_>>(),
                "out": self.out,
                "manifest": self.manifest.as_ref().map(|path| path.display().to_string()),
            });
            return self.tell(&line.to_string());
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
        self.tell(&closing_line(sum, self.records, &self.out))?;
        if sum.interrupted {
            complain(match self.manifest {
                Some(_) => "note: give the same command with --resume to go on",
                None => "note: an archive cannot be gone on with: begin anew, or name a folder",
            });
        } else if let Some(manifest) = self.manifest.as_ref().filter(|_| sum.failed > 0) {
            let manifest = manifest.display();
            complain(&format!(
                "note: mend the failed rows where they stand and add --only-failed {manifest} --out ANOTHER to make them alone"
            ));
        }
        Ok(())
    }

    fn tell(&self, line: &str) -> Result<(), Failure> {
        if self.on_stderr {
            complain(line);
            return Ok(());
        }
        Ok(say(line)?)
    }
}

fn closing_line(sum: &Summary, records: u64, out: &str) -> String {
    let mut line = counted(sum.done, "certificate");
    // Nothing was left to be done: there is no rate.
    if sum.records() > sum.resumed {
        line.push_str(&format!(" in {:.2} s ({:.0}/s)", sum.elapsed.as_secs_f64(), sum.rate()));
    }
    line.push_str(&format!(": {}, {} in {out}", counted(sum.files, "file"), bytes(sum.bytes)));
    if sum.resumed > 0 {
        line.push_str(&format!("; {} from earlier sittings", counted(sum.resumed, "record")));
    }
    if sum.warned > 0 {
        line.push_str(&format!("; {} with warnings", counted(sum.warned, "record")));
    }
    if sum.failed > 0 {
        line.push_str(&format!("; {} FAILED", counted(sum.failed, "record")));
    }
    if sum.interrupted {
        let dealt_with = grouped(sum.records());
        line.push_str(&format!(
            "; stopped before the end, at {dealt_with} of {}",
            counted(records, "record")
        ));
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
        assert_eq!(closing_line(&sum, 1000, "out"), line);
        (sum.resumed, sum.warned, sum.failed, sum.interrupted) = (1, 2, 1, true);
        let rest = "; 1 record from earlier sittings; 2 records with warnings; 1 record FAILED; \
                    stopped before the end, at 1,001 of 2,000 records";
        assert_eq!(closing_line(&sum, 2000, "out"), format!("{line}{rest}"));
        sum = Summary { resumed: 1001, interrupted: false, ..sum };
        assert!(closing_line(&sum, 2000, "out").starts_with("1,000 certificates: 2,000 files, "));
    }
}
