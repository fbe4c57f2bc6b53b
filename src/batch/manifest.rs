//! The manifest: the one account of a batch, and while it runs its journal.
//!
//! In: `manifest.jsonl`. Out: its [`Head`], its [`Row`]s and its [`End`].
//!
//! ```text
//! {"manifest":1,"certpress":"0.1.0","records":3,"inputs":{"layout title-senior":"…","records":"…"},"options":{"formats":"ofd,pdf"}}
//! {"row":2,"number":"A-1","status":"done","record":"…","time":"…","seals":["…"],"files":[{"format":"ofd","name":"A-1.ofd",…}],"metadata":{…}}
//! {"row":3,"status":"failed","record":"…","errors":[{"code":"field.date",…}]}
//! {"end":{"done":2,"failed":1,"catalogue":"…"}}
//! ```
//!
//! Invariant: rows stand in the order of the records, so that a manifest without an end says where to go on; a last line without its line
//! end was never written.

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::pairs;
use super::row::{Row, Status};
use crate::crypto::hex;
use crate::office::Presses;

/// Its name in a folder.
pub const MANIFEST: &str = "manifest.jsonl";
/// The input that stands for the records.
pub const RECORDS: &str = "records";
/// The option that says how many rows have a folder of their own.
pub const SHARD: &str = "shard";
/// The option that says how many of a file's records the batch was begun with, if not with all: the first ones.
pub const LIMIT: &str = "limit";
/// The version that this program writes and reads.
const VERSION: u32 = 1;
/// A row repeats what a record says in its errors and metadata, and a record has at most 16 MiB.
const LONGEST_LINE: u64 = 64 << 20;

/// The first line: what the certificates are made of. A run is resumed only with an equal one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    manifest: u32,
    certpress: String,
    /// How many records there are.
    pub records: u64,
    #[serde(with = "pairs")]
    inputs: Vec<(String, String)>,
    #[serde(with = "pairs")]
    options: Vec<(String, String)>,
}

impl Head {
    /// What `presses` are made of, for so many records.
    pub fn new(presses: &dyn Presses, records: u64) -> Head {
        let inputs = presses.sources().into_iter().map(|(name, digest)| (name, hex(&digest))).collect();
        Head {
            manifest: VERSION,
            certpress: env!("CARGO_PKG_VERSION").into(),
            records,
            inputs,
            options: Vec::new(),
        }
    }

    /// The same with one more thing that the certificates are made of, and its SHA-256.
    pub fn with_input(mut self, name: &str, sha256: &[u8]) -> Head {
        self.inputs.push((name.into(), hex(sha256)));
        self
    }

    /// The same with one more option that decides about the files.
    pub fn with_option(mut self, name: &str, value: impl Into<String>) -> Head {
        self.options.push((name.into(), value.into()));
        self
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// What is not the same in `now`.
    pub fn changes(&self, now: &Head) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut compare = |is_option, was: &[(String, String)], is: &[(String, String)]| {
            let value = |all: &[(String, String)], name: &str| {
                all.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
            };
            let new = is.iter().filter(|(name, _)| value(was, name).is_none());
            for (name, _) in was.iter().chain(new) {
                let (was, is) = (value(was, name), value(is, name));
                if was != is {
                    changes.push(Change { is_option, name: name.clone(), was, is });
                }
            }
        };
        compare(
            true,
            &[("certpress".into(), self.certpress.clone())],
            &[("certpress".into(), now.certpress.clone())],
        );
        compare(false, &self.inputs, &now.inputs);
        compare(true, &self.options, &now.options);
        // Other records are what another limit means.
        if changes.iter().any(|change| change.name == LIMIT) {
            changes.retain(|change| change.name != RECORDS);
        }
        changes
    }
}

/// Something that is not what the run began with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Whether its values mean something to people: an option, not a digest.
    is_option: bool,
    /// What it is: `layout title-senior`, `records`, `time`.
    pub name: String,
    /// Its value when the run began.
    pub was: Option<String>,
    /// Its value now.
    pub is: Option<String>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Change { name, was, is, .. } = self;
        match (was, is) {
            (None, _) => write!(f, "{name}: was not there"),
            (_, None) => write!(f, "{name}: is not there any more"),
            (Some(was), Some(is)) if self.is_option => write!(f, "{name}: was {was}, is {is}"),
            _ => write!(f, "{name}: was changed"),
        }
    }
}

/// The last line: the run is finished.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    /// Records that became certificates.
    pub done: u64,
    /// Records that did not.
    pub failed: u64,
    /// The SHA-256 of `catalogue.csv`.
    pub catalogue: String,
}

/// The last line as it is written.
#[derive(Serialize, Deserialize)]
pub(super) struct EndLine {
    pub(super) end: End,
}

