//! `certpress bench`: how many certificates a second, and where the time goes.
//!
//! Three runs of equal length over the same records: stage by stage on one thread, whole on one thread, whole on all threads.
//! Nothing is written to disk; [`clock`] says what else is measured.

mod clock;
mod stages;
mod throughput;

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;

use certpress::page::Timestamp;
use certpress::record::{self, ImageRoot};
use certpress::{Press, Record, RenderError, RenderOptions};

use super::ALL_DONE;
use super::failure::Failure;
use super::jobs::Jobs;
use super::press::{LayoutArguments, PasswordArguments, sealed};
use super::sample;
use super::terminal::{bytes, complain, counted, grouped, say};
use stages::{STAGES, Stages};
use throughput::Throughput;

/// Records kept in memory and used in turn; what comes after them is not read.
const MOST_RECORDS: usize = 1000;

/// How long one certificate takes by itself, which a mean hides.
const PERCENTILES: [(&str, usize); 2] = [("median", 50), ("p99", 99)];

/// The arguments of `certpress bench`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    layout: LayoutArguments,

    /// Records to render, the first 1,000 of them in turn [default: one made up from the layout's fields]
    #[arg(value_name = "RECORDS")]
    records: Option<PathBuf>,

    /// Seal with `demo` or with the seal in a folder; repeat it as ROLE=… for a layout that several roles seal; `none` measures without
    #[arg(long, value_name = "[ROLE=]demo|FOLDER|none", default_value = "demo")]
    seal: Vec<String>,

    #[command(flatten)]
    password: PasswordArguments,

    /// How long to measure, in all
    #[arg(long, value_name = "N", default_value_t = 9, value_parser = clap::value_parser!(u64).range(1..=3600))]
    seconds: u64,

    #[command(flatten)]
    jobs: Jobs,

    /// Print the figures as one line of JSON
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Examples:
  certpress bench layouts/title-senior.xml examples/title-senior.csv
  certpress bench layouts/title-senior.xml --seconds 3 --jobs 2 --json

A pair is one certificate as OFD and as PDF, both sealed, in memory. The stages are the library's own functions on one thread, in processor time, which other work on the machine hardly disturbs; CPU time is that of the whole process (user and system) divided by the pairs; peak memory is the most the process ever held (VmHWM, Linux only).";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let start = Instant::now();
    let mut press = arguments.layout.compile()?;
    let is_sealed = arguments.seal != ["none"];
    if is_sealed {
        if press.seal_roles().is_empty() {
            let message = format!("layout {} has no place for a seal", press.id());
            return Err(Failure::new(message, "measure it without: --seal none"));
        }
        press = sealed(press, &arguments.seal, false, &arguments.password)?;
    }
    let compile = start.elapsed();
    let folder = arguments.records.as_deref().and_then(Path::parent);
    let options = RenderOptions {
        time: Some(Timestamp::now()),
        image_root: folder.and_then(|dir| ImageRoot::open(dir).ok()),
        ..RenderOptions::default()
    };
    let records = usable(&press, arguments.records.as_deref(), &options)?;
    let span = Duration::from_secs(arguments.seconds) / 3;
    let one = NonZeroUsize::MIN;
    let jobs = arguments.jobs.get();
    let figures = Figures {
        layout: press.id().to_owned(),
        records: records.len(),
        sealed: is_sealed,
        compile,
        stages: Stages::measure(&press, &records, &options, span).map_err(failed)?,
        runs: [one, jobs]
            .into_iter()
            .map(|threads| Throughput::measure(&press, &records, &options, span, threads).map_err(failed))
            .collect::<Result<_, _>>()?,
        peak_memory: clock::peak_memory(),
    };
    if arguments.json {
        say(&figures.json().to_string())?
    } else {
        say(&figures.table())?
    }
    Ok(ALL_DONE)
}

fn failed(error: RenderError) -> Failure {
    Failure::new(format!("a record that had been rendered failed: {error}"), "")
}

