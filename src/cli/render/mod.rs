//! `certpress render`: a file of records becomes a folder of certificates.

mod target;

use std::num::NonZeroU64;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{Args, ValueEnum};

use certpress::batch::name::NamePattern;
use certpress::batch::{
    ArchiveKind, Batch, Head, Journal, LIMIT, Lasting, MANIFEST, RECORDS, SHARD, Selection, Sink, Status,
    Summary, Survey,
};
use certpress::compile::Edition;
use certpress::office::Presses;
use certpress::record::{self, ReadError, Record, Records};

use super::closing::{Telling, story};
use super::failure::Failure;
use super::jobs::Jobs;
use super::output::OutputArguments;
use super::press::{FontArguments, PasswordArguments, compile, open_office, sealed};
use super::progress::Progress;
use super::terminal::{complain, counted, grouped};
use super::{ALL_DONE, INTERRUPTED, SOME_FAILED};
use target::{Earlier, Target, open_archive, open_folder, open_stream};

/// More records than a folder of files is handy for.
const MANY: u64 = 10_000;
/// Rows of a folder where there are many.
const SHARD_ROWS: u64 = 1_000;
/// Failed records told on stderr; the manifest has all of them.
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

    /// The folder to write to, new or empty; or an archive, x.zip or x.tar; or - for standard output (with --archive)
    #[arg(long, short, value_name = "DIR|FILE|-")]
    out: PathBuf,

    /// Write one archive whatever --out is called, with catalogue and manifest as its last members
    #[arg(long, value_enum)]
    archive: Option<ArchiveFormat>,

    /// Go on with the batch in DIR, which was stopped or killed; refused if layout, fonts, seal, records or options have changed
    #[arg(long, conflicts_with = "replace")]
    resume: bool,

    /// Remove the batch in DIR, all files that its manifest lists, and begin anew
    #[arg(long)]
    replace: bool,

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

    /// How files are named: text and {field}, / between folders; {row} is the record's row [default: {number}, else {row}]
    #[arg(long, value_name = "PATTERN")]
    name: Option<String>,

    /// Give each so many rows a folder of their own; 0 for never [default: 1000 for more than 10,000 records, unless --name has folders]
    #[arg(long, value_name = "ROWS")]
    shard: Option<u64>,

    /// Leave the SM3 of each file out of manifest and catalogue; on a processor without AVX2 it costs several times as much as SHA-256
    #[arg(long)]
    no_sm3: bool,

    /// Do not wait for the disk: a killed run is resumed all the same, but after a power cut files may be torn
    #[arg(long)]
    no_sync: bool,

    /// Stop when more records than this have failed; before anything is written, if they cannot be read or repeat a number
    #[arg(long, value_name = "N")]
    max_errors: Option<u64>,

    /// Only the records that failed in the batch of this manifest or folder, mended where they stand in RECORDS
    #[arg(long, value_name = "MANIFEST", conflicts_with = "limit")]
    only_failed: Option<PathBuf>,

    #[command(flatten)]
    jobs: Jobs,

    /// Make at most so many certificates, the first ones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    limit: Option<u64>,

    /// Print nothing unless something goes wrong
    #[arg(long, short)]
    quiet: bool,

    /// Print the sums as one line of JSON
    #[arg(long)]
    json: bool,
}

/// A kind of archive.
#[derive(Clone, Copy, ValueEnum)]
enum ArchiveFormat {
    Zip,
    Tar,
}

impl From<ArchiveFormat> for ArchiveKind {
    fn from(format: ArchiveFormat) -> ArchiveKind {
        match format {
            ArchiveFormat::Zip => ArchiveKind::Zip,
            ArchiveFormat::Tar => ArchiveKind::Tar,
        }
    }
}

const AFTER_HELP: &str = "\
Examples:
  Try a layout with its first ten records, again and again:
      certpress render layouts/title-senior.xml examples/title-senior.csv --seal demo --out out --limit 10 --replace

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

  Go on after Ctrl-C, a crash or a full disk, with the same command and --resume:
      certpress render layouts/title-senior.xml people.csv --seal my-seal --out issued --resume

  Only what failed, after its rows were mended in people.csv:
      certpress render layouts/title-senior.xml people.csv --seal my-seal \\
          --only-failed issued/manifest.jsonl --out issued-2

  Into one archive, or through a pipe:
      certpress render layouts/title-senior.xml people.csv --seal demo --out issued.zip
      certpress render layouts/title-senior.xml people.csv --seal demo --out - --archive tar | ssh archive tar x

