//! Sealing: the byte range, what it covers, and what it refuses.

use certpress::geom::Rect;
use certpress::page::{Document, SealPlace};
use certpress::pdf::{Base, Digested, PdfError, SignatureRequest, SubFilter, Unsealed};
use lopdf::Dictionary;
use sm3::{Digest as _, Sm3};

use crate::Read;
use crate::sample::{document, fonts, master, request, seal};

fn unsealed(change: impl FnOnce(&mut Document)) -> Unsealed {
    let fonts = fonts();
    let master = master(&fonts);
    let mut document = document(&fonts, &master);
    change(&mut document);
    Base::new(&master).unwrap().with_seals(&[&seal()]).unwrap().write(&document).unwrap()
}

fn digested(change: impl FnOnce(&mut SignatureRequest)) -> Digested {
    let mut request = request();
    change(&mut request);
    unsealed(|_| {}).digest(&request)
}

fn sealed(change: impl FnOnce(&mut Document)) -> Vec<u8> {
    unsealed(change).digest(&request()).finish(&[]).unwrap().into_bytes()
}

fn signature(read: &Read) -> &Dictionary {
    read.resolve(field(read).get(b"V").unwrap()).as_dict().unwrap()
}

fn field(read: &Read) -> &Dictionary {
    let form = read.catalog().get(b"AcroForm").unwrap().as_dict().unwrap();
    assert_eq!(form.get(b"SigFlags").unwrap().as_i64().unwrap(), 3);
    read.resolve(&form.get(b"Fields").unwrap().as_array().unwrap()[0]).as_dict().unwrap()
}

fn byte_range(read: &Read) -> [usize; 4] {
    let range = signature(read).get(b"ByteRange").unwrap().as_array().unwrap();
    let numbers: Vec<usize> = range.iter().map(|n| n.as_i64().unwrap() as usize).collect();
    numbers.try_into().unwrap()
}

#[test]
fn the_gap_of_the_byte_range_is_exactly_contents() {
    let file = digested(|_| {}).finish(&[0xAB; 3]).unwrap().into_bytes();
    let [start, first, second, rest] = byte_range(&Read::new(&file));
    assert_eq!(start, 0);
    assert_eq!(second + rest, file.len());
    assert!(file[..first].ends_with(b"/Contents"));
    assert!(file[first..].starts_with(b"<ABABAB00"));
    assert!(file[..second].ends_with(b"00>"));
    assert_eq!(second - first, 2 * 1024 + 2);
}

#[test]
fn the_hash_is_sm3_over_the_byte_range() {
    let digested = digested(|_| {});
    let hash = digested.data_hash();
    let file = digested.finish(&[1, 2, 3]).unwrap().into_bytes();
    let [_, first, second, _] = byte_range(&Read::new(&file));
    let state = Sm3::new_with_prefix(&file[..first]).chain_update(&file[second..]);
    assert_eq!(hash[..], state.finalize()[..]);
}

#[test]
fn contents_fill_their_room_to_the_last_byte_and_no_further() {
    let full = [0x5A; 1024];
    assert!(digested(|_| {}).finish(&full).unwrap().into_bytes().windows(2).any(|w| w == b"A>"));
    let error = digested(|_| {}).finish(&[0; 1025]).unwrap_err();
    assert!(matches!(error, PdfError::ContentsTooLong { len: 1025, room: 1024 }), "{error}");
}

#[test]
fn the_dictionary_says_what_was_asked() {
    let file = digested(|r| r.sub_filter = SubFilter::GmSm2Seal).finish(&[]).unwrap().into_bytes();
    let read = Read::new(&file);
    let signature = signature(&read);
    let text = |key: &[u8]| lopdf::decode_text_string(signature.get(key).unwrap()).unwrap();
    assert_eq!(signature.get(b"SubFilter").unwrap().as_name().unwrap(), b"GM.sm2seal");
    assert_eq!(text(b"Name"), "样例市人力资源和社会保障局");
    assert_eq!(text(b"M"), "D:20260305080000Z");
}

#[test]
fn the_document_may_not_be_changed_afterwards() {
    let file = digested(|_| {}).finish(&[]).unwrap().into_bytes();
    let read = Read::new(&file);
    let reference = signature(&read).get(b"Reference").unwrap().as_array().unwrap()[0].as_dict().unwrap();
    assert_eq!(reference.get(b"TransformMethod").unwrap().as_name().unwrap(), b"DocMDP");
    let parameters = reference.get(b"TransformParams").unwrap().as_dict().unwrap();
    assert_eq!(parameters.get(b"P").unwrap().as_i64().unwrap(), 1);
    let perms = read.catalog().get(b"Perms").unwrap().as_dict().unwrap();
    assert_eq!(perms.get(b"DocMDP").unwrap(), field(&read).get(b"V").unwrap());
}

