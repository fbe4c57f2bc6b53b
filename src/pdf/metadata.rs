//! Metadata: the XMP packet and the document information dictionary (ISO 32000-1, 14.3; ISO 19005-3, 6.6).
//!
//! In: [`Info`]. Out: two statements of the same facts.
//! Invariant: they agree in every value, because both are made from [`plain`] text; properties of our own are declared by an extension schema.

use std::borrow::Cow;
use std::fmt::Write as _;

use lopdf::ObjectId;
use quick_xml::escape::escape;

use super::entries::{Entries, entries, name, text_string};
use super::object::{Body, Stream};
use crate::page::Info;

/// The natural language of the text (RFC 3066).
pub(super) const LANGUAGE: &str = "zh-CN";

const PRODUCER: &str = concat!("certpress ", env!("CARGO_PKG_VERSION"));
/// Where the names of custom metadata live.
const NAMESPACE: &str = "urn:certpress:metadata:1";

/// Table 317.
const STANDARD_KEYS: [&str; 9] =
    ["Title", "Author", "Subject", "Keywords", "Creator", "Producer", "CreationDate", "ModDate", "Trapped"];

/// The file identifier (14.4): the digits of [`Info::id`] as bytes.
pub(super) fn file_id(info: &Info) -> Vec<u8> {
    let digits: Vec<u8> = info.id.chars().filter_map(|c| c.to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect()
}

/// The document information dictionary (14.3.3).
pub(super) fn information(info: &Info) -> Entries {
    let mut entries = Entries::new();
    for (key, value) in [("Title", &info.title), ("Author", &info.author), ("Subject", &info.subject)] {
        if !value.is_empty() {
            entries.set(key, text_string(&plain(value)));
        }
    }
    for key in ["Creator", "Producer"] {
        entries.set(key, text_string(PRODUCER));
    }
    for key in ["CreationDate", "ModDate"] {
        entries.set(key, info.created);
    }
    let mut known = STANDARD_KEYS.to_vec();
    for (key, value) in info.metadata(info.standings.pdf) {
        // Names of the standard mean something else, and the first of equal names counts; XMP has them all.
        if !key.is_empty() && !known.contains(&key) {
            entries.set(key, text_string(&plain(value)));
            known.push(key);
        }
    }
    entries
}

/// Writes the metadata stream, as plain text, so that programs which know no PDF find it.
pub(super) fn write_xmp(body: &mut Body, info: &Info) -> ObjectId {
    let entries = entries! { "Type" => name("Metadata"), "Subtype" => name("XML") };
    body.add(Stream::new(entries, xmp(info).into_bytes()))
}

fn xmp(info: &Info) -> String {
    let mut out = String::with_capacity(4096);
    let date = info.created.civil().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    out.push_str(concat!(
        "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n",
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n",
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">\n",
    ));

    open(&mut out, &[("pdfaid", "http://www.aiim.org/pdfa/ns/id/")]);
    property(&mut out, "pdfaid:part", "3");
    property(&mut out, "pdfaid:conformance", "B");
    close(&mut out);

    open(&mut out, &[("dc", "http://purl.org/dc/elements/1.1/")]);
    property(&mut out, "dc:format", "application/pdf");
    array(&mut out, "dc:title", "Alt", &[&info.title]);
    array(&mut out, "dc:creator", "Seq", &[&info.author]);
    array(&mut out, "dc:description", "Alt", &[&info.subject]);
    array(&mut out, "dc:language", "Bag", &[LANGUAGE]);
    close(&mut out);

    open(&mut out, &[("xmp", "http://ns.adobe.com/xap/1.0/"), ("pdf", "http://ns.adobe.com/pdf/1.3/")]);
    property(&mut out, "xmp:CreatorTool", PRODUCER);
    property(&mut out, "pdf:Producer", PRODUCER);
    for key in ["xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate"] {
        property(&mut out, key, &date);
    }
    close(&mut out);

    let custom = by_name(info);
    open(&mut out, &[("cert", NAMESPACE)]);
    for (name, values) in &custom {
        match values[..] {
            [value] => property(&mut out, &["cert:", name].concat(), value),
            _ => array(&mut out, &["cert:", name].concat(), "Seq", values),
        }
    }
    close(&mut out);
    extension_schema(&mut out, &custom);
    out.push_str("</rdf:RDF>\n</x:xmpmeta>\n<?xpacket end=\"r\"?>");
    out
}

/// Custom metadata by property name; a name that comes twice has two values.
fn by_name(info: &Info) -> Vec<(String, Vec<&str>)> {
    let mut properties: Vec<(String, Vec<&str>)> = Vec::with_capacity(info.custom.len() + 1);
    for (name, value) in info.metadata(info.standings.pdf) {
        let name = property_name(name);
        match properties.iter_mut().find(|(n, _)| *n == name) {
            Some((_, values)) => values.push(value),
            None => properties.push((name, vec![value])),
        }
    }
    properties
}

/// `name` as an XML name: what may not stand there becomes `_xHHHH_`.
fn property_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for (i, c) in name.chars().enumerate() {
        let later = c.is_ascii_digit() || matches!(c, '-' | '.' | '\u{b7}');
        if is_name_start(c) || (i > 0 && later) {
            out.push(c);
        } else {
            let _ = write!(out, "_x{:04X}_", u32::from(c));
        }
    }
    if out.is_empty() { "_".to_owned() } else { out }
}

