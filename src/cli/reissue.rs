//! `certpress reissue`: an original and a request become a new certificate, or a refusal with its reasons.

use std::fs::{self, File};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use certpress::Certificate;
use certpress::batch::name::NamePattern;
use certpress::batch::put_new;
use certpress::compile::Edition;
use certpress::office::{Link, Original, ReissueError, Reissued};
use certpress::record::{self, Record};

use super::failure::Failure;
use super::output::OutputArguments;
use super::press::{FontArguments, PasswordArguments, open_office};
use super::terminal::{complain, say};
use super::{ALL_DONE, SOME_FAILED};

/// The largest original.
const MAX_ORIGINAL: u64 = 256 << 20;
/// The links from old to new certificates, in the folder that is written to.
const LINKS: &str = "reissues.jsonl";

/// The arguments of `certpress reissue`.
#[derive(Args)]
#[command(after_long_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// The certificate to be replaced, the OFD as it was issued
    #[arg(value_name = "ORIGINAL")]
    original: PathBuf,

    /// The request: one record, in .json, .csv, .jsonl or .xlsx
    #[arg(value_name = "REQUEST")]
    request: PathBuf,

    /// The catalogue.toml that says who may reissue what
    #[arg(long, value_name = "TOML")]
    catalogue: PathBuf,

    /// The folder to write to; made if missing
    #[arg(long, short, value_name = "DIR")]
    out: PathBuf,

    #[command(flatten)]
    password: PasswordArguments,

    #[command(flatten)]
    fonts: FontArguments,

    #[command(flatten)]
    output: OutputArguments,

    /// Print the answer as one line of JSON
    #[arg(long)]
    json: bool,
}

const AFTER_HELP: &str = "\
Example:
  certpress reissue issued/YL2026000001.ofd request.json --catalogue examples/catalogue.toml --out reissued

The request names the holder (name and identity number) and the original's number or identifier. Whatever else it says must be what the original says, too; variants of one character, of width and of brackets are the same. A photograph that it brings must be the same file. Where data did change, the request names their re-audit in a column re_audit, and they are taken from it.

The original must be intact and sealed by its issuer. The new certificate is of the layout's present edition; it names the old identifier and number, has the next version of the identifier and the next number of the catalogue.

What is written:
  DIR/NUMBER.ofd, DIR/NUMBER.pdf   the new certificate; nothing is overwritten
  DIR/reissues.jsonl               a line for each: which certificate replaces which. What it names
                                   as replaced is not replaced again, so give all reissues one DIR.
                                   The line comes before the files: a run that breaks off replaces
                                   nothing twice.

Exit codes: 0 reissued, 1 refused, 2 could not run.";

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Result<u8, Failure> {
    let original = read_original(&arguments.original)?;
    let request = read_request(&arguments.request)?;
    let options = arguments.output.options(&arguments.request)?;
    let moment = arguments.output.moment();
    let office = open_office(
        &arguments.catalogue,
        Edition::Electronic,
        &arguments.fonts,
        &arguments.password,
        moment,
    )?;

    let original = match Original::read(&original) {
        Ok(original) => original,
        Err(error) => return refuse(arguments, error.code(), &error.to_string(), &error.hint(), Vec::new()),
    };
    let mut links = Links::open(&arguments.out)?;
    if let Some(new) = links.successor(&original.identifier().to_string())? {
        let message = format!("the original was replaced already, by {new}");
        return refuse(
            arguments,
            "reissue.replaced",
            &message,
            "give the latest certificate as the original; if the run broke off before its files were written, delete its line from reissues.jsonl",
            Vec::new(),
        );
    }
    match office.reissue(&original, &request, &options) {
        Ok(Reissued { certificate, link, .. }) => {
            let files = links.append(&link, || write(&arguments.out, &link.new_number, &certificate))?;
            for warning in certificate.warnings() {
                complain(&format!("warning: {warning}"));
            }
            if arguments.json {
                say(&json!({ "reissued": true, "files": files, "link": link }).to_string())?;
            } else {
                say(&format!("{} replaces {}: {}", link.new_number, link.old_number, files.join(", ")))?;
            }
            Ok(ALL_DONE)
        }
        Err(error) => {
            let differences = match &error {
                ReissueError::Refused(refusal) => refusal.differences(),
                _ => &[],
            };
            let difference = |d: &certpress::licence::reissue::Difference| json!({ "field": d.field, "label": d.label, "original": d.original, "requested": d.requested });
            let differences = differences.iter().map(difference).collect();
            refuse(arguments, error.code(), &error.to_string(), &error.hint(), differences)
        }
    }
}

/// Tells why there is no new certificate.
fn refuse(
    arguments: &Arguments,
    code: &str,
    message: &str,
    hint: &str,
    differences: Vec<Value>,
) -> Result<u8, Failure> {
    if arguments.json {
        let answer = json!({ "reissued": false, "code": code, "message": message, "hint": hint, "differences": differences });
        say(&answer.to_string())?;
    } else {
        complain(&format!("refused: {message}"));
        if !hint.is_empty() {
            complain(&format!("  hint: {hint}"));
        }
    }
    Ok(SOME_FAILED)
}

