//! A file on its way: written whole under another name, seen under its own when it is released.
//!
//! In: a path and bytes. Out: the file. Invariant: nobody ever meets half a file; one that is dropped unreleased was never there, and one
//! that a killed process left is known by its name ([`is_temporary`]).

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::lock::lock;

/// What the names of files that are not released begin and end with.
const TEMPORARY: (&str, &str) = (".certpress-", ".part");

/// A file that is not released yet.
#[derive(Debug)]
pub struct StagedFile {
    target: PathBuf,
    /// None once it is released.
    temporary: Option<PathBuf>,
}

impl StagedFile {
    /// Writes `bytes` into the folder of `target`, which is made if it is missing; so that, whatever happens, the file can be found by
    /// `target` alone ([`temporary_name`]).
    pub(super) fn write(target: &Path, bytes: &[u8]) -> io::Result<StagedFile> {
        let (staged, mut file) = StagedFile::create(target)?;
        file.write_all(bytes)?;
        Ok(staged)
    }

    /// The same, to be written piece by piece.
    pub(super) fn create(target: &Path) -> io::Result<(StagedFile, File)> {
        let temporary = temporary_name(target);
        let create = || File::options().write(true).create_new(true).open(&temporary);
        let file = match create() {
            Err(e) if e.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(temporary.parent().unwrap_or(Path::new(".")))?;
                create()?
            }
            // What a killed process left; whoever writes here holds the manifest's lock.
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                fs::remove_file(&temporary)?;
                create()?
            }
            file => file?,
        };
        Ok((StagedFile { target: target.into(), temporary: Some(temporary) }, file))
    }

    /// The same where no manifest's lock keeps others away; `None` while another process writes it. Its file, or a clone of it, is to be held
    /// until it is released.
    pub(super) fn create_alone(target: &Path) -> io::Result<Option<(StagedFile, File)>> {
        let temporary = temporary_name(target);
        let create = || lock(&temporary, File::options().write(true).create_new(true));
        let file = match create() {
            Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {
                match lock(&temporary, File::options().write(true))? {
                    None => None,
                    // What a killed process left.
                    Some(_) => fs::remove_file(&temporary).and_then(|()| create())?,
                }
            }
            file => file?,
        };
        Ok(file.map(|file| (StagedFile { target: target.into(), temporary: Some(temporary) }, file)))
    }

    /// Takes over what a killed process left of `target`; `None` if that is nothing.
    pub(super) fn found(target: &Path) -> Option<StagedFile> {
        let temporary = temporary_name(target);
        let is_file = fs::symlink_metadata(&temporary).is_ok_and(|m| m.is_file());
        is_file.then(|| StagedFile { target: target.into(), temporary: Some(temporary) })
    }

    /// Where its bytes are for now.
    pub(super) fn path(&self) -> &Path {
        self.temporary.as_deref().unwrap_or(&self.target)
    }

    /// Sees to it that its bytes are on the disk.
    pub(super) fn sync(&self) -> io::Result<()> {
        File::options().write(true).open(self.path())?.sync_all()
    }

    /// Gives it its name, in place of any file that has it.
    pub(super) fn release(mut self) -> io::Result<()> {
        self.release_in_place()
    }

    /// The same, for who may have to remove it again.
    pub(super) fn release_in_place(&mut self) -> io::Result<()> {
        if let Some(temporary) = &self.temporary {
            fs::rename(temporary, &self.target)?;
            self.temporary = None;
        }
        Ok(())
    }

    /// Removes it under its own name.
    pub(super) fn withdraw(self) {
        if self.temporary.is_none() {
            // What cannot be removed is found as extra by a check of the manifest.
            let _ = fs::remove_file(&self.target);
        }
    }
}

impl Drop for StagedFile {
    fn drop(&mut self) {
        if let Some(temporary) = &self.temporary {
            let _ = fs::remove_file(temporary);
        }
    }
}

/// Where `target` is until it is released.
fn temporary_name(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!("{}{name}{}", TEMPORARY.0, TEMPORARY.1))
}

/// Whether a file of this name was never released.
pub(super) fn is_temporary(name: &str) -> bool {
    name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1)
}

/// Writes the file `path`, whole or not at all, in place of one that is there.
///
/// # Errors
/// The system's.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    temporary(folder_of(path), bytes)?.persist(path)?;
    Ok(())
}

