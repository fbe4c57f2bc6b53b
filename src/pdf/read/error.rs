//! Why a PDF cannot be read: what is wrong, and at which byte.

use super::Id;

/// What keeps a PDF from being read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// It is broken, or two readers could see different documents in it.
    #[error("the PDF is malformed at byte {at}: {flaw}")]
    Malformed {
        /// What is wrong.
        flaw: Flaw,
        /// Offset in the file; inside a compressed stream, of the object that is read.
        at: usize,
    },
    /// An object that is not what ISO 32000-1 describes.
    #[error("the PDF is malformed: object {id}: {what}")]
    Object {
        /// The object.
        id: Id,
        /// What is wrong with it, the value last.
        what: String,
    },
    /// It asks for more than its reader gives.
    #[error("the PDF is too much to read: more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// The most there may be.
        limit: u64,
    },
    /// Only whoever has the key can read it.
    #[error("the PDF is encrypted")]
    Encrypted,
    /// Something that this program does not read.
    #[error("not supported: {0}")]
    Unsupported(String),
}

impl ReadError {
    pub(super) fn object(id: Id, what: impl Into<String>) -> ReadError {
        ReadError::Object { id, what: what.into() }
    }
}

/// What can be wrong with the file's structure. Each refusal stands where readers differ, or can be misled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Flaw {
    /// 7.5.2: the file does not begin with its header.
    #[error("the file does not begin with %PDF-1.x or %PDF-2.0")]
    Header,
    /// Another header inside the file.
    #[error("a second header")]
    SecondHeader,
    /// 7.5.5: no `startxref`, number and `%%EOF` at the end.
    #[error("the file does not end with startxref and %%EOF")]
    NoEnd,
    /// Bytes after the last end-of-file marker.
    #[error("bytes after the last %%EOF")]
    Suffix,
    /// A `startxref` that leads to no cross-reference section.
    #[error("startxref does not point at a cross-reference section")]
    StartXref,
    /// The chain of /Prev runs in a circle.
    #[error("the chain of cross-reference sections runs in a circle")]
    Loop,
    /// A section or a revision that the chain of /Prev leaves out, or names in another order.
    #[error("a cross-reference section that the chain of /Prev skips, or that stands out of order")]
    Chain,
    /// A cross-reference section that cannot be read.
    #[error("a broken cross-reference section")]
    Xref,
    /// Two entries for one object in a section.
    #[error("a cross-reference section names an object twice")]
    XrefTwice,
    /// An entry whose offset is not that of its object.
    #[error("a cross-reference entry does not point at its object")]
    Place,
    /// The table and the stream of a hybrid section disagree.
    #[error("the table and the stream of a hybrid cross-reference section disagree")]
    Hybrid,
    /// A trailer that cannot be read.
    #[error("a broken trailer")]
    Trailer,
    /// Two objects of one number in one revision.
    #[error("an object is defined twice in one revision")]
    Twice,
    /// Neither object, nor cross-reference section, nor comment.
    #[error("bytes that belong to no object")]
    Stray,
    /// `n g obj … endobj` that cannot be read.
    #[error("a broken object")]
    Object,
    /// Data that do not end where /Length says.
    #[error("a stream does not end where its /Length says")]
    Length,
    /// A key that stands twice in a dictionary.
    #[error("a dictionary has a key twice")]
    Key,
    /// A string without its end.
    #[error("a string without its end")]
    String,
    /// A number that is none, or out of range.
    #[error("a number that cannot be read")]
    Number,
    /// A name with a broken escape.
    #[error("a broken name")]
    Name,
    /// Something that no object begins with.
    #[error("neither an object nor an operator")]
    Token,
    /// Arrays and dictionaries in one another without end.
    #[error("objects nested too deep")]
    Depth,
    /// An object stream that cannot be read.
    #[error("a broken object stream")]
    ObjectStream,
    /// Data that do not inflate.
    #[error("the data of a stream do not inflate")]
    Deflate,
    /// Parameters of a predictor that fit no data.
    #[error("the data of a stream do not fit their predictor")]
    Predictor,
}

impl Flaw {
    pub(super) fn at(self, at: usize) -> ReadError {
        ReadError::Malformed { flaw: self, at }
    }
}
