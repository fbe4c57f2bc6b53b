//! Sealed documents, taken apart here and believed by a second implementation of SM2 and SM3.

use std::io::{Cursor, Read as _};

use certpress::crypto::x509::Certificate;
use certpress::seal::{NewSeal, Nonce, PdfProfile, SealError, SealOptions, Sealer, SesVersion, create};

use super::sample::{self, content, elements, second_digest, second_opinion};

pub(crate) fn part(ofd: &[u8], name: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = zip::ZipArchive::new(Cursor::new(ofd)).unwrap();
    archive.by_name(name).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// The signed bytes and the DER in /Contents.
fn signed_pdf(pdf: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let [signed] = <[_; 1]>::try_from(signatures(pdf)).unwrap();
    signed
}

/// The signed bytes and the DER in /Contents of each signature; the last one covers the whole file.
pub(crate) fn signatures(pdf: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let word = b"/ByteRange[";
    let starts =
        (0..pdf.len() - word.len()).filter(|&at| pdf[at..].starts_with(word)).map(|at| at + word.len());
    let starts: Vec<usize> = starts.collect();
    let ends = |at: usize| if at + 1 == starts.len() { Some(pdf.len()) } else { None };
    starts.iter().enumerate().map(|(at, &start)| signature(pdf, start, ends(at))).collect()
}

fn signature(pdf: &[u8], start: usize, end: Option<usize>) -> (Vec<u8>, Vec<u8>) {
    let range: Vec<usize> = std::str::from_utf8(&pdf[start..start + 40])
        .unwrap()
        .split(']')
        .next()
        .unwrap()
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let [0, gap, after, rest] = range[..] else { panic!("{range:?}") };
    assert_eq!(after + rest, end.unwrap_or(after + rest));
    assert!(pdf[..after + rest].ends_with(b"%%EOF\n"), "a whole revision");
    let hex = std::str::from_utf8(&pdf[gap + 1..after - 1]).unwrap();
    let contents: Vec<u8> =
        (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect();
    let (value, padding) = <der::asn1::Any as der::Decode>::from_der_partial(&contents).unwrap();
    // Two signatures, the second in a timestamp, may each be shorter than the room for them, and that room has a header of its own.
    assert!(padding.len() <= 16 && padding.iter().all(|&b| b == 0), "{} bytes of padding", padding.len());
    ([&pdf[..gap], &pdf[after..after + rest]].concat(), der::Encode::to_der(&value).unwrap())
}

/// Checks a V4 SES_Signature over `data`.
pub(crate) fn check_v4(value: &[u8], data: &[u8], property: &str) {
    let signature = elements(value);
    assert_eq!(signature.len(), 4);
    let tbs = elements(&signature[0]);
    assert_eq!(tbs[0], [2, 1, 4]);
    assert_eq!(content(&tbs[2]), b"20260305080000Z");
    assert_eq!(content(&tbs[3]), second_digest(data));
    assert_eq!(content(&tbs[4]), property.as_bytes());
    assert!(second_opinion(&content(&signature[1]), &signature[0], &content(&signature[3])));
    let seal = elements(&tbs[1]);
    assert!(second_opinion(&content(&seal[1]), &seal[0], &content(&seal[3])));
}

#[test]
fn the_ofds_signature_and_its_seals_hold_for_a_second_implementation() {
    let sealer = Sealer::demo().unwrap();
    let sealed = sealer.seal(Some(sample::ofd()), None, &sample::options()).unwrap();
    assert!(sealed.pdf.is_none());
    let ofd = sealed.ofd.unwrap();
    let signature_xml = part(&ofd, "Doc_0/Signs/Sign_0/Signature.xml");
    let value = part(&ofd, "Doc_0/Signs/Sign_0/SignedValue.dat");
    check_v4(&value, &signature_xml, "/Doc_0/Signs/Sign_0/Signature.xml");
}

#[test]
fn the_pdfs_cms_profiles_hold_for_a_second_implementation() {
    let sealer = Sealer::demo().unwrap();
    for profile in [PdfProfile::Cms, PdfProfile::Cades, PdfProfile::GmCms] {
        let options = sample::options().with_pdf_profile(profile);
        let pdf = sealer.seal(None, Some(sample::pdf(&sealer)), &options).unwrap().pdf.unwrap();
        let (data, contents) = signed_pdf(&pdf);
        check_cms(&contents, &data, sealer.certificate());
    }
}

/// Checks a SignedData by `holder` over `data`.
pub(crate) fn check_cms(contents: &[u8], data: &[u8], holder: &Certificate) {
    let signed_data = elements(&content(&elements(contents)[1]));
    let certificates = elements(&signed_data[3]);
    let signer = elements(&elements(&signed_data[4])[0]);
    // Signed as a SET OF, carried under [0].
    let mut attributes = signer[3].clone();
    assert_eq!(attributes[0], 0xa0);
    attributes[0] = 0x31;
    let digest = second_digest(data);
    assert!(attributes.windows(32).any(|w| w == digest));
    assert!(certificates.contains(&holder.der));
    assert!(second_opinion(&holder.der, &attributes, &content(&signer[5])));
    attributes[10] ^= 1;
    assert!(!second_opinion(&holder.der, &attributes, &content(&signer[5])));
}

#[test]
fn the_pdfs_seal_profile_is_an_ses_signature_over_the_byte_range() {
    let sealer = Sealer::demo().unwrap();
    let options = sample::options().with_pdf_profile(PdfProfile::GmSeal);
    let pdf = sealer.seal(None, Some(sample::pdf(&sealer)), &options).unwrap().pdf.unwrap();
    let (data, contents) = signed_pdf(&pdf);
    check_v4(&contents, &data, "/ByteRange");
}

#[test]
fn a_seal_of_the_first_edition_signs_in_that_edition() {
    let dir = tempfile::tempdir().unwrap();
    let new = NewSeal { version: SesVersion::V1, ..NewSeal::new("样例单位测试章", sample::time()) };
    create(&new, &sample::fonts(), dir.path(), "pw").unwrap();
    let sealer = Sealer::open(dir.path(), "pw").unwrap();
    let ofd = sealer.seal(Some(sample::ofd()), None, &sample::options()).unwrap().ofd.unwrap();
    let value = elements(&part(&ofd, "Doc_0/Signs/Sign_0/SignedValue.dat"));
    assert_eq!(value.len(), 2);
    let tbs = elements(&value[0]);
    assert_eq!(tbs.len(), 7);
    assert_eq!(content(&tbs[3]), second_digest(&part(&ofd, "Doc_0/Signs/Sign_0/Signature.xml")));
    assert!(second_opinion(&content(&tbs[5]), &value[0], &content(&value[1])));
}

#[test]
fn the_same_time_and_deterministic_nonces_give_the_same_bytes_on_every_thread() {
    let sealer = Sealer::demo().unwrap();
    let seal = || sealer.seal(Some(sample::ofd()), Some(sample::pdf(&sealer)), &sample::options()).unwrap();
    let first = seal();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(seal)).collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), first);
        }
    });
    let again = Sealer::demo().unwrap();
    assert_eq!(
        again.seal(Some(sample::ofd()), Some(sample::pdf(&again)), &sample::options()).unwrap(),
        first
    );
}

