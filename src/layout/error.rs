//! What can go wrong while one record is set on its pages.

use crate::diag::Span;
use crate::licence::metadata::MetadataError;
use crate::mark::MarkError;
use crate::mark::payload::PayloadError;
use crate::text::TextError;
use crate::unit::Length;

/// An element that could not be set.
#[derive(Clone, Debug, PartialEq)]
pub struct LayoutError {
    /// The element in the layout's source; `None` for the document's own metadata.
    pub span: Option<Span>,
    /// The field that it shows, if it shows just one.
    pub field: Option<String>,
    /// What is wrong.
    pub kind: LayoutErrorKind,
}

/// What is wrong with the element.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LayoutErrorKind {
    /// Text does not fit its box, or a character has no face.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The QR mark cannot be made.
    #[error(transparent)]
    Mark(#[from] MarkError),
    /// The signed payload of a QR mark cannot be made.
    #[error(transparent)]
    Payload(#[from] PayloadError),
    /// An expression failed on this record's values.
    #[error("{0}")]
    Expression(String),
    /// The contents of its columns are wider than the table.
    #[error("the columns need {needed:?}, the table has {available:?}")]
    TableTooWide {
        /// What they take at least.
        needed: Length,
        /// What there is.
        available: Length,
    },
    /// The rows are taller than the table, or than what surrounds it.
    #[error("the rows need {needed:?}, there is room for {available:?}")]
    TableTooTall {
        /// What they take.
        needed: Length,
        /// What there is.
        available: Length,
    },
    /// A text without a box that would hold it reaches beyond what it stands on.
    #[error("the text leaves the {paper} by {by:?}")]
    OffPaper {
        /// The page, or the cell.
        paper: &'static str,
        /// How far.
        by: Length,
    },
    /// A group of a loop would leave the page.
    #[error("the row's group leaves the page by {0:?}")]
    OffPage(Length),
    /// A metadata entry is not what its name says.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// What a seal is to stand at is not on the page.
    #[error("the seal finds no place: {0}")]
    NoAnchor(String),
    /// A seal that stands at an element, a word or an edge would reach beyond the page.
    #[error("the seal reaches beyond the page")]
    SealOffPage,
    /// Two seals on one page.
    #[error("the seal crosses or touches another one")]
    SealsMeet,
    /// A line, or rows that a cell joins, with the table's head and foot, do not fit a whole page of a flow.
    #[error("it needs {needed:?} with the head and foot around it, the flow has {available:?}")]
    TallerThanFlow {
        /// What it takes.
        needed: Length,
        /// What a whole page has, or what is left for a foot that has grown.
        available: Length,
    },
    /// More pages than a document may have.
    #[error("more than {0} pages")]
    TooManyPages(usize),
    /// What depends on the number of pages changes that number again and again.
    #[error("the number of pages does not settle: what is printed of it changes it")]
    Unsettled,
    /// More fonts or images than a document can refer to.
    #[error("more than 65,535 {0} in one document")]
    TooMany(&'static str),
}

impl LayoutError {
    pub(super) fn of_document(kind: LayoutErrorKind) -> LayoutError {
        LayoutError { span: None, field: None, kind }
    }

    /// The same in a loop's row: where no field is to blame, or the list, it is that row.
    pub(super) fn in_row(mut self, list: &str, row: usize) -> LayoutError {
        if self.field.as_deref().is_none_or(|field| field == list) {
            self.field = Some(format!("{list}[{}]", row + 1));
        }
        self
    }

    /// A stable code for reports.
    pub fn code(&self) -> &'static str {
        match &self.kind {
            LayoutErrorKind::Text(TextError::NoFace { .. }) => "no-face",
            LayoutErrorKind::Text(TextError::RightToLeft { .. }) => "right-to-left",
            LayoutErrorKind::Text(TextError::DoesNotFit { .. })
            | LayoutErrorKind::TableTooWide { .. }
            | LayoutErrorKind::TableTooTall { .. }
            | LayoutErrorKind::OffPaper { .. }
            | LayoutErrorKind::OffPage(_)
            | LayoutErrorKind::TallerThanFlow { .. }
            | LayoutErrorKind::Unsettled => "does-not-fit",
            LayoutErrorKind::Text(TextError::TooLong { .. }) => "too-long",
            LayoutErrorKind::Mark(_) => "mark",
            LayoutErrorKind::Payload(_) => "payload",
            LayoutErrorKind::Expression(_) => "expression",
            LayoutErrorKind::Metadata(_) => "metadata",
            LayoutErrorKind::NoAnchor(_) => "seal-anchor",
            LayoutErrorKind::SealOffPage => "seal-off-page",
            LayoutErrorKind::SealsMeet => "seals-meet",
            LayoutErrorKind::TooMany(_) | LayoutErrorKind::TooManyPages(_) => "too-many",
        }
    }
}

impl LayoutError {
    /// How to mend it, where there is something to say.
    pub fn hint(&self) -> Option<&'static str> {
        let hint = match &self.kind {
            LayoutErrorKind::Text(TextError::NoFace { .. }) => {
                "write another character, or add a face that has it with --fonts"
            }
            LayoutErrorKind::Text(TextError::DoesNotFit { .. }) => {
                "give it more room, or a fit such as condense(80%) shrink(8pt) wrap"
            }
            LayoutErrorKind::Mark(error) => error.hint(),
            LayoutErrorKind::Payload(error) => error.hint(),
            LayoutErrorKind::Metadata(error) => error.hint,
            LayoutErrorKind::NoAnchor(_) => {
                "check its at or keyword, and whether that is shown for this record"
            }
            LayoutErrorKind::TableTooWide { .. } => "make the table wider, or what its columns hold narrower",
            LayoutErrorKind::TableTooTall { .. } => "make the table taller, or put it into a flow",
            LayoutErrorKind::OffPaper { .. } => {
                "move it in; a text without a box may be given one: a width, a height, and a fit such as shrink(8pt) wrap"
            }
            LayoutErrorKind::OffPage(_) => "make the steps shorter, or lay the rows as a table in a flow",
            LayoutErrorKind::TallerThanFlow { .. } => "make the flow taller, or what it holds less tall",
            LayoutErrorKind::TooManyPages(_) | LayoutErrorKind::TooMany(_) => "split the record",
            LayoutErrorKind::Unsettled => {
                "in the flow, let no condition and no text that may take another line use page.count or page.last"
            }
            LayoutErrorKind::SealOffPage => "move it with dx and dy, or stand it elsewhere",
            LayoutErrorKind::SealsMeet => {
                "move one; a seal that is larger than the layout keeps room for needs more"
            }
            _ => "",
        };
        Some(hint).filter(|hint| !hint.is_empty())
    }
}

impl std::fmt::Display for LayoutError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(span) = &self.span {
            write!(f, "{span:?}: ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "field {field}: ")?;
        }
        self.kind.fmt(f)?;
        self.hint().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}

impl std::error::Error for LayoutError {}
