//! What makes an original VALID: a revocation list of its root, and a timestamp by an authority under it.
//!
//! In: the demonstration seal's keys, which everyone knows. Out: DER, put together by hand, so that no writer of the library takes part.

use certpress::crypto::oid;
use certpress::crypto::sm2::{Nonce, SigningKey};
use certpress::crypto::sm3;
use certpress::crypto::x509::{Certificate, NewCertificate, Role};
use der::asn1::ObjectIdentifier;

use super::asn1::Node;

const KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.15");
const EXTENDED_KEY_USAGE: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.29.37");
const POLICY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.3.4");

/// A key of the demonstration seal: `root`, `maker` or `signer`; or one of anybody's.
pub(crate) fn key(role: &str) -> SigningKey {
    let sentence = format!("certpress demonstration key, known to everyone: {role}");
    SigningKey::from_bytes(&sm3::digest(sentence.as_bytes())).unwrap()
}

fn seq(children: Vec<Node>) -> Node {
    Node::Tree(0x30, children)
}

fn set(children: Vec<Node>) -> Node {
    Node::Tree(0x31, children)
}

fn oid_of(oid: ObjectIdentifier) -> Node {
    Node::Leaf(6, oid.as_bytes().to_vec())
}

fn algorithm(oid: ObjectIdentifier) -> Node {
    seq(vec![oid_of(oid)])
}

fn number(value: u8) -> Node {
    Node::Leaf(2, vec![value])
}

fn octets(bytes: &[u8]) -> Node {
    Node::Leaf(4, bytes.to_vec())
}

fn utc(time: &str) -> Node {
    Node::Leaf(0x17, time.as_bytes().to_vec())
}

/// SEQUENCE { what is signed, algorithm, signature }: a certificate or a revocation list.
fn signed(content: Node, key: &SigningKey) -> Vec<u8> {
    let signature = key.sign(&content.encode(), Nonce::Deterministic).unwrap().to_der();
    let bits = Node::Leaf(3, [&[0], &signature[..]].concat());
    seq(vec![content, algorithm(oid::SM2_WITH_SM3), bits]).encode()
}

/// A list of `issuer` that revokes one certificate in the middle of March 2026, current all year (RFC 5280, 5.1).
pub(crate) fn revocation_list(issuer: &Certificate, key: &SigningKey, revoked: &[u8]) -> Vec<u8> {
    let content = seq(vec![
        number(1),
        algorithm(oid::SM2_WITH_SM3),
        Node::Raw(issuer.subject_der.clone()),
        utc("260101000000Z"),
        utc("270101000000Z"),
        seq(vec![seq(vec![serial_of(revoked), utc("260315000000Z")])]),
    ]);
    signed(content, key)
}

/// A signer's certificate by `issuer`, in force in these months of 2026.
pub(crate) fn signer(
    name: &str,
    key: &SigningKey,
    months: (u8, u8),
    issuer: &Certificate,
    issuer_key: &SigningKey,
) -> Vec<u8> {
    let first = |month| der::DateTime::new(2026, month, 1, 0, 0, 0).unwrap();
    let new = NewCertificate {
        subject: ("certpress 测试", name),
        key: key.verifying_key(),
        role: Role::Signer,
        validity: (first(months.0), first(months.1)),
    };
    new.issued_by(issuer, issuer_key, Nonce::Deterministic).unwrap()
}

/// `seal`, a DER SESeal by the demonstration seal's maker, allowing another signer and in force in these months of 2026.
pub(crate) fn seal_for(seal: &[u8], certificate: &[u8], months: (u8, u8)) -> Vec<u8> {
    let mut seal = Node::parse(seal);
    let first = |month| format!("2026{month:02}01000000Z").into_bytes();
    *seal.at(&[0, 2, 3]).children() = vec![octets(certificate)];
    *seal.at(&[0, 2, 5]).content() = first(months.0);
    *seal.at(&[0, 2, 6]).content() = first(months.1);
    let info = seal.at(&[0]).encode();
    let signature = key("maker").sign(&info, Nonce::Deterministic).unwrap();
    seal.at(&[3]).set_bits(&signature.to_der());
    seal.encode()
}

/// The certificate of a timestamp authority with `key`, by `issuer` (RFC 3161, 2.3).
pub(crate) fn authority(key: &SigningKey, issuer: &Certificate, issuer_key: &SigningKey) -> Vec<u8> {
    let extension =
        |id, value: Node| seq(vec![oid_of(id), Node::Leaf(1, vec![0xff]), octets(&value.encode())]);
    let name = seq(vec![set(vec![seq(vec![
        oid_of(oid::COMMON_NAME),
        Node::Leaf(0x0c, "certpress 测试时间戳".as_bytes().to_vec()),
    ])])]);
    let content = seq(vec![
        Node::Tree(0xa0, vec![number(2)]),
        number(77),
        algorithm(oid::SM2_WITH_SM3),
        Node::Raw(issuer.subject_der.clone()),
        seq(vec![utc("200101000000Z"), utc("491231235959Z")]),
        name,
        Node::Raw(key.verifying_key().to_spki().unwrap()),
        Node::Tree(
            0xa3,
            vec![seq(vec![
                extension(KEY_USAGE, Node::Leaf(3, vec![7, 0x80])),
                extension(EXTENDED_KEY_USAGE, seq(vec![oid_of(oid::TIME_STAMPING)])),
            ])],
        ),
    ]);
    signed(content, issuer_key)
}

/// A timestamp token over `stamped` at `time`, such as `20260305080010Z` (RFC 3161, 2.4.2; RFC 5652, 5).
pub(crate) fn token(stamped: &[u8], time: &str, certificate: &[u8], key: &SigningKey) -> Vec<u8> {
    let authority = Certificate::parse(certificate).unwrap();
    let info = seq(vec![
        number(1),
        oid_of(POLICY),
        seq(vec![algorithm(oid::SM3), octets(&sm3::digest(stamped))]),
        number(1),
        Node::Leaf(0x18, time.as_bytes().to_vec()),
    ])
    .encode();
    let attribute = |id, value| seq(vec![oid_of(id), set(vec![value])]);
    // ESSCertIDv2 (RFC 5035) with its algorithm, which is SHA-256 if it says none.
    let id = seq(vec![seq(vec![seq(vec![algorithm(oid::SM3), octets(&sm3::digest(certificate))])])]);
    let attributes = vec![
        attribute(oid::CONTENT_TYPE, oid_of(oid::TST_INFO)),
        attribute(oid::MESSAGE_DIGEST, octets(&sm3::digest(&info))),
        attribute(oid::SIGNING_CERTIFICATE_V2, id),
    ];
    let signature = key.sign(&set(attributes.clone()).encode(), Nonce::Deterministic).unwrap().to_der();
    let signer = seq(vec![
        number(1),
        seq(vec![Node::Raw(authority.issuer_der.clone()), serial_of(certificate)]),
        algorithm(oid::SM3),
        Node::Tree(0xa0, attributes),
        algorithm(oid::SM2_WITH_SM3),
        octets(&signature),
    ]);
    let data = seq(vec![
        number(3),
        set(vec![algorithm(oid::SM3)]),
        seq(vec![oid_of(oid::TST_INFO), Node::Tree(0xa0, vec![octets(&info)])]),
        Node::Tree(0xa0, vec![Node::Raw(certificate.to_vec())]),
        set(vec![signer]),
    ]);
    seq(vec![oid_of(oid::CMS_SIGNED_DATA), Node::Tree(0xa0, vec![data])]).encode()
}

fn serial_of(certificate: &[u8]) -> Node {
    Node::parse(certificate).at(&[0, 1]).clone()
}