What is written:
  DIR/NAME.ofd, DIR/NAME.pdf   each whole and listed in the manifest from the moment it bears its
                               name
  DIR/manifest.jsonl           first what the batch is made of, then a line for each record: row,
                               number, identifier, status, time, seals, files with length, SHA-256
                               and SM3, metadata, warnings, errors with code, field, value, message
                               and hint; at last a line that says that it is finished. `certpress
                               manifest check DIR` compares
  DIR/catalogue.csv            once it is finished, a line for each certificate: row, metadata,
                               files and their digests. An apostrophe that begins a cell is not part
                               of it: it keeps spreadsheets from reading a formula

Before anything is written, all records are looked at once: a number or identifier that is there twice is an error of the later row. Ctrl-C finishes what was begun and leaves a batch that --resume goes on with; a second Ctrl-C stops at once, which is as safe. docs/batches.md has more for who runs large batches.

A catalogue says which body issues which certificate, with which layout, seal and numbers; `examples/catalogue.toml` explains itself. What it does not allow is a row of the manifest with a code that begins with catalogue. For paper (--edition) it needs no seals, but numbers certificates all the same: to print what was issued, give RECORDS its numbers.

Profiles of the PDF's signature (all SM2 with SM3):
  cms      adbe.pkcs7.detached, RFC 5652: what most verifiers read
  cades    ETSI.CAdES.detached
  gm-cms   GM.sm2cms.detached, GB/T 35275
  gm-seal  GM.sm2seal, GB/T 38540

Exit codes: 0 all records done, 1 some records failed, 2 could not run or not to the end, 130 stopped by Ctrl-C.";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let target = Target::new(&arguments.out, arguments.archive.map(Into::into))?;
    let presses = arguments.presses()?;
    let names = pattern(arguments.name.as_deref(), &presses.field_names())?;
    let options = arguments.output.options(&arguments.records)?;
    let selection = arguments.selection()?;
    let survey = arguments.survey(&*presses, &names, &selection)?;
    let shard = arguments.shard(&survey, &names);
    let head = arguments.head(&*presses, &names, shard, &survey)?;

    let stop = stop_on_ctrl_c()?;
    let batch = Batch {
        presses: &*presses,
        options: &options,
        names: &names,
        shard,
        sm3: !arguments.no_sm3,
        jobs: arguments.jobs.get(),
        max_errors: arguments.max_errors,
        stop: &stop,
    };
    let records =
        arguments.open()?.filter(|record| selection.has(record.as_ref().map_or_else(|e| e.row, Record::row)));
    let (earlier, lasting) =
        (arguments.earlier(), if arguments.no_sync { Lasting::Unsynced } else { Lasting::Synced });
    let run = Run { arguments, target: &target, batch, survey };
    match &target {
        Target::Folder(path) => run.drive(open_folder(path, &head, earlier, lasting)?, records),
        Target::Archive(path, kind) => run.drive(open_archive(path, *kind, &head, earlier)?, records),
        Target::Stream(kind) => run.drive(open_stream(*kind, &head, earlier)?, records),
    }
}

/// A batch that is about to begin.
struct Run<'a> {
    arguments: &'a Arguments,
    target: &'a Target,
    batch: Batch<'a>,
    survey: Survey,
}

