//! Metadata from end to end: one definition in the layout feeds the document's data, the attached record and the printed page.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::sync::Arc;

use certpress::page::{Document, Timestamp};
use certpress::{Fonts, Layout, Press, Record, RenderError, RenderOptions};

fn press() -> Press {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    let text = r#"<layout id="demo" title="样例证书" font="song" size="9pt">
        <fields>
          <field name="number" type="text"/><field name="issued_on" type="text"/><field name="holder_code" type="text"/>
          <field name="photo" type="image"/>
          <field name="scores" type="list"><field name="subject" type="text"/><field name="score" type="decimal"/></field>
        </fields>
        <metadata>
          <entry name="ZZMC">{{ layout.title }}</entry><entry name="ZZBH">{{ number }}</entry>
          <entry name="ZZBFRQ">{{ issued_on }}</entry><entry name="CZZTDM">{{ holder_code }}</entry>
          <entry name="CZZTDMLXDM">111</entry>
        </metadata>
        <page size="A5"><text>{{ metadata.ZZBH }}号</text></page></layout>"#;
    Layout::from_text("demo.xml", text).unwrap().compile(&fonts).unwrap()
}

fn record() -> Record {
    Record::new()
        .with("number", "样例7")
        .with("issued_on", "20260305")
        .with("holder_code", "999999199003079017")
}

fn lay(record: &Record) -> Result<Document, RenderError> {
    let (press, options) = (press(), RenderOptions::default());
    let options = RenderOptions {
        image_root: Some(certpress::record::ImageRoot::open("examples").unwrap()),
        ..options
    };
    let entry = press.bind(record, &options).unwrap();
    press.lay(&entry, Timestamp::parse("2026-03-05T08:00:00Z").unwrap(), &options)
}

fn attached(document: &Document) -> serde_json::Value {
    serde_json::from_slice(&document.info.attachments[0].data).unwrap()
}

#[test]
fn the_attached_record_holds_the_metadata_of_the_document() {
    let document = lay(&record()).unwrap();
    let json = attached(&document);
    let told: Vec<_> = json["metadata"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str().unwrap()))
        .collect();
    let info: Vec<_> = document.info.custom.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(told, info);
    assert_eq!(info[1], ("ZZBH", "样例7"));
    assert_eq!((&json["schema"], &json["standing"]), (&"demo".into(), &"original".into()));
}

#[test]
fn a_photograph_is_told_by_its_size_and_digest() {
    let document = lay(&record().with("photo", "photos/01.jpg")).unwrap();
    let data = std::fs::read("examples/photos/01.jpg").unwrap();
    let digest: String = certpress::crypto::sm3::digest(&data).iter().map(|b| format!("{b:02x}")).collect();
    let photo = &attached(&document)["fields"]["photo"];
    assert_eq!((&photo["sm3"], &photo["bytes"]), (&digest.into(), &data.len().into()));
    assert_eq!(photo["format"], "jpg");
}

#[test]
fn another_photograph_makes_another_document() {
    let id = |photo: &str| lay(&record().with("photo", photo)).unwrap().info.id;
    assert_ne!(id("photos/01.jpg"), id("photos/02.jpg"));
}

#[test]
fn a_value_that_its_name_does_not_allow_is_refused_with_the_field_it_came_from() {
    for (field, value, told) in [
        (
            "issued_on",
            "2026-03-05",
            "field issued_on: the metadata entry ZZBFRQ (证照颁发日期) is not a date: 2026-03-05",
        ),
        (
            "holder_code",
            "999999199003079018",
            "field holder_code: the metadata entry CZZTDM (持证主体代码) has a wrong check character",
        ),
    ] {
        let error = lay(&record().with(field, value)).unwrap_err();
        assert_eq!(error.code(), "metadata");
        assert!(error.to_string().contains(told), "{error}");
    }
}
