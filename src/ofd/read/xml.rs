//! The XML of a part: well-formed, without a document type, and no deeper or wider than the limits.
//!
//! In: a part's bytes. Out: [`Xml`], and its [`Element`]s, which know their part for messages.
//! Invariant: parsing takes time and memory in proportion to the part; [`guard`] sees to what the parser leaves open.

use roxmltree::{Document, Node, ParsingOptions};

use super::error::ReadError;
use super::limits::Limits;

/// The namespaces of the standard: the published one, and the one that early producers wrote.
const NAMESPACES: [&str; 2] = ["http://www.ofdspec.org/2016", OLD_NAMESPACE];
const OLD_NAMESPACE: &str = "http://www.ofdspec.org";

/// Attributes of one element; nothing in the standard has more than two dozen.
const MAX_ATTRIBUTES: usize = 64;
/// Namespace declarations of one part; the parser's time grows with their number in scope.
const MAX_DECLARATIONS: usize = 256;

/// A parsed part.
pub(super) struct Xml<'p> {
    part: String,
    document: Document<'p>,
}

impl<'p> Xml<'p> {
    /// Parses the part's bytes.
    pub(super) fn parse(part: &str, data: &'p [u8], limits: &Limits) -> Result<Xml<'p>, ReadError> {
        let text =
            std::str::from_utf8(data).map_err(|_| ReadError::malformed(part, "the XML is not UTF-8"))?;
        if let Some(encoding) = declared_encoding(text).filter(|name| !name.eq_ignore_ascii_case("utf-8")) {
            return Err(ReadError::malformed(part, format!("the XML says that it is in {encoding}")));
        }
        guard(part, text, limits)?;
        let options =
            ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes, ..ParsingOptions::default() };
        let document = Document::parse_with_options(text, options).map_err(|e| match e {
            roxmltree::Error::NodesLimitReached => ReadError::limit("XML nodes", limits.nodes.into(), part),
            other => ReadError::malformed(part, other.to_string()),
        })?;
        Ok(Xml { part: part.to_owned(), document })
    }

    /// The root element, if it is `name` of the standard.
    pub(super) fn root(&self, name: &str) -> Result<Element<'_>, ReadError> {
        let root = self.any_root();
        if root.is(name) { Ok(root) } else { Err(root.malformed(format!("the root element is not {name}"))) }
    }

    /// The root element, whatever it is.
    pub(super) fn any_root(&self) -> Element<'_> {
        Element { part: &self.part, node: self.document.root_element() }
    }
}

/// The encoding that the XML declaration names (XML 1.0, 4.3.3): other programs would follow it.
fn declared_encoding(text: &str) -> Option<&str> {
    let declaration = text.trim_start_matches('\u{FEFF}').strip_prefix("<?xml")?.split("?>").next()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next()
}

/// Looks at the tags alone: how deep they nest, how many attributes each has, how many namespaces there are.
fn guard(part: &str, text: &str, limits: &Limits) -> Result<(), ReadError> {
    let mut rest = text;
    let (mut depth, mut declarations, mut equals) = (0usize, 0usize, 0usize);
    while let Some(at) = rest.find('<') {
        let tag = &rest[at..];
        let mut known = None;
        let end = if tag.starts_with("<!--") {
            tag.find("-->").map(|i| i + 3)
        } else if tag.starts_with("<![CDATA[") {
            tag.find("]]>").map(|i| i + 3)
        } else if tag.starts_with("<!") {
            return Err(ReadError::malformed(
                part,
                "a document type declaration (DOCTYPE), which no OFD may have",
            ));
        } else if tag.starts_with("<?") {
            tag.find("?>").map(|i| i + 2)
        } else {
            known = Tag::read(tag.as_bytes());
            known.as_ref().map(|known| known.end)
        };
        // What does not end is left for the parser to complain about.
        let Some(end) = end else { return Ok(()) };
        let (tag, after) = tag.split_at(end);
        rest = after;
        if tag.starts_with("</") {
            depth = depth.saturating_sub(1);
        } else if let Some(known) = known {
            if known.attributes > MAX_ATTRIBUTES {
                return Err(ReadError::limit("attributes of an element", MAX_ATTRIBUTES as u64, part));
            }
            equals += known.equals;
            if equals > limits.nodes as usize {
                return Err(ReadError::limit("XML attributes", limits.nodes.into(), part));
            }
            declarations += known.declarations;
            if declarations > MAX_DECLARATIONS {
                return Err(ReadError::limit("namespace declarations", MAX_DECLARATIONS as u64, part));
            }
            if !tag.ends_with("/>") {
                depth += 1;
                if depth > limits.depth {
                    return Err(ReadError::limit("nested XML elements", limits.depth as u64, part));
                }
            }
        }
    }
    Ok(())
}

