//! What the OFD writer puts into a package, judged part by part.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod ofd_sample;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use certpress::geom::{Affine, Rect};
use certpress::ofd::{Base, SignatureRequest, WriteError};
use certpress::page::{Document, Item, ItemKind, Master, Ref, SealPlace};
use certpress::text::Fonts;
use ofd_sample::{document, fonts, master, request};

/// A package's parts by name.
fn parts(package: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(package)).unwrap();
    (0..archive.len())
        .map(|i| {
            let mut entry = archive.by_index(i).unwrap();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).unwrap();
            (entry.name().unwrap().into_owned(), data)
        })
        .collect()
}

struct Sample {
    fonts: Fonts,
    master: Arc<Master>,
    base: Base,
}

impl Sample {
    fn new() -> Sample {
        let fonts = fonts();
        let master = master(&fonts);
        let base = Base::new(&master).unwrap();
        Sample { fonts, master, base }
    }

    fn document(&self, name: &str) -> Document {
        document(&self.fonts, &self.master, name)
    }

    fn sealed(&self, name: &str) -> Vec<u8> {
        let provider = ofd_sample::provider();
        let unsealed = self.base.write(&self.document(name)).unwrap();
        unsealed.digest(&request(&provider)).unwrap().finish(b"a signed value").into_bytes().unwrap()
    }

    fn refusal(&self, change: impl FnOnce(&mut Document)) -> WriteError {
        let mut document = self.document("张三");
        change(&mut document);
        self.base.write(&document).and_then(|unsealed| unsealed.into_bytes()).unwrap_err()
    }
}

fn xml_parts(parts: &BTreeMap<String, Vec<u8>>) -> BTreeMap<&str, &str> {
    parts
        .iter()
        .filter(|(name, _)| name.ends_with(".xml"))
        .map(|(name, data)| (name.as_str(), std::str::from_utf8(data).unwrap()))
        .collect()
}

/// One element a line, with tags of subsets and digests taken out: both change with any byte of a font.
fn readable(xml: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for piece in xml.split_inclusive('>') {
        let (text, tag) = piece.split_at(piece.find('<').unwrap_or(0));
        if !text.is_empty() {
            out.truncate(out.trim_end().len());
            out.push_str(text);
        }
        if tag.starts_with("</") {
            depth -= 1;
        }
        let indent = if text.is_empty() { "  ".repeat(depth) } else { String::new() };
        out.push_str(&format!("{indent}{tag}\n"));
        if !tag.starts_with("</") && !tag.starts_with("<?") && !tag.ends_with("/>") {
            depth += 1;
        }
    }
    out
}

fn without_digests(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        let open = "<ofd:CheckValue>";
        let line = match line.find(open) {
            Some(at) => format!("{}…</ofd:CheckValue>", &line[..at + open.len()]),
            None => line.to_owned(),
        };
        let mut words = Vec::new();
        for word in line.split('"') {
            match word.split_once('+') {
                Some((tag, name)) if tag.len() == 6 => words.push(format!("TAG+{name}")),
                _ => words.push(word.to_owned()),
            }
        }
        out.push_str(&words.join("\""));
        out.push('\n');
    }
    out
}

#[test]
fn the_parts_of_a_sealed_package() {
    let package = Sample::new().sealed("阿依古丽·买买提𠮷");
    let parts = parts(&package);
    let mut text = String::new();
    for name in parts.keys() {
        text.push_str(&format!("{name}\n"));
    }
    for (name, xml) in xml_parts(&parts) {
        text.push_str(&format!("\n=== {name}\n{}", without_digests(&readable(xml))));
    }
    insta::assert_snapshot!(text);
    // For whoever wants to open it in a reader.
    std::fs::write(concat!(env!("CARGO_TARGET_TMPDIR"), "/sample.ofd"), &package).unwrap();
}

#[test]
fn every_part_is_well_formed_and_of_the_standards_namespace() {
    let parts = parts(&Sample::new().sealed("张三"));
    for (name, xml) in xml_parts(&parts) {
        let tree = roxmltree::Document::parse(xml).unwrap_or_else(|e| panic!("{name}: {e}"));
        if name != "Doc_0/Tags/Fields.xml" {
            let namespace = tree.root_element().tag_name().namespace();
            assert_eq!(namespace, Some("http://www.ofdspec.org/2016"), "{name}");
        }
    }
}

