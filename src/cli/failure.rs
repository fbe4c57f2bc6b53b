//! Why a command could not run: what, where, and how to mend it.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// One message for the user. Commands return it; only `cli::main` prints it.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    hint: String,
    broken_pipe: bool,
}

impl Failure {
    /// `message` says what and where, without a full stop; `hint` says how to mend it and may be empty.
    pub(crate) fn new(message: impl Into<String>, hint: impl Into<String>) -> Failure {
        Failure { message: message.into(), hint: hint.into(), broken_pipe: false }
    }

    /// A file that cannot be read.
    pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Failure {
        Failure::new(
            format!("cannot read {}: {error}", path.display()),
            "check the path and that you may read it",
        )
    }

    /// What went wrong, without the hint.
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// Whether the reader of our output has gone: no reason to complain to anybody.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.broken_pipe
    }
}

/// The file's bytes, if there are no more than `limit`.
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |e: io::Error| Failure::unreadable(path, &e);
    let mut bytes = Vec::new();
    File::open(path).map_err(unreadable)?.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > limit {
        return Err(Failure::new(format!("larger than {limit} bytes: {}", path.display()), ""));
    }
    Ok(bytes)
}

/// Writing to stdout failed.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Failure {
        Failure {
            broken_pipe: error.kind() == io::ErrorKind::BrokenPipe,
            ..Failure::new(format!("cannot write the result: {error}"), "")
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_as_what_where_and_how_to_mend_it() {
        let failure = Failure::unreadable(Path::new("a.csv"), &io::Error::other("gone"));
        assert_eq!(
            failure.to_string(),
            "error: cannot read a.csv: gone\n  hint: check the path and that you may read it"
        );
        assert_eq!(Failure::new("no", "").to_string(), "error: no");
    }

    #[test]
    fn only_a_broken_pipe_is_silent() {
        assert!(Failure::from(io::Error::from(io::ErrorKind::BrokenPipe)).is_broken_pipe());
        assert!(!Failure::from(io::Error::from(io::ErrorKind::StorageFull)).is_broken_pipe());
    }
}
