//! Tokens made by `openssl ts` (`tests/vectors/pki/make.sh`).

use std::fs;
use std::path::Path;

use super::*;

const MESSAGE: &[u8] = b"message digest";

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/pki").join(name)).unwrap()
}

fn trust(root: &str) -> Trust {
    let trust = Trust::empty().with_roots(&vector(&format!("{root}.crt"))).unwrap();
    trust.with_crls(&vector(&format!("{root}.crl"))).unwrap()
}

#[test]
fn tokens_of_openssl_prove_their_time_under_their_root_only() {
    for (name, root, other) in [
        ("rsa-sm3", "rsa-root", "p384-root"),
        ("rsa-sha256", "rsa-root", "p384-root"),
        ("p256-sha512", "p384-root", "rsa-root"),
    ] {
        let token = TimeStampToken::parse(&vector(&format!("{name}.tst"))).unwrap();
        assert!(token.gen_time.year() >= 2026 && token.nonce.is_some(), "{name}");
        assert_eq!(token.policy.to_string(), "1.2.3.4.1");
        let check = token.check(&[b"message ", b"digest"], &[], &trust(root));
        assert_eq!(check.proof(), Proof::Proven(token.gen_time), "{name}");
        assert_eq!(check.signature.binds_certificate, Some(true), "{name}");

        let elsewhere = token.check(&[b"something else"], &[], &trust(root)).proof();
        assert!(matches!(&elsewhere, Proof::Broken(why) if why.contains("imprint")), "{name}: {elsewhere:?}");
        let untrusted = token.check(&[MESSAGE], &[], &trust(other)).proof();
        assert!(
            matches!(&untrusted, Proof::Unknown(why) if why.contains("not there")),
            "{name}: {untrusted:?}"
        );
        let no_lists = Trust::empty().with_roots(&vector(&format!("{root}.crt"))).unwrap();
        let unknown = token.check(&[MESSAGE], &[], &no_lists).proof();
        assert!(matches!(&unknown, Proof::Unknown(why) if why.contains("revocation")), "{name}: {unknown:?}");
    }
}

#[test]
fn any_changed_byte_of_content_attributes_or_signature_proves_nothing() {
    let good = vector("p256-sha512.tst");
    let trust = trust("p384-root");
    let token = TimeStampToken::parse(&good).unwrap();
    let proof = |bytes: &[u8]| TimeStampToken::parse(bytes).map(|t| t.check(&[MESSAGE], &[], &trust).proof());
    let covered = |part: &[u8]| good.windows(part.len()).position(|w| w == part).unwrap()..;
    let content = covered(&token.content).start;
    let signature = covered(&token.signer.signature).start;
    let parts = [(content, token.content.len()), (signature, token.signer.signature.len())];
    for (start, len) in parts {
        for at in (start..start + len).step_by(3) {
            let mut twin = good.clone();
            twin[at] ^= 1;
            assert!(!matches!(proof(&twin), Ok(Proof::Proven(_))), "byte {at}");
        }
    }
    assert_eq!(proof(&good).ok(), Some(Proof::Proven(token.gen_time)));
}

#[test]
fn other_signed_data_is_no_token() {
    let refused = TimeStampToken::parse(&vector("rsa.p7")).err().unwrap();
    assert_eq!(refused, TimeStampError::ContentType(oid::CMS_DATA));
    assert!(matches!(TimeStampToken::parse(b"no token"), Err(TimeStampError::Cms(_))));
}

#[test]
fn times_are_read_to_the_second_and_only_in_their_shortest_form() {
    let at = DateTime::new(2026, 11, 23, 19, 8, 4).unwrap();
    for good in ["20261123190804Z", "20261123190804.5Z", "20261123190804.125Z"] {
        assert_eq!(gen_time(good.as_bytes()), Ok(at), "{good}");
    }
    for bad in [
        "20261123190804",
        "20261123190804.Z",
        "20261123190804.50Z",
        "20261123190804,5Z",
        "20261323190804Z",
        "2026112319080Z",
        "20261123190804+0800",
    ] {
        assert!(gen_time(bad.as_bytes()).is_err(), "{bad}");
    }
}
