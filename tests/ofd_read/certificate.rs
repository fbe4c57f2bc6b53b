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
    Record::new()
        .with("name", "欧阳样例")
        .with("sex", "女")
        .with("id_number", "999999199001011238")
        .with("unit", "样例省样例市测绘院（虚构）")
        .with("photo", "photos/01.jpg")
        .with("series", "工程")
        .with("speciality", "测绘")
        .with("title", "高级工程师")
        .with("level", "副高级")
        .with("committee", "样例省工程系列高级评审委员会")
        .with("issued_on", "2026-03-05")
        .with("number", "样例20260001")
        .with("identifier", "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2")
        .with("issuer", "样例省人力资源和社会保障厅")
        .with("issuer_code", "11140000MB99999996")
        .with("provider", "样例省人事考试中心")
        .with("approver", "样例")
        .with("approval", "样人社〔2026〕1号")
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