/// NameStartChar of XML 1.0, 2.3, without the colon, in the ranges that hold letters of today's scripts.
fn is_name_start(c: char) -> bool {
    c == '_'
        || c.is_ascii_alphabetic()
        || matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
            | '\u{37F}'..='\u{1FFF}' | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}')
}

/// ISO 19005-3, 6.6.2.3.3: what the properties of our own are.
fn extension_schema(out: &mut String, custom: &[(String, Vec<&str>)]) {
    open(
        out,
        &[
            ("pdfaExtension", "http://www.aiim.org/pdfa/ns/extension/"),
            ("pdfaSchema", "http://www.aiim.org/pdfa/ns/schema#"),
            ("pdfaProperty", "http://www.aiim.org/pdfa/ns/property#"),
        ],
    );
    out.push_str("<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType=\"Resource\">\n");
    property(out, "pdfaSchema:schema", "Certificate metadata (GB/T 36903)");
    property(out, "pdfaSchema:namespaceURI", NAMESPACE);
    property(out, "pdfaSchema:prefix", "cert");
    out.push_str("<pdfaSchema:property><rdf:Seq>\n");
    for (name, values) in custom {
        let kind = if values.len() == 1 { "Text" } else { "seq Text" };
        // Property attributes say the same as elements in half the bytes, and these are many and not deflated.
        out.push_str("<rdf:li");
        for (key, value) in
            [("name", name.as_str()), ("valueType", kind), ("category", "external"), ("description", name)]
        {
            join(out, &[" pdfaProperty:", key, "=\"", value, "\""]);
        }
        out.push_str("/>\n");
    }
    out.push_str("</rdf:Seq></pdfaSchema:property>\n</rdf:li></rdf:Bag></pdfaExtension:schemas>\n");
    close(out);
}

fn open(out: &mut String, namespaces: &[(&str, &str)]) {
    out.push_str("<rdf:Description rdf:about=\"\"");
    for (prefix, uri) in namespaces {
        join(out, &[" xmlns:", prefix, "=\"", uri, "\""]);
    }
    out.push_str(">\n");
}

fn close(out: &mut String) {
    out.push_str("</rdf:Description>\n");
}

fn property(out: &mut String, name: &str, value: &str) {
    join(out, &["<", name, ">", &escape(plain(value)), "</", name, ">\n"]);
}

/// An array of `kind`; one of empty texts alone is left out, as in the information dictionary.
fn array(out: &mut String, name: &str, kind: &str, values: &[&str]) {
    if values.iter().all(|v| v.is_empty()) {
        return;
    }
    join(out, &["<", name, "><rdf:", kind, ">"]);
    let language = if kind == "Alt" { " xml:lang=\"x-default\"" } else { "" };
    for value in values {
        join(out, &["<rdf:li", language, ">", &escape(plain(value)), "</rdf:li>"]);
    }
    join(out, &["</rdf:", kind, "></", name, ">\n"]);
}

fn join(out: &mut String, pieces: &[&str]) {
    pieces.iter().for_each(|piece| out.push_str(piece));
}

/// Text that XML can carry: a space for control characters, which no metadata means.
fn plain(text: &str) -> Cow<'_, str> {
    let cannot = |c: char| c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}');
    if text.contains(cannot) { Cow::Owned(text.replace(cannot, " ")) } else { Cow::Borrowed(text) }
}
