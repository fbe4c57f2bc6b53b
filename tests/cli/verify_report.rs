//! What `certpress verify --json` prints is what docs/verify-report.schema.json says, and with `--qr` docs/verify-mark.schema.json.

use std::path::Path;

use serde_json::{Value, json};

use super::support::{FIXED, Place};

const FILES: &str = "urn:certpress:verify-report:1";
const MARKS: &str = "urn:certpress:verify-mark:1";

/// A published schema, by its $id.
fn schema(id: &str) -> Value {
    let name = id.split(':').nth(2).unwrap();
    let published = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/{name}.schema.json"));
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(published).unwrap()).unwrap();
    assert_eq!(schema["$id"], id);
    schema
}

/// What `value` has against `schema`, by the keywords that the published schema uses; patterns are left to the strangers' validator.
fn against(root: &Value, schema: &Value, value: &Value, path: &str) -> Vec<String> {
    const JUDGED: [&str; 9] = [
        "$ref",
        "oneOf",
        "type",
        "enum",
        "required",
        "additionalProperties",
        "properties",
        "items",
        "minimum",
    ];
    const OTHER: [&str; 6] = ["$schema", "$id", "$defs", "title", "description", "pattern"];
    let is_known = |keyword: &String| JUDGED.contains(&keyword.as_str()) || OTHER.contains(&keyword.as_str());
    assert!(schema.as_object().unwrap().keys().all(is_known), "{path}: {schema}");
    if let Some(name) = schema["$ref"].as_str() {
        let (id, pointer) = name.split_once('#').unwrap();
        let other = (!id.is_empty()).then(|| self::schema(id));
        let root = other.as_ref().unwrap_or(root);
        let target = root.pointer(pointer).unwrap_or_else(|| panic!("{name}"));
        return against(root, target, value, path);
    }
    if let Some(kinds) = schema["oneOf"].as_array() {
        // Of objects, the kind whose first member is there.
        let is_kind = |kind: &&Value| {
            let target = root.pointer(kind["$ref"].as_str().unwrap().trim_start_matches('#')).unwrap();
            value.get(target["required"][1].as_str().unwrap()).is_some()
        };
        let kind = kinds.iter().find(is_kind).unwrap_or_else(|| panic!("{path}: {value}"));
        return against(root, kind, value, path);
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
        for name in schema["required"]
            .as_array()
            .unwrap_or_else(|| panic!("{path}: {value}"))
            .iter()
            .map(|name| name.as_str().unwrap())
        {
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

fn faults(id: &str, line: &Value) -> Vec<String> {
    let root = schema(id);
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
    let unread = place.run(&["verify", "nowhere.ofd", "out/note.pdf", "--json"]).exits(2);
    let unread: Vec<Value> = unread.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(unread.len() == 2 && unread[0]["error"].is_string(), "{unread:?}");
    let lines = [lines, unread].concat();
    for line in &lines {
        assert_eq!(faults(FILES, line), [""; 0], "{line:#}");
    }
}

#[test]
fn a_report_with_a_member_more_less_or_of_another_kind_is_not() {
    let place = Place::new();
    place.render(&[&FIXED[..], &["--limit", "1"]].concat()).exits(0);
    let told = place.run(&["verify", "out/A-1.ofd", "--json"]).exits(3);
    let line: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!(faults(FILES, &line), [""; 0]);
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
        let found = faults(FILES, &twin);
        assert!(found.iter().any(|f| f.starts_with(fault)), "{fault}: {found:?}");
    }
}

#[test]
fn answers_about_marks_of_every_kind_are_what_their_schema_says() {
    let place = Place::new();
    certpress::seal::write_demo(&place.path("demo"), "a password for a test").unwrap();
    let specification = include_str!("../../docs/qr-payload.md");
    let texts: Vec<&str> =
        specification.lines().filter_map(|line| line.strip_prefix("text = CPQR1:")).collect();
    assert!(texts.len() > 10);
    let mut lines = Vec::new();
    for text in texts {
        let told = place.run(&[
            "verify",
            "--qr",
            &format!("CPQR1:{text}"),
            "--json",
            "--at",
            "2027-01-01T00:00:00Z",
        ]);
        lines.push(serde_json::from_str::<Value>(&told.stdout).unwrap());
    }
    place.write(
        "signed.jsonl",
        r#"{"name": "欧阳样例", "number": "A-1", "issuer_code": "11140000MB99999996"}"#,
    );
    let layout = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts/signed.xml");
    place
        .run(&[&["render", layout.to_str().unwrap(), "signed.jsonl", "--out", "out"], &FIXED[..]].concat())
        .exits(0);
    place.run(&["convert", "out/A-1.ofd", "--to", "png", "--dpi", "300", "--out", "print.png"]).exits(0);
    let given = ["--trust", "demo", "--intermediates", "demo/signer.crt", "--at", "2026-03-06T00:00:00Z"];
    let told = place.run(&[&["verify", "--qr", "print.png", "--json"], &given[..]].concat()).exits(0);
    lines.push(serde_json::from_str(&told.stdout).unwrap());
    for line in &lines {
        assert_eq!(faults(MARKS, line), [""; 0], "{line:#}");
    }
    let whole = lines.last().unwrap();
    assert!(whole["report"]["signer"].is_object() && whole["report"]["claims"].is_object(), "{whole:#}");
    for (pointer, value, fault) in [
        ("/mark", json!(1), "/mark is not a"),
        ("/report/verdict", json!("GENUINE"), "/report/verdict is none of"),
        ("/report/claims", json!({}), "/report/claims has no issuer"),
        ("/report/claims/is_reissue", json!("no"), "/report/claims/is_reissue is not a"),
        ("/report/signer", json!({"name": "a", "more": 1}), "/report/signer has more"),
        ("/report/findings/0/outcome", json!("fine"), "/report/findings/0/outcome is none of"),
    ] {
        let mut twin = whole.clone();
        *twin.pointer_mut(pointer).unwrap() = value;
        let found = faults(MARKS, &twin);
        assert!(found.iter().any(|f| f.starts_with(fault)), "{fault}: {found:?}");
    }
}
