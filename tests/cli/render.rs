//! Records become files and a report.

use std::fs;

use certpress::crypto::sm3;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::support::{FIXED, Place};

fn texts(rows: &[Value], key: &str) -> Vec<String> {
    rows.iter().map(|row| row[key].as_str().unwrap_or("").to_owned()).collect()
}

#[test]
fn every_record_becomes_an_ofd_and_a_pdf_and_a_row() {
    let place = Place::new();
    let done = place.render(&["--seal", "demo"]).exits(0);
    assert_eq!(
        place.names("out"),
        ["A-1.ofd", "A-1.pdf", "A-2.ofd", "A-2.pdf", "A-3.ofd", "A-3.pdf", "catalogue.csv", "manifest.jsonl"]
    );
    assert!(fs::read(place.path("out/A-1.ofd")).unwrap().starts_with(b"PK\x03\x04"));
    assert!(fs::read(place.path("out/A-1.pdf")).unwrap().starts_with(b"%PDF-"));
    let rows = place.rows();
    assert_eq!(texts(&rows, "number"), ["A-1", "A-2", "A-3"]);
    assert_eq!(texts(&rows, "status"), ["done"; 3]);
    assert!(done.stdout.starts_with("3 certificates in "), "{}", done.stdout);
    assert!(done.stdout.contains(": 6 files, "), "{}", done.stdout);
    assert_eq!(done.stderr, "", "no bar where there is no terminal");
}

#[test]
fn the_report_has_length_and_digest_of_each_file_as_it_is_on_disk() {
    let place = Place::new();
    place.render(&FIXED).exits(0);
    for row in place.rows() {
        for file in row["files"].as_array().unwrap() {
            let bytes = fs::read(place.path("out").join(file["name"].as_str().unwrap())).unwrap();
            let digest: String = Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
            assert_eq!(file["bytes"], bytes.len());
            assert_eq!(file["sha256"], digest);
        }
    }
}

#[test]
fn manifest_and_catalogue_have_the_sm3_of_each_file_unless_it_is_left_out() {
    let place = Place::new();
    let catalogue = |options: &[&str]| {
        place.render(&[&FIXED[..], options].concat()).exits(0);
        fs::read_to_string(place.path("out/catalogue.csv")).unwrap()
    };
    let (with, without) = (catalogue(&[]), catalogue(&["--no-sm3"]));
    for name in ["A-1.ofd", "A-2.ofd", "A-3.pdf"] {
        let digest = sm3::digest(&fs::read(place.path("out").join(name)).unwrap());
        let digest: String = digest.iter().map(|b| format!("{b:02x}")).collect();
        assert!(with.contains(&digest), "{name} in {with}");
        assert!(!without.contains(&digest), "{name} in {without}");
    }
}

#[test]
fn a_bad_record_is_a_row_with_field_value_and_hint_and_stops_nothing_else() {
    let place = Place::new();
    place.write(
        "people.csv",
        "number,name,issued_on\nA-1,张三,2026-13-01\nA-2,李四,2026-03-05,extra\nA-3,王五,2026-03-05\n",
    );
    place.render(&["--seal", "demo"]).exits(1).complains(&[
        "row 2: field issued_on (批准日期) is not a date: 2026-13-01",
        "hint: write dates as YYYY-MM-DD",
        "row 3: the row has 4 values for 3 columns",
    ]);
    let rows = place.rows();
    assert_eq!(texts(&rows, "status"), ["failed", "failed", "done"]);
    let error = &rows[0]["errors"][0];
    for (key, value) in [("code", "field.date"), ("field", "issued_on"), ("value", "2026-13-01")] {
        assert_eq!(error[key], value);
    }
    assert_eq!(rows[1]["errors"][0]["code"], "read.columns");
    assert_eq!(place.names("out"), ["A-3.ofd", "A-3.pdf", "catalogue.csv", "manifest.jsonl"]);
}

#[test]
fn ten_failures_are_told_and_the_rest_counted() {
    let place = Place::new();
    let rows: String = (0..13).map(|i| format!("A-{i},张三,never\n")).collect();
    place.write("people.csv", &format!("number,name,issued_on\n{rows}"));
    let ended = place.render(&[]).exits(1).complains(&["3 more records failed: see the manifest in out"]);
    assert_eq!(ended.stderr.matches("is not a date").count(), 10);
    assert_eq!(place.rows().len(), 13);
}

#[test]
fn the_same_bytes_with_one_two_and_eight_threads() {
    let place = Place::new();
    let rows: String = (0..40).map(|i| format!("B-{i},欧阳样例,2026-03-05\n")).collect();
    place.write("people.csv", &format!("number,name,issued_on\n{rows}"));
    let mut first = None;
    for jobs in ["1", "2", "8"] {
        place.render(&[&FIXED[..], &["--jobs", jobs]].concat()).exits(0);
        let all: Vec<_> =
            place.names("out").iter().map(|n| fs::read(place.path("out").join(n)).unwrap()).collect();
        let same = *first.get_or_insert_with(|| all.clone()) == all;
        assert!(same, "other bytes with {jobs} threads");
    }
}

#[test]
fn formats_limit_and_name_are_obeyed() {
    let place = Place::new();
    place.render(&["--formats", "pdf", "--limit", "2", "--name", "{row}-{name}"]).exits(0);
    assert_eq!(
        place.names("out"),
        ["000002-张三.pdf", "000003-买买提·艾力.pdf", "catalogue.csv", "manifest.jsonl"]
    );
}

