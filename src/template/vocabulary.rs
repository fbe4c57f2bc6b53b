//! The layout language in one table: every element, its attributes, their values and its children.
//!
//! Out: what the parser accepts, what the checks demand, what the hints suggest, and what a schema for editors says.
//! Invariant: nothing else in the crate knows which attributes an element may have.

use Need::{Optional, Required};
use ValueKind::*;

/// The namespace of layouts; a layout without any namespace is read as if it had this one.
pub const NAMESPACE: &str = "urn:certpress:layout:1";

/// The elements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the table below describes each")]
pub enum Tag {
    Layout,
    Let,
    Fields,
    Field,
    Metadata,
    Title,
    Author,
    Subject,
    Entry,
    Page,
    Group,
    Text,
    Span,
    Underline,
    Break,
    Image,
    Rect,
    Line,
    Ellipse,
    Path,
    Use,
    Qr,
    Stamp,
    Watermark,
    Seal,
    Flow,
    Space,
    Table,
    Column,
    Head,
    Foot,
    Row,
    Cell,
    Part,
    Param,
}

/// One element of the language.
#[derive(Debug)]
pub struct ElementSpec {
    /// Which it is.
    pub tag: Tag,
    /// Its name in a layout.
    pub name: &'static str,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    /// Its attributes, in groups that elements share.
    pub attributes: &'static [&'static [AttributeSpec]],
    /// What may stand in it.
    pub children: &'static [Tag],
    /// Whether text may stand in it.
    pub text: bool,
    /// Whether it takes attributes that are not in the table: the parameters of a part.
    pub open: bool,
}

impl ElementSpec {
    /// All attributes of the table.
    pub fn attributes(&self) -> impl Iterator<Item = &'static AttributeSpec> {
        self.attributes.iter().flat_map(|group| group.iter())
    }

    /// The attribute `name`.
    pub fn attribute(&self, name: &str) -> Option<&'static AttributeSpec> {
        self.attributes().find(|a| a.name == name)
    }
}

/// One attribute.
#[derive(Debug, PartialEq)]
pub struct AttributeSpec {
    /// Its name in a layout.
    pub name: &'static str,
    /// What it takes.
    pub kind: ValueKind,
    /// Whether it can be left out.
    pub need: Need,
    /// What it says, in one sentence.
    pub summary: &'static str,
}

/// Attributes that several elements have, under one name.
#[derive(Debug)]
pub struct SharedAttributes {
    /// What they are called together.
    pub name: &'static str,
    /// What they are about, in one sentence.
    pub summary: &'static str,
    /// The attributes.
    pub attributes: &'static [AttributeSpec],
}

impl SharedAttributes {
    /// The shared ones that `group` of an element's attributes is; `None` for those of its own.
    pub fn of(group: &[AttributeSpec]) -> Option<&'static SharedAttributes> {
        SHARED.iter().find(|shared| shared.attributes == group)
    }
}

/// Whether an attribute can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It must be there.
    Required,
    /// It may be left out.
    Optional,
}

/// What an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ValueKind {
    /// Any text; expressions may use the layout's own names only.
    Words,
    /// A name: a letter, then letters, digits, `_` or `-`.
    Name,
    /// A name that expressions use: a letter or `_`, then letters, digits or `_`, all ASCII.
    Variable,
    /// Text whose expressions may use the record.
    Content,
    /// An expression, without braces.
    Expression,
    /// A length in mm or pt; `em` of the font size and `%` of the surrounding box where noted.
    Length {
        /// Whether em is allowed.
        em: bool,
        /// Whether % is allowed.
        percent: bool,
        /// Whether it may be below zero.
        negative: bool,
    },
    /// Lengths separated by spaces.
    Lengths,
    /// One length for all sides of a cell, or two: above and below, then left and right.
    Padding,
    /// A name for each row of a list, and the list: `row in scores`.
    Loop,
    /// How wide a column is: a length in mm, pt or % of the table, a share of what is left (`*`, `2*`), or `auto`.
    ColumnWidth,
    /// A number between two others.
    Number(f64, f64),
    /// A whole number.
    Integer,
    /// A colour: #rgb, #rrggbb or #rrggbbaa.
    Color,
    /// A colour or `none`.
    Paint,
    /// A face by its name.
    Font,
    /// One of these words.
    Keyword(&'static [&'static str]),
    /// The type of a field.
    FieldType,
    /// The name of a field.
    FieldName,
    /// A sheet: A3, A4, A5, B4 or B5, each upright or ` landscape`, or `WIDTHxHEIGHTmm`.
    Sheet,
    /// SVG path data in millimetres.
    PathData,
    /// The steps of a fit ladder: `condense(80%) shrink(9pt) wrap`, or `none`.
    Fit,
    /// A file, relative to the one that names it.
    File,
}