fn read_original(path: &Path) -> Result<Vec<u8>, Failure> {
    let missing = |e: io::Error| {
        let message = format!("cannot read the original {}: {e}", path.display());
        Failure::new(message, "without the original OFD there is no reissue")
    };
    let mut bytes = Vec::new();
    File::open(path).and_then(|f| f.take(MAX_ORIGINAL + 1).read_to_end(&mut bytes)).map_err(missing)?;
    if bytes.len() as u64 > MAX_ORIGINAL {
        return Err(missing(io::Error::other(format!("it is larger than {MAX_ORIGINAL} bytes"))));
    }
    Ok(bytes)
}

/// The only record of a file.
fn read_request(path: &Path) -> Result<Record, Failure> {
    let unreadable =
        |e: record::ReadError| Failure::new(format!("the request in {}: {e}", path.display()), e.hint);
    let mut records = record::open(path).map_err(unreadable)?;
    let first = records.next().transpose().map_err(unreadable)?;
    match (first, records.next()) {
        (Some(record), None) => Ok(record),
        (None, _) => Err(Failure::new(format!("there is no request in {}", path.display()), "")),
        (Some(_), Some(_)) => {
            let message = format!("there is more than one request in {}", path.display());
            Err(Failure::new(message, "give each original its own request"))
        }
    }
}

/// Writes the files of a certificate, and tells their names. All are there, or none.
fn write(folder: &Path, number: &str, certificate: &Certificate) -> Result<Vec<String>, Failure> {
    let pattern = NamePattern::usual(["number"]);
    let stem = pattern.name(0, |_| Some(number)).ok_or_else(|| {
        Failure::new(
            format!("the number gives the files no name: {number}"),
            "mend the numbering in the catalogue",
        )
    })?;
    let formats = [("ofd", certificate.ofd()), ("pdf", certificate.pdf())];
    let files = formats.into_iter().filter_map(|(format, bytes)| Some((format!("{stem}.{format}"), bytes?)));
    let files: Vec<_> = files.collect();
    put_new(folder, &files).map_err(|(path, e)| {
        let message = format!("cannot write {}: {e}", path.display());
        Failure::new(message, "nothing is overwritten: move what is there, or name another folder")
    })?;
    Ok(files.into_iter().map(|(name, _)| name).collect())
}

/// `reissues.jsonl`, locked: two runs do not replace one certificate twice.
struct Links {
    path: PathBuf,
    file: File,
}

impl Links {
    fn open(folder: &Path) -> Result<Links, Failure> {
        let path = folder.join(LINKS);
        let opened = fs::create_dir_all(folder).and_then(|()| {
            let file = File::options().create(true).read(true).append(true).open(&path)?;
            file.lock()?;
            Ok(file)
        });
        match opened {
            Ok(file) => Ok(Links { path, file }),
            Err(e) => Err(unusable(&path, &e)),
        }
    }

    /// The identifier of the certificate that replaced `old`.
    fn successor(&mut self, old: &str) -> Result<Option<String>, Failure> {
        self.file.seek(SeekFrom::Start(0)).map_err(|e| unusable(&self.path, &e))?;
        for line in BufReader::new(&self.file).lines() {
            let line = line.map_err(|e| unusable(&self.path, &e))?;
            let link: Value = serde_json::from_str(&line).map_err(|e| unusable(&self.path, &e.into()))?;
            if link["old"] == old {
                return Ok(Some(link["new"].as_str().unwrap_or_default().to_owned()));
            }
        }
        Ok(None)
    }

    /// Adds a line, and then lets `write` make the files; takes the line back if it cannot. A crash in between leaves a line without
    /// files, which a person can mend, and never files without a line, which could be made twice.
    fn append<T>(&mut self, link: &Link, write: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        let unusable = |e| unusable(&self.path, &e);
        let line = serde_json::to_string(link).map_err(|e| unusable(e.into()))?;
        let before = self.file.metadata().map_err(unusable)?.len();
        writeln!(&self.file, "{line}").and_then(|()| self.file.sync_all()).map_err(unusable)?;
        write().inspect_err(|_| {
            // A line that stays refuses the next request, which is safe.
            let _ = self.file.set_len(before);
        })
    }
}

fn unusable(path: &Path, error: &io::Error) -> Failure {
    let hint = "it holds a line of JSON for each certificate that was replaced";
    Failure::new(format!("cannot use {}: {error}", path.display()), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_is_there_before_the_files_and_goes_if_they_cannot_be_written() {
        let dir = tempfile::tempdir().unwrap();
        let mut links = Links::open(dir.path()).unwrap();
        let link = |old: &str| Link {
            old: old.into(),
            old_number: String::new(),
            old_sm3: String::new(),
            new: format!("{old}, again"),
            new_number: String::new(),
            re_audit: None,
            changed: Vec::new(),
            time: String::new(),
        };
        let lines = || fs::read_to_string(dir.path().join(LINKS)).unwrap().lines().count();
        assert_eq!(links.append(&link("a"), || Ok(lines())).ok(), Some(1));
        assert!(links.append(&link("b"), || Err::<(), _>(Failure::new("the disk is full", ""))).is_err());
        assert_eq!(lines(), 1);
        let successors = ["a", "b"].map(|old| links.successor(old).ok().flatten());
        assert_eq!(successors, [Some("a, again".to_owned()), None]);
    }
}
