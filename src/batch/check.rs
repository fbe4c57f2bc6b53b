//! Whether a folder holds what its manifest lists.
//!
//! In: a folder with a `manifest.jsonl`. Out: every file that was changed, is missing, cannot be read, or is not listed.
//! Invariant: nothing is written, and memory does not grow with the files but by 16 bytes for each.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};
use sha2::{Digest as _, Sha256};

use super::catalogue::CATALOGUE;
use super::listing::{Entry, Listing, Unlisted};
use super::manifest::{MANIFEST, Manifest, ManifestError};
use super::row::{FileRow, Row};
use crate::crypto::hex;
use crate::crypto::sm3::Sm3;

/// Files read side by side.
const AT_ONCE: usize = 256;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Files that are as listed.
    pub intact: u64,
    /// Listed files with other bytes, or that are no ordinary files any more.
    pub changed: Vec<String>,
    /// Listed files that are not there.
    pub missing: Vec<String>,
    /// Listed files that cannot be read.
    pub unreadable: Vec<String>,
    /// Files that are not listed.
    pub extra: Vec<String>,
    /// Files that a killed run left under temporary names; resuming it names or removes them.
    pub unreleased: u64,
    /// Whether the manifest has its end: without one its run was not finished, or the manifest was cut short.
    pub finished: bool,
}

impl Findings {
    /// Whether the run is finished and every file is as listed, and no other is there.
    pub fn hold(&self) -> bool {
        let Findings { changed, missing, unreadable, extra, unreleased, finished, .. } = self;
        let names = [changed, missing, unreadable, extra];
        *finished && *unreleased == 0 && names.into_iter().all(Vec::is_empty)
    }
}

/// What became of one listed file.
enum Found {
    Intact,
    Changed,
    Missing,
    Unreadable,
}

/// Compares `folder` with its manifest.
///
/// # Errors
/// The manifest or the folder cannot be read, or the manifest is at odds with itself: it repeats a row or a file, or has other rows than its end
/// counts.
pub fn check(folder: &Path) -> Result<Findings, ManifestError> {
    let mut manifest = Manifest::open(&folder.join(MANIFEST))?;
    let mut findings = Findings::default();
    let mut listing = Listing::new();
    let mut last = 0;
    loop {
        let mut group: Vec<FileRow> = Vec::with_capacity(AT_ONCE);
        while group.len() < AT_ONCE
            && let Some(row) = manifest.next()
        {
            let Row { row, files, .. } = row?;
            if row <= last {
                return Err(manifest.damaged_row(&format!("is row {row}, and comes after row {last}")));
            }
            last = row;
            if let Some(again) = files.iter().find(|file| !listing.add(&file.name)) {
                return Err(manifest.damaged_row(&format!("lists a file again: {}", again.name)));
            }
            group.extend(files);
        }
        if group.is_empty() {
            break;
        }
        let found: Vec<Found> = group.par_iter().map(|file| found(folder, file)).collect();
        group.into_iter().zip(found).for_each(|(file, found)| findings.add(file.name, found));
    }
    if let Some(end) = manifest.end() {
        findings.finished = true;
        let catalogue = FileRow {
            format: super::row::Format::Ofd,
            name: CATALOGUE.into(),
            bytes: 0,
            sha256: end.catalogue.clone(),
            sm3: None,
        };
        let found = same_digests(folder, &catalogue);
        findings.add(catalogue.name, found);
    }
    let compared = listing.compare(folder, &mut |entry, name| match entry {
        // What stands in a listed file's place was found to be changed.
        Entry::Listed | Entry::InItsPlace | Entry::Folder => {}
        Entry::Unreleased => findings.unreleased += 1,
        Entry::Extra => findings.extra.push(name),
    });
    compared.map_err(|Unlisted { folder, source }| ManifestError::Io { path: folder, source })?;
    findings.extra.sort();
    Ok(findings)
}

impl Findings {
    fn add(&mut self, name: String, found: Found) {
        match found {
            Found::Intact => self.intact += 1,
            Found::Changed => self.changed.push(name),
            Found::Missing => self.missing.push(name),
            Found::Unreadable => self.unreadable.push(name),
        }
    }
}

fn found(folder: &Path, file: &FileRow) -> Found {
    match fs::symlink_metadata(folder.join(&file.name)) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => Found::Missing,
        Err(_) => Found::Unreadable,
        Ok(there) if !there.is_file() || there.len() != file.bytes => Found::Changed,
        Ok(_) => same_digests(folder, file),
    }
}

fn same_digests(folder: &Path, file: &FileRow) -> Found {
    let read = || {
        let mut input = File::open(folder.join(&file.name))?;
        let (mut sha256, mut sm3) = (Sha256::new(), file.sm3.is_some().then(Sm3::new));
        let mut buffer = vec![0; 64 << 10];
        loop {
            let length = input.read(&mut buffer)?;
            if length == 0 {
                break;
            }
            sha256.update(&buffer[..length]);
            if let Some(sm3) = &mut sm3 {
                sm3.update(&buffer[..length]);
            }
        }
        Ok::<_, io::Error>((hex(&sha256.finalize()), sm3.map(|sm3| hex(&sm3.finish()))))
    };
    match read() {
        Ok((sha256, sm3)) if sha256 == file.sha256 && sm3 == file.sm3 => Found::Intact,
        Ok(_) => Found::Changed,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Found::Missing,
        Err(_) => Found::Unreadable,
    }
}
