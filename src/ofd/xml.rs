//! How parts are spelt: UTF-8, escaped, numbers in millimetres.
//!
//! In: element names with their prefix and values of the page's own types. Out: the bytes of one part, each written once, where it stays:
//! a record's parts are a thousand elements, and gathering their attributes first cost more than all their values.
//! Invariant: what comes out is well-formed; a character that XML 1.0 forbids is remembered and refused at the end.

use super::{PackagePath, WriteError};
use crate::geom::{Affine, Rect};
use crate::unit::{Length, write_factor, write_whole};

/// One part while it is written.
pub(super) struct Xml {
    out: Vec<u8>,
    forbidden: Option<char>,
}

impl std::fmt::Debug for Xml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.out))
    }
}

impl Xml {
    /// A part that so far holds its XML declaration.
    pub(super) fn new() -> Xml {
        let mut xml = Xml::fragment();
        xml.put("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
        xml
    }

    /// A piece of a part, without a declaration.
    pub(super) fn fragment() -> Xml {
        Xml { out: Vec::with_capacity(2048), forbidden: None }
    }

    /// Makes room for so many more bytes, so that those of a long part move once.
    pub(super) fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// Begins an element, whose name must be one; `<name`, then what the builder adds.
    pub(super) fn element<'n>(&mut self, name: &'n str) -> Element<'_, 'n> {
        self.out.push(b'<');
        self.put(name);
        Element { xml: self, name }
    }

    /// Begins the root element of a part of the standard.
    pub(super) fn root(&mut self, name: &'static str) -> Element<'_, 'static> {
        self.element(name).attr("xmlns:ofd", super::NAMESPACE)
    }

    /// `<name>text</name>`.
    pub(super) fn leaf(&mut self, name: &'static str, value: impl Value) {
        self.element(name).value(value);
    }

    /// Ends the innermost open element, which must be `name`.
    pub(super) fn close(&mut self, name: &str) {
        self.put("</");
        self.put(name);
        self.out.push(b'>');
    }

    /// Puts in a piece that was serialised before.
    pub(super) fn append(&mut self, fragment: &Xml) {
        self.out.extend_from_slice(&fragment.out);
        self.forbidden = self.forbidden.or(fragment.forbidden);
    }

    /// The part's bytes, unless its content cannot be written as XML.
    pub(super) fn finish(self, path: &PackagePath) -> Result<Vec<u8>, WriteError> {
        match self.forbidden {
            Some(character) => {
                Err(WriteError::ForbiddenCharacter { part: path.as_str().to_owned(), character })
            }
            None => Ok(self.out),
        }
    }

    fn put(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    /// The value as text; in an attribute, white space that readers would make blanks of is escaped too.
    fn value<V: Value>(&mut self, value: &V, in_attribute: bool) {
        let start = self.out.len();
        value.write(&mut self.out);
        if !V::IS_PLAIN && needs_care(&self.out[start..]) {
            self.escape(start, in_attribute);
        }
    }

    /// Escapes what stands from `start` on. Few values come here: names of people and bodies need none of it.
    #[cold]
    fn escape(&mut self, start: usize, in_attribute: bool) {
        let raw = self.out.split_off(start);
        let text = String::from_utf8_lossy(&raw);
        self.forbidden = self.forbidden.or_else(|| text.chars().find(|&c| !is_allowed(c)));
        for c in text.chars() {
            match c {
                '<' => self.put("&lt;"),
                '>' => self.put("&gt;"),
                '&' => self.put("&amp;"),
                '\'' => self.put("&apos;"),
                '"' => self.put("&quot;"),
                // 2.11: a reader would make a line feed of it.
                '\r' => self.put("&#13;"),
                '\n' if in_attribute => self.put("&#10;"),
                '\t' if in_attribute => self.put("&#9;"),
                _ => self.put(c.encode_utf8(&mut [0; 4])),
            }
        }
    }
}

/// Whether a character of the text is to be escaped, or forbidden.
fn needs_care(text: &[u8]) -> bool {
    let is_marked = |b: &u8| *b < 0x20 || matches!(b, b'<' | b'>' | b'&' | b'\'' | b'"');
    // U+FFFE and U+FFFF.
    let is_none = |c: &[u8]| c[0] == 0xEF && c[1] == 0xBF && c[2] >= 0xBE;
    text.iter().any(is_marked) || text.windows(3).any(is_none)
}

/// Char of XML 1.0, 2.2. Surrogates cannot occur in a `char`.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A start tag that still takes attributes.
#[must_use]
pub(super) struct Element<'x, 'n> {
    xml: &'x mut Xml,
    name: &'n str,
}

impl Element<'_, '_> {
    /// Adds an attribute.
    pub(super) fn attr(self, name: &str, value: impl Value) -> Self {
        self.xml.out.push(b' ');
        self.xml.put(name);
        self.xml.put("=\"");
        self.xml.value(&value, true);
        self.xml.out.push(b'"');
        self
    }

