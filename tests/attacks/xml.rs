//! XML that says one thing to one reader and something else to another, or nothing at all.

use certpress::verify::Verdict::{Invalid, Malformed, NotSigned, Partial, Resource};

use super::attack::Attack;
use super::originals::Originals;
use super::package::{DOCUMENT, LIST, PAGE, Parts, SIGNATURE, VALUE};

const ENTRY: &str = "OFD.xml";
const DIGEST: &str = "ofd.reference.digest";
const STRUCTURE: &str = "ofd.structure";

fn one(o: &Originals) -> Parts {
    o.one.ofd.clone()
}

/// The other holder's whole document beside the first, as `Doc_1`.
fn with_second(o: &Originals) -> Parts {
    let theirs = o.other.ofd.0.iter().filter(|(name, _)| name.starts_with("Doc_0/"));
    let renamed = theirs.map(|(name, data)| (name.replacen("Doc_0", "Doc_1", 1), data.clone()));
    let mut parts = one(o);
    parts.0.extend(renamed.collect::<Vec<_>>());
    parts
}

pub(crate) const ATTACKS: &[Attack] = &[
    Attack::new(
        "a document type in the page",
        |o| one(o).replace(PAGE, "<ofd:Page", "<!DOCTYPE x [<!ENTITY e 'x'>]><ofd:Page").build(),
        Malformed,
        STRUCTURE,
        PAGE,
    ),
    Attack::new(
        "an external entity in the list of signatures",
        |o| {
            let doctype = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><ofd:Signatures";
            one(o).replace(LIST, "<ofd:Signatures", doctype).build()
        },
        Malformed,
        STRUCTURE,
        LIST,
    ),
    Attack::new(
        "a billion laughs in the description of the signature",
        |o| {
            let laugh = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]><ofd:Signature";
            one(o).replace(SIGNATURE, "<ofd:Signature", laugh).build()
        },
        Malformed,
        STRUCTURE,
        SIGNATURE,
    ),
    Attack::new(
        "a part nested a thousand deep",
        |o| {
            let deep = format!("{}{}</ofd:Signatures>", "<ofd:x>".repeat(1000), "</ofd:x>".repeat(1000));
            one(o).replace(LIST, "</ofd:Signatures>", &deep).build()
        },
        Resource,
        "file.limits",
        LIST,
    ),
    Attack::new(
        "an element of ten thousand attributes",
        |o| {
            let wide: String = (0..10_000).map(|i| format!(" a{i}=''")).collect();
            one(o).replace(LIST, "<ofd:Signatures", &format!("<ofd:Signatures{wide}")).build()
        },
        Resource,
        "file.limits",
        LIST,
    ),
    Attack::new(
        "the list of signatures in GB 18030",
        |o| one(o).replace(LIST, "UTF-8", "GB18030").build(),
        Malformed,
        STRUCTURE,
        LIST,
    ),
    Attack::new(
        "the page in UTF-16",
        |o| {
            let text: Vec<u8> = o.one.ofd.text(PAGE).encode_utf16().flat_map(u16::to_le_bytes).collect();
            one(o).set(PAGE, [&[0xff, 0xfe], &text[..]].concat()).build()
        },
        Malformed,
        STRUCTURE,
        PAGE,
    ),
    Attack::new(
        "the page cut short",
        |o| one(o).replace(PAGE, "</ofd:Page>", "").build(),
        Malformed,
        STRUCTURE,
        PAGE,
    ),
    Attack::new("no entry", |o| one(o).remove(ENTRY).build(), Invalid, STRUCTURE, ""),
    Attack::new("an empty entry", |o| one(o).set(ENTRY, "").build(), Malformed, STRUCTURE, ENTRY),
    Attack::new(
        "a second document body",
        |o| {
            let text = o.one.ofd.text(ENTRY);
            let start = text.find("<ofd:DocBody").unwrap();
            let end = text.find("</ofd:DocBody>").unwrap() + "</ofd:DocBody>".len();
            let both = format!("{}{}", &text[start..end], text[start..end].replace("Doc_0", "Doc_1"));
            let entry = format!("{}{both}{}", &text[..start], &text[end..]);
            with_second(o).set(ENTRY, entry).build()
        },
        Malformed,
        STRUCTURE,
        ENTRY,
    ),
    Attack::new(
        "a second root before the first",
        |o| {
            let root = "<ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot><ofd:DocRoot>";
            with_second(o).replace(ENTRY, "<ofd:DocRoot>", root).build()
        },
        Malformed,
        STRUCTURE,
        ENTRY,
    ),
    Attack::new(
        "a second list of signatures",
        |o| {
            let list = "<ofd:Signatures>Doc_1/Signs/Signatures.xml</ofd:Signatures><ofd:Signatures>";
            with_second(o).replace(ENTRY, "<ofd:Signatures>", list).build()
        },
        Malformed,
        STRUCTURE,
        ENTRY,
    ),
    Attack::new(
        "a root of another namespace",
        |o| {
            let twin = "<x:DocRoot xmlns:x='urn:x'>Doc_1/Document.xml</x:DocRoot><ofd:DocRoot>";
            with_second(o).replace(ENTRY, "<ofd:DocRoot>", twin).build()
        },
        Invalid,
        DIGEST,
        ENTRY,
    ),
    Attack::new(
        "the entry's prefix bound to another namespace",
        |o| one(o).replace(ENTRY, "http://www.ofdspec.org/2016", "http://www.ofdspec.org/2061").build(),
        Malformed,
        STRUCTURE,
        ENTRY,
    ),
    Attack::new(
        "the entry leads to another document",
        |o| {
            let to = "<ofd:DocRoot>Doc_1/Document.xml";
            with_second(o).replace(ENTRY, "<ofd:DocRoot>Doc_0/Document.xml", to).build()
        },
        Invalid,
        DIGEST,
        ENTRY,
    ),
    Attack::new(
        "the document leads out of the package",
        |o| {
            let to = "BaseLoc=\"../../../../etc/passwd\"";
            let text = o.one.ofd.text(DOCUMENT);
            let at = text.find("<ofd:Page ").unwrap();
            let start = at + text[at..].find("BaseLoc=\"").unwrap();
            let end = start + 9 + text[start + 9..].find('"').unwrap() + 1;
            one(o).set(DOCUMENT, format!("{}{to}{}", &text[..start], &text[end..])).build()
        },
        Malformed,
        STRUCTURE,
        DOCUMENT,
    ),
    Attack::new(
        "annotations over the page",
        |o| {
            let annotations = "<ofd:Annotations>Annots.xml</ofd:Annotations></ofd:Document>";
            let list = "<ofd:Annotations xmlns:ofd=\"http://www.ofdspec.org/2016\"/>";
            one(o).replace(DOCUMENT, "</ofd:Document>", annotations).set("Doc_0/Annots.xml", list).build()
        },
        Invalid,
        DIGEST,
        DOCUMENT,
    ),
    Attack::new(
        "the holder's name in the metadata",
        |o| one(o).replace(ENTRY, "张样例", "李样例").build(),
        Invalid,
        DIGEST,
        ENTRY,
    ),
    Attack::new(
        "the holder's name on the page",
        |o| one(o).replace(PAGE, "张样例", "李样例").build(),
        Invalid,
        DIGEST,
        PAGE,
    ),
    Attack::new(
        "a comment in the page",
        |o| one(o).replace(PAGE, "</ofd:Page>", "<!-- --></ofd:Page>").build(),
        Invalid,
        DIGEST,
        PAGE,
    ),
    Attack::new(
        "the entry without its list of signatures",
        |o| {
            let entry = o.one.ofd.text(ENTRY);
            let start = entry.find("<ofd:Signatures>").unwrap();
            let end = entry.find("</ofd:Signatures>").unwrap() + "</ofd:Signatures>".len();
            one(o).set(ENTRY, format!("{}{}", &entry[..start], &entry[end..])).build()
        },
        Invalid,
        "ofd.signatures.list",
        "Sign_0",
    ),
    Attack::new(
        "no signature any more",
        |o| {
            let entry = o.one.ofd.text(ENTRY);
            let start = entry.find("<ofd:Signatures>").unwrap();
            let end = entry.find("</ofd:Signatures>").unwrap() + "</ofd:Signatures>".len();
            let bare = one(o).set(ENTRY, format!("{}{}", &entry[..start], &entry[end..]));
            bare.remove(LIST).remove(SIGNATURE).remove(VALUE).build()
        },
        NotSigned,
        "licence.mark.signature",
        "",
    ),
    Attack::new(
        "an empty list of signatures",
        |o| {
            let text = o.one.ofd.text(LIST);
            let start = text.find("<ofd:Signature ").unwrap();
            let end = text.find("</ofd:Signatures>").unwrap();
            one(o).set(LIST, format!("{}{}", &text[..start], &text[end..])).build()
        },
        Invalid,
        "ofd.signatures.list",
        "Sign_0",
    ),
    Attack::new(
        "a list of a hundred signatures",
        |o| {
            let text = o.one.ofd.text(LIST);
            let start = text.find("<ofd:Signature ").unwrap();
            let end = text.find("</ofd:Signatures>").unwrap();
            let many = text[start..end].repeat(100);
            one(o).set(LIST, format!("{}{many}{}", &text[..start], &text[end..])).build()
        },
        Resource,
        "file.limits",
        LIST,
    ),
    Attack::new("no list of signatures", |o| one(o).remove(LIST).build(), Invalid, STRUCTURE, ""),
    Attack::new(
        "no description of the signature",
        |o| one(o).remove(SIGNATURE).build(),
        Invalid,
        "ofd.signature.description",
        "",
    ),
    Attack::new(
        "one more part",
        |o| one(o).set("Doc_0/Annots/Page_0.xml", "<overlay/>").build(),
        Partial,
        "ofd.coverage",
        "Annots",
    ),
    Attack::new(
        "one more page part at the root",
        |o| one(o).set("Content.xml", "<x/>").build(),
        Partial,
        "ofd.coverage",
        "Content.xml",
    ),
];
