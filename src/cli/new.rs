//! `certpress new`: a layout to begin with, explained line by line, and two records for it.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Args;

use super::ALL_DONE;
use super::failure::Failure;
use super::terminal::say;

/// The layout; `NAME` stands for its name.
const LAYOUT: &str = include_str!("new/layout.xml");
/// Records that it takes.
const RECORDS: &str = include_str!("new/records.jsonl");

/// The arguments of `certpress new`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The layout to write; its records go beside it, with the ending .jsonl
    #[arg(value_name = "FILE.xml")]
    file: PathBuf,
}

const AFTER_HELP: &str = "\
Example:
      certpress new my-licence.xml
      certpress render my-licence.xml my-licence.jsonl --seal demo --out out

The layout has fields, a list, a table, a mark and a place for a seal, each with a comment that says what it does. Neither file is written over.

Exit codes: 0 written, 2 could not run.";

/// Writes both files.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let file = &arguments.file;
    let name = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let named = name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    if !named || file.extension().is_none_or(|e| e != "xml") {
        return Err(Failure::new(
            format!("not a name for a layout: {}", file.display()),
            "write a letter, then letters, digits, _ or -, and .xml: my-licence.xml",
        ));
    }
    let layout = LAYOUT.replace("NAME", name);
    let records = file.with_extension("jsonl");
    for (path, text) in [(file, layout.as_str()), (&records, RECORDS)] {
        File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(|e| {
            match e.kind() {
                io::ErrorKind::AlreadyExists => Failure::new(
                    format!("the file is there already: {}", path.display()),
                    "choose another name",
                ),
                _ => Failure::new(format!("cannot write {}: {e}", path.display()), ""),
            }
        })?;
        say(&format!("{} written", path.display()))?;
    }
    say(&format!("next: certpress render {} {} --seal demo --out out", file.display(), records.display()))?;
    Ok(ALL_DONE)
}
