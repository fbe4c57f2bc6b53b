//! Seals at elements and at words.

use certpress::geom::Rect;
use certpress::page::Document;
use certpress::{PressError, Record, Seals};

use super::{both, lay, page, record, refusal, seal, three_pages};

/// The middle of the only seal, in millimetres.
fn middle(document: &Document) -> (f64, f64) {
    let [seal] = document.pages[0].seals[..] else { panic!("{:?}", document.pages[0].seals) };
    let middle = seal.rect.middle();
    (middle.x.to_mm(), middle.y.to_mm())
}

fn near(found: (f64, f64), expected: (f64, f64)) {
    let off = (found.0 - expected.0).abs().max((found.1 - expected.1).abs());
    assert!(off < 0.05, "{found:?}, not {expected:?}");
}

const FOUND: &str = r#"<seal keyword="机关" dx="1mm" dy="-2mm"/>"#;

#[test]
fn a_seal_stands_over_what_an_element_paints_and_not_over_its_room() {
    let text =
        r#"<text id="who" x="50mm" y="100mm" width="100mm" align="end">{{ name }}</text><seal at="who"/>"#;
    let document = lay(&page(text).unwrap(), &record().with("name", "甲乙丙丁")).unwrap();
    // Four characters of 10 pt end at 150 mm.
    let em = 10.0 / 72.0 * 25.4;
    let (x, y) = middle(&document);
    assert!((x - (150.0 - 2.0 * em)).abs() < 0.05 && (100.0..106.0).contains(&y), "{x} {y}");
    let fixed = r##"<rect id="box" x="60mm" y="80mm" width="20mm" height="10mm" fill="#eee8d0"/><seal at="box" dx="10mm"/>"##;
    near(middle(&lay(&page(fixed).unwrap(), &record()).unwrap()), (80.0, 85.0));
}

#[test]
fn a_word_is_found_across_changes_of_font_and_subset() {
    let em = 10.0 / 72.0 * 25.4;
    let texts = [
        // Static text, a change of font, a record's own characters.
        r#"<text x="50mm" y="100mm">发证机关</text>"#,
        r#"<text x="50mm" y="100mm">发证机<span font="kai">关</span></text>"#,
        r#"<text x="50mm" y="100mm">发证{{ name }}关</text>"#,
    ];
    for (text, name) in texts.into_iter().zip(["", "", "机"]) {
        let document = lay(&page(&format!("{text}{FOUND}")).unwrap(), &Record::new().with("name", name));
        let (x, _) = middle(&document.unwrap());
        assert!((x - (50.0 + 3.0 * em + 1.0)).abs() < 0.05, "{text}: {x}");
    }
    let spaced = r#"<text x="50mm" y="100mm" letter-spacing="1em">机 关</text>"#;
    assert!(lay(&page(&format!("{spaced}{FOUND}")).unwrap(), &record()).is_ok());
}

#[test]
fn a_keyword_may_come_from_the_record() {
    let text = r#"<text x="50mm" y="100mm">发证机关：{{ name }}</text><seal keyword="{{ name }}"/>"#;
    let em = 10.0 / 72.0 * 25.4;
    let document = lay(&page(text).unwrap(), &record().with("name", "厅")).unwrap();
    assert!((middle(&document).0 - (50.0 + 5.5 * em)).abs() < 0.05);
}

