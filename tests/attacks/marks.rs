//! Signed marks copied, changed or signed by others: on pages, and on paper without its file.
//!
//! In: the payloads that the originals show. Out: rows for pages among the other forgeries; rows for paper, which `certpress verify --qr` sees.

use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE, Engine as _};
use certpress::crypto::sm2::{Nonce, Signature, SigningKey, VerifyingKey};
use certpress::crypto::sm3::Digest;
use certpress::crypto::trust::Trust;
use certpress::geom::Segment;
use certpress::mark::payload::{Claims, Payload, PayloadSigner};
use certpress::mark::{Level, qr};
use certpress::unit::Length;
use certpress::verify::Outcome::Holds;
use certpress::verify::Verdict::{self, Indeterminate, Invalid, Malformed, NotSigned, Valid};
use certpress::verify::{self, Policy};
use jiff::civil::date;

use super::attack::Attack;
use super::originals::{self, Originals, originals, policy};
use super::package::{PAGE, Parts};
use super::revision::Pdf;
use super::vouch;

const MARK: &str = "licence.mark";
const SIGNATURE: &str = "licence.mark.signature";
const PAYLOAD: &str = "mark.payload";
const VALIDITY: &str = "mark.validity";
const ISSUER: &str = "mark.issuer";

/// Signers whose certificates name a credit code: the issuer's, and that of another body.
const OF_THE_ISSUER: &str = "signer of 11140000MB99999996";
const OF_ANOTHER: &str = "signer of 11100000MB9888888A";

/// What the marks of two certificates say.
static GENUINE: LazyLock<String> = LazyLock::new(|| text_of(&originals().one.ofd));
static OTHER: LazyLock<String> = LazyLock::new(|| text_of(&originals().other.ofd));

fn text_of(parts: &Parts) -> String {
    verify::file(&parts.build(), policy()).subject.marks[0].content.clone()
}

pub(crate) fn genuine() -> &'static str {
    &GENUINE
}

/// Signs with one key in the name of another.
struct Signer {
    named: VerifyingKey,
    key: SigningKey,
}

impl Signer {
    fn honest(role: &str) -> Signer {
        Signer::in_the_name_of(role, role)
    }

    fn in_the_name_of(named: &str, role: &str) -> Signer {
        Signer { named: vouch::key(named).verifying_key().clone(), key: vouch::key(role) }
    }
}

impl PayloadSigner for Signer {
    fn key(&self) -> &VerifyingKey {
        &self.named
    }

    fn sign(&self, e: &Digest) -> Result<Signature, String> {
        self.key.sign_digest(e, Nonce::Deterministic).map_err(|e| e.to_string())
    }
}

/// The genuine claims with one changed, signed by this signer.
fn claiming(change: impl FnOnce(&mut Claims), signer: &Signer) -> String {
    let mut claims = Payload::parse(genuine()).unwrap().claims;
    change(&mut claims);
    claims.sign(signer).unwrap()
}

/// The genuine signature under other claims.
fn changed(change: impl FnOnce(&mut Claims)) -> String {
    let (old, new) = (bytes_of(genuine()), bytes_of(&claiming(change, &Signer::honest("signer"))));
    text_of_bytes(&[&new[..new.len() - 64], &old[old.len() - 64..]].concat())
}

const BASE45: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

fn bytes_of(text: &str) -> Vec<u8> {
    let digits = text["CPQR1:".len()..].bytes().map(|c| BASE45.iter().position(|&b| b == c).unwrap());
    let groups = digits.collect::<Vec<_>>();
    let bytes = groups.chunks(3).flat_map(|group| {
        let number = group.iter().rev().fold(0, |number, digit| number * 45 + digit) as u16;
        number.to_be_bytes()[if group.len() == 3 { 0 } else { 1 }..].to_vec()
    });
    bytes.collect()
}

fn text_of_bytes(bytes: &[u8]) -> String {
    let characters = bytes.chunks(2).flat_map(|pair| {
        let number = pair.iter().fold(0, |number, &byte| number << 8 | usize::from(byte));
        let digits = [number % 45, number / 45 % 45, number / 2025];
        digits.into_iter().take(pair.len() + 1).map(|digit| char::from(BASE45[digit])).collect::<Vec<_>>()
    });
    std::iter::once("CPQR1:".to_owned()).chain(characters.map(String::from)).collect()
}

