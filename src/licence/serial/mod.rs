//! Running numbers that are never given twice.
//!
//! In: a file of counters. Out: numbers, each to one caller alone, in this process and in every other.
//! Invariant: a number leaves here only after the file says, synced to the disk, that it is taken. What is killed in between
//! loses numbers and never repeats one.
//!
//! The file is text, so that an office may begin where its earlier system ended. Each counter stands with the least number
//! that nobody has been given; one that is not there begins at 1:
//!
//! ```text
//! certpress serials 1
//! 11140000MB99999996/2026#<tab>346
//! ```
//!
//! Numbers are reserved by the block, because a sync takes milliseconds; what is left of a block goes back at the end, if
//! nobody has reserved after it.

mod counters;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use thiserror::Error;

use counters::{Counters, MAX_BYTES};

/// The first line, before the version.
const MAGIC: &str = "certpress serials ";
/// The version of the format that this program writes.
const VERSION: &str = "1";
/// Numbers reserved at once.
const BLOCK: u64 = 64;

/// The counters of one file, shared by all threads.
#[derive(Debug)]
pub struct Serials {
    path: PathBuf,
    /// What this process has reserved and not given out.
    blocks: Mutex<BTreeMap<String, Range<u64>>>,
}

/// Why there is no number.
#[derive(Debug, Error)]
pub enum SerialError {
    /// The file, or the one that locks it, cannot be read or written.
    #[error("the serials in {}: {source}", path.display())]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Nothing is begun unasked: a mistyped path would count from 1 again.
    #[error("there is no file of serials {}", .0.display())]
    Missing(PathBuf),
    /// Something else than a file of serials.
    #[error("{} is not a file of serials: its first line is not `{MAGIC}{VERSION}`", .0.display())]
    Format(PathBuf),
    /// One of another version.
    #[error("{} is a file of serials of another version than {VERSION}: {found}", path.display())]
    Version {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: String,
    },
    /// A line that is no counter.
    #[error("{}:{line}: not a counter, which is a name, a tab and a number from 1", path.display())]
    Line {
        /// Which file.
        path: PathBuf,
        /// Counted from 1.
        line: usize,
    },
    /// More than any office's counters need.
    #[error("{} is larger than {MAX_BYTES} bytes", .0.display())]
    Large(PathBuf),
    /// A name that a line cannot hold.
    #[error("a counter cannot have this name: {0:?}")]
    Name(String),
    /// All numbers have been given.
    #[error("the counter {counter} has given all its numbers, the last was {last}")]
    Exhausted {
        /// Which counter.
        counter: String,
        /// The largest number that it may give.
        last: u64,
    },
}

impl SerialError {
    /// How to mend it.
    pub fn hint(&self) -> &'static str {
        match self {
            SerialError::Missing(_) => "check the path; a new file begins as one line: certpress serials 1",
            SerialError::Io { .. } => "name a file in a folder that you may write to and that knows locks",
            SerialError::Format(_) | SerialError::Large(_) => "name the file that holds the counters",
            SerialError::Version { .. } => "use the certpress that wrote it, or a newer one",
            SerialError::Line { .. } => {
                "mend the line, or bring the file back from a copy: never delete a counter"
            }
            SerialError::Name(_) => "use a name without control characters",
            SerialError::Exhausted { .. } => "give the serial more digits in the numbering",
        }
    }
}

impl Serials {
    /// Opens a file of counters, which must exist.
    ///
    /// # Errors
    /// It cannot be read, or is no file of serials of this version.
    pub fn open(path: &Path) -> Result<Serials, SerialError> {
        // Two names of one file must lead to one lock.
        let path = fs::canonicalize(path).map_err(|source| match source.kind() {
            io::ErrorKind::NotFound => SerialError::Missing(path.to_owned()),
            _ => SerialError::Io { path: path.to_owned(), source },
        })?;
        Counters::read(&path)?;
        Ok(Serials { path, blocks: Mutex::default() })
    }

    /// Opens a file of counters, and begins it if it is not there: only for who says so, because all count from 1 then.
    ///
    /// # Errors
    /// As [`Serials::open`]; or the file cannot be written.
    pub fn begin(path: &Path) -> Result<Serials, SerialError> {
        // Of two processes one begins it, and the other finds it whole.
        let _lock = lock(path)?;
        match Serials::open(path) {
            Err(SerialError::Missing(_)) => {}
            opened => return opened,
        }
        fs::write(path, format!("{MAGIC}{VERSION}\n"))
            .map_err(|source| SerialError::Io { path: path.to_owned(), source })?;
        Serials::open(path)
    }

