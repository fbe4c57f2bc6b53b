//! The folder that files are written to.
//!
//! In: names and finished bytes. Out: files, each whole or not there at all.
//! Invariant: bytes reach a temporary file in the same folder first and are renamed when complete, so that no reader ever
//! meets half a certificate, and neither a crash of the program nor Ctrl-C leaves one (a power cut may: nothing is synced); one run at a time has the folder.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

/// The report's name in the folder.
pub(crate) const REPORT: &str = "report.jsonl";
/// The report while the run lasts; it holds the folder's lock.
pub(crate) const REPORT_UNFINISHED: &str = "report.jsonl.part";
/// What temporary files begin and end with.
const TEMPORARY: (&str, &str) = (".certpress-", ".part");

/// A folder, held by this run.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// The unfinished report, locked.
    report: File,
}

/// Why a folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It could not be made, listed or written to.
    #[error("cannot use the folder {path}: {source}")]
    Io {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It holds something else than an earlier run.
    #[error("the folder {path} holds other files, such as {example}")]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// One of them.
        example: String,
    },
    /// Another run has it.
    #[error("another run is writing to the folder {path}")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
}

impl FolderError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            FolderError::Io { .. } => "name a folder that you may write to",
            FolderError::Foreign { .. } => {
                "name a new or empty folder, or that of an earlier run (its files of the same name are replaced)"
            }
            FolderError::Busy { .. } => "wait until it has ended, or name another folder",
        }
    }
}

impl Folder {
    /// Opens `path` for a run: made if missing, else empty or the folder of an earlier run. What a killed run left half
    /// written is removed.
    pub fn open(path: &Path) -> Result<Folder, FolderError> {
        let io = |source| FolderError::Io { path: path.into(), source };
        fs::create_dir_all(path).map_err(io)?;
        let mut names = Vec::new();
        for entry in fs::read_dir(path).map_err(io)? {
            names.push(entry.map_err(io)?.file_name().to_string_lossy().into_owned());
        }
        let earlier_run = names.iter().any(|n| n == REPORT || n == REPORT_UNFINISHED);
        if !earlier_run && let Some(example) = names.iter().min() {
            return Err(FolderError::Foreign { path: path.into(), example: example.clone() });
        }
        let report = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(path.join(REPORT_UNFINISHED))
            .map_err(io)?;
        match report.try_lock() {
            Err(TryLockError::WouldBlock) => return Err(FolderError::Busy { path: path.into() }),
            // A file system without locks is no reason to refuse the work.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        report.set_len(0).map_err(io)?;
        for name in names.iter().filter(|n| n.starts_with(TEMPORARY.0) && n.ends_with(TEMPORARY.1)) {
            fs::remove_file(path.join(name)).map_err(io)?;
        }
        Ok(Folder { path: path.into(), report })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The unfinished report's file.
    pub(crate) fn report(&self) -> &File {
        &self.report
    }

    /// Gives the unfinished report its name.
    pub(crate) fn finish_report(&self) -> io::Result<()> {
        fs::rename(self.path.join(REPORT_UNFINISHED), self.path.join(REPORT))
    }

    /// Writes the file `name`, whole; true if it replaced one of an earlier run.
    pub fn put(&self, name: &str, bytes: &[u8]) -> io::Result<bool> {
        let target = self.path.join(name);
        let file = temporary(&self.path, bytes)?;
        let replaces = fs::symlink_metadata(&target).is_ok();
        file.persist(&target)?;
        Ok(replaces)
    }

    /// A file that is written piece by piece and is not there until it is kept.
    pub(super) fn draft(&self) -> io::Result<Draft> {
        let file = BufWriter::new(temporary(&self.path, b"")?);
        Ok(Draft { file, folder: self.path.clone() })
    }
}

/// A file on its way into a [`Folder`]; one that is dropped was never there.
pub(super) struct Draft {
    file: BufWriter<NamedTempFile>,
    folder: PathBuf,
}

impl Draft {
    /// Gives it its name, in place of any file of that name.
    pub(super) fn keep(self, name: &str) -> io::Result<()> {
        let file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.persist(self.folder.join(name))?;
        Ok(())
    }
}

impl io::Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Writes the file `path`, whole or not at all, in place of one that is there.
pub fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    temporary(folder, bytes)?.persist(path)?;
    Ok(())
}

/// Writes the file `name` into `folder`, whole and on the disk, unless there is one already.
pub fn put_new(folder: &Path, name: impl AsRef<Path>, bytes: &[u8]) -> io::Result<()> {
    let file = temporary(folder, bytes)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(folder.join(name))?;
    Ok(())
}

/// A file with these bytes that has no name of its own yet.
fn temporary(folder: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
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
    fn a_file_is_there_whole_and_says_whether_it_replaced_one() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(&dir.path().join("a/b")).unwrap();
        assert!(!folder.put("x.ofd", b"one").unwrap());
        assert!(folder.put("x.ofd", b"two").unwrap());
        assert_eq!(fs::read(folder.path().join("x.ofd")).unwrap(), b"two");
        assert_eq!(names(folder.path()), [REPORT_UNFINISHED, "x.ofd"]);
    }

    #[test]
    fn a_new_file_replaces_none() {
        let dir = tempfile::tempdir().unwrap();
        put_new(dir.path(), "x.ofd", b"one").unwrap();
        let again = put_new(dir.path(), "x.ofd", b"two").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(dir.path().join("x.ofd")).unwrap(), b"one");
        assert_eq!(names(dir.path()), ["x.ofd"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_are_readable_as_the_umask_says_not_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        folder.put("x.ofd", b"one").unwrap();
        let plain = dir.path().join("plain");
        fs::write(&plain, b"").unwrap();
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode();
        assert_eq!(mode(&dir.path().join("x.ofd")), mode(&plain));
    }

    #[test]
    fn a_folder_of_other_things_is_refused_untouched() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("thesis.doc"), b"mine").unwrap();
        let error = Folder::open(dir.path()).unwrap_err();
        assert!(matches!(&error, FolderError::Foreign { example, .. } if example == "thesis.doc"), "{error}");
        assert_eq!(names(dir.path()), ["thesis.doc"]);
    }

    #[test]
    fn the_folder_of_an_earlier_run_is_taken_and_its_leavings_swept() {
        for report in [REPORT, REPORT_UNFINISHED] {
            let dir = tempfile::tempdir().unwrap();
            for name in [report, "1.ofd", ".certpress-Ab3.part"] {
                fs::write(dir.path().join(name), b"earlier").unwrap();
            }
            let folder = Folder::open(dir.path()).unwrap();
            assert_eq!(folder.report().metadata().unwrap().len(), 0);
            assert!(names(dir.path()).contains(&"1.ofd".into()));
            assert!(!names(dir.path()).contains(&".certpress-Ab3.part".into()));
        }
    }

    #[test]
    fn a_folder_has_one_run_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let first = Folder::open(dir.path()).unwrap();
        assert!(matches!(Folder::open(dir.path()), Err(FolderError::Busy { .. })));
        drop(first);
        assert!(Folder::open(dir.path()).is_ok());
    }

    #[test]
    fn a_file_where_the_folder_should_be_is_an_error_that_names_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out");
        fs::write(&path, b"").unwrap();
        let error = Folder::open(&path).unwrap_err().to_string();
        assert!(error.starts_with("cannot use the folder ") && error.contains("out"), "{error}");
    }
}
