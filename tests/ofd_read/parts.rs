//! What certpress wrote is read back as it was meant; broken parts are refused with their name and line.

use std::io::{Cursor, Read as _};

use certpress::geom::Rect;
use certpress::ofd::Base;
use certpress::ofd::read::{self, Limits, Package, ReadError};

use super::ofd_sample::{document, fonts, master, provider, request};
use super::zip::{Entry, Zip};

/// A package over the sample document, sealed with a placeholder.
pub(crate) fn sealed() -> Vec<u8> {
    let fonts = fonts();
    let master = master(&fonts);
    let unsealed = Base::new(&master).unwrap().write(&document(&fonts, &master, "张𠮷")).unwrap();
    unsealed.digest(&request(&provider())).unwrap().finish(b"a signed value").into_bytes().unwrap()
}

/// The same parts with `change` made to the text of `part`.
pub(crate) fn with(bytes: &[u8], part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut entries = Vec::new();
    for i in 0..archive.len() {
        let mut entry = archive.by_index(i).unwrap();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        let name = entry.name().unwrap().into_owned();
        if name == part {
            data = change(std::str::from_utf8(&data).unwrap()).into_bytes();
        }
        entries.push(Entry::deflated(&name, &data));
    }
    Zip::of(entries).build()
}

fn open(bytes: &[u8]) -> Package<'_> {
    Package::open(bytes, &Limits::default()).unwrap()
}

#[test]
fn the_document_says_what_it_was_given() {
    let bytes = sealed();
    let info = read::info(&open(&bytes)).unwrap();
    assert_eq!(info.title, "职称证书 <样例>");
    assert_eq!(info.author, "某省\"人社厅\"");
    assert_eq!(info.subject, "张𠮷 & 2026-0001");
    assert_eq!((info.id.as_str(), info.created.as_str()), ("0123456789abcdef0123456789abcdef", "2026-03-05"));
    assert_eq!((info.custom("CZZT"), info.custom("ZZBH")), (Some("张𠮷"), None));
}

#[test]
fn attachments_come_out_as_they_went_in() {
    let bytes = sealed();
    let package = open(&bytes);
    let files = read::attachments(&package).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!((files[0].name.as_str(), files[0].data), ("record.json", "{\"name\":\"张𠮷\"}".as_bytes()));
    assert_eq!(files[0].part, "Doc_0/Attachs/record.json");
}

#[test]
fn fields_are_found_with_the_text_that_shows_them() {
    let bytes = sealed();
    let fields = read::fields(&open(&bytes)).unwrap();
    let shown: Vec<(String, String)> = fields.iter().map(|f| (f.name.clone(), f.text())).collect();
    let expected = [("name", "张𠮷"), ("photo", ""), ("number", "证书编号 No. 2026-0001")];
    assert_eq!(shown, expected.map(|(n, t)| (n.to_owned(), t.to_owned())));
    assert_eq!(fields[1].objects[0].text, None, "a photo has no text");
    assert!(fields.iter().flat_map(|f| &f.objects).all(|o| o.page == 0));
}

#[test]
fn a_signature_tells_what_it_covers_and_where_it_shows() {
    let bytes = sealed();
    let package = open(&bytes);
    let [signature] = &read::signatures(&package).unwrap()[..] else { panic!("not one signature") };
    assert_eq!(signature.part, "Doc_0/Signs/Sign_0/Signature.xml");
    assert_eq!(package.part(&signature.value), Some(&b"a signed value"[..]));
    assert_eq!(signature.seal.as_deref(), Some("Doc_0/Signs/Sign_0/Seal.esl"));
    assert_eq!((signature.method.as_str(), signature.is_seal), ("1.2.156.10197.1.501", true));
    assert_eq!(signature.stamps.len(), 1);
    assert_eq!(signature.stamps[0].boundary, Rect::mm(130.0, 225.0, 42.0, 42.0));
    let own = ["Doc_0/Signs/Signatures.xml", &signature.part, &signature.value];
    let mut covered: Vec<&str> = signature.references.iter().map(|r| r.part.as_str()).chain(own).collect();
    covered.sort_unstable();
    assert_eq!(covered, package.parts().map(|(name, _)| name).collect::<Vec<_>>());
}

#[test]
fn an_unsigned_document_has_no_signatures() {
    let fonts = fonts();
    let master = master(&fonts);
    let document = document(&fonts, &master, "张三");
    let bytes = Base::new(&master).unwrap().write(&document).unwrap().into_bytes().unwrap();
    assert_eq!(read::signatures(&open(&bytes)).unwrap(), []);
}

#[test]
fn broken_parts_are_refused_with_part_and_line() {
    type Read = fn(&Package<'_>) -> Result<(), ReadError>;
    let info: Read = |p| read::info(p).map(drop);
    let fields: Read = |p| read::fields(p).map(drop);
    let attachments: Read = |p| read::attachments(p).map(drop);
    let signatures: Read = |p| read::signatures(p).map(drop);
    let cases: [(&str, &str, &str, Read, &str); 11] = [
        ("OFD.xml", "<ofd:DocBody>", "<ofd:DocBodies/><ofd:DocBody>", info, ""),
        ("OFD.xml", "<?xml", "<!DOCTYPE x><?xml", info, "OFD.xml: a document type declaration (DOCTYPE)"),
        (
            "OFD.xml",
            "</ofd:OFD>",
            "<ofd:DocBody/></ofd:OFD>",
            info,
            "OFD.xml: not supported: several documents",
        ),
        ("OFD.xml", "ofdspec.org/2016", "example.com", info, "OFD.xml: line 1: the root element is not OFD"),
        (
            "OFD.xml",
            "Doc_0/Document.xml",
            "../Document.xml",
            info,
            "OFD.xml: there is no part ../Document.xml",
        ),
        (
            "Doc_0/Tags/Fields.xml",
            "PageRef=\"",
            "PageRef=\"9",
            fields,
            "Doc_0/Tags/Fields.xml: line 1: there is no page 9",
        ),
        (
            "Doc_0/Pages/Page_0/Content.xml",
            "TextObject ID=\"",
            "TextObject ID=\"9",
            fields,
            "Doc_0/Tags/Fields.xml: line 1: page ",
        ),
        (
            "Doc_0/Attachs/Attachments.xml",
            "FileLoc",
            "Other",
            attachments,
            "Doc_0/Attachs/Attachments.xml: line 1: Attachment has no FileLoc",
        ),
        (
            "Doc_0/Signs/Signatures.xml",
            "Sign_0",
            "Sign_1",
            signatures,
            "Doc_0/Signs/Signatures.xml: there is no part /Doc_0/Signs/Sign_1",
        ),
        (
            "Doc_0/Signs/Sign_0/Signature.xml",
            "Boundary=\"",
            "Boundary=\"x",
            signatures,
            "Doc_0/Signs/Sign_0/Signature.xml: line 1: StampAnnot: not a number",
        ),
        (
            "Doc_0/Signs/Sign_0/Signature.xml",
            "42 42",
            "42 -42",
            signatures,
            "Doc_0/Signs/Sign_0/Signature.xml: line 1: StampAnnot: a box of negative size",
        ),
    ];
    let whole = sealed();
    for (part, from, to, read, expected) in cases {
        let bytes = with(&whole, part, |text| {
            assert!(text.contains(from), "{part} has no {from}");
            text.replace(from, to)
        });
        match read(&open(&bytes)) {
            Ok(()) => assert_eq!(expected, "", "{to} was read"),
            Err(error) => assert!(!expected.is_empty() && error.to_string().starts_with(expected), "{error}"),
        }
    }
}