/// The outline of a mark of 30 mm: `m`, `l` and `h` with their coordinates in millimetres from its corner.
fn outline(text: &str, [from, to, close]: [&str; 3]) -> String {
    let mark = qr(text, Level::M, Length::mm(30.0)).unwrap();
    let outline = mark.figure.path();
    let steps = outline.segments.iter().map(|segment| match segment {
        Segment::Move(p) => format!("{from} {:.2} {:.2}", p.x.to_mm(), p.y.to_mm()),
        Segment::Line(p) => format!("{to} {:.2} {:.2}", p.x.to_mm(), p.y.to_mm()),
        _ => close.to_owned(),
    });
    steps.collect::<Vec<_>>().join(" ")
}

/// The object of the mark on the page.
fn object(text: &str) -> String {
    let path = outline(text, ["M", "L", "C"]);
    format!(
        "<ofd:PathObject ID=\"9\" Boundary=\"10 40 30 30\" Stroke=\"false\" Fill=\"true\"><ofd:FillColor Value=\"0 0 0\"/><ofd:AbbreviatedData>{path}</ofd:AbbreviatedData></ofd:PathObject>"
    )
}

/// The page with another mark in place of its own, or beside it, and the digests made to fit.
fn ofd(o: &Originals, text: &str, keeps_its_own: bool) -> Vec<u8> {
    const END: &str = "</ofd:PathObject>";
    let page = o.one.ofd.text(PAGE);
    let (start, end) = (page.rfind("<ofd:PathObject").unwrap(), page.rfind(END).unwrap() + END.len());
    let kept = if keeps_its_own { end } else { start };
    let page = format!("{}{}{}", &page[..kept], object(text).replace("ID=\"9\"", "ID=\"99\""), &page[end..]);
    o.one.ofd.clone().set(PAGE, page).fit_references().fit_hash().build()
}

/// A revision whose page shows nothing but a mark.
fn pdf(o: &Originals, text: &str) -> Vec<u8> {
    // From millimetres, y downwards, to points.
    let path = format!("2.8346457 0 0 -2.8346457 0 226.7717 cm 1 0 0 1 10 40 cm {} f", postfix(text));
    let pdf = Pdf::of(&o.one.pdf);
    let (content, page) = (pdf.number("/Size"), pdf.object_with("/Type/Page/"));
    let text = pdf.object(page).replacen("/Contents", &format!("/Contents {content} 0 R/Old"), 1);
    let stream = format!("<</Length {}>>stream\n{path}\nendstream", path.len());
    pdf.update(&[(page, text), (content, stream)], "").0
}

/// The outline with operators behind their operands.
fn postfix(text: &str) -> String {
    let path = outline(text, ["m", "l", "h"]);
    let mut steps = String::new();
    let mut words = path.split(' ');
    while let Some(operator) = words.next() {
        if operator != "h" {
            steps += &format!("{} {} ", words.next().unwrap(), words.next().unwrap());
        }
        steps += operator;
        steps.push('\n');
    }
    steps
}

fn forged(change: impl FnOnce(&mut Claims)) -> String {
    claiming(change, &Signer::in_the_name_of("signer", "forger"))
}

