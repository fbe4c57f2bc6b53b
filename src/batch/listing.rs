//! What lies in the folder of a batch, against what its manifest lists.
//!
//! In: the names of the listed files, and the folder. Out: each entry of the folder and what it is.
//! Invariant: links are not followed, they are files; memory does not grow with the files but by 16 bytes for each.

use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::catalogue::CATALOGUE;
use super::claims::half;
use super::manifest::MANIFEST;
use super::staged::is_temporary;

/// The names of the files of a batch, those of manifest and catalogue among them.
pub(super) struct Listing {
    files: HashSet<[u8; 16]>,
}

/// What an entry of the folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    /// A file that is listed.
    Listed,
    /// A file that a killed run left under a temporary name.
    Unreleased,
    /// Any other file or link.
    Extra,
    /// A folder that has the name of a listed file.
    InItsPlace,
    /// Any other folder; what is in it comes next.
    Folder,
}

impl Listing {
    /// Manifest and catalogue.
    pub(super) fn new() -> Listing {
        Listing { files: [MANIFEST, CATALOGUE].into_iter().map(key).collect() }
    }

    /// One more file; `name` has `/` between folders. False if it is listed already.
    pub(super) fn add(&mut self, name: &str) -> bool {
        self.files.insert(key(name))
    }

    /// Shows `each` every entry of `folder` and of the folders in it, by its name from `folder` on.
    pub(super) fn compare(
        &self,
        folder: &Path,
        each: &mut impl FnMut(Entry, String),
    ) -> Result<(), Unlisted> {
        self.compare_inside(folder, "", each)
    }

    fn compare_inside(
        &self,
        folder: &Path,
        inside: &str,
        each: &mut impl FnMut(Entry, String),
    ) -> Result<(), Unlisted> {
        let here = folder.join(inside);
        let io = |source| Unlisted { folder: here.clone(), source };
        for entry in fs::read_dir(&here).map_err(io)? {
            let entry = entry.map_err(io)?;
            let file_name = entry.file_name();
            let file_name = file_name.to_string_lossy();
            let name =
                if inside.is_empty() { file_name.to_string() } else { format!("{inside}/{file_name}") };
            let is_folder = entry.file_type().map_err(io)?.is_dir();
            let is_listed = self.files.contains(&key(&name));
            match (is_folder, is_listed) {
                (true, false) => {
                    each(Entry::Folder, name.clone());
                    self.compare_inside(folder, &name, each)?;
                }
                (true, true) => each(Entry::InItsPlace, name),
                (false, _) if is_temporary(&file_name) => each(Entry::Unreleased, name),
                (false, true) => each(Entry::Listed, name),
                (false, false) => each(Entry::Extra, name),
            }
        }
        Ok(())
    }
}

/// A folder whose entries cannot be told.
pub(super) struct Unlisted {
    pub(super) folder: PathBuf,
    pub(super) source: io::Error,
}

/// Names are compared as they are: a file that only differs by case is another one.
fn key(name: &str) -> [u8; 16] {
    half(&Sha256::digest(name).into())
}
