//! Why a document cannot be written.

/// What keeps a document from becoming a package. Each names the part it was meant for.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// XML 1.0, 2.2 has no way to write this character.
    #[error("{part}: XML cannot hold the character U+{:04X}", u32::from(*.character))]
    ForbiddenCharacter {
        /// The part's path.
        part: String,
        /// The character.
        character: char,
    },
    /// An item names a font, image, master page or glyph that its document does not have.
    #[error("{part}: no such {what}: {index}")]
    Dangling {
        /// The part's path.
        part: String,
        /// `font`, `image` or `master page`.
        what: &'static str,
        /// The index that leads nowhere.
        index: usize,
    },
    /// The name cannot be a part of a package: empty, absolute, with `..`, `\` or other than printable ASCII.
    #[error("not a name for a part of a package: {0:?}")]
    Name(String),
    /// The package could not be put together, such as beyond 4 GiB.
    #[error("cannot write the package: {0}")]
    Package(#[from] zip::result::ZipError),
}
