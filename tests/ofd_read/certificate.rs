//! A certificate of the shipped layout, sealed and not.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::ofd::read::{Limits, Package};
use certpress::page::{Document, Timestamp};
use certpress::record::ImageRoot;
use certpress::seal::Nonce;
use certpress::{Fonts, Layout, Press, Record, RenderOptions, Sealer};

/// A package's parts by name.
pub(crate) type Parts = BTreeMap<String, Vec<u8>>;

static PRESS: LazyLock<Press> = LazyLock::new(|| {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    Layout::open("layouts/title-senior.xml").unwrap().compile(&fonts).unwrap()
});

fn record() -> Record {
    crate::title_record::record().with("photo", "photos/01.jpg")
}

fn options() -> RenderOptions {
    RenderOptions {
        pdf: false,
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        nonce: Nonce::Deterministic,
        image_root: Some(ImageRoot::open("examples").unwrap()),
        ..RenderOptions::default()
    }
}

/// Its pages.
pub(crate) fn document() -> Document {
    let entry = PRESS.bind(&record(), &options()).unwrap();
    PRESS.lay(&entry, options().time.unwrap(), &options()).unwrap()
}

/// Its OFD under the demonstration seal.
pub(crate) fn sealed() -> Vec<u8> {
    let press = PRESS.with_seal(Sealer::demo().unwrap()).unwrap();
    press.render_with(&record(), &options()).unwrap().ofd().unwrap().to_vec()
}

/// Its OFD without a seal.
pub(crate) fn unsealed() -> Vec<u8> {
    PRESS.render_with(&record(), &options()).unwrap().ofd().unwrap().to_vec()
}

/// The parts of a package.
pub(crate) fn parts(bytes: &[u8]) -> Parts {
    let package = Package::open(bytes, &Limits::default()).unwrap();
    package.parts().map(|(name, data)| (name.to_owned(), data.to_vec())).collect()
}
