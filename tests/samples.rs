//! The sample records are what their generator writes, and the layouts that ship take all of them.

#[path = "../examples/make_samples/rows/mod.rs"]
mod rows;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use certpress::record::{BindOptions, Entry, ImageRoot, Schema, Value, open};
use certpress::{Fonts, Layout};

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    Arc::new(Fonts::open(&folder).expect("the faces ship"))
});

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The fields of `layout`, and what its sample records bind to.
fn bound(layout: &str) -> (Schema, Vec<Entry>) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("layouts/{layout}.xml"));
    let press = Layout::open(path).expect("the layout is there").compile(&FONTS).expect("it compiles");
    let image_root = Some(ImageRoot::open(examples()).expect("the folder is there"));
    let options = BindOptions { image_root, ..BindOptions::default() };
    let schema = press.schema().clone();
    let files = rows::files().expect("the generator makes them");
    let file = files.into_iter().find(|file| layout_of(file) == layout).expect("every layout has samples");
    let records = open(examples().join(file.name)).expect("the file is there");
    let entries = records.map(|r| schema.bind(&r.expect("a row"), &options).expect("an entry")).collect();
    (schema, entries)
}

/// The values of `field`; none if the layout does not have it.
fn texts((schema, entries): &(Schema, Vec<Entry>), field: &str) -> Vec<String> {
    let Some(at) = schema.index(field) else { return Vec::new() };
    entries.iter().map(|entry| entry.value(at).text().into_owned()).collect()
}

fn layouts() -> Vec<String> {
    rows::files().expect("the generator makes them").iter().map(|file| layout_of(file).to_owned()).collect()
}

/// The layout that a file has samples for.
fn layout_of(file: &rows::SampleFile) -> &str {
    file.name.split('.').next().unwrap_or_default()
}

#[test]
fn the_checked_in_rows_are_what_the_generator_writes() {
    for file in rows::files().unwrap() {
        let written = std::fs::read(examples().join(&file.name)).unwrap();
        assert!(written == file.data, "{}: run cargo run --example make_samples", file.name);
    }
}

#[test]
fn every_layout_that_has_pages_has_samples() {
    let files = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts")).unwrap();
    let names = files.map(|f| f.unwrap().file_name().into_string().unwrap());
    let shipped = names.filter_map(|n| n.strip_suffix(".xml").map(str::to_owned));
    let shipped: BTreeSet<String> = shipped.filter(|n| !n.ends_with("-base")).collect();
    assert_eq!(layouts().into_iter().collect::<BTreeSet<_>>(), shipped);
}

#[test]
fn all_records_bind_without_a_warning_and_two_of_each_file_are_reissues() {
    for layout in layouts() {
        let bound = bound(&layout);
        assert!(bound.1.len() >= 20, "{layout}");
        assert!(bound.1.iter().all(|entry| entry.warnings().is_empty()), "{layout}");
        // A list has no holder who could lose it.
        let has_holder = bound.0.index("name").is_some();
        let reissues = texts(&bound, "reissue_of").into_iter().filter(|text| !text.is_empty());
        assert!(reissues.count() >= 2 || !has_holder, "{layout}");
    }
}

#[test]
fn the_command_of_the_readme_has_a_thousand_records() {
    assert_eq!(bound("title-senior").1.len(), 1000);
}

#[test]
fn codes_are_unique_and_of_an_area_that_does_not_exist() {
    let mut identifiers = BTreeSet::new();
    for layout in layouts() {
        let bound = bound(&layout);
        for field in ["id_number", "number"] {
            let texts = texts(&bound, field);
            let unique: BTreeSet<_> = texts.iter().collect();
            assert_eq!(unique.len(), texts.len(), "{layout} {field}");
        }
        for field in ["identifier", "reissue_of"] {
            for identifier in texts(&bound, field).into_iter().filter(|text| !text.is_empty()) {
                assert!(identifiers.insert(identifier.clone()), "{layout} {identifier}");
            }
        }
        assert!(texts(&bound, "id_number").iter().all(|number| number.starts_with("999999")));
        assert!(texts(&bound, "issuer_code").iter().all(|code| code[2..].starts_with("999999")));
        assert!(texts(&bound, "issuer").iter().all(|unit| unit.contains("样例") && unit.contains("虚构")));
    }
}

#[test]
fn an_identifier_holds_the_code_of_its_issuer() {
    for layout in layouts() {
        let bound = bound(&layout);
        for (identifier, code) in texts(&bound, "identifier").iter().zip(texts(&bound, "issuer_code")) {
            assert_eq!(identifier.split('.').nth(6), Some(code.as_str()), "{layout}");
        }
    }
}

#[test]
fn long_names_rare_characters_and_missing_values_are_among_them() {
    let senior = bound("title-senior");
    let names = texts(&senior, "name");
    assert!(names.iter().filter(|name| name.chars().count() == 50).count() >= 2);
    assert!(names.iter().any(|name| name.chars().count() == 2));
    let extensions = [
        '\u{3400}'..='\u{4DBF}',
        '\u{20000}'..='\u{2A6DF}',
        '\u{2A700}'..='\u{2B73F}',
        '\u{2B740}'..='\u{2B81F}',
        '\u{2B820}'..='\u{2CEAF}',
        '\u{2CEB0}'..='\u{2EBEF}',
    ];
    for extension in extensions {
        assert!(names.iter().any(|name| name.chars().any(|c| extension.contains(&c))), "{extension:?}");
    }
    let photo = senior.0.index("photo").unwrap();
    let photos = senior.1.iter().filter(|entry| matches!(entry.value(photo), Value::Image(_))).count();
    assert_eq!(photos, 900);
}

#[test]
fn the_photographs_are_small_portraits() {
    for index in 0..rows::PHOTOS {
        let data = std::fs::read(examples().join(rows::photo_path(index))).unwrap();
        assert!(data.len() < 10_000, "{index}: {} bytes", data.len());
        let image = certpress::page::Image::read(data).unwrap();
        assert_eq!((image.width, image.height, image.components), (295, 413, 3));
    }
}
