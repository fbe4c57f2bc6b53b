//! Seals and signatures that belong to others, or are not quite DER.

use certpress::verify::Verdict::{Indeterminate, Invalid};

use super::asn1::Node;
use super::attack::{Attack, attack};
use super::originals::Originals;
use super::package::{Parts, SIGNATURE, VALUE};

const SIGNATURE_RULE: &str = "signature.value";
const FORM: &str = "ofd.signed-value";
const MAKER: &str = "seal.maker";
const LISTED: &str = "seal.signer";
const CHAIN: &str = "trust.chain";

/// The order of the SM2 group (GB/T 32918.5).
const N: [u8; 32] = [
    0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x72,
    0x03, 0xdf, 0x6b, 0x21, 0xc6, 0x05, 0x2b, 0x53, 0xbb, 0xf4, 0x09, 0x39, 0xd5, 0x41, 0x23,
];

// SES_Signature of V4, and within it TBS_Sign and SESeal.
const SEAL: [usize; 2] = [0, 1];
const TIME: [usize; 2] = [0, 2];
const HASH: [usize; 2] = [0, 3];
const PROPERTY: [usize; 2] = [0, 4];
const CERTIFICATE: [usize; 1] = [1];
const ALGORITHM: [usize; 1] = [2];
const VALUE_BITS: [usize; 1] = [3];
const SEAL_INFO: [usize; 3] = [0, 1, 0];
const SEAL_NAME: [usize; 5] = [0, 1, 0, 2, 1];
const SEAL_LIST: [usize; 5] = [0, 1, 0, 2, 3];
const SEAL_END: [usize; 5] = [0, 1, 0, 2, 6];
const PICTURE: [usize; 5] = [0, 1, 0, 3, 1];
const MAKER_CERTIFICATE: [usize; 3] = [0, 1, 1];
const MAKER_BITS: [usize; 3] = [0, 1, 3];

fn one(o: &Originals) -> Parts {
    o.one.ofd.clone()
}

/// The signed value with one node changed.
fn value(o: &Originals, path: &[usize], change: impl FnOnce(&mut Node)) -> Vec<u8> {
    one(o).value(path, change).build()
}

/// A node of another file's signed value.
fn theirs(parts: &Parts, path: &[usize]) -> Node {
    parts.signed_value().at(path).clone()
}

/// The signature's two numbers changed: `r` first.
fn numbers(o: &Originals, change: impl FnOnce(&mut Node, &mut Node)) -> Vec<u8> {
    value(o, &VALUE_BITS, |bits| {
        bits.inside(&[], |pair| {
            let [r, s] = &mut pair.children()[..] else { panic!("two numbers") };
            change(r, s);
        });
    })
}

/// 32 bytes, without the sign's byte.
fn number(node: &mut Node) -> [u8; 32] {
    let content = node.content();
    let digits = content.strip_prefix(&[0]).unwrap_or(content);
    let mut number = [0; 32];
    number[32 - digits.len()..].copy_from_slice(digits);
    number
}

fn n_minus(s: [u8; 32]) -> Vec<u8> {
    let mut borrow = 0i16;
    let mut out: Vec<u8> = (0..32)
        .rev()
        .map(|i| {
            let digit = i16::from(N[i]) - i16::from(s[i]) - borrow;
            borrow = i16::from(digit < 0);
            digit.rem_euclid(256) as u8
        })
        .collect();
    out.reverse();
    positive(out)
}

fn n_plus(s: [u8; 32]) -> Vec<u8> {
    let mut carry = 0u16;
    let mut out: Vec<u8> = (0..32)
        .rev()
        .map(|i| {
            let digit = u16::from(N[i]) + u16::from(s[i]) + carry;
            carry = digit >> 8;
            digit as u8
        })
        .collect();
    out.push(carry as u8);
    out.reverse();
    positive(out)
}

/// An INTEGER's content: no zeros in front but the one that keeps it positive.
fn positive(bytes: Vec<u8>) -> Vec<u8> {
    let digits: Vec<u8> = bytes.into_iter().skip_while(|&b| b == 0).collect();
    if digits.first().is_none_or(|&b| b & 0x80 != 0) { [&[0], &digits[..]].concat() } else { digits }
}