#[test]
fn hedged_nonces_give_other_signatures_each_time() {
    let sealer = Sealer::demo().unwrap();
    let options = SealOptions { nonce: Nonce::Hedged, ..sample::options() };
    let seal = || sealer.seal(Some(sample::ofd()), None, &options).unwrap().ofd.unwrap();
    let value = |ofd: &[u8]| part(ofd, "Doc_0/Signs/Sign_0/SignedValue.dat");
    assert_ne!(value(&seal()), value(&seal()));
}

#[test]
fn sealing_outside_the_seals_validity_is_refused_with_both_dates() {
    let sealer = Sealer::demo().unwrap();
    let early = SealOptions::at(certpress::page::Timestamp::parse("2019-12-31T23:59:59Z").unwrap());
    let error = sealer.seal(Some(sample::ofd()), None, &early).unwrap_err();
    assert!(matches!(error, SealError::NotValidAt { what: "seal", .. }));
    assert_eq!(
        error.to_string(),
        "the seal is valid from 2020-01-01T00:00:00Z to 2049-12-31T23:59:59Z, not at the time of sealing: 2019-12-31T23:59:59Z"
    );
}

#[test]
fn the_demonstration_seal_names_itself_as_a_test() {
    let sealer = Sealer::demo().unwrap();
    assert!(sealer.data().name.contains("测试"), "{}", sealer.data().name);
    let maker = Certificate::parse(&sealer.data().maker_certificate).unwrap();
    assert!(maker.subject.contains("测试"), "{}", maker.subject);
}
