//! PDFs changed in what is signed, in what is not, or after it was signed.

use certpress::crypto::x509::Certificate;
use certpress::verify::Verdict::{Indeterminate, Invalid, Malformed, Resource};

use super::asn1::Node;
use super::attack::{Attack, attack};
use super::originals::Originals;
use super::revision::Pdf;

const DIGEST: &str = "pdf.digest";
const RANGE: &str = "pdf.byte-range";
const CERTIFIED: &str = "pdf.doc-mdp";
const STRUCTURE: &str = "pdf.structure";
const VALUE: &str = "signature.value";

// ContentInfo, and within it SignedData and its SignerInfo (RFC 5652).
const CONTENT_TYPE: [usize; 1] = [0];
const SIGNED_DATA: [usize; 2] = [1, 0];
const ENCAPSULATED: [usize; 3] = [1, 0, 2];
const CERTIFICATES: [usize; 3] = [1, 0, 3];
const SIGNERS: [usize; 3] = [1, 0, 4];
const SIGNER: [usize; 4] = [1, 0, 4, 0];
const SIGNER_DIGEST: [usize; 6] = [1, 0, 4, 0, 2, 0];
const ATTRIBUTES: [usize; 5] = [1, 0, 4, 0, 3];
const SIGNATURE: [usize; 5] = [1, 0, 4, 0, 5];

/// messageDigest (RFC 5652, 11.2), as an OBJECT IDENTIFIER's content.
const MESSAGE_DIGEST: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x04];

fn one(o: &Originals) -> Pdf {
    Pdf::of(&o.one.pdf)
}

fn cms(o: &Originals, path: &[usize], change: impl FnOnce(&mut Node)) -> Vec<u8> {
    one(o).cms(path, change).0
}

fn theirs(pdf: &[u8], path: &[usize]) -> Node {
    Node::parse_padded(&Pdf::of(pdf).der()).at(path).clone()
}

/// The forger's certificate without its chain, for which there may be no room.
fn forgers(o: &Originals) -> Node {
    let mut certificates = theirs(&o.self_made.pdf, &CERTIFICATES);
    without_roots(&mut certificates);
    certificates
}

fn without_roots(certificates: &mut Node) {
    certificates.children().retain(|node| !Certificate::parse(&node.encode()).unwrap().is_self_issued());
}

/// The attribute messageDigest.
fn message_digest(attributes: &mut Node) -> &mut Node {
    let is_it = |node: &mut Node| *node.at(&[0]).content() == MESSAGE_DIGEST;
    let found = attributes.children().iter_mut().position(is_it).unwrap();
    attributes.at(&[found, 1, 0])
}

/// A further revision in which one object says something else.
fn rewritten(o: &Originals, word: &str, change: impl FnOnce(String) -> String) -> Vec<u8> {
    let pdf = one(o);
    let number = pdf.object_with(word);
    let text = change(pdf.object(number));
    pdf.update(&[(number, text)], "").0
}

fn page(o: &Originals, change: impl FnOnce(String) -> String) -> Vec<u8> {
    rewritten(o, "/Type/Page/", change)
}

fn catalog(o: &Originals, entry: &str) -> Vec<u8> {
    rewritten(o, "/Type/Catalog", |text| text.replacen("<<", &format!("<<{entry}"), 1))
}

fn next(pdf: &Pdf) -> u32 {
    pdf.number("/Size")
}

fn stream(data: &str) -> String {
    format!("<</Length {}>>stream\n{data}\nendstream", data.len())
}

/// /ByteRange with other numbers in the same room.
fn byte_range(o: &Originals, change: impl FnOnce([usize; 4]) -> String) -> Vec<u8> {
    let mut pdf = one(o);
    let at = pdf.0.windows(11).position(|w| w == b"/ByteRange[").unwrap() + 11;
    let end = at + pdf.0[at..].iter().position(|&b| b == b']').unwrap();
    let numbers = std::str::from_utf8(&pdf.0[at..end]).unwrap().split_whitespace();
    let numbers: Vec<usize> = numbers.map(|n| n.parse().unwrap()).collect();
    let room = end - at;
    let new = change(<[usize; 4]>::try_from(numbers).unwrap());
    pdf.0.splice(at..end, format!("{new: <room$}").bytes().take(room));
    pdf.0
}

