//! A compiled layout: everything decided that no record can change.
//!
//! In: checked syntax trees from `template`. Out: [`Program`], which `layout` reads once for the master and once for each record.
//! Invariant: names are resolved (faces, fields, images, parts), groups are flattened and lengths are absolute, so that a
//! record can only choose among conditions and fill in contents.

mod flow;
mod repeat;
mod table;

use std::sync::Arc;

use super::edition::Edition;
use super::expression::content::{Condition, Content, PageUse};
use crate::color::Color;
use crate::diag::{Diagnostic, Span};
use crate::geom::{Affine, Point, Rect, Size};
use crate::mark::Level;
use crate::page::{Image, PathItem, Standings};
use crate::record::Schema;
use crate::text::{Fonts, TextBlock, TextStyle};
use crate::unit::Length;

pub use flow::FlowPlan;
pub use repeat::{Lines, RepeatPlan};
pub use table::{
    CellContent, CellPlan, ColumnPlan, Inner, Outer, RowHeight, RowPlan, RulesPlan, TablePlan, TooWide,
};

/// A compiled layout. Immutable, `Send + Sync`.
#[derive(Debug)]
pub struct Program {
    /// The SHA-256 of the layout's source: its own text, and every file that it names.
    pub digest: [u8; 32],
    /// The layout's id, also its schema's.
    pub id: String,
    /// What a record must bring.
    pub schema: Arc<Schema>,
    /// The faces that the styles name.
    pub fonts: Arc<Fonts>,
    /// In reading order; at least one.
    pub pages: Vec<PagePlan>,
    /// What each document says about itself.
    pub info: InfoPlan,
    /// Metadata by name (GB/T 36903: ZZMC …), in the author's order.
    pub metadata: Arc<[(String, Arc<Content>)]>,
    /// Whose seals its pages keep places for, in the order in which the layout first names them: that of signing.
    pub seal_roles: Vec<String>,
    /// Field names in the schema's order: tag `i` is field `i`.
    pub tags: Vec<String>,
    /// Which edition of the layout this is.
    pub edition: Edition,
    /// What the files of a record are.
    pub standings: Standings,
    /// What is worth a look.
    pub warnings: Vec<Diagnostic>,
    /// What is declared and never used.
    pub unused: Vec<Diagnostic>,
}

/// What each document says about itself.
#[derive(Debug)]
pub struct InfoPlan {
    /// The document's title; the layout's own unless it says otherwise.
    pub title: Content,
    /// The issuing body.
    pub author: Content,
    /// What it is about.
    pub subject: Content,
}

/// One page.
#[derive(Debug)]
pub struct PagePlan {
    /// The sheet.
    pub size: Size,
    /// In painting order.
    pub elements: Vec<Element>,
    /// The ids of the elements at which seals stand.
    pub anchors: Vec<String>,
    /// Which of them is a flow, if one is: the page is then a sequence.
    pub flow: Option<usize>,
    /// Painted last, and on conversions alone.
    pub conversion: Vec<Element>,
}

impl PagePlan {
    /// The sheet, by what texts that leave it are told it is.
    pub fn paper(&self) -> (&'static str, Rect) {
        ("page", Rect::new(Length::ZERO, Length::ZERO, self.size.width, self.size.height))
    }
}

/// One thing to paint, where all its conditions hold.
#[derive(Debug)]
pub struct Element {
    /// Where the author wrote it.
    pub span: Span,
    /// The author's name for it.
    pub id: Option<String>,
    /// Its own condition and those of the groups around it; those that always hold are left out.
    pub when: Vec<Condition>,
    /// Whether it needs no record: neither its conditions nor its contents.
    pub is_static: bool,
    /// The room it was given on the page; a text without a width or height counts with zero there.
    pub bounds: Rect,
    /// What is painted.
    pub kind: ElementKind,
}

/// The kinds of things that are painted.
#[derive(Debug)]
pub enum ElementKind {
    /// Text to be set.
    Text(TextPlan),
    /// Shapes and drawn art, in page space.
    Paths(Vec<PathItem>),
    /// A picture.
    Image(ImagePlan),
    /// A QR mark.
    Qr(QrPlan),
    /// A turned word in a frame.
    Stamp(StampPlan),
    /// Words repeated over a box.
    Watermark(WatermarkPlan),
    /// Rows of cells.
    Table(TablePlan),
    /// What runs down a box and on through further pages.
    Flow(FlowPlan),
    /// Room between two elements of a flow.
    Space(Length),
    /// What each row of a list has once.
    Repeat(RepeatPlan),
    /// Where the seal stands.
    Seal(SealPlan),
}

/// Text to be set.
#[derive(Debug)]
pub struct TextPlan {
    /// Where the author wrote the element or the cell that it fills.
    pub span: Span,
    /// The box's top left corner on the page.
    pub origin: Point,
    /// Width and height where given, alignment, leading, fit.
    pub block: TextBlock,
    /// In reading order. A line break is a piece of its own, `\n`.
    pub pieces: Vec<Piece>,
}

