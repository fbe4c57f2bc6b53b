//! Batches that are stopped, gone on with, checked, packed.

use std::fs;
use std::io::Cursor;
use std::process::Command;

use serde_json::Value;

use crate::support::{FIXED, LAYOUT, Outcome, Place};

const IDENTIFIER: &str = "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2";

/// A batch of three that was stopped by its second record.
fn stopped() -> Place {
    let place = Place::new();
    place.write(
        "people.csv",
        "number,name,issued_on\nA-1,张三,2026-03-05\nA-2,李四,never\nA-3,王五,2026-03-07\n",
    );
    place.render(&[&FIXED[..], &["--max-errors", "0"]].concat()).exits(2).complains(&[
        "1 records failed, more than the 0 that may",
        "go on with --resume: 2 of 3 records are dealt with",
    ]);
    place
}

fn resume(place: &Place, more: &[&str]) -> Outcome {
    let arguments = ["render", "small.xml", "people.csv", "--out", "out", "--resume", "--no-sync"];
    place.run(&[&arguments[..], more].concat())
}

fn codes(place: &Place) -> Vec<String> {
    let code = |row: &Value| row["errors"][0]["code"].as_str().unwrap_or("done").to_owned();
    place.rows().iter().map(code).collect()
}

#[test]
fn a_stopped_batch_goes_on_where_it_stopped_and_twice_is_as_good_as_once() {
    let place = stopped();
    assert_eq!(place.names("out"), ["A-1.ofd", "A-1.pdf", "manifest.jsonl"]);
    let first = fs::metadata(place.path("out/A-1.ofd")).unwrap().modified().unwrap();
    for _ in 0..2 {
        let done = resume(&place, &FIXED).exits(1);
        assert!(done.stdout.contains("from earlier sittings"), "{}", done.stdout);
        assert_eq!(codes(&place), ["done", "field.date", "done"]);
    }
    assert_eq!(fs::metadata(place.path("out/A-1.ofd")).unwrap().modified().unwrap(), first);
    place.run(&["manifest", "check", "out"]).exits(0);
}

#[test]
fn a_batch_is_not_gone_on_with_when_anything_it_is_made_of_has_changed() {
    let place = stopped();
    let records = fs::read_to_string(place.path("people.csv")).unwrap();
    let before = fs::read(place.path("out/manifest.jsonl")).unwrap();
    let other_seal = ["--seal", "other", "--time", "2026-03-05T08:00:00Z", "--deterministic"];
    place.write("password", "of the test");
    let other = ["seal", "new", "另一单位", "--out", "other", "--from", "2026-01-01T00:00:00Z"];
    place.run(&[&other[..], &["--password-file", "password"]].concat()).exits(0);
    resume(&place, &[&other_seal[..], &["--password-file", "password"]].concat())
        .exits(2)
        .complains(&["  seal issuer: was changed"]);
    resume(&place, &FIXED[2..]).exits(2).complains(&["  seal issuer: is not there any more"]);
    resume(&place, &["--seal", "demo"]).exits(2).complains(&["  time: was 2026-03-05T08:00:00Z, is now"]);
    resume(&place, &[&FIXED[..], &["--formats", "ofd"]].concat())
        .exits(2)
        .complains(&["  formats: was ofd,pdf, is ofd"]);
    let mut fonts = place
        .program(&[&["render", "small.xml", "people.csv", "--out", "out", "--resume"], &FIXED[..]].concat());
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts");
    fs::create_dir(place.path("fonts")).unwrap();
    for entry in fs::read_dir(&shipped).unwrap() {
        let entry = entry.unwrap();
        let is_face = entry.path().extension().is_some_and(|extension| extension == "ttf");
        let to = place.path("fonts").join(entry.file_name());
        if is_face {
            std::os::unix::fs::symlink(entry.path(), to).unwrap()
        } else {
            drop(fs::copy(entry.path(), to))
        }
    }
    let register = fs::read_to_string(place.path("fonts/faces.toml")).unwrap();
    place.write("fonts/faces.toml", &register.replacen("weight = 700", "weight = 600", 1));
    Outcome::of(fonts.env("CERTPRESS_FONTS", place.path("fonts")).output().unwrap())
        .exits(2)
        .complains(&["  fonts: was changed"]);
    place.write("people.csv", &records.replace("王五", "王六"));
    resume(&place, &FIXED).exits(2).complains(&["  records: was changed"]);
    place.write("people.csv", &records[..records.len() - 20]);
    resume(&place, &FIXED).exits(2).complains(&["  records: was changed"]);
    place.write("people.csv", &records);
    place.write("small.xml", &LAYOUT.replace("12pt", "11pt"));
    resume(&place, &FIXED).exits(2).complains(&["  layout small: was changed"]);
    place.write("small.xml", LAYOUT);
    assert_eq!(fs::read(place.path("out/manifest.jsonl")).unwrap(), before);
    resume(&place, &FIXED).exits(1);
}

