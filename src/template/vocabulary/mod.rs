//! The layout language in one table: every element, its attributes, their values and its children.
//!
//! Out: what the parser accepts, what the checks demand, what the hints suggest, and what a schema for editors says.
//! Invariant: nothing else in the crate knows which attributes an element may have.

mod attributes;
mod elements;

pub use attributes::{SHARED, YES_NO};
pub use elements::ELEMENTS;

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