pub(crate) const ATTACKS: &[Attack] = &[
    // Whose signature, whose seal.
    attack(
        "a signed value whose seal is another's",
        |o| {
            let seal = theirs(&o.self_made.ofd, &SEAL);
            value(o, &SEAL, |node| *node = seal)
        },
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "another's signature with the genuine seal",
        |o| {
            let seal = theirs(&o.one.ofd, &SEAL);
            o.self_made.ofd.clone().value(&SEAL, |node| *node = seal).build()
        },
        Invalid,
        LISTED,
    ),
    attack(
        "another signer's certificate",
        |o| {
            let certificate = theirs(&o.self_made.ofd, &CERTIFICATE);
            value(o, &CERTIFICATE, |node| *node = certificate)
        },
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "another signer's certificate and signature",
        |o| {
            let (certificate, bits) =
                (theirs(&o.self_made.ofd, &CERTIFICATE), theirs(&o.self_made.ofd, &VALUE_BITS));
            one(o)
                .value(&CERTIFICATE, |node| *node = certificate)
                .value(&VALUE_BITS, |node| *node = bits)
                .build()
        },
        Invalid,
        LISTED,
    ),
    attack(
        "the maker's certificate as the signer's",
        |o| {
            let certificate = theirs(&o.one.ofd, &MAKER_CERTIFICATE);
            value(o, &CERTIFICATE, |node| *node = certificate)
        },
        Invalid,
        LISTED,
    ),
    attack(
        "another maker's certificate in the seal",
        |o| {
            let certificate = theirs(&o.self_made.ofd, &MAKER_CERTIFICATE);
            value(o, &MAKER_CERTIFICATE, |node| *node = certificate)
        },
        Invalid,
        MAKER,
    ),
    attack(
        "another maker's certificate and signature in the seal",
        |o| {
            let (certificate, bits) =
                (theirs(&o.self_made.ofd, &MAKER_CERTIFICATE), theirs(&o.self_made.ofd, &MAKER_BITS));
            one(o)
                .value(&MAKER_CERTIFICATE, |node| *node = certificate)
                .value(&MAKER_BITS, |node| *node = bits)
                .build()
        },
        Invalid,
        MAKER,
    ),
    attack(
        "another signer in the seal's list",
        |o| {
            let list = theirs(&o.self_made.ofd, &SEAL_LIST);
            value(o, &SEAL_LIST, |node| *node = list)
        },
        Invalid,
        MAKER,
    ),
    attack(
        "a further signer in the seal's list",
        |o| {
            let further = theirs(&o.self_made.ofd, &CERTIFICATE);
            value(o, &SEAL_LIST, |list| list.children().push(further))
        },
        Invalid,
        MAKER,
    ),
    attack(
        "another name for the seal",
        |o| value(o, &SEAL_NAME, |name| *name.content() = "样例省人民政府".into()),
        Invalid,
        MAKER,
    ),
    attack(
        "another picture for the seal",
        |o| value(o, &PICTURE, |picture| picture.content()[100] ^= 1),
        Invalid,
        MAKER,
    ),
    attack(
        "a seal with a later end",
        |o| value(o, &SEAL_END, |end| *end.content() = b"20991231235959Z".to_vec()),
        Invalid,
        MAKER,
    ),
    attack(
        "a seal that the forger made, with all names as in the genuine one",
        |o| o.self_made.ofd.build(),
        Indeterminate,
        CHAIN,
    ),
    attack(
        "the forged seal's signature on the genuine document",
        |o| one(o).set(VALUE, o.self_made.ofd.get(VALUE)).build(),
        Invalid,
        "ofd.data-hash",
    ),
    attack(
        "the forged seal's signature with the genuine digest",
        |o| one(o).set(VALUE, o.self_made.ofd.get(VALUE)).fit_hash().build(),
        Invalid,
        SIGNATURE_RULE,
    ),
    // What was signed.
    attack("another dataHash", |o| value(o, &HASH, |hash| hash.content()[5] ^= 1), Invalid, "ofd.data-hash"),
    attack(
        "another dataHash, and the signature fails too",
        |o| value(o, &HASH, |hash| hash.content()[5] ^= 1),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "an earlier time in the signed value",
        |o| value(o, &TIME, |time| *time.content() = b"20200101000000Z".to_vec()),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "another path in the signed value",
        |o| value(o, &PROPERTY, |path| *path.content() = b"/Doc_1/Signs/Sign_0/Signature.xml".to_vec()),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "an algorithm that nobody knows",
        |o| value(o, &ALGORITHM, |oid| *oid.content() = vec![0x2a, 0x03]),
        Indeterminate,
        SIGNATURE_RULE,
    ),
    attack(
        "the digest's algorithm in place of the signature's",
        |o| value(o, &ALGORITHM, |oid| *oid.content() = vec![0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x83, 0x11]),
        Indeterminate,
        SIGNATURE_RULE,
    ),
    // The numbers r and s.
    attack("n − s for s", |o| numbers(o, |_, s| *s.content() = n_minus(number(s))), Invalid, SIGNATURE_RULE),
    attack("s + n for s", |o| numbers(o, |_, s| *s.content() = n_plus(number(s))), Invalid, SIGNATURE_RULE),
    attack("r + n for r", |o| numbers(o, |r, _| *r.content() = n_plus(number(r))), Invalid, SIGNATURE_RULE),
    attack("n for s", |o| numbers(o, |_, s| *s.content() = positive(N.to_vec())), Invalid, SIGNATURE_RULE),
    attack("zero for r", |o| numbers(o, |r, _| *r.content() = vec![0]), Invalid, SIGNATURE_RULE),
    attack("zero for s", |o| numbers(o, |_, s| *s.content() = vec![0]), Invalid, SIGNATURE_RULE),
    attack(
        "zero for both",
        |o| numbers(o, |r, s| (*r, *s) = (Node::Leaf(2, vec![0]), Node::Leaf(2, vec![0]))),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "one for both",
        |o| numbers(o, |r, s| (*r, *s) = (Node::Leaf(2, vec![1]), Node::Leaf(2, vec![1]))),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack("r and s exchanged", |o| numbers(o, std::mem::swap), Invalid, SIGNATURE_RULE),
    attack(
        "a negative r",
        |o| numbers(o, |r, _| *r.content() = [&[0xff], &number(r)[..]].concat()),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "r with zeros before it",
        |o| numbers(o, |r, _| r.content().splice(0..0, [0, 0]).for_each(drop)),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "a third number",
        |o| {
            value(o, &VALUE_BITS, |bits| {
                bits.inside(&[], |pair| pair.children().push(Node::Leaf(2, vec![1])))
            })
        },
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "r and s as 64 plain bytes",
        |o| {
            value(o, &VALUE_BITS, |bits| {
                let mut plain = Vec::new();
                bits.inside(&[], |pair| plain = pair.children().iter_mut().flat_map(number).collect());
                bits.set_bits(&plain);
            })
        },
        Invalid,
        "time.proof",
    ),
    attack(
        "an empty signature",
        |o| value(o, &VALUE_BITS, |bits| bits.set_bits(&[])),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "a long length inside the signature",
        |o| value(o, &VALUE_BITS, |bits| bits.inside(&[], |pair| pair.lengthen(2))),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "a byte behind r and s",
        |o| value(o, &VALUE_BITS, |bits| bits.content().push(0)),
        Invalid,
        SIGNATURE_RULE,
    ),
    // Not quite DER.
    attack(
        "unused bits in the signature",
        |o| value(o, &VALUE_BITS, |bits| bits.content()[0] = 1),
        Invalid,
        FORM,
    ),
    attack(
        "more unused bits than there are",
        |o| value(o, &VALUE_BITS, |bits| bits.content()[0] = 9),
        Invalid,
        FORM,
    ),
    attack("unused bits in the dataHash", |o| value(o, &HASH, |hash| hash.content()[0] = 4), Invalid, FORM),
    attack(
        "a byte behind the signed value",
        |o| one(o).set(VALUE, [o.one.ofd.get(VALUE), b"\0"].concat()).build(),
        Invalid,
        FORM,
    ),
    attack(
        "a sixth element of the signed value",
        |o| value(o, &[], |root| (0..2).for_each(|_| root.children().push(Node::Leaf(5, Vec::new())))),
        Invalid,
        FORM,
    ),
    attack(
        "a long length around the signed value",
        |o| value(o, &[], |root| root.lengthen(4)),
        Invalid,
        FORM,
    ),
    attack(
        "a long length around the signer's certificate",
        |o| value(o, &CERTIFICATE, |node| node.lengthen(5)),
        Invalid,
        FORM,
    ),
    attack("an open length around the signed value", |o| value(o, &[], Node::open_end), Invalid, FORM),
    attack(
        "a signed value cut short",
        |o| {
            let whole = o.one.ofd.get(VALUE);
            one(o).set(VALUE, &whole[..whole.len() - 1]).build()
        },
        Invalid,
        FORM,
    ),
    attack("an empty signed value", |o| one(o).set(VALUE, "").build(), Invalid, FORM),
    attack(
        "a signed value of one element",
        |o| value(o, &[], |root| root.children().truncate(1)),
        Invalid,
        FORM,
    ),
    attack(
        "a length of eight gigabytes",
        |o| one(o).set(VALUE, [0x30, 0x85, 2, 0, 0, 0, 0, 0x30].to_vec()).build(),
        Invalid,
        FORM,
    ),
    attack(
        "a signed value nested a hundred thousand deep",
        |o| one(o).set(VALUE, [0x30, 0x80].repeat(100_000)).build(),
        Invalid,
        FORM,
    ),
    attack(
        "deep DER in place of the seal",
        |o| {
            let mut deep = Node::Tree(0x30, Vec::new());
            for _ in 0..2_000 {
                deep = Node::Tree(0x30, vec![Node::Raw(deep.encode())]);
            }
            value(o, &SEAL, |node| *node = deep)
        },
        Invalid,
        FORM,
    ),
    attack(
        "the seal's information as a SET",
        |o| {
            value(o, &SEAL_INFO, |node| {
                let children = std::mem::take(node.children());
                *node = Node::Tree(0x31, children);
            })
        },
        Invalid,
        FORM,
    ),
    attack(
        "a certificate with a byte behind it",
        |o| value(o, &CERTIFICATE, |node| node.content().push(0)),
        Invalid,
        LISTED,
    ),
    attack(
        "a certificate whose extensions are changed",
        |o| {
            value(o, &CERTIFICATE, |node| {
                let at = node.content().len() - 100;
                node.content()[at] ^= 1;
            })
        },
        Invalid,
        LISTED,
    ),
    // GM/T 0031-2014.
    attack(
        "V1: another signer's certificate",
        |o| {
            let certificate = theirs(&o.one.ofd, &CERTIFICATE);
            o.v1.clone().value(&[0, 5], |node| *node = certificate).build()
        },
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "V1: another picture for the seal",
        |o| o.v1.clone().value(&PICTURE, |picture| picture.content()[100] ^= 1).build(),
        Invalid,
        MAKER,
    ),
    attack(
        "V1: another dataHash",
        |o| o.v1.clone().value(&HASH, |hash| hash.content()[5] ^= 1).build(),
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "V1: a seal of V4 inside",
        |o| {
            let newer = theirs(&o.one.ofd, &SEAL);
            o.v1.clone().value(&SEAL, |node| *node = newer).build()
        },
        Invalid,
        SIGNATURE_RULE,
    ),
    attack(
        "a seal of V1 inside a signature of V4",
        |o| {
            let older = theirs(&o.v1, &SEAL);
            value(o, &SEAL, |node| *node = older)
        },
        Invalid,
        SIGNATURE_RULE,
    ),
    // Several signatures.
    attack(
        "the second signer's value for the first signature",
        |o| {
            let second = "Doc_0/Signs/Sign_1/SignedValue.dat";
            let (a, b) = (o.two.ofd.get(VALUE), o.two.ofd.get(second));
            o.two.ofd.clone().set(VALUE, b).set(second, a).build()
        },
        Invalid,
        "ofd.data-hash",
    ),
    attack(
        "a description exchanged with the second",
        |o| {
            let second = "Doc_0/Signs/Sign_1/Signature.xml";
            let (a, b) = (o.two.ofd.get(SIGNATURE), o.two.ofd.get(second));
            o.two.ofd.clone().set(SIGNATURE, b).set(second, a).build()
        },
        Invalid,
        "ofd.signatures.order",
    ),
];
