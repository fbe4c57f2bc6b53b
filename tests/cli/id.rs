//! Identifiers made and codes checked.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdout, Stdio};

use serde_json::Value;

use crate::support::{Outcome, Place};

const TYPE: &str = "11100000MB9888888A001";
const ISSUER: &str = "11140000MB99999996";

/// A place with a file of serials that has given none.
fn begun() -> Place {
    let place = Place::new();
    place.write("serials", "certpress serials 1\n");
    place
}

fn new(place: &Place, more: &[&str]) -> Outcome {
    place.run(&[&["id", "new", "--type", TYPE, "--issuer", ISSUER], more].concat())
}

#[test]
fn identifiers_in_use_are_made_from_their_parts() {
    let cases = [
        ("11100000000013338W011", "11430000006122244L", "20230000403", "1", "U"),
        ("11100000000013338W011", "11430000006122244L", "20230000403", "2", "S"),
        ("11100000000013338W032", "11220000013544541J", "2430599", "1", "F"),
        ("11100000000013338W009", "11330105002500287C", "2025052201", "2", "0"),
        (TYPE, ISSUER, "20260000001", "1", "2"),
        (TYPE, ISSUER, "20260000001", "002", "Z"),
    ];
    let place = Place::new();
    for (kind, issuer, serial, version, check) in cases {
        let parts =
            ["id", "new", "--type", kind, "--issuer", issuer, "--serial", serial, "--version", version];
        let made = place.run(&parts).exits(0).stdout;
        let version: u16 = version.parse().unwrap();
        assert_eq!(made, format!("1.2.156.3005.2.{kind}.{issuer}.{serial}.{version:03}.{check}\n"));
    }
}

#[test]
fn check_tells_right_wrong_and_odd_and_what_each_is_meant_to_be() {
    let place = Place::new();
    let right = "1.2.156.3005.2.11100000000013338W032.11220000013544541J.2430599.001.F";
    let odd = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9";
    let wrong =
        "1.2.156.3005.2.11100000000013661B006.113700000045046442.209FA4E88F9E4C878F3E9BED2CE7EA49.001.M";
    let told = place.run(&["id", "check", right, odd, "11430000006122244L", "11010519491231002X"]).exits(0);
    for part in ["by an area code (340100)", "uscc", "resident-id"] {
        assert!(told.stdout.contains(part), "{part:?} is missing in\n{}", told.stdout);
    }
    let told = place.run(&["id", "check", right, wrong]).exits(1).stdout;
    assert!(told.contains("has a wrong check character (M), D would be right"), "{told}");
    place.run(&["id", "check"]).exits(2);
}

#[test]
fn check_reads_stdin_and_prints_a_line_of_json_for_each() {
    let place = Place::new();
    let mut program = place.program(&["id", "check", "-", "--json"]);
    let mut child =
        program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let codes = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U\n\n110105194912310021\nA-1\n";
    child.stdin.take().unwrap().write_all(codes.as_bytes()).unwrap();
    let told = Outcome::of(child.wait_with_output().unwrap()).exits(1).stdout;
    let rows: Vec<Value> = told.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let told: Vec<_> = rows.iter().map(|row| (&row["kind"], &row["right"])).collect();
    let (yes, no) = (Value::Bool(true), Value::Bool(false));
    assert_eq!(told, [(&"identifier".into(), &yes), (&"resident-id".into(), &no), (&Value::Null, &no)]);
    assert_eq!((&rows[0]["serial"], &rows[0]["version"]), (&"20230000403".into(), &1.into()));
}

#[test]
fn serials_go_on_where_the_last_run_ended() {
    let place = begun();
    let more = ["--serials", "serials", "--serial", "2026{serial:07}", "--count", "2"];
    let made: String = (0..2).map(|_| new(&place, &more).exits(0).stdout).collect();
    let serials: Vec<&str> = made.lines().map(|line| line.split('.').nth(7).unwrap()).collect();
    assert_eq!(serials, ["20260000001", "20260000002", "20260000003", "20260000004"]);
    let file = fs::read_to_string(place.path("serials")).unwrap();
    assert_eq!(file, format!("certpress serials 1\n{ISSUER}/2026#\t5\n"));
}