/// Why a manifest cannot be read or written.
#[derive(Debug, Error)]
pub enum ManifestError {
    /// The file, or the archive that it is to go into, cannot be read or written.
    #[error("cannot use {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It begins with something else than a head.
    #[error("{} is not a manifest of certpress", .0.display())]
    Format(PathBuf),
    /// A later program wrote it.
    #[error("the manifest {} is of version {found}, not {VERSION}", path.display())]
    Version {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
    /// A line is no row.
    #[error("the manifest {} is damaged: {message}", path.display())]
    Damaged {
        /// Which file.
        path: PathBuf,
        /// Where, and what is wrong.
        message: String,
    },
    /// Another run writes it.
    #[error("another run is writing {}", .0.display())]
    Busy(PathBuf),
    /// It is not of the run that was to be resumed.
    #[error("the run cannot be resumed with other inputs than it began with:\n{}", lines(.0))]
    Changed(Vec<Change>),
}

fn lines(changes: &[Change]) -> String {
    let lines: Vec<String> = changes.iter().map(|change| format!("  {change}")).collect();
    lines.join("\n")
}

impl ManifestError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            ManifestError::Io { source, .. } => match source.kind() {
                io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => "make room on the disk",
                _ => "check the path and that you may read and write it",
            },
            ManifestError::Format(_) => "name a manifest.jsonl, or the folder of a batch",
            ManifestError::Version { .. } => "use the certpress that wrote it, or a newer one",
            ManifestError::Damaged { .. } => "bring it back from a copy",
            ManifestError::Busy(_) => "wait until it has ended",
            ManifestError::Changed(_) => {
                "bring back what the run began with, or begin a new run in another folder"
            }
        }
    }
}

/// A manifest being read, row by row. An [`End`] ends it; where none came, the run was not finished.
#[derive(Debug)]
pub struct Manifest {
    path: PathBuf,
    source: BufReader<File>,
    head: Head,
    end: Option<End>,
    line: Vec<u8>,
    /// Of the whole lines so far.
    length: u64,
    count: u64,
    /// Rows of records that were done, and of those that failed.
    rows: (u64, u64),
    ended: bool,
}

impl Manifest {
    /// Opens the manifest at `path` and reads its head.
    ///
    /// # Errors
    /// It cannot be read, or is none that this program can read.
    pub fn open(path: &Path) -> Result<Manifest, ManifestError> {
        #[derive(Deserialize)]
        struct Version {
            manifest: u64,
        }
        let io = |source| ManifestError::Io { path: path.into(), source };
        let mut source = BufReader::new(File::open(path).map_err(io)?);
        let mut line = Vec::new();
        source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line).map_err(io)?;
        let other = |_| ManifestError::Format(path.into());
        let Version { manifest: found } = serde_json::from_slice(&line).map_err(other)?;
        if found != u64::from(VERSION) {
            return Err(ManifestError::Version { path: path.into(), found });
        }
        let head = serde_json::from_slice(&line).map_err(other)?;
        let length = line.len() as u64;
        let path = path.to_owned();
        Ok(Manifest { path, source, head, end: None, line, length, count: 1, rows: (0, 0), ended: false })
    }

    /// What the run began with.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// How it ended; `None` before the last row was read, and where the run was not finished.
    pub fn end(&self) -> Option<&End> {
        self.end.as_ref()
    }

    /// Where the row after the last one that was read begins.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// What is wrong with the line after those that were read.
    fn damaged(&self, what: &str) -> ManifestError {
        let message = format!("line {} {what}", self.count + 1);
        ManifestError::Damaged { path: self.path.clone(), message }
    }

    /// What is wrong with the row that was read last.
    pub(super) fn damaged_row(&self, what: &str) -> ManifestError {
        let message = format!("line {} {what}", self.count);
        ManifestError::Damaged { path: self.path.clone(), message }
    }

    fn advance(&mut self) -> Result<Option<Row>, ManifestError> {
        let io = |source| ManifestError::Io { path: self.path.clone(), source };
        self.line.clear();
        let read = self.source.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line).map_err(io)?;
        // A last line that breaks off was not written; a power cut may leave zeros where a line was to be.
        if read == 0 || !self.line.ends_with(b"\n") && (read as u64) < LONGEST_LINE || self.line.contains(&0)
        {
            return Ok(None);
        }
        let what = |error: serde_json::Error| self.damaged(&format!("is no row: {error}"));
        if self.line.starts_with(b"{\"end\"") {
            let EndLine { end } = serde_json::from_slice(&self.line).map_err(what)?;
            let (done, failed) = self.rows;
            if (end.done, end.failed) != (done, failed) {
                let End { done: ends_done, failed: ends_failed, .. } = end;
                return Err(self.damaged(&format!(
                    "counts {ends_done} records that were done and {ends_failed} that failed, and there are rows of {done} and {failed}"
                )));
            }
            self.end = Some(end);
            if !self.source.fill_buf().map_err(io)?.is_empty() {
                self.count += 1;
                return Err(self.damaged("comes after the end"));
            }
            return Ok(None);
        }
        let row: Row = serde_json::from_slice(&self.line).map_err(what)?;
        if row.files.iter().any(|file| !is_inside(&file.name)) {
            return Err(self.damaged("names a file outside the folder"));
        }
        match row.status {
            Status::Done => self.rows.0 += 1,
            Status::Failed => self.rows.1 += 1,
        }
        self.length += self.line.len() as u64;
        self.count += 1;
        Ok(Some(row))
    }
}

