//! Timestamps that belong to other signatures, or are by nobody who may give them.

use certpress::verify::Verdict::{self, Indeterminate, Invalid};

use super::asn1::Node;
use super::attack::Attack;
use super::originals::{
    Originals, foreign_token, foreign_token_over, signer_token, time_stamp, token_of, tsa_of_signer_token,
};
use super::package::Parts;
use super::revision::Pdf;

const PROOF: &str = "time.proof";
/// The token in the signed value, and within it SignedData: content, certificates, the signer's attributes and signature.
const TOKEN: [usize; 2] = [4, 0];
const CONTENT: [usize; 5] = [1, 0, 2, 1, 0];
const CERTIFICATES: [usize; 3] = [1, 0, 3];
const SIGNATURE: [usize; 5] = [1, 0, 4, 0, 5];

const fn stamp(name: &'static str, make: fn(&Originals) -> Vec<u8>, verdict: Verdict) -> Attack {
    Attack::new(name, make, verdict, PROOF, "")
}

/// The original with another token.
fn with(o: &Originals, token: &[u8]) -> Vec<u8> {
    o.one.ofd.clone().value(&[], |root| *root.children().last_mut().unwrap() = time_stamp(token)).build()
}

/// The original with its token changed.
fn changed(o: &Originals, path: &[usize], change: impl FnOnce(&mut Node)) -> Vec<u8> {
    o.one.ofd.clone().value(&TOKEN, |bits| bits.inside(path, change)).build()
}

fn without(o: &Originals) -> Parts {
    o.one.ofd.clone().value(&[], |root| drop(root.children().pop()))
}

// In the CMS of a PDF: SignerInfo, its unsigned attributes, and the token, the only one of them (RFC 3161, appendix A).
const PDF_SIGNER: [usize; 4] = [1, 0, 4, 0];
const PDF_SIGNATURE: [usize; 5] = [1, 0, 4, 0, 5];
const PDF_TOKEN: [usize; 8] = [1, 0, 4, 0, 6, 0, 1, 0];

/// The stamped PDF with another node in place of the token, or in it.
fn pdf_token(o: &Originals, change: impl FnOnce(&mut Node)) -> Vec<u8> {
    Pdf::of(&o.stamped_pdfs[0]).cms(&PDF_TOKEN, change).0
}

fn pdf_part(o: &Originals, path: &[usize], change: impl FnOnce(&mut Node)) -> Vec<u8> {
    pdf_token(o, |token| change(token.at(path)))
}

pub(crate) const ATTACKS: &[Attack] = &[
    stamp("no timestamp any more", |o| without(o).build(), Indeterminate),
    stamp(
        "the timestamp of another signature",
        |o| with(o, &token_of(&o.other.ofd, "20260305080010Z")),
        Invalid,
    ),
    stamp(
        "another time in the timestamp",
        |o| {
            changed(o, &CONTENT, |content| {
                content.inside(&[4], |time| *time.content() = b"20260101000000Z".to_vec())
            })
        },
        Invalid,
    ),
    stamp(
        "another digest in the timestamp",
        |o| changed(o, &CONTENT, |content| content.inside(&[2, 1], |digest| digest.content()[3] ^= 1)),
        Invalid,
    ),
    stamp(
        "a timestamp with a changed signature",
        |o| {
            changed(o, &SIGNATURE, |signature| {
                let last = signature.content().len() - 1;
                signature.content()[last] ^= 1;
            })
        },
        Invalid,
    ),
    stamp(
        "a timestamp without its authority's certificate",
        |o| changed(o, &CERTIFICATES, |certificates| certificates.children().clear()),
        Invalid,
    ),
    stamp("bytes that are no timestamp", |o| with(o, b"no timestamp"), Invalid),
    stamp("an empty timestamp", |o| with(o, b""), Invalid),
    stamp(
        "a timestamp with a byte behind it",
        |o| {
            let token = token_of(&o.one.ofd, "20260305080010Z");
            with(o, &[&token[..], b"\0"].concat())
        },
        Invalid,
    ),
    stamp(
        "a timestamp by an authority that nobody trusts",
        |o| with(o, &foreign_token(&o.one.ofd)),
        Indeterminate,
    ),
    stamp("a timestamp by the signer himself", |o| with(o, &signer_token(&o.one.ofd)), Invalid),
    stamp(
        "a timestamp by an authority that the signer made",
        |o| with(o, &tsa_of_signer_token(&o.one.ofd)),
        Indeterminate,
    ),
    Attack::new(
        "a timestamp before the certificate was valid",
        |o| with(o, &token_of(&o.one.ofd, "20190101000000Z")),
        Invalid,
        PROOF,
        "",
    ),
    Attack::new(
        "a timestamp of next year",
        |o| with(o, &token_of(&o.one.ofd, "20270101000000Z")),
        Invalid,
        "time.claim",
        "",
    ),
    // The same in PDFs.
    stamp(
        "PDF: no timestamp any more",
        |o| Pdf::of(&o.stamped_pdfs[0]).cms(&PDF_SIGNER, |signer| drop(signer.children().pop())).0,
        Indeterminate,
    ),
    stamp(
        "PDF: the timestamp of another file",
        |o| {
            let theirs = Node::parse_padded(&Pdf::of(&o.stamped_pdfs[1]).der()).at(&PDF_TOKEN).clone();
            pdf_token(o, |token| *token = theirs)
        },
        Invalid,
    ),
    stamp(
        "PDF: another time in the timestamp",
        |o| {
            pdf_part(o, &CONTENT, |content| {
                content.inside(&[4], |time| *time.content() = b"20260101000000Z".to_vec())
            })
        },
        Invalid,
    ),
    stamp(
        "PDF: a timestamp with a changed signature",
        |o| {
            pdf_part(o, &SIGNATURE, |signature| {
                let last = signature.content().len() - 1;
                signature.content()[last] ^= 1;
            })
        },
        Invalid,
    ),
    stamp(
        "PDF: a timestamp without its authority's certificate",
        |o| pdf_part(o, &CERTIFICATES, |certificates| certificates.children().clear()),
        Invalid,
    ),
    stamp(
        "PDF: a timestamp by an authority that nobody trusts",
        |o| {
            let mut cms = Node::parse_padded(&Pdf::of(&o.stamped_pdfs[0]).der());
            let token = foreign_token_over(cms.at(&PDF_SIGNATURE).content());
            pdf_token(o, |node| *node = Node::Raw(token))
        },
        Indeterminate,
    ),
    stamp(
        "PDF: bytes that are no timestamp",
        |o| pdf_token(o, |token| *token = Node::Leaf(4, vec![7])),
        Invalid,
    ),
    Attack::new(
        "PDF: the stamped signature with another's value",
        |o| {
            let theirs = Node::parse_padded(&Pdf::of(&o.stamped_pdfs[1]).der()).at(&PDF_SIGNATURE).clone();
            Pdf::of(&o.stamped_pdfs[0]).cms(&PDF_SIGNATURE, |value| *value = theirs).0
        },
        Invalid,
        "signature.value",
        "",
    ),
];
