//! Pages read back show what was written, and can be written again.

use certpress::ofd::Base;
use certpress::ofd::read::{self, Limits, Package};
use certpress::page::{Document, Item, ItemKind};
use certpress::png::{self, Picture};

use super::certificate;
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

#[test]
fn a_certificate_shows_the_same_when_read_back_twice() {
    let original = certificate::document();
    let read = read_back(&original);
    let again = read_back(&read);
    for copy in [&read, &again] {
        assert_same(&picture(&original, 0), &picture(copy, 0));
    }
    assert_eq!(read.pages[0].seals, original.pages[0].seals[..0], "no seal is where no signature is");
    let tagged = |d: &Document| {
        let items = d.pages[0].items.iter();
        let text = |i: &Item| match &i.kind {
            ItemKind::Glyphs(run) => run.text.trim().to_owned(),
            _ => String::new(),
        };
        items.filter_map(|i| Some((d.master.tags[usize::from(i.tag?)].clone(), text(i)))).collect::<Vec<_>>()
    };
    assert_eq!(tagged(&read), tagged(&original));
}
