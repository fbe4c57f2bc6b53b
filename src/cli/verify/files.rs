//! Which files are asked about, and their bytes.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::cli::failure::Failure;

/// The most bytes of one file. What is larger than any certificate is not read at all.
pub(super) const MAX_BYTES: u64 = 64 << 20;

/// How deep folders are looked into.
const MAX_DEPTH: usize = 16;

/// One thing to verify.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// Standard input.
    Stdin,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// Its name in reports.
    pub(super) fn name(&self) -> String {
        match self {
            Source::Stdin => "-".to_owned(),
            Source::File(path) => path.display().to_string(),
        }
    }

    /// Whether it can be read once only.
    pub(super) fn is_stream(&self) -> bool {
        matches!(self, Source::Stdin)
    }

    /// Its bytes; `None` if there are more than `most`.
    pub(super) fn read(&self, most: u64) -> io::Result<Option<Vec<u8>>> {
        match self {
            Source::Stdin => take(io::stdin().lock(), most),
            Source::File(path) => {
                let file = File::open(path)?;
                if file.metadata()?.len() > most { Ok(None) } else { take(file, most) }
            }
        }
    }
}

fn take(from: impl Read, most: u64) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(most + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() as u64 <= most).then_some(bytes))
}

/// The files that were named, and the OFDs and PDFs of the folders that were named, each folder in the order of names.
pub(super) fn sources(named: &[PathBuf]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for path in named {
        if path.as_os_str() == "-" {
            sources.push(Source::Stdin);
        } else if path.is_dir() {
            let before = sources.len();
            folder(path, 0, &mut sources)?;
            if sources.len() == before {
                let hint = "name a folder with .ofd or .pdf files, or the files";
                return Err(Failure::new(format!("nothing to verify in {}", path.display()), hint));
            }
        } else {
            sources.push(Source::File(path.clone()));
        }
    }
    Ok(sources)
}

fn folder(dir: &Path, depth: usize, sources: &mut Vec<Source>) -> Result<(), Failure> {
    let unreadable = |e: io::Error| Failure::unreadable(dir, &e);
    let entries = fs::read_dir(dir).map_err(unreadable)?;
    let mut entries = entries.collect::<io::Result<Vec<_>>>().map_err(unreadable)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        // Links are not followed: they may lead around in circles.
        let kind = entry.file_type().map_err(|e| Failure::unreadable(&path, &e))?;
        if kind.is_dir() && depth < MAX_DEPTH {
            folder(&path, depth + 1, sources)?;
        } else if kind.is_file() && is_document(&path) {
            sources.push(Source::File(path));
        }
    }
    Ok(())
}

fn is_document(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("ofd") || e.eq_ignore_ascii_case("pdf"))
}
