//! What `certpress verify --json` prints is what docs/verify-report.schema.json says.

use std::path::Path;

use serde_json::{Value, json};

use super::support::{FIXED, Place};

fn schema() -> Value {
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify-report.schema.json");
    serde_json::from_str(&std::fs::read_to_string(published).unwrap()).unwrap()
}

/// What `value` has against `schema`, by the keywords that the published schema uses; patterns are left to the strangers' validator.
fn against(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    const JUDGED: [&str; 8] =
        ["$ref", "type", "enum", "required", "additionalProperties", "properties", "items", "minimum"];
    const OTHER: [&str; 6] = ["$schema", "$id", "$defs", "title", "description", "pattern"];
    let is_known = |keyword: &String| JUDGED.contains(&keyword.as_str()) || OTHER.contains(&keyword.as_str());
    assert!(schema.as_object().unwrap().keys().all(is_known), "{path}: {schema}");
    if let Some(name) = schema["$ref"].as_str() {
        let target = root.pointer(name.strip_prefix('#').unwrap()).unwrap_or_else(|| panic!("{name}"));
        return against(root, target, value, path);
    }
    let mut faults = Vec::new();
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{path}: {other}"),
    };
    let allows = |kinds: &Value| match kinds {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        _ => true,
    };
    if !allows(&schema["type"]) {
        faults.push(format!("{path} is not a {}: {value}", schema["type"]));
    }
    if let Some(values) = schema["enum"].as_array().filter(|values| !values.contains(value)) {
        faults.push(format!("{path} is none of {values:?}: {value}"));
    }
    if value.as_u64().zip(schema["minimum"].as_u64()).is_some_and(|(value, least)| value < least) {
        faults.push(format!("{path} is too small: {value}"));
    }
    for (at, item) in value.as_array().into_iter().flatten().enumerate() {
        faults.extend(against(root, &schema["items"], item, &format!("{path}/{at}")));
    }
    if let Some(members) = value.as_object() {
        for name in schema["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()) {
            if !members.contains_key(name) {
                faults.push(format!("{path} has no {name}"));
            }
        }
        for (name, member) in members {
            match schema["properties"].get(name) {
                Some(schema) => faults.extend(against(root, schema, member, &format!("{path}/{name}"))),
                None => faults.push(format!("{path} has {name}")),
            }
        }
    }
    faults
}

fn faults(line: &Value) -> Vec<String> {
    let root = schema();
    against(&root, &root, line, "")
}

#[test]
fn reports_about_files_of_every_kind_are_what_the_schema_says() {
    let place = Place::new();
    place.render(&[&FIXED[..], &["--timestamp", "--limit", "1"]].concat()).exits(0);
    place.write("out/note.pdf", "no certificate");
    std::fs::write(place.path("out/cut.ofd"), b"PK\x03\x04 and no more").unwrap();
    let told = place.run(&["verify", "out", "--trust", "demo", "--at", "2026-03-06T00:00:00Z", "--json"]);
    let lines: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.len() >= 4, "{}", told.stdout);
    for line in &lines {
        assert_eq!(faults(line), [""; 0], "{line:#}");
    }
}

#[test]
fn a_report_with_a_member_more_less_or_of_another_kind_is_not() {
    let place = Place::new();
    place.render(&[&FIXED[..], &["--limit", "1"]].concat()).exits(0);
    let told = place.run(&["verify", "out/A-1.ofd", "--json"]).exits(3);
    let line: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(faults(&line), [""; 0]);
    let twin = |pointer: &str, value: Value| {
        let mut twin = line.clone();
        *twin.pointer_mut(pointer).unwrap() = value;
        twin
    };
    for (twin, fault) in [
        (twin("/verdict", json!("GOOD")), "/verdict is none of"),
        (twin("/subject", json!({})), "/subject has no title"),
        (twin("/signatures/0/facts/trust", json!(true)), "/signatures/0/facts/trust is none of"),
        (twin("/findings/0/found", json!(1)), "/findings/0/found is not a"),
        (twin("/signatures/0/signer", json!({"name": "a", "more": 1})), "/signatures/0/signer has more"),
    ] {
        let found = faults(&twin);
        assert!(found.iter().any(|f| f.starts_with(fault)), "{fault}: {found:?}");
    }
}