#[test]
fn rows_that_a_power_cut_left_without_their_files_are_made_again_and_a_removed_file_is_told() {
    let place = stopped();
    resume(&place, &FIXED).exits(1);
    let whole = fs::read_to_string(place.path("out/manifest.jsonl")).unwrap();
    let unfinished = &whole[..whole.find("{\"end\"").unwrap()];
    let files: Vec<Vec<u8>> =
        ["A-3.ofd", "A-3.pdf"].iter().map(|name| fs::read(place.path("out").join(name)).unwrap()).collect();
    let cut = |wait: &[u8]| {
        place.write("out/manifest.jsonl", unfinished);
        fs::remove_file(place.path("out/A-3.pdf")).unwrap();
        fs::rename(place.path("out/A-3.ofd"), place.path("out/.certpress-A-3.ofd.part")).unwrap();
        fs::write(place.path("out/.certpress-A-3.pdf.part"), wait).unwrap();
        resume(&place, &FIXED).exits(1);
        assert_eq!(fs::read_to_string(place.path("out/manifest.jsonl")).unwrap(), whole);
        place.run(&["manifest", "check", "out"]).exits(0);
    };
    cut(b"torn");
    cut(&files[1]);
    // No power cut takes an earlier file and leaves a later one.
    place.write("out/manifest.jsonl", unfinished);
    fs::remove_file(place.path("out/A-1.ofd")).unwrap();
    resume(&place, &FIXED).exits(2).complains(&["listed in the manifest and not there"]);
}

#[test]
fn only_what_failed_is_made_again_and_only_if_the_rest_is_as_it_was() {
    let place = stopped();
    resume(&place, &FIXED).exits(1).complains(&["--only-failed out/manifest.jsonl"]);
    let again = |more: &[&str]| {
        let arguments = ["render", "small.xml", "people.csv", "--out", "out-2", "--no-sync"];
        place.run(&[&arguments[..], &["--only-failed", "out/manifest.jsonl"], more].concat())
    };
    let mended = "number,name,issued_on\nA-1,张三,2026-03-05\nA-2,李四,2026-03-06\nA-3,王五,2026-03-07\n";
    place.write("people.csv", &mended.replace("张三", "张山"));
    again(&[]).exits(2).complains(&["row 2 was done, and is another record now"]);
    place.write("people.csv", &mended.replace("A-3,王五,2026-03-07\n", ""));
    again(&[]).exits(2).complains(&["the records end before the manifest does"]);
    place.write("people.csv", &format!("{mended}A-4,赵六,2026-03-08\n"));
    again(&[]).exits(2).complains(&["row 5 is not in that manifest", "in a file of their own"]);
    place.write("people.csv", &mended.replace("A-2", "a-3"));
    again(&["--max-errors", "0"]).exits(2).complains(&["row 3: row 4 has the same file name: a-3"]);
    assert!(!place.path("out-2").exists());
    place.write("people.csv", mended);
    again(&FIXED).exits(0);
    let by_folder = ["render", "small.xml", "people.csv", "--out", "out-3", "--only-failed", "out"];
    place.run(&by_folder).exits(0);
    assert_eq!(place.names("out-3"), place.names("out-2"));
    assert_eq!(place.names("out-2"), ["A-2.ofd", "A-2.pdf", "catalogue.csv", "manifest.jsonl"]);
    let nothing = ["--only-failed", "out-2/manifest.jsonl"];
    place.render(&nothing).exits(2).complains(&["no record of that manifest failed"]);
}

