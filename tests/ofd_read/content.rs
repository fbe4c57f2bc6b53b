//! A certificate that is whole agrees with itself; one value changed in one place is found, and named.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use certpress::ofd::read::{self, Limits, Package};
use certpress::page::{Standing, Timestamp};
use certpress::record::ImageRoot;
use certpress::seal::Nonce;
use certpress::verify::{Contents, Outcome, contents};
use certpress::{Layout, Press, Record, RenderOptions, Sealer};

use super::ofd_sample::fonts;
use super::zip::{Entry, Zip};

const PAGE: &str = "Doc_0/Pages/Page_0/Content.xml";
const ENTRY: &str = "OFD.xml";
const RECORD: &str = "Doc_0/Attachs/record.json";

/// Two made-up identifiers with their check characters.
const IDENTIFIERS: [&str; 2] = [
    "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.001.2",
    "1.2.156.3005.2.11100000MB9888888A001.11140000MB99999996.20260000001.002.Z",
];

const FACE: &str = "licence.face";
const METADATA: &str = "licence.metadata";
const MARK: &str = "licence.mark";

type Parts = BTreeMap<String, Vec<u8>>;

fn press(layout: &str) -> Press {
    let layout = Layout::open(layout).unwrap();
    layout.compile(&Arc::new(fonts())).unwrap().with_seal(Sealer::demo().unwrap()).unwrap()
}

static PRESS: LazyLock<Press> = LazyLock::new(|| press("tests/layouts/agreement.xml"));

/// The record, with other values for some fields.
fn record(other: &[(&str, &str)]) -> Record {
    let fields = [
        ("name", "欧阳样例"),
        ("id_number", "999999199001011238"),
        ("number", "样例20260001"),
        ("identifier", IDENTIFIERS[0]),
        ("issuer_code", "11140000MB99999996"),
        ("issued_on", "2026-03-05"),
        ("valid_to", "2029-03-04"),
        ("photo", "photos/01.jpg"),
        ("scores.1.subject", "样例甲"),
        ("scores.1.score", "85"),
        ("scores.2.subject", "样例乙"),
        ("scores.2.score", "91"),
    ];
    let value = |name, value| other.iter().find(|(n, _)| *n == name).map_or(value, |(_, v)| *v);
    fields.into_iter().fold(Record::new(), |record, (name, v)| record.with(name, value(name, v)))
}

fn parts(press: &Press, record: &Record) -> Parts {
    let options = RenderOptions {
        pdf: false,
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        nonce: Nonce::Deterministic,
        image_root: Some(ImageRoot::open("examples").unwrap()),
        ..RenderOptions::default()
    };
    let certificate = press.render_with(record, &options).unwrap();
    let package = Package::open(certificate.ofd().unwrap(), &Limits::default()).unwrap();
    package.parts().map(|(name, data)| (name.to_owned(), data.to_vec())).collect()
}

fn zipped(parts: &Parts) -> Vec<u8> {
    Zip::of(parts.iter().map(|(name, data)| Entry::deflated(name, data)).collect()).build()
}

fn compare(parts: &Parts) -> Contents {
    contents(&Package::open(&zipped(parts), &Limits::default()).unwrap()).unwrap()
}

/// Where a document disagrees with itself: rule and place.
fn found(parts: &Parts) -> Vec<(&'static str, String)> {
    let found = compare(parts).findings.into_iter().filter(|finding| finding.outcome != Outcome::Holds);
    found.map(|finding| (finding.rule.id, finding.place)).collect()
}

fn text<'a>(parts: &'a Parts, part: &str) -> &'a str {
    std::str::from_utf8(&parts[part]).unwrap()
}

fn with(parts: &Parts, part: &str, text: String) -> Parts {
    let mut twin = parts.clone();
    twin.insert(part.to_owned(), text.into_bytes());
    twin
}

#[test]
fn a_whole_certificate_agrees_with_itself_and_its_seal_signed_the_payload() {
    let found = compare(&parts(&PRESS, &record(&[])));
    assert!(found.findings.iter().all(|f| f.outcome == Outcome::Holds), "{:?}", found.findings);
    let [signed, address] = &found.marks[..] else { panic!("{:?}", found.marks) };
    let key = &Sealer::demo().unwrap().key().clone();
    assert!(signed.payload.as_ref().unwrap().verify(key));
    assert!(address.content.starts_with("https://zs.example.gov.cn/") && address.payload.is_none());
}

