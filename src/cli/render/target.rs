//! `--out`: a folder, an archive, or standard output.

use std::io;
use std::path::{Path, PathBuf};

use certpress::batch::{
    Archive, ArchiveKind, Folder, FolderError, Head, Journal, Lasting, ManifestError, kind_of,
};

use crate::cli::failure::Failure;

/// What names of archives end with that are none of ours, and would pass for folders.
const PACKED: [&str; 8] = ["gz", "tgz", "bz2", "xz", "txz", "zst", "7z", "rar"];

/// Where the certificates go.
pub(super) enum Target {
    /// A folder.
    Folder(PathBuf),
    /// A file.
    Archive(PathBuf, ArchiveKind),
    /// Standard output.
    Stream(ArchiveKind),
}

/// What becomes of a batch that is there already.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Earlier {
    /// It is left alone, and nothing is done.
    Refuse,
    /// It is gone on with.
    Resume,
    /// It is removed.
    Replace,
}

impl Target {
    /// What `--out` and `--archive` say.
    pub(super) fn new(out: &Path, archive: Option<ArchiveKind>) -> Result<Target, Failure> {
        let packed = out.extension().and_then(|extension| extension.to_str()).filter(|e| PACKED.contains(e));
        if let Some(extension) = packed.filter(|_| archive.is_none() && !out.is_dir()) {
            return Err(Failure::new(
                format!("no archive is written as .{extension}: {}", out.display()),
                "name a folder, a .zip or a .tar, and pack that yourself; or write --out - --archive tar | gzip",
            ));
        }
        match (out.to_str(), archive.or_else(|| kind_of(out))) {
            (Some("-"), None) => Err(Failure::new(
                "certificates go to standard output as an archive, and it is not said which",
                "write --archive tar or --archive zip",
            )),
            (Some("-"), Some(kind)) => Ok(Target::Stream(kind)),
            (_, Some(kind)) => Ok(Target::Archive(out.into(), kind)),
            (_, None) => Ok(Target::Folder(out.into())),
        }
    }

    /// Whether results must not go to standard output, because the certificates do.
    pub(super) fn is_stdout(&self) -> bool {
        matches!(self, Target::Stream(_))
    }

    /// Whether a run that was stopped can be gone on with.
    pub(super) fn is_resumable(&self) -> bool {
        matches!(self, Target::Folder(_))
    }

    /// How messages call it.
    pub(super) fn name(&self) -> String {
        match self {
            Target::Folder(path) | Target::Archive(path, _) => path.display().to_string(),
            Target::Stream(_) => "standard output".into(),
        }
    }
}

/// Opens a folder.
pub(super) fn open_folder(
    path: &Path,
    head: &Head,
    earlier: Earlier,
    lasting: Lasting,
) -> Result<(Folder, Journal), Failure> {
    let opened = match earlier {
        Earlier::Resume => Folder::resume(path, head, lasting),
        Earlier::Refuse => Folder::begin(path, head, lasting),
        Earlier::Replace => Folder::clear(path).and_then(|()| Folder::begin(path, head, lasting)),
    };
    opened.map_err(|e: FolderError| Failure::new(e.to_string(), e.hint()))
}

/// Opens an archive in a file.
pub(super) fn open_archive(
    path: &Path,
    kind: ArchiveKind,
    head: &Head,
    earlier: Earlier,
) -> Result<(Archive, Journal), Failure> {
    not_resumed(earlier)?;
    if earlier != Earlier::Replace && path.exists() {
        let message = format!("there is a file already: {}", path.display());
        return Err(Failure::new(message, "name another file, or replace it with --replace"));
    }
    Archive::create(path, kind, head).map_err(unwritable)
}

/// Opens standard output as an archive.
pub(super) fn open_stream(
    kind: ArchiveKind,
    head: &Head,
    earlier: Earlier,
) -> Result<(Archive, Journal), Failure> {
    not_resumed(earlier)?;
    Archive::stream(io::BufWriter::new(io::stdout()), kind, head).map_err(unwritable)
}

fn not_resumed(earlier: Earlier) -> Result<(), Failure> {
    if earlier == Earlier::Resume {
        let hint = "begin anew, or name a folder and pack it when it is finished";
        return Err(Failure::new("an archive cannot be resumed", hint));
    }
    Ok(())
}

fn unwritable(error: ManifestError) -> Failure {
    Failure::new(error.to_string(), error.hint())
}
