//! `certpress id`: identifiers made, and codes checked.

use std::io::{self, BufRead as _, BufWriter, Read as _, Write};
use std::path::PathBuf;

use clap::{Args, Subcommand};
use serde_json::json;

use certpress::licence::code::{self, Code, CodeError};
use certpress::licence::identifier::Identifier;
use certpress::licence::numbering::Numbering;
use certpress::licence::serial::{SerialError, Serials};

use super::failure::Failure;
use super::terminal::complain;
use super::{ALL_DONE, SOME_FAILED};

/// The longest line that is read as a code.
const MAX_LINE: u64 = 1000;
/// The serial of an identifier whose serial comes from a file, where none is given.
const USUAL_SERIAL: &str = "{serial:07}";

/// `certpress id …`.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make licence identifiers (电子证照标识), with a serial given or the next ones of a file.
    New(New),
    /// Check licence identifiers, unified social credit codes and resident identity numbers.
    Check(Check),
}

/// The arguments of `certpress id new`.
#[derive(Args)]
#[command(after_long_help = AFTER_NEW)]
pub(crate) struct New {
    /// The kind of licence: the defining body's USCC and three digits
    #[arg(long = "type", value_name = "CODE")]
    type_code: String,

    /// The issuing body's USCC
    #[arg(long, value_name = "USCC")]
    issuer: String,

    /// The serial, 7 to 32 digits and capitals; with --serials a pattern, such as 2026{serial:07} [default: {serial:07}]
    #[arg(long, value_name = "SERIAL", required_unless_present = "serials")]
    serial: Option<String>,

    /// Take the serials from this file of counters, which gives none of them twice
    #[arg(long, value_name = "FILE")]
    serials: Option<PathBuf>,

    /// How many identifiers
    #[arg(long, value_name = "N", default_value_t = 1, requires = "serials",
        value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,

    /// The version: 1 for the first issue, counted up with every change
    #[arg(long, value_name = "N", default_value_t = 1)]
    version: u16,
}

const AFTER_NEW: &str = "\
Examples:
  certpress id new --type 11100000MB9888888A001 --issuer 11140000MB99999996 --serial 20260000001
  echo 'certpress serials 1' > serials
  certpress id new --type 11100000MB9888888A001 --issuer 11140000MB99999996 --serials serials \\
      --serial '2026{serial:07}' --count 100

A file of serials gives no number twice: not to two processes, and not after one that was killed (numbers may be left out then). It is
text: after the first line, a line for each counter with its name, a tab and the next number.

Exit codes: 0 made, 2 could not run.";

/// The arguments of `certpress id check`.
#[derive(Args)]
#[command(after_long_help = AFTER_CHECK)]
pub(crate) struct Check {
    /// The codes; `-` for one on each line of stdin
    #[arg(value_name = "CODE|-", required = true)]
    codes: Vec<String>,

    /// Print one line of JSON for each
    #[arg(long)]
    json: bool,
}

const AFTER_CHECK: &str = "\
Examples:
  certpress id check 1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2
  cut -d, -f3 people.csv | certpress id check - --json

What a code is meant to be is told by its shape. Whether a body or a person of this code exists is not looked up.

Exit codes: 0 all are right, 1 some are wrong, 2 could not run.";

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result<u8, Failure> {
    match command {
        Command::New(new) => make(new),
        Command::Check(check) => judge(check),
    }
}

fn make(arguments: &New) -> Result<u8, Failure> {
    let New { type_code, issuer, serial, serials, count, version } = arguments;
    let identifier = |serial: &str| {
        Identifier::new(type_code, issuer, serial, *version).map_err(|e| {
            Failure::new(format!("the identifier {e}"), "`certpress id new --help` shows an example")
        })
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let Some(file) = serials else {
        let identifier = identifier(serial.as_deref().unwrap_or_default())?;
        warn(&identifier);
        writeln!(out, "{identifier}")?;
        out.flush()?;
        return Ok(ALL_DONE);
    };
    let numbering = Numbering::parse(serial.as_deref().unwrap_or(USUAL_SERIAL))
        .map_err(|e| Failure::new(format!("--serial: {e}"), ""))?;
    if numbering.names_the_year() {
        return Err(Failure::new("--serial: there is no date to take {year} from", "write the year itself"));
    }
    // What cannot become an identifier must not cost a number.
    warn(&identifier(&numbering.number(0, numbering.last()))?);
    let wrong = |e: SerialError| Failure::new(e.to_string(), e.hint());
    let serials = Serials::open(file).map_err(wrong)?;
    let counter = numbering.counter(issuer, 0);
    for _ in 0..*count {
        let serial = serials.take(&counter, numbering.last()).map_err(wrong)?;
        writeln!(out, "{}", identifier(&numbering.number(0, serial))?)?;
    }
    out.flush()?;
    Ok(ALL_DONE)
}

fn warn(identifier: &Identifier) {
    for warning in identifier.warnings() {
        complain(&format!("warning: the identifier {warning}"));
    }
}

fn judge(arguments: &Check) -> Result<u8, Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    let mut all_right = true;
    let mut tell = |text: &str| {
        let verdict = code::read(text);
        all_right &= verdict.is_ok();
        let line = if arguments.json { as_json(text, &verdict) } else { as_words(text, &verdict) };
        writeln!(out, "{line}")
    };
    for code in &arguments.codes {
        if code != "-" {
            tell(code)?;
            continue;
        }
        let mut stdin = io::stdin().lock();
        let mut line = String::new();
        while stdin.by_ref().take(MAX_LINE).read_line(&mut line).map_err(unreadable)? > 0 {
            if line.len() as u64 == MAX_LINE && !line.ends_with('\n') {
                return Err(Failure::new(
                    format!("a line of stdin is longer than {MAX_LINE} bytes"),
                    "write one code on each line",
                ));
            }
            if !line.trim().is_empty() {
                tell(line.trim())?;
            }
            line.clear();
        }
    }
    out.flush()?;
    Ok(if all_right { ALL_DONE } else { SOME_FAILED })
}

fn unreadable(error: io::Error) -> Failure {
    Failure::new(format!("cannot read stdin: {error}"), "write one code in UTF-8 on each line")
}

/// What is odd about a code that is right.
fn oddities(verdict: &Result<Code, CodeError>) -> Vec<String> {
    match verdict {
        Ok(Code::Identifier(identifier)) => identifier.warnings().iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    }
}

fn as_words(text: &str, verdict: &Result<Code, CodeError>) -> String {
    let mut line = match verdict {
        Ok(code) => format!("right  {text}  {}", code.kind()),
        Err(error) => format!("WRONG  {text}  {} {error}", error.kind().unwrap_or("it")),
    };
    for oddity in oddities(verdict) {
        line.push_str(&format!("\n       warning: {oddity}"));
    }
    line
}

fn as_json(text: &str, verdict: &Result<Code, CodeError>) -> String {
    let kind = match verdict {
        Ok(code) => Some(code.kind()),
        Err(error) => error.kind(),
    };
    let mut line = json!({ "code": text, "kind": kind, "right": verdict.is_ok() });
    match verdict {
        Ok(Code::Identifier(identifier)) => {
            line["type"] = identifier.type_code().into();
            line["issuer"] = identifier.issuer().into();
            line["serial"] = identifier.serial().into();
            line["version"] = identifier.version().into();
            line["warnings"] = oddities(verdict).into();
        }
        Ok(_) => {}
        Err(error) => line["error"] = error.to_string().into(),
    }
    line.to_string()
}