pub(crate) const ATTACKS: &[Attack] = &[
    Attack::new("the mark of another certificate", |o| ofd(o, &OTHER, false), Invalid, MARK, "CZZT"),
    Attack::new(
        "the mark of another certificate says another record",
        |o| ofd(o, &OTHER, false),
        Invalid,
        MARK,
        "record.json",
    ),
    Attack::new(
        "the mark of another certificate beside its own",
        |o| ofd(o, &OTHER, true),
        Invalid,
        MARK,
        "CZZT",
    ),
    Attack::new(
        "a mark with another number under the genuine signature",
        |o| ofd(o, &changed(|c| c.number = "样例20260009".into()), false),
        Invalid,
        SIGNATURE,
        "page 1",
    ),
    Attack::new(
        "a mark with another number",
        |o| ofd(o, &changed(|c| c.number = "样例20260009".into()), false),
        Invalid,
        MARK,
        "ZZBH",
    ),
    Attack::new(
        "a mark with an end of validity that the metadata do not have",
        |o| ofd(o, &changed(|c| c.valid_to = Some(date(2099, 1, 1))), false),
        Invalid,
        MARK,
        "ZZYXQJZRQ",
    ),
    Attack::new(
        "a mark that says it is a reissue",
        |o| ofd(o, &changed(|c| c.is_reissue = true), false),
        Invalid,
        MARK,
        "GLZZBS",
    ),
    Attack::new(
        "a mark of another issuer",
        |o| ofd(o, &changed(|c| c.issuer = "11100000MB9888888A".into()), false),
        Invalid,
        MARK,
        "ZZBFJGDM",
    ),
    Attack::new(
        "a mark signed by another key",
        |o| ofd(o, &forged(|_| ()), false),
        Invalid,
        SIGNATURE,
        "page 1",
    ),
    Attack::new(
        "a mark signed by another key, which it names",
        |o| ofd(o, &claiming(|_| (), &Signer::honest("forger")), false),
        Invalid,
        SIGNATURE,
        "page 1",
    ),
    Attack::new("PDF: the mark of another certificate", |o| pdf(o, &OTHER), Invalid, MARK, "CZZT"),
    Attack::new(
        "PDF: a mark with another number",
        |o| pdf(o, &changed(|c| c.number = "样例20260009".into())),
        Invalid,
        MARK,
        "ZZBH",
    ),
    Attack::new(
        "PDF: a mark signed by another key",
        |o| pdf(o, &forged(|_| ())),
        Invalid,
        SIGNATURE,
        "page 1",
    ),
];

/// A mark without its file, and what must be said of it.
struct Paper {
    name: &'static str,
    text: fn() -> String,
    verdict: Verdict,
    rule: &'static str,
}

const fn paper(name: &'static str, text: fn() -> String, verdict: Verdict, rule: &'static str) -> Paper {
    Paper { name, text, verdict, rule }
}

const PAPERS: &[Paper] = &[
    paper("the genuine mark", || genuine().into(), Valid, SIGNATURE),
    paper("another holder", || changed(|c| c.name = "李样例".into()), Invalid, SIGNATURE),
    paper("another number", || changed(|c| c.number = "样例20260009".into()), Invalid, SIGNATURE),
    paper("another record", || changed(|c| c.record[0] ^= 1), Invalid, SIGNATURE),
    paper("another issuer", || changed(|c| c.issuer = "11100000MB9888888A".into()), Invalid, SIGNATURE),
    paper("a later end", || changed(|c| c.valid_to = Some(date(2099, 1, 1))), Invalid, SIGNATURE),
    paper("a first issue made a reissue", || changed(|c| c.is_reissue = true), Invalid, SIGNATURE),
    paper("signed by another key", || forged(|_| ()), Invalid, SIGNATURE),
    paper(
        "signed by another key, which it names",
        || claiming(|_| (), &Signer::honest("nobody")),
        Indeterminate,
        SIGNATURE,
    ),
    paper(
        "signed by a key whose certificate nobody trusts",
        || claiming(|_| (), &Signer::honest("forger's signer")),
        Indeterminate,
        "trust.chain",
    ),
    paper(
        "signed by a key whose certificate names the issuer",
        || claiming(|_| (), &Signer::honest(OF_THE_ISSUER)),
        Valid,
        ISSUER,
    ),
    paper(
        "signed by a trusted key of another body",
        || claiming(|_| (), &Signer::honest(OF_ANOTHER)),
        Invalid,
        ISSUER,
    ),
    paper(
        "signed by a key that was revoked",
        || claiming(|_| (), &Signer::honest("revoked signer")),
        Invalid,
        "trust.revocation",
    ),
    paper(
        "signed by a key whose certificate ended before",
        || claiming(|c| c.valid_from = Some(date(2026, 7, 1)), &Signer::honest("brief signer")),
        Invalid,
        "trust.chain",
    ),
    paper(
        "signed by a key whose certificate began later than the validity, as when an approval is older than the seal",
        || claiming(|c| c.valid_from = Some(date(2026, 2, 1)), &Signer::honest("brief signer")),
        Valid,
        "trust.chain",
    ),
    paper(
        "an expired certificate shown again",
        || claiming(|c| c.valid_to = Some(date(2026, 11, 23)), &Signer::honest("signer")),
        Valid,
        VALIDITY,
    ),
    paper(
        "a certificate of tomorrow",
        || claiming(|c| c.valid_from = Some(date(2026, 11, 25)), &Signer::honest("signer")),
        Valid,
        VALIDITY,
    ),
    paper("cut short by a character", || cut(1), Malformed, PAYLOAD),
    paper("cut short by two characters", || cut(2), Malformed, PAYLOAD),
    paper("cut short by three characters", || cut(3), Malformed, PAYLOAD),
    paper("cut short by the signature", || cut(96), Malformed, PAYLOAD),
    paper("nothing behind the prefix", || "CPQR1:".into(), Malformed, PAYLOAD),
    paper("a byte more", || text_of_bytes(&[bytes_of(genuine()), vec![0]].concat()), Malformed, PAYLOAD),
    paper("a line break behind it", || format!("{}\n", genuine()), Malformed, PAYLOAD),
    paper("in small letters", || format!("CPQR1:{}", genuine()[6..].to_lowercase()), Malformed, PAYLOAD),
    paper(
        "in base64",
        || format!("CPQR1:{}", BASE64_STANDARD.encode(bytes_of(genuine()))),
        Malformed,
        PAYLOAD,
    ),
    paper(
        "in the base64 of addresses",
        || format!("CPQR1:{}", BASE64_URL_SAFE.encode(bytes_of(genuine()))),
        Malformed,
        PAYLOAD,
    ),
    paper("in hexadecimal", || format!("CPQR1:{}", hex(&bytes_of(genuine()))), Malformed, PAYLOAD),
    paper(
        "with a letter of full width",
        || format!("CPQR1:{}Ａ", &genuine()[6..genuine().len() - 1]),
        Malformed,
        PAYLOAD,
    ),
    paper("with the last character past its bound", || format!("{}::", cut(2)), Malformed, PAYLOAD),
    paper("of another version", || genuine().replace("CPQR1", "CPQR2"), NotSigned, PAYLOAD),
    paper("an address", || "https://verify.example.org/c/1".into(), NotSigned, PAYLOAD),
    paper("a blank before it", || format!(" {}", genuine()), NotSigned, PAYLOAD),
];

