//! A certificate of ours with two seals, and one with one.

use std::sync::{Arc, LazyLock};

use certpress::page::Timestamp;
use certpress::seal::{Nonce, PdfProfile, Seals, TestAuthority};
use certpress::text::Fonts;
use certpress::{Layout, Press, Record, RenderOptions, Sealer};

pub(crate) fn time() -> Timestamp {
    Timestamp::parse("2026-03-05T08:00:00Z").unwrap()
}

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open("fonts".as_ref()).unwrap()));

pub(crate) static TWO: LazyLock<Press> = LazyLock::new(|| {
    let seals =
        Seals::new().with("issuer", Sealer::demo().unwrap()).with("reviewer", Sealer::demo().unwrap());
    Layout::open("tests/layouts/two-seals.xml").unwrap().compile(&FONTS).unwrap().with_seals(&seals).unwrap()
});

pub(crate) static ONE: LazyLock<Press> = LazyLock::new(|| {
    let layout = Layout::open("tests/layouts/signed.xml").unwrap();
    layout.compile(&FONTS).unwrap().with_seal(Sealer::demo().unwrap()).unwrap()
});

pub(crate) fn record() -> Record {
    [
        ("name", "欧阳样例"),
        ("number", "样例20260001"),
        ("identifier", "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2"),
        ("issuer_code", "11140000MB99999996"),
        ("issued_on", "2026-03-05"),
        ("valid_to", "2029-03-04"),
    ]
    .into_iter()
    .fold(Record::new(), |record, (name, value)| record.with(name, value))
}

pub(crate) fn pdf(press: &Press, record: &Record, profile: PdfProfile) -> Vec<u8> {
    let options = RenderOptions {
        ofd: false,
        time: Some(time()),
        nonce: Nonce::Deterministic,
        pdf_profile: profile,
        ..RenderOptions::default()
    };
    press.render_with(record, &options).unwrap().pdf().unwrap().to_vec()
}

/// The same with timestamps on both signatures.
pub(crate) static STAMPED: LazyLock<Press> = LazyLock::new(|| {
    let stamping = || Sealer::demo().unwrap().with_timestamps(Arc::new(TestAuthority::demo().unwrap()));
    TWO.with_seals(&Seals::new().with("issuer", stamping()).with("reviewer", stamping())).unwrap()
});

/// Two seals.
pub(crate) static PDF: LazyLock<Vec<u8>> = LazyLock::new(|| pdf(&TWO, &record(), PdfProfile::Cms));
