//! Who writes a file: one process at a time.
//!
//! In: a path. Out: its file, locked until it is dropped.
//! Invariant: the file that is locked is the one that bears the name, though another process may rename or remove it in the moment before.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;

/// How often a file is opened that does not seem to bear its name; some network file systems number one file twice.
const ATTEMPTS: u32 = 8;

/// Opens the file `path` with `options` and locks it; `None` while another process holds it.
pub(super) fn lock(path: &Path, options: &OpenOptions) -> io::Result<Option<File>> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let file = options.open(path)?;
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A file system without locks is no reason to refuse the work.
            Ok(()) | Err(TryLockError::Error(_)) => {}
        }
        if attempts == ATTEMPTS || bears_name(&file, path)? {
            return Ok(Some(file));
        }
    }
}

/// Whether `file` is what stands at `path`.
#[cfg(unix)]
fn bears_name(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt as _;
    let is = file.metadata()?;
    Ok(path.metadata().is_ok_and(|at| (at.dev(), at.ino()) == (is.dev(), is.ino())))
}

/// Elsewhere a file that somebody holds open does not lose its name so easily, and nothing tells two files apart.
#[cfg(not(unix))]
fn bears_name(_: &File, _: &Path) -> io::Result<bool> {
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_holder_until_it_is_dropped() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x");
        let mut options = File::options();
        options.write(true);
        assert_eq!(lock(&path, &options).unwrap_err().kind(), io::ErrorKind::NotFound);
        options.create(true);
        let held = lock(&path, &options).unwrap();
        assert!(held.is_some() && lock(&path, &options).unwrap().is_none());
        drop(held);
        assert!(lock(&path, &options).unwrap().is_some());
    }
}
