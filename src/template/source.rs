//! Files of a layout: read once, within one folder, within limits.
//!
//! In: paths as layouts write them. Out: [`Source`]s, and [`SourceText`]s that know where each of their bytes was written.
//! Invariant: nothing outside the root folder is opened, neither through `..` nor through a symbolic link.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::Digest;

use crate::diag::{Diagnostic, Source, Span};

/// The largest file of a layout: 8 MiB.
pub const MAX_FILE_BYTES: u64 = 8 << 20;
/// The most files of a layout.
const MAX_FILES: usize = 256;

/// The folder that a layout's files lie in.
#[derive(Debug)]
pub struct Root {
    /// Canonical; `None` for a layout that was not read from a file and may name none.
    folder: Option<PathBuf>,
    read: BTreeMap<PathBuf, Arc<[u8]>>,
    asked: Asked,
}

/// The files that a layout asks for, whether they are there or not: for who watches them. Clones share one list.
#[derive(Clone, Debug, Default)]
pub struct Asked(Arc<Mutex<BTreeSet<PathBuf>>>);

impl Asked {
    /// Adds one.
    pub(super) fn note(&self, path: PathBuf) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
    }

    /// All so far.
    pub fn paths(&self) -> Vec<PathBuf> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }
}

impl Root {
    /// The folder `folder`; what it is asked for is noted in `asked`.
    pub fn open(folder: &Path, asked: &Asked) -> std::io::Result<Root> {
        Ok(Root { folder: Some(folder.canonicalize()?), read: BTreeMap::new(), asked: asked.clone() })
    }

    /// No folder: every file is refused.
    pub fn closed() -> Root {
        Root { folder: None, read: BTreeMap::new(), asked: Asked::default() }
    }

    /// The bytes of `path`, which is relative to the root; each file is read once. The error says why not.
    pub fn read(&mut self, path: &Path) -> Result<Arc<[u8]>, String> {
        let folder = self.folder.as_ref().ok_or("a layout without a folder cannot name files")?;
        self.asked.note(folder.join(path));
        let full = folder.join(path).canonicalize().map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => format!("the file cannot be opened: {e}"),
        })?;
        if !full.starts_with(folder) {
            return Err("the file lies outside the layout's folder".into());
        }
        if let Some(bytes) = self.read.get(&full) {
            return Ok(Arc::clone(bytes));
        }
        if self.read.len() >= MAX_FILES {
            return Err(format!("the layout names more than {MAX_FILES} files"));
        }
        let bytes: Arc<[u8]> = read_limited(&full)?.into();
        self.read.insert(full, Arc::clone(&bytes));
        Ok(bytes)
    }
}

impl Root {
    /// Feeds `digest` with all files that were read: where each lies in the folder, and its bytes.
    pub(super) fn digest(&self, digest: &mut impl Digest) {
        for (path, bytes) in &self.read {
            let place =
                self.folder.as_ref().and_then(|folder| path.strip_prefix(folder).ok()).unwrap_or(path);
            let place = place.to_string_lossy().replace('\\', "/");
            digest.update((place.len() as u64).to_be_bytes());
            digest.update(place);
            digest.update((bytes.len() as u64).to_be_bytes());
            digest.update(bytes);
        }
    }
}

fn read_limited(path: &Path) -> Result<Vec<u8>, String> {
    use std::io::Read as _;
    let failed = |e: std::io::Error| format!("the file cannot be read: {e}");
    let file = std::fs::File::open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err("it is not a file".into());
    }
    let mut bytes = Vec::new();
    file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(format!("the file is larger than {} MiB", MAX_FILE_BYTES >> 20));
    }
    Ok(bytes)
}

