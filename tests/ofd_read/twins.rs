//! Rules about seals, signed values and names: for each a file that keeps it, one that is odd, and one that breaks it.

use std::sync::LazyLock;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use certpress::crypto::oid;
use certpress::crypto::sm2::Nonce;
use certpress::crypto::sm3;
use certpress::crypto::trust::Trust;
use certpress::crypto::x509::{NewCertificate, Role};
use certpress::page::Timestamp;
use certpress::seal::demo_root;
use certpress::verify::{self, Fact, Outcome, Policy, Report, Verdict};
use sha2::{Digest as _, Sha256};

use super::certificate::{self, Parts};
use super::forged::{self, Forged, SIGNATURE, VALUE};
use super::zip::{Entry, Zip};
use Outcome::{Fails, Holds, Malformed, Notice, Uncovered, Unknown};

static SEALED: LazyLock<Parts> = LazyLock::new(|| certificate::parts(&certificate::sealed()));
static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let (root, crl) = demo_root().unwrap();
    Policy::new(at()).with_trust(Trust::empty().with_roots(&root).unwrap().with_crls(&crl).unwrap())
});

fn at() -> Timestamp {
    Timestamp::parse("2026-03-06T00:00:00Z").unwrap()
}

fn report(parts: &Parts, policy: &Policy) -> Report {
    let entries = parts.iter().map(|(name, data)| Entry::deflated(name, data)).collect();
    verify::ofd(&Zip::of(entries).build(), policy)
}

/// What a rule found, in each of its places.
fn outcomes(report: &Report, rule: &str) -> Vec<Outcome> {
    assert!(verify::rules().any(|known| known.id == rule), "{rule}");
    report.all_findings().filter(|finding| finding.rule.id == rule).map(|finding| finding.outcome).collect()
}

#[track_caller]
fn gives(parts: &Parts, rule: &str, expected: &[Outcome]) -> Report {
    let report = report(parts, &POLICY);
    assert_eq!(outcomes(&report, rule), expected, "{rule}: {:#?}", report.findings);
    report
}

/// `parts` with the value changed, and with Signature.xml, whose digest is in the value, as it was.
fn with_value(value: Vec<u8>) -> Parts {
    let mut parts = SEALED.clone();
    parts.insert(VALUE.to_owned(), value);
    parts
}

/// The sealed parts with every `from` in a part made `to`, digested and sealed anew.
fn resealed(part: &str, from: &str, to: &str) -> Parts {
    let mut parts = SEALED.clone();
    let text = String::from_utf8(parts[part].clone()).unwrap();
    assert!(text.contains(from), "{part} has no {from}");
    let (old, new) = (BASE64_STANDARD.encode(sm3::digest(&parts[part])), text.replace(from, to));
    let digest = BASE64_STANDARD.encode(sm3::digest(new.as_bytes()));
    parts.insert(part.to_owned(), new.into_bytes());
    let signature = String::from_utf8(parts[SIGNATURE].clone()).unwrap().replace(&old, &digest);
    parts.insert(SIGNATURE.to_owned(), signature.into_bytes());
    Forged::of(&SEALED).seal(&parts)
}

#[test]
fn a_value_put_together_by_hand_is_as_good_as_the_genuine_one() {
    for parts in [SEALED.clone(), Forged::of(&SEALED).seal(&SEALED)] {
        let report = report(&parts, &POLICY);
        let doubts: Vec<_> = report.all_findings().filter(|f| f.outcome != Holds).collect();
        let [doubt] = &doubts[..] else { panic!("{doubts:#?}") };
        assert_eq!((doubt.rule.id, doubt.outcome), ("time.proof", Unknown));
        assert_eq!(report.verdict, Verdict::Indeterminate);
    }
}

