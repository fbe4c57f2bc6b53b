//! `certpress schema`: the shape of records, for programs that write or read them, and of layouts, for editors.

use std::path::PathBuf;

use clap::Args;

use certpress::Edition;
use certpress::record::json_schema;
use certpress::template;

use super::ALL_DONE;
use super::failure::Failure;
use super::press::{FontArguments, compile};
use super::terminal::say;

/// The arguments of `certpress schema`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The layout whose records are described; without one, the attached record of any layout is
    #[arg(value_name = "LAYOUT")]
    layout: Option<PathBuf>,

    /// Describe what comes in, one line of JSON Lines, in place of the record that certificates carry
    #[arg(long, requires = "layout")]
    input: bool,

    /// Describe the layout language itself: an XML Schema, by which editors complete and check layouts
    #[arg(long, conflicts_with = "layout")]
    xsd: bool,

    #[command(flatten)]
    fonts: FontArguments,
}

const AFTER_HELP: &str = "\
Examples:
  What a program that writes records for a layout must keep to, one object a line:
      certpress schema layouts/title-senior.xml --input > input.schema.json

  What the record.json inside the layout's certificates looks like, and inside those of any layout:
      certpress schema layouts/title-senior.xml
      certpress schema

  An XML Schema of layouts, for an editor that knows XML:
      certpress schema --xsd > layout.xsd

Check characters and calendars are left to `certpress render`, which tells what is wrong with each record.

Exit codes: 0 printed, 2 could not run.";

/// Prints a JSON Schema (draft 2020-12), or an XML Schema (1.0).
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    if arguments.xsd {
        say(template::xsd().trim_end())?;
        return Ok(ALL_DONE);
    }
    let schema = match &arguments.layout {
        None => json_schema::of_any_record(),
        Some(layout) => {
            let press = compile(layout, &arguments.fonts, Edition::default())?;
            if arguments.input { press.schema().of_input() } else { press.record_schema() }
        }
    };
    say(&format!("{schema:#}"))?;
    Ok(ALL_DONE)
}