impl TextPlan {
    /// The field whose value the piece of this number is.
    pub fn field_of(&self, piece: Option<u16>) -> Option<usize> {
        self.pieces.get(usize::from(piece?))?.content.value_of()
    }
}

/// A stretch of one style: a literal, or what one expression yields.
#[derive(Debug)]
pub struct Piece {
    /// What it says.
    pub content: Content,
    /// How it looks.
    pub style: TextStyle,
    /// Whether it is painted; what the sheet of an overprint bears already takes its room all the same.
    pub is_printed: bool,
}

impl Piece {
    /// A stretch that is painted.
    pub(super) fn new(content: Content, style: TextStyle) -> Piece {
        Piece { content, style, is_printed: true }
    }
}

/// A turned word in a frame.
#[derive(Debug)]
pub struct StampPlan {
    /// The frame's lines, already turned.
    pub frame: Vec<PathItem>,
    /// The word, as it stands before the turn.
    pub words: TextPlan,
    /// About the stamp's middle.
    pub turn: Affine,
}

/// Words repeated over a box.
#[derive(Debug)]
pub struct WatermarkPlan {
    /// The box.
    pub room: Rect,
    /// The words, in a box of their own.
    pub words: TextPlan,
    /// About the middle of each.
    pub turn: Affine,
    /// The least space between two.
    pub gap: Length,
}

/// A picture.
#[derive(Debug)]
pub struct ImagePlan {
    /// The room it fills.
    pub rect: Rect,
    /// How it fills it.
    pub fit: ImageFit,
    /// Where it comes from.
    pub source: ImageSource,
}

/// How a picture fills its room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageFit {
    /// Cut to fill it all.
    Cover,
    /// Whole, centred.
    #[default]
    Contain,
    /// Distorted to fill it all.
    Stretch,
}

/// Where a picture comes from.
#[derive(Debug)]
pub enum ImageSource {
    /// The layout's own file.
    Fixed(Arc<Image>),
    /// The record's field of this index; nothing is painted where the record has none.
    Field(usize),
}

/// A QR mark.
#[derive(Debug)]
pub struct QrPlan {
    /// Square, quiet zone included.
    pub rect: Rect,
    /// Error correction.
    pub level: Level,
    /// What it says.
    pub says: QrSays,
    /// The dark modules.
    pub color: Color,
    /// What is left free in its middle; the logo there is an element of its own.
    pub logo: Option<Rect>,
}

impl QrPlan {
    /// Whether it depends on how many pages there are.
    pub(super) fn counts_pages(&self) -> bool {
        matches!(&self.says, QrSays::Content(content) if content.page() == PageUse::Count)
    }
}

impl ElementKind {
    /// The texts to be set, in reading order.
    pub fn texts(&self) -> Vec<&TextPlan> {
        match self {
            ElementKind::Text(text) => vec![text],
            ElementKind::Stamp(stamp) => vec![&stamp.words],
            ElementKind::Watermark(mark) => vec![&mark.words],
            ElementKind::Flow(flow) => flow.elements.iter().flat_map(|e| e.kind.texts()).collect(),
            ElementKind::Repeat(repeat) => repeat.elements.iter().flat_map(|e| e.kind.texts()).collect(),
            ElementKind::Table(table) => table.cells().flat_map(CellPlan::texts).collect(),
            ElementKind::Paths(_)
            | ElementKind::Image(_)
            | ElementKind::Qr(_)
            | ElementKind::Space(_)
            | ElementKind::Seal(_) => Vec::new(),
        }
    }
}

/// What a QR mark says.
#[derive(Debug)]
pub enum QrSays {
    /// A text of the layout's.
    Content(Content),
    /// The signed payload, made from the metadata and the record ([`payload`](crate::mark::payload)).
    Payload,
}

/// A seal's place.
#[derive(Debug)]
pub struct SealPlan {
    /// Whose: an index into [`Program::seal_roles`].
    pub role: u16,
    /// The room that is kept for it. A seal stands there in its own size, about the same middle.
    pub room: Size,
    /// Where.
    pub at: SealAnchor,
}

/// Where a seal stands.
#[derive(Debug)]
pub enum SealAnchor {
    /// Its middle is here.
    Point(Point),
    /// Its middle is that of what the element with this id paints, shifted.
    Element {
        /// The element, on the same page.
        id: String,
        /// How far from its middle.
        shift: Point,
    },
    /// Its middle is that of the first occurrence of a text on the page, shifted.
    Keyword {
        /// The text.
        text: Content,
        /// How far from its middle.
        shift: Point,
    },
    /// It is cut over this edge of all pages.
    Edge {
        /// Which.
        edge: Edge,
        /// Its middle along the edge, from the page's top or left.
        along: Length,
    },
}

/// An edge of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The left one.
    Left,
    /// The right one.
    Right,
    /// The top one.
    Top,
    /// The bottom one.
    Bottom,
}
