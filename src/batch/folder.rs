//! A folder of certificates, with its manifest.
//!
//! In: names and finished bytes. Out: files, `manifest.jsonl`, `catalogue.csv`.
//! Invariant: a file that bears its own name is whole and listed in the manifest, at any moment, whatever kills the process; after a power cut
//! too, unless it was told not to sync. What else a killed run left bears temporary names, and resuming it names or removes them.
//!
//! So a power cut may leave rows in the manifest whose files are not there: those of the last group. They are the manifest's last, and resuming
//! takes them out again.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::catalogue::CATALOGUE;
use super::journal::{self, Journal, Standing};
use super::listing::{Entry, Listing, Unlisted};
use super::lock::lock;
use super::manifest::{Head, MANIFEST, Manifest, ManifestError};
use super::row::{FileRow, Row};
use super::sink::Sink;
use super::staged::{StagedFile, is_temporary};
use crate::crypto::hex;

/// A folder, written by this process alone while its [`Journal`] is open.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Whether files last through a power cut once they bear their names.
    lasting: Lasting,
    manifest: File,
}

/// How well files are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lasting {
    /// Through a power cut: synced before they bear their names.
    #[default]
    Synced,
    /// Through the end of the process, however it ends. Several times as fast where disks are slow.
    Unsynced,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It could not be made, listed or written to.
    #[error("cannot use the folder {}: {source}", path.display())]
    Io {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds something else than a batch.
    #[error("the folder {} holds other files, such as {example}", path.display())]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of them.
        example: String,
    },
    /// It holds a batch.
    #[error("the folder {} holds a batch that is {}", path.display(), if *.finished { "finished" } else { "not finished" })]
    Taken {
        /// The folder.
        path: PathBuf,
        /// Whether its run came to its end.
        finished: bool,
    },
    /// A file that the manifest lists is gone, and none but a person can have removed it.
    #[error("{} is listed in the manifest and not there", .0.display())]
    Missing(PathBuf),
    /// Its manifest cannot be used.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}

impl FolderError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            FolderError::Io { .. } => "name a folder that you may write to",
            FolderError::Foreign { .. } => "name a new or empty folder, or take them out of it",
            FolderError::Taken { finished: true, .. } => {
                "name another folder, or remove that batch and begin anew with --replace"
            }
            FolderError::Taken { finished: false, .. } => {
                "go on with it with --resume, or remove it and begin anew with --replace"
            }
            FolderError::Missing(_) => {
                "bring it back, or begin anew in another folder; `certpress manifest check` tells what else is missing"
            }
            FolderError::Manifest(error) => error.hint(),
        }
    }
}

impl Folder {
    /// Begins a batch in the folder `path`, which is missing or empty.
    ///
    /// # Errors
    /// It cannot be written to, or holds anything.
    pub fn begin(path: &Path, head: &Head, lasting: Lasting) -> Result<(Folder, Journal), FolderError> {
        fs::create_dir_all(path).map_err(io(path))?;
        let mut names = names(path)?;
        // What was killed before its manifest was there had begun nothing.
        names.retain(|name| !is_temporary(name));
        if names.iter().any(|name| name == MANIFEST) {
            let manifest = path.join(MANIFEST);
            // Who may not write it may still be told what it is.
            if let Ok(None) = lock(&manifest, File::options().read(true)) {
                return Err(ManifestError::Busy(manifest).into());
            }
            let mut manifest = Manifest::open(&manifest)?;
            manifest.by_ref().try_for_each(|row| row.map(drop))?;
            return Err(FolderError::Taken { path: path.into(), finished: manifest.end().is_some() });
        }
        if let Some(example) = names.into_iter().min() {
            return Err(FolderError::Foreign { path: path.into(), example });
        }
        let journal = Journal::begin(&path.join(MANIFEST), head, lasting)?;
        Folder::held(path, journal, lasting)
    }

    /// Goes on with the batch in the folder `path`, if it began with an equal head. What a killed run left half done is done or removed. Where
    /// nothing was begun, it is begun now.
    ///
    /// # Errors
    /// It began with something else, or a file is gone that it had made; or as [`Folder::begin`].
    pub fn resume(path: &Path, head: &Head, lasting: Lasting) -> Result<(Folder, Journal), FolderError> {
        let manifest = path.join(MANIFEST);
        if !manifest.exists() {
            return Folder::begin(path, head, lasting);
        }
        let mut standing = Standing::Holds;
        let journal = Journal::resume(&manifest, head, lasting, |row| {
            let found = settle(path, row, standing)?;
            standing = found;
            Ok::<_, FolderError>(found)
        })?;
        sweep(path)?;
        Folder::held(path, journal, lasting)
    }

    /// Removes the batch in the folder `path`: all files that its manifest lists, then itself. Nothing happens where there is none, and
    /// nothing is removed where the folder holds any other file; a link is one, and is not followed.
    ///
    /// # Errors
    /// It holds another file, or a run is writing it; a file cannot be removed, or the manifest cannot be read, so that nobody knows which.
    pub fn clear(path: &Path) -> Result<(), FolderError> {
        let manifest = path.join(MANIFEST);
        if !manifest.exists() {
            return Ok(());
        }
        let _alone = journal::open(&manifest)?;
        let folders = only_ours(path, Manifest::open(&manifest)?)?;
        for row in Manifest::open(&manifest)? {
            row?.files.iter().try_for_each(|file| remove(&path.join(&file.name)))?;
        }
        sweep(path)?;
        remove(&path.join(CATALOGUE))?;
        folders.iter().rev().try_for_each(|folder| fs::remove_dir(folder).map_err(io(folder)))?;
        remove(&manifest)
    }

