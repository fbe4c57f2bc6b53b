//! `certpress verify`: whether files are genuine, unaltered, and by whom; whether a mark on paper is.
//!
//! In: files, folders, standard input, marks; roots, revocation lists, a time. Out: a block or a JSON line for each, in the order asked.

mod files;
mod mark;
mod people;
mod share;
mod words;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget};
use rayon::prelude::*;
use serde::Serialize;
use serde_json::json;

use certpress::crypto::trust::{Trust, TrustError};
use certpress::page::Timestamp;
use certpress::seal;
use certpress::verify::{Policy, Report, Verdict};

use super::failure::Failure;
use super::jobs::Jobs;
use super::language::Language;
use super::output::parse_time;
use super::terminal::{complain, counted, say};
use super::{ALL_DONE, COULD_NOT_RUN, SOME_FAILED};
use files::sources;
use share::Judge;

/// Nothing is refused, but something cannot be known.
const UNDECIDED: u8 = 3;

/// The bytes of one file of certificates or lists.
const MAX_TRUST_FILE: u64 = 64 << 20;

/// Files verified before their reports are printed, for each thread.
const AT_ONCE: usize = 4;

/// The arguments of `certpress verify`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// OFDs and PDFs; folders with such files, whatever lies in them; `-` for standard input
    #[arg(value_name = "FILE|DIR|-", required_unless_present = "qr")]
    files: Vec<PathBuf>,

    /// Check the signed mark of a paper print: its text (CPQR1:…), or a photograph or scan of it, JPEG or PNG. One that is authentic but not
    /// in force on this day is told so, and exits with 1
    #[arg(long, value_name = "TEXT|IMAGE", conflicts_with_all = ["files", "jobs"])]
    qr: Option<String>,

    /// Trust these root certificates, PEM or DER (repeatable); `demo` is the root of the demonstration seal, which proves nothing
    #[arg(long, value_name = "FILE|demo")]
    trust: Vec<PathBuf>,

    /// Further certificates of authorities, PEM or DER (repeatable); for --qr, those of the signers
    #[arg(long, value_name = "FILE")]
    intermediates: Vec<PathBuf>,

    /// Revocation lists, PEM or DER (repeatable); without the list of each authority nothing is VALID
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// Verify as of this time, such as 2026-03-05T08:00:00Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    at: Option<Timestamp>,

    #[command(flatten)]
    jobs: Jobs,

    /// Answer in JSON Lines, an object for each file (docs/verify-report.schema.json) or mark (docs/verify-mark.schema.json)
    #[arg(long)]
    json: bool,

    /// The language of the answer [default: what LANG says]
    #[arg(long, value_enum, conflicts_with = "json")]
    lang: Option<Language>,

    /// Tell what holds, too
    #[arg(long, short, conflicts_with = "json")]
    verbose: bool,
}

const AFTER_HELP: &str = "\
Examples:
  Whether a certificate is genuine, with the root that its issuer published and the current revocation list:
      certpress verify 样例.ofd --trust root.crt --crl root.crl

  All certificates of a folder, for a program:
      certpress verify issued --trust root.crt --crl root.crl --json > answers.jsonl

  A paper print: what its mark says, and whether the issuer signed that:
      certpress verify --qr photo.jpg --trust root.crt --intermediates signer.crt

  The demonstration seal, whose key everyone knows:
      certpress verify out/YL2026000001.ofd --trust demo

Verdicts: VALID, INDETERMINATE (nothing is wrong, but something is not known: no roots, no revocation list, no timestamp), PARTIAL (not all is sealed), NOT_SIGNED, INVALID, RESOURCE (too much to verify), MALFORMED (two readers could see two files). docs/verification.md has every rule. Nothing is fetched from any network.

Exit codes: 0 all VALID, 3 none refused but some INDETERMINATE, 1 some refused, 2 could not run or could not read a file.";

