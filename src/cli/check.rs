//! `certpress check`: what is wrong with layouts, and what deserves a look, before anything is issued.

mod told;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use certpress::Layout;
use certpress::compile::Edition;
use certpress::diag::Severity;
use certpress::proof::{self, Finding, Mistakes, Survey, archive};
use certpress::record::{self, ReadError};

use super::failure::Failure;
use super::output::RecordOptions;
use super::press::{FontArguments, PasswordArguments, sealed_for_proofs};
use super::render::parse_edition;
use super::sample;
use super::{ALL_DONE, SOME_FAILED};
pub(crate) use told::row;
use told::{Answer, Told};

/// The arguments of `certpress check`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Layouts, each followed by its records if there are any: LAYOUT.xml [RECORDS] …
    #[arg(value_name = "LAYOUT [RECORDS]", required = true)]
    files: Vec<PathBuf>,

    /// Take warnings for mistakes: they make the exit code 1
    #[arg(long)]
    strict: bool,

    /// Also say whether what is written stays within OFD-A (GB/T 42133) and PDF/A-3
    #[arg(long)]
    archive: bool,

    /// Which edition of the layouts
    #[arg(long, value_name = "electronic|print|overprint", default_value = "electronic", value_parser = parse_edition)]
    edition: Edition,

    /// Look at so many records of each file, the first ones
    #[arg(long, value_name = "N", default_value = "1000")]
    limit: NonZeroUsize,

    /// The seal, as `render` takes it; without one the demonstration seal stands in
    #[arg(long, value_name = "demo|FOLDER|ROLE=FOLDER")]
    seal: Vec<String>,

    /// A line of JSON for each finding, and one for each layout
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    fonts: FontArguments,

    #[command(flatten)]
    password: PasswordArguments,

    #[command(flatten)]
    records: RecordOptions,
}

const AFTER_HELP: &str = "\
Examples:
  A layout by itself, then with its records, then several at once:
      certpress check my.xml
      certpress check my.xml people.csv
      certpress check a.xml a.csv b.xml b.jsonl

  In a build, where warnings must not pass either:
      certpress check --strict --json layouts/title-senior.xml examples/title-senior.csv

  Whether what is written is fit for archives:
      certpress check --archive layouts/title-senior.xml examples/title-senior.csv

What is told, each with the layout's line where it has one:
  error     the layout does not compile, or a record cannot be set; the hint says how to mend it
  warning   source              what the compiler finds odd
            unused              a field, let or parameter that is declared and never used
            not-as-told         `certpress verify` would refuse what is written, and by which rule
            unknown-name        a column or name in the records that no field takes
            fitted              most words of a place take more than half of their fit ladder,
                                or the layout's own words any of it
            fit-exhausted       words that fit only at the end of their fit ladder
            small-print         words smaller than 6pt
            other-face          a character of the layout's own words that its face lacks
            mark-nearly-full    a QR mark with less than a tenth of its room to spare
            text-overlap        the ink of words on that of other words
            text-on-mark        words in the light margin that a QR mark needs
            seal-on-mark        a seal on a QR mark
            text-off-page       the ink of words beyond the paper
            archive.…           (--archive) what an archive would refuse
  note      fitted, other-face  a record's words were condensed or shrunk, or came from another
                                face: what ladders and faces are for
            common              characters that two of three records carry in a font of their own,
                                where the layout's fonts could have them (of 20 records and more)

Each stage tells all that it finds. A layout whose source has mistakes is not set, and one whose own words cannot be set is filled with no record: then the last line says so.

Rows are counted as their files count them: the heading of a CSV or of a sheet is row 1.

Up to six records, the first of each kind that shows other elements, are written and read back by the rules of `certpress verify`; without records a made-up one stands in, of which the page alone is judged.

