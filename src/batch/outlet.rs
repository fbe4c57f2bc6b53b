//! Where an archive's bytes go out.
//!
//! In: bytes, from an archive's writer. Out: the same, until writing them fails once.
//! Invariant: the first failure is told, and what comes after it goes nowhere without a word: archives' writers write what is left when they are
//! dropped, and would complain on stderr.

use std::io::{self, Seek, SeekFrom, Write};

/// A writer that writes nothing more once it has failed.
pub(super) struct Outlet<W> {
    inner: W,
    has_failed: bool,
}

impl<W: Write> Outlet<W> {
    pub(super) fn new(inner: W) -> Outlet<W> {
        Outlet { inner, has_failed: false }
    }

    /// Sees the last bytes out.
    ///
    /// # Errors
    /// Not all were written.
    pub(super) fn finish(mut self) -> io::Result<()> {
        if self.has_failed { Err(io::ErrorKind::BrokenPipe.into()) } else { self.inner.flush() }
    }

    fn unless_failed<T>(&mut self, otherwise: T, f: impl FnOnce(&mut W) -> io::Result<T>) -> io::Result<T> {
        if self.has_failed {
            return Ok(otherwise);
        }
        f(&mut self.inner).inspect_err(|e| self.has_failed = e.kind() != io::ErrorKind::Interrupted)
    }
}

impl<W: Write> Write for Outlet<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.unless_failed(bytes.len(), |inner| inner.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_failed((), W::flush)
    }
}

impl<W: Write + Seek> Seek for Outlet<W> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.unless_failed(0, |inner| inner.seek(to))
    }
}