#[test]
fn the_seal_is_the_appearance_of_the_field() {
    let file = digested(|_| {}).finish(&[]).unwrap().into_bytes();
    let read = Read::new(&file);
    let appearance = field(&read).get(b"AP").unwrap().as_dict().unwrap().get(b"N").unwrap();
    assert!(read.stream(appearance).contains(" c\n"), "a drawing, not a picture");
    let rect = field(&read).get(b"Rect").unwrap().as_array().unwrap();
    let numbers: Vec<f32> = rect.iter().map(|n| n.as_float().unwrap()).collect();
    // 130 mm from the left, 225 + 42 mm from the top of 297.
    let expected = [368.504, 85.039, 487.559, 204.094];
    assert!(numbers.iter().zip(expected).all(|(a, b)| (a - b).abs() < 0.001), "{numbers:?}");
}

#[test]
fn a_seal_without_a_drawing_shows_its_picture() {
    let fonts = fonts();
    let master = master(&fonts);
    let mut seal = seal();
    seal.items.clear();
    let unsealed =
        Base::new(&master).unwrap().with_seals(&[&seal]).unwrap().write(&document(&fonts, &master)).unwrap();
    let request = request();
    let file = unsealed.digest(&request).finish(&[]).unwrap().into_bytes();
    let read = Read::new(&file);
    let appearance = read.resolve(field(&read).get(b"AP").unwrap().as_dict().unwrap().get(b"N").unwrap());
    let resources = appearance.as_stream().unwrap().dict.get(b"Resources").unwrap().as_dict().unwrap();
    let picture = resources.get(b"XObject").unwrap().as_dict().unwrap().get(b"M0").unwrap();
    assert!(read.resolve(picture).as_stream().unwrap().dict.has(b"SMask"));
}

#[test]
fn every_further_place_shows_the_seal_too() {
    let second = SealPlace { role: 0, rect: Rect::mm(10.0, 10.0, 42.0, 42.0), clip: None };
    let file = sealed(|d| d.pages[0].seals.push(second));
    let read = Read::new(&file);
    let annotations = read.page(0).get(b"Annots").unwrap().as_array().unwrap();
    let kinds: Vec<&[u8]> = annotations
        .iter()
        .map(|a| read.resolve(a).as_dict().unwrap().get(b"Subtype").unwrap().as_name().unwrap())
        .collect();
    assert_eq!(kinds, [&b"Widget"[..], b"Stamp"]);
}

#[test]
fn a_place_that_shows_a_part_shows_that_part_of_the_seal() {
    // The last third of the seal at the right edge; the rest of it lies on other pages.
    let (rect, clip) = (Rect::mm(168.0, 100.0, 42.0, 42.0), Rect::mm(196.0, 100.0, 14.0, 42.0));
    let file = sealed(|d| d.pages[0].seals = vec![SealPlace { role: 0, rect, clip: Some(clip) }]);
    let read = Read::new(&file);
    let numbers = |array: &lopdf::Object| -> Vec<f32> {
        array.as_array().unwrap().iter().map(|n| n.as_float().unwrap()).collect()
    };
    let near = |found: Vec<f32>, mm: [f32; 4]| {
        assert!(found.iter().zip(mm).all(|(a, b)| (a - b / 25.4 * 72.0).abs() < 0.002), "{found:?}");
    };
    near(numbers(field(&read).get(b"Rect").unwrap()), [196.0, 155.0, 210.0, 197.0]);
    let form = read.resolve(field(&read).get(b"AP").unwrap().as_dict().unwrap().get(b"N").unwrap());
    near(numbers(form.as_stream().unwrap().dict.get(b"BBox").unwrap()), [28.0, 0.0, 42.0, 42.0]);
}

#[test]
fn without_a_place_the_signature_is_invisible() {
    let file = sealed(|d| d.pages[0].seals.clear());
    let read = Read::new(&file);
    assert!(!field(&read).has(b"AP"));
    let rect = field(&read).get(b"Rect").unwrap().as_array().unwrap();
    assert_eq!((&rect[0], &rect[1]), (&rect[2], &rect[3]));
}

#[test]
fn a_file_that_is_not_sealed_has_no_field_for_a_signature() {
    let file = unsealed(|_| {}).into_bytes();
    let read = Read::new(&file);
    assert!(!read.catalog().has(b"AcroForm") && !read.catalog().has(b"Perms"));
    assert!(!read.page(0).has(b"Annots"));
}