    /// Adds an attribute if there is a value.
    pub(super) fn attr_if(self, name: &str, value: Option<impl Value>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Ends `<name …>`; [`Xml::close`] ends the element.
    pub(super) fn open(self) {
        self.xml.out.push(b'>');
    }

    /// Ends `<name …/>`.
    pub(super) fn empty(self) {
        self.xml.put("/>");
    }

    /// Ends `<name …>value</name>`.
    pub(super) fn value(self, value: impl Value) {
        self.xml.out.push(b'>');
        self.xml.value(&value, false);
        self.xml.close(self.name);
    }
}

/// What attributes and text can say.
pub(super) trait Value {
    /// Whether it is written in letters, digits and signs that XML leaves alone.
    const IS_PLAIN: bool = false;

    /// Appends the lexical form.
    fn write(&self, out: &mut Vec<u8>);
}

impl<V: Value + ?Sized> Value for &V {
    const IS_PLAIN: bool = V::IS_PLAIN;

    fn write(&self, out: &mut Vec<u8>) {
        (*self).write(out);
    }
}

impl Value for str {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_bytes());
    }
}

impl Value for String {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_str().write(out);
    }
}

/// ST_ID, ST_RefID and counts.
impl Value for u32 {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        write_whole(out, i64::from(*self));
    }
}

/// Ratios and sizes in kilobytes.
impl Value for f64 {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        write_factor(out, *self);
    }
}

/// Millimetres.
impl Value for Length {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        self.write_mm(out);
    }
}

/// ST_Box: `x y width height`.
impl Value for Rect {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        self.x.write_mm(out);
        for v in [self.y, self.width, self.height] {
            out.push(b' ');
            v.write_mm(out);
        }
    }
}

/// CTM: `a b c d e f`, for x' = a·x + c·y + e and y' = b·x + d·y + f.
impl Value for Affine {
    const IS_PLAIN: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        for v in [self.a, self.b, self.c, self.d] {
            write_factor(out, v);
            out.push(b' ');
        }
        self.e.write_mm(out);
        out.push(b' ');
        self.f.write_mm(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part() -> PackagePath {
        PackagePath::new("a.xml").unwrap()
    }

    #[test]
    fn text_and_attributes_are_escaped() {
        let mut xml = Xml::new();
        xml.element("a").attr("b", "\"<&\n").value("x < y & z\r");
        let bytes = xml.finish(&part()).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        assert!(text.ends_with("<a b=\"&quot;&lt;&amp;&#10;\">x &lt; y &amp; z&#13;</a>"), "{text}");
        assert!(roxmltree::Document::parse(&text).is_ok());
    }

    #[test]
    fn a_character_that_xml_forbids_is_refused_by_name() {
        for c in ['\0', '\u{8}', '\u{B}', '\u{1F}', '\u{FFFE}', '\u{FFFF}'] {
            let mut xml = Xml::new();
            xml.leaf("a", c.to_string());
            let message = xml.finish(&part()).unwrap_err().to_string();
            assert_eq!(message, format!("a.xml: XML cannot hold the character U+{:04X}", u32::from(c)));
        }
    }

    #[test]
    fn boxes_and_matrices_are_spelt_in_millimetres() {
        let mut xml = Xml::new();
        let ctm = Affine { e: Length::mm(1.5), ..Affine::scale(0.8, 1.0) };
        xml.element("a").attr("Boundary", Rect::mm(1.0, 2.5, 3.0, 4.25)).attr("CTM", ctm).empty();
        let text = String::from_utf8(xml.finish(&part()).unwrap()).unwrap();
        assert!(text.ends_with("<a Boundary=\"1 2.5 3 4.25\" CTM=\"0.8 0 0 1 1.5 0\"/>"), "{text}");
    }
}
