//! Pages read back show what was written, and can be written again.

use std::path::Path;
use std::sync::Arc;

use certpress::ofd::Base;
use certpress::ofd::read::{self, Limits, Package};
use certpress::page::{Document, ItemKind, Timestamp};
use certpress::png::{self, Picture};
use certpress::record::ImageRoot;
use certpress::{Fonts, Layout, Record, RenderOptions, Sealer};

use super::ofd_sample::{document, fonts, master};

fn read_back(document: &Document) -> Document {
    let bytes = Base::new(&document.master).unwrap().write(document).unwrap().into_bytes().unwrap();
    read::document(&Package::open(&bytes, &Limits::default()).unwrap()).unwrap()
}

/// The page without its foot: there a picture says that it is a conversion, and the OFD does not.
fn picture(document: &Document, page: usize) -> Picture {
    let mut picture = png::page(document, page, &png::Options { dpi: 100.0, seals: &[] }).unwrap();
    let seven_mm = 28;
    picture.height -= seven_mm;
    picture.rgb.truncate(picture.width as usize * picture.height as usize * 3);
    picture
}

/// Shows the same: positions are told to a tenth of a micrometre, which may tip an edge that lies on one of the four rows of samples in
/// a pixel, and so a quarter of its value; no more than one value in five thousand.
fn assert_same(a: &Picture, b: &Picture) {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let differences = || a.rgb.iter().zip(&b.rgb).map(|(a, b)| a.abs_diff(*b)).filter(|&d| d > 0);
    let (count, most) = (differences().count(), differences().max().unwrap_or(0));
    assert!(count <= a.rgb.len() / 5_000 && most <= 64, "{count} values differ, by up to {most}");
}

#[test]
fn the_sample_shows_the_same_when_read_back() {
    let fonts = fonts();
    let master = master(&fonts);
    let original = document(&fonts, &master, "张𠮷");
    let read = read_back(&original);
    for page in 0..2 {
        assert_same(&picture(&original, page), &picture(&read, page));
    }
}

fn press() -> (certpress::Press, Record, RenderOptions) {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    let press = Layout::open("layouts/title-senior.xml").unwrap().compile(&fonts).unwrap();
    let press = press.with_seal(Sealer::demo().unwrap()).unwrap();
    let record = Record::new()
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
        .with("provider", "样例省人力资源和社会保障厅")
        .with("approver", "样例审核人")
        .with("approval", "样例人社〔2026〕1号")
        .with("issuer_code", "11140000MB99999996")
        .with("identifier", "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2")
        .with("issuer", "样例省人力资源和社会保障厅");
    let options = RenderOptions {
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        image_root: Some(ImageRoot::open("examples").unwrap()),
        ..RenderOptions::default()
    };
    (press, record, options)
}

#[test]
fn a_certificate_shows_the_same_when_read_back_twice() {
    let (press, record, options) = press();
    let entry = press.bind(&record, &options).unwrap();
    let original = press.lay(&entry, options.time.unwrap(), &options).unwrap();
    let read = read_back(&original);
    let again = read_back(&read);
    for copy in [&read, &again] {
        assert_same(&picture(&original, 0), &picture(copy, 0));
    }
    assert_eq!(read.pages[0].seals, original.pages[0].seals[..0], "no seal is where no signature is");
    let tagged = |d: &Document| {
        let items = d.pages[0].items.iter();
        let text = |i: &certpress::page::Item| match &i.kind {
            ItemKind::Glyphs(run) => run.text.trim().to_owned(),
            _ => String::new(),
        };
        items.filter_map(|i| Some((d.master.tags[usize::from(i.tag?)].clone(), text(i)))).collect::<Vec<_>>()
    };
    assert_eq!(tagged(&read), tagged(&original));
}
