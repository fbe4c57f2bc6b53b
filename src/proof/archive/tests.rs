//! What the engine writes keeps every rule, and each rule finds its own twin.

use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use lopdf::{Document, Object, dictionary};

use super::{ofd, pdf, rules};
use crate::press::{Certificate, RenderOptions};
use crate::record::Record;
use crate::template::Layout;
use crate::text::Fonts;

static WRITTEN: LazyLock<Certificate> = LazyLock::new(|| {
    let fonts = Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap();
    let source = "<layout id='t' title='t' font='song' size='12pt'><fields><field name='name' type='text'/></fields>\
                  <page size='100x100mm'><text x='10mm' y='10mm'>{{ name }}</text></page></layout>";
    let press = Layout::from_text("t.xml", source).unwrap().compile(&Arc::new(fonts)).unwrap();
    press.render_with(&Record::new().with("name", "样例"), &RenderOptions::default()).unwrap()
});

#[test]
fn what_is_written_keeps_every_rule() {
    assert_eq!(ofd(WRITTEN.ofd().unwrap()), []);
    assert_eq!(pdf(WRITTEN.pdf().unwrap()), []);
    assert_eq!(rules().count(), 18);
}

/// The OFD with `from` in `part` exchanged for `to`; an empty `from` adds the part.
fn altered(part: &str, from: &str, to: &str) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(WRITTEN.ofd().unwrap())).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..old.len() {
        let mut file = old.by_index(i).unwrap();
        let mut data = Vec::new();
        file.read_to_end(&mut data).unwrap();
        let name = file.name().unwrap().into_owned();
        if name == part {
            let text = String::from_utf8(data).unwrap();
            assert!(text.contains(from), "{text}");
            data = text.replacen(from, to, 1).into_bytes();
        }
        new.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        new.write_all(&data).unwrap();
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn each_rule_of_ofd_finds_its_twin() {
    let page = "Doc_0/Pages/Page_0/Content.xml";
    let (document, body) = ("Doc_0/Document.xml", "</ofd:DocBody>");
    let nested = format!("{}{}<ofd:TextObject", "<ofd:PageBlock>".repeat(4), "</ofd:PageBlock>".repeat(4));
    let twins = [
        ("document", altered("OFD.xml", body, "</ofd:DocBody><ofd:DocBody/>")),
        ("encryption", altered("OFD.xml", body, "<ofd:Encryptions/></ofd:DocBody>")),
        (
            "external",
            altered("Doc_0/Attachs/Attachments.xml", "record.json</", "https://example.org/record.json</"),
        ),
        ("actions", altered(document, "<ofd:Pages>", "<ofd:Actions><ofd:Action/></ofd:Actions><ofd:Pages>")),
        ("extensions", altered(document, "<ofd:Pages>", "<ofd:Permissions/><ofd:Pages>")),
        ("media", altered("Doc_0/PublicRes.xml", "</ofd:Res>", "<ofd:MultiMedia Type=\"Video\"/></ofd:Res>")),
        (
            "pictures",
            altered("Doc_0/PublicRes.xml", "</ofd:Res>", "<ofd:MediaFile>/OFD.xml</ofd:MediaFile></ofd:Res>"),
        ),
        ("fonts", altered("Doc_0/PublicRes.xml", "<ofd:FontFile>", "<ofd:Nothing/><ofd:FontFile>Missing")),
        (
            "layers",
            altered(page, "</ofd:Content>", "<ofd:Layer Name=\"a\"/><ofd:Layer Name=\"a\"/></ofd:Content>"),
        ),
        ("blocks", altered(page, "<ofd:TextObject", &nested)),
    ];
    for (rule, twin) in twins {
        let id = format!("archive.ofd.{rule}");
        let found = ofd(&twin);
        assert!(found.iter().any(|breach| breach.rule.id == id), "{id}: {found:?}");
        let others = found.iter().filter(|breach| breach.rule.id != id).count();
        // A font file that is missing is also named and not there.
        assert_eq!(others, usize::from(rule == "fonts"), "{id}: {found:?}");
    }
    assert_eq!(ofd(b"PK")[0].rule.id, "archive.ofd.document");
}

#[test]
fn each_rule_of_pdf_finds_its_twin() {
    fn altered(change: impl FnOnce(&mut Document)) -> Vec<u8> {
        let mut document = Document::load_mem(WRITTEN.pdf().unwrap()).unwrap();
        change(&mut document);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }
    fn add(object: impl Into<Object>) -> Vec<u8> {
        altered(|document| {
            document.add_object(object);
        })
    }
    let twins = [
        ("identification", altered(|d| drop(d.catalog_mut().unwrap().remove(b"Metadata")))),
        ("encryption", altered(|d| drop(d.trailer.remove(b"ID")))),
        ("output-intent", altered(|d| drop(d.catalog_mut().unwrap().remove(b"OutputIntents")))),
        ("fonts", add(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" })),
        ("actions", add(dictionary! { "A" => dictionary! { "S" => "Launch" } })),
        ("media", add(dictionary! { "Type" => "Annot", "Subtype" => "Movie" })),
        ("streams", add(lopdf::Stream::new(dictionary! { "F" => Object::string_literal("a") }, Vec::new()))),
        ("attachments", add(dictionary! { "EF" => dictionary! {} })),
    ];
    for (rule, twin) in twins {
        let id = format!("archive.pdf.{rule}");
        let found: Vec<_> = pdf(&twin).iter().map(|breach| breach.rule.id).collect();
        assert_eq!(found, [id.as_str()]);
    }
    assert_eq!(pdf(b"%PDF").len(), 1);
}