impl Run<'_> {
    /// Renders `records` into a sink, and tells of it.
    fn drive<S: Sink>(
        self,
        (sink, mut journal): (S, Journal),
        records: impl Iterator<Item = Result<Record, ReadError>>,
    ) -> Result<u8, Failure> {
        let Run { arguments, target, batch, survey } = self;
        let quiet = arguments.quiet || arguments.json;
        let (count, past) = (survey.records(), journal.past().resumed);
        let mut progress = Progress::new(count, past, !quiet);
        let (mut told, mut untold, mut listed) = (0, 0, past);
        let ended = batch.run(survey, records.take(arguments.limit()), &sink, &mut journal, |row| {
            progress.advance(row);
            listed += 1;
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
        if untold > 0 {
            let more = counted(untold, "more record");
            complain(&format!("{more} failed: see the manifest in {}", target.name()));
        }
        let sum = ended.map_err(|e| {
            let mut hint = e.hint().to_owned();
            if target.is_resumable() {
                let then = if hint.is_empty() { "" } else { ", then " };
                let (done, count) = (grouped(listed), counted(count, "record"));
                hint.push_str(&format!("{then}go on with --resume: {done} of {count} are dealt with"));
            } else {
                hint.push_str(if hint.is_empty() { "begin anew" } else { ", then begin anew" });
            }
            Failure::new(e.to_string(), hint)
        })?;
        Telling {
            json: arguments.json,
            quiet: arguments.quiet,
            edition: arguments.edition,
            sealed: !arguments.seal.is_empty()
                || (arguments.catalogue.is_some() && !arguments.edition.is_paper()),
            out: target.name(),
            records: count,
            on_stderr: target.is_stdout(),
            manifest: target.is_resumable().then(|| journal.path().to_owned()),
        }
        .close(&sum)?;
        Ok(match &sum {
            Summary { interrupted: true, .. } => INTERRUPTED,
            Summary { failed: 0, .. } => ALL_DONE,
            _ => SOME_FAILED,
        })
    }
}

impl Arguments {
    /// The records.
    fn open(&self) -> Result<Records, Failure> {
        record::open(&self.records).map_err(|e| self.unreadable(&e.message, e.hint))
    }

    fn unreadable(&self, message: &str, hint: &str) -> Failure {
        Failure::new(format!("the records in {}: {message}", self.records.display()), hint)
    }

    /// The most records.
    fn limit(&self) -> usize {
        usize::try_from(self.limit.unwrap_or(u64::MAX)).unwrap_or(usize::MAX)
    }

    /// Which records.
    fn selection(&self) -> Result<Selection, Failure> {
        let Some(manifest) = &self.only_failed else { return Ok(Selection::default()) };
        let in_folder = manifest.is_dir().then(|| manifest.join(MANIFEST));
        Selection::only_failed(in_folder.as_ref().unwrap_or(manifest))
            .map_err(|e| Failure::new(format!("--only-failed {}: {e}", manifest.display()), e.hint()))
    }

    /// Looks at all records, before anything is written.
    fn survey(
        &self,
        presses: &dyn Presses,
        names: &NamePattern,
        selection: &Selection,
    ) -> Result<Survey, Failure> {
        let survey = Survey::of(self.open()?.take(self.limit()), selection, presses, names)
            .map_err(|e| self.unreadable(&e.to_string(), e.hint()))?;
        if survey.records() == 0 {
            return Err(self.unreadable("there are none", "look whether it is the file that was meant"));
        }
        if let Some(most) = self.max_errors.filter(|most| survey.faulty() > *most) {
            survey.faults().iter().for_each(|(row, fault)| complain(&format!("row {row}: {fault}")));
            let faulty = counted(survey.faulty(), "record");
            let message = format!(
                "{faulty} cannot be read, or repeat a number or identifier: more than --max-errors {most}"
            );
            return Err(Failure::new(message, "nothing was written: mend them, or allow more errors"));
        }
        Ok(survey)
    }

    /// How many rows go into a folder of their own.
    fn shard(&self, survey: &Survey, names: &NamePattern) -> Option<NonZeroU64> {
        let usual = if names.has_folders() || survey.records() <= MANY { 0 } else { SHARD_ROWS };
        NonZeroU64::new(self.shard.unwrap_or(usual))
    }

    /// What the certificates are made of: with anything else, they are not gone on with.
    fn head(
        &self,
        presses: &dyn Presses,
        names: &NamePattern,
        shard: Option<NonZeroU64>,
        survey: &Survey,
    ) -> Result<Head, Failure> {
        let head = Head::new(presses, survey.records()).with_input(RECORDS, survey.digest());
        let head = self.output.describe(head)?.with_option("name", names.as_str());
        let (edition, _) =
            Edition::ALL.into_iter().find(|(_, edition)| *edition == self.edition).unwrap_or_default();
        let head = head.with_option("edition", edition).with_option("sm3", (!self.no_sm3).to_string());
        let head = head.with_option("timestamp", self.timestamp.to_string());
        let sizes = [(SHARD, shard.map(NonZeroU64::get)), (LIMIT, self.limit)];
        let given = sizes.into_iter().filter_map(|(name, size)| Some((name, size?.to_string())));
        Ok(given.fold(head, |head, (name, size)| head.with_option(name, size)))
    }

    fn earlier(&self) -> Earlier {
        match (self.resume, self.replace) {
            (true, _) => Earlier::Resume,
            (_, true) => Earlier::Replace,
            _ => Earlier::Refuse,
        }
    }

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
        let press = sealed(press, &self.seal, self.timestamp, &self.password)?;
        press
            .check_seals(self.output.moment())
            .map_err(|e| Failure::new(e.to_string(), "give a seal that is valid then, or another --time"))?;
        Ok(Box::new(press))
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

/// A flag that the first Ctrl-C sets; the second ends the process. The batch can be resumed in either case.
fn stop_on_ctrl_c() -> Result<Arc<AtomicBool>, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = Arc::clone(&stop);
    ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(INTERRUPTED.into());
        }
        complain("stopping when what was begun is finished; Ctrl-C again stops at once");
    })
    .map_err(|e| Failure::new(format!("cannot listen for Ctrl-C: {e}"), ""))?;
    Ok(stop)
}
