//! Several seals upon one document: each signs all that stands there before it.

use std::sync::{Arc, Mutex};

use certpress::page::SealPlace;
use certpress::seal::{Limits, NewSeal, PdfProfile, Sealed, Sealer, create, seal_in_turn};

use super::documents::{check_cms, check_v4, part, signatures};
use super::sample;
use super::signers::sealer_with;

/// A seal of another unit with another key.
fn other() -> Sealer {
    let dir = tempfile::tempdir().unwrap();
    create(&NewSeal::new("样例评审委员会", sample::time()), &sample::fonts(), dir.path(), "pw").unwrap();
    Sealer::open(dir.path(), "pw").unwrap()
}

fn sealed(first: &Sealer, second: &Sealer, places: &[SealPlace], profile: PdfProfile) -> Sealed {
    let (ofd, pdf) = (sample::ofd_with(places), sample::pdf_with(&[first, second], places));
    let options = sample::options().with_pdf_profile(profile);
    seal_in_turn(first, std::slice::from_ref(second), Some(ofd), Some(pdf), &options).unwrap()
}

#[test]
fn both_seals_hold_for_a_second_implementation() {
    let (first, second) = (Sealer::demo().unwrap(), other());
    let places = [sample::place(0, 130.0), sample::place(1, 30.0)];
    let ofd = sealed(&first, &second, &places, PdfProfile::Cms).ofd.unwrap();
    for number in 0..2 {
        let path = format!("Doc_0/Signs/Sign_{number}/Signature.xml");
        let value = part(&ofd, &path.replace("Signature.xml", "SignedValue.dat"));
        check_v4(&value, &part(&ofd, &path), &format!("/{path}"));
    }
    for profile in PdfProfile::ALL {
        let pdf = sealed(&first, &second, &places, profile).pdf.unwrap();
        let signatures = signatures(&pdf);
        assert_eq!(signatures.len(), 2, "{profile}");
        for ((data, contents), sealer) in signatures.iter().zip([&first, &second]) {
            match profile {
                PdfProfile::GmSeal => check_v4(contents, data, "/ByteRange"),
                _ => check_cms(contents, data, sealer.certificate()),
            }
        }
        assert!(signatures[1].0.len() > signatures[0].0.len(), "the second covers the first");
    }
}

#[test]
fn each_signer_gets_one_call_with_the_digests_of_both_formats() {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let counted = |name: &'static str| {
        let calls = Arc::clone(&calls);
        sealer_with(Limits { batch: 8, in_flight: 8 }, move |e, answers| {
            calls.lock().unwrap().push((name, e.len()));
            answers
        })
    };
    let places = [sample::place(0, 130.0), sample::place(1, 30.0)];
    sealed(&counted("first"), &counted("second"), &places, PdfProfile::Cms);
    assert_eq!(*calls.lock().unwrap(), [("first", 2), ("second", 2)]);
}

#[test]
fn a_further_seal_without_a_place_does_not_sign_and_the_first_always_does() {
    let (first, second) = (Sealer::demo().unwrap(), other());
    let alone = sealed(&first, &second, &[sample::place(0, 130.0)], PdfProfile::Cms);
    assert_eq!(alone.ofd, first.seal(Some(sample::ofd()), None, &sample::options()).unwrap().ofd);
    assert_eq!(signatures(&alone.pdf.unwrap()).len(), 1);

    let hidden = sealed(&first, &second, &[sample::place(1, 30.0)], PdfProfile::Cms);
    let pdf = signatures(&hidden.pdf.unwrap());
    check_cms(&pdf[0].1, &pdf[0].0, first.certificate());
    check_cms(&pdf[1].1, &pdf[1].0, second.certificate());
}

#[test]
fn a_later_seal_that_is_not_valid_leaves_nothing_half_sealed() {
    let dir = tempfile::tempdir().unwrap();
    let late = certpress::page::Timestamp::parse("2027-01-01T00:00:00Z").unwrap();
    create(&NewSeal::new("样例评审委员会", late), &sample::fonts(), dir.path(), "pw").unwrap();
    let (first, second) = (Sealer::demo().unwrap(), Sealer::open(dir.path(), "pw").unwrap());
    let places = [sample::place(0, 130.0), sample::place(1, 30.0)];
    let error = seal_in_turn(&first, &[second], Some(sample::ofd_with(&places)), None, &sample::options());
    assert!(error.unwrap_err().to_string().starts_with("the seal is valid from 2027-01-01"));
}