/// What the bytes of a start or end tag tell.
#[derive(Default)]
struct Tag {
    /// The byte after the first `>` outside of quotes.
    end: usize,
    /// Equals signs outside of quotes.
    attributes: usize,
    /// All equals signs: each attribute has one, and few values have any.
    equals: usize,
    /// How often it says `xmlns`.
    declarations: usize,
}

impl Tag {
    /// Reads the tag that `text` begins with; `None` if it does not end.
    fn read(text: &[u8]) -> Option<Tag> {
        let mut tag = Tag::default();
        let mut quote = None;
        for (i, &byte) in text.iter().enumerate() {
            match byte {
                b'>' if quote.is_none() => return Some(Tag { end: i + 1, ..tag }),
                b'"' | b'\'' if quote.is_none() => quote = Some(byte),
                b'"' | b'\'' if quote == Some(byte) => quote = None,
                b'=' => {
                    tag.equals += 1;
                    tag.attributes += usize::from(quote.is_none());
                }
                b'x' if text[i..].starts_with(b"xmlns") => tag.declarations += 1,
                _ => {}
            }
        }
        None
    }
}

/// An element of a part.
#[derive(Clone, Copy)]
pub(super) struct Element<'x> {
    part: &'x str,
    node: Node<'x, 'x>,
}

