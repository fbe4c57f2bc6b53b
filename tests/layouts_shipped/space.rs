//! What stands where: nothing runs into anything else, and seals hide nothing but what they attest.

use certpress::geom::Rect;
use certpress::page::{Document, GlyphRun, Item, ItemKind};
use certpress::unit::Length;

use super::{SHIPPED, lay, samples};

/// Below this, print on paper is hard to read.
const SMALLEST_PT: f64 = 6.0;

/// The upright runs of page `index` with what they show, the layout's own first.
fn runs(document: &Document, index: usize) -> Vec<(&Item, &GlyphRun)> {
    let page = &document.pages[index];
    let master = &document.master.pages[page.master];
    let items = master.background.iter().chain(&page.items).chain(&master.foreground);
    let glyphs = items.filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) if run.map.b == 0.0 => Some((item, run)),
        _ => None,
    });
    glyphs.collect()
}

/// The middle of the line, where all characters have ink: ascenders and gaps may touch, words may not. The right half of a closing
/// mark is blank, and another mark may begin there.
fn core(run: &GlyphRun) -> Rect {
    let slack = Length::mm(0.1);
    let blank = if run.text.ends_with(['）', '，', '。', '》']) { run.size / 2 } else { Length::ZERO };
    let width = (run.advance - blank).scale(run.map.a) - slack * 2;
    Rect::new(run.origin.x + slack, run.origin.y - run.size.scale(0.7), width, run.size.scale(0.6))
}

#[test]
fn no_words_stand_on_other_words() {
    for (name, press) in &*SHIPPED {
        for (row, record) in samples(name).iter().enumerate() {
            let document = lay(press, record);
            for index in 0..document.pages.len() {
                let runs = runs(&document, index);
                for (i, (_, a)) in runs.iter().enumerate() {
                    for (_, b) in &runs[i + 1..] {
                        let meet = core(a).overlaps(&core(b));
                        assert!(!meet, "{name} row {row}: {:?} stands on {:?}", b.text, a.text);
                    }
                }
            }
        }
    }
}

#[test]
fn no_word_is_set_too_small_to_read() {
    for (name, press) in &*SHIPPED {
        for record in samples(name) {
            let document = lay(press, &record);
            for index in 0..document.pages.len() {
                for (_, run) in runs(&document, index) {
                    assert!(run.size >= Length::pt(SMALLEST_PT), "{name}: {:?} at {:?}", run.text, run.size);
                }
            }
        }
    }
}

#[test]
fn seals_stand_over_issuer_and_date_and_nothing_else() {
    for (name, press) in &*SHIPPED {
        for (row, record) in samples(name).iter().enumerate() {
            let document = lay(press, record);
            for (index, page) in document.pages.iter().enumerate() {
                for seal in &page.seals {
                    let below: Vec<&str> = runs(&document, index)
                        .into_iter()
                        .filter(|(_, run)| core(run).overlaps(&seal.visible()))
                        .map(|(item, _)| {
                            item.tag.map_or("", |tag| document.master.tags[usize::from(tag)].as_str())
                        })
                        .collect();
                    // A slice of a seal that rides over the pages' edges stands in the margin.
                    let expected: &[&str] = if seal.clip.is_some() { &[] } else { &["issuer", "issued_on"] };
                    let attested = expected.iter().all(|field| below.contains(field));
                    let others = below.iter().any(|field| !expected.contains(field));
                    assert!(attested && !others, "{name} row {row}: {below:?}");
                }
            }
        }
    }
}
