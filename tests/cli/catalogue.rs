//! Records of several kinds and issuers through one catalogue.

use std::fs;

use certpress::ofd::read::{Limits, Package};
use certpress::page::Timestamp;
use certpress::verify::{Policy, seals};
use serde_json::Value;

use crate::support::{Outcome, Place};

fn policy() -> Policy {
    Policy::new(Timestamp::parse("2026-04-01T00:00:00Z").unwrap())
}

const DEPARTMENT: &str = "11999999MB00000011";
const UNIVERSITY: &str = "12999999MB0000101K";
const HOSPITAL: &str = "12999999MB0000103R";

const TYPE_A: &str = "11999999MB00000024001";
const TYPE_B: &str = "11999999MB00000024002";

/// A layout of this id that prints the holder, with what a catalogue fills in.
fn layout(id: &str, type_code: &str) -> String {
    format!(
        r##"<layout xmlns="urn:certpress:layout:1" id="{id}" title="样例证书">
  <fields>
    <field name="number" label="证书编号" type="text" required="true"/>
    <field name="identifier" label="电子证照标识" type="identifier" required="true"/>
    <field name="name" label="姓名" type="person-name" required="true"/>
    <field name="level" label="级别" type="text"/>
    <field name="issued_on" label="批准日期" type="date" required="true"/>
    <field name="issuer" label="发证机关" type="text" required="true"/>
    <field name="issuer_code" label="发证机关代码" type="uscc" required="true"/>
    <field name="approval" label="批准文号" type="approval"/>
    <field name="reissue_of" label="原电子证照标识" type="identifier"/>
  </fields>
  <metadata><entry name="ZZLXDM">{type_code}</entry></metadata>
  <page size="120x90mm">
    <text x="10mm" y="30mm" width="60mm" font="kai" size="12pt">{{{{ name }}}}　{{{{ number }}}}　{{{{ issuer }}}}</text>
    <seal x="70mm" y="40mm" diameter="42mm"/>
  </page>
</layout>
"##
    )
}

/// Kinds a and b; a department with the demonstration seal, a university with a seal of its own, a hospital with none.
fn catalogue() -> String {
    format!(
        r#"
[[certificate]]
kind = "a"
when = "level == '高级'"
layout = "a.xml"
type_code = "{TYPE_A}"
reissue = true

[[certificate]]
kind = "b"
when = "level == '中级' or level == '高级/中级'"
layout = "b.xml"
type_code = "{TYPE_B}"

[[certificate]]
kind = "c"
when = "level == '高级/中级'"
layout = "b.xml"
type_code = "{TYPE_B}"

[[issuer]]
code = "{DEPARTMENT}"
name = "样例厅（虚构）"
seal = "demo"
may_issue = ["*"]
may_reissue = ["a"]
numbering = "YL{{year}}{{serial:03}}"
serials = "serials"

[[issuer]]
code = "{UNIVERSITY}"
name = "样例大学（虚构）"
seal = "seals/university"
password_env = "UNIVERSITY_PASSWORD"
may_issue = ["a"]

[[issuer]]
code = "{HOSPITAL}"
name = "样例医院（虚构）"
may_issue = ["a"]
"#
    )
}

fn opened() -> Place {
    let place = Place::new();
    place.write("a.xml", &layout("a", TYPE_A));
    place.write("b.xml", &layout("b", TYPE_B));
    place.write("catalogue.toml", &catalogue());
    place.write("serials", "certpress serials 1\n");
    let mut new = place.program(&["seal", "new", "样例大学（虚构）", "--out", "seals/university"]);
    Outcome::of(new.env("CERTPRESS_SEAL_PASSWORD", "of the university").output().unwrap()).exits(0);
    place
}

fn render(place: &Place, more: &[&str]) -> Outcome {
    let arguments =
        ["render", "--catalogue", "catalogue.toml", "people.csv", "--out", "out", "--replace", "--no-sync"];
    let mut program = place.program(&[&arguments[..], more].concat());
    Outcome::of(program.env("UNIVERSITY_PASSWORD", "of the university").output().unwrap())
}

