//! A signed payload from the layout to the phone: what the mark on the page says, who signed it, and when there is none.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::crypto::sm2::Nonce;
use certpress::crypto::sm3;
use certpress::mark::payload::{Payload, key_id};
use certpress::mark::read;
use certpress::page::{Document, ItemKind, Timestamp};
use certpress::{Fonts, Layout, Press, Record, RenderError, RenderOptions, Sealer};

/// Made up.
const IDENTIFIER: &str = "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2";

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let layout = Layout::open("tests/layouts/signed.xml").unwrap();
    layout.compile(&FONTS).unwrap()
});

fn sealed() -> Press {
    PRESS.with_seal(Sealer::demo().unwrap()).unwrap()
}

/// A record, but for the field `left_out`.
fn record(left_out: &str) -> Record {
    const FIELDS: [(&str, &str); 5] = [
        ("name", "欧阳样例"),
        ("number", "样例20260001"),
        ("issuer_code", "11140000MB99999996"),
        ("valid_from", "2026-03-05"),
        ("valid_to", "20290304"),
    ];
    let kept = FIELDS.into_iter().filter(|(name, _)| *name != left_out);
    kept.fold(Record::new(), |record, (name, value)| record.with(name, value))
}

fn lay(press: &Press, record: &Record) -> Result<Document, RenderError> {
    let options = RenderOptions { nonce: Nonce::Deterministic, ..RenderOptions::default() };
    let entry = press.bind(record, &options).unwrap();
    press.lay(&entry, Timestamp::parse("2026-03-05T08:00:00Z").unwrap(), &options)
}

/// What the mark of a document says.
fn mark(document: &Document) -> String {
    let items = document.pages.iter().flat_map(|page| &page.items);
    let mut readings = items.filter_map(|item| match &item.kind {
        ItemKind::Figure(mark) => read::from_path(&mark.figure.path()).ok(),
        _ => None,
    });
    let reading = readings.next().unwrap();
    assert!(reading.corrected > 0, "the logo hides some of it");
    assert!(readings.next().is_none(), "one mark");
    reading.content
}

#[test]
fn the_mark_says_what_the_certificate_says_and_the_seal_signed_it() {
    let document = lay(&sealed(), &record("")).unwrap();
    let payload = Payload::parse(&mark(&document)).unwrap();
    let key = &Sealer::demo().unwrap().key().clone();
    assert!(payload.verify(key));
    assert_eq!(payload.key_id, key_id(key));
    let claims = payload.claims;
    assert_eq!((claims.issuer.as_str(), claims.is_reissue), ("11140000MB99999996", false));
    assert_eq!((claims.number.as_str(), claims.name.as_str()), ("样例20260001", "欧阳样例"));
    let days = [claims.valid_from, claims.valid_to].map(|day| day.unwrap().to_string());
    assert_eq!(days, ["2026-03-05", "2029-03-04"]);
    assert_eq!(claims.record, sm3::digest(&document.info.attachments[0].data));
}

#[test]
fn a_reissue_without_end_is_told() {
    let record = record("valid_to")
        .with("valid_to", "长期")
        .with("reissue_of", "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2");
    let claims = Payload::parse(&mark(&lay(&sealed(), &record).unwrap())).unwrap().claims;
    assert!(claims.is_reissue);
    assert_eq!(claims.valid_to, None);
}

#[test]
fn the_same_record_has_the_same_mark() {
    let said = || mark(&lay(&sealed(), &record("")).unwrap());
    assert_eq!(said(), said());
}

#[test]
fn a_logo_is_painted_over_the_mark_by_the_layout() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("qr_logo");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::copy("tests/pdf_writer/gradient.jpg", folder.join("logo.jpg")).unwrap();
    std::fs::copy("tests/layouts/art/logo.svg", folder.join("logo.svg")).unwrap();
    for file in ["logo.svg", "logo.jpg"] {
        let source = format!(
            "<layout id='l' title='样例'><fields><field name='name' type='text'/></fields><page size='50x50mm'>\
             <qr x='10mm' y='10mm' size='30mm' level='H' content='https://zs.example.gov.cn/v?i={IDENTIFIER}&amp;n={{{{ name }}}}' logo='{file}'/></page></layout>"
        );
        std::fs::write(folder.join("layout.xml"), source).unwrap();
        let press = Layout::open(folder.join("layout.xml")).unwrap().compile(&FONTS).unwrap();
        let document = lay(&press, &Record::new().with("name", "样例")).unwrap();
        assert_eq!(mark(&document), format!("https://zs.example.gov.cn/v?i={IDENTIFIER}&n=样例"));
        assert_eq!(document.pages[0].items.len(), 1, "the record carries the mark alone");
        assert_eq!(document.master.pages[0].foreground.len(), 1, "{file}");
    }
}

#[test]
fn without_a_seal_there_is_nobody_to_sign() {
    let error = lay(&PRESS, &record("")).unwrap_err();
    assert_eq!(error.code(), "payload");
    insta::assert_snapshot!(error, @r"
    tests/layouts/signed.xml:21:6: the mark's payload is to be signed, but no seal was given
      hint: render with a seal, whose key also signs the payload
    ");
}

#[test]
fn metadata_that_a_payload_cannot_say_are_errors() {
    for (record, message) in [
        (record("number"), "the signed payload needs the metadata entry ZZBH, which is empty"),
        (
            record("valid_to").with("valid_to", "21500101"),
            "ZZYXQJZRQ is not a date from 1970-01-02 to 2149-06-06: 21500101",
        ),
        (record("issuer_code"), "the signed payload needs the metadata entry ZZBFJGDM, which is empty"),
    ] {
        let error = lay(&sealed(), &record).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