The archive's rules look at the sealed files of each record: fonts, pictures and all else embedded, nothing encrypted, no actions, media or extensions, and of the PDF its claim, output intent and attachments. They are not the whole of the standards: all of PDF/A-3b is judged by page-validation in tests/strangers/run.sh.

With --json each line is an object: layout, severity, rule, message, hints, and where they apply file, line, column, end_line, end_column, source (the line), field, records, of, row. A layout's last line has records, errors, warnings and notes alone, and where they apply `limit` (the file has more records than that), `unseen` (what was not looked at for the errors' sake) and archive (the rules that were looked at).

Exit codes: 0 no mistakes (with --strict: no warnings either), 1 mistakes, 2 could not run.";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let mut worst = None;
    for (layout, records) in pairs(&arguments.files)? {
        let answer = arguments.check(layout, records)?;
        worst = worst.max(answer.findings.iter().map(Finding::severity).max());
        Told { json: arguments.json, layout, records }.say(&answer)?;
    }
    let least = if arguments.strict { Severity::Warning } else { Severity::Error };
    Ok(if worst >= Some(least) { SOME_FAILED } else { ALL_DONE })
}

/// Each layout with its records: what is not XML belongs to the layout before it.
fn pairs(files: &[PathBuf]) -> Result<Vec<(&Path, Option<&Path>)>, Failure> {
    let mut pairs: Vec<(&Path, Option<&Path>)> = Vec::new();
    for file in files {
        if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("xml")) {
            pairs.push((file, None));
            continue;
        }
        match pairs.last_mut() {
            Some((_, records @ None)) => *records = Some(file),
            _ => {
                let hint = "write LAYOUT.xml RECORDS, and the next layout after that";
                return Err(Failure::new(format!("no layout for the records {}", file.display()), hint));
            }
        }
    }
    Ok(pairs)
}

impl Arguments {
    fn check(&self, layout: &Path, records: Option<&Path>) -> Result<Answer, Failure> {
        if !layout.is_file() {
            return Err(Failure::new(format!("no such layout: {}", layout.display()), ""));
        }
        let fonts = Arc::new(self.fonts.open(layout)?);
        let press = match proof::compile(Layout::open(layout), self.edition, &fonts) {
            Ok(press) => sealed_for_proofs(press, &self.seal, &self.password)?,
            Err(Mistakes { findings, set_pages }) => {
                let unseen = match (set_pages, records) {
                    (false, Some(_)) => Some("pages and records"),
                    (false, None) => Some("pages"),
                    (true, records) => records.map(|_| "records"),
                };
                return Ok(Answer { findings, unseen, ..Answer::default() });
            }
        };
        if self.archive && records.is_none() {
            let hint = "name records after the layout";
            return Err(Failure::new("archives get what is written, and that needs records", hint));
        }
        let options = self.records.options(records)?;
        let mut survey = Survey::new(&press);
        let mut answer = Answer::default();
        if let Some(path) = records {
            let unreadable = |e: ReadError| {
                Failure::new(format!("the records in {}: {}", path.display(), e.message), e.hint)
            };
            let mut records = 0;
            for (index, record) in record::open(path).map_err(unreadable)?.enumerate() {
                if index == self.limit.get() {
                    answer.limit = Some(records);
                    break;
                }
                records += 1;
                match record {
                    Err(error) if error.row.is_none() => return Err(unreadable(error)),
                    Err(error) => survey.unreadable(&error),
                    Ok(record) => {
                        let row = record.row().unwrap_or(index as u64 + 1);
                        let pages = survey.see(&record, row, &options);
                        if let Some((document, _)) = pages.filter(|_| self.archive) {
                            survey.archive(&document, row, &options);
                        }
                    }
                }
            }
            answer.records = Some(records);
        } else {
            survey.imagine(&sample::record(press.schema()), &options);
        }
        answer.findings = survey.finish();
        if self.archive {
            answer.archive = archive::rules().map(|rule| rule.id).collect();
        }
        Ok(answer)
    }
}
