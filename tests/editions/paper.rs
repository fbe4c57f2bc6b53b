//! The paper editions: the whole page without a seal, and only what the record decides.

use std::collections::BTreeSet;

use certpress::page::{Item, ItemKind};
use certpress::{Edition, Layout, Record, Sealer};

use crate::{FONTS, lay, places, press, standings, words};

const EDITIONS: [Edition; 3] = [Edition::Electronic, Edition::Print, Edition::Overprint];

#[test]
fn each_edition_paints_what_is_meant_for_it() {
    let elements = "<text when='name' edition='electronic'>屏</text><text when='name' edition='print'>纸</text>
        <text when='name'>都</text><text edition='conversion'>转</text><seal x='10mm' y='10mm' diameter='20mm'/>";
    for (edition, expected, seals) in
        [(Edition::Electronic, "屏都", 1), (Edition::Print, "纸都", 0), (Edition::Overprint, "纸都", 0)]
    {
        let press = press(edition, "", elements);
        let page = &lay(&press, &[("name", "样例")]).pages[0];
        assert_eq!((words(&page.items).as_str(), page.seals.len()), (expected, seals), "{edition:?}");
    }
}

#[test]
fn paper_is_neither_original_nor_conversion_and_bears_no_note() {
    for edition in [Edition::Print, Edition::Overprint] {
        let press = press(edition, "", "<text>样例{{ name }}</text>");
        let document = lay(&press, &[("name", "欧阳")]);
        assert_eq!(standings(&press, &document), ["印刷稿", "印刷稿"]);
        assert_eq!(document.master.pages[0].conversion, []);
        assert!(press.with_seal(Sealer::demo().unwrap()).is_err());
    }
}

#[test]
fn each_edition_is_another_document() {
    let ids: BTreeSet<String> =
        EDITIONS.map(|edition| lay(&press(edition, "", "<text>{{ name }}</text>"), &[]).info.id).into();
    assert_eq!(ids.len(), 3);
}

#[test]
fn an_overprint_has_no_literals_no_rules_and_nothing_static() {
    let elements = "<rect x='1mm' y='1mm' width='9mm' height='9mm' fill='#eee'/><text>证书</text>
        <text y='10mm'>兹证明<u>{{ name }}</u>同志，于{{ day | date }}</text>
        <text y='20mm' when='note'>备注：<u>{{ note }}</u></text>
        <qr x='60mm' y='10mm' size='20mm' content='{{ name }}'/>";
    let press = press(Edition::Overprint, "", elements);
    let document = lay(&press, &[("name", "欧阳"), ("day", "2026-03-05")]);
    let page = &document.master.pages[0];
    assert_eq!((&page.background[..], &page.foreground[..]), (&[][..], &[][..]));
    assert_eq!(words(&document.pages[0].items), "欧阳2026年3月5日");
    let paths = |items: &[Item]| {
        items.iter().filter(|i| matches!(i.kind, ItemKind::Path(_) | ItemKind::Figure(_))).count()
    };
    assert_eq!(paths(&document.pages[0].items), 1, "the mark and no rule");
    // What stands under a condition of the record is on no sheet: all of it is printed.
    let document = lay(&press, &[("name", "欧阳"), ("day", "2026-03-05"), ("note", "样例")]);
    assert_eq!(words(&document.pages[0].items), "欧阳2026年3月5日备注：样例");
    assert_eq!(paths(&document.pages[0].items), 2, "the mark and the rule of the note");
    let carried: String =
        document.master.resources.fonts.iter().flat_map(|f| &f.glyphs).map(|g| g.text.as_str()).collect();
    assert!(carried.contains('备') && !carried.contains('兹'), "{carried}");
}

fn title() -> Record {
    crate::title_record::record()
}

#[test]
fn an_overprint_puts_each_character_where_the_full_page_has_it() {
    let [full, over] = [Edition::Print, Edition::Overprint].map(|edition| {
        let press = Layout::open("layouts/title-senior.xml").unwrap().compile_for(edition, &FONTS).unwrap();
        let document = crate::lay_record(&press, &title());
        places(&document.pages[0].items)
    });
    assert!(over.len() > 100 && over.len() < full.len(), "{} of {}", over.len(), full.len());
    let elsewhere: Vec<_> = over.difference(&full).collect();
    assert!(elsewhere.is_empty(), "{elsewhere:?}");
}

#[test]
fn a_payload_that_only_a_seal_can_sign_is_no_mark_for_paper() {
    let told = |edition| {
        let compiled = Layout::open("tests/layouts/signed.xml").unwrap().compile_for(edition, &FONTS);
        compiled.err().map(|e| e.to_string()).unwrap_or_default()
    };
    assert_eq!(told(Edition::Electronic), "");
    for edition in [Edition::Print, Edition::Overprint] {
        let told = told(edition);
        assert!(told.contains("a signed payload on paper, which has no seal to sign it"), "{told}");
        assert!(told.contains("signed.xml:21"), "{told}");
    }
    let text = std::fs::read_to_string("tests/layouts/signed.xml").unwrap();
    let text = text
        .replace("payload=", "edition=\"electronic\" payload=")
        .replace("logo=\"art/logo.svg\" logo-size=\"5mm\"", "");
    let press = Layout::from_text("t.xml", &text).unwrap().compile_for(Edition::Print, &FONTS).unwrap();
    let page = &lay(&press, &[("name", "欧阳样例")]).pages[0];
    assert!(page.items.iter().all(|item| matches!(item.kind, ItemKind::Glyphs(_))));
}
