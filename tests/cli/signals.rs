//! Ctrl-C, and worse.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::support::{FIXED, Outcome, Place};

/// A place with so many records, whose numbers are C-0, C-1 …
fn many(records: usize) -> Place {
    let place = Place::new();
    let rows: String = (0..records).map(|i| format!("C-{i},张三,2026-03-05\n")).collect();
    place.write("people.csv", &format!("number,name,issued_on\n{rows}"));
    place
}

/// `certpress render` into `out`, gone on with, in the background.
fn begun(place: &Place) -> Child {
    let arguments = ["render", "small.xml", "people.csv", "--out", "out", "--resume", "--no-sync"];
    let mut program = place.program(&[&arguments[..], &FIXED].concat());
    program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(signal: &str, child: &Child) {
    assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
}

/// Waits until the manifest is longer than `length`, or the program has ended.
fn wait_for(place: &Place, child: &mut Child, length: u64) {
    let patience = Instant::now() + Duration::from_secs(60);
    let grown = || fs::metadata(place.path("out/manifest.jsonl")).is_ok_and(|file| file.len() > length);
    while !grown() && child.try_wait().unwrap().is_none() && Instant::now() < patience {
        sleep(Duration::from_millis(2));
    }
}

/// Asserts that each file with a name of its own is listed and has its length. Tells the rows.
#[track_caller]
fn whole_and_listed(place: &Place) -> usize {
    let text = fs::read_to_string(place.path("out/manifest.jsonl")).unwrap_or_default();
    let whole = &text[..text.rfind('\n').map_or(0, |end| end + 1)];
    let mut lengths = std::collections::HashMap::new();
    let mut rows = 0;
    for line in whole.lines().skip(1) {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        for file in row["files"].as_array().into_iter().flatten() {
            lengths.insert(file["name"].as_str().unwrap().to_owned(), file["bytes"].as_u64().unwrap());
        }
        rows += 1;
    }
    let names = if place.path("out").exists() { place.names("out") } else { Vec::new() };
    for name in names.iter().filter(|name| !name.starts_with(".certpress-") && name.ends_with("f")) {
        let length = fs::metadata(place.path("out").join(name)).unwrap().len();
        assert_eq!(lengths.get(name), Some(&length), "{name}");
    }
    rows
}

/// All files of a folder with their bytes.
fn bytes(place: &Place, folder: &str) -> Vec<(String, Vec<u8>)> {
    let read = |name: String| {
        let bytes = fs::read(place.path(folder).join(&name)).unwrap();
        (name, bytes)
    };
    place.names(folder).into_iter().map(read).collect()
}

#[test]
fn ctrl_c_finishes_what_was_begun_lists_it_and_leaves_what_can_be_gone_on_with() {
    let place = many(5_000);
    let mut child = begun(&place);
    wait_for(&place, &mut child, 2_000);
    send("-INT", &child);
    let ended = Outcome::of(child.wait_with_output().unwrap()).exits(130);
    assert!(ended.stdout.contains("stopped before the end, at "), "{}", ended.stdout);
    let rows = whole_and_listed(&place);
    assert!((1..5_000).contains(&rows), "{rows} rows");
    ended.complains(&["Ctrl-C again stops at once", "--resume"]);
    assert!(place.names("out").iter().all(|name| !name.starts_with(".certpress-")));
    assert!(!place.path("out/catalogue.csv").exists());
    place.run(&["manifest", "check", "out"]).exits(1).complains(&["not finished"]);
}

#[test]
fn a_second_ctrl_c_stops_at_once_and_leaves_as_much() {
    let place = many(5_000);
    let mut child = begun(&place);
    wait_for(&place, &mut child, 2_000);
    send("-INT", &child);
    send("-INT", &child);
    Outcome::of(child.wait_with_output().unwrap()).exits(130);
    assert!(whole_and_listed(&place) > 0);
}

#[test]
fn a_batch_killed_thirty_times_at_any_moment_ends_with_the_same_bytes_as_one_that_never_was() {
    let place = many(160);
    let arguments = ["render", "small.xml", "people.csv", "--out", "unkilled", "--no-sync", "--jobs", "1"];
    place.run(&[&arguments[..], &FIXED].concat()).exits(0);
    // Moments that differ from one to the next, and are the same on each run of the test.
    let mut moment: u64 = 1;
    let mut kills = 0;
    let mut rows = 0;
    while kills < 30 {
        let mut child = begun(&place);
        moment = moment.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // Now while it starts, now while it works.
        if kills % 3 != 0 {
            let written = fs::metadata(place.path("out/manifest.jsonl")).map_or(0, |file| file.len());
            wait_for(&place, &mut child, written);
        }
        sleep(Duration::from_micros((moment >> 33) % 30_000));
        let ended = child.try_wait().unwrap().is_some();
        let _ = child.kill();
        child.wait().unwrap();
        let now = whole_and_listed(&place);
        assert!(now >= rows, "{now} rows after {rows}");
        rows = now;
        kills += 1;
        if ended {
            // It came to its end before it could be killed: the rest is killed from the beginning.
            fs::remove_dir_all(place.path("out")).unwrap();
            rows = 0;
        }
    }
    Outcome::of(begun(&place).wait_with_output().unwrap()).exits(0);
    let same = bytes(&place, "out") == bytes(&place, "unkilled");
    assert!(same, "the bytes differ: {:?}", place.names("out"));
    place.run(&["manifest", "check", "out"]).exits(0);
}