    /// The next number of `counter`, which gives none above `last`.
    ///
    /// # Errors
    /// All numbers are given, or the file cannot be read or written; no number is lost then.
    pub fn take(&self, counter: &str, last: u64) -> Result<u64, SerialError> {
        let mut blocks = self.blocks();
        let reserved = blocks.get(counter).cloned().filter(|block| !block.is_empty());
        let block = match reserved {
            Some(block) => block,
            None => self.reserve(counter, last)?,
        };
        if block.start > last {
            return Err(SerialError::Exhausted { counter: counter.to_owned(), last });
        }
        blocks.insert(counter.to_owned(), block.start + 1..block.end);
        Ok(block.start)
    }

    /// Takes the next block out of the file: what is returned belongs to this process.
    fn reserve(&self, counter: &str, last: u64) -> Result<Range<u64>, SerialError> {
        let _lock = lock(&self.path)?;
        let mut counters = Counters::read(&self.path)?;
        let start = counters.next(counter)?;
        let end = start.saturating_add(BLOCK).min(last.saturating_add(1));
        if start >= end {
            return Err(SerialError::Exhausted { counter: counter.to_owned(), last });
        }
        counters.0.insert(counter.to_owned(), end);
        counters.write(&self.path)?;
        Ok(start..end)
    }

    fn blocks(&self) -> MutexGuard<'_, BTreeMap<String, Range<u64>>> {
        // A block changes in one step, so that it is whole even where another thread has panicked.
        self.blocks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts back what was reserved and not given out, where nothing was reserved after it.
    fn give_back(&self) -> Result<(), SerialError> {
        let mut blocks = self.blocks();
        blocks.retain(|_, block| !block.is_empty());
        if blocks.is_empty() {
            return Ok(());
        }
        let _lock = lock(&self.path)?;
        let mut counters = Counters::read(&self.path)?;
        for (name, block) in std::mem::take(&mut *blocks) {
            if counters.0.get(&name) == Some(&block.end) {
                counters.0.insert(name, block.start);
            }
        }
        counters.write(&self.path)
    }
}

impl Drop for Serials {
    fn drop(&mut self) {
        // Numbers that cannot be given back are lost, which is allowed.
        let _ = self.give_back();
    }
}

/// Keeps every other process out until it is dropped. The counters' own file cannot be the lock: it is replaced.
fn lock(counters: &Path) -> Result<File, SerialError> {
    let path = beside(counters, ".lock");
    let locked = File::options().create(true).truncate(false).write(true).open(&path).and_then(|file| {
        file.lock()?;
        Ok(file)
    });
    locked.map_err(|source| SerialError::Io { path, source })
}