const PLACE: ValueKind = Length { em: true, percent: true, negative: true };
const EXTENT: ValueKind = Length { em: true, percent: true, negative: false };
const THICKNESS: ValueKind = Length { em: false, percent: false, negative: false };
const ANGLE: ValueKind = Number(-180.0, 180.0);
const OF_EM: ValueKind = Length { em: true, percent: false, negative: true };

/// The words for yes and no.
pub const YES_NO: &[&str] = &["true", "false"];

const fn required(name: &'static str, kind: ValueKind, summary: &'static str) -> AttributeSpec {
    AttributeSpec { name, kind, need: Required, summary }
}

const fn optional(name: &'static str, kind: ValueKind, summary: &'static str) -> AttributeSpec {
    AttributeSpec { name, kind, need: Optional, summary }
}

const DRAWN: &[AttributeSpec] = &[
    optional(
        "id",
        Name,
        "a name, unique in the layout, by which a layout that extends this one replaces the element",
    ),
    optional("when", Expression, "the element is painted only where this holds"),
    optional(
        "edition",
        Keyword(&["electronic", "print", "conversion"]),
        "the element is painted only on screens, only on paper, or only in what is made from the original",
    ),
];

const REPEATED: &[AttributeSpec] = &[optional(
    "for",
    Loop,
    "such as row in scores: once for each row of the list, with row.… and loop.… in expressions",
)];

const EDGES: &[AttributeSpec] = &[
    optional("x", PLACE, "left edge, from the left of the surrounding box"),
    optional("y", PLACE, "top edge, from the top of the surrounding box"),
    optional("right", PLACE, "right edge, from the right of the surrounding box"),
    optional("bottom", PLACE, "bottom edge, from the bottom of the surrounding box"),
];

const EXTENTS: &[AttributeSpec] = &[
    optional("width", EXTENT, "extent along x; a text without one breaks lines only where it says so"),
    optional("height", EXTENT, "extent along y; a text without one takes what it needs"),
];

/// How text looks; elements within inherit it.
const FACE: &[AttributeSpec] = &[
    optional("font", Font, "the face"),
    optional("weight", Keyword(&["normal", "bold"]), "bold takes the face whose name ends in -bold"),
    optional("color", Color, "the colour of text"),
    optional("letter-spacing", OF_EM, "added after every character"),
    optional("underline", Keyword(YES_NO), "whether text is ruled underneath"),
];
const FONT_SIZE: &[AttributeSpec] =
    &[optional("size", EXTENT, "the font size; em and % of the surrounding one")];
const LEADING: &[AttributeSpec] =
    &[optional("leading", Number(0.5, 10.0), "from baseline to baseline, in font sizes")];

/// How text stands in its box.
const STANCE: &[AttributeSpec] = &[
    optional("align", Keyword(&["start", "center", "end", "justify", "distribute"]), "along the line"),
    optional("valign", Keyword(&["top", "middle", "bottom"]), "across the lines"),
];
const INDENT: &[AttributeSpec] = &[optional("indent", OF_EM, "before the first line of each paragraph")];
const FITTING: &[AttributeSpec] =
    &[optional("fit", Fit, "what may be done to text that does not fit, in this order; wrap if not said")];

