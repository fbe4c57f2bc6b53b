//! The command line: arguments in, the library called, exit codes and words out.
//!
//! In: `argv`, environment, files. Out: files, a closing line on stdout, progress and complaints on stderr.
//! Invariant: 0 all done, 1 some records failed, 2 could not run, 130 stopped by Ctrl-C; stdout holds results only.

mod bench;
mod check;
mod closing;
mod convert;
mod failure;
mod fonts;
mod id;
mod inspect;
mod jobs;
mod language;
mod manifest;
mod new;
mod output;
mod press;
mod preview;
mod progress;
mod reissue;
mod render;
mod sample;
mod schema;
mod seal;
mod shell;
mod terminal;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Everything was done.
const ALL_DONE: u8 = 0;
/// Some records failed; the manifest says which.
const SOME_FAILED: u8 = 1;
/// Nothing could be done, or not all of it; clap uses the same code for wrong arguments.
const COULD_NOT_RUN: u8 = 2;
/// Stopped by Ctrl-C: 128 + SIGINT, as shells do.
const INTERRUPTED: u8 = 130;

/// A press for electronic certificates: layouts and records in, sealed OFD and PDF out.
#[derive(Parser)]
#[command(name = "certpress", version, max_term_width = 100, after_long_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  certpress render layouts/title-senior.xml examples/title-senior.csv --seal demo --out out
          one sealed OFD and one sealed PDF for each record, and out/manifest.jsonl about all
  certpress verify out --trust demo
          whether they are unaltered, sealed by whom, and say the same everywhere
  certpress inspect out/YL2026000001.ofd
          what is in a file: parts, pages, fonts, metadata, seals
  certpress manifest check out
          whether any of those files was changed, is missing, or was added
  certpress check layouts/title-senior.xml examples/title-senior.csv
          every mistake with its line, words that barely fit, names without use, what verify refuses
  certpress preview layouts/title-senior.xml examples/title-senior.csv --serve
          the page in a browser, anew with every save, beside what deserves a look
  certpress seal new 样例省人力资源和社会保障厅 --out my-seal --password-file seal.password
          a test seal with keys and certificates of its own
  certpress id check 1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2
          whether an identifier, a social credit code or an identity number bears its own check
  certpress reissue issued/YL2026000001.ofd request.json --catalogue examples/catalogue.toml --out reissued
          a certificate that replaces a lost one, if the request is what the original says
  certpress schema layouts/title-senior.xml --input
          a JSON Schema of the records that a layout takes
  certpress convert out/YL2026000001.ofd --to pdf --out copy.pdf
          a PDF of a sealed original, which says that it is none
  certpress bench layouts/title-senior.xml
          how many certificates this machine makes in a second, and where the time goes

Exit codes: 0 all done, 1 some records failed (the manifest says which), 2 could not run, 130 stopped by Ctrl-C.

`certpress COMMAND --help` explains a command.";

#[derive(Subcommand)]
enum Command {
    /// Say what is wrong with a layout and its records, and what deserves a look.
    Check(check::Arguments),
    /// Show the pages as pictures, anew with every save, in files or in a browser.
    Preview(preview::Arguments),
    /// Make one sealed OFD and PDF for each record of a file.
    Render(render::Arguments),
    /// Begin a layout: one with comments, and two records for it.
    New(new::Arguments),
    /// Compare a folder of certificates with its manifest.
    #[command(subcommand)]
    Manifest(manifest::Command),
    /// Make a certificate that replaces a lost or damaged one, if the request is what the original says.
    Reissue(reissue::Arguments),
    /// Make a test seal, or explain a seal.
    #[command(subcommand)]
    Seal(seal::Command),
    /// Make licence identifiers, or check codes.
    #[command(subcommand)]
    Id(id::Command),
    /// Verify OFDs and PDFs: unaltered, sealed by whom, and whether all in them agrees; or the mark of a paper print.
    Verify(verify::Arguments),
    /// Explain an OFD or a PDF: parts, pages, fonts, metadata, signatures; or take one part out.
    Inspect(inspect::Arguments),
    /// Make a PDF or pictures of a sealed OFD.
    Convert(convert::Arguments),
    /// Print a JSON Schema of records, as they come in or as certificates carry them.
    Schema(schema::Arguments),
    /// List the faces that layouts may name, and which characters they cover.
    Fonts(fonts::Arguments),
    /// Measure how fast a layout renders here, and where the time goes.
    Bench(bench::Arguments),
    /// Print a script by which a shell completes commands and options.
    Completions(shell::Completions),
    /// Write manual pages for `man`.
    Manual(shell::Manual),
}

/// Runs the program and returns its exit code.
pub(crate) fn main() -> ExitCode {
    let code = match Cli::parse().command {
        Command::Check(arguments) => check::run(&arguments),
        Command::Preview(arguments) => preview::run(&arguments),
        Command::Render(arguments) => render::run(&arguments),
        Command::New(arguments) => new::run(&arguments),
        Command::Manifest(command) => manifest::run(&command),
        Command::Reissue(arguments) => reissue::run(&arguments),
        Command::Seal(command) => seal::run(&command),
        Command::Id(command) => id::run(&command),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Inspect(arguments) => inspect::run(&arguments),
        Command::Convert(arguments) => convert::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Fonts(arguments) => fonts::run(&arguments),
        Command::Completions(arguments) => shell::completions(&arguments),
        Command::Manual(arguments) => shell::manual(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
    };
    ExitCode::from(code.unwrap_or_else(|failure| {
        if failure.is_broken_pipe() {
            return ALL_DONE;
        }
        terminal::complain(&failure.to_string());
        COULD_NOT_RUN
    }))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Cli::command().debug_assert();
    }
}
