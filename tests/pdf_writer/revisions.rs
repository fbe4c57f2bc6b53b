//! Several seals: a revision for each, and nothing in a later one but its signature.

use certpress::geom::Rect;
use certpress::page::SealPlace;
use certpress::pdf::{Base, Digested, PdfError, SignatureRequest, Unsealed};
use lopdf::{Dictionary, Object};
use sm3::{Digest as _, Sm3};

use crate::Read;
use crate::sample::{document, fonts, master, request, seal};

/// Two roles; the second shows twice.
fn unsealed() -> Unsealed {
    let fonts = fonts();
    let master = master(&fonts);
    let mut document = document(&fonts, &master);
    for x in [10.0, 70.0] {
        document.pages[0].seals.push(SealPlace { role: 1, rect: Rect::mm(x, 225.0, 42.0, 42.0), clip: None });
    }
    let base = Base::new(&master).unwrap().with_seals(&[&seal(), &seal()]).unwrap();
    base.write(&document).unwrap()
}

fn second(first: Digested) -> Digested {
    let request = SignatureRequest { role: 1, ..request() };
    first.finish(&[0xA1; 3]).unwrap().digest(&request).unwrap()
}

/// Both roles signed by no one.
pub(crate) fn two_revisions() -> Vec<u8> {
    second(unsealed().digest(&request())).finish(&[0xB2; 3]).unwrap().into_bytes()
}

fn first_revision() -> Vec<u8> {
    unsealed().digest(&request()).finish(&[0xA1; 3]).unwrap().into_bytes()
}

fn fields(read: &Read) -> Vec<&Dictionary> {
    let form = read.catalog().get(b"AcroForm").unwrap().as_dict().unwrap();
    let fields = form.get(b"Fields").unwrap().as_array().unwrap();
    fields.iter().map(|field| read.resolve(field).as_dict().unwrap()).collect()
}

#[test]
fn the_first_revision_has_all_fields_and_shows_only_the_seal_that_was_set() {
    let file = first_revision();
    let read = Read::new(&file);
    let fields = fields(&read);
    let has = |key: &[u8]| -> Vec<bool> { fields.iter().map(|field| field.has(key)).collect() };
    assert_eq!(has(b"V"), [true, false, false]);
    assert_eq!(has(b"AP"), [true, false, false], "a seal is not seen before its signature");
    let names: Vec<&[u8]> = fields.iter().map(|f| f.get(b"T").unwrap().as_str().unwrap()).collect();
    assert_eq!(names, [&b"Seal"[..], b"Seal_2", b"Seal_3"]);
    let signature = read.resolve(fields[0].get(b"V").unwrap()).as_dict().unwrap();
    let reference = signature.get(b"Reference").unwrap().as_array().unwrap()[0].as_dict().unwrap();
    let parameters = reference.get(b"TransformParams").unwrap().as_dict().unwrap();
    assert_eq!(parameters.get(b"P").unwrap().as_i64().unwrap(), 2, "fields may still be signed, no more");
}

#[test]
fn a_later_signature_only_appends() {
    let (one, two) = (first_revision(), two_revisions());
    assert!(two.starts_with(&one));
    let read = Read::new(&two);
    assert!(String::from_utf8_lossy(&two[one.len()..]).contains("/Prev "), "after the table of the first");
    let fields = fields(&read);
    assert!(fields.iter().all(|field| field.has(b"V") && field.has(b"AP")));
    assert_eq!(fields[1].get(b"V").unwrap(), fields[2].get(b"V").unwrap(), "one signature for both places");
    let signature = read.resolve(fields[1].get(b"V").unwrap()).as_dict().unwrap();
    assert!(!signature.has(b"Reference"), "only the first signature says what may change");
    let changed: Vec<&[u8]> = one_line_objects(&two[one.len()..]);
    assert_eq!(changed.len(), 3, "two fields and the signature");
    let ids = |read: &Read| match read.0.trailer.get(b"ID").unwrap() {
        Object::Array(halves) => halves.clone(),
        other => panic!("{other:?}"),
    };
    let (before, after) = (ids(&Read::new(&one)), ids(&read));
    assert!(before[0] == after[0] && before[1] != after[1], "the same file in another state");
}

/// The heads of the objects in a piece of a file.
fn one_line_objects(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split(|&b| b == b'\n').filter(|line| line.ends_with(b" 0 obj")).collect()
}

#[test]
fn the_second_hash_is_sm3_over_both_revisions_but_its_own_contents() {
    let digested = second(unsealed().digest(&request()));
    let hash = digested.data_hash();
    let file = digested.finish(&[0xB2; 3]).unwrap().into_bytes();
    let read = Read::new(&file);
    let signature = read.resolve(fields(&read)[1].get(b"V").unwrap()).as_dict().unwrap();
    let range = signature.get(b"ByteRange").unwrap().as_array().unwrap();
    let [start, gap, after, rest] = &range[..] else { panic!("{range:?}") };
    let [start, gap, after, rest] = [start, gap, after, rest].map(|n| n.as_i64().unwrap() as usize);
    assert_eq!((start, after + rest), (0, file.len()));
    assert!(file[gap..].starts_with(b"<B2B2B2"));
    assert_eq!(hash[..], Sm3::new_with_prefix(&file[..gap]).chain_update(&file[after..]).finalize()[..]);
}

#[test]
fn a_role_without_a_place_cannot_sign_later() {
    let signed = unsealed().digest(&request()).finish(&[]).unwrap();
    assert!(signed.awaits(1) && !signed.awaits(0) && !signed.awaits(2));
    let error = signed.digest(&SignatureRequest { role: 2, ..request() }).unwrap_err();
    assert!(matches!(error, PdfError::NoField(2)), "{error}");
}

#[test]
fn entries_of_a_later_revision_lead_to_their_objects() {
    let file = two_revisions();
    let text = String::from_utf8_lossy(&file);
    let table = text.rfind("\nxref\n").unwrap() + 6;
    let mut number = 0usize;
    let mut entries = 0;
    for line in text[table..].lines().take_while(|line| *line != "trailer") {
        let words: Vec<usize> = line.split(' ').map_while(|w| w.parse().ok()).collect();
        if line.ends_with("n ") {
            let offset = words[0];
            assert!(file[offset..].starts_with(format!("{number} 0 obj").as_bytes()), "{line}");
            (number, entries) = (number + 1, entries + 1);
        } else {
            number = words[0];
        }
    }
    assert_eq!(entries, 3);
}
