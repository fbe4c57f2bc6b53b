//! What was sealed holds; whatever is changed afterwards is found and named.

use std::collections::BTreeMap;

use certpress::ofd::Base;
use certpress::ofd::read::{Limits, Package};
use certpress::page::Timestamp;
use certpress::seal::{self, NewSeal, Nonce, SealOptions, Sealer, SesVersion};
use certpress::verify::{Aspect, Outcome, Policy, SealedBy, seals};

use super::ofd_sample::{document, fonts, master};
use super::zip::{Entry, Zip};

const SIGNATURE: &str = "Doc_0/Signs/Sign_0/Signature.xml";
const VALUE: &str = "Doc_0/Signs/Sign_0/SignedValue.dat";

/// The parts of the sample, sealed.
fn sealed(sealer: &Sealer) -> BTreeMap<String, Vec<u8>> {
    let fonts = fonts();
    let master = master(&fonts);
    let unsealed = Base::new(&master).unwrap().write(&document(&fonts, &master, "张三")).unwrap();
    let time = Timestamp::parse("2026-03-05T08:00:00Z").unwrap();
    let options = SealOptions::at(time).with_nonce(Nonce::Deterministic);
    let bytes = sealer.seal(Some(unsealed), None, &options).unwrap().ofd.unwrap();
    let package = Package::open(&bytes, &Limits::default()).unwrap();
    package.parts().map(|(name, data)| (name.to_owned(), data.to_vec())).collect()
}

fn check(parts: &BTreeMap<String, Vec<u8>>) -> Vec<SealedBy> {
    let zip = Zip::of(parts.iter().map(|(name, data)| Entry::deflated(name, data)).collect()).build();
    seals(&Package::open(&zip, &Limits::default()).unwrap(), &policy()).unwrap()
}

fn policy() -> Policy {
    Policy::new(Timestamp::parse("2026-04-01T00:00:00Z").unwrap())
}

/// What does not hold of a signature, trust and time apart: rule and place.
fn doubts(seal: &SealedBy) -> Vec<(&'static str, String)> {
    let doubts = seal.report.findings.iter().filter(|f| !matches!(f.rule.fact, Aspect::Trust | Aspect::Time));
    doubts.filter(|f| f.outcome != Outcome::Holds).map(|f| (f.rule.id, f.place.clone())).collect()
}

fn faults(parts: &BTreeMap<String, Vec<u8>>) -> Vec<(&'static str, String)> {
    let [seal] = &check(parts)[..] else { panic!("not one signature") };
    doubts(seal)
}

fn at(rule: &'static str, place: &str) -> (&'static str, String) {
    (rule, place.to_owned())
}

fn replaced(
    parts: &BTreeMap<String, Vec<u8>>,
    part: &str,
    from: &str,
    to: &str,
) -> BTreeMap<String, Vec<u8>> {
    let text = std::str::from_utf8(&parts[part]).unwrap();
    assert!(text.contains(from), "{part} has no {from}");
    let mut twin = parts.clone();
    twin.insert(part.to_owned(), text.replacen(from, to, 1).into_bytes());
    twin
}

#[test]
fn what_was_sealed_holds_in_either_edition() {
    let folder = tempfile::tempdir().unwrap();
    let from = Timestamp::parse("2026-01-01T00:00:00Z").unwrap();
    let new = NewSeal { version: SesVersion::V1, ..NewSeal::new("样例单位", from) };
    let dir = folder.path().join("seal");
    seal::create(&new, &fonts(), &dir, "password").unwrap();
    for (sealer, version) in
        [(Sealer::demo().unwrap(), SesVersion::V4), (Sealer::open(&dir, "password").unwrap(), SesVersion::V1)]
    {
        let [seal] = &check(&sealed(&sealer))[..] else { panic!("not one signature") };
        assert_eq!(doubts(seal), []);
        let value = seal.value.as_ref().unwrap();
        assert_eq!((value.version, &value.seal.name), (version, &sealer.data().name));
        assert_eq!(value.certificate, sealer.certificate().der);
    }
}