fn column(rows: &[Value], key: &str) -> Vec<String> {
    rows.iter().map(|row| row[key].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn each_record_gets_the_layout_the_seal_and_the_number_of_its_kind_and_issuer() {
    let place = opened();
    place.write(
        "people.csv",
        &format!(
            "姓名,级别,批准日期,批准文号,发证机关代码,证书编号,电子证照标识\n\
             甲样,高级,2026-03-05,1号,{DEPARTMENT},,\n\
             乙样,高级,2026-03-05,2号,{UNIVERSITY},YD-1,1.2.156.3005.2.{TYPE_A}.{UNIVERSITY}.20260000009.001.F\n\
             丙样,中级,2025-03-05,3号,,,\n\
             丁样,高级,2026-03-05,4号,{DEPARTMENT},OLD-7,\n"
        ),
    );
    render(&place, &[]).exits(0);
    let rows = place.rows();
    assert_eq!(column(&rows, "number"), ["YL2026001", "YD-1", "YL2025001", "OLD-7"]);
    let identifiers = column(&rows, "identifier");
    let serial = |i: usize| identifiers[i].split('.').skip(5).take(3).collect::<Vec<_>>().join(" ");
    assert_eq!(serial(0), format!("{TYPE_A} {DEPARTMENT} 20260000001"));
    assert_eq!(serial(2), format!("{TYPE_B} {DEPARTMENT} 20250000001"));
    assert_eq!(serial(3), format!("{TYPE_A} {DEPARTMENT} 20260000002"));
    let sealed_by = |file: &str| {
        let bytes = fs::read(place.path(file)).unwrap();
        let package = Package::open(&bytes, &Limits::default()).unwrap();
        let all = seals(&package, &policy()).unwrap();
        assert!(all.iter().all(|signature| signature.doubts().next().is_none()), "{file}");
        all[0].value.as_ref().unwrap().seal.name.clone()
    };
    assert!(sealed_by("out/YD-1.ofd").contains("样例大学"), "{}", sealed_by("out/YD-1.ofd"));
    assert_eq!(sealed_by("out/YL2026001.ofd"), sealed_by("out/YL2025001.ofd"));
    assert_ne!(sealed_by("out/YL2026001.ofd"), sealed_by("out/YD-1.ofd"));
}

#[test]
fn a_layout_with_two_roles_gets_the_seals_of_both() {
    let place = opened();
    let second = "<seal role=\"approver\" x=\"20mm\" y=\"45mm\" diameter=\"42mm\"/><seal";
    place.write("b.xml", &layout("b", TYPE_B).replace("<seal", second));
    place.write("people.csv", "姓名,级别,批准日期,批准文号\n甲样,中级,2026-03-05,1号\n");
    render(&place, &[]).exits(2).complains(&["certificate b: ", "role"]);
    place.write(
        "catalogue.toml",
        &catalogue().replace("seal = \"demo\"", "seal = \"demo\"\nother_seals = { approver = \"demo\" }"),
    );
    render(&place, &["--formats", "ofd"]).exits(0);
    let bytes = fs::read(place.path("out/YL2026001.ofd")).unwrap();
    let all = seals(&Package::open(&bytes, &Limits::default()).unwrap(), &policy()).unwrap();
    assert_eq!(all.iter().filter(|signature| signature.doubts().next().is_none()).count(), 2);
}

#[test]
fn what_the_catalogue_does_not_allow_is_refused_row_by_row() {
    let place = opened();
    let identifier = |type_code: &str| {
        let parts = ["id", "new", "--type", type_code, "--issuer", DEPARTMENT, "--serial", "20260000009"];
        place.run(&parts).exits(0).stdout.trim().to_owned()
    };
    let (unknown, other) = (identifier("11999999MB00000024009"), identifier(TYPE_B));
    let rows = [
        ("高级", "", "1号", DEPARTMENT, "", "", "done"),
        ("初级", "", "1号", DEPARTMENT, "", "", "catalogue.no-kind"),
        ("高级/中级", "", "1号", DEPARTMENT, "", "", "catalogue.ambiguous"),
        ("高级/中级", "c", "1号", DEPARTMENT, "", "", "done"),
        ("高级", "d", "1号", DEPARTMENT, "", "", "catalogue.kind"),
        ("中级", "", "1号", UNIVERSITY, "", "", "catalogue.not-allowed"),
        ("高级", "", "1号", "12999999MB0000102N", "", "", "catalogue.issuer"),
        ("高级", "", "1号", "", "", "", "catalogue.no-issuer"),
        ("高级", "", "1号", HOSPITAL, "", "", "catalogue.no-seal"),
        ("高级", "", "1号", DEPARTMENT, &unknown, "", "catalogue.type"),
        ("高级", "", "1号", DEPARTMENT, &other, "", "catalogue.other-type"),
        ("高级", "", "", DEPARTMENT, "", "", "field.unapproved"),
        ("高级", "", "1号", UNIVERSITY, "", &unknown, "catalogue.not-allowed"),
        ("高级", "", "1号", DEPARTMENT, "", &unknown, "done"),
        ("高级", "", "1号", DEPARTMENT, "1.2.156", "", "field.identifier"),
    ];
    let mut csv = "姓名,批准日期,级别,kind,批准文号,发证机关代码,电子证照标识,原电子证照标识\n".to_owned();
    for (level, kind, approval, issuer, identifier, reissue_of, _) in rows {
        csv.push_str(&format!(
            "甲样,2026-03-05,{level},{kind},{approval},{issuer},{identifier},{reissue_of}\n"
        ));
    }
    place.write("people.csv", &csv);
    let told = render(&place, &["--formats", "ofd"]).exits(1);
    let found: Vec<String> = place
        .rows()
        .iter()
        .map(|row| row["errors"][0]["code"].as_str().or(row["status"].as_str()).unwrap().to_owned())
        .collect();
    assert_eq!(found, rows.map(|row| row.6));
    assert!(!told.stderr.contains("takes these columns"), "{}", told.stderr);
    told.complains(&["样例医院（虚构）", "two certificates of the catalogue are for this record: b and c"]);
}

#[test]
fn numbers_follow_the_records_on_any_number_of_threads_until_there_are_no_more() {
    for jobs in ["1", "2", "8"] {
        let place = opened();
        place.write("serials", &format!("certpress serials 1\n{DEPARTMENT}/2026#\t990\n"));
        let rows: String = (0..12).map(|i| format!("甲样,中级,2026-03-05,{i}号\n")).collect();
        place.write("people.csv", &format!("姓名,级别,批准日期,批准文号\n{rows}"));
        render(&place, &["--formats", "ofd", "--jobs", jobs])
            .exits(1)
            .complains(&["more digits in the numbering"]);
        let rows = place.rows();
        let expected: Vec<String> = (990..1000).map(|n| format!("YL2026{n}")).collect();
        assert_eq!(column(&rows[..10], "number"), expected, "{jobs} threads");
        assert!(rows[10..].iter().all(|row| row["errors"][0]["code"] == "catalogue.serial"));
    }
}

#[test]
fn a_missing_file_of_serials_is_begun_only_where_the_catalogue_says_so() {
    let place = opened();
    fs::remove_file(place.path("serials")).unwrap();
    place.write("people.csv", "姓名,级别,批准日期,批准文号\n甲样,中级,2026-03-05,1号\n");
    render(&place, &[]).exits(2).complains(&["there is no file of serials", "certpress serials 1"]);
    assert!(!place.path("serials").exists());
    let text = fs::read_to_string(place.path("catalogue.toml")).unwrap();
    place.write(
        "catalogue.toml",
        &text.replace("serials = \"serials\"", "serials = \"serials\"\nbegin_serials = true"),
    );
    for number in ["YL2026001", "YL2026002"] {
        render(&place, &["--formats", "ofd"]).exits(0);
        assert_eq!(column(&place.rows(), "number"), [number]);
    }
}

#[test]
fn a_record_to_be_numbered_needs_a_date() {
    let place = opened();
    place.write("people.csv", "姓名,级别,批准日期,批准文号\n甲样,中级,昨天,1号\n");
    render(&place, &[]).exits(1);
    assert_eq!(place.rows()[0]["errors"][0]["code"], "catalogue.no-date");
    assert_eq!(fs::read_to_string(place.path("serials")).unwrap(), "certpress serials 1\n");
}

#[test]
fn everything_wrong_with_a_catalogue_is_told_before_anything_is_rendered() {
    let place = opened();
    place.write("people.csv", "姓名\n甲样\n");
    place.write("b.xml", &layout("b", TYPE_B).replace("font=\"kai\"", "font=\"kia\""));
    place.write("serials", "certpress serials 9\n");
    let mut program =
        place.program(&["render", "--catalogue", "catalogue.toml", "people.csv", "--out", "out"]);
    let told = Outcome::of(program.env("UNIVERSITY_PASSWORD", "a wrong one").output().unwrap()).exits(2);
    told.complains(&[
        "catalogue.toml: certificate b: its layout does not compile: b.xml",
        "kia",
        "issuer 12999999MB0000101K (样例大学（虚构）): its seal seals/university",
        "issuer 11999999MB00000011 (样例厅（虚构）): ",
        "of another version than 1: 9",
    ]);
    assert!(!place.path("out").exists());
}

#[test]
fn entries_that_contradict_their_layouts_are_told_as_well() {
    let place = opened();
    place.write("people.csv", "姓名\n甲样\n");
    place.write("a.xml", &layout("a", "11999999MB00000024008"));
    place.write("b.xml", &layout("b", TYPE_B).replace("<seal x=\"70mm\" y=\"40mm\" diameter=\"42mm\"/>", ""));
    place.write("catalogue.toml", &catalogue().replace("level == '高级'\"", "levle == '高级'\""));
    render(&place, &[]).exits(2).complains(&[
        "certificate a: its condition names a field that no layout has: levle",
        "did you mean level?",
        "certificate a: its layout's metadata ZZLXDM names another type than type_code: 11999999MB00000024008",
        "certificate b: layout b has no place for a seal",
    ]);
}

#[test]
fn a_seal_without_a_password_a_catalogue_that_is_not_there_and_one_that_is_none_are_told_so() {
    let place = opened();
    place.write("people.csv", "姓名\n甲样\n");
    let run = || place.run(&["render", "--catalogue", "catalogue.toml", "people.csv", "--out", "out"]);
    run().exits(2).complains(&["there is no password for its seal", "password_env"]);
    place.write("catalogue.toml", "[[certificate]]\nkidn = \"a\"\n");
    run().exits(2).complains(&["catalogue.toml: ", "line 2", "unknown field `kidn`"]);
    fs::remove_file(place.path("catalogue.toml")).unwrap();
    run().exits(2).complains(&["cannot read catalogue.toml"]);
}

#[test]
fn a_catalogue_stands_in_place_of_layout_and_seal() {
    let place = opened();
    place
        .run(&["render", "--catalogue", "catalogue.toml", "small.xml", "people.csv", "--out", "out"])
        .exits(2);
    render(&place, &["--seal", "demo"]).exits(2);
    place.run(&["render", "people.csv", "--out", "out"]).exits(2).complains(&["<LAYOUT>"]);
}

#[test]
fn paper_of_all_kinds_and_issuers_needs_no_seals() {
    let place = opened();
    fs::remove_dir_all(place.path("seals")).unwrap();
    place.write(
        "people.csv",
        &format!(
            "姓名,级别,批准日期,批准文号,发证机关代码,证书编号,电子证照标识\n\
             甲样,高级,2026-03-05,1号,{DEPARTMENT},,\n\
             乙样,高级,2026-03-05,2号,{UNIVERSITY},YD-1,1.2.156.3005.2.{TYPE_A}.{UNIVERSITY}.20260000009.001.F\n\
             丙样,高级,2026-03-05,3号,{HOSPITAL},YY-1,1.2.156.3005.2.{TYPE_A}.{HOSPITAL}.20260000009.001.9\n\
             丁样,中级,2026-03-05,4号,{UNIVERSITY},YD-2,\n"
        ),
    );
    for edition in ["print", "overprint"] {
        let arguments = [
            "render",
            "--catalogue",
            "catalogue.toml",
            "people.csv",
            "--out",
            "out",
            "--replace",
            "--no-sync",
        ];
        let told = place.run(&[&arguments[..], &["--edition", edition]].concat()).exits(1);
        assert!(!told.stderr.contains("nothing was sealed"), "{}", told.stderr);
        let rows = place.rows();
        assert_eq!(column(&rows, "status"), ["done", "done", "done", "failed"]);
        assert_eq!(rows[3]["errors"][0]["code"], "catalogue.not-allowed");
        let ofd = fs::read(place.path("out/YY-1.ofd")).unwrap();
        let package = Package::open(&ofd, &Limits::default()).unwrap();
        assert!(package.parts().all(|(path, _)| !path.contains("Sign")), "{edition}");
    }
}