    fn held(path: &Path, journal: Journal, lasting: Lasting) -> Result<(Folder, Journal), FolderError> {
        let manifest = journal.file().try_clone().map_err(io(path))?;
        Ok((Folder { path: path.into(), lasting, manifest }, journal.synced_elsewhere()))
    }

    /// Sees to it that files and manifest are on the disk.
    #[cfg(target_os = "linux")]
    fn sync(&self, _: &[StagedFile]) -> io::Result<()> {
        // One for the whole file system costs less than one for each file.
        Ok(rustix::fs::syncfs(&self.manifest)?)
    }

    #[cfg(not(target_os = "linux"))]
    fn sync(&self, group: &[StagedFile]) -> io::Result<()> {
        group.iter().try_for_each(StagedFile::sync)?;
        self.manifest.sync_all()
    }
}

impl Sink for Folder {
    type Staged = StagedFile;

    fn stage(&self, name: &str, bytes: Vec<u8>) -> io::Result<StagedFile> {
        StagedFile::write(&self.path.join(name), &bytes)
    }

    fn keep(&self, _: &mut Vec<StagedFile>) -> io::Result<()> {
        Ok(())
    }

    fn release(&self, mut group: Vec<StagedFile>) -> io::Result<()> {
        if self.lasting == Lasting::Synced {
            self.sync(&group)?;
        }
        let released = group.iter_mut().try_for_each(StagedFile::release_in_place);
        if released.is_err() {
            group.into_iter().for_each(StagedFile::withdraw);
        }
        released
    }

    fn place(&self, name: &str) -> String {
        self.path.join(name).display().to_string()
    }
}

/// Sees whether the files of a row are there, and gives those their names that were still waiting for them. `before` is how the row before
/// stands: names were given in order, so that after one that is lost all are.
fn settle(folder: &Path, row: &Row, before: Standing) -> Result<Standing, FolderError> {
    let mut standing = before;
    for file in &row.files {
        let path = folder.join(&file.name);
        if fs::symlink_metadata(&path).is_ok_and(|found| found.is_file() && found.len() == file.bytes) {
            if standing == Standing::Lost && before == Standing::Lost {
                return Err(FolderError::Missing(path));
            }
            continue;
        }
        match StagedFile::found(&path) {
            Some(staged) if standing == Standing::Holds && is(staged.path(), file) => {
                staged.release().map_err(io(&path))?;
            }
            _ => standing = Standing::Lost,
        }
    }
    Ok(standing)
}

/// Whether the file at `path` is the one that the row lists.
fn is(path: &Path, listed: &FileRow) -> bool {
    let digest = || {
        let mut bytes = Vec::new();
        File::open(path)?.take(listed.bytes + 1).read_to_end(&mut bytes)?;
        Ok::<_, io::Error>(hex(&Sha256::digest(bytes)))
    };
    digest().is_ok_and(|digest| digest == listed.sha256)
}

/// Sees to it that `folder` holds no file but those that its manifest lists and those that were never released. Tells the folders in it, each before
/// those that are in it.
fn only_ours(folder: &Path, manifest: Manifest) -> Result<Vec<PathBuf>, FolderError> {
    let mut listing = Listing::new();
    for row in manifest {
        for file in row?.files {
            listing.add(&file.name);
        }
    }
    let (mut folders, mut extra) = (Vec::new(), Vec::new());
    let compared = listing.compare(folder, &mut |entry, name| match entry {
        Entry::Listed | Entry::Unreleased => {}
        Entry::Folder => folders.push(folder.join(name)),
        Entry::Extra | Entry::InItsPlace => extra.push(name),
    });
    compared.map_err(|Unlisted { folder, source }| FolderError::Io { path: folder, source })?;
    match extra.into_iter().min() {
        Some(example) => Err(FolderError::Foreign { path: folder.into(), example }),
        None => Ok(folders),
    }
}

/// Removes what was never released.
fn sweep(folder: &Path) -> Result<(), FolderError> {
    for entry in fs::read_dir(folder).map_err(io(folder))? {
        let entry = entry.map_err(io(folder))?;
        if entry.file_type().map_err(io(folder))?.is_dir() {
            sweep(&entry.path())?;
        } else if is_temporary(&entry.file_name().to_string_lossy()) {
            remove(&entry.path())?;
        }
    }
    Ok(())
}

fn names(folder: &Path) -> Result<Vec<String>, FolderError> {
    let entries = fs::read_dir(folder).map_err(io(folder))?;
    entries.map(|entry| Ok(entry.map_err(io(folder))?.file_name().to_string_lossy().into_owned())).collect()
}

fn remove(path: &Path) -> Result<(), FolderError> {
    match fs::remove_file(path) {
        Err(e) if e.kind() != io::ErrorKind::NotFound => Err(io(path)(e)),
        _ => Ok(()),
    }
}

fn io(path: &Path) -> impl FnOnce(io::Error) -> FolderError {
    |source| FolderError::Io { path: path.into(), source }
}
