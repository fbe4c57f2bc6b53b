//! `certpress inspect`: what it tells of sealed files, of broken ones, and one part at a time.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::process::Output;
use std::sync::OnceLock;

use certpress::inspect;
use serde_json::Value;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::support::{FIXED, Place};

/// A place with a sealed `out/A-1.ofd` and `out/A-1.pdf`.
fn issued() -> &'static Place {
    static PLACE: OnceLock<Place> = OnceLock::new();
    PLACE.get_or_init(|| {
        let place = Place::new();
        let render = ["render", "small.xml", "people.csv", "--out", "out", "--limit", "1"];
        place.run(&[&render[..], &FIXED].concat()).exits(0);
        place
    })
}

/// What is told of `name` in JSON.
fn told(name: &str) -> Value {
    let answer = issued().run(&["inspect", name, "--json"]).exits(0);
    serde_json::from_str(&answer.stdout).unwrap()
}

/// The output of `--part`, which may be no text.
fn part(file: &str, name: &str) -> Output {
    issued().program(&["inspect", file, "--part", name]).output().unwrap()
}

fn of_kind<'t>(told: &'t Value, kind: &str) -> Vec<&'t Value> {
    told["parts"].as_array().unwrap().iter().filter(|part| part["kind"] == kind).collect()
}