/// How cells look; tables, columns, heads, feet and rows say it for the cells in them, the nearest last.
const CELLS: &[AttributeSpec] = &[
    optional("padding", Padding, "from the cell's edges to what it holds; 1mm if not said"),
    optional("fill", Paint, "the cells' ground"),
];

const PAINT: &[AttributeSpec] = &[
    optional("fill", Paint, "the inside"),
    optional("fill-rule", Keyword(&["nonzero", "evenodd"]), "what counts as inside"),
    optional("stroke", Paint, "the line"),
    optional("stroke-width", THICKNESS, "how wide the line is; 0.25mm if not said"),
    optional("dash", Lengths, "lengths on and off, in turn"),
    optional("line-cap", Keyword(&["butt", "round", "square"]), "how lines end"),
    optional("line-join", Keyword(&["miter", "round", "bevel"]), "how lines meet"),
    optional("opacity", Number(0.0, 1.0), "0 clear, 1 opaque"),
];

/// The attributes that several elements have.
pub static SHARED: &[SharedAttributes] = &[
    SharedAttributes { name: "drawn", summary: "what can be painted, or not", attributes: DRAWN },
    SharedAttributes {
        name: "repeated",
        summary: "what there is for each row of a list",
        attributes: REPEATED,
    },
    SharedAttributes {
        name: "edges",
        summary: "where an element stands in the surrounding box",
        attributes: EDGES,
    },
    SharedAttributes { name: "extents", summary: "how large it is", attributes: EXTENTS },
    SharedAttributes {
        name: "face",
        summary: "how text looks; what stands within inherits it",
        attributes: FACE,
    },
    SharedAttributes { name: "font-size", summary: "how large text is; inherited", attributes: FONT_SIZE },
    SharedAttributes {
        name: "leading",
        summary: "how far lines stand apart; inherited",
        attributes: LEADING,
    },
    SharedAttributes { name: "stance", summary: "how text stands in its box", attributes: STANCE },
    SharedAttributes { name: "indent", summary: "how paragraphs begin", attributes: INDENT },
    SharedAttributes {
        name: "fitting",
        summary: "what happens to text that is too long",
        attributes: FITTING,
    },
    SharedAttributes { name: "cells", summary: "how cells look; the nearest word counts", attributes: CELLS },
    SharedAttributes { name: "paint", summary: "how shapes are filled and stroked", attributes: PAINT },
];

/// A page, and not a group or a part, may hold what makes it a sequence.
const ON_SHEET: &[Tag] = &[
    Tag::Group,
    Tag::Text,
    Tag::Image,
    Tag::Rect,
    Tag::Line,
    Tag::Ellipse,
    Tag::Path,
    Tag::Use,
    Tag::Qr,
    Tag::Stamp,
    Tag::Watermark,
    Tag::Seal,
    Tag::Table,
    Tag::Flow,
];

/// What stands anywhere else on a page: all of that but the flow.
const ON_PAGE: &[Tag] = match ON_SHEET.split_last() {
    Some((Tag::Flow, others)) => others,
    _ => panic!("the flow is the last of what stands on a sheet"),
};

const INLINE: &[Tag] = &[Tag::Span, Tag::Underline, Tag::Break];

/// Text, or elements; a seal stands on a page, and a table in a table is cells that span.
const IN_CELL: &[Tag] = &[
    Tag::Span,
    Tag::Underline,
    Tag::Break,
    Tag::Group,
    Tag::Text,
    Tag::Image,
    Tag::Rect,
    Tag::Line,
    Tag::Ellipse,
    Tag::Path,
    Tag::Use,
    Tag::Qr,
];

const EMPTY: ElementSpec = ElementSpec {
    tag: Tag::Break,
    name: "br",
    summary: "ends a line",
    attributes: &[],
    children: &[],
    text: false,
    open: false,
};

