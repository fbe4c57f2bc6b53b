//! The manifest being written.
//!
//! In: a [`Head`], then the lines of the rows, group by group. Out: `manifest.jsonl`, and `catalogue.csv` beside it when it has ended.
//! Invariant: a group of rows stands in it whole or is taken back; one process at a time writes it.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use super::catalogue;
use super::folder::Lasting;
use super::lock::lock;
use super::manifest::{End, EndLine, Head, Manifest, ManifestError};
use super::row::Row;
use super::staged::{folder_of, temporary};
use super::summary::Summary;

/// A manifest being written: new, or one that is gone on with.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    /// Locked.
    file: File,
    length: u64,
    lasting: Lasting,
    /// Whether a group is on the disk when it has been added; where not, somebody else sees to it.
    syncs_groups: bool,
    /// The rows that stand in it already.
    past: Summary,
    finished: bool,
}

impl Journal {
    /// Begins the manifest `path`, which must not be there.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn begin(path: &Path, head: &Head, lasting: Lasting) -> Result<Journal, ManifestError> {
        let io = |source| ManifestError::Io { path: path.into(), source };
        let mut line = serde_json::to_vec(head).map_err(|e| io(e.into()))?;
        line.push(b'\n');
        // The head is there whole or not at all, so that a manifest without one is none of ours.
        let staged = temporary(folder_of(path), &line).map_err(io)?;
        if lasting == Lasting::Synced {
            staged.as_file().sync_all().map_err(io)?;
        }
        staged.persist_noclobber(path).map_err(|e| match e.error.kind() {
            io::ErrorKind::AlreadyExists => ManifestError::Busy(path.into()),
            _ => io(e.error),
        })?;
        let (file, length) = (open(path)?, line.len() as u64);
        let past = Summary::default();
        Ok(Journal { path: path.into(), file, length, lasting, syncs_groups: true, past, finished: false })
    }

    /// Goes on with the manifest `path`, if it began with an equal head. `each` is shown its rows, and whether the run was finished; where it says
    /// [`Standing::Lost`], that row and those after it are taken out, to be made again.
    ///
    /// # Errors
    /// It cannot be read or written, is damaged, began with another head, or another run is writing it.
    pub fn resume<E: From<ManifestError>>(
        path: &Path,
        head: &Head,
        lasting: Lasting,
        mut each: impl FnMut(&Row) -> Result<Standing, E>,
    ) -> Result<Journal, E> {
        let file = open(path)?;
        let mut rows = Manifest::open(path)?;
        let changes = rows.head().changes(head);
        if !changes.is_empty() {
            return Err(ManifestError::Changed(changes).into());
        }
        let mut past = Summary::default();
        let mut length = rows.length();
        let mut lost = false;
        while let Some(row) = rows.next() {
            let row = row?;
            lost |= each(&row)? == Standing::Lost;
            if !lost {
                past.add(&row);
                length = rows.length();
            }
        }
        let finished = rows.end().is_some() && !lost;
        past.resumed = past.records();
        let mut journal =
            Journal { path: path.into(), file, length, lasting, syncs_groups: true, past, finished };
        if !finished {
            journal.take_back(length).map_err(|source| ManifestError::Io { path: path.into(), source })?;
        }
        Ok(journal)
    }

    /// The same, for who syncs the manifest with the files that it lists.
    pub(super) fn synced_elsewhere(self) -> Journal {
        Journal { syncs_groups: false, ..self }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its file.
    pub(super) fn file(&self) -> &File {
        &self.file
    }

    /// The sums of the rows that stood in it when it was opened.
    pub fn past(&self) -> &Summary {
        &self.past
    }

    /// Whether it was finished when it was opened.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// Adds the lines of a group; returns the length before them.
    pub(super) fn add(&mut self, lines: &[u8]) -> io::Result<u64> {
        let before = self.length;
        let syncs = self.syncs_groups && self.lasting == Lasting::Synced;
        let added =
            self.file.write_all(lines).and_then(|()| if syncs { self.file.sync_data() } else { Ok(()) });
        match added {
            Ok(()) => self.length += lines.len() as u64,
            Err(_) => self.take_back(before)?,
        }
        added.map(|()| before)
    }

    /// Takes back what was added after `length`.
    pub(super) fn take_back(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length))?;
        self.length = length;
        Ok(())
    }

    /// Writes the catalogue, which has `names` of metadata, and then the end.
    pub(super) fn finish(&mut self, names: &[&str], sum: &Summary) -> Result<(), ManifestError> {
        let io = |path: &Path| {
            let path = path.to_owned();
            |source| ManifestError::Io { path, source }
        };
        let catalogue = self.catalogue();
        let rows = Manifest::open(&self.path)?;
        let (staged, digest) = catalogue::write(&catalogue, names, rows)?;
        let lasts = self.lasting == Lasting::Synced;
        let synced = if lasts { staged.sync() } else { Ok(()) };
        synced.and_then(|()| staged.release()).map_err(io(&catalogue))?;
        let end = End { done: sum.done, failed: sum.failed, catalogue: digest };
        let mut line = serde_json::to_vec(&EndLine { end }).map_err(|e| io(&self.path)(e.into()))?;
        line.push(b'\n');
        self.add(&line).map_err(io(&self.path))?;
        if lasts {
            self.file.sync_all().map_err(io(&self.path))?;
        }
        self.finished = true;
        Ok(())
    }

    /// Where the catalogue is, once the run is finished.
    pub fn catalogue(&self) -> PathBuf {
        self.path.with_file_name(catalogue::CATALOGUE)
    }
}

/// Whether what a row says holds, when a run is resumed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its files are where they belong.
    Holds,
    /// They are not, as after a power cut: the record is to be rendered again.
    Lost,
}

/// Opens a manifest for writing at its end, and locks it.
pub(super) fn open(path: &Path) -> Result<File, ManifestError> {
    let io = |source| ManifestError::Io { path: path.into(), source };
    let held = lock(path, File::options().read(true).write(true)).map_err(io)?;
    let mut file = held.ok_or_else(|| ManifestError::Busy(path.into()))?;
    file.seek(SeekFrom::End(0)).map_err(io)?;
    Ok(file)
}