/// Children in the order of the schemas' sequences (annex A), for every element that has one.
const ORDER: &[(&str, &[&str])] = &[
    ("DocBody", &["DocInfo", "DocRoot", "Versions", "Signatures"]),
    (
        "DocInfo",
        &[
            "DocID",
            "Title",
            "Author",
            "Subject",
            "Abstract",
            "CreationDate",
            "ModDate",
            "DocUsage",
            "Cover",
            "Keywords",
            "Creator",
            "CreatorVersion",
            "CustomDatas",
        ],
    ),
    (
        "Document",
        &[
            "CommonData",
            "Pages",
            "Outlines",
            "Permissions",
            "Actions",
            "VPreferences",
            "Bookmarks",
            "Annotations",
            "CustomTags",
            "Attachments",
            "Extensions",
        ],
    ),
    ("CommonData", &["MaxUnitID", "PageArea", "PublicRes", "DocumentRes", "TemplatePage", "DefaultCS"]),
    ("Page", &["Template", "PageRes", "Area", "Content", "Actions"]),
    ("TextObject", &["Actions", "Clips", "FillColor", "StrokeColor", "CGTransform", "TextCode"]),
    ("PathObject", &["Actions", "Clips", "StrokeColor", "FillColor", "AbbreviatedData"]),
    ("ImageObject", &["Actions", "Clips", "Border"]),
    ("CustomTag", &["SchemaLoc", "FileLoc"]),
    ("Signatures", &["MaxSignId", "Signature"]),
    ("Signature", &["SignedInfo", "SignedValue"]),
    (
        "SignedInfo",
        &[
            "Provider",
            "SignatureMethod",
            "SignatureDateTime",
            "References",
            "ParameterDigestMethod",
            "StampAnnot",
            "Seal",
        ],
    ),
];

#[test]
fn children_stand_in_the_order_of_the_schemas() {
    let parts = parts(&Sample::new().sealed("张𠮷"));
    let mut seen = BTreeSet::new();
    for (name, xml) in xml_parts(&parts) {
        let tree = roxmltree::Document::parse(xml).unwrap();
        for element in tree.descendants().filter(roxmltree::Node::is_element) {
            let Some((parent, order)) = ORDER.iter().find(|(p, _)| *p == element.tag_name().name()) else {
                continue;
            };
            seen.insert(*parent);
            let places: Vec<usize> = element
                .children()
                .filter(roxmltree::Node::is_element)
                .map(|child| {
                    let child = child.tag_name().name();
                    order
                        .iter()
                        .position(|o| *o == child)
                        .unwrap_or_else(|| panic!("{name}: {child} in {parent}"))
                })
                .collect();
            assert!(places.is_sorted(), "{name}: {parent} {places:?}");
        }
    }
    assert_eq!(seen.len(), ORDER.len(), "the sample shows every one of them: {seen:?}");
}

#[test]
fn ids_are_unique_and_below_the_maximum() {
    let parts = parts(&Sample::new().sealed("张三"));
    let mut ids = BTreeSet::new();
    let mut stated = None;
    for (name, xml) in xml_parts(&parts) {
        let tree = roxmltree::Document::parse(xml).unwrap();
        for element in tree.descendants().filter(roxmltree::Node::is_element) {
            let tag = element.tag_name().name();
            if tag == "MaxUnitID" {
                stated = element.text().and_then(|t| t.parse::<u32>().ok());
            }
            // Attachments and signatures are numbered on their own.
            let counted = !["Attachment", "Signature", "StampAnnot"].contains(&tag);
            if let (true, Some(id)) = (counted, element.attribute("ID")) {
                assert!(ids.insert(id.parse::<u32>().unwrap()), "{name}: {tag} {id} again");
            }
        }
    }
    assert_eq!(ids.last().copied(), stated);
    assert_eq!(ids.len(), stated.unwrap() as usize, "none is left out");
}

#[test]
fn references_cover_every_part_but_the_signatures_own() {
    let parts = parts(&Sample::new().sealed("张三"));
    let signature = std::str::from_utf8(&parts["Doc_0/Signs/Sign_0/Signature.xml"]).unwrap();
    let tree = roxmltree::Document::parse(signature).unwrap();
    let mut covered = BTreeSet::new();
    for reference in
        tree.descendants().filter(|n| n.has_tag_name(("http://www.ofdspec.org/2016", "Reference")))
    {
        let name = reference.attribute("FileRef").unwrap().strip_prefix('/').unwrap();
        let stated =
            BASE64_STANDARD.decode(reference.first_element_child().unwrap().text().unwrap()).unwrap();
        let digest = sm_crypto::sm3::sm3_hash(&parts[name]);
        let stated: String = stated.iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(stated, digest, "{name}");
        assert!(covered.insert(name.to_owned()), "{name} twice");
    }
    let own = ["Signatures.xml", "Sign_0/Signature.xml", "Sign_0/SignedValue.dat"];
    let own: BTreeSet<String> = own.iter().map(|n| format!("Doc_0/Signs/{n}")).collect();
    let all: BTreeSet<String> = parts.keys().cloned().collect();
    assert_eq!(&all - &covered, own);
}

