//! `certpress render`: a file of records becomes a folder of certificates.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;

use certpress::batch::Batch;
use certpress::batch::name::NamePattern;
use certpress::batch::report::{Status, Summary};
use certpress::batch::sink::Folder;
use certpress::compile::Edition;
use certpress::office::Presses;
use certpress::record::{self, ReadError};

use super::closing::{Telling, story};
use super::failure::Failure;
use super::output::OutputArguments;
use super::press::{FontArguments, PasswordArguments, compile, open_office, sealed};
use super::progress::Progress;
use super::terminal::{complain, counted};
use super::{ALL_DONE, INTERRUPTED, SOME_FAILED};

/// Failed records told on stderr; the report has all of them.
const TOLD: u64 = 10;

/// The arguments of `certpress render`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP, allow_missing_positional = true)]
pub(crate) struct Arguments {
    /// The layout, such as layouts/title-senior.xml
    #[arg(value_name = "LAYOUT", required_unless_present = "catalogue", conflicts_with = "catalogue")]
    layout: Option<PathBuf>,

    #[command(flatten)]
    fonts: FontArguments,

    /// The records: .csv (UTF-8 or GB 18030), .jsonl or .xlsx
    ///
    /// The first row of a table names the fields, by the layout's names or by its labels (name or 姓名). Images are paths relative to
    /// this file.
    #[arg(value_name = "RECORDS")]
    records: PathBuf,

    /// The folder to write to; made if missing, else empty or of an earlier run
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,

    /// Seal with `demo`, which needs nothing, or with the seal in a folder of `certpress seal new`; repeat it as ROLE=… for a layout
    /// that several roles seal (one password opens all)
    #[arg(long, value_name = "[ROLE=]demo|FOLDER")]
    seal: Vec<String>,

    /// Put a timestamp on every signature, by the test authority that belongs to `demo` or the seal's folder
    #[arg(long, requires = "seal")]
    timestamp: bool,

    /// Choose layout, issuer, seal and number of each record by this catalogue.toml, in place of LAYOUT and --seal
    #[arg(long, value_name = "TOML", conflicts_with = "seal")]
    catalogue: Option<PathBuf>,

    /// electronic to be sealed; for paper, print: the whole page without a seal, or overprint (套打): only what the record decides
    #[arg(long, value_name = "electronic|print|overprint", default_value = "electronic", hide_default_value = true,
          value_parser = parse_edition, conflicts_with = "seal")]
    edition: Edition,

    #[command(flatten)]
    password: PasswordArguments,

    #[command(flatten)]
    output: OutputArguments,

    /// How files are named: text and {field}; {row} is the record's row [default: {number}, else {row}]
    #[arg(long, value_name = "PATTERN")]
    name: Option<String>,

    /// Give the SM3 of each OFD in the catalogue, beside SHA-256
    #[arg(long)]
    sm3: bool,

    /// Worker threads [default: as many as the machine has]
    #[arg(long, short, value_name = "N")]
    jobs: Option<NonZeroUsize>,

    /// Make at most so many certificates, the first ones
    #[arg(long, value_name = "N")]
    limit: Option<u64>,

    /// Print nothing unless something goes wrong
    #[arg(long, short)]
    quiet: bool,

    /// Print the sums as one line of JSON
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  Try a layout with its first ten records:
      certpress render layouts/title-senior.xml examples/title-senior.csv --seal demo --out out --limit 10

  Seal with a seal of your own, files named after number and holder:
      CERTPRESS_SEAL_PASSWORD=… certpress render layouts/title-senior.xml people.xlsx \\
          --seal my-seal --name '{number}-{name}' --out issued

  Only the OFD, and the same bytes on every run and machine:
      certpress render layouts/title-senior.xml people.jsonl --seal demo --formats ofd \\
          --time 2026-03-05T08:00:00Z --deterministic --out issued

  Only what the record decides, for sheets on which all else is printed already:
      certpress render layouts/title-senior.xml people.csv --edition overprint --formats pdf --out paper

  Certificates of several kinds and issuers, each under its issuer's own seal:
      certpress render --catalogue examples/catalogue.toml examples/title-senior-self-review.csv --out issued

What is written:
  DIR/NAME.ofd, DIR/NAME.pdf   each whole or not at all; files of an earlier run with the same name are replaced
  DIR/report.jsonl             a line for each record: row, number, status, files with length and SHA-256, warnings,
                               errors with code, field, value, message and hint
  DIR/catalogue.csv            a line for each certificate: row, metadata, files and their digests (ofd_sm3 with --sm3).
                               An apostrophe that begins a cell is not part of it: it keeps spreadsheets from reading a formula

