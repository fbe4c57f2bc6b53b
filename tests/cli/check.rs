//! `certpress check`: what it tells, and with which exit code.

use serde_json::Value;

use super::support::{LAYOUT, Place};

/// The lines of `--json`.
fn rows(stdout: &str) -> Vec<Value> {
    stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn warnings_pass_unless_they_are_told_not_to() {
    let place = Place::new();
    let told = place.run(&["check", "small.xml", "people.csv"]).exits(0);
    for part in [
        "warning: the field is never used: identifier",
        "small.xml:6:18",
        "small.xml with 3 records of people.csv: 1 warning",
    ] {
        assert!(told.stdout.contains(part), "{part:?} is missing in\n{}", told.stdout);
    }
    place.run(&["check", "--strict", "small.xml", "people.csv"]).exits(1);
    place.write("used.xml", &LAYOUT.replace("{{ number }}", "{{ number }}{{ identifier }}"));
    let told = place.run(&["check", "--strict", "used.xml"]).exits(0);
    assert_eq!(told.stdout, "used.xml: nothing to mend\n");
}

#[test]
fn every_mistake_of_layouts_and_records_is_told_and_several_layouts_are_looked_at_in_one_call() {
    let place = Place::new();
    place.write("broken.xml", &LAYOUT.replace("{{ number }}", "{{ nubmer }}").replace("\"kai\"", "\"kia\""));
    place.write(
        "people.csv",
        "number,姓名,issued_on\nA-1,张三,2026-13-05\nA-2,,2026-03-06\nA-3,欧阳样例,2026-03-07\n",
    );
    // The records of a layout that does not compile are not looked at, nor counted.
    let told = place.run(&["check", "broken.xml", "people.csv", "small.xml", "people.csv"]).exits(1);
    for part in [
        "error: unknown name: nubmer",
        "hint: did you mean number?",
        "broken.xml:11:",
        "error: unknown font: kia",
        "\nbroken.xml: 2 errors",
        "error: row 2: field issued_on (批准日期)",
        "error: row 3: field name (姓名)",
        "small.xml with 3 records of people.csv: 2 errors, 1 warning",
    ] {
        assert!(told.stdout.contains(part), "{part:?} is missing in\n{}", told.stdout);
    }
}

#[test]
fn json_names_rule_place_and_records() {
    let place = Place::new();
    place.write("people.csv", "number,姓名,issued_on\nA-1,张三,2026-13-05\n");
    let told = rows(&place.run(&["check", "--json", "small.xml", "people.csv"]).exits(1).stdout);
    let [unused, failed, sums] = &told[..] else { panic!("{told:?}") };
    for (name, value) in
        [("layout", "small.xml"), ("severity", "warning"), ("rule", "unused"), ("file", "small.xml")]
    {
        assert_eq!(unused[name], value);
    }
    assert_eq!(
        (unused["line"].as_u64(), unused["column"].as_u64(), unused["end_column"].as_u64()),
        (Some(6), Some(18), Some(28))
    );
    assert!(unused["source"].as_str().unwrap().trim().starts_with("<field name=\"identifier\""));
    assert_eq!(
        (failed["rule"].as_str(), failed["row"].as_u64(), failed["field"].as_str()),
        (Some("field.date"), Some(2), Some("issued_on"))
    );
    let expected =
        serde_json::json!({ "layout": "small.xml", "records": 1, "errors": 1, "warnings": 1, "notes": 0 });
    assert_eq!(*sums, expected);
}

#[test]
fn what_is_written_stays_fit_for_archives() {
    let place = Place::new();
    let told = place.run(&["check", "--archive", "small.xml", "people.csv"]).exits(0);
    assert!(told.stdout.ends_with("1 warning, OFD-A and PDF/A-3: 18 rules hold\n"), "{}", told.stdout);
    let told = rows(&place.run(&["check", "--archive", "--json", "small.xml", "people.csv"]).exits(0).stdout);
    let looked_at = told.last().unwrap()["archive"].as_array().unwrap();
    assert!(looked_at.contains(&Value::from("archive.ofd.fonts")), "{looked_at:?}");
    place.run(&["check", "--archive", "small.xml"]).exits(2).complains(&["name records after the layout"]);
}

#[test]
fn what_cannot_run_exits_2() {
    let place = Place::new();
    place.run(&["check", "people.csv"]).exits(2).complains(&["no layout for the records people.csv"]);
    place.run(&["check", "none.xml"]).exits(2).complains(&["no such layout: none.xml"]);
    place.run(&["check", "small.xml", "none.csv"]).exits(2).complains(&["none.csv"]);
}

#[test]
fn what_verify_would_refuse_is_told() {
    let place = Place::new();
    let covered = LAYOUT.replace(
        "<seal ",
        "<rect x='5mm' y='25mm' width='80mm' height='25mm' fill='#ffffff'/><text x='5mm' y='60mm' font='kai' size='5pt'>{{ identifier }}</text><seal ",
    );
    place.write("covered.xml", &covered);
    let told = place.run(&["check", "--strict", "covered.xml", "people.csv"]).exits(1);
    for part in
        ["licence.face.cover: page 1, number: found something is painted over it, row 2", "covered.xml:11:"]
    {
        assert!(told.stdout.contains(part), "{part:?} is missing in\n{}", told.stdout);
    }
    // Without records a made-up one is looked at.
    let told = rows(&place.run(&["check", "--strict", "--json", "covered.xml"]).exits(1).stdout);
    assert!(told.iter().any(|row| row["rule"] == "not-as-told" && row["field"] == "number"), "{told:?}");
}

#[test]
fn a_stage_that_hides_the_next_ones_says_so_and_loses_no_warning() {
    let place = Place::new();
    // A text that leaves the page, and a rectangle that reaches beyond it.
    let both = LAYOUT.replace(
        "<seal ",
        "<text x='110mm' y='80mm' font='kai' size='20pt'>伸出页边</text><rect x='130mm' y='5mm' width='30mm' height='5mm' fill='#fff'/><seal ",
    );
    place.write("static.xml", &both);
    let told = place.run(&["check", "static.xml", "people.csv"]).exits(1).stdout;
    for part in
        ["warning: ", "error: the text leaves the page", "; records were not looked at: mend these first\n"]
    {
        assert!(told.contains(part), "{part:?} is missing in\n{told}");
    }
    place.write("source.xml", &both.replace("{{ number }}", "{{ nubmer }}"));
    let told = place.run(&["check", "source.xml", "people.csv"]).exits(1).stdout;
    assert!(told.ends_with("; pages and records were not looked at: mend these first\n"), "{told}");
    let told = rows(&place.run(&["check", "--json", "source.xml"]).exits(1).stdout);
    assert_eq!(told.last().unwrap()["unseen"], "pages");
}

#[test]
fn a_limit_that_leaves_records_out_is_told_and_names_that_no_field_takes() {
    let place = Place::new();
    place.write("people.csv", "number,姓名,isued_on\nA-1,张三,2026-03-05\nA-2,张三,2026-03-05\n");
    let told =
        |limit: &str| place.run(&["check", "small.xml", "people.csv", "--limit", limit]).exits(1).stdout;
    assert!(told("1").contains("small.xml with the first 1 record of people.csv: "), "{}", told("1"));
    assert!(told("2").contains("small.xml with 2 records of people.csv: "), "{}", told("2"));
    let unknown = "no field takes what records call isued_on\n  hint: did you mean issued_on?";
    assert!(told("2").contains(unknown), "{}", told("2"));
    let json =
        rows(&place.run(&["check", "--json", "small.xml", "people.csv", "--limit", "1"]).exits(1).stdout);
    assert_eq!(json.last().unwrap()["limit"], 1);
    place.run(&["check", "small.xml", "people.csv", "--limit", "0"]).exits(2);
}
