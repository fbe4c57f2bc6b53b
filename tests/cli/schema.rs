//! The schemas of records.

use std::path::Path;

use serde_json::Value;

use crate::support::Place;

fn printed(arguments: &[&str]) -> Value {
    let told = Place::new().run(&[&["schema"], arguments].concat()).exits(0);
    serde_json::from_str(&told.stdout).unwrap()
}

#[test]
fn the_schema_of_any_attached_record_is_the_published_one() {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/record.schema.json");
    let published: Value = serde_json::from_str(&std::fs::read_to_string(published).unwrap()).unwrap();
    assert_eq!(printed(&[]), published);
}

#[test]
fn a_layouts_schema_names_its_fields_as_they_come_in_or_as_certificates_carry_them() {
    let (carried, input) = (printed(&["small.xml"]), printed(&["small.xml", "--input"]));
    assert_eq!(carried["properties"]["schema"]["const"], "small");
    for fields in [&carried["properties"]["fields"]["properties"], &input["properties"]] {
        for name in ["number", "name", "issued_on", "identifier"] {
            assert!(fields[name].is_object(), "{name} is missing in {fields:#}");
        }
    }
    assert!(input["properties"]["metadata"].is_null(), "metadata do not come in");
}

#[test]
fn input_without_a_layout_and_a_layout_that_does_not_compile_are_refused() {
    let place = Place::new();
    place.run(&["schema", "--input"]).exits(2).complains(&["LAYOUT"]);
    place.write("small.xml", "<layout/>");
    let told = place.run(&["schema", "small.xml"]).exits(2).complains(&["the layout does not compile"]);
    assert_eq!(told.stdout, "");
}