/// Writes files by name into `folder`, whole and on the disk, unless there is one already of any of the names: then none. All are on the
/// disk before the first bears its name.
///
/// # Errors
/// The path of the file that is there already or cannot be written, and the system's reason.
pub fn put_new<N: AsRef<Path>>(folder: &Path, files: &[(N, &[u8])]) -> Result<(), (PathBuf, io::Error)> {
    let stage = |(name, bytes): &(N, &[u8])| {
        let path = folder.join(name);
        match temporary(folder, bytes).and_then(|file| file.as_file().sync_all().map(|()| file)) {
            Ok(file) => Ok((path, file)),
            Err(e) => Err((path, e)),
        }
    };
    let staged: Vec<_> = files.iter().map(stage).collect::<Result<_, _>>()?;
    let mut named: Vec<PathBuf> = Vec::with_capacity(staged.len());
    for (path, file) in staged {
        if let Err(e) = file.persist_noclobber(&path) {
            // What cannot be removed is whole, and stays.
            named.iter().for_each(|path| drop(fs::remove_file(path)));
            return Err((path, e.error));
        }
        named.push(path);
    }
    Ok(())
}

/// The folder that the file `path` is in.
pub(super) fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A file with these bytes under a name that nobody else has.
pub(super) fn temporary(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    #[cfg(unix)]
    {
        // Temporary files are private by default; these become ordinary files, under the user's umask.
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_staged_file_is_seen_when_it_is_released_and_gone_when_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("shard/x.ofd");
        let staged = StagedFile::write(&target, b"one").unwrap();
        assert_eq!(names(&dir.path().join("shard")), [".certpress-x.ofd.part"]);
        staged.release().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"one");
        drop(StagedFile::write(&target, b"two").unwrap());
        assert_eq!(names(&dir.path().join("shard")), ["x.ofd"]);
        assert_eq!(fs::read(&target).unwrap(), b"one");
    }

    #[test]
    fn what_a_killed_process_left_is_found_or_written_over() {
        let dir = tempfile::tempdir().unwrap();
        let target = dir.path().join("x.ofd");
        std::mem::forget(StagedFile::write(&target, b"one").unwrap());
        assert!(names(dir.path()).iter().all(|name| is_temporary(name)));
        StagedFile::found(&target).unwrap().release().unwrap();
        assert!(StagedFile::found(&target).is_none());
        assert_eq!(names(dir.path()), ["x.ofd"]);
        std::mem::forget(StagedFile::write(&target, b"longer").unwrap());
        StagedFile::write(&target, b"two").unwrap().release().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"two");
        std::mem::forget(StagedFile::write(&target, b"killed").unwrap());
        let (staged, file) = StagedFile::create_alone(&target).unwrap().unwrap();
        assert!(StagedFile::create_alone(&target).unwrap().is_none(), "somebody writes it");
        staged.release().unwrap();
        assert_eq!(fs::read(&target).unwrap(), b"");
        drop(file);
        assert!(StagedFile::create_alone(&target).unwrap().is_some());
    }

    #[test]
    fn new_files_replace_none_and_come_all_or_not_at_all() {
        let dir = tempfile::tempdir().unwrap();
        put_new(dir.path(), &[("x.pdf", b"one")]).unwrap();
        let (path, again) = put_new(dir.path(), &[("x.ofd", b"two"), ("x.pdf", b"two")]).unwrap_err();
        assert_eq!((path, again.kind()), (dir.path().join("x.pdf"), io::ErrorKind::AlreadyExists));
        assert_eq!(fs::read(dir.path().join("x.pdf")).unwrap(), b"one");
        assert_eq!(names(dir.path()), ["x.pdf"]);
        put_new(dir.path(), &[("y.ofd", b"two"), ("y.pdf", b"two")]).unwrap();
        assert_eq!(names(dir.path()), ["x.pdf", "y.ofd", "y.pdf"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_readable_as_the_umask_says_not_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        StagedFile::write(&path("x.ofd"), b"one").unwrap().release().unwrap();
        write_whole(&path("y.pdf"), b"one").unwrap();
        fs::write(path("plain"), b"").unwrap();
        let mode = |name: &str| fs::metadata(path(name)).unwrap().permissions().mode();
        assert_eq!((mode("x.ofd"), mode("y.pdf")), (mode("plain"), mode("plain")));
    }
}
