//! The title certificates: A4, one page; three grades, as reviewed by the department, by a unit, or for private enterprises.

use certpress::page::{Document, ItemKind, PathItem};

use super::{PLAIN, SHIPPED, lay, samples, words};

/// The grades, their words and colours.
const GRADES: [(&str, &str, [u8; 3]); 3] = [
    ("senior", "（高级）", [0x1d, 0x4f, 0x91]),
    ("intermediate", "（中级）", [0x1c, 0x6b, 0x45]),
    ("junior", "（初级）", [0xa8, 0x23, 0x2b]),
];

fn laid(layout: &str) -> Document {
    lay(&SHIPPED[layout], &samples(layout)[PLAIN])
}

#[test]
fn all_stand_on_one_upright_a4_page() {
    for (grade, ..) in GRADES {
        for kind in ["", "-self-review", "-scope"] {
            let document = laid(&format!("title-{grade}{kind}"));
            assert_eq!(document.pages.len(), 1);
            let size = document.master.pages[0].size;
            assert_eq!((size.width.to_mm(), size.height.to_mm()), (210.0, 297.0));
            assert_eq!(document.pages[0].seals.len(), 1);
        }
    }
}

#[test]
fn each_grade_has_its_word_and_the_colour_of_its_border() {
    for (grade, word, [r, g, b]) in GRADES {
        let document = laid(&format!("title-{grade}"));
        assert!(words(&document, 0).contains(word), "{grade}");
        let is_ink = |path: &PathItem| {
            path.stroke.as_ref().is_some_and(|s| (s.color.r, s.color.g, s.color.b) == (r, g, b))
        };
        let strokes = document.master.pages[0].background.iter();
        let inked = strokes.filter(|item| matches!(&item.kind, ItemKind::Path(path) if is_ink(path)));
        assert!(inked.count() > 20, "{grade}");
    }
}

#[test]
fn a_unit_that_reviews_for_itself_is_named_as_the_issuer_beside_the_note() {
    for (grade, ..) in GRADES {
        let name = format!("title-{grade}-self-review");
        let mut issuers = Vec::new();
        for record in samples(&name) {
            let document = lay(&SHIPPED[&name], &record);
            assert!(words(&document, 0).contains("自主评审"), "{name}");
            issuers.push(document.info.author);
        }
        issuers.sort();
        issuers.dedup();
        assert!(issuers.len() >= 3, "{issuers:?}");
        assert!(!words(&laid(&format!("title-{grade}")), 0).contains("自主评审"));
    }
}

#[test]
fn the_scope_of_use_stands_on_the_face_whole() {
    for (grade, ..) in GRADES {
        let name = format!("title-{grade}-scope");
        let at = SHIPPED[&name].schema().index("scope").unwrap() as u16;
        for record in samples(&name) {
            let document = lay(&SHIPPED[&name], &record);
            let scope: String = document.pages[0]
                .items
                .iter()
                .filter(|item| item.tag == Some(at))
                .filter_map(|item| match &item.kind {
                    ItemKind::Glyphs(run) => Some(run.text.as_str()),
                    _ => None,
                })
                .collect();
            assert_eq!(Some(scope.as_str()), record.get("scope"), "{name}");
        }
    }
}
