//! Metadata: XMP and the information dictionary say the same; attachments are found by name.

use certpress::page::{Document, Info, Resources};
use lopdf::{Dictionary, Object, decode_text_string};

use crate::sample::{blank_master, info, record};
use crate::{Read, write};

fn described(info: Info) -> Read {
    let mut document: Document = record(&blank_master(), Vec::new(), Resources::default());
    document.info = info;
    Read::new(&write(&document))
}

fn information(read: &Read) -> &Dictionary {
    read.resolve(read.0.trailer.get(b"Info").unwrap()).as_dict().unwrap()
}

fn text(dictionary: &Dictionary, key: &str) -> String {
    decode_text_string(dictionary.get(key.as_bytes()).unwrap()).unwrap()
}

fn xmp(read: &Read) -> String {
    let Object::Stream(stream) = read.resolve(read.catalog().get(b"Metadata").unwrap()) else { panic!() };
    assert!(!stream.dict.has(b"Filter"), "programs that know no PDF look for plain text");
    String::from_utf8(stream.content.clone()).unwrap()
}

/// The text of the first element of this name, without the markup inside.
fn property(xmp: &str, name: &str) -> String {
    let document = roxmltree::Document::parse(xmp).unwrap();
    let (prefix, local) = name.split_once(':').unwrap();
    let mut namespaces = document.descendants().flat_map(|n| n.namespaces());
    let namespace = namespaces.find(|ns| ns.name() == Some(prefix)).unwrap().uri();
    let element = document.descendants().find(|n| n.has_tag_name((namespace, local))).unwrap();
    element.descendants().filter(|n| n.is_text()).map(|n| n.text().unwrap()).collect()
}

#[test]
fn xmp_and_the_information_dictionary_agree() {
    let read = described(info());
    let (dictionary, xmp) = (information(&read), xmp(&read));
    let pairs = [
        ("Title", "dc:title"),
        ("Author", "dc:creator"),
        ("Subject", "dc:description"),
        ("Creator", "xmp:CreatorTool"),
        ("Producer", "pdf:Producer"),
        ("ZZMC", "cert:ZZMC"),
        ("ZZBFRQ", "cert:ZZBFRQ"),
        ("关联证照标识", "cert:关联证照标识"),
        ("KZ 1", "cert:KZ_x0020_1"),
    ];
    for (key, name) in pairs {
        assert_eq!(text(dictionary, key), property(&xmp, name), "{key}");
    }
    assert_eq!(text(dictionary, "CreationDate"), "D:20260305080000Z");
    assert_eq!(property(&xmp, "xmp:CreateDate"), "2026-03-05T08:00:00Z");
}

#[test]
fn control_characters_are_blanks_in_both() {
    let read = described(Info { title: "a\u{1}b\u{ffff}c\n".to_owned(), ..info() });
    assert_eq!(text(information(&read), "Title"), "a b c ");
    assert_eq!(property(&xmp(&read), "dc:title"), "a b c ");
}

#[test]
fn what_is_empty_is_left_out_of_both() {
    let read = described(Info { subject: String::new(), ..info() });
    assert!(!information(&read).has(b"Subject"));
    assert!(!xmp(&read).contains("dc:description"));
}

#[test]
fn custom_metadata_cannot_take_the_place_of_the_standards() {
    let read = described(Info { custom: vec![("Title".to_owned(), "another".to_owned())], ..info() });
    assert_eq!(text(information(&read), "Title"), info().title);
    assert_eq!(property(&xmp(&read), "cert:Title"), "another");
}

#[test]
fn a_name_that_comes_twice_keeps_both_values() {
    let twice = ["一", "二"].map(|v| ("ZZQZMC".to_owned(), v.to_owned()));
    let xmp = xmp(&described(Info { custom: twice.to_vec(), ..info() }));
    assert!(
        xmp.contains("<cert:ZZQZMC><rdf:Seq><rdf:li>一</rdf:li><rdf:li>二</rdf:li></rdf:Seq></cert:ZZQZMC>")
    );
    assert!(xmp.contains("pdfaProperty:valueType=\"seq Text\""));
}

#[test]
fn markup_in_values_stays_text() {
    let hostile = "</dc:title><x a=\"1\">&amp;".to_owned();
    assert_eq!(property(&xmp(&described(Info { title: hostile.clone(), ..info() })), "dc:title"), hostile);
}

#[test]
fn names_that_are_no_xml_names_are_spelt_out() {
    let names = ["1a", "a b", "<x>", "", "中 文", "xml:lang", "\u{1F600}"];
    let custom = names.map(|n| (n.to_owned(), "v".to_owned())).to_vec();
    let xmp = xmp(&described(Info { custom, ..info() }));
    roxmltree::Document::parse(&xmp).unwrap();
    for name in ["_x0031_a", "a_x0020_b", "_x003C_x_x003E_", "_", "中_x0020_文", "xml_x003A_lang", "_x1F600_"]
    {
        assert_eq!(property(&xmp, &format!("cert:{name}")), "v", "{name}");
    }
}

#[test]
fn the_file_identifier_is_the_documents_id() {
    let read = described(info());
    let id = read.0.trailer.get(b"ID").unwrap().as_array().unwrap();
    assert_eq!(id[0].as_str().unwrap(), b"\x00\x11\x22\x33\x44\x55\x66\x77\x88\x99\xaa\xbb\xcc\xdd\xee\xff");
    assert_eq!(id[0], id[1]);
}

#[test]
fn attachments_are_sorted_by_name_and_carry_their_bytes() {
    let mut two = info();
    let mut first = two.attachments[0].clone();
    first.name = "a.xml".to_owned();
    two.attachments.push(first);
    let read = described(two);
    let names = read.catalog().get(b"Names").unwrap().as_dict().unwrap();
    let names =
        names.get(b"EmbeddedFiles").unwrap().as_dict().unwrap().get(b"Names").unwrap().as_array().unwrap();
    assert_eq!(names[0].as_str().unwrap(), b"a.xml");
    assert_eq!(names[2].as_str().unwrap(), b"record.json");
    let specification = read.resolve(&names[3]).as_dict().unwrap();
    assert_eq!(specification.get(b"AFRelationship").unwrap().as_name().unwrap(), b"Data");
    let file = specification.get(b"EF").unwrap().as_dict().unwrap().get(b"F").unwrap();
    assert_eq!(read.stream(file).as_bytes(), &info().attachments[0].data[..]);
}
