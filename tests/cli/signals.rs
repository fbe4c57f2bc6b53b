//! Ctrl-C.

use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::{Outcome, Place};

#[test]
fn ctrl_c_finishes_what_was_begun_reports_it_and_leaves_nothing_torn() {
    let place = Place::new();
    let mut rows = String::from("number,name,issued_on\n");
    for i in 0..200_000 {
        writeln!(rows, "C-{i},张三,2026-03-05").unwrap();
    }
    place.write("people.csv", &rows);
    let mut program = place.program(&["render", "small.xml", "people.csv", "--out", "out"]);
    let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    // Wait until it is well under way.
    let patience = Instant::now() + Duration::from_secs(60);
    while !place.path("out/C-20.pdf").exists() && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    let ended = Outcome::of(child.wait_with_output().unwrap()).exits(130);

    assert!(ended.stdout.contains("stopped before the end"), "{}", ended.stdout);
    let rows = place.report();
    assert!((20..200_000).contains(&rows.len()), "{} rows", rows.len());
    let mut named: Vec<String> = rows
        .iter()
        .flat_map(|row| row["files"].as_array().unwrap())
        .map(|file| file["name"].as_str().unwrap().to_owned())
        .chain(["catalogue.csv", "report.jsonl"].map(str::to_owned))
        .collect();
    named.sort();
    assert_eq!(place.names("out"), named, "the report names all files, and there are no others");
    for file in rows.iter().flat_map(|row| row["files"].as_array().unwrap()) {
        let length = fs::metadata(place.path("out").join(file["name"].as_str().unwrap())).unwrap().len();
        assert_eq!(file["bytes"], length);
    }
}
