//! The test vectors of the specification, read from its text, and what is no payload.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::crypto::sm2::{Nonce, SigningKey};
use crate::mark::{Level, qr, read};
use crate::unit::Length;

/// The specification, whose examples are the test vectors.
const SPECIFICATION: &str = include_str!("../../../docs/qr-payload.md");

/// The key pair of the examples in GB/T 32918.5, annex A.
const KEY: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";

struct Signer(SigningKey);

impl PayloadSigner for Signer {
    fn key(&self) -> &VerifyingKey {
        self.0.verifying_key()
    }

    fn sign(&self, e: &Digest) -> Result<Signature, String> {
        self.0.sign_digest(e, Nonce::Deterministic).map_err(|e| e.to_string())
    }
}

fn signer() -> Signer {
    let mut d = [0; 32];
    d.copy_from_slice(&unhex(KEY));
    Signer(SigningKey::from_bytes(&d).unwrap())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).unwrap()).collect()
}

/// The fenced blocks of the specification that are marked `kind`.
fn blocks(kind: &str) -> Vec<&'static str> {
    let fence = format!("```{kind}\n");
    SPECIFICATION.split(fence.as_str()).skip(1).map(|rest| rest.split("\n```").next().unwrap()).collect()
}

/// The lines `name = value` of a block.
fn lines(block: &str) -> BTreeMap<&str, &str> {
    block.lines().map(|line| line.split_once(" = ").unwrap()).collect()
}

fn claims() -> Claims {
    Claims {
        issuer: "11140000MB99999996".into(),
        number: "样例20260001".into(),
        name: "欧阳样例".into(),
        valid_from: Some(Date::constant(2026, 3, 5)),
        valid_to: None,
        record: sm3::digest(b"{}"),
        is_reissue: false,
    }
}

/// What the specification shows of a payload.
fn vector(claims: &Claims) -> String {
    let signer = signer();
    let text = claims.sign(&signer).unwrap();
    let bytes = base45::decode(&text[PREFIX.len()..]).unwrap();
    let (body, signature) = bytes.split_at(bytes.len() - SIGNATURE_LEN);
    let e = signer.key().digest(&[PREFIX.as_bytes(), body].concat());
    let day = |day: Option<Date>| day.map_or("none".to_owned(), |day| day.to_string());
    [
        ("issuer", claims.issuer.clone()),
        ("number", claims.number.clone()),
        ("name", claims.name.clone()),
        ("valid from", day(claims.valid_from)),
        ("valid to", day(claims.valid_to)),
        ("record", hex(&claims.record)),
        ("reissue", if claims.is_reissue { "yes" } else { "no" }.to_owned()),
        ("body", hex(body)),
        ("e", hex(&e)),
        ("signature", hex(signature)),
        ("text", text),
    ]
    .map(|(name, value)| format!("{name} = {value}"))
    .join("\n")
}

#[test]
fn the_vectors_of_the_specification_are_what_is_signed_and_read() {
    let vectors = blocks("vector");
    assert!(vectors.len() >= 2);
    for block in vectors {
        let given = lines(block);
        let mut record = Digest::default();
        record.copy_from_slice(&unhex(given["record"]));
        let day = |name: &str| given[name].parse().ok();
        let claims = Claims {
            issuer: given["issuer"].into(),
            number: given["number"].into(),
            name: given["name"].into(),
            valid_from: day("valid from"),
            valid_to: day("valid to"),
            record,
            is_reissue: given["reissue"] == "yes",
        };
        assert_eq!(vector(&claims), block, "the specification should say:\n{}\n", vector(&claims));
        let payload = Payload::parse(given["text"]).unwrap();
        assert_eq!(payload.claims, claims);
        assert!(payload.verify(signer().key()));
    }
}

#[test]
fn the_key_of_the_specification_is_the_key_of_its_vectors() {
    let key = lines(blocks("key")[0]);
    let signer = signer();
    assert_eq!(key["private key"], KEY);
    assert_eq!(key["public key"], hex(&signer.key().to_sec1()));
    assert_eq!(key["ZA"], hex(signer.key().za()));
    assert_eq!(key["key id"], hex(&key_id(signer.key())));
}

/// Another implementation of SM2 than the one that signs.
#[test]
fn a_stranger_verifies_the_vectors() {
    let public = hex(&signer().key().to_sec1());
    for block in blocks("vector") {
        let given = lines(block);
        let message = [PREFIX.as_bytes(), &unhex(given["body"])].concat();
        assert!(stranger_verifies(&message, &unhex(given["signature"]), &public));
        let mut other = message;
        other[20] ^= 1;
        assert!(!stranger_verifies(&other, &unhex(given["signature"]), &public));
    }
}

