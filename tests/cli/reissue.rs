//! Certificates reissued, and requests refused.

use std::fs;
use std::io::{Cursor, Write as _};
use std::path::Path;

use certpress::ofd::read::{Limits, Package, attachments, info};
use certpress::page::Timestamp;
use certpress::verify::{Policy, seals};
use serde_json::Value;

use crate::support::{Outcome, Place};

fn policy() -> Policy {
    Policy::new(Timestamp::parse("2026-04-01T00:00:00Z").unwrap())
}

const DEPARTMENT: &str = "11999999MB00000011";
const TYPE: &str = "11999999MB00000024001";
const PASSWORD: &str = "a password of the test";

/// With a photograph and a list, whose data travel in the record.
const LAYOUT: &str = r##"<layout xmlns="urn:certpress:layout:1" id="title" title="样例证书">
  <fields>
    <field name="number" label="证书编号" type="text" required="true"/>
    <field name="identifier" label="电子证照标识" type="identifier" required="true"/>
    <field name="name" label="姓名" type="person-name" required="true"/>
    <field name="id_number" label="身份证号" type="resident-id" required="true"/>
    <field name="unit" label="工作单位" type="text"/>
    <field name="photo" label="照片" type="image"/>
    <field name="scores" label="成绩" type="list" max="5">
      <field name="subject" label="科目" type="text"/>
      <field name="score" label="分数" type="decimal"/>
    </field>
    <field name="issued_on" label="批准日期" type="date" required="true"/>
    <field name="issuer" label="发证机关" type="text" required="true"/>
    <field name="issuer_code" label="发证机关代码" type="uscc" required="true"/>
    <field name="reissue_of" label="原电子证照标识" type="identifier"/>
    <field name="reissue_of_number" label="原证书编号" type="text"/>
  </fields>
  <metadata>
    <entry name="ZZBS">{{ identifier }}</entry>
    <entry name="GLZZBS">{{ reissue_of }}</entry>
  </metadata>
  <page size="120x90mm">
    <text x="10mm" y="30mm" width="60mm" font="kai" size="12pt">{{ name }}　{{ number }}　{{ unit }}</text>
    <text x="10mm" y="10mm" width="60mm" font="song" size="12pt" when="reissue_of">补发</text>
    <image field="photo" x="10mm" y="50mm" width="20mm" height="30mm"/>
    <seal x="70mm" y="40mm" diameter="42mm"/>
  </page>
</layout>
"##;

fn catalogue() -> String {
    format!(
        r#"
[[certificate]]
kind = "title"
layout = "title.xml"
type_code = "{TYPE}"
reissue = true

[[issuer]]
code = "{DEPARTMENT}"
name = "样例厅（虚构）"
seal = "demo"
may_issue = ["title"]
may_reissue = ["title"]
numbering = "YL{{year}}{{serial:04}}"
serials = "serials"
"#
    )
}

/// Whom the certificate is for, and what else it says.
const PERSON: &str = r#""name":"阿里·样䶮","id_number":"999999199001011238","unit":"样例（中国）测绘院","photo":"01.jpg","issued_on":"2026-03-05","scores":[{"subject":"语文","score":"85.50"},{"subject":"数学","score":"90"}]"#;

/// A place where YL20260001 has been issued.
fn issued() -> Place {
    let place = Place::new();
    place.write("title.xml", LAYOUT);
    place.write("catalogue.toml", &catalogue());
    place.write("serials", "certpress serials 1\n");
    for photo in ["01.jpg", "02.jpg"] {
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/photos").join(photo);
        fs::copy(shipped, place.path(photo)).unwrap();
    }
    place.write("people.jsonl", &format!("{{{PERSON}}}\n"));
    place.run(&["render", "--catalogue", "catalogue.toml", "people.jsonl", "--out", "out"]).exits(0);
    place
}

/// A request that says whom it is for, and more.
fn ask(place: &Place, more: &str) -> Outcome {
    place.write(
        "request.json",
        &format!("{{\n\"name\": \"阿里•样\u{E863}\",\n\"身份证号\": \"999999199001011238\",\n\"number\": \"YL20260001\"{more}}}"),
    );
    reissue(place, "out/YL20260001.ofd", &[])
}

fn reissue(place: &Place, original: &str, more: &[&str]) -> Outcome {
    let arguments = ["reissue", original, "request.json", "--catalogue", "catalogue.toml", "--out", "again"];
    let mut program = place.program(&[&arguments[..], more].concat());
    Outcome::of(program.env("CERTPRESS_SEAL_PASSWORD", PASSWORD).output().unwrap())
}

