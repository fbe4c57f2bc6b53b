//! What `seal show` says, and that damaged seals are told as such.

use certpress::crypto::x509::Certificate;
use certpress::seal::{Seal, SealSigner as _, SignerList, describe, describe_seal, write_demo};

use super::sample;

#[test]
fn the_demonstration_seal_described() {
    let dir = tempfile::tempdir().unwrap();
    write_demo(dir.path(), sample::PASSWORD).unwrap();
    let description = describe(dir.path()).unwrap();
    insta::assert_snapshot!(description.to_string());
    let json = serde_json::to_value(&description).unwrap();
    assert_eq!(json["signed_by_maker"], true);
    assert_eq!(json["picture"]["width_mm"], 42);
    assert!(json["signers"][0]["certificate"]["subject"].as_str().unwrap().contains("样例省"));
}

#[test]
fn what_a_seal_says_cannot_disturb_a_terminal() {
    let mut seal = Seal::parse(&sample::demo_parts().0).unwrap();
    let hostile = |text: &str| format!("{text}\u{1b}[2J\u{202e}\n\r\u{9b}\u{2066}");
    (seal.name, seal.id, seal.vendor) = (hostile("章"), hostile("id"), hostile("vendor"));
    seal.picture.format = hostile("png");
    seal.signers = SignerList::Digests(vec![(hostile("1.2"), vec![1])]);
    let text = describe_seal(&seal, None).unwrap().to_string();
    assert_eq!(text.matches("\\u{1b}[2J\\u{202e}\\u{a}\\u{d}\\u{9b}\\u{2066}").count(), 5, "{text}");
    let raw = |c: char| c != '\n' && c.is_control() || c == '\u{202e}' || c == '\u{2066}';
    assert!(!text.contains(raw), "{text}");
}

#[test]
fn of_signers_known_by_digests_nothing_is_said() {
    let (esl, signer) = sample::demo_parts();
    let mut seal = Seal::parse(&esl).unwrap();
    seal.signers = SignerList::Digests(vec![("1.2.156.10197.1.401".into(), vec![1; 32])]);
    let root = Certificate::parse(&signer.chain_der()[0]).unwrap();
    let text = describe_seal(&seal, Some(&root)).unwrap().to_string();
    assert!(text.contains("root.crt   issued the maker's certificate: yes\n"), "{text}");
    assert!(text.contains("were not checked") && !text.contains("all these certificates"), "{text}");
}

#[test]
fn a_seal_file_alone_says_that_its_issuer_was_not_checked() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("seal.esl");
    std::fs::write(&file, sample::demo_parts().0).unwrap();
    let description = describe(&file).unwrap();
    assert_eq!(description.issued_by_root, None);
    assert!(description.signed_by_maker);
}

#[test]
fn a_seal_with_a_changed_picture_is_not_signed_by_its_maker() {
    let (mut esl, _) = sample::demo_parts();
    assert!(Seal::parse(&esl).unwrap().is_signed_by_maker());
    let middle = esl.len() / 2;
    esl[middle] ^= 1;
    let seal = Seal::parse(&esl).unwrap();
    assert!(!seal.is_signed_by_maker());
}

#[test]
fn damaged_seals_are_refused_or_unsigned_and_never_panic() {
    let (esl, _) = sample::demo_parts();
    for end in (0..esl.len()).step_by(211).chain(esl.len() - 4..esl.len()) {
        assert!(Seal::parse(&esl[..end]).is_err(), "cut at {end}");
    }
    // The head of what the maker signed, then the maker's certificate, which the seal's own signature does not cover, then the signature.
    let signature = esl.len() - 70;
    for at in (0..260).chain((esl.len() - 600..signature).step_by(7)).chain(signature..esl.len()) {
        for bit in [1, 0x80] {
            let mut twin = esl.clone();
            twin[at] ^= bit;
            let signed = Seal::parse(&twin).is_ok_and(|seal| seal.is_signed_by_maker());
            assert!(!signed || (260..signature).contains(&at), "bit {bit:#x} of byte {at}");
        }
    }
    assert!(Seal::parse(&[&esl[..], &[0]].concat()).is_err(), "a trailing byte");
}

#[test]
fn a_signature_with_unused_bits_is_refused() {
    let mut parts = sample::elements(&sample::demo_parts().0);
    let signature = parts.last_mut().unwrap();
    assert_eq!((signature[0], signature[2]), (3, 0), "a BIT STRING without unused bits");
    signature[2] = 1;
    *signature.last_mut().unwrap() &= 0xfe;
    assert!(Seal::parse(&sample::sequence(&parts)).is_err());
}

#[test]
fn a_seal_whose_maker_has_another_kind_of_certificate_is_described_and_not_believed() {
    let (esl, _) = sample::demo_parts();
    let mut parts = sample::elements(&esl);
    // The maker's certificate becomes an OCTET STRING that holds none.
    parts[1] = vec![4, 3, 1, 2, 3];
    let twin = sample::sequence(&parts);
    let description = describe_seal(&Seal::parse(&twin).unwrap(), None).unwrap();
    assert!(!description.signed_by_maker);
    assert!(description.to_string().contains("maker      not a DER certificate"), "{description}");
}
