//! The library from end to end on the shipped senior title certificate: what comes out, and that it is always the same.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod structure;
#[path = "../title_record/mod.rs"]
mod title_record;

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::crypto::sm2::Nonce;
use certpress::page::{Timestamp, dump_document, dump_master};
use certpress::record::ImageRoot;
use certpress::text::SubsetFont;
use certpress::{Fonts, Layout, Press, Record, RenderError, RenderOptions, Sealer, Seals};

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    let layout = Layout::open("layouts/title-senior.xml").unwrap();
    layout.compile(&fonts).unwrap().with_seal(Sealer::demo().unwrap()).unwrap()
});

fn record() -> Record {
    title_record::record().with("photo", "photos/01.jpg")
}

fn options() -> RenderOptions {
    RenderOptions {
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        nonce: Nonce::Deterministic,
        image_root: Some(ImageRoot::open("examples").unwrap()),
        ..RenderOptions::default()
    }
}

#[test]
fn the_static_page_is_as_it_was() {
    let entry = PRESS.bind(&record(), &options()).unwrap();
    let document = PRESS.lay(&entry, options().time.unwrap(), &options()).unwrap();
    insta::assert_snapshot!("title_senior_master", dump_master(&document.master));
}

#[test]
fn the_record_page_is_as_it_was() {
    let entry = PRESS.bind(&record(), &options()).unwrap();
    let document = PRESS.lay(&entry, options().time.unwrap(), &options()).unwrap();
    insta::assert_snapshot!("title_senior_record", dump_document(&document));
}

#[test]
fn what_the_layout_calls_common_is_not_the_records_to_carry() {
    let entry = PRESS.bind(&record(), &options()).unwrap();
    let document = PRESS.lay(&entry, options().time.unwrap(), &options()).unwrap();
    let carried = |fonts: &[SubsetFont]| -> String {
        fonts.iter().flat_map(|f| &f.glyphs).map(|g| g.text.as_str()).collect()
    };
    let (own, shared) = (carried(&document.resources.fonts), carried(&document.master.resources.fonts));
    assert!("社会保障厅委员会".chars().all(|c| shared.contains(c) && !own.contains(c)), "{own}");
    assert!("欧阳测绘".chars().all(|c| own.contains(c)), "{own}");
}

#[test]
fn the_same_bytes_alone_and_together_on_one_two_and_eight_threads_and_on_every_run() {
    let records: Vec<Record> = (0..8).map(|i| record().with("number", format!("样例2026{i:04}"))).collect();
    let alone: Vec<_> = records.iter().map(|r| PRESS.render_with(r, &options()).unwrap()).collect();
    for threads in [1, 2, 8] {
        let parts: Vec<&[Record]> = records.chunks(records.len() / threads).collect();
        let together: Vec<_> = std::thread::scope(|scope| {
            let workers: Vec<_> =
                parts.iter().map(|part| scope.spawn(|| PRESS.render_all(*part, &options()))).collect();
            workers.into_iter().flat_map(|w| w.join().unwrap()).map(Result::unwrap).collect()
        });
        assert!(alone == together, "{threads} threads");
    }
}

#[test]
fn a_record_that_fails_hinders_none_that_is_rendered_with_it() {
    let records = [
        record(),
        record().with("issued_on", "2026-13-01"),
        record().with("unit", "样例\u{1F600}院"),
        record().with("photo", "photos/02.jpg"),
    ];
    let rendered = PRESS.render_all(&records, &options());
    assert!(
        matches!(rendered[1], Err(RenderError::Fields(_)))
            && matches!(rendered[2], Err(RenderError::Layout(_)))
    );
    for i in [0, 3] {
        assert!(*rendered[i].as_ref().unwrap() == PRESS.render_with(&records[i], &options()).unwrap());
    }
    assert!(PRESS.render_all([], &options()).is_empty());
}

