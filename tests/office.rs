//! The catalogue of the examples, opened: every sample record goes where its file's name says.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::office::{Original, Presses as _};
use certpress::page::Timestamp;
use certpress::record::{self, ImageRoot};
use certpress::seal::Nonce;
use certpress::{Fonts, Office, Record, RenderOptions};

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));

static TIME: LazyLock<Timestamp> = LazyLock::new(|| Timestamp::parse("2026-03-05T08:00:00Z").unwrap());

static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    Office::open(Path::new("examples/catalogue.toml"), &FONTS, *TIME, |_| None)
        .unwrap_or_else(|e| panic!("{e}"))
});

fn options() -> RenderOptions {
    RenderOptions {
        time: Some(*TIME),
        nonce: Nonce::Deterministic,
        image_root: ImageRoot::open("examples").ok(),
        ..RenderOptions::default()
    }
}

/// The sample records of a kind.
fn samples(kind: &str) -> impl Iterator<Item = Record> {
    let files = ["csv", "jsonl"].map(|format| format!("examples/{kind}.{format}"));
    let file = files.iter().find(|file| Path::new(file).exists()).unwrap_or_else(|| panic!("{kind}"));
    record::open(file).unwrap().map(Result::unwrap)
}

#[test]
fn every_sample_record_is_for_the_layout_of_its_files_name_and_lacks_nothing() {
    for certificate in &OFFICE.catalogue().certificates {
        let mut count = 0;
        for record in samples(&certificate.kind) {
            let assignment = OFFICE.assign(&record).unwrap_or_else(|e| panic!("{}: {e}", certificate.kind));
            assert_eq!(assignment.press.id(), certificate.kind);
            assert!(assignment.completed.is_none());
            count += 1;
        }
        assert!(count >= 20, "{}: {count}", certificate.kind);
    }
}

#[test]
fn records_of_any_kind_render_through_one_office() {
    for certificate in &OFFICE.catalogue().certificates {
        let record = samples(&certificate.kind).next().unwrap();
        let press = OFFICE.assign(&record).unwrap().press;
        let rendered =
            press.render_with(&record, &options()).unwrap_or_else(|e| panic!("{}: {e}", certificate.kind));
        assert!(rendered.ofd().is_some() && rendered.pdf().is_some());
    }
}

/// The catalogue of the examples with a register of its own.
fn office_of(folder: &Path) -> Office {
    let layouts = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts");
    let text = std::fs::read_to_string("examples/catalogue.toml").unwrap();
    let text = text.replace("\"../layouts/", &format!("\"{}/", layouts.display()));
    std::fs::write(folder.join("catalogue.toml"), text).unwrap();
    std::fs::write(folder.join("serials"), "certpress serials 1\n").unwrap();
    Office::open(&folder.join("catalogue.toml"), &FONTS, *TIME, |_| None).unwrap_or_else(|e| panic!("{e}"))
}

#[test]
fn a_certificate_of_every_kind_is_reissued_to_who_asks_for_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    let office = office_of(folder.path());
    for kind in office.catalogue().certificates.iter().map(|c| &c.kind) {
        let record = samples(kind).next().unwrap();
        let issued = office.assign(&record).unwrap().press.render_with(&record, &options()).unwrap();
        let original = Original::read(issued.ofd().unwrap()).unwrap_or_else(|e| panic!("{kind}: {e}"));
        let reissued =
            office.reissue(&original, &record, &options()).unwrap_or_else(|e| panic!("{kind}: {e}"));
        assert_eq!(reissued.link.old, original.identifier().to_string());
        assert_eq!(reissued.changes, []);
        let successor =
            Original::read(reissued.certificate.ofd().unwrap()).unwrap_or_else(|e| panic!("{kind}: {e}"));
        assert_eq!(successor.identifier().version(), original.identifier().version() + 1, "{kind}");
        let other = record.with("姓名", "").with("name", "另一样例");
        let refused = office.reissue(&original, &other, &options()).unwrap_err();
        assert_eq!(refused.code(), "reissue.differs", "{kind}");
    }
}