/// The record inside an OFD, which is intact.
fn record(place: &Place, file: &str) -> Value {
    let bytes = fs::read(place.path(file)).unwrap();
    let package = Package::open(&bytes, &Limits::default()).unwrap();
    assert!(seals(&package, &policy()).unwrap().iter().all(|signature| signature.doubts().next().is_none()));
    let attached = attachments(&package).unwrap();
    serde_json::from_slice(attached.iter().find(|file| file.name == "record.json").unwrap().data).unwrap()
}

fn next_serial(place: &Place) -> String {
    let text = fs::read_to_string(place.path("serials")).unwrap();
    text.trim_end().rsplit('\t').next().unwrap().to_owned()
}

#[test]
fn a_request_that_is_what_the_original_says_gets_a_certificate_that_names_it() {
    let place = issued();
    let old = record(&place, "out/YL20260001.ofd");
    ask(
        &place,
        r#","unit":"样例(中国)测绘院","scores":[{"科目":"语文","分数":85.50},{"科目":"数学","分数":90}]"#,
    )
    .exits(0);
    let new = record(&place, "again/YL20260002.ofd");
    let fields = |record: &Value, name: &str| record["fields"][name].clone();
    for same in ["name", "id_number", "unit", "photo", "scores", "issued_on", "issuer", "issuer_code"] {
        assert_eq!(fields(&new, same), fields(&old, same), "{same}");
    }
    assert_eq!(fields(&new, "reissue_of"), fields(&old, "identifier"));
    assert_eq!(fields(&new, "reissue_of_number"), "YL20260001");
    let version =
        |record| fields(record, "identifier").as_str().unwrap().split('.').nth(8).unwrap().to_owned();
    assert_eq!((version(&old).as_str(), version(&new).as_str()), ("001", "002"));

    let bytes = fs::read(place.path("again/YL20260002.ofd")).unwrap();
    let package = Package::open(&bytes, &Limits::default()).unwrap();
    assert_eq!(info(&package).unwrap().custom("GLZZBS"), fields(&old, "identifier").as_str());
    let photo = fs::read(place.path("01.jpg")).unwrap();
    assert!(package.parts().any(|(_, data)| data == photo), "the photograph is another");

    let links = fs::read_to_string(place.path("again/reissues.jsonl")).unwrap();
    let link: Value = serde_json::from_str(links.trim()).unwrap();
    assert_eq!((&link["old"], &link["new"]), (&fields(&old, "identifier"), &fields(&new, "identifier")));
    assert_eq!(link["new_number"], "YL20260002");
}

#[test]
fn all_differences_are_told_and_no_number_is_lost() {
    let place = issued();
    let before = next_serial(&place);
    let more = r#","unit":"样例市测绘院","photo":"02.jpg","scores":[{"科目":"语文","分数":95},{"科目":"数学","分数":90}]"#;
    ask(&place, more).exits(1).complains(&[
        "refused: the request is not what the original says:",
        "field unit (工作单位) is 样例（中国）测绘院 in the original; the request says: 样例市测绘院",
        "field photo (照片) is an image with the SM3 ",
        "field scores[1].score (成绩) is 85.50 in the original; the request says: 95",
        "hint: correct the request",
    ]);
    assert_eq!(next_serial(&place), before);
    assert_eq!(place.names("again"), ["reissues.jsonl"]);

    let told = reissue(&place, "out/YL20260001.ofd", &["--json"]).exits(1);
    let answer: Value = serde_json::from_str(&told.stdout).unwrap();
    let fields: Vec<&str> =
        answer["differences"].as_array().unwrap().iter().map(|d| d["field"].as_str().unwrap()).collect();
    assert_eq!(
        (answer["code"].as_str(), fields),
        (Some("reissue.differs"), vec!["unit", "photo", "scores[1].score"])
    );
}

#[test]
fn the_same_photograph_is_no_difference_and_changed_data_need_a_re_audit() {
    let place = issued();
    let audited = r#","photo":"01.jpg","unit":"样例市测绘院","re_audit":"样人社复〔2026〕1号""#;
    ask(&place, audited).exits(0);
    assert_eq!(record(&place, "again/YL20260002.ofd")["fields"]["unit"], "样例市测绘院");
    let link = fs::read_to_string(place.path("again/reissues.jsonl")).unwrap();
    let link: Value = serde_json::from_str(link.trim()).unwrap();
    assert_eq!((&link["re_audit"], &link["changed"][0]), (&"样人社复〔2026〕1号".into(), &"unit".into()));
}

