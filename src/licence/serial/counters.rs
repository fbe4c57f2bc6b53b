//! The file of counters: read, and replaced as a whole.
//!
//! In: a path, or counters. Out: counters, or a file with a line for each.
//! Invariant: whoever reads finds the old file or the new one, never half of one; [`Counters::write`] returns once the disk has it.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use super::{MAGIC, SerialError, VERSION, beside};

/// The largest file.
pub(super) const MAX_BYTES: u64 = 1 << 20;
/// The longest name of a counter, in bytes.
const MAX_NAME: usize = 300;

/// A file's counters: the least number of each that nobody has been given.
pub(super) struct Counters(pub(super) BTreeMap<String, u64>);

impl Counters {
    pub(super) fn read(path: &Path) -> Result<Counters, SerialError> {
        let io = |source| SerialError::Io { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        File::open(path).and_then(|f| f.take(MAX_BYTES + 1).read_to_end(&mut bytes)).map_err(io)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(SerialError::Large(path.to_owned()));
        }
        let text = String::from_utf8(bytes).map_err(|_| SerialError::Format(path.to_owned()))?;
        let mut lines = text.lines();
        let version = lines.next().and_then(|line| line.strip_prefix(MAGIC)).map(str::trim_end);
        match version {
            None => return Err(SerialError::Format(path.to_owned())),
            Some(VERSION) => {}
            Some(found) => {
                return Err(SerialError::Version { path: path.to_owned(), found: found.to_owned() });
            }
        }
        let mut counters = BTreeMap::new();
        for (line, text) in lines.enumerate().filter(|(_, text)| !text.trim().is_empty()) {
            let counter =
                text.split_once('\t').and_then(|(name, next)| Some((name, next.trim().parse().ok()?)));
            let fresh = counter.filter(|(name, next)| {
                *next > 0 && is_name(name) && counters.insert((*name).to_owned(), *next).is_none()
            });
            if fresh.is_none() {
                return Err(SerialError::Line { path: path.to_owned(), line: line + 2 });
            }
        }
        Ok(Counters(counters))
    }

    pub(super) fn next(&self, counter: &str) -> Result<u64, SerialError> {
        if !is_name(counter) {
            return Err(SerialError::Name(counter.to_owned()));
        }
        Ok(self.0.get(counter).copied().unwrap_or(1))
    }

    /// Replaces the file; it is on the disk when this returns.
    pub(super) fn write(&self, path: &Path) -> Result<(), SerialError> {
        let mut text = format!("{MAGIC}{VERSION}\n");
        for (name, next) in &self.0 {
            text.push_str(&format!("{name}\t{next}\n"));
        }
        if text.len() as u64 > MAX_BYTES {
            return Err(SerialError::Large(path.to_owned()));
        }
        replace(path, text.as_bytes()).map_err(|source| SerialError::Io { path: path.to_owned(), source })
    }
}

/// One at a time comes here, the lock's holder; so the new file's name is always the same, and none is left lying about.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = beside(path, ".part");
    let mut file = File::create(&unfinished)?;
    file.write_all(bytes)?;
    file.set_permissions(fs::metadata(path)?.permissions())?;
    file.sync_all()?;
    fs::rename(&unfinished, path)?;
    // The new name lives in the folder, which has to reach the disk as well; Windows does this by itself.
    #[cfg(unix)]
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(())
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME).contains(&name.len()) && !name.chars().any(char::is_control)
}
