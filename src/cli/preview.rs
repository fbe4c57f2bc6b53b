//! `certpress preview`: the pages as pictures, anew with every save, in files or in a browser.

mod http;
mod serve;
mod studio;
mod watch;

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use certpress::batch::write_whole;
use certpress::compile::Edition;
use certpress::diag::Severity;
use certpress::png::PngError;
use certpress::proof::{Finding, sheet};

use super::failure::Failure;
use super::output::RecordOptions;
use super::press::{FontArguments, PasswordArguments};
use super::render::parse_edition;
use super::terminal::{complain, say};
use super::{ALL_DONE, SOME_FAILED};
use studio::{Studio, View};
use watch::Watched;

/// The arguments of `certpress preview`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The layout, such as layouts/title-senior.xml
    #[arg(value_name = "LAYOUT")]
    layout: PathBuf,

    /// Records to fill it with; without them only what the layout itself says is shown
    #[arg(value_name = "RECORDS")]
    records: Option<PathBuf>,

    /// Which record, counted from 1; a heading is none, so that record 1 of a CSV is its row 2
    #[arg(long, value_name = "N", default_value = "1")]
    record: NonZeroUsize,

    /// Only this page, counted from 1 [default: all]
    #[arg(long, value_name = "N")]
    page: Option<usize>,

    /// Pixels an inch, 10 to 1200 as far as 64 Mpixel go: an A4 page up to 833
    #[arg(long, value_name = "N", default_value_t = 120.0)]
    dpi: f64,

    /// The PNG to write; of several pages each has its number before the extension [default: named after the layout, here]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,

    /// All on one picture: the first pages of so many records, the first ones
    #[arg(long, value_name = "RECORDS", conflicts_with_all = ["page", "serve"])]
    sheet: Option<NonZeroUsize>,

    /// Write anew whenever the layout, one of its files, the faces or the records change
    #[arg(long, conflicts_with = "serve")]
    watch: bool,

    /// Show it in a browser on this machine alone, which follows each save [port: 7300, or else a free one]
    #[arg(long, value_name = "PORT", num_args = 0..=1, require_equals = true, conflicts_with_all = ["out", "page"])]
    serve: Option<Option<u16>>,

    /// Which edition of the layout
    #[arg(long, value_name = "electronic|print|overprint", default_value = "electronic", value_parser = parse_edition)]
    edition: Edition,

    /// The seal, as `render` takes it; without one the demonstration seal stands in
    #[arg(long, value_name = "demo|FOLDER|ROLE=FOLDER")]
    seal: Vec<String>,

    #[command(flatten)]
    fonts: FontArguments,

    #[command(flatten)]
    password: PasswordArguments,

    #[command(flatten)]
    read: RecordOptions,
}

const AFTER_HELP: &str = "\
Examples:
  Work on a layout: the page beside its mistakes, anew with each save
      certpress preview my.xml people.csv --serve

  One picture of the third record, and of twelve records side by side:
      certpress preview my.xml people.csv --record 3 --dpi 200 --out third.png
      certpress preview my.xml people.csv --sheet 12 --out sheet.png

  Pictures for a viewer that follows its file:
      certpress preview my.xml people.csv --watch --out page.png

In the browser: b shows boxes, l baselines, the arrows go through the records, the first 500 of them. A box tells where it is written; what `certpress check` has to say stands beside the page with its line. While the layout is broken, its mistakes stand there, and the last good page stays. The server listens on 127.0.0.1 alone, answers to no other name, and reads nothing for the browser but what it shows.

A preview is no certificate: nothing is signed that lasts, and the demonstration seal stands for any.

Exit codes: 0 written, 1 the layout or the record has mistakes, 2 could not run.";

/// PNG files and where they go.
type Pictures = Vec<(PathBuf, Vec<u8>)>;

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    if !arguments.layout.is_file() {
        return Err(Failure::new(format!("no such layout: {}", arguments.layout.display()), ""));
    }
    let mut studio = Studio::new(arguments);
    if let Some(port) = arguments.serve {
        return serve::run(arguments, studio, port);
    }
    let code = arguments.write(&mut studio)?;
    if !arguments.watch {
        return Ok(code);
    }
    let mut watched = Watched::new(studio.files());
    loop {
        watched.wait();
        if let Err(failure) = arguments.write(&mut studio) {
            complain(&failure.to_string());
        }
        watched.look_at(studio.files());
    }
}