#[test]
fn a_wrapped_value_and_bare_numbers_are_told_and_still_checked() {
    let wrapped = |value: &[u8]| with_value(BASE64_STANDARD.encode(value).into_bytes());
    let report = gives(&wrapped(&SEALED[VALUE]), "ofd.signed-value.wrapping", &[Notice]);
    assert_eq!(report.signatures[0].facts.signature, Fact::Holds);
    let mut other = SEALED[VALUE].clone();
    *other.last_mut().unwrap() ^= 1;
    gives(&wrapped(&other), "signature.value", &[Fails]);

    let raw = Forged { raw: true, ..Forged::of(&SEALED) }.seal(&SEALED);
    let report = gives(&raw, "signature.form", &[Notice, Notice]);
    assert_eq!(
        (report.signatures[0].facts.signature, report.signatures[0].facts.seal),
        (Fact::Holds, Fact::Holds)
    );
    let mut twin = raw;
    *twin.get_mut(VALUE).unwrap().last_mut().unwrap() ^= 1;
    gives(&twin, "signature.value", &[Fails]);

    let bare = forged::key("signer").sign(&SEALED[SIGNATURE], Nonce::Deterministic).unwrap().to_raw();
    let report = gives(&with_value(bare.to_vec()), "ofd.signed-value", &[Unknown]);
    assert_ne!(report.verdict, Verdict::Valid);
}

#[test]
fn seals_and_signatures_of_sm_crypto_hold_and_their_twins_do_not() {
    let sealed = Forged { by_sm_crypto: true, ..Forged::of(&SEALED) }.seal(&SEALED);
    assert_ne!(sealed[VALUE], SEALED[VALUE]);
    gives(&sealed, "seal.maker", &[Holds]);
    let report = gives(&sealed, "signature.value", &[Holds]);
    assert_eq!(report.verdict, Verdict::Indeterminate);
    let mut twin = sealed;
    *twin.get_mut(VALUE).unwrap().last_mut().unwrap() ^= 1;
    gives(&twin, "signature.value", &[Fails]);
}

/// Its keys, certificates, revocation lists and signatures are OpenSSL's; tests/vectors/ofd/make.py put them together.
#[test]
fn an_ofd_that_openssl_sealed_holds_and_its_twin_does_not() {
    let pki = |name: &str| std::fs::read(format!("tests/vectors/pki/{name}")).unwrap();
    let trust = Trust::empty().with_roots(&pki("sm2-root.crt")).unwrap();
    let trust = trust.with_certificates(&pki("sm2-sub.crt")).unwrap();
    let trust = trust.with_crls(&pki("sm2-root.crl")).unwrap().with_crls(&pki("sm2-sub.crl")).unwrap();
    let policy = Policy::new(at()).with_trust(trust);
    let parts = certificate::parts(&std::fs::read("tests/vectors/ofd/openssl.ofd").unwrap());
    let signature = |parts: &Parts| report(parts, &policy).signatures[0].clone();
    let facts = signature(&parts).facts;
    assert_eq!(
        [facts.intact, facts.signature, facts.seal, facts.trust, facts.coverage],
        [Fact::Holds; 5],
        "{:#?}",
        signature(&parts).findings
    );
    assert_eq!(facts.time, Fact::Unknown);
    let mut twin = parts;
    *twin.get_mut(VALUE).unwrap().last_mut().unwrap() ^= 1;
    assert_eq!(signature(&twin).facts.signature, Fact::Fails);
}

#[test]
fn a_cms_of_gb_t_35275_is_checked_over_signature_xml_or_its_digest() {
    let certificate = Forged::of(&SEALED).certificate;
    let described = &SEALED[SIGNATURE];
    for content in [described.clone(), sm3::digest(described).to_vec()] {
        let report =
            gives(&with_value(forged::gm_cms(&certificate, &content)), "ofd.signed-value", &[Notice]);
        let facts = report.signatures[0].facts;
        assert_eq!(
            (facts.intact, facts.signature, facts.seal),
            (Fact::Holds, Fact::Holds, Fact::NotApplicable)
        );
        assert_eq!(report.signatures[0].profile, "CMS, GB/T 35275-2017");
    }
    let report =
        gives(&with_value(forged::gm_cms(&certificate, b"something else")), "ofd.data-hash", &[Fails]);
    assert_eq!(report.verdict, Verdict::Invalid);
}