#[test]
fn the_first_records_of_a_file_are_a_batch_of_their_own() {
    let place = Place::new();
    let rows = "number,name,issued_on\nA-1,张三,2026-03-05\nA-2,李四,never\nA-3,王五,2026-03-07\n";
    place.write("people.csv", rows);
    place.render(&[&FIXED[..], &["--limit", "2"]].concat()).exits(1);
    let other = resume(&place, &FIXED).exits(2).complains(&["  limit: is not there any more"]);
    assert!(!other.stderr.contains("records:"), "{}", other.stderr);
    resume(&place, &[&FIXED[..], &["--limit", "2"]].concat()).exits(1);
    place.write("people.csv", &rows.replace("never", "2026-03-06"));
    let arguments = ["render", "small.xml", "people.csv", "--out", "out-2", "--no-sync"];
    place.run(&[&arguments[..], &["--only-failed", "out/manifest.jsonl"]].concat()).exits(0);
    assert!(place.path("out-2/A-2.ofd").exists() && !place.path("out-2/A-3.ofd").exists());
}

#[test]
fn a_file_that_was_cut_short_or_holds_nothing_is_refused_before_anything_is_written() {
    let place = Place::new();
    let heading = "number,name,issued_on\n";
    let refused = |bytes: &[u8], what: &str| {
        fs::write(place.path("people.csv"), bytes).unwrap();
        place.render(&[]).exits(2).complains(&[what]);
        assert!(!place.path("out").exists());
    };
    refused(heading.as_bytes(), "the records in people.csv: there are none");
    let open = format!("{heading}A-1,\"张三,2026-03-05\nA-2,李四,2026-03-06\n");
    refused(open.as_bytes(), "a quotation mark is opened in row 2, and nowhere closed after it");
    let cut = format!("{heading}A-1,张三,2026-03-05\nA-2,李");
    refused(&cut.as_bytes()[..cut.len() - 1], "the file breaks off within its last character (UTF-8)");
    place.write("people.jsonl", "\n");
    place
        .run(&["render", "small.xml", "people.jsonl", "--out", "out"])
        .exits(2)
        .complains(&["there are none"]);
}

#[test]
fn what_is_there_twice_is_known_before_anything_is_written() {
    let place = Place::new();
    place.write(
        "people.csv",
        &format!(
            "number,name,issued_on,identifier\nA-1,张三,2026-03-05,{IDENTIFIER}\nA-2,李四,2026-03-05,{IDENTIFIER}\n\
             A-3,王五\na-1,赵六,2026-03-05,\n"
        ),
    );
    place.render(&["--max-errors", "2"]).exits(2).complains(&[
        "row 3: row 2 has the same identifier",
        "row 4: the row has 2 values for 4 columns",
        "row 5: row 2 has the same file name: a-1",
        "3 records cannot be read, or repeat a number or identifier: more than --max-errors 2",
        "nothing was written",
    ]);
    assert!(!place.path("out").exists());
    place.render(&["--max-errors", "3"]).exits(1);
    assert_eq!(codes(&place), ["done", "identifier.taken", "read.columns", "file.taken"]);
}

#[test]
fn one_bad_record_in_ten_of_every_class_is_a_row_of_its_class_and_stops_nothing() {
    let place = Place::new();
    place.write(
        "small.xml",
        &LAYOUT.replace("</fields>", "<field name=\"photo\" label=\"照片\" type=\"image\"/></fields>"),
    );
    let mut rows = String::from("number,name,issued_on,identifier,photo\n");
    let mut expected = Vec::new();
    for i in 0..100 {
        let (row, code) = match i {
            9 => (",张三,2026-03-05,,".to_owned(), "field.missing"),
            19 => (format!("D-{i},张三,2026-02-30,,"), "field.date"),
            29 => (format!("D-{i},张三,2026-03-05,1.2.156,"), "field.identifier"),
            39 => (format!("D-{i},张三,2026-03-05"), "read.columns"),
            49 => ("D-1,张三,2026-03-05,,".to_owned(), "file.taken"),
            59 => (format!("D-{i},张三,2026-03-05,{IDENTIFIER},"), "done"),
            69 => (format!("D-{i},张三,2026-03-05,{IDENTIFIER},"), "identifier.taken"),
            79 => (format!("D-{i},张三,2026-03-05,,none.jpg"), "image.missing"),
            89 => (format!("D-{i},{},2026-03-05,,", "很长的名字".repeat(12)), "field.person-name"),
            99 => (format!("D-\u{1F600}{i},张三,2026-03-05,,"), "no-face"),
            _ => (format!("D-{i},张三,2026-03-05,,"), "done"),
        };
        rows.push_str(&row);
        rows.push('\n');
        expected.push(code);
    }
    place.write("people.csv", &rows);
    for jobs in ["1", "2", "8"] {
        place.render(&["--jobs", jobs]).exits(1);
        assert_eq!(codes(&place), expected, "{jobs} threads");
        assert_eq!(place.names("out").len(), 2 * 91 + 2);
    }
}