#[test]
fn a_change_to_any_covered_part_is_found_and_named() {
    let parts = sealed(&Sealer::demo().unwrap());
    let own = ["Doc_0/Signs/Signatures.xml", SIGNATURE, VALUE];
    let covered: Vec<&String> = parts.keys().filter(|name| !own.contains(&name.as_str())).collect();
    assert!(covered.len() > 12, "{covered:?}");
    for name in covered {
        let mut changed = parts.clone();
        let data = changed.get_mut(name).unwrap();
        // XML stays well-formed with a line end after it.
        if name.ends_with(".xml") {
            data.push(b'\n')
        } else {
            data[0] ^= 1
        }
        assert_eq!(faults(&changed), [at("ofd.reference.digest", name)]);
        // Without these two there is no document to check.
        if name != "OFD.xml" && name != "Doc_0/Document.xml" {
            let mut missing = parts.clone();
            missing.remove(name);
            assert_eq!(faults(&missing), [at("ofd.reference.digest", name)]);
        }
    }
}

#[test]
fn a_part_beside_the_sealed_ones_is_not_covered() {
    let mut parts = sealed(&Sealer::demo().unwrap());
    parts.insert("Doc_0/Annots/Page_0.xml".into(), b"<overlay/>".to_vec());
    assert_eq!(faults(&parts), [at("ofd.coverage", "Doc_0/Annots/Page_0.xml")]);
}

#[test]
fn a_changed_description_of_the_signature_is_found() {
    let parts = sealed(&Sealer::demo().unwrap());
    let moved = replaced(&parts, SIGNATURE, "Boundary=\"", "Boundary=\"1");
    assert_eq!(faults(&moved), [at("ofd.data-hash", SIGNATURE)]);
    let shrunk = replaced(&parts, SIGNATURE, " 42\"", " 30\"");
    assert_eq!(faults(&shrunk), [at("ofd.data-hash", SIGNATURE), at("ofd.stamp", SIGNATURE)]);
    let other = replaced(&parts, SIGNATURE, "10197.1.401", "10197.1.999");
    assert_eq!(faults(&other), [at("ofd.reference.method", SIGNATURE), at("ofd.data-hash", SIGNATURE)]);
    // A digest that was made to fit the changed part moves the fault to the signed value.
    let text = String::from_utf8(parts[SIGNATURE].clone()).unwrap();
    let (head, tail) = text.split_once("FileRef=\"/OFD.xml\"").unwrap();
    let uncovered = format!("{head}FileRef=\"/Doc_0/Document.xml\"{tail}");
    let mut parts = parts;
    parts.insert(SIGNATURE.into(), uncovered.into_bytes());
    let expected = [
        at("ofd.reference.digest", "Doc_0/Document.xml"),
        at("ofd.coverage.entry", "OFD.xml"),
        at("ofd.data-hash", SIGNATURE),
    ];
    assert_eq!(faults(&parts), expected);
}

#[test]
fn a_changed_or_foreign_signed_value_is_found() {
    let parts = sealed(&Sealer::demo().unwrap());
    let mut twin = parts.clone();
    // The last byte is the end of s.
    *twin.get_mut(VALUE).unwrap().last_mut().unwrap() ^= 1;
    assert_eq!(faults(&twin), [at("signature.value", VALUE)]);
    twin.insert(VALUE.into(), b"not a signed value".to_vec());
    assert_eq!(faults(&twin), [at("ofd.signed-value", VALUE)]);

    let mut document = parts.clone();
    document.insert("Doc_0/Attachs/record.json".into(), b"{}".to_vec());
    let digest = certpress::crypto::sm3::digest(b"{}");
    let text = String::from_utf8(parts[SIGNATURE].clone()).unwrap();
    let (head, tail) = text.split_once("record.json\"><ofd:CheckValue>").unwrap();
    let (_, tail) = tail.split_once('<').unwrap();
    let value = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, digest);
    let forged = format!("{head}record.json\"><ofd:CheckValue>{value}<{tail}");
    document.insert(SIGNATURE.into(), forged.into_bytes());
    assert_eq!(
        faults(&document),
        [at("ofd.data-hash", SIGNATURE)],
        "a digest made to fit is not what was signed"
    );
}

#[test]
fn an_unsigned_document_has_nothing_to_check() {
    let fonts = fonts();
    let master = master(&fonts);
    let document = document(&fonts, &master, "张三");
    let bytes = Base::new(&master).unwrap().write(&document).unwrap().into_bytes().unwrap();
    assert!(seals(&Package::open(&bytes, &Limits::default()).unwrap(), &policy()).unwrap().is_empty());
}
