//! `certpress preview`: pictures, and the page in the browser as a program sees it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use super::support::{LAYOUT, Place};

/// Width and height of a PNG.
fn size(place: &Place, name: &str) -> (u32, u32) {
    let file = fs::read(place.path(name)).unwrap();
    assert!(file.starts_with(b"\x89PNG\r\n\x1a\n"), "{name}");
    let number = |at: usize| u32::from_be_bytes(file[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn a_page_is_a_picture_of_its_size() {
    let place = Place::new();
    let told = place.run(&["preview", "small.xml", "people.csv", "--record", "2", "--dpi", "50.8"]).exits(0);
    assert_eq!(told.stdout, "small.png\n");
    assert_eq!(size(&place, "small.png"), (240, 180));
    // Another record is another picture, and so is none.
    let (second, mut others) = (fs::read(place.path("small.png")).unwrap(), Vec::new());
    for more in [&["people.csv"][..], &[]] {
        place.run(&[&["preview", "small.xml", "--dpi", "50.8"], more].concat()).exits(0);
        others.push(fs::read(place.path("small.png")).unwrap());
    }
    assert!(others[0] != second && others[1] != second && others[0] != others[1]);
}

#[test]
fn several_pages_have_their_numbers_and_one_can_be_asked_for() {
    let place = Place::new();
    let page = LAYOUT[LAYOUT.find("<page").unwrap()..].replace("</layout>", "");
    place.write("two.xml", &LAYOUT.replace("</page>", &format!("</page>{page}")));
    let two = ["preview", "two.xml", "people.csv", "--dpi", "30", "--out", "p.png"];
    assert_eq!(place.run(&two).exits(0).stdout, "p-1.png\np-2.png\n");
    assert_eq!(place.run(&[&two[..], &["--page", "2"]].concat()).exits(0).stdout, "p.png\n");
    place
        .run(&[&two[..], &["--page", "3"]].concat())
        .exits(2)
        .complains(&["there is no page 3", "the record has 2"]);
}

#[test]
fn a_contact_sheet_has_a_page_for_each_record() {
    let place = Place::new();
    let sheet = |count: &str| {
        let arguments =
            ["preview", "small.xml", "people.csv", "--dpi", "60", "--out", "sheet.png", "--sheet", count];
        place.run(&arguments).exits(0);
        size(&place, "sheet.png")
    };
    // A third of 283 × 213 pixels, 24 between and around, 22 for the caption.
    assert_eq!(sheet("1"), (94 + 48, 71 + 22 + 48));
    assert_eq!(sheet("2"), (2 * 94 + 72, 71 + 22 + 48));
    assert_eq!(sheet("9"), (2 * 94 + 72, 2 * (71 + 22) + 72), "three records, no more");
}

#[test]
fn a_record_that_is_not_there_is_refused() {
    let place = Place::new();
    let told = |more: &[&str]| place.run(&[&["preview", "small.xml"], more].concat()).exits(2);
    told(&["people.csv", "--record", "4"]).complains(&["there is no record 4, people.csv has 3"]);
    told(&["--record", "2"]).complains(&["there is no record 2", "name records after the layout"]);
    told(&["people.csv", "--record", "0"]).complains(&["--record"]);
    // The last of more than a browser goes through.
    let row = |n| format!("A-{n},张三,2026-03-05\n");
    place
        .write("many.csv", &("number,姓名,issued_on\n".to_owned() + &(1..=501).map(row).collect::<String>()));
    place.run(&["preview", "small.xml", "many.csv", "--record", "501", "--dpi", "20"]).exits(0);
    told(&["many.csv", "--record", "502"]).complains(&["there is no record 502, many.csv has 501"]);
}

#[test]
fn a_sheet_that_is_too_large_says_how_many_pages_have_room() {
    let place = Place::new();
    let row = |n| format!("A-{n},张三,2026-03-05\n");
    place
        .write("many.csv", &("number,姓名,issued_on\n".to_owned() + &(1..=800).map(row).collect::<String>()));
    place.run(&["preview", "small.xml", "many.csv", "--dpi", "200", "--sheet", "100000"]).exits(2).complains(
        &["a sheet has no room for 800 pages of 315 × 236 pixels, but for", "fewer records with --sheet"],
    );
}

#[test]
fn mistakes_are_told_and_no_picture_is_written() {
    let place = Place::new();
    place.write("broken.xml", &LAYOUT.replace("{{ number }}", "{{ nubmer }}"));
    place
        .run(&["preview", "broken.xml", "people.csv"])
        .exits(1)
        .complains(&["unknown name: nubmer", "broken.xml:11:"]);
    place.write("people.csv", "number,姓名,issued_on\nA-1,张三,2026-13-05\n");
    place.run(&["preview", "small.xml", "people.csv"]).exits(1).complains(&["row 2: field issued_on"]);
    assert!(!place.path("broken.png").exists() && !place.path("small.png").exists());
    place.run(&["preview", "none.xml"]).exits(2).complains(&["no such layout"]);
    place.run(&["preview", "small.xml", "--dpi", "1"]).exits(2).complains(&["choose another resolution"]);
}

/// A preview that serves, ended when dropped.
struct Served {
    child: Child,
    authority: String,
}

impl Served {
    fn new(place: &Place) -> Served {
        let mut command = place.program(&["preview", "small.xml", "people.csv", "--serve=0", "--dpi", "40"]);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let authority =
            line.strip_prefix("http://").and_then(|rest| rest.split_once('/')).unwrap().0.to_owned();
        Served { child, authority }
    }

    /// Status and body of an answer.
    fn ask(&self, request: &str, host: &str, more: &str) -> (String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.authority).unwrap();
        write!(stream, "{request} HTTP/1.1\r\nHost: {host}\r\n{more}\r\n").unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        assert!(!head.to_lowercase().contains("access-control"), "{head}");
        (head[9..12].to_owned(), answer[end + 4..].to_vec())
    }

    fn get(&self, path: &str) -> (String, Vec<u8>) {
        self.ask(&format!("GET {path}"), &self.authority, "")
    }

    /// The state, once it is later than `version`.
    fn state(&self, version: &Value) -> Value {
        serde_json::from_slice(&self.get(&format!("/state?after={version}")).1).unwrap()
    }

    /// The first state after `before` of which this holds: one save may be seen in two steps, of which the first is an empty file.
    fn state_where(&self, before: &Value, holds: impl Fn(&Value) -> bool) -> Value {
        let mut state = self.state(&before["version"]);
        for _ in 0..5 {
            if holds(&state) {
                return state;
            }
            state = self.state(&state["version"]);
        }
        panic!("not after five steps: {state:#}");
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn the_served_page_follows_each_save_and_keeps_the_last_good_one() {
    let place = Place::new();
    let served = Served::new(&place);
    assert!(String::from_utf8(served.get("/").1).unwrap().contains("<title>certpress</title>"));
    let first = served.state(&0.into());
    assert_eq!(
        (&first["good"], &first["records"], &first["caption"]),
        (&true.into(), &3.into(), &"1 张三".into())
    );
    let boxes = first["pages"][0]["boxes"].as_array().unwrap();
    let name = boxes.iter().find(|b| b["says"] == "张三　2026年3月5日").unwrap();
    assert_eq!(
        (name["kind"].as_str(), name["line"].as_u64(), name["y"].as_f64()),
        (Some("text"), Some(10), Some(30.0))
    );
    assert!(!name["baselines"].as_array().unwrap().is_empty());
    let picture = served.get("/page/0.png");
    assert_eq!(picture.0, "200");

    place.write("small.xml", &LAYOUT.replace("y=\"30mm\"", "y=\"33mm\""));
    let moved = served.state_where(&first, |state| state["good"] == true);
    assert!(served.get("/page/0.png") != picture);
    let picture = served.get("/page/0.png");

    place.write("small.xml", &LAYOUT.replace("{{ number }}", "{{ nubmer }}"));
    let broken = served.state_where(&moved, |state| state["findings"][0]["line"] == 11);
    assert_eq!((&broken["good"], &broken["findings"][0]["line"]), (&false.into(), &11.into()));
    assert_eq!(broken["findings"][0]["message"], "unknown name: nubmer");
    assert_eq!((broken["pages"].as_array().unwrap().len(), served.get("/page/0.png")), (1, picture));

    place.write("small.xml", LAYOUT);
    let mended = served.state_where(&broken, |state| state["good"] == true);
    // The records are watched as well.
    place.write("people.csv", "number,姓名,issued_on\nA-1,李四,2026-03-05\n");
    served.state_where(&mended, |state| state["caption"] == "1 李四");
}

#[test]
fn the_server_answers_to_its_own_name_and_pages_alone() {
    let place = Place::new();
    let served = Served::new(&place);
    let own = served.authority.clone();
    let status = |request: &str, host: &str, more: &str| served.ask(request, host, more).0;
    assert_eq!(status("GET /", "evil.example", ""), "403");
    assert_eq!(status("GET /../small.xml", &own, ""), "404");
    assert_eq!(status("GET /page/7.png", &own, ""), "404");
    assert_eq!(status("GET /page/../../x.png", &own, ""), "404");
    assert_eq!(status("POST /view?record=1", &own, ""), "403");
    assert_eq!(status("POST /view?record=1", &own, "Origin: http://evil.example\r\n"), "403");
    let version = served.state(&0.into())["version"].clone();
    assert_eq!(status("POST /view?record=1", &own, &format!("Origin: http://{own}\r\n")), "200");
    assert_eq!(served.state(&version)["caption"], "2 买买提·艾力");
}
