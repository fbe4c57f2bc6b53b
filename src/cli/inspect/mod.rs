//! `certpress inspect`: what is in a file, without any judgement.
//!
//! In: OFDs and PDFs. Out: a block or a JSON line for each, in the order asked; or the bytes of one part.

mod people;
mod words;

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use certpress::inspect::{self, Inspection};

use super::failure::{self, Failure};
use super::language::Language;
use super::terminal::{complain, say};
use super::{ALL_DONE, COULD_NOT_RUN};

/// The most bytes of one file, as in verification.
const MAX_BYTES: u64 = 64 << 20;

/// The arguments of `certpress inspect`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// OFDs and PDFs, of certpress or of others
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,

    /// Answer in JSON Lines, an object for each file (docs/inspect.md)
    #[arg(long)]
    json: bool,

    /// Write the bytes of one part to standard output: an entry of an OFD, inflated; an object of a PDF by its number, its data decoded
    #[arg(long, value_name = "NAME", conflicts_with = "json")]
    part: Option<String>,

    /// The language of the answer [default: what LANG says]
    #[arg(long, value_enum, conflicts_with_all = ["json", "part"])]
    lang: Option<Language>,
}

const AFTER_HELP: &str = "\
Examples:
  What a certificate consists of: parts, pages, fonts, images, metadata, signatures:
      certpress inspect out/YL2026000001.ofd

  The page as it is written, and an object of a PDF:
      certpress inspect out/YL2026000001.ofd --part Doc_0/Pages/Page_0/Content.xml
      certpress inspect out/YL2026000001.pdf --part 7

  The size of every font of a folder, for a program:
      certpress inspect out/*.pdf --json | jq '.fonts[] | [.name, .size]'

What is told is what stands in the file; nothing is checked. Whether it is genuine, and whether its signatures hold, is for `certpress verify`.

Exit codes: 0 all explained, 2 a file is neither OFD nor PDF, or cannot be read.";

/// A line of the answer in JSON.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    inspection: Option<&'a Inspection>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    if let Some(name) = &arguments.part {
        return part(&arguments.files, name);
    }
    let language = arguments.lang.unwrap_or_else(Language::of_environment);
    let mut code = ALL_DONE;
    for path in &arguments.files {
        let name = path.display().to_string();
        let inspected = failure::read(path, MAX_BYTES).and_then(|bytes| {
            inspect::file(&bytes).map_err(|error| Failure::new(format!("{name}: {error}"), ""))
        });
        if let Err(failure) = &inspected {
            code = COULD_NOT_RUN;
            complain(&failure.to_string());
        }
        if arguments.json {
            let error = inspected.as_ref().err().map(Failure::message);
            let line = Line { file: &name, inspection: inspected.as_ref().ok(), error };
            say(&serde_json::to_string(&line).map_err(|e| Failure::new(e.to_string(), ""))?)?;
        } else if let Ok(inspection) = &inspected {
            say(&people::block(&name, inspection, language))?;
        }
    }
    Ok(code)
}

/// Writes the bytes of one part of one file.
fn part(files: &[PathBuf], name: &str) -> Result<u8, Failure> {
    let [path] = files else {
        return Err(Failure::new("--part takes one file", "name one FILE"));
    };
    let bytes = failure::read(path, MAX_BYTES)?;
    let part = inspect::part(&bytes, name).map_err(|error| {
        let hint = "`certpress inspect FILE --json` lists the parts";
        Failure::new(format!("{}: {error}", path.display()), hint)
    })?;
    let mut out = io::stdout().lock();
    out.write_all(&part)?;
    out.flush()?;
    Ok(ALL_DONE)
}
