//! The vocational qualification certificates: one B5 sheet, its outer side and its inner side.

use certpress::page::{Document, ItemKind};

use super::{PLAIN, SHIPPED, lay, samples, words};

fn laid(layout: &str) -> Document {
    lay(&SHIPPED[layout], &samples(layout)[PLAIN])
}

#[test]
fn the_cover_and_the_holder_are_two_upright_b5_pages() {
    for name in ["vocational-access", "vocational-level"] {
        let document = laid(name);
        assert_eq!(document.pages.len(), 2, "{name}");
        for page in &document.master.pages {
            assert_eq!((page.size.width.to_mm(), page.size.height.to_mm()), (176.0, 250.0), "{name}");
        }
    }
}

#[test]
fn the_cover_is_dark_red_or_dark_green_and_the_same_for_everyone() {
    for (name, leather, kind) in [
        ("vocational-access", [0x6b, 0x18, 0x1d], "准入类"),
        ("vocational-level", [0x12, 0x38, 0x2d], "水平评价类"),
    ] {
        let document = laid(name);
        let ItemKind::Path(first) = &document.master.pages[0].background[0].kind else { panic!("{name}") };
        let color = first.fill.unwrap().color;
        assert_eq!([color.r, color.g, color.b], leather, "{name}");
        assert!(document.pages[0].items.is_empty() && document.pages[0].seals.is_empty(), "{name}");
        for page in 0..2 {
            assert!(words(&document, page).contains(kind), "{name} page {page}");
        }
    }
}

#[test]
fn the_inner_side_has_photo_mark_and_seal_and_all_about_the_holder() {
    for name in ["vocational-access", "vocational-level"] {
        let press = &SHIPPED[name];
        let document = laid(name);
        let page = &document.pages[1];
        assert_eq!(page.seals.len(), 1, "{name}");
        let shown: Vec<&str> = page
            .items
            .iter()
            .filter_map(|item| item.tag)
            .map(|tag| press.schema().fields[usize::from(tag)].name.as_str())
            .collect();
        for field in [
            "name",
            "sex",
            "birth",
            "id_number",
            "photo",
            "profession",
            "issued_on",
            "approval",
            "number",
            "identifier",
            "issuer",
        ] {
            assert!(shown.contains(&field), "{name} {field}");
        }
    }
}
