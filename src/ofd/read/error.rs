//! Why a package cannot be read: what is wrong, and in which part.

/// What keeps a package from being read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The container is broken, or two readers could find different parts in it.
    #[error("the package is malformed{}: {flaw}", at(.entry))]
    Container {
        /// What is wrong.
        flaw: Flaw,
        /// The entry's name; empty where it concerns no single entry.
        entry: String,
    },
    /// It asks for more than its reader gives.
    #[error("the package is too much to read{}: more than {limit} {what}", at(.entry))]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The most there may be.
        limit: u64,
        /// The part; empty where it concerns the whole package.
        entry: String,
    },
    /// A part that is named and not there.
    #[error("{part}: there is no part {name}")]
    Missing {
        /// The part that names it.
        part: String,
        /// The name as it stands there.
        name: String,
    },
    /// A part that is not what the standard describes.
    #[error("{part}: {what}")]
    Malformed {
        /// The part.
        part: String,
        /// What is wrong with it, the value last.
        what: String,
    },
    /// A part that says something which this program cannot show.
    #[error("{part}: not supported: {what}")]
    Unsupported {
        /// The part.
        part: String,
        /// What it asks for.
        what: String,
    },
}

impl ReadError {
    pub(super) fn limit(what: &'static str, limit: u64, entry: &str) -> ReadError {
        ReadError::Limit { what, limit, entry: entry.to_owned() }
    }

    pub(super) fn malformed(part: &str, what: impl Into<String>) -> ReadError {
        ReadError::Malformed { part: part.to_owned(), what: what.into() }
    }

    pub(super) fn unsupported(part: &str, what: impl Into<String>) -> ReadError {
        ReadError::Unsupported { part: part.to_owned(), what: what.into() }
    }
}

fn at(entry: &str) -> String {
    if entry.is_empty() { String::new() } else { format!(", entry {entry:?}") }
}

/// What can be wrong with the container. Each refusal stands where readers were seen to differ, or to be misled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Flaw {
    /// No end-of-central-directory record.
    #[error("not a ZIP, or cut off: no end record")]
    NoEnd,
    /// Bytes after the end record.
    #[error("bytes after the end record")]
    Suffix,
    /// A comment, in which another end record could stand.
    #[error("the archive has a comment")]
    Comment,
    /// More than one end record.
    #[error("two end records")]
    SecondEnd,
    /// Fields or records of ZIP64, which nothing below 4 GiB needs.
    #[error("ZIP64 fields in a package that does not need them")]
    Zip64,
    /// Split over several files.
    #[error("split over several disks")]
    Disks,
    /// The end record and the central directory disagree on where it lies.
    #[error("the central directory is not where the end record says")]
    DirectoryPlace,
    /// The end record and the central directory disagree on the number of entries.
    #[error("the central directory has another number of entries than the end record says")]
    EntryCount,
    /// A record of the central directory that cannot be read.
    #[error("a broken record in the central directory")]
    DirectoryRecord,
    /// Encrypted.
    #[error("the entry is encrypted")]
    Encrypted,
    /// Flags that change how an entry is read.
    #[error("flags that no OFD needs")]
    Flags,
    /// A method other than stored and deflated.
    #[error("neither stored nor deflated")]
    Method,
    /// A name that is not UTF-8.
    #[error("the name is not UTF-8")]
    NameEncoding,
    /// A control character in a name.
    #[error("a control character in the name")]
    NameControl,
    /// A backslash in a name: a separator for some.
    #[error("a backslash in the name")]
    NameBackslash,
    /// A name from a root or a drive.
    #[error("an absolute name")]
    NameAbsolute,
    /// A name with `.` or `..`.
    #[error("a name with `.` or `..`")]
    NameDots,
    /// A name without characters, or with two slashes in a row.
    #[error("an empty name or folder name")]
    NameEmpty,
    /// A name longer, or in more folders, than any package needs.
    #[error("a name of more than 512 bytes or 16 folders")]
    NameLength,
    /// A second name in an extra field.
    #[error("a second name in an extra field")]
    SecondName,
    /// Extra fields that cannot be read.
    #[error("broken extra fields")]
    Extra,
    /// A symbolic link or a device.
    #[error("neither a file nor a folder")]
    NotAFile,
    /// Two entries of one name.
    #[error("two entries of this name")]
    Duplicate,
    /// Two names that differ in case alone.
    #[error("another entry's name differs in case alone")]
    CaseTwin,
    /// A name that is a file and a folder.
    #[error("a file and a folder of this name")]
    FileAndFolder,
    /// A folder with content.
    #[error("a folder with content")]
    FolderWithContent,
    /// No local header where the central directory says.
    #[error("no local header where the central directory says")]
    LocalHeader,
    /// Two names for one entry.
    #[error("the local header has another name")]
    LocalName,
    /// Two sets of flags for one entry.
    #[error("the local header has other flags")]
    LocalFlags,
    /// Two methods for one entry.
    #[error("the local header has another method")]
    LocalMethod,
    /// Two sizes or checksums for one entry.
    #[error("the local header has another size or checksum")]
    LocalSize,
    /// The record after the data is missing or says something else.
    #[error("the data descriptor is missing or says something else")]
    Descriptor,
    /// Two entries share bytes.
    #[error("the entry overlaps the next or the central directory")]
    Overlap,
    /// Bytes before the first entry.
    #[error("bytes before the first entry")]
    Prefix,
    /// An entry that the central directory does not name.
    #[error("an entry behind this one that the central directory does not name")]
    HiddenEntry,
    /// Bytes between entries that belong to none.
    #[error("bytes behind the entry that belong to none")]
    StrayBytes,
    /// Data that do not inflate.
    #[error("the data do not inflate")]
    Deflate,
    /// Data shorter or longer than the headers say.
    #[error("the data have another size than the headers say")]
    Size,
    /// Another checksum than the headers say.
    #[error("the checksum is wrong")]
    Checksum,
}
