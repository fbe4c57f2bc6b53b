//! A layout with those it extends, and the parts they use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::parse::parse;
use super::report::Report;
use super::source::{Asked, Root, SourceText, nowhere, relative, to_source};
use super::tree::Node;
use super::vocabulary::Tag;
use crate::diag::{Diagnostic, Diagnostics, Source};

/// The most layouts that extend one another.
const MAX_EXTENDS: usize = 8;

/// A layout that has been read: syntax, not yet meaning.
#[derive(Debug)]
pub struct Layout {
    /// The layout that extends no other first, the one that was asked for last.
    pub(crate) chain: Vec<LayoutFile>,
    /// Where further files come from.
    pub(crate) files: Files,
    /// What is wrong so far.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// One parsed file.
#[derive(Clone, Debug)]
pub struct LayoutFile {
    /// The folder it lies in, relative to the root.
    pub folder: PathBuf,
    /// Its root element.
    pub root: Arc<Node>,
}

/// The files of one layout; each is read and parsed once.
#[derive(Debug)]
pub struct Files {
    root: Root,
    /// Before the names shown to the author.
    shown_folder: PathBuf,
    parsed: BTreeMap<PathBuf, LayoutFile>,
}

impl Layout {
    /// Reads the layout at `path` and those it extends. Fails only where there is nothing to go on with; all other mistakes are
    /// told, together with those of the meaning, when the layout is compiled.
    pub fn open(path: impl AsRef<Path>) -> Result<Layout, Diagnostics> {
        Layout::open_noting(path, &Asked::default())
    }

    /// The same; `asked` lists the files that it asks for, now and while it is compiled, however either ends.
    pub fn open_noting(path: impl AsRef<Path>, asked: &Asked) -> Result<Layout, Diagnostics> {
        let path = path.as_ref();
        asked.note(path.to_owned());
        let name = path.display().to_string();
        let unreadable = |message: String| Diagnostics(vec![Diagnostic::error(nowhere(&name), message)]);
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let file = path.file_name().ok_or_else(|| unreadable("it is not a file".into()))?;
        let mut root =
            Root::open(folder, asked).map_err(|e| unreadable(format!("the folder cannot be opened: {e}")))?;
        let bytes = root.read(Path::new(file)).map_err(unreadable)?;
        let source = to_source(&name, &bytes).map_err(|d| Diagnostics(vec![d]))?;
        let shown_folder = path.parent().unwrap_or(Path::new("")).to_owned();
        Layout::read(&source, Path::new(file), Files { root, shown_folder, parsed: BTreeMap::new() })
    }

    /// Reads a layout from its text; it cannot name other files. `name` is shown in messages.
    pub fn from_text(name: &str, text: &str) -> Result<Layout, Diagnostics> {
        let source = Arc::new(Source { name: name.to_owned(), text: text.to_owned() });
        let files = Files { root: Root::closed(), shown_folder: PathBuf::new(), parsed: BTreeMap::new() };
        Layout::read(&source, Path::new(name), files)
    }

    fn read(source: &Arc<Source>, path: &Path, mut files: Files) -> Result<Layout, Diagnostics> {
        let mut report = Report::default();
        let mut chain = Vec::new();
        let mut seen = vec![path.to_owned()];
        let mut next = parse(source, Tag::Layout, &mut report)
            .map(|root| LayoutFile { folder: PathBuf::new(), root: Arc::new(root) });
        while let Some(file) = next.take() {
            if let Some(extends) = file.root.value("extends") {
                let base = relative(&file.folder, &extends.text);
                let cycle = base.as_ref().is_some_and(|b| seen.contains(b));
                if cycle || seen.len() >= MAX_EXTENDS {
                    let message = if cycle {
                        "the layout extends itself"
                    } else {
                        "too many layouts extend one another"
                    };
                    report.push(Diagnostic::error(extends.whole(), format!("{message}: {}", extends.text)));
                } else {
                    next = files.parse(&file.folder, extends, Tag::Layout, &mut report);
                    seen.extend(base);
                }
            }
            chain.insert(0, file);
        }
        let diagnostics = report.into_diagnostics();
        if chain.is_empty() { Err(diagnostics.into()) } else { Ok(Layout { chain, files, diagnostics }) }
    }
}

impl Layout {
    /// The SHA-256 of all that was read for the layout until now: its own text, and every file that it named.
    pub(crate) fn digest(chain: &[LayoutFile], files: &Files) -> [u8; 32] {
        let mut digest = Sha256::new();
        // A layout that was given as text is in no file.
        if let Some(last) = chain.last() {
            digest.update(&last.root.span.source.text);
        }
        files.root.digest(&mut digest);
        digest.finalize().into()
    }
}

impl Files {
    /// The bytes of the file that `href` names in a file of `folder`, and its path relative to the root.
    pub(crate) fn read(
        &mut self,
        folder: &Path,
        href: &SourceText,
        report: &mut Report,
    ) -> Option<(PathBuf, Arc<[u8]>)> {
        let mut refuse = |message: String| report.push(Diagnostic::error(href.whole(), message));
        let Some(path) = relative(folder, href.text.trim()) else {
            refuse(format!("the path leads out of the layout's folder: {}", href.text));
            return None;
        };
        match self.root.read(&path) {
            Ok(bytes) => Some((path, bytes)),
            Err(message) => {
                refuse(format!("{message}: {}", href.text));
                None
            }
        }
    }

    /// The text of a file as [`Files::read`] finds it.
    pub(crate) fn source(
        &mut self,
        folder: &Path,
        href: &SourceText,
        report: &mut Report,
    ) -> Option<(PathBuf, Arc<Source>)> {
        let (path, bytes) = self.read(folder, href, report)?;
        let name = self.shown_folder.join(&path).display().to_string();
        match to_source(&name, &bytes) {
            Ok(source) => Some((path, source)),
            Err(diagnostic) => {
                report.push(diagnostic);
                None
            }
        }
    }

    /// The tree of a file as [`Files::read`] finds it.
    pub(crate) fn parse(
        &mut self,
        folder: &Path,
        href: &SourceText,
        root: Tag,
        report: &mut Report,
    ) -> Option<LayoutFile> {
        let (path, source) = self.source(folder, href, report)?;
        if let Some(file) = self.parsed.get(&path) {
            return Some(file.clone());
        }
        let node = parse(&source, root, report)?;
        let folder = path.parent().unwrap_or(Path::new("")).to_owned();
        let file = LayoutFile { folder, root: Arc::new(node) };
        self.parsed.insert(path, file.clone());
        Some(file)
    }
}
