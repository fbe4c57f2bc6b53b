//! What is forged: sealed files, made once.
//!
//! Only [`originals`] holds keys; a forger has what it gives, and keys of his own.

use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::crypto::sm2::{Nonce, SigningKey};
use certpress::crypto::trust::Trust;
use certpress::crypto::x509::{Certificate, NewCertificate, Role};
use certpress::page::Timestamp;
use certpress::record::ImageRoot;
use certpress::seal::{LocalSigner, NewSeal, PdfProfile, SesVersion, TestAuthority, create};
use certpress::verify::{self, Policy};
use certpress::{Fonts, Layout, Press, Record, RenderOptions, Sealer, Seals};

use super::asn1::Node;
use super::package::Parts;
use super::vouch;

/// One certificate in both formats.
pub(crate) struct Pair {
    pub(crate) ofd: Parts,
    pub(crate) pdf: Vec<u8>,
}

/// All that a forger has.
pub(crate) struct Originals {
    /// Sealed by the demonstration seal.
    pub(crate) one: Pair,
    /// Another holder's, by the same seal at the same time.
    pub(crate) other: Pair,
    /// By the same seal and that of a reviewer, one after the other.
    pub(crate) two: Pair,
    /// The PDF with signed attributes of `CAdES`, and with a seal's signature.
    pub(crate) cades: Vec<u8>,
    pub(crate) gm_seal: Vec<u8>,
    /// By a seal of GM/T 0031-2014.
    pub(crate) v1: Parts,
    /// By a seal that the forger made himself, with all names as in the genuine one.
    pub(crate) self_made: Pair,
    /// The PDFs of `one` and `other` with timestamps by the demonstration seal's authority.
    pub(crate) stamped_pdfs: [Vec<u8>; 2],
    /// By a seal and a signer in force from March to May 2026.
    pub(crate) brief: Pair,
    /// By a signer whose certificate was revoked ten days later.
    pub(crate) revoked: Pair,
    /// Not sealed.
    pub(crate) unsigned: Pair,
    /// Sealed by an issuer who prints another number than the record says, tied to no field.
    pub(crate) other_number: Pair,
    /// And by one who ties nothing to any field, and prints another date.
    pub(crate) other_date: Pair,
    /// A real title certificate.
    pub(crate) title: Pair,
}

/// The moment that counts as now.
const NOW: &str = "2026-11-24T12:00:00Z";
const SEALED: &str = "2026-03-05T08:00:00Z";
/// Ten seconds later.
const STAMPED: &str = "20260305080010Z";
/// Months of 2026.
const BRIEF: (u8, u8) = (3, 6);
const ALL_YEAR: (u8, u8) = (1, 12);
/// The signer whom the root's list revokes.
const REVOKED: &str = "revoked signer";
const SECOND_SEAL: &str = r#"<seal role="reviewer" x="110mm" y="20mm"/>"#;

static FONTS: LazyLock<Arc<Fonts>> = LazyLock::new(|| Arc::new(Fonts::open(Path::new("fonts")).unwrap()));
static ORIGINALS: LazyLock<Originals> = LazyLock::new(make);
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let policy = new_policy();
    // Whatever is remembered of the originals must not help a forgery.
    let all = originals();
    for pair in [&all.one, &all.other, &all.two, &all.self_made, &all.title] {
        let ofd = pair.ofd.build();
        [&ofd, &pair.pdf].into_iter().cycle().take(6).for_each(|file| drop(verify::file(file, &policy)));
    }
    policy
});

/// The policy, before anything was verified by it.
pub(crate) fn new_policy() -> Policy {
    // A forger's root is on nobody's list.
    let mut trust = Trust::empty().with_roots(&ROOT.der).unwrap();
    for (_, root) in [&*REVIEWER, &*OLD] {
        trust = trust.with_roots(root).unwrap();
    }
    trust = trust.with_crls(&revocation_list()).unwrap();

    Policy::new(Timestamp::parse(NOW).unwrap()).with_trust(trust)
}
/// The root of the demonstration seal.
static ROOT: LazyLock<Certificate> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    certpress::seal::write_demo(dir.path(), "pw").unwrap();
    let pem = std::fs::read(dir.path().join("root.crt")).unwrap();
    Certificate::parse(&der::pem::decode_vec(&pem).unwrap().1).unwrap()
});
/// The reviewer's seal, and one of GM/T 0031-2014, each with its root.
static REVIEWER: LazyLock<(Sealer, Vec<u8>)> = LazyLock::new(|| new_seal("样例评审委员会", SesVersion::V4));
static OLD: LazyLock<(Sealer, Vec<u8>)> = LazyLock::new(|| new_seal(UNIT, SesVersion::V1));
/// The certificate of the timestamp authority, whose key is `tsa`.
static AUTHORITY: LazyLock<Vec<u8>> =
    LazyLock::new(|| vouch::authority(&vouch::key("tsa"), &ROOT, &vouch::key("root")));