/// An element that holds one content and nothing else.
const fn content(tag: Tag, name: &'static str, summary: &'static str) -> ElementSpec {
    ElementSpec { tag, name, summary, text: true, ..EMPTY }
}

/// The language.
pub static ELEMENTS: &[ElementSpec] = &[
    ElementSpec {
        tag: Tag::Layout,
        name: "layout",
        summary: "a certificate's layout",
        attributes: &[
            &[
                optional(
                    "id",
                    Name,
                    "names the layout and the schema of its records; inherited from the extended layout",
                ),
                optional("title", Words, "layout.title in expressions; inherited from the extended layout"),
                optional("extends", File, "the layout that this one changes"),
                optional(
                    "pdf",
                    Keyword(&["conversion", "original"]),
                    "what its PDF is beside the OFD; a conversion says so at its foot",
                ),
            ],
            FACE,
            FONT_SIZE,
            LEADING,
        ],
        children: &[
            Tag::Let,
            Tag::Fields,
            Tag::Title,
            Tag::Author,
            Tag::Subject,
            Tag::Metadata,
            Tag::Page,
            Tag::Group,
            Tag::Text,
            Tag::Image,
            Tag::Rect,
            Tag::Line,
            Tag::Ellipse,
            Tag::Path,
            Tag::Use,
            Tag::Qr,
            Tag::Stamp,
            Tag::Watermark,
            Tag::Seal,
            Tag::Table,
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Let,
        name: "let",
        summary: "a named value; a layout that extends this one may give another",
        attributes: &[&[
            required("name", Variable, "the name in expressions"),
            required("value", Content, "the value; may use the names above it and the record"),
        ]],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Fields,
        name: "fields",
        summary: "what a record brings",
        children: &[Tag::Field],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Field,
        name: "field",
        summary: "one field of the record, or of each row of a list",
        children: &[Tag::Field],
        attributes: &[&[
            required("name", Variable, "the name in expressions and in column headings"),
            required("type", FieldType, "what values it takes"),
            optional("label", Words, "the name people use, also accepted as a column heading"),
            optional("required", Keyword(YES_NO), "whether a record without it is refused"),
            optional("default", Words, "what stands in for a missing value"),
            optional("hint", Words, "advice shown beside this field's errors"),
            optional(
                "max",
                Integer,
                "text: most characters; integer: the greatest; image: most bytes; list: most rows",
            ),
            optional("min", Integer, "integer: the least"),
            optional("scale", Integer, "decimal: most digits after the point"),
            optional("values", Words, "choice: the words, separated by spaces"),
        ]],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Metadata,
        name: "metadata",
        summary: "named values that travel in the document (GB/T 36903)",
        children: &[Tag::Entry],
        ..EMPTY
    },
    content(Tag::Title, "title", "the document's title; the layout's if not said"),
    content(Tag::Author, "author", "the issuing body"),
    content(Tag::Subject, "subject", "what the document is about, usually the holder and the number"),
    ElementSpec {
        attributes: &[&[required("name", Name, "its short name (GB/T 36903), such as ZZMC")]],
        ..content(Tag::Entry, "entry", "one metadata value")
    },
    ElementSpec {
        tag: Tag::Page,
        name: "page",
        summary: "one page",
        attributes: &[
            // `size` is the sheet here, so the font size has its longer name.
            &[
                required("size", Sheet, "the sheet"),
                optional("font-size", EXTENT, "the font size; em and % of the layout's"),
            ],
            FACE,
            LEADING,
        ],
        children: ON_SHEET,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Group,
        name: "group",
        summary: "elements that share a box, a condition or a style, or that each row of a list has once",
        attributes: &[
            REPEATED,
            &[
                optional("step-x", PLACE, "with for: how far each is right of the one before it"),
                optional("step-y", PLACE, "with for: how far each is below the one before it"),
                optional(
                    "columns",
                    Integer,
                    "with for: how many stand side by side, a step-x apart, before the next goes below by a step-y",
                ),
                optional(
                    "rows",
                    Integer,
                    "with for: how many stand one below the other, a step-y apart, before the next goes beside them by a step-x",
                ),
            ],
            DRAWN,
            EDGES,
            EXTENTS,
            FACE,
            FONT_SIZE,
            LEADING,
        ],
        children: ON_PAGE,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Text,
        name: "text",
        summary: "text in a box",
        attributes: &[DRAWN, EDGES, EXTENTS, FACE, FONT_SIZE, LEADING, STANCE, INDENT, FITTING],
        children: INLINE,
        text: true,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Span,
        name: "span",
        summary: "a stretch of text in another style",
        attributes: &[FACE, FONT_SIZE, &[optional("rise", OF_EM, "upwards from the baseline")]],
        children: INLINE,
        text: true,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Underline,
        name: "u",
        summary: "a filled-in blank: underlined, its spaces included",
        children: INLINE,
        text: true,
        ..EMPTY
    },
    EMPTY,
    ElementSpec {
        tag: Tag::Image,
        name: "image",
        summary: "a picture of the layout's or of the record's",
        attributes: &[
            DRAWN,
            EDGES,
            EXTENTS,
            &[
                optional("src", File, "a JPEG or PNG of the layout's own"),
                optional("field", FieldName, "the field that holds the picture"),
                optional(
                    "fit",
                    Keyword(&["cover", "contain", "stretch"]),
                    "how it fills the box; contain if not said",
                ),
            ],
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Rect,
        name: "rect",
        summary: "a rectangle",
        attributes: &[DRAWN, EDGES, EXTENTS, PAINT, &[optional("radius", THICKNESS, "of its corners")]],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Line,
        name: "line",
        summary: "a straight line",
        attributes: &[
            DRAWN,
            &[
                required("x1", PLACE, "where it starts, from the left"),
                required("y1", PLACE, "where it starts, from the top"),
                required("x2", PLACE, "where it ends, from the left"),
                required("y2", PLACE, "where it ends, from the top"),
            ],
            PAINT,
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Ellipse,
        name: "ellipse",
        summary: "the ellipse in a box",
        attributes: &[DRAWN, EDGES, EXTENTS, PAINT],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Path,
        name: "path",
        summary: "an outline",
        attributes: &[
            DRAWN,
            &[
                required("d", PathData, "SVG path data; its numbers are millimetres"),
                optional("x", PLACE, "moves it rightwards"),
                optional("y", PLACE, "moves it downwards"),
            ],
            PAINT,
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Use,
        name: "use",
        summary: "a part (.xml) or art (.svg); further attributes are its parameters",
        attributes: &[DRAWN, EDGES, EXTENTS, &[required("href", File, "the part or the art")]],
        open: true,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Qr,
        name: "qr",
        summary: "a QR mark",
        attributes: &[
            DRAWN,
            EDGES,
            &[
                required("size", EXTENT, "the side of its square, quiet zone included"),
                optional("content", Content, "what it says"),
                optional(
                    "payload",
                    Keyword(&["signed"]),
                    "says what a phone checks offline, signed with the seal's key, in place of content",
                ),
                optional("level", Keyword(&["L", "M", "Q", "H"]), "error correction; M if not said"),
                optional("color", Color, "the dark modules; black if not said"),
                optional("logo", File, "art (.svg) or a picture for its middle"),
                optional("logo-size", EXTENT, "the side of the logo's square; 20% of the mark's if not said"),
            ],
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Stamp,
        name: "stamp",
        summary: "a word as a clerk's rubber stamp sets it, such as 补发: turned about its middle, in a frame",
        attributes: &[
            DRAWN,
            EDGES,
            EXTENTS,
            FACE,
            FONT_SIZE,
            LEADING,
            &[
                optional("angle", ANGLE, "the turn in degrees, clockwise; -12 if not said"),
                optional("frame", Keyword(&["double", "single", "none"]), "double if not said"),
                optional("radius", THICKNESS, "of the frame's corners; 1mm if not said"),
            ],
        ],
        children: INLINE,
        text: true,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Watermark,
        name: "watermark",
        summary: "pale words, turned and repeated evenly over a box; over all of the surrounding one if not said",
        attributes: &[
            DRAWN,
            EDGES,
            EXTENTS,
            FACE,
            FONT_SIZE,
            LEADING,
            &[
                optional("angle", ANGLE, "the turn in degrees, clockwise; -30 if not said"),
                optional("gap", EXTENT, "the least space between two; 20mm if not said"),
            ],
        ],
        children: INLINE,
        text: true,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Seal,
        name: "seal",
        summary: "where the electronic seal stands",
        attributes: &[
            DRAWN,
            EDGES,
            &[
                optional("role", Name, "whose seal: each role signs the document; issuer if not said"),
                optional("diameter", EXTENT, "of a round seal; 42mm if not said"),
                optional("at", Name, "the id of the element of this page over whose middle it stands"),
                optional("keyword", Content, "the words over whose first occurrence on this page it stands"),
                optional("dx", PLACE, "with at or keyword: moves it rightwards"),
                optional("dy", PLACE, "with at or keyword: moves it downwards"),
                optional(
                    "straddle",
                    Keyword(&["left", "right", "top", "bottom"]),
                    "the edge of all pages over which it is cut, a slice a page (骑缝章)",
                ),
            ],
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Flow,
        name: "flow",
        summary: "a box that its texts and tables run down, and on through as many pages as they take",
        attributes: &[DRAWN, EDGES, EXTENTS, FACE, FONT_SIZE, LEADING],
        children: &[Tag::Text, Tag::Table, Tag::Space],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Space,
        name: "space",
        summary: "room between two elements of a flow; none at the top of a further page",
        attributes: &[DRAWN, &[required("height", EXTENT, "how much")]],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Table,
        name: "table",
        summary: "rows of cells",
        attributes: &[
            DRAWN,
            EDGES,
            &[
                optional("width", EXTENT, "of the whole; that of its columns if not said"),
                optional(
                    "height",
                    EXTENT,
                    "of the whole: rows without a height of their own share what is left",
                ),
                optional("row-height", EXTENT, "of each row that does not say"),
                optional(
                    "min-row-height",
                    EXTENT,
                    "the least of each row that does not say; rows grow with their text",
                ),
                optional(
                    "rules",
                    Keyword(&["all", "rows", "columns", "head", "none"]),
                    "where cells are ruled off from one another; head: below the head and above the foot alone; all if not said",
                ),
                optional("rule-width", THICKNESS, "of these rules; 0.2mm if not said"),
                optional(
                    "frame",
                    Keyword(&["all", "rows", "columns", "none"]),
                    "which outer edges are ruled: above and below are rows, left and right are columns; all if not said",
                ),
                optional("frame-width", THICKNESS, "of the outer rules; 0.4mm if not said"),
                optional("rule-color", Color, "of all rules; black if not said"),
            ],
            FACE,
            FONT_SIZE,
            LEADING,
            STANCE,
            FITTING,
            CELLS,
        ],
        children: &[Tag::Column, Tag::Head, Tag::Row, Tag::Foot],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Column,
        name: "column",
        summary: "one column of a table, or several alike",
        attributes: &[
            &[
                required(
                    "width",
                    ColumnWidth,
                    "a length, a share of what is left such as * or 2*, or auto: as wide as what it holds",
                ),
                optional("min", EXTENT, "the least width of an auto column"),
                optional(
                    "max",
                    EXTENT,
                    "the greatest width of an auto column; text breaks into lines beyond it",
                ),
                optional("count", Integer, "how many columns alike; 1 if not said"),
            ],
            FACE,
            FONT_SIZE,
            LEADING,
            STANCE,
            FITTING,
            CELLS,
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Head,
        name: "head",
        summary: "the rows above all others",
        attributes: &[FACE, FONT_SIZE, LEADING, STANCE, FITTING, CELLS],
        children: &[Tag::Row],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Foot,
        name: "foot",
        summary: "the rows below all others",
        attributes: &[FACE, FONT_SIZE, LEADING, STANCE, FITTING, CELLS],
        children: &[Tag::Row],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Row,
        name: "row",
        summary: "one row of a table, or one for each row of a list",
        attributes: &[
            REPEATED,
            &[
                optional("when", Expression, "the row is there only where this holds"),
                optional("height", EXTENT, "exactly this, whatever it holds"),
                optional("min-height", EXTENT, "at least this"),
                optional("at-least", Integer, "with for: blank rows fill up to so many"),
            ],
            FACE,
            FONT_SIZE,
            LEADING,
            STANCE,
            FITTING,
            CELLS,
        ],
        children: &[Tag::Cell],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Cell,
        name: "cell",
        summary: "one cell: text, or elements placed in it as on a page",
        attributes: &[
            &[
                optional("colspan", Integer, "how many columns it covers; 1 if not said"),
                optional(
                    "rowspan",
                    Integer,
                    "how many rows it covers, a repeated row with all its repetitions counting as one; 1 if not said",
                ),
            ],
            FACE,
            FONT_SIZE,
            LEADING,
            STANCE,
            INDENT,
            FITTING,
            CELLS,
        ],
        children: IN_CELL,
        text: true,
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Part,
        name: "part",
        summary: "elements that layouts use by name",
        attributes: &[FACE, FONT_SIZE, LEADING],
        children: &[
            Tag::Param,
            Tag::Group,
            Tag::Text,
            Tag::Image,
            Tag::Rect,
            Tag::Line,
            Tag::Ellipse,
            Tag::Path,
            Tag::Use,
            Tag::Qr,
            Tag::Stamp,
            Tag::Watermark,
            Tag::Seal,
            Tag::Table,
        ],
        ..EMPTY
    },
    ElementSpec {
        tag: Tag::Param,
        name: "param",
        summary: "a value that the user of the part gives",
        attributes: &[&[
            required("name", Variable, "the name in expressions, and of the attribute on use"),
            optional("default", Content, "what stands in for one that is not given"),
        ]],
        ..EMPTY
    },
];

/// The element called `name`.
pub fn element(name: &str) -> Option<&'static ElementSpec> {
    ELEMENTS.iter().find(|e| e.name == name)
}

/// The name of `tag`.
pub fn name(tag: Tag) -> &'static str {
    ELEMENTS.iter().find(|e| e.tag == tag).map_or("", |e| e.name)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_and_tags_are_unique() {
        let names: BTreeSet<_> = ELEMENTS.iter().map(|e| e.name).collect();
        let tags: BTreeSet<_> = ELEMENTS.iter().map(|e| e.tag).collect();
        assert_eq!((names.len(), tags.len()), (ELEMENTS.len(), ELEMENTS.len()));
    }

    #[test]
    fn no_element_has_two_attributes_of_one_name() {
        for e in ELEMENTS {
            let names: BTreeSet<_> = e.attributes().map(|a| a.name).collect();
            assert_eq!(names.len(), e.attributes().count(), "{}", e.name);
        }
    }

    #[test]
    fn shared_attributes_go_by_one_name_and_differ_from_each_other() {
        for shared in SHARED {
            let found = SharedAttributes::of(shared.attributes).map(|found| found.name);
            assert_eq!(found, Some(shared.name));
        }
    }

    #[test]
    fn every_child_is_an_element_of_the_table() {
        for e in ELEMENTS {
            for child in e.children {
                assert!(ELEMENTS.iter().any(|c| c.tag == *child), "{} in {}", name(*child), e.name);
            }
        }
    }
}
