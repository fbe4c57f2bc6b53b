//! Signed data made by OpenSSL (`tests/vectors/pki/make.sh`), and what tampering leaves of it.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;

const MESSAGE: &[u8] = b"message digest";

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/pki").join(name)).unwrap()
}

fn check(der: &[u8], content: &[&[u8]]) -> Result<CmsCheck, CmsError> {
    let read = SignedData::parse(der)?;
    Ok(read.signers[0].check(content, &read.certificates, &Trust::empty()))
}

#[test]
fn signatures_of_each_family_hold_with_attributes_and_without() {
    let cases = [
        "rsa",
        "rsa-sha512-keyid",
        "rsa-sha384-no-attributes",
        "rsa-enveloping",
        "rsa-cades",
        "rsa-pss",
        "p256",
        "p384",
        "two",
    ];
    for name in cases {
        let der = vector(&format!("{name}.p7"));
        let read = SignedData::parse(&der).unwrap();
        for signer in &read.signers {
            let holds = signer.check(&[b"message ", b"digest"], &read.certificates, &Trust::empty());
            assert!(holds.holds(), "{name}: {holds:?}");
            assert_eq!(holds.binds_certificate, (name == "rsa-cades").then_some(true), "{name}");
            assert_eq!(signer.signed.is_some(), name != "rsa-sha384-no-attributes", "{name}");
            let other = signer.check(&[b"another message"], &read.certificates, &Trust::empty());
            assert_eq!(other.content, KeyCheck::Fails, "{name}");
            // The attributes are signed; the content is only named in them.
            assert_eq!(other.signature.holds(), signer.signed.is_some(), "{name}");
            let without = signer.check(&[MESSAGE], &[], &Trust::empty());
            assert_eq!(without.faults, [CmsFault::NoCertificate], "{name}");
            assert!(!without.holds(), "{name}");
        }
        assert_eq!(read.signers.len(), if name == "two" { 2 } else { 1 }, "{name}");
        assert_eq!(read.content.as_deref(), (name == "rsa-enveloping").then_some(MESSAGE), "{name}");
    }
}

#[test]
fn what_cannot_be_checked_is_unsupported_and_never_valid() {
    for (name, what) in [("rsa-sha1", "SHA-1"), ("p521", "1.3.132.0.35")] {
        let check = check(&vector(&format!("{name}.p7")), &[MESSAGE]).unwrap();
        assert!(
            matches!(&check.signature, KeyCheck::Unsupported(why) if why.contains(what)),
            "{name}: {check:?}"
        );
        assert!(!check.holds(), "{name}");
    }
    assert_eq!(SignedData::parse(&vector("ber.p7")).err(), Some(CmsError::Der(DerError::Ber)));
}

#[test]
fn padding_of_zeros_is_cut_and_anything_else_is_refused() {
    let mut padded = vector("rsa.p7");
    let len = padded.len();
    padded.extend([0; 100]);
    assert_eq!(SignedData::without_padding(&padded).map(<[u8]>::len), Ok(len));
    assert_eq!(SignedData::parse(&padded).err(), Some(CmsError::Der(DerError::Trailing)));
    padded[len + 50] = 1;
    assert_eq!(SignedData::without_padding(&padded).err(), Some(DerError::Trailing));
}

/// `der` with the one occurrence of `from` replaced.
fn replaced(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at: Vec<usize> = (0..der.len() - from.len()).filter(|&i| der[i..].starts_with(from)).collect();
    assert_eq!((at.len(), from.len()), (1, to.len()));
    [&der[..at[0]], to, &der[at[0] + from.len()..]].concat()
}

#[test]
fn attributes_that_do_not_bind_the_content_or_the_certificate_are_faults() {
    let oid = |oid: ObjectIdentifier| der::Encode::to_der(&oid).unwrap();
    let rsa = vector("rsa.p7");
    let read = SignedData::parse(&rsa).unwrap();
    let good = &read.signers[0];
    let faults = |signer: &SignerInfo| signer.check(&[MESSAGE], &read.certificates, &Trust::empty()).faults;
    let with = |change: fn(&mut SignedAttributes)| {
        let mut signer = good.clone();
        change(signer.signed.as_mut().unwrap());
        faults(&signer)
    };
    assert_eq!(faults(good), []);
    assert_eq!(with(|a| a.content_type = None), [CmsFault::ContentType]);
    assert_eq!(with(|a| a.content_type = Some(oid::TST_INFO)), [CmsFault::ContentType]);
    assert_eq!(with(|a| a.message_digest = None), [CmsFault::NoMessageDigest]);
    // The digest's attribute renamed: its bytes are as signed as before, and bind nothing.
    let unnamed = replaced(
        &rsa,
        &oid(oid::MESSAGE_DIGEST),
        &oid(ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.99")),
    );
    assert_eq!(check(&unnamed, &[MESSAGE]).unwrap().faults, [CmsFault::NoMessageDigest]);
    // signingTime renamed to a second messageDigest.
    let twice = replaced(&rsa, &oid(oid::SIGNING_TIME), &oid(oid::MESSAGE_DIGEST));
    assert_eq!(SignedData::parse(&twice).err(), Some(CmsError::Attribute(oid::MESSAGE_DIGEST)));

    let cades = SignedData::parse(&vector("rsa-cades.p7")).unwrap();
    let mut other = (*cades.certificates[0]).clone();
    other.der.push(0);
    let check = cades.signers[0].check(&[MESSAGE], &[Arc::new(other)], &Trust::empty());
    assert_eq!(
        (check.binds_certificate, &check.faults[..]),
        (Some(false), &[CmsFault::OtherCertificate][..])
    );
    assert!(!check.holds());
}

#[test]
fn a_signature_over_attributes_is_not_believed_as_one_over_content() {
    let read = SignedData::parse(&vector("rsa.p7")).unwrap();
    let mut signer = read.signers[0].clone();
    let attributes = signer.signed.take().unwrap().signed;
    let check = signer.check(&[&attributes], &read.certificates, &Trust::empty());
    assert!(check.signature.holds(), "the mathematics cannot tell");
    assert_eq!(check.faults, [CmsFault::ContentLikeAttributes]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn hostile_bytes_never_panic_and_changed_signed_bytes_never_hold(
        name in prop::sample::select(vec!["p256.p7", "two.p7", "rsa-sm3.tst", "sub-revoked.crl", "point.crl"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        cut in prop::option::weighted(0.2, any::<prop::sample::Index>()),
    ) {
        let good = vector(name);
        let good = if name.ends_with("crl") {
            let pem = String::from_utf8(good).unwrap();
            der::pem::decode_vec(pem.as_bytes()).unwrap().1
        } else {
            good
        };
        let mut bytes = good.clone();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let _ = crate::crypto::crl::Crl::parse(&bytes);
        let _ = Certificate::parse(&bytes);
        let token = crate::crypto::timestamp::TimeStampToken::parse(&bytes);
        if let Ok(token) = token {
            let _ = token.check(&[MESSAGE], &[], &Trust::empty()).proof();
        }
        if let Ok(read) = SignedData::parse(&bytes) {
            for signer in &read.signers {
                let check = signer.check(&[MESSAGE], &read.certificates, &Trust::empty());
                // What a signature covers is the attributes; outside of them only its own certificate may differ.
                prop_assert!(!check.holds() || signer.signed.is_some());
            }
        }
    }
}
