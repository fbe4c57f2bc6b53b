//! The XMP packet (ISO 16684-1), as far as certificates use it.
//!
//! In: the bytes of the metadata stream. Out: [`Xmp`]: the title, and the properties of certpress's own namespace.
//! Invariant: no document type, no entities but XML's own, nothing kept of elements that are not asked for.

use std::fmt::Display;

use quick_xml::XmlVersion;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::{NamespaceResolver, ResolveResult};
use quick_xml::reader::NsReader;

use super::error::ReadError;

/// Where the names of a certificate's metadata live.
const CERTIFICATE: &str = "urn:certpress:metadata:1";
const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";

/// The most bytes of a packet, and how deep its elements may nest.
const MOST_BYTES: usize = 1 << 20;
const DEPTH: usize = 64;
const MOST_NAMESPACES: usize = 256;

/// What an XMP packet says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Xmp {
    /// dc:title, the first of its languages.
    pub title: String,
    /// Whether this is what it says; one that this program cannot read says nothing here.
    pub is_read: bool,
    /// The certificate's metadata in their order; a name with several values comes several times.
    pub custom: Vec<(String, String)>,
}

/// An element that is open.
enum Open {
    /// dc:title, with its items so far.
    Title(Vec<String>),
    /// A certificate's property, with its items so far.
    Property {
        name: String,
        items: Vec<String>,
    },
    /// An item of an array.
    Item,
    Other,
}

impl Open {
    fn of(namespace: &ResolveResult<'_>, element: &BytesStart<'_>) -> Open {
        let name = element.local_name();
        match namespace {
            ResolveResult::Bound(ns) if ns.as_ref() == CERTIFICATE => {
                Open::Property { name: plain_name(name.as_ref()), items: Vec::new() }
            }
            ResolveResult::Bound(ns) if ns.as_ref() == DUBLIN_CORE && name.as_ref() == "title" => {
                Open::Title(Vec::new())
            }
            ResolveResult::Bound(ns) if ns.as_ref() == RDF && name.as_ref() == "li" => Open::Item,
            _ => Open::Other,
        }
    }
}

/// Reads a packet.
///
/// # Errors
/// It is not well-formed XML, has a document type, or is too long.
pub(super) fn parse(bytes: &[u8]) -> Result<Xmp, ReadError> {
    if bytes.len() > MOST_BYTES {
        return Err(ReadError::Limit { what: "bytes of XMP metadata", limit: MOST_BYTES as u64 });
    }
    let text = str::from_utf8(bytes).map_err(|_| wrong("not UTF-8"))?;
    // Looking up a prefix takes time by the number of those that are declared.
    if text.matches("xmlns").count() > MOST_NAMESPACES {
        return Err(ReadError::Limit { what: "namespaces in XMP metadata", limit: MOST_NAMESPACES as u64 });
    }
    let mut reader = NsReader::from_str(text);
    let mut packet = Packet::default();
    loop {
        let (namespace, event) = reader.read_resolved_event().map_err(wrong)?;
        match event {
            Event::Start(element) => {
                packet.start(Open::of(&namespace, &element))?;
                packet.short_properties(&element, reader.resolver())?;
            }
            Event::Text(part) => packet.text.push_str(&part.xml10_content()),
            Event::CData(part) => packet.text.push_str(&part.xml10_content()),
            Event::GeneralRef(entity) => packet.entity(&entity)?,
            Event::End(_) => packet.end(),
            Event::Empty(element) => {
                // An empty property says nothing, in its own way.
                if let Open::Property { name, .. } = Open::of(&namespace, &element) {
                    packet.custom.push((name, String::new()));
                }
            }
            Event::DocType(_) => return Err(wrong("a document type")),
            Event::Eof => break,
            Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
        }
    }
    let Packet { title, custom, open, .. } = packet;
    if open.is_empty() {
        Ok(Xmp { title, is_read: true, custom })
    } else {
        Err(wrong("elements without an end"))
    }
}

fn wrong(what: impl Display) -> ReadError {
    ReadError::Unsupported(format!("XMP metadata: {what}"))
}

