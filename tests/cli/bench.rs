//! The figures of `certpress bench`.

use serde_json::Value;

use crate::support::{LAYOUT, Place};

#[test]
fn the_figures_hang_together() {
    let place = Place::new();
    let done =
        place.run(&["bench", "small.xml", "people.csv", "--seconds", "1", "--jobs", "2", "--json"]).exits(0);
    let figures: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!((&figures["layout"], &figures["records"]), (&"small".into(), &3.into()));
    for stage in ["bind", "lay_out", "write_OFD", "write_PDF", "seal"] {
        assert!(figures["stages_us"][stage].as_f64().unwrap() > 0.0, "{stage} took no time");
    }
    let within = |name: &str| figures["pair_us"][name].as_f64().unwrap();
    assert!(within("median") > 0.0 && within("median") <= within("p99"));
    let runs = figures["runs"].as_array().unwrap();
    assert_eq!((&runs[0]["threads"], &runs[1]["threads"]), (&1.into(), &2.into()));
    for key in ["ofd_bytes", "pdf_bytes"] {
        assert!(figures[key].as_u64().unwrap() > 1000, "{key}");
    }
}

#[test]
fn a_layout_can_be_measured_without_records_and_without_a_seal() {
    let done =
        Place::new().run(&["bench", "small.xml", "--seconds", "1", "--jobs", "1", "--seal", "none"]).exits(0);
    for part in ["1 record, OFD and PDF, not sealed", "write PDF", "pairs/s"] {
        assert!(done.stdout.contains(part), "{part:?} is missing in\n{}", done.stdout);
    }
}

#[test]
fn a_layout_of_several_roles_is_measured_with_the_seals_of_all() {
    let place = Place::new();
    let approver = "<seal role=\"approver\" x=\"20mm\" y=\"45mm\" diameter=\"42mm\"/><seal";
    place.write("small.xml", &LAYOUT.replace("<seal", approver));
    let bench = ["bench", "small.xml", "people.csv", "--seconds", "1", "--jobs", "1"];
    place.run(&bench).exits(2).complains(&["needs a seal for the role"]);
    let seals = ["--seal", "issuer=demo", "--seal", "approver=demo"];
    let done = place.run(&[&bench[..], &seals].concat()).exits(0);
    assert!(done.stdout.contains("both sealed"), "{}", done.stdout);
}

#[test]
fn records_that_cannot_be_rendered_are_left_out_and_none_is_a_refusal() {
    let place = Place::new();
    place.write("people.csv", "number,name,issued_on\nA-1,张三,never\n");
    place
        .run(&["bench", "small.xml", "people.csv", "--seconds", "1"])
        .exits(2)
        .complains(&["none of the records in people.csv can be rendered"]);
}