#[test]
fn what_a_seal_stands_at_and_does_not_find_is_told() {
    let text = r#"<text x="50mm" y="100mm">发证单位</text>"#;
    let (code, said) = refusal(&page(&format!("{text}{FOUND}")).unwrap(), &record());
    assert_eq!(code, "seal-anchor");
    assert!(said.contains("t.xml") && said.contains("the page does not say 机关"), "{said}");
    let hidden = r#"<text id="who" x="50mm" y="100mm" when="note">{{ note }}</text><seal at="who"/>"#;
    let (code, said) = refusal(&page(hidden).unwrap(), &record());
    assert_eq!(code, "seal-anchor");
    assert!(said.contains("the element who paints nothing"), "{said}");
    let blank = page(r#"<text x="50mm" y="100mm">机关</text><seal keyword="{{ note }}"/>"#).unwrap();
    let (code, said) = refusal(&blank, &record());
    assert_eq!(code, "seal-anchor");
    assert!(said.contains("its keyword is empty"), "{said}");
    let apart = r#"<text x="50mm" y="100mm">发证机</text><text x="50mm" y="120mm">关</text>"#;
    assert_eq!(refusal(&page(&format!("{apart}{FOUND}")).unwrap(), &record()).0, "seal-anchor");
}

#[test]
fn a_seal_at_the_edge_of_the_paper_is_refused_and_not_cut() {
    let text = r#"<text x="5mm" y="100mm">机关</text>"#;
    let (code, said) = refusal(&page(&format!("{text}{FOUND}")).unwrap(), &record());
    assert_eq!(code, "seal-off-page");
    assert!(said.contains("hint: move it with dx and dy"), "{said}");
}

#[test]
fn mistakes_of_authors_are_told_at_once() {
    let wrong = page(
        r#"<text id="who" x="5mm" y="100mm">机关</text><seal at="whom"/><seal at="who" keyword="x"/><seal at="who" x="1mm"/>
        <seal straddle="right" x="1mm"/><seal dx="1mm" x="10mm" y="10mm"/><seal straddle="rigth"/><seal keyword=" "/>"#,
    );
    let Err(PressError::Source(mistakes)) = wrong else { panic!("it compiled") };
    let said = mistakes.to_string();
    for message in [
        "the page has no element with this id for the seal: whom",
        "did you mean who?",
        "seal has both at and keyword",
        "the seal's keyword is empty",
        "x says nothing on a seal with at",
        "x says nothing on a seal with straddle",
        "dx says nothing on a seal without at or keyword",
        "rigth",
    ] {
        assert!(said.contains(message), "{message}: {said}");
    }
}

#[test]
fn seals_that_cross_or_touch_are_refused_when_they_are_known_to_and_warned_of_when_they_may() {
    let two = |second: &str| page(&format!(r#"<seal x="50mm" y="50mm" diameter="40mm"/>{second}"#));
    let Err(PressError::Source(mistakes)) = two(r#"<seal role="other" x="90mm" y="50mm"/>"#) else {
        panic!()
    };
    assert!(mistakes.to_string().contains("crosses or touches another seal"), "{mistakes}");
    let may = two(r#"<seal role="other" x="80mm" y="50mm" when="note"/>"#).unwrap();
    assert!(may.warnings()[0].message.contains("another role wherever both are shown"));
    assert!(lay(&may, &record()).is_ok());
    assert_eq!(refusal(&may, &record().with("note", "x")).0, "seals-meet");
    let apart = two(r#"<seal role="other" x="91mm" y="50mm" diameter="40mm"/>"#).unwrap();
    assert!(apart.warnings().is_empty() && lay(&apart, &record()).is_ok());
    // The layout keeps room for 40 mm; seals of 45 mm meet.
    let large = Seals::new().with("issuer", seal("样例一厅", 45.0)).with("other", seal("样例二厅", 45.0));
    assert_eq!(refusal(&apart.with_seals(&large).unwrap(), &record()).0, "seals-meet");
}

#[test]
fn a_seal_stands_in_its_own_size_about_the_middle_of_its_place() {
    let press = page(r#"<seal x="50mm" y="50mm" diameter="40mm"/>"#).unwrap();
    assert_eq!(lay(&press, &record()).unwrap().pages[0].seals[0].rect, Rect::mm(50.0, 50.0, 40.0, 40.0));
    let press = press.with_seal(seal("样例三厅", 46.0)).unwrap();
    assert_eq!(lay(&press, &record()).unwrap().pages[0].seals[0].rect, Rect::mm(47.0, 47.0, 46.0, 46.0));
}

#[test]
fn each_role_stands_where_the_layout_says() {
    let press = three_pages();
    assert_eq!(press.seal_roles(), ["issuer", "reviewer"]);
    let document = lay(&press.with_seals(&both()).unwrap(), &record()).unwrap();
    let whole: Vec<_> = document.pages[2].seals.iter().filter(|seal| seal.clip.is_none()).collect();
    assert_eq!(whole.iter().map(|seal| seal.role).collect::<Vec<_>>(), [0, 1]);
    assert_eq!(whole[1].rect.width.to_mm(), 38.0, "its own size");
    near((whole[0].rect.middle().x.to_mm(), 0.0), (140.0, 0.0));
    let only_one = press.with_seal(certpress::Sealer::demo().unwrap()).err().unwrap().to_string();
    assert!(
        only_one.contains("needs a seal for the role reviewer; there are seals for: issuer"),
        "{only_one}"
    );
}
