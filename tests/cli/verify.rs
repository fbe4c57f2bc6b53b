//! Whether files and marks are genuine, as `certpress verify` tells people and programs.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{FIXED, Outcome, Place};

/// A day on which everything about the demonstration seal is in force.
const AT: [&str; 4] = ["--trust", "demo", "--at", "2026-03-06T00:00:00Z"];

/// A place with three sealed certificates, with timestamps, in `out`.
fn sealed() -> Place {
    let place = Place::new();
    place.render(&[&FIXED[..], &["--timestamp"]].concat()).exits(0);
    place
}

fn verify(place: &Place, more: &[&str]) -> Outcome {
    place.run(&[&["verify"], &AT[..], more].concat())
}

/// `out/A-1.ofd` with the first `from` in its parts changed into `to`, as `twin.ofd`.
fn twin(place: &Place, part: &str, from: &str, to: &str) {
    let mut package = zip::ZipArchive::new(fs::File::open(place.path("out/A-1.ofd")).unwrap()).unwrap();
    let mut twin = zip::ZipWriter::new(fs::File::create(place.path("twin.ofd")).unwrap());
    for index in 0..package.len() {
        let mut entry = package.by_index(index).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut data = Vec::new();
        std::io::copy(&mut entry, &mut data).unwrap();
        if name.ends_with(part) {
            let text = String::from_utf8(data).unwrap();
            assert!(text.contains(from), "{from} is not in {part}");
            data = text.replacen(from, to, 1).into_bytes();
        }
        twin.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        twin.write_all(&data).unwrap();
    }
    twin.finish().unwrap();
}

#[test]
fn a_clerk_reads_in_either_language_that_a_certificate_is_genuine() {
    let place = sealed();
    let zh = verify(&place, &["out/A-1.ofd", "--lang", "zh"]).exits(0);
    insta::assert_snapshot!(zh.stdout);
    let en = verify(&place, &["out/A-1.ofd", "--lang", "en"]).exits(0);
    insta::assert_snapshot!(en.stdout);
    let all = verify(&place, &["out/A-1.ofd", "--lang", "en", "--verbose"]).exits(0);
    assert!(
        all.stdout.contains("holds [ofd.data-hash]") || all.stdout.matches("holds [").count() > 10,
        "{}",
        all.stdout
    );
}

#[test]
fn an_altered_certificate_is_refused_with_the_part_that_was_altered() {
    let place = sealed();
    twin(&place, "record.json", "张三", "李四");
    let told = verify(&place, &["twin.ofd", "--lang", "en"]).exits(1);
    for words in ["INVALID", "[ofd.reference.digest]", "Attachs/record.json"] {
        assert!(told.stdout.contains(words), "{words} is missing in\n{}", told.stdout);
    }
}

#[test]
fn without_roots_a_list_or_a_timestamp_nothing_is_valid_and_nothing_is_refused() {
    let place = sealed();
    let told = place.run(&["verify", "out/A-1.ofd", "--lang", "en"]).exits(3);
    assert!(
        told.stdout.contains("INDETERMINATE") && told.stdout.contains("[trust.chain]"),
        "{}",
        told.stdout
    );
    place.render(&FIXED).exits(0);
    let told = verify(&place, &["out/A-1.ofd", "--lang", "en"]).exits(3);
    assert!(told.stdout.contains("[time.proof]") && told.stdout.contains("(claimed)"), "{}", told.stdout);
}

#[test]
fn folders_and_standard_input_are_answered_in_order_and_the_worst_decides() {
    let place = sealed();
    let told = verify(&place, &["out", "--json"]).exits(0);
    let lines: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let names: Vec<_> = lines.iter().map(|line| line["file"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["out/A-1.ofd", "out/A-1.pdf", "out/A-2.ofd", "out/A-2.pdf", "out/A-3.ofd", "out/A-3.pdf"]
    );
    assert!(lines.iter().all(|line| line["verdict"] == "VALID"), "{}", told.stdout);
    assert_eq!(lines[0]["subject"]["holder"], lines[1]["subject"]["holder"]);

    let mut child = place
        .program(&[&["verify", "-"], &AT[..]].concat())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(place.path("out/A-2.pdf")).unwrap()).unwrap();
    let told = Outcome::of(child.wait_with_output().unwrap()).exits(0);
    assert!(told.stdout.starts_with("-\n  VALID"), "{}", told.stdout);

    place.write("out/note.pdf", "no certificate");
    let told = verify(&place, &["out", "--lang", "en"]).exits(1);
    assert!(told.stdout.ends_with("7 files: 6 VALID, 1 MALFORMED\n"), "{}", told.stdout);
    verify(&place, &["out", "nothing.ofd"]).exits(2).complains(&["cannot read nothing.ofd"]);
    fs::create_dir(place.path("empty")).unwrap();
    verify(&place, &["empty"]).exits(2).complains(&["nothing to verify in empty"]);
}

