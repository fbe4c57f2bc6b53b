//! How certificates are written, whatever they are made from.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use sha2::{Digest as _, Sha256};

use certpress::RenderOptions;
use certpress::batch::Head;
use certpress::licence::pua;
use certpress::page::Timestamp;
use certpress::record::ImageRoot;
use certpress::seal::{Nonce, PdfProfile};

use super::failure::Failure;

/// Bytes of a table of private code points: more than ten thousand lines need.
const MAX_TABLE: u64 = 1 << 20;

/// The formats, the time, and what the seal's signature and the records' characters need.
#[derive(Args)]
pub(crate) struct OutputArguments {
    /// What to write for each record
    #[arg(long, value_enum, value_delimiter = ',', default_value = "ofd,pdf")]
    formats: Vec<Format>,

    /// The time of making and sealing, such as 2026-03-05T08:00:00Z [default: now]
    #[arg(long, value_name = "RFC3339", value_parser = parse_time)]
    time: Option<Timestamp>,

    /// Write the same bytes on every run: nonces of the signatures by RFC 6979
    #[arg(long, requires = "time")]
    deterministic: bool,

    /// How the PDF carries its signature
    #[arg(long, value_name = "cms|cades|gm-cms|gm-seal", default_value_t, value_parser = parse_profile)]
    pdf_profile: PdfProfile,

    #[command(flatten)]
    records: RecordOptions,
}

/// What reading the records' characters needs.
#[derive(Args)]
pub(crate) struct RecordOptions {
    /// What private code points in the records stand for, where the table that ships does not know it
    ///
    /// A line for each: the private code point, a tab, the public one (U+E863 and U+4DAE).
    #[arg(long, value_name = "TSV")]
    pua: Option<PathBuf>,
}

/// A format of the certificates.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// GB/T 33190-2016.
    Ofd,
    /// ISO 32000.
    Pdf,
}

pub(crate) fn parse_time(text: &str) -> Result<Timestamp, String> {
    Timestamp::parse(text).ok_or_else(|| "write it like 2026-03-05T08:00:00Z".into())
}

fn parse_profile(text: &str) -> Result<PdfProfile, String> {
    text.parse()
}

impl OutputArguments {
    /// The library's options; images are found beside `records`.
    pub(crate) fn options(&self, records: &Path) -> Result<RenderOptions, Failure> {
        Ok(RenderOptions {
            ofd: self.formats.contains(&Format::Ofd),
            pdf: self.formats.contains(&Format::Pdf),
            time: self.time,
            nonce: if self.deterministic { Nonce::Deterministic } else { Nonce::Hedged },
            pdf_profile: self.pdf_profile,
            ..self.records.options(Some(records))?
        })
    }

    /// `head` with these options, as far as the files depend on them.
    pub(crate) fn describe(&self, head: Head) -> Result<Head, Failure> {
        let formats = [(Format::Ofd, "ofd"), (Format::Pdf, "pdf")];
        let formats: Vec<&str> = formats
            .into_iter()
            .filter(|(format, _)| self.formats.contains(format))
            .map(|(_, name)| name)
            .collect();
        let head = head
            .with_option("formats", formats.join(","))
            .with_option("time", self.time.map_or("now".to_owned(), |time| time.to_string()))
            .with_option("deterministic", self.deterministic.to_string())
            .with_option("pdf-profile", self.pdf_profile.to_string());
        Ok(match self.records.pua_text()? {
            Some(text) => head.with_input("pua", &Sha256::digest(text)),
            None => head,
        })
    }

    /// The moment at which seals must be valid.
    pub(crate) fn moment(&self) -> Timestamp {
        self.time.unwrap_or_else(Timestamp::now)
    }
}

impl RecordOptions {
    /// The library's options; images are found beside `records`, if there are any.
    pub(crate) fn options(&self, records: Option<&Path>) -> Result<RenderOptions, Failure> {
        let folder = records.and_then(Path::parent).filter(|p| !p.as_os_str().is_empty());
        let image_root = ImageRoot::open(folder.unwrap_or(Path::new("."))).ok();
        Ok(RenderOptions { image_root, pua: self.pua()?, ..RenderOptions::default() })
    }

    /// The user's table of private code points over the one that ships.
    fn pua(&self) -> Result<pua::Table, Failure> {
        let (Some(path), Some(text)) = (&self.pua, self.pua_text()?) else {
            return Ok(pua::Table::default());
        };
        pua::Table::parse(&text).map_err(|e| {
            let hint = "a line is `U+E863`, a tab and `U+4DAE`; what follows another tab is for people";
            Failure::new(format!("{}: {e}", path.display()), hint)
        })
    }

    fn pua_text(&self) -> Result<Option<String>, Failure> {
        let Some(path) = &self.pua else { return Ok(None) };
        let mut text = String::new();
        let read = File::open(path).and_then(|file| file.take(MAX_TABLE).read_to_string(&mut text));
        read.map_err(|e| Failure::unreadable(path, &e))?;
        Ok(Some(text))
    }
}