/// Each object that shows a field, with its last character made like its first, or like another digit.
#[test]
fn one_value_changed_on_the_page_is_found() {
    let whole = parts(&PRESS, &record(&[]));
    let page = text(&whole, PAGE);
    let zip = zipped(&whole);
    let fields = read::fields(&Package::open(&zip, &Limits::default()).unwrap()).unwrap();
    let mut changed_fields = BTreeSet::new();
    for field in &fields {
        for object in field.objects.iter().filter(|object| object.text.is_some()) {
            let start = page.find(&format!(" ID=\"{}\"", object.id)).unwrap();
            let end = start + page[start..].find("</ofd:TextCode>").unwrap();
            let code = page[..end].rsplit('>').next().unwrap();
            let (first, last) = (code.chars().next().unwrap(), code.chars().next_back().unwrap());
            let other = if last == '9' {
                '8'
            } else if last.is_ascii_digit() {
                '9'
            } else {
                first
            };
            if other == last {
                // The font of a single character has no other to show in its place.
                continue;
            }
            let changed = format!("{}{other}{}", &page[..end - last.len_utf8()], &page[end..]);
            let found = found(&with(&whole, PAGE, changed));
            assert!(
                matches!(&found[..], [(FACE, name)] if name.starts_with(&field.name)),
                "{} {:?}: {found:?}",
                field.name,
                object.text
            );
            changed_fields.insert(field.name.as_str());
        }
    }
    let shown = ["id_number", "identifier", "issued_on", "name", "number", "scores", "valid_to"];
    assert!(changed_fields.iter().eq(&shown), "{changed_fields:?}");
}

#[test]
fn the_only_row_of_a_list_changed_on_the_page_is_found() {
    let whole = parts(&PRESS, &record(&[("scores.2.subject", ""), ("scores.2.score", "")]));
    let page = text(&whole, PAGE);
    assert_eq!(found(&whole), []);
    assert_eq!(page.matches(">85<").count(), 1);
    let found = found(&with(&whole, PAGE, page.replacen(">85<", ">88<", 1)));
    assert_eq!(found, [(FACE, "scores[0].score".to_owned())]);
}

#[test]
fn one_metadata_entry_changed_is_found_in_either_place() {
    let whole = parts(&PRESS, &record(&[]));
    let zip = zipped(&whole);
    let mut said = read::info(&Package::open(&zip, &Limits::default()).unwrap()).unwrap().custom;
    // What the file is, the record says in words of its own.
    said.retain(|(name, _)| name != Standing::KEY);
    assert_eq!(said.len(), 8);
    let (entry, json) = (text(&whole, ENTRY), text(&whole, RECORD));
    for (name, value) in &said {
        let [in_entry, in_json] = [format!("Name=\"{name}\">{value}<"), format!("\"{name}\":\"{value}\"")];
        assert!(entry.contains(&in_entry) && json.contains(&in_json), "{name}");
        let other = |text: &str, place: &str| text.replacen(place, &place.replace(value.as_str(), "某"), 1);
        for twin in
            [with(&whole, ENTRY, other(entry, &in_entry)), with(&whole, RECORD, other(json, &in_json))]
        {
            let found = found(&twin);
            assert!(found.contains(&(METADATA, name.clone())), "{name}: {found:?}");
        }
    }
}

#[test]
fn another_standing_than_the_records_is_found() {
    let whole = parts(&PRESS, &record(&[]));
    let (entry, json) = (text(&whole, ENTRY), text(&whole, RECORD));
    let said = format!("Name=\"{}\">原件<", Standing::KEY);
    assert!(entry.contains(&said) && json.contains("\"standing\":\"original\""));
    for twin in [
        with(&whole, ENTRY, entry.replacen(&said, &said.replace("原件", "转换件"), 1)),
        with(&whole, ENTRY, entry.replacen(Standing::KEY, "KZ_YL", 1)),
        with(&whole, RECORD, json.replacen("\"original\"", "\"conversion\"", 1)),
    ] {
        let found = found(&twin);
        assert!(found.contains(&("licence.standing", Standing::KEY.to_owned())), "{found:?}");
    }
}

#[test]
fn an_entry_left_out_or_added_is_found() {
    let whole = parts(&PRESS, &record(&[]));
    let json = text(&whole, RECORD);
    for (changed, name) in [
        (json.replacen("\"metadata\":{", "\"metadata\":{\"KZ_YL\":\"1\",", 1), "KZ_YL"),
        (json.replacen("\"CZZT\":", "\"CZZTX\":", 1), "CZZT"),
    ] {
        let found = found(&with(&whole, RECORD, changed));
        assert!(found.contains(&(METADATA, name.to_owned())), "{name}: {found:?}");
    }
}

