//! The catalogue of the examples, opened: every sample record goes where its file's name says.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::office::Presses as _;
use certpress::page::Timestamp;
use certpress::record::{self, ImageRoot};
use certpress::seal::Nonce;
use certpress::{Fonts, Office, RenderOptions};

static OFFICE: LazyLock<Office> = LazyLock::new(|| {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    let time = Timestamp::parse("2026-03-05T08:00:00Z").unwrap();
    Office::open(Path::new("examples/catalogue.toml"), &fonts, time, |_| None)
        .unwrap_or_else(|e| panic!("{e}"))
});

#[test]
fn every_sample_record_is_for_the_layout_of_its_files_name_and_lacks_nothing() {
    for certificate in &OFFICE.catalogue().certificates {
        let mut count = 0;
        for record in record::open(format!("examples/{}.csv", certificate.kind)).unwrap() {
            let record = record.unwrap();
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
    let options = RenderOptions {
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        nonce: Nonce::Deterministic,
        image_root: ImageRoot::open("examples").ok(),
        ..RenderOptions::default()
    };
    for certificate in &OFFICE.catalogue().certificates {
        let record =
            record::open(format!("examples/{}.csv", certificate.kind)).unwrap().next().unwrap().unwrap();
        let press = OFFICE.assign(&record).unwrap().press;
        let rendered =
            press.render_with(&record, &options).unwrap_or_else(|e| panic!("{}: {e}", certificate.kind));
        assert!(rendered.ofd().is_some() && rendered.pdf().is_some());
    }
}