fn cut(characters: usize) -> String {
    genuine()[..genuine().len() - characters].to_owned()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// The policy of one who has the certificates of all these signers, the forger's too.
pub(crate) static WITH_SIGNERS: LazyLock<Policy> = LazyLock::new(|| {
    let given = [
        originals().one.ofd.signed_value().at(&[1]).content().clone(),
        originals::signer_in("revoked signer", (1, 12)),
        originals::signer_in("brief signer", (3, 6)),
        originals::signer_in(OF_THE_ISSUER, (1, 12)),
        originals::signer_in(OF_ANOTHER, (1, 12)),
        originals::forgers_certificate("forger's signer"),
    ];
    let add = |trust: Trust, der: &Vec<u8>| trust.with_certificates(der).unwrap();
    policy().clone().with_trust(given.iter().fold(policy().trust.clone(), add))
});

#[test]
fn every_forged_mark_gets_its_verdict_and_its_finding() {
    let judge = |paper: &Paper| {
        let report = verify::mark(&(paper.text)(), &WITH_SIGNERS);
        let said = report
            .findings
            .iter()
            .any(|f| f.rule.id == paper.rule && (f.outcome != Holds || paper.verdict == Valid));
        let wanted = format!("{} by {}", paper.verdict, paper.rule);
        (report.verdict != paper.verdict || !said)
            .then(|| format!("{}: not {wanted}: {report:#?}", paper.name))
    };
    let wrong: Vec<String> = PAPERS.iter().filter_map(judge).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let lapsed = PAPERS.iter().filter(|paper| paper.rule == VALIDITY);
    assert!(lapsed.clone().count() == 2);
    lapsed.for_each(|paper| {
        assert!(!verify::mark(&(paper.text)(), &WITH_SIGNERS).is_in_force, "{}", paper.name)
    });
}

#[test]
fn no_bit_of_a_mark_can_change() {
    let bytes = bytes_of(genuine());
    assert_eq!(text_of_bytes(&bytes), genuine());
    for at in 0..bytes.len() {
        let mut forged = bytes.clone();
        forged[at] ^= 1 << (at % 8);
        let verdict = verify::mark(&text_of_bytes(&forged), &WITH_SIGNERS).verdict;
        // An id of a key that nobody has is no lie that can be seen.
        let expected = if (1..9).contains(&at) { verdict == Indeterminate } else { verdict.is_refusal() };
        assert!(expected, "byte {at}: {verdict}");
    }
}