#[test]
fn other_versions_and_other_algorithms_are_told_and_never_valid_by_mistake() {
    for (header, stated, expected) in [(4, 4, Holds), (5, 5, Notice), (5, 4, Notice), (1, 4, Notice)] {
        let parts = Forged { header, stated, ..Forged::of(&SEALED) }.seal(&SEALED);
        let report = gives(&parts, "ses.version", &[expected]);
        assert_eq!(report.signatures[0].facts.seal, Fact::Holds);
    }
    let stamped =
        Forged { header: 5, stamp: Some(b"no token".to_vec()), ..Forged::of(&SEALED) }.seal(&SEALED);
    gives(&stamped, "seal.timestamp", &[Unknown]);
    gives(&SEALED, "seal.timestamp", &[]);

    let rsa = oid::RSA_WITH_SHA256;
    let signer = Forged { algorithms: [rsa, oid::SM2_WITH_SM3], ..Forged::of(&SEALED) }.seal(&SEALED);
    assert_eq!(gives(&signer, "signature.value", &[Unknown]).verdict, Verdict::Indeterminate);
    let maker = Forged { algorithms: [oid::SM2_WITH_SM3, rsa], ..Forged::of(&SEALED) }.seal(&SEALED);
    assert_eq!(gives(&maker, "seal.maker", &[Unknown]).verdict, Verdict::Indeterminate);
}

#[test]
fn the_seal_allows_its_signer_by_certificate_or_by_a_digest_that_is_known() {
    let certificate = Forged::of(&SEALED).certificate;
    let (sm3, sha256) = (sm3::digest(&certificate).to_vec(), Sha256::digest(&certificate).to_vec());
    for (kind, digest, expected) in [
        ("SM3", &sm3, Holds),
        ("1.2.156.10197.1.401", &sm3, Holds),
        ("SHA256", &sha256, Holds),
        ("2.16.840.1.101.3.4.2.1", &sha256, Holds),
        ("SM3", &sha256, Fails),
        ("MD5", &sm3, Unknown),
    ] {
        let mut value = Forged::of(&SEALED);
        value.property.splice(2..4, forged::digests(kind, digest));
        gives(&value.seal(&SEALED), "seal.signer", &[expected]);
    }
    let mut value = Forged::of(&SEALED);
    value.property[3] = forged::sequence(&[forged::tlv(4, &demo_root().unwrap().0)]);
    gives(&value.seal(&SEALED), "seal.signer", &[Fails]);
}

#[test]
fn a_seal_that_was_changed_or_not_in_force_is_refused() {
    gives(&SEALED, "seal.validity", &[Holds]);
    let mut ended = Forged::of(&SEALED);
    ended.property[6] = forged::tlv(0x18, b"20260304235959Z");
    gives(&ended.seal(&SEALED), "seal.validity", &[Fails]);

    gives(&SEALED, "seal.maker", &[Holds]);
    let other = Forged { maker: (Forged::of(&SEALED).maker.0, forged::key("signer")), ..Forged::of(&SEALED) };
    gives(&other.seal(&SEALED), "seal.maker", &[Fails]);
}

#[test]
fn makers_lead_to_a_root_and_nobody_is_revoked() {
    gives(&SEALED, "trust.maker", &[Holds]);
    gives(&SEALED, "trust.revocation", &[Holds, Holds]);
    let (root, _) = demo_root().unwrap();
    let certificate = Forged::of(&SEALED).certificate;
    let roots = Trust::empty().with_roots(&root).unwrap();
    let unlisted = report(&SEALED, &Policy::new(at()).with_trust(roots.clone()));
    assert_eq!(outcomes(&unlisted, "trust.revocation"), [Unknown, Unknown]);
    let revoked = roots.with_crls(&forged::revoking(&root, &certificate)).unwrap();
    let report = report(&SEALED, &Policy::new(at()).with_trust(revoked));
    assert_eq!(outcomes(&report, "trust.revocation"), [Fails, Holds]);
    assert_eq!(report.verdict, Verdict::Invalid);

    let day = |year| der::DateTime::new(year, 1, 1, 0, 0, 0).unwrap();
    let maker = forged::key("maker");
    let own = NewCertificate {
        subject: ("无名单位", "自称的制章人"),
        key: maker.verifying_key(),
        role: Role::Signer,
        validity: (day(2020), day(2040)),
    };
    let own = own.self_signed(&maker, Nonce::Deterministic).unwrap();
    let other = Forged { maker: (own, forged::key("maker")), ..Forged::of(&SEALED) }.seal(&SEALED);
    gives(&other, "seal.maker", &[Holds]);
    assert_eq!(gives(&other, "trust.maker", &[Unknown]).verdict, Verdict::Indeterminate);
}