#[test]
fn what_cannot_become_an_identifier_costs_no_number() {
    let place = begun();
    let more = ["--serials", "serials", "--serial"];
    new(&place, &[&more[..], &["{serial:06}"]].concat())
        .exits(2)
        .complains(&["not 7 to 32 digits", "999999"]);
    new(&place, &[&more[..], &["YL{serial}"]].concat()).exits(2).complains(&["its number of digits"]);
    new(&place, &[&more[..], &["{year}{serial:07}"]].concat()).exits(2).complains(&["no date"]);
    let other = ["id", "new", "--type", "11100000", "--issuer", ISSUER, "--serials", "serials"];
    place.run(&other).exits(2).complains(&["a type that is not a USCC and 3 digits (11100000)"]);
    assert_eq!(fs::read_to_string(place.path("serials")).unwrap(), "certpress serials 1\n");
}

#[test]
fn a_file_of_serials_that_is_missing_foreign_newer_or_used_up_is_told_so() {
    let place = begun();
    let more = ["--serials", "serials"];
    new(&place, &["--serials", "seriasl"])
        .exits(2)
        .complains(&["no file of serials seriasl", "certpress serials 1"]);
    place.write("serials", "certpress serials 7\n");
    new(&place, &more).exits(2).complains(&["of another version than 1: 7"]);
    place.write("serials", "A;1\n");
    new(&place, &more).exits(2).complains(&["is not a file of serials"]);
    place.write("serials", &format!("certpress serials 1\n{ISSUER}/#\t9999999\n"));
    assert!(new(&place, &more).exits(0).stdout.contains(".9999999.001."));
    new(&place, &more).exits(2).complains(&["has given all its numbers", "more digits"]);
}

/// A run that takes serials until it is killed.
struct Taking {
    child: Child,
    out: BufReader<ChildStdout>,
    text: String,
}

impl Taking {
    fn start(place: &Place) -> Taking {
        let parts = ["id", "new", "--type", TYPE, "--issuer", ISSUER, "--serials", "serials"];
        let mut program = place.program(&[&parts[..], &["--count", "1000000"]].concat());
        let mut child = program.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        Taking { child, out, text: String::new() }
    }

    /// Waits until it has given some, however slow the machine is.
    fn wait_for(&mut self, serials: usize) {
        for _ in 0..serials {
            assert!(self.out.read_line(&mut self.text).unwrap() > 0, "it ended by itself");
        }
    }

    /// Kills it, and tells what it had given, in whole lines.
    fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.out.read_to_string(&mut self.text).unwrap();
        let whole = self.text.rfind('\n').map_or("", |end| &self.text[..end]);
        whole.lines().map(|line| line.split('.').nth(7).unwrap().to_owned()).collect()
    }
}

fn assert_each_once(serials: &[String]) {
    assert_eq!(serials.iter().collect::<BTreeSet<_>>().len(), serials.len());
}

#[test]
fn no_serial_is_given_twice_however_often_runs_are_killed() {
    let place = begun();
    let mut all = Vec::new();
    for i in 0..24 {
        let mut run = Taking::start(&place);
        run.wait_for(1 + 61 * (i % 8));
        all.extend(run.kill());
    }
    assert_each_once(&all);
}

#[test]
fn no_serial_is_given_twice_to_processes_that_run_at_once() {
    let place = begun();
    let mut runs = [0; 4].map(|_| Taking::start(&place));
    // None is killed before the last has given many, so that all four run all the time.
    runs.iter_mut().for_each(|run| run.wait_for(1000));
    assert_each_once(&runs.map(Taking::kill).concat());
}