/// The path, relative to the root, of `href` in a file that lies in `folder` (relative to the root, too); `None` if it leads out.
pub fn relative(folder: &Path, href: &str) -> Option<PathBuf> {
    let mut path = PathBuf::new();
    for component in folder.join(href).components() {
        match component {
            Component::Normal(name) => path.push(name),
            Component::CurDir => {}
            Component::ParentDir => {
                if !path.pop() {
                    return None;
                }
            }
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(path)
}

/// The bytes as a source named `name`, or why they are not text.
pub fn to_source(name: &str, bytes: &[u8]) -> Result<Arc<Source>, Diagnostic> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(text) {
        Ok(text) => Ok(Arc::new(Source { name: name.to_owned(), text: text.to_owned() })),
        Err(error) => {
            let message = format!("the file is not UTF-8 (byte {})", error.valid_up_to());
            Err(Diagnostic::error(nowhere(name), message).hint("save it as UTF-8"))
        }
    }
}

/// The span of a file without text.
pub fn nowhere(name: &str) -> Span {
    Span::new(&Arc::new(Source { name: name.to_owned(), text: String::new() }), 0..0)
}

/// A text of the layout after XML's references are resolved, with the place it was written at.
#[derive(Clone, Debug)]
pub struct SourceText {
    /// What the author means.
    pub text: String,
    /// What the author wrote.
    pub span: Span,
}

impl SourceText {
    /// Where the bytes `range` of [`SourceText::text`] were written.
    pub fn at(&self, range: Range<usize>) -> Span {
        let raw = self.span.text();
        let start = raw_offset(raw, range.start);
        let end = start + raw_offset(&raw[start..], range.end.saturating_sub(range.start));
        Span::new(&self.span.source, self.span.range.start + start..self.span.range.start + end)
    }

    /// The whole, or its place in the layout if it is empty.
    pub fn whole(&self) -> Span {
        self.span.clone()
    }
}

/// How many bytes of `raw` XML stand for the first `decoded` bytes of its text.
fn raw_offset(raw: &str, decoded: usize) -> usize {
    let (mut at, mut done) = (0, 0);
    while done < decoded && at < raw.len() {
        let rest = &raw[at..];
        let (taken, given) = if let Some(marker) = ["<![CDATA[", "]]>"].iter().find(|m| rest.starts_with(**m))
        {
            (marker.len(), 0)
        } else if rest.starts_with('&') {
            // XML 1.0 §4.1: every reference ends in a semicolon.
            let reference = &rest[..rest.find(';').map_or(rest.len(), |end| end + 1)];
            (reference.len(), reference_length(reference))
        } else if rest.starts_with("\r\n") {
            // §2.11: line ends are normalised.
            (2, 1)
        } else {
            let c = rest.chars().next().map_or(1, char::len_utf8);
            (c, c)
        };
        at += taken;
        done += given;
    }
    at
}

/// The bytes of UTF-8 that a reference stands for.
fn reference_length(reference: &str) -> usize {
    let number = reference.trim_start_matches("&#").trim_end_matches(';');
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    // The five named ones (lt, gt, amp, quot, apos) stand for one byte each.
    code.and_then(char::from_u32).map_or(1, char::len_utf8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_may_climb_but_not_out() {
        assert_eq!(relative(Path::new("parts"), "../art/a.svg"), Some("art/a.svg".into()));
        assert_eq!(relative(Path::new(""), "./a.xml"), Some("a.xml".into()));
        for out in ["../a.xml", "/etc/passwd", "parts/../../a"] {
            assert_eq!(relative(Path::new(""), out), None, "{out}");
        }
    }

    #[test]
    fn offsets_of_the_text_are_found_behind_references() {
        let source = Arc::new(Source { name: "a".into(), text: "<t a='a&lt;b&#x8BC1;c'/>".into() });
        let text = SourceText { text: "a<b证c".into(), span: Span::new(&source, 6..21) };
        let shown: Vec<_> = [0..1, 1..2, 2..3, 3..6, 6..7].map(|r| text.at(r).text().to_owned()).into();
        assert_eq!(shown, ["a", "&lt;", "b", "&#x8BC1;", "c"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let (inside, outside) = (folder.path().join("in"), folder.path().join("secret"));
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&outside, "x").unwrap();
        std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
        let error = Root::open(&inside, &Asked::default()).unwrap().read(Path::new("link")).unwrap_err();
        assert_eq!(error, "the file lies outside the layout's folder");
    }
}