/// Whom the demonstration seal is of.
const UNIT: &str = "样例省职称证书制证中心";

pub(crate) fn originals() -> &'static Originals {
    &ORIGINALS
}

pub(crate) fn policy() -> &'static Policy {
    &POLICY
}

fn make() -> Originals {
    let text = std::fs::read_to_string("tests/layouts/attacked.xml").unwrap();
    let compiled = |text: &str| Layout::from_text("attacked.xml", text).unwrap().compile(&FONTS).unwrap();
    let press = compiled(&text);
    let demo = Sealer::demo().unwrap();
    let sealed = |sealer: &Sealer| press.with_seal(sealer.clone()).unwrap();
    let genuine = sealed(&demo);
    let roles = compiled(&text.replace("</page>", &format!("{SECOND_SEAL}</page>")));
    let both = Seals::new().with("issuer", demo.clone()).with("reviewer", REVIEWER.0.clone());
    let compiled_with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        compiled(&text.replacen(from, to, 1))
    };
    let dated = text
        .replace("</fields>", r#"<field name="issued_on" label="日期" type="date"/></fields>"#)
        .replace("</metadata>", r#"<entry name="ZZBFRQ">{{ issued_on | date_compact }}</entry></metadata>"#)
        .replace("{{ name }}（虚构）", "张样例（虚构）2026年3月6日")
        .replace(r#"<text x="10mm" y="20mm">{{ number }}"#, r#"<text x="10mm" y="20mm">样例20260001"#);
    let stamping = sealed(&demo.clone().with_timestamps(Arc::new(TestAuthority::demo().unwrap())));
    let profile = |profile| pair(&genuine, &record("张样例"), profile).pdf;
    Originals {
        one: vouched(pair(&genuine, &record("张样例"), PdfProfile::Cms)),
        other: vouched(pair(&genuine, &record("李样例"), PdfProfile::Cms)),
        two: pair(&roles.with_seals(&both).unwrap(), &record("张样例"), PdfProfile::Cms),
        cades: profile(PdfProfile::Cades),
        gm_seal: profile(PdfProfile::GmSeal),
        v1: pair(&sealed(&OLD.0), &record("张样例"), PdfProfile::Cms).ofd,
        stamped_pdfs: ["张样例", "李样例"].map(|name| pair(&stamping, &record(name), PdfProfile::Cms).pdf),
        brief: pair(&sealed(&sealer_in(&demo, "brief signer", BRIEF)), &record("张样例"), PdfProfile::Cms),
        revoked: pair(&sealed(&sealer_in(&demo, REVOKED, ALL_YEAR)), &record("张样例"), PdfProfile::Cms),
        unsigned: pair(
            &compiled_with(r#"<qr x="10mm" y="40mm" size="30mm" payload="signed"/>"#, ""),
            &record("张样例"),
            PdfProfile::Cms,
        ),
        other_number: pair(
            &compiled_with("mm\">{{ number }}</text>", "mm\">样例20260009</text>")
                .with_seal(demo.clone())
                .unwrap(),
            &record("张样例"),
            PdfProfile::Cms,
        ),
        other_date: pair(
            &compiled(&dated).with_seal(demo.clone()).unwrap(),
            &record("张样例").with("issued_on", "2026-03-05"),
            PdfProfile::Cms,
        ),
        self_made: pair(&sealed(&new_seal(UNIT, SesVersion::V4).0), &record("王样例"), PdfProfile::Cms),
        title: vouched(title(&demo)),
    }
}

fn record(name: &str) -> Record {
    Record::new().with("name", name).with("number", "样例20260001").with("issuer_code", "11140000MB99999996")
}

fn pair(press: &Press, record: &Record, pdf_profile: PdfProfile) -> Pair {
    let options = RenderOptions {
        time: Timestamp::parse(SEALED),
        nonce: Nonce::Deterministic,
        image_root: ImageRoot::open("examples").ok(),
        pdf_profile,
        ..RenderOptions::default()
    };
    let certificate = press.render_with(record, &options).unwrap();
    Pair { ofd: Parts::of(certificate.ofd().unwrap()), pdf: certificate.pdf().unwrap().to_vec() }
}

/// With a timestamp in the OFD, ten seconds later.
fn vouched(pair: Pair) -> Pair {
    Pair { ofd: stamped(pair.ofd, STAMPED), ..pair }
}

fn title(sealer: &Sealer) -> Pair {
    let layout = Layout::open("layouts/title-senior.xml").unwrap();
    let press = layout.compile(&FONTS).unwrap().with_seal(sealer.clone()).unwrap();
    pair(&press, &super::title_record::record().with("photo", "photos/01.jpg"), PdfProfile::Cms)
}

/// A seal with keys that nobody else has.
fn new_seal(unit: &str, version: SesVersion) -> (Sealer, Vec<u8>) {
    let dir = tempfile::tempdir().unwrap();
    let mut new = NewSeal::new(unit, Timestamp::parse(SEALED).unwrap());
    new.version = version;
    new.picture = Some(include_bytes!("../../src/seal/demo/seal.png").to_vec());
    create(&new, &FONTS, dir.path(), "pw").unwrap();
    let root = std::fs::read(dir.path().join("root.crt")).unwrap();
    (Sealer::open(dir.path(), "pw").unwrap(), root)
}

/// The list of the demonstration seal's root, which revokes one signer.
pub(crate) fn revocation_list() -> Vec<u8> {
    vouch::revocation_list(&ROOT, &vouch::key("root"), &signer_in(REVOKED, ALL_YEAR))
}

/// A certificate of the demonstration seal's root.
pub(crate) fn signer_in(name: &str, months: (u8, u8)) -> Vec<u8> {
    vouch::signer(name, &vouch::key(name), months, &ROOT, &vouch::key("root"))
}

/// The demonstration seal in the hands of another signer, in force in these months.
fn sealer_in(demo: &Sealer, name: &str, months: (u8, u8)) -> Sealer {
    let certificate = signer_in(name, months);
    let seal = vouch::seal_for(&demo.data().der, &certificate, months);
    let signer = LocalSigner::new(vouch::key(name), certificate, vec![ROOT.der.clone()]).unwrap();
    Sealer::new(&seal, None, Box::new(signer)).unwrap()
}

/// A signed value, stamped by the authority at `time`.
pub(crate) fn stamped(parts: Parts, time: &str) -> Parts {
    let token = token_of(&parts, time);
    parts.value(&[], |root| root.children().push(time_stamp(&token)))
}

/// The fifth element of SES_Signature.
pub(crate) fn time_stamp(token: &[u8]) -> Node {
    Node::Tree(0xa0, vec![Node::Leaf(3, [&[0], token].concat())])
}

/// A token of the trusted authority over the signature of a document.
pub(crate) fn token_of(parts: &Parts, time: &str) -> Vec<u8> {
    let signature = parts.signed_value().at(&[3]).content()[1..].to_vec();
    vouch::token(&signature, time, &AUTHORITY, &vouch::key("tsa"))
}

/// A token by an authority under the forger's own root.
pub(crate) fn foreign_token(parts: &Parts) -> Vec<u8> {
    foreign_token_over(&parts.signed_value().at(&[3]).content()[1..])
}

pub(crate) fn foreign_token_over(signature: &[u8]) -> Vec<u8> {
    let (own, tsa) = (vouch::key("forger"), vouch::key("forger's tsa"));
    let authority = vouch::authority(&tsa, &self_signed(&own), &own);
    vouch::token(signature, STAMPED, &authority, &tsa)
}

/// A token by the genuine signer, whose certificate says nothing of timestamps.
pub(crate) fn signer_token(parts: &Parts) -> Vec<u8> {
    let certificate = parts.signed_value().at(&[1]).content().clone();
    token_by(parts, &certificate, &vouch::key("signer"))
}

/// A token by an authority whose certificate the genuine signer issued, which is no authority itself.
pub(crate) fn tsa_of_signer_token(parts: &Parts) -> Vec<u8> {
    let certificate = Certificate::parse(parts.signed_value().at(&[1]).content()).unwrap();
    let key = vouch::key("rogue tsa");
    token_by(parts, &vouch::authority(&key, &certificate, &vouch::key("signer")), &key)
}

fn token_by(parts: &Parts, certificate: &[u8], key: &SigningKey) -> Vec<u8> {
    let signature = parts.signed_value().at(&[3]).content()[1..].to_vec();
    vouch::token(&signature, STAMPED, certificate, key)
}

/// A certificate by the forger's own root.
pub(crate) fn forgers_certificate(name: &str) -> Vec<u8> {
    let own = vouch::key("forger");
    vouch::signer(name, &vouch::key(name), ALL_YEAR, &self_signed(&own), &own)
}

fn self_signed(key: &SigningKey) -> Certificate {
    let at = |year| der::DateTime::new(year, 1, 1, 0, 0, 0).unwrap();
    let new = NewCertificate {
        subject: ("样例", "certpress 测试根证书"),
        key: key.verifying_key(),
        role: Role::Authority,
        validity: (at(2020), at(2049)),
    };
    Certificate::parse(&new.self_signed(key, Nonce::Deterministic).unwrap()).unwrap()
}
