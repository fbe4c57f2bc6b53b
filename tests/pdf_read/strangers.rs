//! PDFs that pyHanko signed with RSA and ECDSA (tests/vectors/pdf/make.py).

use std::sync::LazyLock;

use certpress::crypto::trust::Trust;
use certpress::page::Timestamp;
use certpress::verify::{self, Fact, Outcome, Policy, Report, Verdict};

pub(crate) fn vector(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/vectors/pdf/{name}")).unwrap()
}

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let trust = Trust::empty().with_roots(&vector("root.pem")).unwrap();
    let trust = trust.with_crls(&vector("root.crl")).unwrap();
    Policy::new(Timestamp::parse("2027-01-01T00:00:00Z").unwrap()).with_trust(trust)
});

pub(crate) fn report(bytes: &[u8]) -> Report {
    verify::pdf(bytes, &POLICY)
}

const VECTORS: [(&str, Verdict, usize); 4] = [
    ("rsa-adbe.pdf", Verdict::Indeterminate, 1),
    ("p256-cades-stamped.pdf", Verdict::Valid, 1),
    ("certified-then-stamped.pdf", Verdict::Valid, 2),
    ("two-signers.pdf", Verdict::Indeterminate, 2),
];

#[test]
fn they_hold_and_what_is_not_proven_is_told() {
    for (name, verdict, signatures) in VECTORS {
        let report = report(&vector(name));
        let findings: Vec<_> = report.all_findings().filter(|f| f.outcome != Outcome::Holds).collect();
        assert_eq!((report.verdict, report.signatures.len()), (verdict, signatures), "{name}: {findings:#?}");
        for signature in &report.signatures {
            let facts = &signature.facts;
            let held = [facts.intact, facts.signature, facts.trust, facts.coverage];
            assert_eq!(held, [Fact::Holds; 4], "{name}: {findings:#?}");
            assert!(signature.signer.is_some() && signature.claimed_time.is_some());
            assert_eq!(signature.proven_time.is_some(), verdict == Verdict::Valid);
        }
        let record = report.findings.iter().find(|f| f.rule.id == "licence.record").unwrap();
        assert_eq!(record.outcome, Outcome::Notice, "others are not compared");
    }
}

#[test]
fn a_timestamp_alone_is_nobodys_signature() {
    let report = report(&vector("only-stamped.pdf"));
    let stamp = &report.signatures[0];
    assert_eq!(
        (report.verdict, stamp.verdict, stamp.is_timestamp),
        (Verdict::NotSigned, Verdict::Valid, true)
    );
}

#[test]
fn nobody_is_trusted_who_was_not_given() {
    let policy = Policy::new(Timestamp::parse("2027-01-01T00:00:00Z").unwrap());
    for (name, ..) in VECTORS {
        assert_eq!(verify::pdf(&vector(name), &policy).verdict, Verdict::Indeterminate, "{name}");
    }
}

#[test]
fn no_byte_can_be_changed() {
    for (name, ..) in &VECTORS[1..3] {
        let whole = vector(name);
        for at in (0..whole.len()).step_by(97) {
            let mut twin = whole.clone();
            twin[at] ^= 1 << (at % 8);
            let report = report(&twin);
            // The zeros behind a signature's value, and what follows the last %%EOF, may be told from nothing.
            assert!(report.verdict != Verdict::Valid || twin[at].is_ascii_hexdigit(), "{name}, byte {at}");
        }
    }
}

#[test]
fn another_format_is_never_valid() {
    let bytes = vector("p256-cades-stamped.pdf");
    let at = bytes.windows(19).position(|w| w == b"ETSI.CAdES.detached").unwrap();
    let mut twin = bytes.clone();
    twin[at..at + 19].copy_from_slice(b"adbe.x509.rsa_sha1!");
    let report = report(&twin);
    let finding = report.all_findings().find(|f| f.rule.id == "pdf.sub-filter").unwrap();
    assert_eq!((report.verdict, finding.outcome), (Verdict::Indeterminate, Outcome::Unknown));
}
