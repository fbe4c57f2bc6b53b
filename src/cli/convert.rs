//! `certpress convert`: a sealed OFD as a PDF or as pictures.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use certpress::batch::{put_new, write_whole};
use certpress::convert::{ConvertError, Original};
use certpress::ofd::read::Limits;

use super::failure::{self, Failure};
use super::press::FontArguments;
use super::terminal::{complain, say};
use super::{ALL_DONE, SOME_FAILED};

/// The arguments of `certpress convert`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The sealed original
    #[arg(value_name = "ORIGINAL.ofd")]
    original: PathBuf,

    /// What to make of it
    #[arg(long, value_enum)]
    to: Format,

    /// Pixels an inch of pictures, 10 to 1200
    #[arg(long, value_name = "N", default_value_t = 150.0)]
    dpi: f64,

    /// The file to write, replaced if it is there, or - for standard output; of several pictures each has its page's number before the extension
    /// [default: beside the original, unless such a file is there]
    #[arg(long, short, value_name = "FILE|-")]
    out: Option<PathBuf>,

    #[command(flatten)]
    fonts: FontArguments,
}

const AFTER_HELP: &str = "\
Examples:
  certpress convert issued/样例20260001.ofd --to pdf --out copy.pdf
  certpress convert issued/样例20260001.ofd --to png --dpi 300 --out preview.png

A conversion has no equal force: a note at the foot of each page says so, and the metadata name the original by its SM3 and SHA-256. Only what was sealed is shown: an original that is not sealed, or was changed afterwards, is refused, and the part is named. Whom to trust is not asked: look at who signed.

Exit codes: 0 converted, 1 the original is not sealed or not as it was sealed, 2 could not run.";

/// The format of a conversion.
#[derive(Clone, Copy, ValueEnum)]
enum Format {
    /// One PDF/A of all pages.
    Pdf,
    /// A picture of each page.
    Png,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let limits = Limits::default();
    let bytes = failure::read(&arguments.original, limits.total)?;
    let fonts = arguments.fonts.open(&arguments.original)?;
    let original = match Original::open(&bytes, &limits, &fonts) {
        Ok(original) => original,
        Err(refusal) if refusal.is_refusal() => {
            complain(&format!("{}: {refusal}", arguments.original.display()));
            return Ok(SOME_FAILED);
        }
        Err(error) => return Err(not_converted(&arguments.original, &error)),
    };
    let failed = |error| not_converted(&arguments.original, &error);
    match arguments.to {
        Format::Pdf => {
            arguments.write("pdf", None, &original.to_pdf().map_err(failed)?)?;
        }
        Format::Png => {
            let several = original.page_count() > 1;
            if several && arguments.is_stdout() {
                let message = "several pictures cannot go to standard output";
                return Err(Failure::new(message, "name a file with --out"));
            }
            for index in 0..original.page_count() {
                let picture = original.to_png(index, arguments.dpi).map_err(failed)?;
                arguments.write("png", several.then_some(index + 1), &picture)?;
            }
        }
    }
    Ok(ALL_DONE)
}

impl Arguments {
    fn is_stdout(&self) -> bool {
        self.out.as_deref() == Some(Path::new("-"))
    }

    /// Where to write; `page` where each page has a file.
    fn target(&self, extension: &str, page: Option<usize>) -> PathBuf {
        let out = self.out.clone().unwrap_or_else(|| self.original.with_extension(extension));
        let Some(page) = page else { return out };
        let stem = out.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let extension = out.extension().map_or(extension.into(), |e| e.to_string_lossy());
        out.with_file_name(format!("{stem}-{page}.{extension}"))
    }

    /// Writes a conversion and says its name. The original stays, and where nobody named the file so does what is there: beside an
    /// original mostly its sealed PDF.
    fn write(&self, extension: &str, page: Option<usize>, bytes: &[u8]) -> Result<(), Failure> {
        if self.is_stdout() {
            let mut out = io::stdout().lock();
            return Ok(out.write_all(bytes).and_then(|()| out.flush())?);
        }
        let path = self.target(extension, page);
        let is_original = || Some(path.canonicalize().ok()? == self.original.canonicalize().ok()?);
        let written = match self.out {
            Some(_) if is_original() == Some(true) => Err(io::Error::other("it is the original")),
            Some(_) => write_whole(&path, bytes),
            None => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                put_new(folder.unwrap_or(Path::new(".")), &[(path.file_name().unwrap_or_default(), bytes)])
                    .map_err(|(_, e)| e)
            }
        };
        written.map_err(|e| {
            Failure::new(format!("cannot write {}: {e}", path.display()), "name another file with --out")
        })?;
        Ok(say(&path.display().to_string())?)
    }
}

fn not_converted(original: &Path, error: &ConvertError) -> Failure {
    Failure::new(format!("cannot convert {}: {error}", original.display()), "")
}
