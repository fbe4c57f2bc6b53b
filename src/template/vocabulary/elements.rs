//! The table of elements.
//!
//! Out: [`ELEMENTS`], in the order in which the reference describes them.

use super::ValueKind::*;
use super::attributes::*;
use super::{ElementSpec, Tag};

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
                "common",
                Words,
                "text, person-name, approval: characters that most values have, for the fonts that all certificates share",
            ),
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