/// A packet while it is read.
#[derive(Default)]
struct Packet {
    title: String,
    custom: Vec<(String, String)>,
    open: Vec<Open>,
    /// What the innermost element says so far.
    text: String,
}

impl Packet {
    fn start(&mut self, element: Open) -> Result<(), ReadError> {
        if self.open.len() == DEPTH {
            return Err(ReadError::Limit { what: "nested XML elements", limit: DEPTH as u64 });
        }
        self.text.clear();
        self.open.push(element);
        Ok(())
    }

    /// The properties in short, as attributes (ISO 16684-1, 7.9.2.2).
    fn short_properties(
        &mut self,
        element: &BytesStart<'_>,
        namespaces: &NamespaceResolver,
    ) -> Result<(), ReadError> {
        for attribute in element.attributes().with_checks(false) {
            let attribute = attribute.map_err(wrong)?;
            let (namespace, local) = namespaces.resolve_attribute(attribute.key);
            if matches!(namespace, ResolveResult::Bound(ns) if ns.as_ref() == CERTIFICATE) {
                let value = attribute.normalized_value(XmlVersion::Explicit1_0).map_err(wrong)?;
                self.custom.push((plain_name(local.as_ref()), value.into_owned()));
            }
        }
        Ok(())
    }

    fn entity(&mut self, entity: &BytesRef<'_>) -> Result<(), ReadError> {
        let character = entity.resolve_char_ref().map_err(wrong)?;
        match (character, quick_xml::escape::resolve_predefined_entity(entity)) {
            (Some(character), _) => self.text.push(character),
            (None, Some(known)) => self.text.push_str(known),
            (None, None) => return Err(wrong("an entity that XML does not define")),
        }
        Ok(())
    }

    fn end(&mut self) {
        match self.open.pop() {
            Some(Open::Item) => {
                let items = self.open.iter_mut().rev().find_map(|element| match element {
                    Open::Title(items) | Open::Property { items, .. } => Some(items),
                    Open::Item | Open::Other => None,
                });
                items.into_iter().for_each(|items| items.push(std::mem::take(&mut self.text)));
            }
            Some(Open::Title(items)) => self.title = items.into_iter().next().unwrap_or_default(),
            Some(Open::Property { name, items }) if items.is_empty() => {
                self.custom.push((name, std::mem::take(&mut self.text)));
            }
            Some(Open::Property { name, items }) => {
                self.custom.extend(items.into_iter().map(|item| (name.clone(), item)));
            }
            Some(Open::Other) | None => {}
        }
    }
}

/// Resolves `_xHHHH_`, which stands for a character that no XML name may have.
fn plain_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find("_x") {
        let code = rest[at + 2..].split_once('_').and_then(|(digits, after)| {
            let all_hex = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit());
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| all_hex)?;
            Some((char::from_u32(code)?, after))
        });
        match code {
            Some((character, after)) => {
                out.push_str(&rest[..at]);
                out.push(character);
                rest = after;
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = &rest[at + 2..];
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(inside: &str) -> String {
        format!(
            "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\
             <rdf:Description xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:c=\"urn:certpress:metadata:1\">{inside}\
             </rdf:Description></rdf:RDF></x:xmpmeta>"
        )
    }

    #[test]
    fn properties_are_read_one_by_one() {
        let xmp = parse(
            packet(
                "<dc:title><rdf:Alt><rdf:li>样&amp;例</rdf:li></rdf:Alt></dc:title><c:ZZBH>甲&#x31;</c:ZZBH>\
                 <c:CZZT><rdf:Seq><rdf:li>一</rdf:li><rdf:li>二</rdf:li></rdf:Seq></c:CZZT><c:a_x0020_b/>",
            )
            .as_bytes(),
        );
        let custom = [("ZZBH", "甲1"), ("CZZT", "一"), ("CZZT", "二"), ("a b", "")];
        let custom = custom.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        assert_eq!(xmp, Ok(Xmp { title: "样&例".into(), is_read: true, custom }));
    }

    #[test]
    fn what_is_no_plain_xml_is_refused() {
        for text in [
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>".to_owned(),
            packet("&b;"),
            "<a><b></a>".to_owned(),
            "<a>".to_owned(),
            "<a>".repeat(100),
        ] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }
}