#[test]
fn one_value_changed_in_the_record_is_found() {
    let whole = parts(&PRESS, &record(&[]));
    let json = text(&whole, RECORD);
    let fields = json.find("\"fields\"").unwrap();
    for (name, from, to) in [
        ("name", "欧阳样例", "欧阳样列"),
        ("id_number", "999999199001011238", "999999199001011239"),
        ("number", "样例20260001", "样例20260002"),
        ("identifier", IDENTIFIERS[0], IDENTIFIERS[1]),
        ("issued_on", "2026-03-05", "2026-03-06"),
        ("valid_to", "2029-03-04", "2039-03-04"),
        ("photo", "\"width\":", "\"width\":1"),
        ("scores[0].score", ":85", ":95"),
    ] {
        let at = fields + json[fields..].find(from).unwrap_or_else(|| panic!("{from} in {json}"));
        let changed = format!("{}{to}{}", &json[..at], &json[at + from.len()..]);
        let found = found(&with(&whole, RECORD, changed));
        assert!(found.contains(&(FACE, name.to_owned())), "{name}: {found:?}");
        assert!(found.contains(&(MARK, "page 1, record.json".to_owned())), "the signed digest: {found:?}");
    }
}

/// The outlines of the marks on the page: by far the longest.
fn outlines(page: &str) -> Vec<&str> {
    page.split("<ofd:AbbreviatedData>")
        .skip(1)
        .map(|rest| rest.split('<').next().unwrap())
        .filter(|outline| outline.len() > 2_000)
        .collect()
}

#[test]
fn a_mark_of_another_certificate_is_found() {
    let whole = parts(&PRESS, &record(&[]));
    for (field, value, names) in [
        ("name", "欧阳样列", &["CZZT", "record.json"][..]),
        ("number", "样例20260002", &["ZZBH", "record.json"]),
        ("issuer_code", "11140000MB9888888T", &["ZZBFJGDM", "record.json"]),
        ("issued_on", "2026-03-06", &["ZZYXQQSRQ", "record.json"]),
        ("valid_to", "2039-03-04", &["ZZYXQJZRQ", "record.json"]),
        ("scores.1.score", "86", &["record.json"]),
    ] {
        let other = parts(&PRESS, &record(&[(field, value)]));
        let marks = [&whole, &other].map(|parts| outlines(text(parts, PAGE))[0]);
        assert_ne!(marks[0], marks[1], "{field}");
        let changed = with(&whole, PAGE, text(&whole, PAGE).replace(marks[0], marks[1]));
        assert_eq!(found(&changed), names.iter().map(|n| (MARK, format!("page 1, {n}"))).collect::<Vec<_>>());
    }
    let other = parts(&PRESS, &record(&[("identifier", IDENTIFIERS[1])]));
    let marks = [&whole, &other].map(|parts| outlines(text(parts, PAGE))[1]);
    let changed = with(&whole, PAGE, text(&whole, PAGE).replace(marks[0], marks[1]));
    assert_eq!(found(&changed), [(MARK, "page 1, ZZBS".to_owned())]);
}

#[test]
fn another_photo_is_found() {
    let whole = parts(&PRESS, &record(&[]));
    let other = parts(&PRESS, &record(&[("photo", "photos/02.jpg")]));
    let photo = whole.keys().find(|name| name.ends_with(".jpg")).unwrap();
    let mut changed = whole.clone();
    changed.insert(photo.clone(), other[photo].clone());
    assert_eq!(found(&changed), [(FACE, "photo".to_owned())]);
}

#[test]
fn a_certificate_without_its_record_is_told() {
    let whole = parts(&PRESS, &record(&[]));
    for json in ["", "[]", "{}", "{\"fields\":{}}", "{\"fields\":[],\"metadata\":{}}"] {
        let found = found(&with(&whole, RECORD, json.to_owned()));
        assert!(found.contains(&("licence.record", "record.json".to_owned())), "{found:?}");
    }
}

/// Which rules found anything odd, each once.
fn odd(parts: &Parts) -> BTreeSet<&'static str> {
    found(parts).into_iter().map(|(rule, _)| rule).collect()
}

/// The same change to OFD.xml and to the record's copy of an entry.
fn with_entry(whole: &Parts, name: &str, from: &str, to: &str) -> Parts {
    let [entry, json] =
        [(ENTRY, format!("Name=\"{name}\">{from}<")), (RECORD, format!("\"{name}\":\"{from}\""))].map(
            |(part, said)| {
                assert!(text(whole, part).contains(&said), "{part}: {said}");
                text(whole, part).replacen(&said, &said.replacen(from, to, 1), 1)
            },
        );
    with(&with(whole, ENTRY, entry), RECORD, json)
}

