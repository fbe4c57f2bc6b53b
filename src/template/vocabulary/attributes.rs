//! Attributes that several elements have: the groups that the table of elements is put together from.
//!
//! Out: groups of [`AttributeSpec`]s, and under which name the reference describes each.

use super::Need::{Optional, Required};
use super::ValueKind::*;
use super::{AttributeSpec, SharedAttributes, ValueKind};

pub(super) const PLACE: ValueKind = Length { em: true, percent: true, negative: true };
pub(super) const EXTENT: ValueKind = Length { em: true, percent: true, negative: false };
pub(super) const THICKNESS: ValueKind = Length { em: false, percent: false, negative: false };
pub(super) const ANGLE: ValueKind = Number(-180.0, 180.0);
pub(super) const OF_EM: ValueKind = Length { em: true, percent: false, negative: true };

/// The words for yes and no.
pub const YES_NO: &[&str] = &["true", "false"];

pub(super) const fn required(name: &'static str, kind: ValueKind, summary: &'static str) -> AttributeSpec {
    AttributeSpec { name, kind, need: Required, summary }
}

pub(super) const fn optional(name: &'static str, kind: ValueKind, summary: &'static str) -> AttributeSpec {
    AttributeSpec { name, kind, need: Optional, summary }
}

pub(super) const DRAWN: &[AttributeSpec] = &[
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

pub(super) const REPEATED: &[AttributeSpec] = &[optional(
    "for",
    Loop,
    "such as row in scores: once for each row of the list, with row.… and loop.… in expressions",
)];

pub(super) const EDGES: &[AttributeSpec] = &[
    optional("x", PLACE, "left edge, from the left of the surrounding box"),
    optional("y", PLACE, "top edge, from the top of the surrounding box"),
    optional("right", PLACE, "right edge, from the right of the surrounding box"),
    optional("bottom", PLACE, "bottom edge, from the bottom of the surrounding box"),
];

pub(super) const EXTENTS: &[AttributeSpec] = &[
    optional("width", EXTENT, "extent along x; a text without one breaks lines only where it says so"),
    optional("height", EXTENT, "extent along y; a text without one takes what it needs"),
];

/// How text looks; elements within inherit it.
pub(super) const FACE: &[AttributeSpec] = &[
    optional("font", Font, "the face"),
    optional("weight", Keyword(&["normal", "bold"]), "bold takes the face whose name ends in -bold"),
    optional("color", Color, "the colour of text"),
    optional("letter-spacing", OF_EM, "added after every character"),
    optional("underline", Keyword(YES_NO), "whether text is ruled underneath"),
];
pub(super) const FONT_SIZE: &[AttributeSpec] =
    &[optional("size", EXTENT, "the font size; em and % of the surrounding one")];
pub(super) const LEADING: &[AttributeSpec] =
    &[optional("leading", Number(0.5, 10.0), "from baseline to baseline, in font sizes")];

/// How text stands in its box.
pub(super) const STANCE: &[AttributeSpec] = &[
    optional("align", Keyword(&["start", "center", "end", "justify", "distribute"]), "along the line"),
    optional("valign", Keyword(&["top", "middle", "bottom"]), "across the lines"),
];
pub(super) const INDENT: &[AttributeSpec] =
    &[optional("indent", OF_EM, "before the first line of each paragraph")];
pub(super) const FITTING: &[AttributeSpec] =
    &[optional("fit", Fit, "what may be done to text that does not fit, in this order; wrap if not said")];

/// How cells look; tables, columns, heads, feet and rows say it for the cells in them, the nearest last.
pub(super) const CELLS: &[AttributeSpec] = &[
    optional("padding", Padding, "from the cell's edges to what it holds; 1mm if not said"),
    optional("fill", Paint, "the cells' ground"),
];

pub(super) const PAINT: &[AttributeSpec] = &[
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