#[test]
fn the_data_hash_is_that_of_signature_xml_and_changes_with_any_part() {
    let sample = Sample::new();
    let provider = ofd_sample::provider();
    let digested = |name: &str| {
        let unsealed = sample.base.write(&sample.document(name)).unwrap();
        unsealed.digest(&request(&provider)).unwrap()
    };
    let one = digested("张三");
    assert_eq!(one.property_info(), "/Doc_0/Signs/Sign_0/Signature.xml");
    let hash = one.data_hash();
    assert_ne!(hash, digested("张四").data_hash());
    let parts = parts(&one.finish(b"x").into_bytes().unwrap());
    let hex: String = hash.iter().map(|b| format!("{b:02x}")).collect();
    assert_eq!(hex, sm_crypto::sm3::sm3_hash(&parts["Doc_0/Signs/Sign_0/Signature.xml"]));
    assert_eq!(parts["Doc_0/Signs/Sign_0/SignedValue.dat"], b"x");
}

#[test]
fn the_same_record_gives_the_same_bytes_on_every_thread() {
    let sample = Sample::new();
    let first = sample.sealed("欧阳");
    let again: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| Sample::new().sealed("欧阳"))).collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    });
    assert!(again.iter().all(|bytes| *bytes == first));
}

#[test]
fn the_archive_holds_its_entries_and_nothing_between_them() {
    let package = Sample::new().sealed("张三");
    let mut archive = zip::ZipArchive::new(Cursor::new(&package[..])).unwrap();
    let mut end = 0;
    for i in 0..archive.len() {
        let entry = archive.by_index_raw(i).unwrap();
        assert_eq!(entry.header_start(), end, "{}", entry.name().unwrap());
        end = entry.data_start().unwrap() + entry.compressed_size();
        assert_eq!(entry.last_modified(), Some(zip::DateTime::default()));
    }
    assert_eq!(archive.central_directory_start(), end);
    assert_eq!(archive.offset(), 0);
    assert_eq!(archive.by_index(0).unwrap().name().unwrap(), "OFD.xml");
}

#[test]
fn a_character_beyond_the_bmp_stands_alone_and_names_its_glyph() {
    let sample = Sample::new();
    let package = sample.base.write(&sample.document("张𠮷𠮷")).unwrap().into_bytes().unwrap();
    let parts = parts(&package);
    let content = std::str::from_utf8(&parts["Doc_0/Pages/Page_0/Content.xml"]).unwrap();
    let glyph = "<ofd:CGTransform CodePosition=\"0\" CodeCount=\"1\" GlyphCount=\"1\"><ofd:Glyphs>1</ofd:Glyphs></ofd:CGTransform>";
    let objects: Vec<&str> = content.split("<ofd:TextObject").filter(|o| o.contains('𠮷')).collect();
    assert_eq!(objects.len(), 2, "{content}");
    for object in objects {
        assert!(object.contains(glyph) && object.contains(">𠮷</ofd:TextCode>"), "{object}");
    }
    assert!(content.contains(">张</ofd:TextCode>"), "{content}");
}