#[test]
fn a_full_disk_stops_the_batch_with_nothing_torn_and_room_lets_it_go_on() {
    let place = Place::new();
    let plain = ["--formats", "ofd", "--time", "2026-03-05T08:00:00Z"];
    let rows: String = (0..300).map(|i| format!("E-{i:03},张三,2026-03-05\n")).collect();
    place.write("people.csv", &format!("number,name,issued_on\n{rows}"));
    place.render(&plain).exits(0);
    let whole: Vec<_> =
        place.names("out").iter().map(|n| fs::read(place.path("out").join(n)).unwrap()).collect();
    let length = fs::metadata(place.path("out/manifest.jsonl")).unwrap().len();
    fs::remove_dir_all(place.path("out")).unwrap();
    // A limit on the length of files, in blocks of 512 bytes: the manifest outgrows it before the certificates do.
    let program = place
        .program(&[&["render", "small.xml", "people.csv", "--out", "out", "--no-sync"], &plain[..]].concat());
    let mut limited = Command::new("sh");
    limited.args(["-c", &format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", length * 9 / 10 / 512)]);
    limited.arg(program.get_program()).args(program.get_args()).current_dir(place.path(""));
    let variables = program.get_envs().filter_map(|(name, value)| Some((name, value?)));
    let ended = Outcome::of(limited.envs(variables).output().unwrap()).exits(2);
    ended.complains(&["out/manifest.jsonl", "File too large", "raise the limit", "go on with --resume: 2"]);
    let rows = place.rows().len();
    assert!((200..300).contains(&rows), "{rows} rows");
    assert_eq!(place.names("out").len(), rows + 1);
    resume(&place, &plain).exits(0);
    let again: Vec<_> =
        place.names("out").iter().map(|n| fs::read(place.path("out").join(n)).unwrap()).collect();
    assert!(again == whole, "the bytes differ");
}

#[test]
fn a_folder_in_whose_place_is_a_file_and_a_file_in_whose_place_is_a_folder_stop_cleanly() {
    let place = Place::new();
    place.write("out", "a file");
    place
        .render(&[])
        .exits(2)
        .complains(&["cannot use the folder out", "name a folder that you may write to"]);
    fs::remove_file(place.path("out")).unwrap();
    // A folder stands where the third file is to be; root, too, cannot write there.
    fs::create_dir_all(place.path("out/x")).unwrap();
    place.render(&[]).exits(2).complains(&["holds other files, such as x"]);
}

#[test]
fn a_batch_is_removed_whole_or_not_at_all_and_no_link_leads_out_of_it() {
    let place = Place::new();
    place.render(&["--shard", "3"]).exits(0);
    let names = ["0000", "0001", "catalogue.csv", "manifest.jsonl"];
    place.write("out/0001/README.txt", "mine");
    place.render(&[]).exits(2).complains(&["holds other files, such as 0001/README.txt"]);
    place.run(&["manifest", "check", "out"]).exits(1);
    fs::remove_file(place.path("out/0001/README.txt")).unwrap();
    fs::rename(place.path("out/0001"), place.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(place.path("elsewhere"), place.path("out/0001")).unwrap();
    place.render(&[]).exits(2).complains(&["holds other files, such as 0001"]);
    assert_eq!((place.names("out"), place.names("elsewhere").len()), (names.map(String::from).to_vec(), 4));
    fs::remove_file(place.path("out/0001")).unwrap();
    // What a killed run had begun.
    fs::create_dir(place.path("out/0002")).unwrap();
    place.write("out/0002/.certpress-A-9.ofd.part", "half");
    place.render(&[]).exits(0);
    assert_eq!(place.names("out").len(), 8);
}

#[test]
fn what_a_run_is_writing_is_left_to_it() {
    let place = Place::new();
    place.render(&[]).exits(0);
    let before = place.names("out");
    let run = |out: &str, more: &[&str]| {
        place.run(&[&["render", "small.xml", "people.csv", "--out", out], more].concat())
    };
    let lock = |name: &str| {
        let file = fs::File::options().append(true).create(true).open(place.path(name)).unwrap();
        file.try_lock().unwrap();
        file
    };
    let manifest = lock("out/manifest.jsonl");
    for more in [&[][..], &["--replace"], &["--resume"]] {
        run("out", more).exits(2).complains(&["another run is writing out/manifest.jsonl"]);
    }
    assert_eq!(place.names("out"), before);
    drop(manifest);
    place.write("x.zip", "earlier");
    let part = lock(".certpress-x.zip.part");
    run("x.zip", &["--replace"]).exits(2).complains(&["another run is writing x.zip"]);
    assert_eq!(fs::read(place.path("x.zip")).unwrap(), b"earlier");
    drop(part);
    run("x.zip", &["--replace"]).exits(0);
    assert_eq!(unzipped(fs::read(place.path("x.zip")).unwrap()).len(), 8);
    assert!(!place.path(".certpress-x.zip.part").exists());
}

#[test]
fn a_check_finds_what_was_changed_is_missing_or_was_added() {
    let place = Place::new();
    place.render(&["--shard", "3"]).exits(0);
    assert_eq!(place.names("out"), ["0000", "0001", "catalogue.csv", "manifest.jsonl"]);
    assert_eq!(place.names("out/0001"), ["A-2.ofd", "A-2.pdf", "A-3.ofd", "A-3.pdf"]);
    let check = |code: i32| {
        let found = place.run(&["manifest", "check", "out", "--json"]).exits(code).stdout;
        serde_json::from_str::<Value>(&found).unwrap()
    };
    assert_eq!(check(0)["intact"], 7);
    let mut pdf = fs::read(place.path("out/0001/A-2.pdf")).unwrap();
    *pdf.last_mut().unwrap() ^= 1;
    fs::write(place.path("out/0001/A-2.pdf"), pdf).unwrap();
    fs::remove_file(place.path("out/0000/A-1.ofd")).unwrap();
    place.write("out/0001/a-4.ofd", "not ours");
    place.write("out/catalogue.csv", "row\n");
    let found = check(1);
    assert_eq!(found["changed"], serde_json::json!(["0001/A-2.pdf", "catalogue.csv"]));
    assert_eq!(found["missing"], serde_json::json!(["0000/A-1.ofd"]));
    assert_eq!(found["extra"], serde_json::json!(["0001/a-4.ofd"]));
    assert_eq!((&found["holds"], &found["finished"]), (&false.into(), &true.into()));
    let told = place.run(&["manifest", "check", "out"]).exits(1).stdout;
    assert!(
        told.contains("missing: 0000/A-1.ofd\n") && told.contains("4 files of out/manifest.jsonl"),
        "{told}"
    );
    let manifest = fs::read_to_string(place.path("out/manifest.jsonl")).unwrap();
    place.write("out/manifest.jsonl", &manifest.replacen("{\"row\":3", "{\"row\":x", 1));
    place.run(&["manifest", "check", "out"]).exits(2).complains(&["line 3 is no row"]);
    place.run(&["manifest", "check", "."]).exits(2).complains(&["manifest.jsonl"]);
}

#[test]
fn a_check_finds_rows_that_were_taken_out_of_the_manifest_or_doubled() {
    let place = stopped();
    resume(&place, &FIXED).exits(1);
    place.run(&["manifest", "check", "out/manifest.jsonl"]).exits(0);
    let whole = fs::read_to_string(place.path("out/manifest.jsonl")).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let other = |lines: &[&str], what: &str| {
        place.write("out/manifest.jsonl", &format!("{}\n", lines.join("\n")));
        place.run(&["manifest", "check", "out"]).exits(2).complains(&[what]);
    };
    let [head, first, failed, last, end] = lines[..] else { panic!("{whole}") };
    other(
        &[head, first, last, end],
        "line 4 counts 2 records that were done and 1 that failed, and there are rows of 2 and 0",
    );
    other(&[head, first, first, failed, last, end], "line 3 is row 2, and comes after row 2");
    let again = first.replace("\"row\":2", "\"row\":3");
    other(&[head, first, &again, last, end], "line 3 lists a file again: A-1.ofd");
    place.write("out/manifest.jsonl", &whole);
    fs::remove_file(place.path("out/A-1.pdf")).unwrap();
    fs::create_dir(place.path("out/A-1.pdf")).unwrap();
    let told = place.run(&["manifest", "check", "out"]).exits(1).stdout;
    assert_eq!(told, "changed: A-1.pdf\n4 files of out/manifest.jsonl as listed\n");
    place.render(&[]).exits(2).complains(&["holds other files, such as A-1.pdf"]);
}

#[test]
fn a_seal_that_is_not_valid_at_the_time_is_told_before_anything_is_written() {
    let place = Place::new();
    let early = ["--seal", "demo", "--time", "1999-01-01T00:00:00Z"];
    place
        .render(&early)
        .exits(2)
        .complains(&["the seal is valid from", "hint: give a seal that is valid then"]);
    assert!(!place.path("out").exists());
    place.render(&["--jobs", "1025"]).exits(2).complains(&["write a number from 1 to 1024"]);
}

/// The members of a ZIP file or stream.
fn unzipped(bytes: Vec<u8>) -> Vec<(String, Vec<u8>)> {
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut members = Vec::new();
    for i in 0..zip.len() {
        let mut member = zip.by_index(i).unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut member, &mut bytes).unwrap();
        members.push((member.name().unwrap().into_owned(), bytes));
    }
    members
}

fn untarred(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut tar = tar::Archive::new(bytes);
    let member = |entry: std::io::Result<tar::Entry<'_, &[u8]>>| {
        let mut entry = entry.unwrap();
        let mut bytes = Vec::new();
        std::io::copy(&mut entry, &mut bytes).unwrap();
        (entry.path().unwrap().to_str().unwrap().to_owned(), bytes)
    };
    tar.entries().unwrap().map(member).collect()
}

#[test]
fn an_archive_holds_what_a_folder_would_in_the_order_of_the_records() {
    let place = Place::new();
    let name = ["--name", "{name}/{number}"];
    place.render(&[&FIXED[..], &name].concat()).exits(0);
    let to = |out: &str, more: &[&str]| {
        let arguments = ["render", "small.xml", "people.csv", "--out", out];
        place.program(&[&arguments[..], &FIXED, &name, more].concat()).output().unwrap()
    };
    assert!(to("x.zip", &[]).status.success());
    assert!(to("x.tar", &[]).status.success());
    let (zip, tar) = (to("-", &["--archive", "zip"]), to("-", &["--archive", "tar"]));
    assert!(String::from_utf8(tar.stderr).unwrap().contains("3 certificates in"));
    let read = |name: &str| fs::read(place.path(name)).unwrap();
    assert_eq!(read("x.tar"), tar.stdout);
    let all = [unzipped(read("x.zip")), unzipped(zip.stdout), untarred(&tar.stdout)];
    for members in all {
        let names: Vec<&str> = members.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names[..3], ["张三/A-1.ofd", "张三/A-1.pdf", "买买提·艾力/A-2.ofd"]);
        assert_eq!(names[6..], ["catalogue.csv", "manifest.jsonl"]);
        for (name, bytes) in members {
            assert!(bytes == read(&format!("out/{name}")), "{name}");
        }
    }
    let refused = |out: &str, more: &[&str]| Outcome::of(to(out, more)).exits(2);
    refused("x.zip", &[]).complains(&["there is a file already: x.zip", "--replace"]);
    refused("x.zip", &["--resume"]).complains(&["an archive cannot be resumed"]);
    refused("-", &[]).complains(&["--archive tar"]);
    refused("x.tar.gz", &[]).complains(&["no archive is written as .gz: x.tar.gz", "pack that yourself"]);
    assert!(!place.names("").iter().any(|name| name.starts_with(".certpress-")), "{:?}", place.names(""));
}

#[test]
fn standard_output_that_takes_no_more_ends_the_batch() {
    let place = Place::new();
    let arguments = ["render", "small.xml", "people.csv", "--out", "-", "--archive", "tar"];
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Outcome::of(place.program(&arguments).stdout(full).output().unwrap()).exits(2);
    ended.complains(&["cannot write the archive", "No space left on device", "begin anew"]);
    let arguments = ["render", "small.xml", "people.csv", "--out", "-", "--archive", "zip"];
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let ended = Outcome::of(place.program(&arguments).stdout(full).output().unwrap()).exits(2);
    let complaint = ended.complains(&["No space left on device"]).stderr;
    assert!(!complaint.contains("ZipWriter"), "{complaint}");
}