/// The path with `suffix` after its name.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("serials");
        fs::write(&path, text).unwrap();
        (dir, path)
    }

    fn begun() -> (tempfile::TempDir, PathBuf) {
        file("certpress serials 1\n")
    }

    #[test]
    fn numbers_run_from_one_and_what_was_not_used_goes_back() {
        let (_dir, path) = begun();
        for first in [1, 4] {
            let serials = Serials::open(&path).unwrap();
            let numbers: Vec<u64> = (0..3).map(|_| serials.take("A/2026#", 999).unwrap()).collect();
            assert_eq!(numbers, [first, first + 1, first + 2]);
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), "certpress serials 1\nA/2026#\t7\n");
    }

    #[test]
    fn counters_of_one_file_run_by_themselves_and_begin_where_the_file_says() {
        let (_dir, path) = file("certpress serials 1\nB\t346\n");
        let serials = Serials::open(&path).unwrap();
        let taken = ["A", "B", "A", "B"].map(|counter| serials.take(counter, 999).unwrap());
        assert_eq!(taken, [1, 346, 2, 347]);
    }

    #[test]
    fn what_dies_without_giving_back_loses_its_block_and_repeats_nothing() {
        let (_dir, path) = begun();
        let killed = Serials::open(&path).unwrap();
        let first = killed.take("A", 999).unwrap();
        std::mem::forget(killed);
        assert_eq!((first, Serials::open(&path).unwrap().take("A", 999).unwrap()), (1, 1 + BLOCK));
    }

    #[test]
    fn a_block_is_not_given_back_once_another_has_reserved_after_it() {
        let (_dir, path) = begun();
        let [a, b] = [0, 1].map(|_| Serials::open(&path).unwrap());
        assert_eq!((a.take("A", 999).unwrap(), b.take("A", 999).unwrap()), (1, 1 + BLOCK));
        drop(a);
        assert_eq!(b.take("A", 999).unwrap(), 2 + BLOCK);
        drop(b);
        assert_eq!(Serials::open(&path).unwrap().take("A", 999).unwrap(), 3 + BLOCK);
    }

    #[test]
    fn threads_that_share_it_and_threads_that_do_not_never_get_one_number_twice() {
        let (_dir, path) = begun();
        let shared = Serials::open(&path).unwrap();
        let taken: Vec<u64> = std::thread::scope(|scope| {
            let workers: Vec<_> = (0..8)
                .map(|i| {
                    let (shared, path) = (&shared, &path);
                    scope.spawn(move || {
                        let own = Serials::open(path).unwrap();
                        let serials = if i % 2 == 0 { shared } else { &own };
                        (0..200).map(|_| serials.take("A", 99_999).unwrap()).collect::<Vec<_>>()
                    })
                })
                .collect();
            workers.into_iter().flat_map(|w| w.join().unwrap()).collect()
        });
        assert_eq!(taken.iter().collect::<BTreeSet<_>>().len(), 8 * 200);
    }

    #[test]
    fn the_last_number_is_given_and_none_after_it() {
        let (_dir, path) = file("certpress serials 1\nA\t98\n");
        let serials = Serials::open(&path).unwrap();
        assert_eq!([0, 1].map(|_| serials.take("A", 99).unwrap()), [98, 99]);
        for _ in 0..2 {
            let error = serials.take("A", 99).unwrap_err();
            assert_eq!(error.to_string(), "the counter A has given all its numbers, the last was 99");
        }
    }

    #[test]
    fn what_is_no_file_of_serials_is_refused_and_left_as_it_is() {
        let opened = |text: &str| {
            let (_dir, path) = file(text);
            let error = Serials::open(&path).map(|_| ()).unwrap_err();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
            error
        };
        assert!(matches!(opened(""), SerialError::Format(_)));
        assert!(matches!(opened("number,name\n1,2\n"), SerialError::Format(_)));
        assert!(
            matches!(opened("certpress serials 2\n"), SerialError::Version { found, .. } if found == "2")
        );
        for line in ["A 12", "A\t-1", "A\t0", "A\tx", "\t1", "A\t1\nA\t2"] {
            let error = opened(&format!("certpress serials 1\n{line}\n"));
            assert!(matches!(error, SerialError::Line { .. }), "{line:?}: {error}");
        }
        assert!(matches!(opened(&"x".repeat(2 << 20)), SerialError::Large(_)));
    }

    #[test]
    fn a_file_that_is_not_there_is_not_begun_unasked() {
        let dir = tempfile::tempdir().unwrap();
        let error = Serials::open(&dir.path().join("serials")).unwrap_err();
        assert!(error.to_string().contains("there is no file of serials"), "{error}");
        assert!(error.hint().contains("certpress serials 1"));
    }

    #[test]
    fn a_file_is_begun_once_by_all_who_say_so() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("serials");
        let take = || Serials::begin(&path).unwrap().take("A", 999).unwrap();
        let taken: BTreeSet<u64> = std::thread::scope(|scope| {
            let workers = [0; 8].map(|_| scope.spawn(take));
            workers.map(|worker| worker.join().unwrap()).into()
        });
        assert_eq!(taken.len(), 8);
        fs::write(&path, "numbers").unwrap();
        assert!(matches!(Serials::begin(&path), Err(SerialError::Format(_))));
    }

    #[test]
    fn a_name_that_would_break_the_file_is_refused() {
        let (_dir, path) = begun();
        let serials = Serials::open(&path).unwrap();
        for name in ["", "A\tB", "A\nB"] {
            assert!(matches!(serials.take(name, 9), Err(SerialError::Name(_))), "{name:?}");
        }
    }
}