#[test]
fn an_ofd_is_told_part_by_part() {
    let told = told("out/A-1.ofd");
    assert_eq!((&told["format"], &told["unexplained"]), (&"ofd".into(), &Value::Array(vec![])));
    let bytes = fs::read(issued().path("out/A-1.ofd")).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let parts = told["parts"].as_array().unwrap();
    assert_eq!(parts.len(), archive.len());
    for part in parts {
        let entry = archive.by_name(part["name"].as_str().unwrap()).unwrap();
        assert_eq!(part["stored"], entry.compressed_size());
        assert_eq!(part["size"], entry.size());
        assert_ne!(part["kind"], "", "{part}");
    }
    let page = &told["pages"][0];
    assert_eq!((&page["width_mm"], &page["height_mm"]), (&120.0.into(), &90.0.into()));
    assert!(page["texts"].as_u64() >= Some(2), "{page}");
    assert_eq!(page["templates"][0], told["templates"][0]["part"]);
    assert_eq!(of_kind(&told, "Font").len(), told["fonts"].as_array().unwrap().len());
    let font = &told["fonts"][0];
    let full = format!("{}+{}", font["subset_tag"].as_str().unwrap(), font["name"].as_str().unwrap());
    assert_eq!(font["postscript_name"], full);
    assert!(font["glyphs"].as_u64() > Some(1), "{font}");
    assert_eq!(told["attachments"][0]["name"], "record.json");

    let signature = &told["signatures"][0];
    let value = &signature["value"];
    assert_eq!(value["form"], "SES_Signature, GB/T 38540-2020");
    assert_eq!(value["algorithm"], "SM2 with SM3");
    assert_eq!(value["time"], "2026-03-05T08:00:00Z");
    assert_eq!(value["seal"]["picture"]["width_mm"], 42);
    let outside: Vec<&str> =
        signature["covers"]["outside"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(outside.iter().all(|part| part.starts_with("Doc_0/Signs/")) && outside.len() == 3, "{outside:?}");
}

#[test]
fn a_pdf_is_told_object_by_object() {
    let told = told("out/A-1.pdf");
    assert_eq!((&told["format"], &told["unexplained"]), (&"pdf".into(), &Value::Array(vec![])));
    assert_eq!((&told["version"], &told["revisions"][0]["end"]), (&"1.7".into(), &told["bytes"]));
    let page = &told["pages"][0];
    assert!((page["width_mm"].as_f64().unwrap() - 120.0).abs() < 0.01, "{page}");
    assert!(page["texts"].as_u64() >= Some(3), "{page}");
    for font in told["fonts"].as_array().unwrap() {
        assert!(font["subset_tag"].is_string() && font["glyphs"].as_u64() > Some(1), "{font}");
    }
    let signature = &told["signatures"][0];
    assert_eq!(signature["method"], "adbe.pkcs7.detached");
    assert_eq!(signature["value"]["form"], "CMS, RFC 5652");
    let range: Vec<u64> =
        signature["covers"]["byte_range"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
    let outside = signature["covers"]["outside"].as_u64().unwrap();
    assert_eq!(range[1] + range[3] + outside, told["bytes"].as_u64().unwrap());
}

#[test]
fn a_part_is_written_as_it_is_told() {
    let page = part("out/A-1.ofd", "Doc_0/Pages/Page_0/Content.xml");
    assert!(page.status.success() && page.stdout.starts_with(b"<?xml"));
    let told = told("out/A-1.pdf");
    for kind in ["FontFile2", "Contents", "Catalog", "XObject/Form"] {
        let object = of_kind(&told, kind)[0];
        let written = part("out/A-1.pdf", object["name"].as_str().unwrap());
        assert!(written.status.success(), "{kind}");
        let size = if object["size"].is_null() { &object["stored"] } else { &object["size"] };
        assert_eq!(*size, written.stdout.len(), "{kind}");
    }
    for (file, name) in [("out/A-1.ofd", "Doc_0/None.xml"), ("out/A-1.pdf", "9999"), ("out/A-1.pdf", "page")]
    {
        let refused = issued().run(&["inspect", file, "--part", name]).exits(2);
        refused.complains(&[&format!("{file}: there is no part {name}"), "lists the parts"]);
    }
    issued().run(&["inspect", "a", "b", "--part", "1"]).exits(2).complains(&["one file"]);
}

#[test]
fn people_are_told_in_their_language_that_nothing_was_judged() {
    for (language, says) in [
        ("zh", ["样例证书", "签名 (1)", "未作任何核验"]),
        ("en", ["样例证书", "signatures (1)", "nothing of it was checked"]),
    ] {
        let answer = issued().run(&["inspect", "out/A-1.ofd", "out/A-1.pdf", "--lang", language]).exits(0);
        for block in answer.stdout.split("out/A-1.").skip(1) {
            assert!(says.iter().all(|word| block.contains(word)), "{says:?}: {block}");
        }
    }
}

#[test]
fn what_is_no_document_is_told_and_the_others_are_explained() {
    let place = issued();
    place.write("text.pdf", "no PDF");
    let bytes = fs::read(place.path("out/A-1.ofd")).unwrap();
    fs::write(place.path("short.ofd"), &bytes[..bytes.len() - 9]).unwrap();
    let answer =
        place.run(&["inspect", "text.pdf", "none.pdf", "short.ofd", "out/A-1.pdf", "--json"]).exits(2);
    let lines: Vec<Value> = answer.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["error"], "text.pdf: neither an OFD nor a PDF");
    assert!(lines[1]["error"].as_str().unwrap().starts_with("cannot read none.pdf"), "{}", lines[1]);
    assert!(lines[2]["error"].as_str().unwrap().contains("no end record"), "{}", lines[2]);
    assert_eq!(lines[3]["format"], "pdf");
    answer.complains(&["text.pdf: neither an OFD nor a PDF", "short.ofd: the package is malformed"]);
}

#[test]
fn the_document_names_every_key_of_the_answer() {
    let document = include_str!("../../docs/inspect.md");
    fn keys(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(entries) => entries.iter().for_each(|(key, value)| {
                found.push(key.clone());
                keys(value, found);
            }),
            Value::Array(all) => all.iter().for_each(|value| keys(value, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    for name in ["out/A-1.ofd", "out/A-1.pdf"] {
        keys(&told(name), &mut found);
    }
    for key in found {
        assert!(document.contains(&format!("`{key}`")), "docs/inspect.md does not name {key}");
    }
}

/// `bytes` with every entry stored, and byte `at` of all of them changed.
fn spoilt(bytes: &[u8], at: usize, mask: u8) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).unwrap();
        let mut data = Vec::new();
        entry.read_to_end(&mut data).unwrap();
        let place = at % data.len();
        data[place] ^= mask;
        let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
        writer.start_file(entry.name().unwrap(), options).unwrap();
        writer.write_all(&data).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn spoilt_files_are_explained_or_refused_and_never_more() {
    let [ofd, pdf] = ["out/A-1.ofd", "out/A-1.pdf"].map(|name| fs::read(issued().path(name)).unwrap());
    let (mut explained, mut doubted) = (0, 0);
    for turn in 0..120_usize {
        let at = turn.wrapping_mul(7919);
        let mut other = pdf.clone();
        let place = at % other.len();
        other[place] ^= 1 << (turn % 8);
        let inspections = [&spoilt(&ofd, at, 1 << (turn % 7)), &other, &pdf[..place], &ofd[..at % ofd.len()]]
            .map(inspect::file);
        for inspection in inspections.into_iter().flatten() {
            explained += 1;
            doubted += usize::from(!inspection.unexplained.is_empty());
        }
    }
    assert!(explained > 100 && doubted > 10, "{explained} explained, {doubted} with something left out");
}