/// Whether a file of this name lies in the folder.
fn is_inside(name: &str) -> bool {
    !name.is_empty()
        && !name.contains('\\')
        && name.split('/').all(|part| !matches!(part, "" | "." | "..") && !part.contains(':'))
}

impl Iterator for Manifest {
    type Item = Result<Row, ManifestError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let row = self.advance().transpose();
        self.ended = !matches!(row, Some(Ok(_)));
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::row::tests::{done, failed};

    fn head() -> Head {
        Head {
            manifest: VERSION,
            certpress: "0.1.0".into(),
            records: 2,
            inputs: vec![("layout a".into(), "aa".into()), ("records".into(), "bb".into())],
            options: vec![("time".into(), "now".into())],
        }
    }

    fn read(tail: &[u8]) -> Result<(Vec<Row>, Option<End>, u64), ManifestError> {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(MANIFEST);
        let mut bytes = serde_json::to_vec(&head()).unwrap();
        bytes.push(b'\n');
        bytes.extend(tail);
        std::fs::write(&path, &bytes).unwrap();
        let mut manifest = Manifest::open(&path)?;
        let rows = manifest.by_ref().collect::<Result<_, _>>()?;
        Ok((rows, manifest.end().cloned(), manifest.length() + tail.len() as u64 - bytes.len() as u64))
    }

    #[test]
    fn rows_are_read_up_to_the_end_or_to_where_the_last_line_breaks_off() {
        let (a, b) = (done(2).to_line(), failed(3).to_line());
        let end = b"{\"end\":{\"done\":1,\"failed\":1,\"catalogue\":\"cc\"}}\n";
        let (rows, ended, _) = read(&[&a[..], &b, end].concat()).unwrap();
        assert_eq!((rows, ended.unwrap().failed), (vec![done(2), failed(3)], 1));
        for cut in [&b[..b.len() - 1], &b[..1], b"\0\0\0\0\n", b""] {
            let (rows, ended, length) = read(&[&a, cut].concat()).unwrap();
            assert_eq!((rows, ended, length), (vec![done(2)], None, a.len() as u64));
        }
    }

    #[test]
    fn what_is_no_manifest_is_refused_with_the_place() {
        let cases = [
            (&b"{\"row\":\n"[..], "line 2 is no row"),
            (b"{\"row\":2,\"status\":\"done\",\"files\":[{\"format\":\"ofd\",\"name\":\"../a\",\"bytes\":1,\"sha256\":\"\"}]}\n", "line 2 names a file outside"),
            (b"{\"end\":{\"done\":0,\"failed\":0,\"catalogue\":\"\"}}\n{}\n", "line 3 comes after the end"),
            (b"{\"end\":{\"done\":1,\"failed\":0,\"catalogue\":\"\"}}\n", "line 2 counts 1 records that were done and 0"),
        ];
        for (tail, message) in cases {
            let error = read(tail).unwrap_err().to_string();
            assert!(error.contains(message), "{error}");
        }
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(MANIFEST);
        std::fs::write(&path, "{\"manifest\":2}\n").unwrap();
        assert!(matches!(Manifest::open(&path), Err(ManifestError::Version { found: 2, .. })));
        std::fs::write(&path, "{\"row\":2}\n").unwrap();
        assert!(matches!(Manifest::open(&path), Err(ManifestError::Format(_))));
    }

    #[test]
    fn changes_are_named() {
        let mut now = head();
        now.inputs = vec![("layout a".into(), "ab".into()), ("fonts".into(), "cc".into())];
        now.options[0].1 = "2026-03-05T08:00:00Z".into();
        let changes: Vec<String> = head().changes(&now).iter().map(ToString::to_string).collect();
        assert_eq!(
            changes,
            [
                "layout a: was changed",
                "records: is not there any more",
                "fonts: was not there",
                "time: was now, is 2026-03-05T08:00:00Z"
            ]
        );
        assert_eq!(head().changes(&head()), []);
    }
}
