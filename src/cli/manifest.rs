//! `certpress manifest check`: whether a batch's files are what its manifest lists.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use certpress::batch::{Findings, MANIFEST, check};

use super::failure::Failure;
use super::terminal::{complain, counted, say};
use super::{ALL_DONE, SOME_FAILED};

/// `certpress manifest …`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Find any file of a batch that was changed, is missing, or is not listed.
    Check(Check),
}

/// The arguments of `certpress manifest check`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Check {
    /// The folder of a batch, or the manifest.jsonl in it
    #[arg(value_name = "DIR")]
    batch: PathBuf,

    /// Print what was found as one line of JSON
    #[arg(long)]
    json: bool,

    /// Print nothing; the exit code says it
    #[arg(long, short, conflicts_with = "json")]
    quiet: bool,
}

const AFTER_HELP: &str = "\
Examples:
  certpress manifest check issued
  certpress manifest check issued --json | jq .changed

Every listed file is read, and its length, SHA-256 and SM3 (where it is listed) are compared. What was changed, is missing, cannot be read, or is not listed is told by name. The check of a batch that is not finished says so: finish it with `certpress render … --resume`.

This finds accidents, and files that were exchanged one by one. Who can write the folder can write a manifest for it, too: keep the manifest's own digest elsewhere if that matters. Whether a certificate is genuine, its seal says.

Exit codes: 0 finished and all as listed, 1 not so, 2 could not run.";

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<u8, Failure> {
    let Command::Check(Check { batch, json, quiet }) = command;
    let folder = match batch.parent() {
        Some(folder) if batch.is_file() && batch.ends_with(MANIFEST) => &Path::new(".").join(folder),
        _ => batch,
    };
    let findings = check(folder).map_err(|e| Failure::new(e.to_string(), e.hint()))?;
    if *json {
        say(&to_json(&findings))?;
    } else if !quiet {
        for (what, names) in [
            ("changed", &findings.changed),
            ("missing", &findings.missing),
            ("unreadable", &findings.unreadable),
            ("extra", &findings.extra),
        ] {
            names.iter().try_for_each(|name| say(&format!("{what}: {name}")))?;
        }
        let files = counted(findings.intact, "file");
        say(&format!("{files} of {} as listed", folder.join(MANIFEST).display()))?;
        if !findings.finished {
            complain("note: the batch is not finished, or its manifest was cut short: go on with --resume");
        }
        if findings.unreleased > 0 {
            let files = counted(findings.unreleased, "file");
            complain(&format!(
                "note: {files} of a killed run wait under temporary names: go on with --resume"
            ));
        }
    }
    Ok(if findings.hold() { ALL_DONE } else { SOME_FAILED })
}

fn to_json(findings: &Findings) -> String {
    let Findings { intact, changed, missing, unreadable, extra, unreleased, finished } = findings;
    let line = serde_json::json!({
        "holds": findings.hold(),
        "finished": finished,
        "intact": intact,
        "changed": changed,
        "missing": missing,
        "unreadable": unreadable,
        "extra": extra,
        "unreleased": unreleased,
    });
    line.to_string()
}