A catalogue says which body issues which certificate, with which layout, seal and numbers; `examples/catalogue.toml` explains itself. What
it does not allow is a row of the report with a code that begins with catalogue. For paper (--edition) it needs no seals, but numbers
certificates all the same: to print what was issued, give RECORDS its numbers.

Profiles of the PDF's signature (all SM2 with SM3):
  cms      adbe.pkcs7.detached, RFC 5652: what most verifiers read
  cades    ETSI.CAdES.detached
  gm-cms   GM.sm2cms.detached, GB/T 35275
  gm-seal  GM.sm2seal, GB/T 38540

Exit codes: 0 all records done, 1 some records failed, 2 could not run, 130 stopped by Ctrl-C (what was begun is finished).";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let presses = arguments.presses()?;
    let names = pattern(arguments.name.as_deref(), &presses.field_names())?;
    let options = arguments.output.options(&arguments.records)?;
    let unreadable = |e: ReadError| {
        Failure::new(format!("the records in {}: {}", arguments.records.display(), e.message), e.hint)
    };
    let records = record::open(&arguments.records).map_err(unreadable)?;
    let folder = Folder::open(&arguments.out).map_err(|e| Failure::new(e.to_string(), e.hint()))?;

    let stop = stop_on_ctrl_c()?;
    let batch = Batch {
        presses: &*presses,
        options: &options,
        names: &names,
        folder: &folder,
        sm3: arguments.sm3,
        jobs: arguments.jobs.unwrap_or_else(all_threads),
        stop: &stop,
    };
    let quiet = arguments.quiet || arguments.json;
    let mut progress = Progress::new(arguments.records.clone(), arguments.limit, !quiet);
    let mut untold = 0;
    let mut told = 0;
    let limit = usize::try_from(arguments.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    let ended = batch.run(records.take(limit), |row| {
        progress.advance(row);
        match row.status {
            Status::Done => {}
            Status::Failed if told < TOLD => {
                told += 1;
                progress.complain(&story(row));
            }
            Status::Failed => untold += 1,
        }
    });
    progress.finish();
    let report = arguments.out.join("report.jsonl");
    if untold > 0 {
        complain(&format!("{} more failed: see {}", counted(untold, "record"), report.display()));
    }
    let sum = ended.map_err(|e| Failure::new(e.to_string(), ""))?;
    Telling {
        json: arguments.json,
        quiet: arguments.quiet,
        edition: arguments.edition,
        sealed: !arguments.seal.is_empty()
            || (arguments.catalogue.is_some() && !arguments.edition.is_paper()),
        out: &arguments.out,
        report: &report,
    }
    .close(&sum)?;
    Ok(match &sum {
        Summary { interrupted: true, .. } => INTERRUPTED,
        Summary { failed: 0, .. } => ALL_DONE,
        _ => SOME_FAILED,
    })
}

impl Arguments {
    /// What makes the certificates: the layout's press, or the catalogue's office.
    fn presses(&self) -> Result<Box<dyn Presses>, Failure> {
        if let Some(catalogue) = &self.catalogue {
            let office =
                open_office(catalogue, self.edition, &self.fonts, &self.password, self.output.moment())?;
            return Ok(Box::new(office));
        }
        let layout = self.layout.as_deref().ok_or_else(|| {
            Failure::new(
                "neither a layout nor a catalogue is named",
                "`certpress render --help` shows examples",
            )
        })?;
        let press = compile(layout, &self.fonts, self.edition)?;
        Ok(Box::new(sealed(press, &self.seal, self.timestamp, &self.password)?))
    }
}

pub(crate) fn parse_edition(text: &str) -> Result<Edition, String> {
    let named = Edition::ALL.into_iter().find(|(name, _)| *name == text);
    named.map(|(_, edition)| edition).ok_or_else(|| "write electronic, print or overprint".into())
}

fn pattern(given: Option<&str>, fields: &[&str]) -> Result<NamePattern, Failure> {
    match given {
        None => Ok(NamePattern::usual(fields.iter().copied())),
        Some(pattern) => NamePattern::parse(pattern, fields.iter().copied()).map_err(|e| {
            Failure::new(format!("--name: {e}"), format!("the fields are row, {}", fields.join(", ")))
        }),
    }
}

/// The number of threads that the machine runs at once.
pub(crate) fn all_threads() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// A flag that the first Ctrl-C sets; the second ends the process. Files are whole in either case.
fn stop_on_ctrl_c() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
    })
    .map_err(|e| Failure::new(format!("cannot listen for Ctrl-C: {e}"), ""))?;
    Ok(stop)
}
