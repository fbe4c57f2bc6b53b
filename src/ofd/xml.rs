//! How parts are spelt: UTF-8, escaped, numbers in millimetres.
//!
//! In: element names with their prefix and values of the page's own types. Out: the bytes of one part.
//! Invariant: what comes out is well-formed; a character that XML 1.0 forbids is remembered and refused at the end.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::{PackagePath, WriteError};
use crate::geom::{Affine, Rect};
use crate::unit::{Length, write_factor, write_whole};

/// One part while it is written.
pub(super) struct Xml {
    out: Writer<Vec<u8>>,
    scratch: String,
    forbidden: Option<char>,
}

impl std::fmt::Debug for Xml {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&String::from_utf8_lossy(self.out.get_ref()))
    }
}

impl Xml {
    /// A part that so far holds its XML declaration.
    pub(super) fn new() -> Xml {
        let mut xml = Xml::fragment();
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    /// A piece of a part, without a declaration.
    pub(super) fn fragment() -> Xml {
        Xml { out: Writer::new(Vec::with_capacity(2048)), scratch: String::new(), forbidden: None }
    }

    /// Begins an element; nothing is written until the builder's last call.
    pub(super) fn element(&mut self, name: &'static str) -> Element<'_> {
        Element { xml: self, start: BytesStart::new(name) }
    }

    /// As [`Xml::element`], for names that are data.
    pub(super) fn element_named(&mut self, name: &str) -> Element<'_> {
        Element { xml: self, start: BytesStart::new(name.to_owned()) }
    }

    /// Begins the root element of a part of the standard.
    pub(super) fn root(&mut self, name: &'static str) -> Element<'_> {
        self.element(name).attr("xmlns:ofd", super::NAMESPACE)
    }

    /// `<name>text</name>`.
    pub(super) fn leaf(&mut self, name: &'static str, value: impl Value) {
        self.element(name).value(value);
    }

    /// Ends the innermost open element, which must be `name`.
    pub(super) fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    /// Puts in a piece that was serialised before.
    pub(super) fn append(&mut self, fragment: &Xml) {
        self.out.get_mut().extend_from_slice(fragment.out.get_ref());
        self.forbidden = self.forbidden.or(fragment.forbidden);
    }

    /// The part's bytes, unless its content cannot be written as XML.
    pub(super) fn finish(self, path: &PackagePath) -> Result<Vec<u8>, WriteError> {
        match self.forbidden {
            Some(character) => {
                Err(WriteError::ForbiddenCharacter { part: path.as_str().to_owned(), character })
            }
            None => Ok(self.out.into_inner()),
        }
    }

    fn event(&mut self, event: Event<'_>) {
        self.out.write_event(event).expect("a vector takes every write");
    }

    fn check(&mut self, text: &str) {
        // Most values are plain ASCII, which is seen many bytes at a time.
        let is_plain = text.bytes().all(|b| (0x20..0x7F).contains(&b));
        if !is_plain && self.forbidden.is_none() {
            self.forbidden = text.chars().find(|&c| !is_allowed(c));
        }
    }
}

/// Char of XML 1.0, 2.2. Surrogates cannot occur in a `char`.
fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A start tag while its attributes are gathered.
#[must_use]
pub(super) struct Element<'x> {
    xml: &'x mut Xml,
    start: BytesStart<'static>,
}

impl Element<'_> {
    /// Adds an attribute.
    pub(super) fn attr(mut self, name: &str, value: impl Value) -> Self {
        let mut scratch = std::mem::take(&mut self.xml.scratch);
        scratch.clear();
        value.write(&mut scratch);
        self.xml.check(&scratch);
        self.start.push_attribute((name, scratch.as_str()));
        self.xml.scratch = scratch;
        self
    }

    /// Adds an attribute if there is a value.
    pub(super) fn attr_if(self, name: &str, value: Option<impl Value>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Writes `<name …>`; [`Xml::close`] ends it.
    pub(super) fn open(self) {
        self.xml.event(Event::Start(self.start));
    }

    /// Writes `<name …/>`.
    pub(super) fn empty(self) {
        self.xml.event(Event::Empty(self.start));
    }

    /// Writes `<name …>value</name>`.
    pub(super) fn value<V: Value>(self, value: V) {
        let mut scratch = std::mem::take(&mut self.xml.scratch);
        scratch.clear();
        value.write(&mut scratch);
        let end = self.start.to_end().into_owned();
        self.xml.event(Event::Start(self.start));
        let text = if V::IS_PLAIN {
            BytesText::from_escaped(scratch.as_str())
        } else {
            self.xml.check(&scratch);
            BytesText::new(&scratch)
        };
        self.xml.event(Event::Text(text));
        self.xml.event(Event::End(end));
        self.xml.scratch = scratch;
    }
}

/// What attributes and text can say.
pub(super) trait Value {
    /// Whether it is written in letters, digits and signs that XML leaves alone: worth saying of long values.
    const IS_PLAIN: bool = false;

    /// Appends the lexical form.
    fn write(&self, out: &mut String);
}

impl<V: Value + ?Sized> Value for &V {
    const IS_PLAIN: bool = V::IS_PLAIN;

    fn write(&self, out: &mut String) {
        (*self).write(out);
    }
}

impl Value for str {
    fn write(&self, out: &mut String) {
        out.push_str(self);
    }
}

impl Value for String {
    fn write(&self, out: &mut String) {
        out.push_str(self);
    }
}

/// ST_ID, ST_RefID and counts.
impl Value for u32 {
    fn write(&self, out: &mut String) {
        write_whole(out, i64::from(*self));
    }
}

/// Ratios and sizes in kilobytes.
impl Value for f64 {
    fn write(&self, out: &mut String) {
        write_factor(out, *self);
    }
}

/// Millimetres.
impl Value for Length {
    fn write(&self, out: &mut String) {
        self.write_mm(out);
    }
}

/// ST_Box: `x y width height`.
impl Value for Rect {
    fn write(&self, out: &mut String) {
        self.x.write_mm(out);
        for v in [self.y, self.width, self.height] {
            out.push(' ');
            v.write_mm(out);
        }
    }
}

/// CTM: `a b c d e f`, for x' = a·x + c·y + e and y' = b·x + d·y + f.
impl Value for Affine {
    fn write(&self, out: &mut String) {
        for v in [self.a, self.b, self.c, self.d] {
            write_factor(out, v);
            out.push(' ');
        }
        self.e.write_mm(out);
        out.push(' ');
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
