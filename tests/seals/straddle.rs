//! Seals over the edges of several pages, in both formats and in pictures.

use std::io::{Cursor, Read as _};

use certpress::geom::Rect;
use certpress::{Record, png};

use super::{both, lay, options, page, record, seal, three_pages};

#[test]
fn each_page_shows_its_slice_and_together_they_are_the_seal() {
    let document = lay(&three_pages().with_seals(&both()).unwrap(), &record()).unwrap();
    for (i, page) in document.pages.iter().enumerate() {
        let clips: Vec<Rect> = page.seals.iter().filter_map(|seal| seal.clip).collect();
        assert_eq!(clips[0], Rect::mm(196.0, 127.5, 14.0, 42.0), "the middle of the right edge");
        assert_eq!(clips[0].x - page.seals[0].rect.x, Rect::mm(14.0 * i as f64, 0.0, 0.0, 0.0).x);
        let third = certpress::unit::Length::mm(38.0) / 3;
        assert!(
            (clips[1].height - third).abs().raw() <= 1 && clips[1].bottom().to_mm() == 297.0,
            "{clips:?}"
        );
        assert_eq!(
            clips[1].middle().x.to_mm(),
            55.0,
            "a seal of 38 mm about the middle of one of 30 mm at 40 mm"
        );
    }
}

#[test]
fn a_document_of_one_page_has_nothing_to_hold_together() {
    let press = page(r#"<seal straddle="right"/>"#).unwrap().with_seal(seal("样例四厅", 42.0)).unwrap();
    assert!(lay(&press, &Record::new()).unwrap().pages[0].seals.is_empty());
    let certificate = press.render_with(&Record::new(), &options()).unwrap();
    assert!(certificate.ofd().is_some() && certificate.pdf().is_some(), "sealed all the same");
}

#[test]
fn the_ofd_tells_each_slice_as_a_stamp_with_a_clip() {
    let press = three_pages().with_seals(&both()).unwrap();
    let certificate = press.render_with(&record(), &options()).unwrap();
    let mut package = zip::ZipArchive::new(Cursor::new(certificate.ofd().unwrap())).unwrap();
    let mut xml = String::new();
    package.by_name("Doc_0/Signs/Sign_0/Signature.xml").unwrap().read_to_string(&mut xml).unwrap();
    let tree = roxmltree::Document::parse(&xml).unwrap();
    let said: Vec<(&str, Option<&str>)> = tree
        .descendants()
        .filter(|n| n.has_tag_name(("http://www.ofdspec.org/2016", "StampAnnot")))
        .map(|n| (n.attribute("Boundary").unwrap(), n.attribute("Clip")))
        .collect();
    assert_eq!(said[0], ("196 127.5 42 42", Some("0 0 14 42")));
    assert_eq!(said[1], ("182 127.5 42 42", Some("14 0 14 42")));
    assert!(said.contains(&("168 127.5 42 42", Some("28 0 14 42"))));
    assert_eq!(said.iter().filter(|(_, clip)| clip.is_none()).count(), 1, "the whole seal on the last page");
}

/// Rows of the right 14 mm of each page, laid side by side.
fn assembled(document: &certpress::page::Document, seals: &[&certpress::page::SealArtwork]) -> Vec<[u8; 3]> {
    let options = png::Options { dpi: 127.0, seals };
    let pages: Vec<png::Picture> = (0..3).map(|i| png::page(document, i, &options).unwrap()).collect();
    // 5 pixels a millimetre: 70 across, rows 637 to 848.
    let mut pixels = Vec::new();
    for y in 637..848 {
        for page in &pages {
            for x in page.width - 70..page.width {
                let at = ((y * page.width + x) * 3) as usize;
                pixels.push([page.rgb[at], page.rgb[at + 1], page.rgb[at + 2]]);
            }
        }
    }
    pixels
}

#[test]
fn fanned_out_the_pages_show_the_seal_as_it_is() {
    let press = three_pages().with_seals(&both()).unwrap();
    let document = lay(&press, &record()).unwrap();
    let artworks = press.seal_artworks();
    let fanned = assembled(&document, &artworks);
    // The same seal, whole, on a page of its own.
    let whole = page(r#"<seal x="0mm" y="127.5mm"/>"#).unwrap().with_seal(certpress::Sealer::demo().unwrap());
    let whole = whole.unwrap();
    let document = lay(&whole, &record()).unwrap();
    let options = png::Options { dpi: 127.0, seals: &whole.seal_artworks() };
    let picture = png::page(&document, 0, &options).unwrap();
    let expected: Vec<[u8; 3]> = (637..848)
        .flat_map(|y| (0..210).map(move |x| (y * 1050 + x) * 3))
        .map(|at| [picture.rgb[at], picture.rgb[at + 1], picture.rgb[at + 2]])
        .collect();
    let differing = fanned.iter().zip(&expected).filter(|(a, b)| a[1].abs_diff(b[1]) > 60).count();
    let red = expected.iter().filter(|p| p[1] < 128).count();
    assert!(red > 4_000, "there is a seal: {red}");
    assert!(differing < 40, "{differing} of {} pixels differ", fanned.len());
}
