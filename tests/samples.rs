//! The sample records are what their generator writes, and all of them bind.

#[path = "../examples/make_samples/rows.rs"]
mod rows;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use certpress::record::{BindOptions, Entry, Field, FieldKind, ImageRoot, Schema, Value, open};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

/// The fields of the senior title certificate.
fn schema() -> Schema {
    let text = || FieldKind::Text { max: 100 };
    let choice = |words: &[&str]| FieldKind::Choice(words.iter().map(|&w| w.to_owned()).collect());
    let image = FieldKind::Image { max_bytes: 16 << 10 };
    let fields = vec![
        Field::new("name", FieldKind::PersonName).required(),
        Field::new("sex", choice(&["男", "女"])).required(),
        Field::new("id_number", FieldKind::ResidentId).required(),
        Field::new("unit", text()).required(),
        Field::new("photo", image),
        Field::new("series", text()).required(),
        Field::new("speciality", text()).required(),
        Field::new("title", text()).required(),
        Field::new("level", choice(&["正高级", "副高级"])).required(),
        Field::new("committee", text()).required(),
        Field::new("issued_on", FieldKind::Date).required(),
        Field::new("number", text()).required(),
        Field::new("identifier", FieldKind::Identifier).required(),
        Field::new("approval", text()),
        Field::new("issuer", text()).required(),
        Field::new("issuer_code", FieldKind::Uscc),
        Field::new("note", text()),
    ];
    Schema { id: "title-senior".into(), fields }
}

fn entries() -> Vec<Entry> {
    let options = BindOptions { image_root: Some(ImageRoot::open(examples()).expect("the folder is there")) };
    let schema = schema();
    let records = open(examples().join("title-senior.csv")).expect("the file is there");
    records.map(|record| schema.bind(&record.expect("a row"), &options).expect("an entry")).collect()
}

#[test]
fn the_checked_in_rows_are_what_the_generator_writes() {
    let written = std::fs::read(examples().join("title-senior.csv")).unwrap();
    assert!(written == rows::csv().unwrap(), "run cargo run --example make_samples");
}

#[test]
fn a_thousand_records_bind_without_a_warning() {
    let entries = entries();
    assert_eq!(entries.len(), 1000);
    assert!(entries.iter().all(|entry| entry.warnings().is_empty()));
}

#[test]
fn codes_are_unique_and_of_an_area_that_does_not_exist() {
    let schema = schema();
    let texts = |field: &str| -> Vec<String> {
        let at = schema.index(field).unwrap();
        entries().iter().map(|entry| entry.value(at).text().into_owned()).collect()
    };
    for field in ["id_number", "number", "identifier"] {
        assert_eq!(texts(field).iter().collect::<BTreeSet<_>>().len(), 1000, "{field}");
    }
    assert!(texts("id_number").iter().all(|number| number.starts_with("999999")));
    assert!(texts("issuer_code").iter().all(|code| code.is_empty() || code.starts_with("11999999")));
    assert!(texts("unit").iter().all(|unit| unit.contains("样例") && unit.contains("虚构")));
}

#[test]
fn long_names_rare_characters_and_missing_values_are_among_them() {
    let entries = entries();
    let names: Vec<_> = entries.iter().map(|entry| entry.value(0).text().into_owned()).collect();
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
    let photos = entries.iter().filter(|entry| matches!(entry.value(4), Value::Image(_))).count();
    assert_eq!(photos, 900);
}

#[test]
fn the_photographs_are_small_portraits() {
    for index in 0..rows::PHOTOS {
        let data = std::fs::read(examples().join(rows::photo_path(index))).unwrap();
        assert!(data.len() < 10_000, "{index}: {} bytes", data.len());
        let image = certpress::record::image::read(data).unwrap();
        assert_eq!((image.width, image.height, image.components), (295, 413, 3));
    }
}