#[test]
fn json_puts_one_object_on_stdout_and_nothing_on_stderr() {
    let place = Place::new();
    let done = place.render(&["--json"]).exits(0);
    let sum: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!((&sum["done"], &sum["failed"], &sum["files"]), (&3.into(), &0.into(), &6.into()));
    assert_eq!(sum["sealed"], false);
    assert_eq!(done.stderr, "");
}

#[test]
fn quiet_says_nothing_when_all_is_well() {
    let done = Place::new().render(&["--quiet"]).exits(0);
    assert_eq!((done.stdout.as_str(), done.stderr.as_str()), ("", ""));
}

#[test]
fn a_column_that_no_field_takes_is_told_once() {
    let place = Place::new();
    place.write("people.csv", "number,name,issued_on,nmae\nA-1,张三,2026-03-05,x\nA-2,李四,2026-03-05,y\n");
    let done = place.render(&[]).exits(0);
    assert_eq!(done.stderr.matches("nmae").count(), 1, "{}", done.stderr);
}

#[test]
fn two_records_with_one_number_are_not_written_over_each_other() {
    let place = Place::new();
    place.write("people.csv", "number,name,issued_on\nA-1,张三,2026-03-05\na-1,李四,2026-03-05\n");
    place.render(&[]).exits(1).complains(&["row 3: row 2 has the same file name: a-1"]);
    assert_eq!(place.names("out"), ["A-1.ofd", "A-1.pdf", "catalogue.csv", "manifest.jsonl"]);
}

#[test]
fn two_records_with_one_identifier_are_not_both_made() {
    let place = Place::new();
    let id = "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2";
    place.write(
        "people.csv",
        &format!("number,name,issued_on,identifier\nA-1,张三,2026-03-05,{id}\nA-2,李四,2026-03-05,{id}\n"),
    );
    place.render(&[]).exits(1).complains(&["row 3: row 2 has the same identifier"]);
    assert_eq!(place.rows()[1]["errors"][0]["code"], "identifier.taken");
}

#[test]
fn a_folder_that_holds_a_batch_is_left_alone_unless_it_is_to_be_replaced() {
    let place = Place::new();
    let arguments = ["render", "small.xml", "people.csv", "--out", "out", "--name", "{name}/{number}"];
    place.run(&arguments).exits(0);
    let before = place.names("out");
    assert_eq!(before, ["catalogue.csv", "manifest.jsonl", "买买提·艾力", "张三", "欧阳样例"]);
    place.run(&arguments).exits(2).complains(&["holds a batch that is finished", "--replace"]);
    assert_eq!(place.names("out"), before);
    place.write("out/张三/mine.txt", "of somebody else");
    place.render(&["--limit", "1"]).exits(2).complains(&["holds other files, such as 张三/mine.txt"]);
    assert_eq!((place.names("out"), place.names("out/张三").len()), (before, 3));
    fs::remove_file(place.path("out/张三/mine.txt")).unwrap();
    place.render(&["--limit", "1"]).exits(0);
    assert_eq!(place.names("out"), ["A-1.ofd", "A-1.pdf", "catalogue.csv", "manifest.jsonl"]);
}

#[test]
fn a_number_that_is_a_path_stays_in_the_folder() {
    let place = Place::new();
    place.write("people.csv", "number,name,issued_on\n../../evil,张三,2026-03-05\n");
    place.render(&["--formats", "ofd"]).exits(0);
    assert_eq!(place.names("out"), ["_.._evil.ofd", "catalogue.csv", "manifest.jsonl"]);
}

#[test]
fn a_table_of_private_code_points_helps_where_the_shipped_one_does_not() {
    let place = Place::new();
    place.write("people.csv", "number,name,issued_on\nA-1,样\u{F8FF},2026-03-05\n");
    place.render(&[]).exits(1).complains(&["U+F8FF", "--pua"]);
    place.write("own.tsv", "U+F8FF\tU+4F8B\t例\n");
    place.render(&["--pua", "own.tsv", "--name", "{name}"]).exits(0);
    assert_eq!(place.rows()[0]["warnings"][0]["code"], "name.private-use");
    place.write("own.tsv", "# 例\nU+4E00\tU+4F8B\n");
    place
        .render(&["--pua", "own.tsv"])
        .exits(2)
        .complains(&["own.tsv: line 2 maps U+4E00, which is not private"]);
    place.render(&["--pua", "none.tsv"]).exits(2).complains(&["none.tsv"]);
}

#[test]
fn paper_editions_are_not_sealed_and_take_no_seal() {
    let place = Place::new();
    for edition in ["print", "overprint"] {
        place.render(&["--edition", edition]).exits(0);
        let ofd = fs::read(place.path("out/A-1.ofd")).unwrap();
        let package = certpress::ofd::read::Package::open(&ofd, &Default::default()).unwrap();
        assert!(package.parts().all(|(path, _)| !path.contains("Sign")), "{edition}");
        place.render(&["--edition", edition, "--seal", "demo"]).exits(2).complains(&["cannot be used with"]);
    }
    place.render(&["--edition", "paper"]).exits(2).complains(&["write electronic, print or overprint"]);
}