/// The records that can be rendered, at most [`MOST_RECORDS`].
fn usable(press: &Press, path: Option<&Path>, options: &RenderOptions) -> Result<Vec<Record>, Failure> {
    let Some(path) = path else {
        let record = sample::record(press.schema());
        return match press.render_with(&record, options) {
            Ok(_) => Ok(vec![record]),
            Err(e) => Err(Failure::new(
                format!("the made-up record does not suit this layout: {e}"),
                "name a file of records after the layout",
            )),
        };
    };
    let read = record::open(path)
        .map_err(|e| Failure::new(format!("the records in {}: {}", path.display(), e.message), e.hint))?;
    let given: Vec<_> = read.take(MOST_RECORDS).collect();
    let all = given.len();
    let good = |record: &Record| press.render_with(record, options).is_ok();
    let records: Vec<Record> = given.into_iter().filter_map(Result::ok).filter(good).collect();
    if records.is_empty() {
        return Err(Failure::new(
            format!("none of the records in {} can be rendered", path.display()),
            "`certpress render` tells what is wrong with them",
        ));
    }
    if records.len() < all {
        complain(&format!(
            "note: {} cannot be rendered and are left out",
            counted((all - records.len()) as u64, "record")
        ));
    }
    Ok(records)
}

/// What was measured.
struct Figures {
    layout: String,
    records: usize,
    sealed: bool,
    compile: Duration,
    stages: Stages,
    runs: Vec<Throughput>,
    peak_memory: Option<u64>,
}

impl Figures {
    fn table(&self) -> String {
        let mut lines = vec![format!(
            "{}: {}, OFD and PDF, {}",
            self.layout,
            counted(self.records as u64, "record"),
            if self.sealed { "both sealed" } else { "not sealed" },
        )];
        let mut row = |name: &str, figure: String| lines.push(format!("  {name:<24}{figure:>12}"));
        row("compile", format!("{:.1} ms", self.compile.as_secs_f64() * 1e3));
        for (name, time) in STAGES.iter().zip(self.stages.mean()) {
            row(name, format!("{:.1} us", micros(time)));
        }
        row("all stages", format!("{:.1} us", micros(self.stages.mean().iter().sum())));
        for (name, percent) in PERCENTILES {
            row(&format!("  one pair, {name}"), format!("{:.1} us", micros(self.stages.percentile(percent))));
        }
        for run in &self.runs {
            let threads = counted(run.threads.get() as u64, "thread");
            row(&threads, format!("{} pairs/s", grouped(run.rate() as u64)));
            if let Some(cpu) = run.cpu_per_pair() {
                row("  CPU time", format!("{:.1} us/pair", micros(cpu)));
            }
        }
        row("OFD, mean", bytes(self.stages.mean_ofd()));
        row("PDF, mean", bytes(self.stages.mean_pdf()));
        if let Some(peak) = self.peak_memory {
            row("peak memory", bytes(peak));
        }
        lines.join("\n")
    }

    fn json(&self) -> serde_json::Value {
        let stages: serde_json::Map<_, _> = STAGES
            .iter()
            .zip(self.stages.mean())
            .map(|(name, time)| (name.replace(' ', "_"), json!(micros(time))))
            .collect();
        let pair: serde_json::Map<_, _> = PERCENTILES
            .iter()
            .map(|(name, percent)| ((*name).to_owned(), json!(micros(self.stages.percentile(*percent)))))
            .collect();
        let runs: Vec<_> = self
            .runs
            .iter()
            .map(|run| {
                json!({
                    "threads": run.threads.get(),
                    "pairs": run.pairs,
                    "seconds": run.elapsed.as_secs_f64(),
                    "pairs_per_second": run.rate(),
                    "cpu_us_per_pair": run.cpu_per_pair().map(micros),
                })
            })
            .collect();
        json!({
            "layout": self.layout,
            "records": self.records,
            "sealed": self.sealed,
            "compile_ms": self.compile.as_secs_f64() * 1e3,
            "stages_us": stages,
            "pair_us": pair,
            "runs": runs,
            "ofd_bytes": self.stages.mean_ofd(),
            "pdf_bytes": self.stages.mean_pdf(),
            "peak_memory_bytes": self.peak_memory,
        })
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
