//! Keys and signatures at the edge of what is one; certificates and signatures of OpenSSL (`tests/vectors/pki/make.sh`).

use std::fs;
use std::path::Path;

use der::Encode as _;
use der::asn1::{Any, BitString};

use super::*;
use crate::crypto::sm2::{Nonce, SigningKey};
use crate::crypto::trust::Trust;
use crate::crypto::x509::Certificate;

const MESSAGE: &[u8] = b"message digest";
/// The order n of SM2's base point.
const N: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/pki").join(name)).unwrap()
}

fn certificate(name: &str) -> Certificate {
    let trust = Trust::empty().with_roots(&vector(&format!("{name}.crt"))).unwrap();
    (*trust.roots()[0]).clone()
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

fn spki(
    oid: ObjectIdentifier,
    parameters: Option<ObjectIdentifier>,
    key: &[u8],
) -> SubjectPublicKeyInfoOwned {
    let parameters = parameters.map(|p| Any::encode_from(&p).unwrap());
    SubjectPublicKeyInfoOwned {
        algorithm: AlgorithmIdentifierOwned { oid, parameters },
        subject_public_key: BitString::from_bytes(key).unwrap(),
    }
}

/// `SEQUENCE { INTEGER, INTEGER }` with these content bytes.
fn pair(r: &[u8], s: &[u8]) -> Vec<u8> {
    let integer = |bytes: &[u8]| [&[2, bytes.len() as u8], bytes].concat();
    let body = [integer(r), integer(s)].concat();
    [&[0x30, body.len() as u8], &body[..]].concat()
}

#[test]
fn an_sm2_signature_by_openssl_holds_and_only_in_its_one_form() {
    let key = certificate("sm2-signer").public_key;
    let sm2 = algorithm(oid::SM2_WITH_SM3);
    let good = vector("sm2-message.sig");
    let check = |signature: &[u8]| key.check(&sm2, MESSAGE, signature);
    assert_eq!(check(&good), KeyCheck::Holds);
    assert_eq!(key.check(&sm2, b"another message", &good), KeyCheck::Fails);

    let raw = Signature::from_der(&good).unwrap().to_raw();
    let positive = |bytes: &[u8]| [&[0][..], bytes].concat();
    let n: Vec<u8> = (0..32).map(|i| u8::from_str_radix(&N[2 * i..2 * i + 2], 16).unwrap()).collect();
    let (r, s) = (&raw[..32], &raw[32..]);
    let sum = |a: &[u8], b: &[u8]| {
        let mut carry = 0;
        let mut sum: Vec<u8> = a
            .iter()
            .zip(b)
            .rev()
            .map(|(a, b)| {
                carry = u16::from(*a) + u16::from(*b) + (carry >> 8);
                carry as u8
            })
            .collect();
        sum.push((carry >> 8) as u8);
        sum.reverse();
        sum
    };
    let minimal = |bytes: &[u8]| {
        let start = bytes.iter().position(|&b| b != 0).unwrap();
        if bytes[start] < 0x80 { bytes[start..].to_vec() } else { positive(&bytes[start..]) }
    };
    assert_eq!(check(&pair(&minimal(r), &minimal(s))), KeyCheck::Holds, "built here");
    let fails: [(&str, Vec<u8>); 12] = [
        ("r = 0", pair(&[0], &minimal(s))),
        ("s = 0", pair(&minimal(r), &[0])),
        ("r = n", pair(&positive(&n), &minimal(s))),
        ("s = n", pair(&minimal(r), &positive(&n))),
        ("s + n", pair(&minimal(r), &minimal(&sum(s, &n)))),
        ("r + n", pair(&minimal(&sum(r, &n)), &minimal(s))),
        ("not minimal", pair(&positive(&minimal(r)), &minimal(s))),
        ("negative", pair(&[&[0x80], &r[1..]].concat(), &minimal(s))),
        ("exchanged", pair(&minimal(s), &minimal(r))),
        ("a byte after it", [&good[..], &[0]].concat()),
        ("raw", raw.to_vec()),
        ("nothing", Vec::new()),
    ];
    for (case, signature) in fails {
        assert_eq!(check(&signature), KeyCheck::Fails, "{case}");
    }
    // r + s = n: any r, and n - r.
    let mut borrow = 0_i16;
    let mut rest: Vec<u8> = n
        .iter()
        .zip(r)
        .rev()
        .map(|(n, r)| {
            let digit = i16::from(*n) - i16::from(*r) + borrow;
            borrow = digit >> 8;
            digit as u8
        })
        .collect();
    rest.reverse();
    assert_eq!(check(&pair(&minimal(r), &minimal(&rest))), KeyCheck::Fails, "r + s = n");
}

#[test]
fn another_identity_or_family_is_another_signature() {
    let key = SigningKey::from_bytes(&[9; 32]).unwrap();
    let other_id = key.verifying_key().with_id("another").unwrap();
    let signature = key.sign_digest(&other_id.digest(MESSAGE), Nonce::Deterministic).unwrap().to_der();
    let public = PublicKey::Sm2(key.verifying_key().clone());
    assert_eq!(public.check(&algorithm(oid::SM2_WITH_SM3), MESSAGE, &signature), KeyCheck::Fails);
    let good = key.sign(MESSAGE, Nonce::Deterministic).unwrap().to_der();
    assert_eq!(public.check(&algorithm(oid::SM2_WITH_SM3), MESSAGE, &good), KeyCheck::Holds);
    // SignerInfo may name algorithm and digest apart.
    let apart = |digest| public.check_pieces(&algorithm(oid::SM2_SIGN), digest, &[MESSAGE], &good);
    assert_eq!(apart(Some(Hash::Sm3)), KeyCheck::Holds);
    assert!(matches!(apart(None), KeyCheck::Unsupported(_)));
    assert!(matches!(apart(Some(Hash::Sha256)), KeyCheck::Unsupported(_)));
    for family in [oid::ECDSA_WITH_SHA256, oid::RSA_WITH_SHA256] {
        assert_eq!(public.check(&algorithm(family), MESSAGE, &good), KeyCheck::Fails);
    }
    let weak = public.check(&algorithm(oid::RSA_WITH_SHA1), MESSAGE, &good);
    assert!(matches!(weak, KeyCheck::Unsupported(what) if what.contains("too weak")));
    let unknown = public.check(&algorithm(ObjectIdentifier::new_unwrap("1.2.3.4")), MESSAGE, &good);
    assert!(matches!(unknown, KeyCheck::Unsupported(what) if what.contains("1.2.3.4")));
}

#[test]
fn points_are_on_their_curve_and_may_be_compressed() {
    let key = SigningKey::from_bytes(&[9; 32]).unwrap();
    let point = key.verifying_key().to_sec1();
    let read = |bytes: &[u8]| PublicKey::from_spki(&spki(oid::EC_PUBLIC_KEY, Some(oid::SM2_CURVE), bytes));
    let compressed = [&[2 + (point[64] & 1)], &point[1..33]].concat();
    for good in [&point[..], &compressed] {
        assert!(matches!(read(good), Ok(PublicKey::Sm2(k)) if k == *key.verifying_key()));
    }
    let mut off = point;
    off[64] ^= 1;
    let infinity = [0];
    for bad in [&off[..], &infinity, &point[..64], &[]] {
        assert!(read(bad).is_err(), "{bad:02x?}");
    }
    // The same bytes are no point of another curve.
    for curve in [oid::P256, oid::P384] {
        assert!(PublicKey::from_spki(&spki(oid::EC_PUBLIC_KEY, Some(curve), &point)).is_err());
    }
    let unnamed = PublicKey::from_spki(&spki(oid::EC_PUBLIC_KEY, None, &point)).unwrap();
    assert!(matches!(unnamed, PublicKey::Other { .. }));
}

#[test]
fn rsa_keys_are_bounded_before_any_arithmetic() {
    let uint = |bytes: &[u8]| der::asn1::Uint::new(bytes).unwrap();
    let read = |modulus: &[u8], exponent: &[u8]| {
        let body = [uint(modulus).to_der().unwrap(), uint(exponent).to_der().unwrap()].concat();
        let key = Any::new(der::Tag::Sequence, body).unwrap().to_der().unwrap();
        PublicKey::from_spki(&spki(oid::RSA, None, &key))
    };
    let modulus = |bits: usize| [&[0xc0][..], &vec![0; bits / 8 - 2], &[1]].concat();
    let e = [1, 0, 1];
    assert!(matches!(read(&modulus(2048), &e), Ok(PublicKey::Rsa(_))));
    assert!(matches!(read(&modulus(8192), &e), Ok(PublicKey::Rsa(_))));
    for (n, e) in [
        (modulus(1024), &e[..]),
        (modulus(2040), &e),
        (modulus(8200), &e),
        (modulus(400_000), &e),
        (modulus(2048), &[1; 6]),
    ] {
        assert!(matches!(read(&n, e), Ok(PublicKey::Other { .. })), "{} bytes", n.len());
    }
    let mut even = modulus(2048);
    even[255] = 0;
    assert!(
        read(&even, &e).is_err()
            && read(&modulus(2048), &[2]).is_err()
            && read(&modulus(2048), &[1]).is_err()
    );
    assert!(
        matches!(&certificate("weak-signer").public_key, PublicKey::Other { what, .. } if what.contains("1024"))
    );
    assert!(matches!(
        certificate("weak-signer").public_key.check(&algorithm(oid::RSA_WITH_SHA256), MESSAGE, &[0; 128]),
        KeyCheck::Unsupported(_)
    ));
}

#[test]
fn certificates_are_signed_by_their_issuers_in_every_family_and_not_otherwise() {
    let issued = [
        ("sm2-signer", "sm2-sub"),
        ("rsa-signer", "rsa-root"),
        ("pss-signer", "rsa-root"),
        ("p256-signer", "p384-root"),
        ("p384-signer", "p384-root"),
    ];
    for (name, issuer) in issued {
        let (mut signer, issuer) = (certificate(name), certificate(issuer));
        assert!(signer.is_issued_by(&issuer), "{name}");
        for (_, other) in issued {
            let other = certificate(other);
            assert!(
                other.digest == issuer.digest || !signer.is_signed_by(&other.public_key).holds(),
                "{name}"
            );
        }
        signer.tbs[20] ^= 1;
        assert_eq!(signer.is_signed_by(&issuer.public_key), KeyCheck::Fails, "{name}");
        signer.tbs[20] ^= 1;
        *signer.signature.last_mut().unwrap() ^= 1;
        assert_eq!(signer.is_signed_by(&issuer.public_key), KeyCheck::Fails, "{name}");
    }
}