#[test]
fn a_hedged_nonce_changes_the_signature_and_nothing_else() {
    let hedged = RenderOptions { nonce: Nonce::Hedged, ..options() };
    let [a, b] = [0, 1].map(|_| PRESS.render_with(&record(), &hedged).unwrap());
    assert!(a.pdf() != b.pdf() && a.ofd() != b.ofd());
    assert_eq!(a.pdf().map(<[u8]>::len), b.pdf().map(<[u8]>::len));
}

#[test]
fn a_press_takes_another_seal_and_shares_what_the_layout_determines() {
    let again = PRESS.with_seal(Sealer::demo().unwrap()).unwrap();
    assert!(
        again.render_with(&record(), &options()).unwrap()
            == PRESS.render_with(&record(), &options()).unwrap()
    );
    let laid = |press: &Press| {
        let entry = press.bind(&record(), &options()).unwrap();
        press.lay(&entry, options().time.unwrap(), &options()).unwrap()
    };
    assert!(Arc::ptr_eq(&laid(&PRESS).master, &laid(&again).master));
}

#[test]
fn every_role_of_a_layout_needs_its_seal_and_no_other() {
    let demo = || Sealer::demo().unwrap();
    assert_eq!(PRESS.seal_roles(), ["issuer"]);
    let more = Seals::new().with("issuer", demo()).with("reviewer", demo());
    let sealed = PRESS.with_seals(&more).unwrap().render_with(&record(), &options()).unwrap();
    assert!(sealed == PRESS.render_with(&record(), &options()).unwrap());
    let error = PRESS.with_seals(&Seals::new().with("reviewer", demo())).err().unwrap().to_string();
    assert!(error.contains("needs a seal for the role issuer; there are seals for: reviewer"), "{error}");
}

#[test]
fn only_the_formats_that_were_asked_for() {
    let only_ofd = PRESS.render_with(&record(), &RenderOptions { pdf: false, ..options() }).unwrap();
    assert!(only_ofd.ofd().is_some() && only_ofd.pdf().is_none());
    let only_pdf = PRESS.render_with(&record(), &RenderOptions { ofd: false, ..options() }).unwrap();
    assert!(only_pdf.ofd().is_none() && only_pdf.pdf().is_some());
}

#[test]
fn sizes_stay_within_their_bounds_without_the_photo() {
    let certificate = PRESS.render_with(&record().with("photo", ""), &options()).unwrap();
    let (ofd, pdf) = (certificate.ofd().unwrap().len(), certificate.pdf().unwrap().len());
    assert!(ofd <= 120_000, "the OFD has {ofd} bytes");
    assert!(pdf <= 100_000, "the PDF has {pdf} bytes");
}

#[test]
fn all_wrong_fields_are_told_at_once() {
    let wrong = record().with("issued_on", "2026-13-01").with("sex", "未知").with("name", "");
    let Err(RenderError::Fields(errors)) = PRESS.render_with(&wrong, &options()) else {
        panic!("it rendered")
    };
    let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(fields, ["issued_on", "name", "sex"], "in the order of the layout");
    assert!(errors.iter().all(|e| !e.hint.is_empty()), "{errors:?}");
}

#[test]
fn a_character_without_a_face_is_an_error_that_names_it_and_its_field() {
    let error = PRESS.render_with(&record().with("unit", "样例\u{1F600}院"), &options()).unwrap_err();
    assert_eq!(error.code(), "no-face");
    let shown = error.to_string();
    assert!(shown.contains("U+1F600") && shown.contains("field unit"), "{shown}");
}

#[test]
fn text_that_no_rung_of_the_ladder_fits_is_an_error_and_never_clipped() {
    let long = "样例".repeat(400);
    let error = PRESS.render_with(&record().with("unit", long), &options()).unwrap_err();
    assert_eq!(error.code(), "does-not-fit");
    assert!(error.to_string().contains("field unit"), "{error}");
}