impl Arguments {
    /// What is to be seen at first.
    fn view(&self) -> View {
        View { record: self.record.get() - 1, dpi: self.dpi }
    }

    /// Writes the pictures and says their names; mistakes go to stderr.
    fn write(&self, studio: &mut Studio<'_>) -> Result<u8, Failure> {
        let begun = Instant::now();
        let (pictures, code) = match self.sheet {
            Some(records) => self.sheet(studio, records.get())?,
            None => self.pages(studio)?,
        };
        for (path, png) in pictures {
            write_whole(&path, &png).map_err(|e| {
                Failure::new(format!("cannot write {}: {e}", path.display()), "name another file with --out")
            })?;
            let time =
                if self.watch { format!(" ({} ms)", begun.elapsed().as_millis()) } else { String::new() };
            say(&format!("{}{time}", path.display()))?;
        }
        Ok(code)
    }

    /// A picture of each page that is asked for.
    fn pages(&self, studio: &mut Studio<'_>) -> Result<(Pictures, u8), Failure> {
        let pull = studio.pull(self.view())?;
        let code = told(pull.findings.iter());
        let several = pull.pages.len() > 1 && self.page.is_none();
        let mut pictures = Vec::new();
        for (index, page) in pull.pages.iter().enumerate() {
            if self.page.is_some_and(|wanted| wanted != index + 1) {
                continue;
            }
            let png = page.picture.to_png("").map_err(|e| undrawn(&e))?;
            pictures.push((self.target(several.then_some(index + 1)), png));
        }
        if let (Some(wanted), true, false) = (self.page, pictures.is_empty(), pull.pages.is_empty()) {
            return Err(Failure::new(
                format!("there is no page {wanted}"),
                format!("the record has {}", pull.pages.len()),
            ));
        }
        Ok((pictures, code))
    }

    /// Many records on one picture.
    fn sheet(&self, studio: &mut Studio<'_>, records: usize) -> Result<(Pictures, u8), Failure> {
        let pulls = studio.pull_first(records, self.dpi)?;
        let code = told(pulls.iter().flat_map(|pull| &pull.findings));
        let mut pages = Vec::new();
        for pull in pulls {
            let count = pull.pages.len();
            if let Some(page) = pull.pages.into_iter().next() {
                let of = if count > 1 { format!(" · 1/{count}") } else { String::new() };
                pages.push((format!("{}{of}", pull.caption), page.picture));
            }
        }
        let Some(fonts) = studio.fonts().filter(|_| !pages.is_empty()) else { return Ok((Vec::new(), code)) };
        let png = sheet::sheet(&pages, &fonts).and_then(|sheet| sheet.to_png("")).map_err(|e| undrawn(&e))?;
        Ok((vec![(self.target(None), png)], code))
    }

    /// Where to write; `page` where each page has a file.
    fn target(&self, page: Option<usize>) -> PathBuf {
        let stem = self.layout.file_stem().unwrap_or_default();
        let out = self.out.clone().unwrap_or_else(|| Path::new(stem).with_extension("png"));
        let Some(page) = page else { return out };
        let stem = out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let extension = out.extension().map_or("png".into(), |e| e.to_string_lossy());
        out.with_file_name(format!("{stem}-{page}.{extension}"))
    }
}

/// Says what is wrong, each thing once, and whether anything is.
fn told<'f>(findings: impl Iterator<Item = &'f Finding>) -> u8 {
    let (mut said, mut code) = (BTreeSet::new(), ALL_DONE);
    for finding in findings.filter(|finding| finding.severity() > Severity::Note) {
        let words = finding.to_string();
        if !said.contains(&words) {
            complain(&words);
            said.insert(words);
        }
        if finding.severity() == Severity::Error {
            code = SOME_FAILED;
        }
    }
    code
}

fn undrawn(error: &PngError) -> Failure {
    let hint = match error {
        PngError::Size { .. } => "choose another resolution with --dpi",
        PngError::Sheet { .. } => "show fewer records with --sheet, or all of them smaller with --dpi",
        _ => "",
    };
    Failure::new(format!("no picture: {error}"), hint)
}