/// A line of the answer in JSON.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let policy = Policy::new(arguments.at.unwrap_or_else(Timestamp::now)).with_trust(arguments.trust()?);
    let language = arguments.lang.unwrap_or_else(Language::of_environment);
    if let Some(text_or_image) = &arguments.qr {
        let for_people = (!arguments.json).then_some(language);
        return mark::run(text_or_image, &policy, for_people, arguments.verbose);
    }
    let sources = sources(&arguments.files)?;
    let several = sources.len() > 1;
    let bar = ProgressBar::with_draw_target(
        Some(sources.len() as u64),
        if several && !std::io::stdout().is_terminal() {
            ProgressDrawTarget::stderr_with_hz(10)
        } else {
            ProgressDrawTarget::hidden()
        },
    );
    let mut counts = [0_u64; Verdict::ALL.len()];
    let mut unread = 0;
    let jobs = arguments.jobs.get();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.get()).build();
    let pool =
        pool.map_err(|e| Failure::new(format!("cannot start {jobs} threads: {e}"), "give a smaller --jobs"))?;
    let judge = Judge::new(policy, jobs);
    for group in sources.chunks(jobs.get().saturating_mul(AT_ONCE)) {
        let answers: Vec<_> =
            pool.install(|| group.par_iter().map(|source| (source.name(), judge.answer(source))).collect());
        for (name, answer) in answers {
            bar.inc(1);
            match answer {
                Ok(report) => {
                    counts[report.verdict as usize] += 1;
                    let told = if arguments.json {
                        serde_json::to_string(&Line { file: &name, report: &report })
                            .map_err(|e| Failure::new(e.to_string(), ""))?
                    } else {
                        people::block(&name, &report, language, arguments.verbose)
                    };
                    bar.suspend(|| say(&told))?;
                }
                Err(error) => {
                    unread += 1;
                    let failure = Failure::unreadable(Path::new(&name), &error);
                    bar.suspend(|| complain(&failure.to_string()));
                    if arguments.json {
                        let line = json!({ "file": name, "error": failure.message() });
                        bar.suspend(|| say(&line.to_string()))?;
                    }
                }
            }
        }
    }
    bar.finish_and_clear();
    if several && !arguments.json {
        say(&closing(&counts, unread, language))?;
    }
    Ok(code(&counts, unread))
}

fn closing(counts: &[u64], unread: u64, language: Language) -> String {
    let told = Verdict::ALL.iter().zip(counts).filter(|(_, count)| **count > 0);
    let mut told: Vec<_> = told.map(|(verdict, count)| format!("{count} {verdict}")).collect();
    if unread > 0 {
        told.push(format!("{unread} {}", language.pick("未能读取", "unread")));
    }
    let files = counts.iter().sum::<u64>() + unread;
    match language {
        Language::Zh => format!("共 {files} 个文件：{}", told.join("，")),
        Language::En => format!("{}: {}", counted(files, "file"), told.join(", ")),
    }
}

fn code(counts: &[u64], unread: u64) -> u8 {
    let any =
        |pick: fn(Verdict) -> bool| Verdict::ALL.iter().zip(counts).any(|(v, count)| *count > 0 && pick(*v));
    if unread > 0 {
        COULD_NOT_RUN
    } else if any(Verdict::is_refusal) {
        SOME_FAILED
    } else if any(|verdict| verdict == Verdict::Indeterminate) {
        UNDECIDED
    } else {
        ALL_DONE
    }
}

impl Arguments {
    fn trust(&self) -> Result<Trust, Failure> {
        let mut trust = Trust::empty();
        for path in &self.trust {
            if path.as_os_str() == "demo" {
                let wrong =
                    |e: &dyn std::error::Error| Failure::new(format!("the demonstration seal: {e}"), "");
                let (root, crl) = seal::demo_root().map_err(|e| wrong(&e))?;
                trust = trust.with_roots(&root).and_then(|t| t.with_crls(&crl)).map_err(|e| wrong(&e))?;
            } else {
                trust = add(trust, path, Trust::with_roots)?;
            }
        }
        for path in &self.intermediates {
            trust = add(trust, path, Trust::with_certificates)?;
        }
        for path in &self.crl {
            trust = add(trust, path, Trust::with_crls)?;
        }
        Ok(trust)
    }
}

/// `trust` with what the file holds.
fn add(
    trust: Trust,
    path: &Path,
    with: fn(Trust, &[u8]) -> Result<Trust, TrustError>,
) -> Result<Trust, Failure> {
    let bytes = super::failure::read(path, MAX_TRUST_FILE)?;
    let hint = "give a PEM bundle, or one DER file; roots, certificates and revocation lists each have an option of their own";
    with(trust, &bytes).map_err(|e| Failure::new(format!("{}: {e}", path.display()), hint))
}