pub(crate) const ATTACKS: &[Attack] = &[
    // In what is signed.
    attack("PDF: another holder in the metadata", |o| one(o).replace("张样例", "李样例").0, Invalid, DIGEST),
    attack(
        "PDF: a changed byte in the middle",
        |o| {
            let mut pdf = one(o);
            let at = pdf.0.windows(6).position(|w| w == b"stream").unwrap() + 20;
            pdf.0[at] ^= 1;
            pdf.0
        },
        Invalid,
        DIGEST,
    ),
    attack(
        "PDF: another time in the signature dictionary",
        |o| one(o).replace("D:20260305", "D:20250305").0,
        Invalid,
        DIGEST,
    ),
    attack(
        "PDF: another permission in the certification",
        |o| one(o).replace("/P 1", "/P 3").0,
        Invalid,
        DIGEST,
    ),
    attack(
        "PDF: another handler",
        |o| one(o).replace("adbe.pkcs7.detached", "adbe.pkcs7.detachee").0,
        Indeterminate,
        "pdf.sub-filter",
    ),
    // /ByteRange.
    attack(
        "PDF: a range that ends early",
        |o| byte_range(o, |[a, b, c, d]| format!("{a} {b} {c} {}", d - 10)),
        Invalid,
        RANGE,
    ),
    attack(
        "PDF: a range that ends beyond the file",
        |o| byte_range(o, |[a, b, c, d]| format!("{a} {b} {c} {}", d + 10)),
        Invalid,
        RANGE,
    ),
    attack(
        "PDF: a range with a wider gap",
        |o| byte_range(o, |[a, b, c, d]| format!("{a} {} {c} {d}", b - 100)),
        Invalid,
        RANGE,
    ),
    attack(
        "PDF: a range with a narrower gap",
        |o| byte_range(o, |[a, b, c, d]| format!("{a} {} {c} {d}", b + 100)),
        Invalid,
        RANGE,
    ),
    attack(
        "PDF: a range that begins later",
        |o| byte_range(o, |[_, b, c, d]| format!("9 {} {c} {d}", b - 9)),
        Invalid,
        RANGE,
    ),
    attack("PDF: a range of two numbers", |o| byte_range(o, |[a, b, ..]| format!("{a} {b}")), Invalid, RANGE),
    attack("PDF: an empty range", |o| byte_range(o, |_| String::new()), Invalid, RANGE),
    attack("PDF: a range without anything", |o| byte_range(o, |_| "0 0 0 0".into()), Invalid, RANGE),
    attack(
        "PDF: a range of six numbers",
        |o| byte_range(o, |[a, b, c, d]| format!("{a} {b} {c} {d} 0 0")),
        Invalid,
        RANGE,
    ),
    attack(
        "PDF: a range of negative numbers",
        |o| byte_range(o, |[a, b, c, _]| format!("{a} {b} {c} -1")),
        Invalid,
        RANGE,
    ),
    attack(
        "PDF: a range beyond 64 bits",
        |o| byte_range(o, |[a, b, ..]| format!("{a} {b} 18446744073709551615")),
        Malformed,
        STRUCTURE,
    ),
    attack(
        "PDF: a range in which the parts overlap",
        |o| byte_range(o, |[a, b, _, d]| format!("{a} {b} {} {d}", b / 2)),
        Invalid,
        RANGE,
    ),
    attack("PDF: a range of names", |o| byte_range(o, |_| "/a /b /c /d".into()), Invalid, RANGE),
    // Further revisions.
    attack("PDF: bytes behind the end", |o| one(o).with_bytes(b"more bytes").0, Malformed, STRUCTURE),
    attack("PDF: another file behind it", |o| one(o).with_bytes(&o.other.pdf).0, Malformed, STRUCTURE),
    attack("PDF: another file before it", |o| [&o.other.pdf[..], &o.one.pdf].concat(), Malformed, STRUCTURE),
    attack(
        "PDF: bytes before the header",
        |o| [b"#!/bin/sh\n", &o.one.pdf[..]].concat(),
        Malformed,
        STRUCTURE,
    ),
    attack(
        "PDF: another content for the page",
        |o| {
            let pdf = one(o);
            let (content, page) = (next(&pdf), pdf.object_with("/Type/Page/"));
            let text = pdf.object(page).replacen("/Contents", &format!("/Contents {content} 0 R/Old"), 1);
            pdf.update(&[(page, text), (content, stream("0 0 m 9 9 l S"))], "").0
        },
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: the page's own content rewritten",
        |o| {
            let pdf = one(o);
            let page = pdf.object(pdf.object_with("/Type/Page/"));
            let at = page.find("/Contents").unwrap();
            let number =
                page[at..].chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit);
            let number: u32 = number.collect::<String>().parse().unwrap();
            pdf.update(&[(number, stream("0 0 m 9 9 l S"))], "").0
        },
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: a larger sheet",
        |o| page(o, |text| text.replacen("/MediaBox", "/CropBox[0 0 9 9]/MediaBox", 1)),
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: an annotation over the page",
        |o| {
            let pdf = one(o);
            let (note, page) = (next(&pdf), pdf.object_with("/Type/Page/"));
            let text = pdf.object(page).replacen("/Annots[", &format!("/Annots[{note} 0 R "), 1);
            let annotation = "<</Type/Annot/Subtype/Stamp/Rect[0 0 99 99]/Contents(LI)>>".to_owned();
            pdf.update(&[(page, text), (note, annotation)], "").0
        },
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: another appearance for the seal",
        |o| rewritten(o, "/FT/Sig", |text| text.replacen("/Rect[", "/Rect[9 ", 1)),
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: a script when it opens",
        |o| catalog(o, "/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: another tree of pages",
        |o| {
            let pdf = one(o);
            let (pages, root) = (next(&pdf), pdf.number("/Root"));
            let old = pdf.number("/Pages");
            let text = pdf.object(root).replace(&format!("/Pages {old} 0 R"), &format!("/Pages {pages} 0 R"));
            let tree = pdf.object(old);
            pdf.update(&[(root, text), (pages, tree)], "").0
        },
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: a second page",
        |o| {
            let pdf = one(o);
            let (new, old) = (next(&pdf), pdf.number("/Pages"));
            let tree = pdf
                .object(old)
                .replace("/Kids[", &format!("/Kids[{new} 0 R "))
                .replace("/Count 1", "/Count 2");
            let page = format!("<</Type/Page/Parent {old} 0 R/MediaBox[0 0 99 99]>>");
            pdf.update(&[(old, tree), (new, page)], "").0
        },
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: a page tree that is its own child",
        |o| {
            let pdf = one(o);
            let pages = pdf.number("/Pages");
            let text = pdf.object(pages).replace("/Kids[", &format!("/Kids[{pages} 0 R "));
            pdf.update(&[(pages, text)], "").0
        },
        Malformed,
        STRUCTURE,
    ),
    attack(
        "PDF: a catalog without its form",
        |o| rewritten(o, "/Type/Catalog", |text| text.replace("/AcroForm", "/AcroFoam")),
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: the signature taken from its field",
        |o| rewritten(o, "/FT/Sig", |text| text.replacen("/V ", "/W ", 1)),
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: encrypted from now on",
        |o| one(o).update(&[], "/Encrypt<</Filter/Standard/V 1/R 2/O()/U()/P -1>>").0,
        Malformed,
        "pdf.encryption",
    ),
    attack(
        "PDF: a form of XFA",
        |o| rewritten(o, "/SigFlags", |text| text.replacen("/SigFlags", "/XFA(<xdp/>)/SigFlags", 1)),
        Malformed,
        "pdf.xfa",
    ),
    attack(
        "PDF: a revision that changes nothing, and leads back to itself",
        |o| {
            let pdf = one(o);
            let start = pdf.0.len();
            pdf.with_bytes(
                format!(
                    "xref\n0 0\ntrailer\n<</Size 9/Root 1 0 R/Prev {start}>>\nstartxref\n{start}\n%%EOF\n"
                )
                .as_bytes(),
            )
            .0
        },
        Malformed,
        STRUCTURE,
    ),
    attack(
        "PDF: a table that leads nowhere",
        |o| {
            let pdf = one(o);
            let old = format!("startxref\n{}\n", pdf.number("startxref"));
            pdf.replace_last(&old, "startxref\n99999999\n").0
        },
        Malformed,
        STRUCTURE,
    ),
    attack("PDF: no startxref", |o| one(o).replace_last("startxref", "startxxxx").0, Malformed, STRUCTURE),
    attack(
        "PDF: a table of a billion entries",
        |o| {
            let pdf = one(o);
            let (start, root) = (pdf.0.len(), pdf.number("/Root"));
            pdf.with_bytes(format!("xref\n0 999999999\ntrailer\n<</Size 999999999/Root {root} 0 R>>\nstartxref\n{start}\n%%EOF\n").as_bytes()).0
        },
        Resource,
        "file.limits",
    ),
    attack(
        "PDF: arrays nested a hundred thousand deep",
        |o| {
            let pdf = one(o);
            let new = next(&pdf);
            pdf.update(&[(new, "[".repeat(100_000) + &"]".repeat(100_000))], "").0
        },
        Malformed,
        STRUCTURE,
    ),
    attack(
        "PDF: an object that is another one",
        |o| {
            let pdf = one(o);
            let page = pdf.object_with("/Type/Page/");
            let text = pdf.object(page);
            let mut forged = pdf.update(&[(page, text)], "");
            let head = format!("\n{page} 0 obj\n");
            forged = forged.replace_last(&head, &format!("\n{} 0 obj\n", page + 1));
            forged.0
        },
        Malformed,
        STRUCTURE,
    ),
    attack("PDF: cut short", |o| one(o).0[..o.one.pdf.len() * 2 / 3].to_vec(), Malformed, STRUCTURE),
    attack(
        "PDF: the first revision of two, and half of the second",
        |o| o.two.pdf[..o.two.pdf.len() - 300].to_vec(),
        Malformed,
        STRUCTURE,
    ),
    // Whose signature.
    attack(
        "PDF: the signature of another document",
        |o| {
            let mut der = Pdf::of(&o.other.pdf).der();
            der.truncate(one(o).der().len());
            one(o).set_der(&der).0
        },
        Invalid,
        DIGEST,
    ),
    attack("PDF: an empty signature", |o| one(o).set_der(&[]).0, Invalid, "pdf.signature-value"),
    attack(
        "PDF: another signer's certificate",
        |o| {
            let certificates = forgers(o);
            cms(o, &CERTIFICATES, |node| *node = certificates)
        },
        Invalid,
        VALUE,
    ),
    attack("PDF: no certificate", |o| cms(o, &CERTIFICATES, |node| node.children().clear()), Invalid, VALUE),
    attack(
        "PDF: no signer",
        |o| cms(o, &SIGNERS, |node| node.children().clear()),
        Invalid,
        "pdf.signature-value",
    ),
    attack(
        "PDF: the forger's signer beside his certificates",
        |o| {
            let (certificates, signers) = (forgers(o), theirs(&o.self_made.pdf, &SIGNERS));
            one(o).cms(&CERTIFICATES, |node| *node = certificates).cms(&SIGNERS, |node| *node = signers).0
        },
        Invalid,
        DIGEST,
    ),
    attack(
        "PDF: a digest in the attributes made to fit",
        |o| {
            let mut digest = message_digest(&mut theirs(&o.other.pdf, &ATTRIBUTES)).content().clone();
            digest[0] ^= 1;
            cms(o, &ATTRIBUTES, |node| *message_digest(node).content() = digest)
        },
        Invalid,
        VALUE,
    ),
    attack(
        "PDF: no signed attributes",
        |o| cms(o, &SIGNER, |node| drop(node.children().remove(3))),
        Invalid,
        VALUE,
    ),
    attack(
        "PDF: attributes without the digest",
        |o| cms(o, &ATTRIBUTES, |node| node.children().truncate(1)),
        Invalid,
        VALUE,
    ),
    attack(
        "PDF: a signer without a name",
        |o| {
            cms(o, &SIGNER, |signer| {
                signer.children().remove(1);
            })
        },
        Invalid,
        "pdf.signature-value",
    ),
    attack(
        "PDF: another algorithm of digesting",
        |o| {
            let other = vec![0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
            // Room for it: the chain goes.
            one(o).cms(&CERTIFICATES, without_roots).cms(&SIGNER_DIGEST, |oid| *oid.content() = other).0
        },
        Invalid,
        DIGEST,
    ),
    attack(
        "PDF: another type of content",
        |o| {
            cms(o, &CONTENT_TYPE, |oid| {
                *oid.content() = vec![0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x03]
            })
        },
        Invalid,
        "pdf.signature-value",
    ),
    attack(
        "PDF: a changed s",
        |o| {
            cms(o, &SIGNATURE, |node| {
                node.inside(&[1], |s| {
                    let last = s.content().len() - 1;
                    s.content()[last] ^= 1;
                })
            })
        },
        Invalid,
        VALUE,
    ),
    attack(
        "PDF: content inside the signature",
        |o| {
            let pdf = one(o);
            let mut root = Node::parse_padded(&pdf.der());
            root.at(&ENCAPSULATED).children().push(Node::Tree(0xa0, vec![Node::Leaf(4, Vec::new())]));
            // Room for it: the chain goes.
            root.at(&CERTIFICATES).children().truncate(1);
            pdf.set_der(&root.encode()).0
        },
        Invalid,
        "pdf.signature-value",
    ),
    attack(
        "PDF: bytes in the padding",
        |o| {
            let mut root = Node::parse_padded(&one(o).der());
            // Room for it: the chain goes.
            root.at(&CERTIFICATES).children().truncate(1);
            let der = [&root.encode()[..], &[0, 7]].concat();
            one(o).set_der(&der).0
        },
        Invalid,
        "pdf.signature-value",
    ),
    attack(
        "PDF: a long length around the signature",
        |o| {
            let pdf = one(o);
            let mut root = Node::parse_padded(&pdf.der());
            root.at(&CERTIFICATES).children().truncate(1);
            root.at(&SIGNED_DATA).lengthen(4);
            pdf.set_der(&root.encode()).0
        },
        Invalid,
        "pdf.signature-value",
    ),
    attack("PDF: by a seal that the forger made", |o| o.self_made.pdf.clone(), Indeterminate, "trust.chain"),
    attack(
        "PDF: by a seal that the forger made, without his root",
        |o| {
            let certificates = forgers(o);
            Pdf::of(&o.self_made.pdf).cms(&CERTIFICATES, |node| *node = certificates).0
        },
        Indeterminate,
        "trust.chain",
    ),
    attack(
        "PDF: the certificate of CAdES exchanged",
        |o| {
            let certificates = forgers(o);
            Pdf::of(&o.cades).cms(&CERTIFICATES, |node| *node = certificates).0
        },
        Invalid,
        VALUE,
    ),
    attack(
        "PDF: another picture in a seal's signature",
        |o| Pdf::of(&o.gm_seal).cms(&[0, 1, 0, 3, 1], |picture| picture.content()[100] ^= 1).0,
        Invalid,
        "seal.maker",
    ),
    attack(
        "PDF: another dataHash in a seal's signature",
        |o| Pdf::of(&o.gm_seal).cms(&[0, 3], |hash| hash.content()[5] ^= 1).0,
        Invalid,
        VALUE,
    ),
    attack(
        "PDF: a copy of the signature in a new field",
        |o| {
            let pdf = one(o);
            let (field, form) = (next(&pdf), pdf.object_with("/SigFlags"));
            let signature = pdf.object_with("/Type/Sig/");
            let text = pdf.object(form).replacen("/Fields[", &format!("/Fields[{field} 0 R "), 1);
            let new =
                format!("<</FT/Sig/T(copy)/V {signature} 0 R/Type/Annot/Subtype/Widget/Rect[0 0 0 0]>>");
            pdf.update(&[(form, text), (field, new)], "").0
        },
        Invalid,
        CERTIFIED,
    ),
    attack(
        "PDF: a million objects",
        |o| {
            let pdf = one(o);
            let first = next(&pdf);
            let (start, root) = (pdf.0.len(), pdf.number("/Root"));
            let previous = pdf.number("startxref");
            let table = "0000000009 00000 n \n".repeat(1_000_001);
            pdf.with_bytes(
            format!("xref\n{first} 1000001\n{table}trailer\n<</Size {}/Root {root} 0 R/Prev {previous}>>\nstartxref\n{start}\n%%EOF\n", first + 1_000_001).as_bytes(),
        ).0
        },
        Resource,
        "file.limits",
    ),
];