#[test]
fn another_persons_and_another_certificates_requests_are_refused() {
    let place = issued();
    place.write(
        "request.json",
        r#"{"name":"张样","id_number":"999999199001011238","number":"YL20260009","re_audit":"1号"}"#,
    );
    let told = reissue(&place, "out/YL20260001.ofd", &[]).exits(1);
    told.complains(&["about another certificate", "YL20260009"]);
    place.write("request.json", r#"{"name":"阿里·样䶮"}"#);
    let told = reissue(&place, "out/YL20260001.ofd", &[]).exits(1);
    told.complains(&["these fields are missing: id_number, number or identifier"]);
    place.write(
        "request.json",
        r#"{"name":"阿里·样䶮","id_number":"999999199001011239","number":"YL20260001"}"#,
    );
    reissue(&place, "out/YL20260001.ofd", &[])
        .exits(1)
        .complains(&["the request cannot be used", "id_number"]);
}

#[test]
fn what_was_replaced_is_not_replaced_again_but_its_successor_is() {
    let place = issued();
    ask(&place, "").exits(0);
    ask(&place, "").exits(1).complains(&["was replaced already, by 1.2.156.3005.2."]);
    place.write(
        "request.json",
        r#"{"name":"阿里·样䶮","id_number":"999999199001011238","number":"YL20260002"}"#,
    );
    reissue(&place, "again/YL20260002.ofd", &[]).exits(0);
    let third = record(&place, "again/YL20260003.ofd");
    assert_eq!(third["fields"]["reissue_of_number"], "YL20260002");
    assert!(third["fields"]["identifier"].as_str().unwrap().contains(".003."));
}

/// The package with one part changed.
fn tampered(package: &Package<'_>, part: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut changed = false;
    for (name, data) in package.parts() {
        let mut data = data.to_vec();
        if name == part {
            let new = change(std::str::from_utf8(&data).unwrap()).into_bytes();
            changed = new != data;
            data = new;
        }
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(&data).unwrap();
    }
    assert!(changed, "{part} has not changed");
    zip.finish().unwrap().into_inner()
}

#[test]
fn an_original_that_was_changed_is_not_sealed_or_is_no_ofd_is_refused() {
    let place = issued();
    let bytes = fs::read(place.path("out/YL20260001.ofd")).unwrap();
    let package = Package::open(&bytes, &Limits::default()).unwrap();
    let part = attachments(&package).unwrap()[0].part.clone();
    fs::write(place.path("forged.ofd"), tampered(&package, &part, |json| json.replace("测绘院", "设计院")))
        .unwrap();
    ask(&place, "").exits(0);
    let told = reissue(&place, "forged.ofd", &[]).exits(1);
    told.complains(&["the original is not as it was sealed", &part, "hint: give the OFD as it was issued"]);

    reissue(&place, "out/YL20260001.pdf", &[]).exits(1).complains(&["the original cannot be read"]);
    reissue(&place, "lost.ofd", &[])
        .exits(2)
        .complains(&["lost.ofd", "without the original OFD there is no reissue"]);
}

/// Issues the same data, number and identifier under another seal; the seal's folder is `other`.
fn forge(place: &Place) {
    let mut new = place.program(&["seal", "new", "样例厅（虚构）", "--out", "other"]);
    Outcome::of(new.env("CERTPRESS_SEAL_PASSWORD", PASSWORD).output().unwrap()).exits(0);
    let identifier = record(place, "out/YL20260001.ofd")["fields"]["identifier"].as_str().unwrap().to_owned();
    place.write(
        "forged.jsonl",
        &format!(
            r#"{{{PERSON},"number":"YL20260001","identifier":"{identifier}","issuer":"样例厅（虚构）","issuer_code":"{DEPARTMENT}"}}"#
        ),
    );
    let render = ["render", "title.xml", "forged.jsonl", "--seal", "other", "--out", "forged"];
    Outcome::of(place.program(&render).env("CERTPRESS_SEAL_PASSWORD", PASSWORD).output().unwrap()).exits(0);
    place.write(
        "request.json",
        r#"{"name":"阿里·样䶮","id_number":"999999199001011238","number":"YL20260001"}"#,
    );
}

#[test]
fn an_original_under_somebody_elses_seal_is_refused_unless_the_catalogue_knows_the_signer() {
    let place = issued();
    forge(&place);
    let before = next_serial(&place);
    let told = reissue(&place, "forged/YL20260001.ofd", &[]).exits(1);
    told.complains(&["was not sealed with a seal of its issuer: 样例厅（虚构）", "earlier_signers"]);
    assert_eq!(next_serial(&place), before);
    place.write("catalogue.toml", &(catalogue() + "earlier_signers = [\"other/signer.crt\"]\n"));
    reissue(&place, "forged/YL20260001.ofd", &[]).exits(0);
}

#[test]
fn an_original_without_a_seal_is_refused() {
    let place = issued();
    forge(&place);
    place.run(&["render", "title.xml", "forged.jsonl", "--out", "bare"]).exits(0);
    reissue(&place, "bare/YL20260001.ofd", &[]).exits(1).complains(&["the original is not sealed"]);
}

#[test]
fn the_catalogue_decides_who_may_reissue_what() {
    let place = issued();
    let with = |from: &str, to: &str| {
        assert!(catalogue().contains(from));
        place.write("catalogue.toml", &catalogue().replace(from, to));
        ask(&place, "").exits(1)
    };
    with("may_reissue = [\"title\"]", "may_reissue = []")
        .complains(&["样例厅（虚构） may not reissue certificates of the kind title"]);
    with("numbering = \"YL{year}{serial:04}\"\n", "").complains(&["no numbering for the issuer"]);
    let proof = "\n[[certificate]]\nkind = \"score-proof\"\nwhen = \"false\"\nlayout = \"title.xml\"\ntype_code = \"11999999MB00000024002\"\n";
    let cancelled = format!("reissue = true\nstatus = \"cancelled\"\ninstead = \"score-proof\"\n{proof}");
    with("reissue = true\n", &cancelled)
        .complains(&["the qualification is cancelled", "hint: offer a certificate of the kind score-proof"]);
    place.write(
        "title.xml",
        &LAYOUT.replace("reissue_of", "replaces").replace("replaces_number", "old_number"),
    );
    with("kind = \"title\"", "kind = \"title\" ").complains(&["the layout has no field reissue_of"]);
}

#[test]
fn a_request_that_names_a_higher_kind_is_refused() {
    let place = issued();
    let before = next_serial(&place);
    place.write("senior.xml", &LAYOUT.replace("id=\"title\"", "id=\"senior\""));
    let senior = catalogue()
        .replace("kind = \"title\"", "kind = \"senior\"")
        .replace("title.xml", "senior.xml")
        .replace("[\"title\"]", "[\"title\", \"senior\"]");
    let title = catalogue().split("[[issuer]]").next().unwrap().to_owned();
    place.write("catalogue.toml", &(title + &senior));
    let told = ask(&place, ",\"kind\":\"senior\"").exits(1);
    told.complains(&["made by the layout title, and the certificate would be made by senior", "same kind"]);
    assert_eq!(next_serial(&place), before);
    ask(&place, ",\"kind\":\"title\"").exits(0);
}

#[test]
fn one_request_at_a_time_and_nothing_is_overwritten() {
    let place = issued();
    place.write("two.csv", "name\n甲样\n乙样\n");
    let two = ["reissue", "out/YL20260001.ofd", "two.csv", "--catalogue", "catalogue.toml", "--out", "again"];
    place.run(&two).exits(2).complains(&["more than one request"]);
    fs::create_dir(place.path("again")).unwrap();
    place.write("again/YL20260002.ofd", "mine");
    ask(&place, "").exits(2).complains(&["YL20260002.ofd", "nothing is overwritten"]);
    assert_eq!(fs::read(place.path("again/YL20260002.ofd")).unwrap(), b"mine");

    place.write("again/YL20260003.pdf", "mine");
    ask(&place, "").exits(2).complains(&["YL20260003.pdf"]);
    assert_eq!(place.names("again"), ["YL20260002.ofd", "YL20260003.pdf", "reissues.jsonl"]);
    ask(&place, "").exits(0);
    ask(&place, "").exits(1).complains(&["was replaced already"]);
}

#[test]
fn an_original_whose_mark_names_another_certificate_is_refused() {
    let place = issued();
    let mark = "<qr x=\"40mm\" y=\"45mm\" size=\"30mm\" content=\"1.2.156.3005.2.0.0.0000000.001.0\"/><seal";
    place.write("title.xml", &LAYOUT.replace("<seal", mark));
    place.run(&["render", "--catalogue", "catalogue.toml", "people.jsonl", "--out", "odd"]).exits(0);
    ask(&place, "").exits(0);
    let told = reissue(&place, "odd/YL20260002.ofd", &[]).exits(1);
    told.complains(&["the original contradicts itself", "ZZBS"]);
}