#[test]
fn trust_comes_from_files_of_its_own_kind_and_another_root_is_no_trust() {
    let place = sealed();
    place.write("password", "a password for a test\n");
    place.run(&["seal", "new", "样例单位", "--out", "other", "--password-file", "password"]).exits(0);
    let other = ["verify", "out/A-1.ofd", "--trust", "other/root.crt", "--crl", "other/root.crl", "--json"];
    let told: Value = serde_json::from_str(&place.run(&other).stdout).unwrap();
    assert_ne!(told["verdict"], "VALID");
    assert_ne!(told["signatures"][0]["facts"]["trust"], "holds");
    place
        .run(&["verify", "out/A-1.ofd", "--trust", "other/root.crl"])
        .exits(2)
        .complains(&["other/root.crl", "an option of their own"]);
    place.run(&["verify", "out/A-1.ofd", "--trust", "password"]).exits(2).complains(&["password"]);
    place.run(&["verify"]).exits(2).complains(&["FILE|DIR|-"]);
}

#[test]
fn the_mark_of_a_print_is_checked_by_its_text_or_its_picture() {
    let place = Place::new();
    let layouts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/layouts");
    let layout = layouts.join("signed.xml");
    place.write(
        "signed.jsonl",
        r#"{"name": "欧阳样例", "number": "A-1", "issuer_code": "11140000MB99999996", "valid_from": "2026-03-05"}"#,
    );
    let layout = layout.to_str().unwrap();
    place
        .run(&[&["render", layout, "signed.jsonl", "--out", "out", "--timestamp"], &FIXED[..]].concat())
        .exits(0);
    let told = verify(&place, &["out/A-1.ofd", "--json"]).exits(0);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    let text = told["subject"]["marks"][0]["content"].as_str().unwrap();

    place.write("password", "a password for a test\n");
    let told = verify(&place, &["--qr", text, "--lang", "en"]).exits(3);
    assert!(told.stdout.contains("no certificate of the key"), "{}", told.stdout);

    let folder = place.path("demo");
    certpress::seal::write_demo(&folder, "a password for a test").unwrap();
    let signer = ["--intermediates", "demo/signer.crt"];
    let told = verify(&place, &[&["--qr", text, "--lang", "en"], &signer[..]].concat()).exits(0);
    for words in ["VALID", "欧阳样例", "A-1", "11140000MB99999996", "2026-03-05 – …"] {
        assert!(told.stdout.contains(words), "{words} is missing in\n{}", told.stdout);
    }
    place.run(&["convert", "out/A-1.ofd", "--to", "png", "--dpi", "300", "--out", "print.png"]).exits(0);
    let told = verify(&place, &[&["--qr", "print.png", "--json"], &signer[..]].concat()).exits(0);
    let told: Value = serde_json::from_str(&told.stdout).unwrap();
    assert_eq!((&told["report"]["verdict"], told["mark"].as_str()), (&Value::from("VALID"), Some(text)));

    // One character of the signature.
    let last = if text.ends_with('0') { "1" } else { "0" };
    let forged = format!("{}{last}", &text[..text.len() - 1]);
    let told = verify(&place, &[&["--qr", &forged, "--lang", "en"], &signer[..]].concat()).exits(1);
    assert!(told.stdout.contains("INVALID") || told.stdout.contains("MALFORMED"), "{}", told.stdout);
    let early = ["verify", "--trust", "demo", "--at", "2026-03-01T00:00:00Z", "--qr", text, "--lang", "en"];
    let told = place.run(&[&early[..], &signer[..]].concat()).exits(1);
    assert!(told.stdout.contains("[mark.validity]"), "{}", told.stdout);
    let told = verify(&place, &["--qr", "https://verify.example.org/c/1", "--lang", "en"]).exits(1);
    assert!(told.stdout.contains("NOT_SIGNED no signed mark"), "{}", told.stdout);
    verify(&place, &["--qr", "nowhere.png"]).exits(2).complains(&["neither a signed mark nor a file"]);
}

#[test]
fn of_two_marks_on_one_picture_the_worse_decides() {
    use certpress::mark::{Level, qr};
    use certpress::unit::Length;

    let place = Place::new();
    let specification = include_str!("../../docs/qr-payload.md");
    let text = specification.lines().find_map(|line| line.strip_prefix("text = ")).unwrap();
    // Side by side, eight pixels a module.
    let marks =
        [text, "https://verify.example.org/c/1"].map(|text| qr(text, Level::M, Length::mm(90.0)).unwrap());
    let (width, height) = (1200, 600);
    let ink = |x: usize, y: usize| {
        let (mark, x) = if x < 620 { (&marks[0], x) } else { (&marks[1], x - 620) };
        let (x, y) = ((x / 8).wrapping_sub(5), (y / 8).wrapping_sub(5));
        x < mark.modules && y < mark.modules && mark.figure.rows()[y] >> x & 1 == 1
    };
    let grey: Vec<u8> =
        (0..width * height).map(|at| if ink(at % width, at / width) { 20 } else { 230 }).collect();
    let file = fs::File::create(place.path("two.png")).unwrap();
    let mut encoder = png::Encoder::new(file, width as u32, height as u32);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&grey).unwrap();

    // The payload's key is not known, which is exit code 3; the address is not signed, which is 1.
    let told = verify(&place, &["--qr", "two.png", "--json"]).exits(1);
    let lines: Vec<Value> = told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let verdicts: Vec<&str> = lines.iter().map(|line| line["report"]["verdict"].as_str().unwrap()).collect();
    assert!(verdicts.contains(&"INDETERMINATE") && verdicts.contains(&"NOT_SIGNED"), "{verdicts:?}");
}