/// Some readers clip to the Boundary.
#[test]
fn every_glyphs_ink_lies_within_its_boundary() {
    let sample = Sample::new();
    let document = sample.document("阿依古丽");
    let package = sample.base.write(&document).unwrap().into_bytes().unwrap();
    let parts = parts(&package);
    let content = std::str::from_utf8(&parts["Doc_0/Pages/Page_0/Content.xml"]).unwrap();
    let tree = roxmltree::Document::parse(content).unwrap();
    let runs = document.pages[0].items.iter().filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) => Some(run),
        _ => None,
    });
    let objects = tree.descendants().filter(|n| n.tag_name().name() == "TextObject");
    let kai = sample.fonts.face(sample.fonts.find("kai").unwrap());
    let mut seen = 0;
    for (run, object) in runs.zip(objects) {
        let numbers: Vec<f64> =
            object.attribute("Boundary").unwrap().split(' ').map(|v| v.parse().unwrap()).collect();
        let boundary = Rect::mm(numbers[0], numbers[1], numbers[2], numbers[3]);
        let to_page = Affine { e: run.origin.x, f: run.origin.y, ..run.map };
        for (i, glyph) in run.glyphs.iter().enumerate() {
            let original = run.text_of(i).chars().next().and_then(|c| kai.glyph(c)).unwrap();
            let shift = Affine::shift(glyph.x, glyph.y).then(&to_page);
            if let Some(ink) = kai.outline(original, run.size).transform(&shift).bounds() {
                assert!(boundary.contains(&ink), "{} of {}: {ink:?}", run.text_of(i), run.text);
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "{seen}");
}

#[test]
fn a_forbidden_character_is_refused_with_its_part() {
    let error = Sample::new().refusal(|d| d.info.title = "a\u{1}".into());
    assert_eq!(error.to_string(), "OFD.xml: XML cannot hold the character U+0001");
}

#[test]
fn a_font_that_is_not_there_is_refused() {
    let error = Sample::new().refusal(|d| match &mut d.pages[0].items[0] {
        Item { kind: ItemKind::Glyphs(run), .. } => run.font = Ref::Own(7),
        item => panic!("{item:?}"),
    });
    assert_eq!(error.to_string(), "Doc_0/Pages/Page_0/Content.xml: no such font: 7");
}

#[test]
fn a_document_of_another_layout_is_refused() {
    let sample = Sample::new();
    let other = master(&sample.fonts);
    let error = sample.refusal(|d| d.master = other);
    assert!(matches!(error, WriteError::OtherMaster), "{error}");
}

#[test]
fn attachments_stay_in_their_folder_and_do_not_hide_each_other() {
    let sample = Sample::new();
    for name in ["../x", "a/b", "", "Attachments.XML", "RECORD.json", "名.json"] {
        let error = sample.refusal(|d| {
            let mut twin = d.info.attachments[0].clone();
            twin.name = name.into();
            d.info.attachments.push(twin);
        });
        assert!(matches!(error, WriteError::PartName(_)), "{name}: {error}");
    }
}

#[test]
fn a_page_without_a_master_page_is_refused() {
    let error = Sample::new().refusal(|d| d.pages[1].master = 9);
    assert_eq!(error.to_string(), "Doc_0/Pages/Page_1/Content.xml: no such master page: 9");
}

#[test]
fn a_later_signature_covers_the_files_of_the_earlier_one_and_both_are_listed() {
    let sample = Sample::new();
    let provider = ofd_sample::provider();
    let mut document = sample.document("张三");
    let (rect, clip) = (Rect::mm(182.0, 100.0, 42.0, 42.0), Rect::mm(189.0, 100.0, 21.0, 42.0));
    document.pages[0].seals.push(SealPlace { role: 1, rect, clip: Some(clip) });
    let signed = sample.base.write(&document).unwrap().digest(&request(&provider)).unwrap().finish(b"one");
    assert!(signed.awaits(1) && !signed.awaits(2));
    let before = signed.digest(&SignatureRequest { role: 1, seal_esl: None, ..request(&provider) }).unwrap();
    assert_eq!(before.property_info(), "/Doc_0/Signs/Sign_1/Signature.xml");
    let parts = parts(&before.finish(b"two").into_bytes().unwrap());
    let text = |name: &str| std::str::from_utf8(&parts[&format!("Doc_0/Signs/{name}")]).unwrap().to_owned();

    let list = text("Signatures.xml");
    let list = roxmltree::Document::parse(&list).unwrap();
    let of = |name: &str| list.descendants().filter(|n| n.has_tag_name(name)).collect::<Vec<_>>();
    assert_eq!(of("MaxSignId")[0].text(), Some("2"));
    let listed: Vec<_> = of("Signature").iter().map(|n| n.attribute("BaseLoc").unwrap()).collect();
    assert_eq!(listed, ["/Doc_0/Signs/Sign_0/Signature.xml", "/Doc_0/Signs/Sign_1/Signature.xml"]);

    let covered = |name: &str| -> BTreeSet<String> {
        let xml = text(name);
        let xml = roxmltree::Document::parse(&xml).unwrap();
        xml.descendants().filter_map(|n| n.attribute("FileRef")).map(str::to_owned).collect()
    };
    let (first, second) = (covered("Sign_0/Signature.xml"), covered("Sign_1/Signature.xml"));
    let added: Vec<&str> = second.difference(&first).map(String::as_str).collect();
    assert_eq!(added, ["/Doc_0/Signs/Sign_0/Signature.xml", "/Doc_0/Signs/Sign_0/SignedValue.dat"]);
    assert!(first.is_subset(&second));
    let own = text("Sign_1/Signature.xml");
    assert!(own.contains(r#"Boundary="182 100 42 42" Clip="7 0 21 42""#), "{own}");
}