#[test]
fn entries_of_another_form_are_told_and_links_to_the_fields_must_hold() {
    let whole = parts(&PRESS, &record(&[]));
    assert_eq!(odd(&whole), BTreeSet::new());
    let other_check = format!("{}3", &IDENTIFIERS[0][..IDENTIFIERS[0].len() - 1]);
    for (name, from, to, rule, is_refused) in [
        ("ZZBS", IDENTIFIERS[0], other_check.as_str(), "licence.identifier", false),
        ("ZZBFJGDM", "11140000MB99999996", "11140000MB99999995", "licence.metadata.form", false),
        ("ZZBFRQ", "20260305", "20260306", "licence.link", false),
        ("CZZT", "欧阳样例", "欧阳某", "licence.link", false),
        ("ZZBH", "样例20260001", "样例20260002", "licence.link", true),
        ("ZZBS", IDENTIFIERS[0], IDENTIFIERS[1], "licence.link", true),
    ] {
        let contents = compare(&with_entry(&whole, name, from, to));
        let findings = contents.findings.iter().filter(|f| f.rule.id == rule && f.place == name);
        let outcomes: Vec<_> = findings.map(|f| f.outcome).collect();
        let expected = if is_refused { Outcome::Fails } else { Outcome::Notice };
        assert_eq!(outcomes, [expected], "{name} {to}: {:?}", contents.findings);
    }
}

#[test]
fn a_field_under_words_or_a_fill_is_found_and_a_watermark_is_none() {
    let whole = parts(&PRESS, &record(&[]));
    let zip = zipped(&whole);
    let fields = read::fields(&Package::open(&zip, &Limits::default()).unwrap()).unwrap();
    let name = fields.iter().find(|field| field.name == "name").unwrap().objects[0].id;
    let page = text(&whole, PAGE);
    let at = page.find(&format!(" ID=\"{name}\"")).unwrap();
    let at = page[..at].rfind("<ofd:TextObject").unwrap();
    let end = at + page[at..].find("</ofd:TextObject>").unwrap() + "</ofd:TextObject>".len();
    let object = &page[at..end];
    let last = page.rfind("</ofd:Layer>").unwrap();
    let id = format!(" ID=\"{name}\"");
    let with_object =
        |object: String| with(&whole, PAGE, format!("{}{object}{}", &page[..last], &page[last..]));
    // The same words again, as another object that no tag names.
    let again = with_object(object.replace(&id, " ID=\"99999\""));
    assert_eq!(odd(&again), BTreeSet::from(["licence.face.cover"]), "{:?}", found(&again));
    let fill = |color: &str| {
        format!(
            "<ofd:PathObject ID=\"99999\" Boundary=\"5 5 100 10\" Fill=\"true\" Stroke=\"false\"><ofd:FillColor {color}/>\
             <ofd:AbbreviatedData>M 0 0 L 100 0 L 100 10 L 0 10 C</ofd:AbbreviatedData></ofd:PathObject>"
        )
    };
    let filled = with_object(fill("Value=\"255 255 255\""));
    assert_eq!(odd(&filled), BTreeSet::from(["licence.face.cover"]), "{:?}", found(&filled));
    assert_eq!(odd(&with_object(fill("Value=\"255 255 255\" Alpha=\"20\""))), BTreeSet::new());
}

#[test]
fn a_reissue_names_an_earlier_certificate_and_the_same_everywhere() {
    let press = press("layouts/title-senior.xml");
    let record = crate::title_record::record().with("photo", "photos/01.jpg");
    let plain = parts(&press, &record);
    assert!(!odd(&plain).contains("licence.reissue"), "{:?}", found(&plain));
    let record = record
        .with("identifier", IDENTIFIERS[1])
        .with("reissue_of", IDENTIFIERS[0])
        .with("reissue_of_number", "样例1");
    let reissue = parts(&press, &record);
    assert_eq!(odd(&reissue), BTreeSet::new(), "{:?}", found(&reissue));
    // Itself, a later one, none at all; and one place that says another than the others.
    for (from, to) in [(IDENTIFIERS[0], IDENTIFIERS[1]), (IDENTIFIERS[0], "无")] {
        let twin = with_entry(&reissue, "GLZZBS", from, to);
        let twin = with(&twin, RECORD, text(&twin, RECORD).replace(IDENTIFIERS[0], to));
        assert!(odd(&twin).contains("licence.reissue"), "{to}: {:?}", found(&twin));
    }
    let other_number = with_entry(&reissue, "KZ_YZZBH", "样例1", "样例2");
    assert_eq!(odd(&other_number), BTreeSet::from(["licence.link"]), "{:?}", found(&other_number));
    let json = text(&reissue, RECORD).replacen("\"reissue_of\":\"1", "\"reissue_of\":\"2", 1);
    assert!(odd(&with(&reissue, RECORD, json)).contains("licence.reissue"));
}
