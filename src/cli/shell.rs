//! `certpress completions` and `certpress manual`: what shells and `man` want to know of the command line, made from the definitions that
//! parse it.

use std::io;
use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::failure::Failure;
use super::terminal::{counted, say};
use super::{ALL_DONE, Cli};

/// The arguments of `certpress completions`.
#[derive(Args)]
#[command(after_long_help = AFTER_COMPLETIONS)]
pub(crate) struct Completions {
    /// The shell that reads them
    #[arg(value_enum)]
    shell: Shell,
}

const AFTER_COMPLETIONS: &str = "\
Examples:
      certpress completions bash > ~/.local/share/bash-completion/completions/certpress
      certpress completions zsh > \"${fpath[1]}/_certpress\"
      certpress completions fish > ~/.config/fish/completions/certpress.fish

Exit codes: 0 printed, 2 could not run.";

/// The arguments of `certpress manual`.
#[derive(Args)]
#[command(after_long_help = AFTER_MANUAL)]
pub(crate) struct Manual {
    /// The folder to write them into: certpress.1, and one for each command
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

const AFTER_MANUAL: &str = "\
Example:
      certpress manual ~/.local/share/man/man1
      man certpress-render

Exit codes: 0 written, 2 could not run.";

/// Prints a completion script.
pub(crate) fn completions(arguments: &Completions) -> Result<u8, Failure> {
    // By way of memory: the generator panics where nobody reads its output any more.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Cli::command(), "certpress", &mut script);
    say(String::from_utf8_lossy(&script).trim_end())?;
    Ok(ALL_DONE)
}

/// Writes the manual pages.
pub(crate) fn manual(arguments: &Manual) -> Result<u8, Failure> {
    let folder = &arguments.folder;
    let write = || -> io::Result<usize> {
        std::fs::create_dir_all(folder)?;
        clap_mangen::generate_to(Cli::command(), folder)?;
        Ok(std::fs::read_dir(folder)?.count())
    };
    let pages =
        write().map_err(|e| Failure::new(format!("cannot write into {}: {e}", folder.display()), ""))?;
    say(&format!("{} in {}", counted(pages as u64, "page"), folder.display()))?;
    Ok(ALL_DONE)
}