fn stranger_verifies(message: &[u8], signature: &[u8], public: &str) -> bool {
    let raw = <&[u8; 64]>::try_from(signature).unwrap();
    let der = Signature::from_raw(raw).unwrap().to_der();
    sm_crypto::sm2::Verify::new(public).verify_der(message, &der, true)
}

#[test]
fn what_the_specification_refuses_is_refused_for_its_reason() {
    let refused = blocks("refused");
    assert!(refused.len() >= 5);
    for block in refused {
        let given = lines(block);
        let why = match Payload::parse(given["text"]) {
            Err(error) => error.to_string(),
            Ok(payload) if payload.verify(signer().key()) => panic!("accepted: {}", given["text"]),
            Ok(_) => "the signature does not hold".to_owned(),
        };
        assert_eq!(why, given["because"]);
    }
}

#[test]
fn every_changed_character_is_noticed() {
    let text = claims().sign(&signer()).unwrap();
    let key = signer();
    for at in 0..text.len() {
        let other = if text.as_bytes()[at] == b'0' { "1" } else { "0" };
        let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
        assert!(
            Payload::parse(&changed).is_err() || !Payload::parse(&changed).unwrap().verify(key.key()),
            "{at}"
        );
    }
    for end in 0..text.len() {
        assert!(Payload::parse(&text[..end]).is_err(), "{end}");
    }
}

#[test]
fn another_key_does_not_verify_it() {
    let payload = Payload::parse(&claims().sign(&signer()).unwrap()).unwrap();
    assert!(!payload.verify(SigningKey::from_bytes(&[7; 32]).unwrap().verifying_key()));
}

#[test]
fn claims_that_the_format_cannot_say_are_errors() {
    type Spoil = fn(&mut Claims);
    let cases: [(Spoil, &str); 6] = [
        (|c| c.issuer = "11140000MB99999997".into(), "the issuer's code has a wrong check character"),
        (|c| c.issuer.clear(), "the issuer's code has 0 characters in place of 18"),
        (|c| c.number.clear(), "the certificate's number is longer than 255 bytes or"),
        (|c| c.name = "例".repeat(86), "the holder's name is longer than 255 bytes or"),
        (|c| c.name = "样\n例".into(), "the holder's name is longer than 255 bytes or"),
        (
            |c| c.valid_to = Some(Date::constant(2149, 6, 7)),
            "ZZYXQJZRQ is not a date from 1970-01-02 to 2149-06-06: 21490607",
        ),
    ];
    for (spoil, message) in cases {
        let mut claims = claims();
        spoil(&mut claims);
        let error = claims.sign(&signer()).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

/// The rule of size: at 30 mm, a payload of an ordinary certificate is read by an ordinary phone.
#[test]
fn an_ordinary_payload_fits_30_mm_at_both_levels() {
    let long = Claims { number: "样高职证字第2026000001号".into(), ..claims() };
    let text = long.sign(&signer()).unwrap();
    for (level, version) in [(Level::M, 9), (Level::Q, 11)] {
        let mark = qr(&text, level, Length::mm(30.0)).unwrap();
        assert!(mark.version <= version, "level {level}: version {}", mark.version);
        assert_eq!(read::from_path(&mark.figure.path()).unwrap().content, text);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn any_claims_come_back(
        number in "\\PC{1,20}", name in "\\PC{1,20}", from in 0u16.., to in 0u16.., is_reissue: bool, record: Digest,
    ) {
        let day = |n: u16| EPOCH.checked_add(jiff::Span::new().days(n)).ok().filter(|_| n != 0);
        let claims =
            Claims { number, name, valid_from: day(from), valid_to: day(to), record, is_reissue, ..claims() };
        prop_assume!(is_plain(&claims.number) && is_plain(&claims.name));
        let payload = Payload::parse(&claims.sign(&signer()).unwrap()).unwrap();
        prop_assert!(payload.verify(signer().key()));
        prop_assert_eq!(payload.claims, claims);
    }
}

proptest! {
    #[test]
    fn any_text_has_an_answer(text in "[0-9A-Z $%*+./:-]{0,300}") {
        let _ = Payload::parse(&format!("{PREFIX}{text}"));
    }
}