#[test]
fn a_path_in_the_value_and_a_seal_beside_it_are_compared() {
    gives(&SEALED, "ofd.property-info", &[Holds]);
    let other = Forged { path: "/Doc_1/Signature.xml".into(), ..Forged::of(&SEALED) }.seal(&SEALED);
    gives(&other, "ofd.property-info", &[Notice]);

    let beside = "</ofd:References><ofd:Seal><ofd:BaseLoc>Seal.esl</ofd:BaseLoc></ofd:Seal>";
    let text = String::from_utf8(SEALED[SIGNATURE].clone()).unwrap();
    // The order in SignedInfo is not asked for; the seal comes last in the schema.
    let text = text.replace("</ofd:References>", beside);
    let mut parts = SEALED.clone();
    parts.insert(SIGNATURE.to_owned(), text.into_bytes());
    let mut parts = Forged::of(&SEALED).seal(&parts);
    let embedded = certpress::seal::SealSignature::parse(&parts[VALUE]).unwrap().seal.der;
    let file = "Doc_0/Signs/Sign_0/Seal.esl";
    parts.insert(file.to_owned(), embedded.clone());
    let report = gives(&parts, "ofd.seal.file", &[Holds]);
    assert_eq!(report.verdict, Verdict::Indeterminate, "{:#?}", report.findings);
    parts.insert(file.to_owned(), [&embedded[..], b"0"].concat());
    gives(&parts, "ofd.seal.file", &[Fails]);
}

#[test]
fn names_in_other_case_and_the_older_namespace_are_told_and_a_twin_is_malformed() {
    gives(&SEALED, "ofd.name.case", &[]);
    let other = resealed("OFD.xml", "Doc_0/Document.xml", "Doc_0/document.xml");
    let report = gives(&other, "ofd.name.case", &[Notice]);
    assert_eq!(report.verdict, Verdict::Indeterminate, "{:#?}", report.findings);
    let mut twin = other;
    twin.insert("Doc_0/document.xml".to_owned(), twin["Doc_0/Document.xml"].clone());
    gives(&twin, "ofd.container", &[Malformed]);

    let older = resealed("OFD.xml", "http://www.ofdspec.org/2016", "http://www.ofdspec.org");
    let report = gives(&older, "ofd.namespace", &[Notice]);
    assert_eq!(report.verdict, Verdict::Indeterminate, "{:#?}", report.findings);
    gives(&resealed("OFD.xml", "www.ofdspec.org/2016", "example.org"), "ofd.structure", &[Holds, Malformed]);
}

#[test]
fn an_entry_left_open_is_told_and_another_part_left_open_is_not_enough() {
    let without = |name: &str| {
        let text = String::from_utf8(SEALED[SIGNATURE].clone()).unwrap();
        let start = text.find(&format!("<ofd:Reference FileRef=\"/{name}\"")).unwrap();
        let end = start + text[start..].find("</ofd:Reference>").unwrap() + "</ofd:Reference>".len();
        let mut parts = SEALED.clone();
        parts.insert(SIGNATURE.to_owned(), format!("{}{}", &text[..start], &text[end..]).into_bytes());
        Forged::of(&SEALED).seal(&parts)
    };
    assert_eq!(gives(&without("OFD.xml"), "ofd.coverage.entry", &[Notice]).verdict, Verdict::Indeterminate);
    assert_eq!(gives(&without("Doc_0/Document.xml"), "ofd.coverage", &[Uncovered]).verdict, Verdict::Partial);
}
