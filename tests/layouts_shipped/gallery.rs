//! The gallery shows every layout.

use super::SHIPPED;

#[test]
fn every_layout_has_its_picture_and_its_place_in_the_gallery() {
    let readme = std::fs::read_to_string("layouts/README.md").unwrap();
    for name in SHIPPED.keys() {
        let picture = std::fs::read(format!("docs/gallery/{name}.png"));
        let picture = picture.unwrap_or_else(|e| panic!("{name}: {e}; run cargo run --example make_gallery"));
        assert!(
            picture.starts_with(b"\x89PNG") && picture.len() < 200_000,
            "{name}: {} bytes",
            picture.len()
        );
        assert!(
            readme.contains(&format!("../docs/gallery/{name}.png")) && readme.contains(&format!("`{name}`"))
        );
    }
}

#[test]
fn the_gallery_names_only_what_is_there() {
    let readme = std::fs::read_to_string("layouts/README.md").unwrap();
    for link in readme.split(['"', '(', ')']).filter(|word| word.starts_with("../")) {
        assert!(std::path::Path::new("layouts").join(link).exists(), "{link}");
    }
}