impl<'x> Element<'x> {
    /// The part it stands in.
    pub(super) fn part(self) -> &'x str {
        self.part
    }

    /// The local name.
    pub(super) fn name(self) -> &'x str {
        self.node.tag_name().name()
    }

    /// The namespace, if it has one.
    pub(super) fn namespace(self) -> Option<&'x str> {
        self.node.tag_name().namespace()
    }

    /// The namespace, if it is the one that early producers wrote.
    pub(super) fn old_namespace(self) -> Option<&'x str> {
        self.namespace().filter(|&namespace| namespace == OLD_NAMESPACE)
    }

    /// Whether it is `name` of the standard.
    pub(super) fn is(self, name: &str) -> bool {
        self.name() == name && self.namespace().is_some_and(|ns| NAMESPACES.contains(&ns))
    }

    /// All child elements.
    pub(super) fn children(self) -> impl Iterator<Item = Element<'x>> {
        self.node.children().filter(Node::is_element).map(move |node| Element { node, ..self })
    }

    /// The children that are `name` of the standard.
    pub(super) fn all(self, name: &'static str) -> impl Iterator<Item = Element<'x>> {
        self.children().filter(move |child| child.is(name))
    }

    /// The first child that is `name` of the standard.
    pub(super) fn child(self, name: &'static str) -> Option<Element<'x>> {
        self.all(name).next()
    }

    /// As [`Element::child`], where a second one would be read by some programs and not by others.
    pub(super) fn only(self, name: &'static str) -> Result<Option<Element<'x>>, ReadError> {
        let mut all = self.all(name);
        match (all.next(), all.next()) {
            (_, Some(second)) => Err(second.malformed(format!("a second {name}"))),
            (only, None) => Ok(only),
        }
    }

    /// As [`Element::child`], where there must be one.
    pub(super) fn need(self, name: &'static str) -> Result<Element<'x>, ReadError> {
        self.child(name).ok_or_else(|| self.malformed(format!("{} has no {name}", self.name())))
    }

    /// The text of the first child `name`; empty without one.
    pub(super) fn text_of(self, name: &'static str) -> String {
        self.child(name).map(Element::text).unwrap_or_default()
    }

    /// Its own text, all pieces joined.
    pub(super) fn text(self) -> String {
        self.node.children().filter(Node::is_text).filter_map(|n| n.text()).collect()
    }

    /// The attribute `name`.
    pub(super) fn attr(self, name: &str) -> Option<&'x str> {
        self.node.attribute(name)
    }

    /// The names of its attributes.
    pub(super) fn attr_names(self) -> impl Iterator<Item = &'x str> {
        self.node.attributes().map(|a| a.name())
    }

    /// As [`Element::attr`], where there must be one.
    pub(super) fn need_attr(self, name: &str) -> Result<&'x str, ReadError> {
        self.attr(name).ok_or_else(|| self.malformed(format!("{} has no {name}", self.name())))
    }

    /// The attribute `name` as ST_ID or ST_RefID.
    pub(super) fn id(self, name: &str) -> Result<u32, ReadError> {
        let text = self.need_attr(name)?;
        text.trim()
            .parse()
            .map_err(|_| self.malformed(format!("{} has no number for {name}: {text}", self.name())))
    }

    /// An error about it, with its line.
    pub(super) fn malformed(self, what: impl std::fmt::Display) -> ReadError {
        ReadError::malformed(self.part, format!("line {}: {what}", self.line()))
    }

    /// A refusal of it, with its line.
    pub(super) fn unsupported(self, what: impl std::fmt::Display) -> ReadError {
        ReadError::unsupported(self.part, format!("{what}, in line {}", self.line()))
    }

    fn line(self) -> u32 {
        self.node.document().text_pos_at(self.node.range().start).row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> String {
        match Xml::parse("a.xml", text.as_bytes(), &Limits::default()) {
            Err(error) => error.to_string(),
            Ok(_) => panic!("it was read: {text}"),
        }
    }

    #[test]
    fn a_document_type_is_refused_in_any_case_and_place() {
        for text in [
            "<!DOCTYPE a><a/>",
            "<!doctype a><a/>",
            "<a/><!DOCTYPE a>",
            "<!-- --><!DOCTYPE a [<!ENTITY e 'x'>]><a>&e;</a>",
        ] {
            assert!(refusal(text).contains("DOCTYPE"), "{text}");
        }
        assert!(refusal("<a>&e;</a>").contains("entity"), "{}", refusal("<a>&e;</a>"));
    }

    #[test]
    fn what_nests_too_deep_or_is_too_wide_is_a_matter_of_limits() {
        let deep = "<a>".repeat(65) + &"</a>".repeat(65);
        assert!(refusal(&deep).contains("more than 64 nested XML elements"));
        let wide: String = (0..65).map(|i| format!(" a{i}='='")).collect();
        assert!(refusal(&format!("<a{wide}/>")).contains("more than 64 attributes"));
        let spaces: String = (0..257).map(|i| format!("<b xmlns:n{i}='u'/>")).collect();
        assert!(refusal(&format!("<a>{spaces}</a>")).contains("more than 256 namespace declarations"));
        let many = format!("<a>{}</a>", "<b/>".repeat(50));
        let limits = Limits { nodes: 20, ..Limits::default() };
        assert!(matches!(
            Xml::parse("a.xml", many.as_bytes(), &limits),
            Err(ReadError::Limit { limit: 20, .. })
        ));
    }

    #[test]
    fn an_encoding_that_is_not_its_own_is_refused() {
        for name in ["UTF-8", "utf-8"] {
            let text = format!("<?xml version='1.0' encoding = '{name}'?><a/>");
            assert!(Xml::parse("a.xml", text.as_bytes(), &Limits::default()).is_ok());
        }
        let text = "<?xml version=\"1.0\" encoding=\"GB18030\"?><a/>";
        assert_eq!(refusal(text), "a.xml: the XML says that it is in GB18030");
        assert!(Xml::parse("a.xml", b"<a encoding='x'/>", &Limits::default()).is_ok());
    }

    #[test]
    fn neither_comments_nor_quotes_mislead_the_count() {
        let text = format!("<!-- <a <a --><a b='>' c=\"<b>'\"><![CDATA[{}]]></a>", "<x>".repeat(100))
            .replace("<b>", "&lt;");
        assert!(Xml::parse("a.xml", text.as_bytes(), &Limits::default()).is_ok());
    }

    #[test]
    fn other_encodings_and_broken_xml_are_refused_with_their_part() {
        assert!(
            Xml::parse("a.xml", b"<a>\xd6\xd0</a>", &Limits::default())
                .is_err_and(|e| e.to_string() == "a.xml: the XML is not UTF-8")
        );
        for text in ["", "<a>", "<a></b>", "<a/><a/>", "text", "<a b='1' b='2'/>", "<a>\u{1}</a>"] {
            assert!(refusal(text).starts_with("a.xml: "), "{text}");
        }
    }
}
