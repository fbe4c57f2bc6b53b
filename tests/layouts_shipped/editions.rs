//! The paper editions of every layout that ships: for a printer, and for sheets that bear the form already.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::page::{Document, Item, ItemKind, Standing};
use certpress::{Edition, Fonts, Layout, Press, Record};

use super::{PLAIN, REISSUE, SHIPPED, lay, samples, words};

/// The print and the overprint of each layout.
static PAPER: LazyLock<BTreeMap<&str, [Press; 2]>> = LazyLock::new(|| {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    let compiled = |name: &str, edition| {
        let layout = Layout::open(Path::new("layouts").join(name).with_extension("xml")).unwrap();
        layout.compile_for(edition, &fonts).unwrap()
    };
    let editions = |name| [Edition::Print, Edition::Overprint].map(|edition| compiled(name, edition));
    SHIPPED.keys().map(|name| (name.as_str(), editions(name))).collect()
});

/// The records to look at: a plain one, and a reissue if the layout knows such.
fn records(layout: &str) -> Vec<Record> {
    let reissue = SHIPPED[layout].schema().index("reissue_of").is_some();
    let samples = samples(layout);
    [Some(PLAIN), reissue.then_some(REISSUE)].into_iter().flatten().map(|i| samples[i].clone()).collect()
}

/// What the record adds to page `index`, and the layout's own.
fn items(document: &Document, index: usize) -> Vec<Item> {
    let page = &document.pages[index];
    let master = &document.master.pages[page.master];
    [&master.background[..], &page.items, &master.foreground].concat()
}

/// A glyph's characters, and the middle of its line in micrometres.
type Placed = (String, [i64; 2]);

/// Where the glyphs of `items` stand.
fn places<'a>(items: impl IntoIterator<Item = &'a Item>) -> BTreeSet<Placed> {
    let mut places = BTreeSet::new();
    for item in items {
        let ItemKind::Glyphs(run) = &item.kind else { continue };
        for (i, glyph) in run.glyphs.iter().enumerate() {
            let (right, down) = (glyph.x.scale(run.map.a), glyph.x.scale(run.map.b));
            let place = [run.origin.x + right, run.origin.y + down];
            let micrometres = place.map(|length| (length.to_mm() * 1e3).round() as i64);
            places.insert((run.text_of(i).to_owned(), micrometres));
        }
    }
    places
}

#[test]
fn a_print_says_all_that_the_electronic_page_says() {
    for (name, [print, _]) in &*PAPER {
        for record in records(name) {
            let (electronic, print) = (lay(&SHIPPED[*name], &record), lay(print, &record));
            assert_eq!(print.pages.len(), electronic.pages.len(), "{name}");
            for index in 0..print.pages.len() {
                assert_eq!(words(&print, index), words(&electronic, index), "{name} page {index}");
            }
        }
    }
}

#[test]
fn paper_bears_no_seal_and_no_note_and_says_what_it_is() {
    for (name, editions) in &*PAPER {
        for (press, record) in editions.iter().flat_map(|p| records(name).into_iter().map(move |r| (p, r))) {
            let document = lay(press, &record);
            let standings = document.info.standings;
            assert_eq!((standings.ofd, standings.pdf), (Standing::PrintCopy, Standing::PrintCopy), "{name}");
            assert!(press.seal_roles().is_empty(), "{name}");
            for page in &document.pages {
                assert!(page.seals.is_empty() && page.conversion.is_empty(), "{name}");
                assert!(document.master.pages[page.master].conversion.is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn an_overprint_has_nothing_of_the_sheets_and_all_of_the_records_in_its_place() {
    for (name, [_, over]) in &*PAPER {
        for record in records(name) {
            let (electronic, over) = (lay(&SHIPPED[*name], &record), lay(over, &record));
            for (index, page) in over.pages.iter().enumerate() {
                let sheet = &over.master.pages[page.master];
                assert!(sheet.background.is_empty() && sheet.foreground.is_empty(), "{name}");
                let all = items(&electronic, index);
                let printed = places(&page.items);
                let elsewhere: Vec<_> = printed.difference(&places(&all)).cloned().collect();
                assert!(elsewhere.is_empty(), "{name}: {elsewhere:?}");
                // Values are tagged with their fields.
                let values = places(all.iter().filter(|item| item.tag.is_some()));
                let missing: Vec<_> = values.difference(&printed).collect();
                assert!(missing.is_empty(), "{name}: {missing:?}");
                let master = &electronic.master.pages[electronic.pages[index].master];
                let form = places(master.background.iter().chain(&master.foreground));
                let twice: Vec<_> = form.intersection(&printed).collect();
                assert!(twice.is_empty(), "{name}: {twice:?}");
            }
        }
    }
}

#[test]
fn an_overprint_draws_marks_and_pictures_alone_unless_it_is_a_reissue() {
    for (name, [_, over]) in &*PAPER {
        let record = &records(name)[0];
        let (electronic, over) = (lay(&SHIPPED[*name], record), lay(over, record));
        for index in 0..over.pages.len() {
            let is_mark = |item: &&Item| matches!(item.kind, ItemKind::Figure(_));
            let is_drawn = |item: &&Item| is_mark(item) || matches!(item.kind, ItemKind::Path(_));
            let electronic = items(&electronic, index);
            let drawn: Vec<&Item> = over.pages[index].items.iter().filter(is_drawn).collect();
            let is_there = |item: &&Item| electronic.iter().any(|other| other.kind == item.kind);
            assert!(drawn.iter().all(|item| is_mark(item) && is_there(item)), "{name}: {drawn:?}");
        }
    }
}

#[test]
fn a_reissue_says_so_on_paper_too() {
    for (name, editions) in &*PAPER {
        let [plain, reissue] = &records(name)[..] else { continue };
        for press in editions {
            let says = |record: &Record| {
                let document = lay(press, record);
                (0..document.pages.len()).any(|index| words(&document, index).contains("补发"))
            };
            assert!(says(reissue) && !says(plain), "{name}");
        }
    }
}
