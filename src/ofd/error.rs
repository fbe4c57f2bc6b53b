//! Why a document cannot be written.

/// What keeps a document from becoming a package.
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
    /// An item names something that its document does not have.
    #[error("{part}: no such {what}: {index}")]
    Dangling {
        /// The part's path.
        part: String,
        /// `font`, `image`, `master page`, `page` or `tag`.
        what: &'static str,
        /// The index that leads nowhere.
        index: usize,
    },
    /// The document was laid out over another master than the one this base was made of.
    #[error("the document belongs to another layout")]
    OtherMaster,
    /// The name cannot stand in a package, or stands there already.
    #[error("not a name for a part of a package: {0:?}")]
    PartName(String),
    /// The field's name cannot be the name of an XML element in CustomTags.
    #[error("not a name for a tag: {0:?}")]
    TagName(String),
    /// The package would have 4 GiB or more, or 65,535 parts or more.
    #[error("the package is too large: a ZIP holds less than 4 GiB and less than 65,535 parts")]
    TooLarge,
}
