//! One file or stream for a whole batch: ZIP (PKWARE APPNOTE 6.3) or tar (POSIX.1-2001 with GNU names).
//!
//! In: names and finished bytes. Out: an archive of the certificates, with `catalogue.csv` and `manifest.jsonl` as its last members.
//! Invariant: an archive in a file is there whole or not at all, so there is nothing to resume; the same batch gives the same bytes.

use std::fs::File;
use std::io::{self, BufWriter, Read as _, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;
use zip::CompressionMethod;
use zip::write::{SimpleFileOptions, StreamWriter, ZipWriter};

use super::catalogue::CATALOGUE;
use super::folder::Lasting;
use super::journal::Journal;
use super::manifest::{Head, MANIFEST, ManifestError};
use super::outlet::Outlet;
use super::sink::Sink;
use super::staged::{StagedFile, folder_of};

/// The kinds of archives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArchiveKind {
    /// PKWARE's.
    Zip,
    /// The tape archive.
    Tar,
}

/// An archive being written.
pub struct Archive {
    /// None once it is closed.
    state: Mutex<Option<State>>,
    name: String,
    /// Where the manifest grows.
    _journal: TempDir,
}

struct State {
    members: Members,
    /// What it becomes, locked until then; none for a stream.
    file: Option<(StagedFile, File)>,
}

enum Members {
    /// Can seek, so that each member's head has its length.
    Zip(ZipWriter<Outlet<BufWriter<File>>>),
    ZipStream(ZipWriter<StreamWriter<Outlet<Stream>>>),
    Tar(tar::Builder<Outlet<Stream>>),
}

type Stream = Box<dyn Write + Send>;

/// Permissions of tar members: readable by all.
const MODE: u32 = 0o644;

impl Archive {
    /// An archive that becomes the file `path` when it is closed, in place of any file that is there.
    ///
    /// # Errors
    /// It cannot be written, or another run is writing it.
    pub fn create(path: &Path, kind: ArchiveKind, head: &Head) -> Result<(Archive, Journal), ManifestError> {
        let io = |source| ManifestError::Io { path: path.into(), source };
        let staged = StagedFile::create_alone(path).map_err(io)?;
        let (staged, file) = staged.ok_or_else(|| ManifestError::Busy(path.into()))?;
        let held = file.try_clone().map_err(io)?;
        let members = match kind {
            ArchiveKind::Zip => Members::Zip(ZipWriter::new(Outlet::new(BufWriter::new(file)))),
            ArchiveKind::Tar => Members::Tar(tar::Builder::new(Outlet::new(Box::new(BufWriter::new(file))))),
        };
        let journal =
            tempfile::Builder::new().prefix(".certpress-").tempdir_in(folder_of(path)).map_err(io)?;
        Archive::begin(members, Some((staged, held)), path.display().to_string(), journal, head)
    }

    /// An archive that goes out through `stream` as it grows.
    ///
    /// # Errors
    /// There is no place for its manifest to grow in.
    pub fn stream(
        stream: impl Write + Send + 'static,
        kind: ArchiveKind,
        head: &Head,
    ) -> Result<(Archive, Journal), ManifestError> {
        let stream: Outlet<Stream> = Outlet::new(Box::new(stream));
        let members = match kind {
            ArchiveKind::Zip => Members::ZipStream(ZipWriter::new_stream(stream)),
            ArchiveKind::Tar => Members::Tar(tar::Builder::new(stream)),
        };
        let journal =
            tempfile::tempdir().map_err(|source| ManifestError::Io { path: MANIFEST.into(), source })?;
        Archive::begin(members, None, "the archive".into(), journal, head)
    }

    fn begin(
        members: Members,
        file: Option<(StagedFile, File)>,
        name: String,
        journal: TempDir,
        head: &Head,
    ) -> Result<(Archive, Journal), ManifestError> {
        // It goes into the archive and then away: it need not outlive anything.
        let manifest = Journal::begin(&journal.path().join(MANIFEST), head, Lasting::Unsynced)?;
        let state = Mutex::new(Some(State { members, file }));
        Ok((Archive { state, name, _journal: journal }, manifest))
    }

    fn state(&self) -> MutexGuard<'_, Option<State>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Members {
    fn add(&mut self, name: &str, length: u64, mut bytes: impl io::Read) -> io::Result<()> {
        // The earliest time that ZIP can say (1980-01-01), so that nothing depends on the clock.
        let plain =
            SimpleFileOptions::DEFAULT.compression_method(CompressionMethod::Stored).unix_permissions(MODE);
        match self {
            Members::Zip(zip) => member(zip, name, length, bytes, plain),
            Members::ZipStream(zip) => {
                // Who reads a stream of stored members cannot know where one ends; deflated ones end by themselves.
                let options =
                    plain.compression_method(CompressionMethod::Deflated).compression_level(Some(1));
                member(zip, name, length, bytes, options)
            }
            Members::Tar(tar) => {
                let mut header = tar::Header::new_gnu();
                header.set_size(length);
                header.set_mode(MODE);
                header.set_mtime(0);
                tar.append_data(&mut header, name, &mut bytes)
            }
        }
    }

    fn add_file(&mut self, name: &str, path: &Path) -> io::Result<()> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        self.add(name, length, file.take(length))
    }

    /// Writes what comes after the last member.
    fn finish(self) -> io::Result<()> {
        match self {
            Members::Zip(zip) => zip.finish()?.finish(),
            Members::ZipStream(zip) => zip.finish()?.into_inner().finish(),
            Members::Tar(tar) => tar.into_inner()?.finish(),
        }
    }
}

fn member<W: Write + Seek>(
    zip: &mut ZipWriter<W>,
    name: &str,
    length: u64,
    mut bytes: impl io::Read,
    options: SimpleFileOptions,
) -> io::Result<()> {
    zip.start_file(name, options.large_file(length > u64::from(u32::MAX)))?;
    io::copy(&mut bytes, zip).map(drop)
}

/// A member before its turn.
pub struct Member {
    name: String,
    bytes: Vec<u8>,
}

impl Sink for Archive {
    type Staged = Member;

    fn stage(&self, name: &str, bytes: Vec<u8>) -> io::Result<Member> {
        Ok(Member { name: name.to_owned(), bytes })
    }

    fn keep(&self, group: &mut Vec<Member>) -> io::Result<()> {
        let mut state = self.state();
        let members = &mut state.as_mut().ok_or(io::ErrorKind::NotConnected)?.members;
        group
            .drain(..)
            .try_for_each(|Member { name, bytes }| members.add(&name, bytes.len() as u64, &bytes[..]))
    }

    fn close(&self, manifest: &Path, catalogue: &Path) -> io::Result<()> {
        let State { mut members, file } = self.state().take().ok_or(io::ErrorKind::NotConnected)?;
        members.add_file(CATALOGUE, catalogue)?;
        members.add_file(MANIFEST, manifest)?;
        members.finish()?;
        match file {
            Some((staged, file)) => file.sync_all().and_then(|()| staged.release()),
            None => Ok(()),
        }
    }

    fn place(&self, name: &str) -> String {
        format!("{}: {name}", self.name)
    }
}

/// The kind of archive that a file of this name is; `None` for any other file or folder.
pub fn kind_of(path: &Path) -> Option<ArchiveKind> {
    let extension = PathBuf::from(path.extension()?.to_ascii_lowercase());
    match extension.to_str()? {
        "zip" => Some(ArchiveKind::Zip),
        "tar" => Some(ArchiveKind::Tar),
        _ => None,
    }
}
