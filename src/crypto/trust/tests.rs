//! Chains and revocation lists made by OpenSSL (`tests/vectors/pki/make.sh`), one thing wrong in each.

use std::fs;
use std::path::Path;

use super::*;
use crate::crypto::crl::Reason;

fn vector(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/pki").join(name)).unwrap()
}

fn certificate(name: &str) -> Arc<Certificate> {
    pem::certificates(&vector(&format!("{name}.crt"))).unwrap().remove(0)
}

fn certificates(names: &[&str]) -> Vec<Arc<Certificate>> {
    names.iter().map(|name| certificate(name)).collect()
}

fn year(year: u16) -> DateTime {
    DateTime::new(year, 6, 1, 0, 0, 0).unwrap()
}

/// Trust in `root` with these certificates and lists.
fn trust(root: &str, others: &[&str], crls: &[&str]) -> Trust {
    let trust = Trust::empty().with_roots(&vector(&format!("{root}.crt"))).unwrap();
    let trust =
        others.iter().fold(trust, |t, name| t.with_certificates(&vector(&format!("{name}.crt"))).unwrap());
    crls.iter().fold(trust, |t, name| t.with_crls(&vector(&format!("{name}.crl"))).unwrap())
}

fn chain(trust: &Trust, signer: &str, beside: &[&str]) -> Arc<Chain> {
    let time = SigningTime::Proven(year(2026));
    trust.chain(&certificate(signer), &certificates(beside), time, Purpose::Sealing)
}

fn kinds(chain: &Chain) -> Vec<(usize, FaultKind)> {
    chain.faults.iter().map(|fault| (fault.certificate, fault.kind.clone())).collect()
}

#[test]
fn a_good_chain_of_each_family_leads_to_its_root() {
    let cases: [(&str, &str, &[&str], usize); 6] = [
        ("good", "root", &["sub"], 3),
        ("sm2-signer", "sm2-root", &["sm2-sub"], 3),
        ("rsa-signer", "rsa-root", &[], 2),
        ("pss-signer", "rsa-root", &[], 2),
        ("p256-signer", "p384-root", &[], 2),
        ("p384-signer", "p384-root", &[], 2),
    ];
    for (signer, root, beside, len) in cases {
        let lists: Vec<&str> = [root].iter().chain(beside).copied().collect();
        let chain = chain(&trust(root, &[], &lists), signer, beside);
        assert_eq!((chain.certificates.len(), chain.gap.clone()), (len, None), "{signer}");
        assert_eq!((&chain.faults[..], &chain.revocation), (&[][..], &Revocation::Good), "{signer}");
        // The same with the authority among the given certificates.
        let given = self::chain(&trust(root, beside, &lists), signer, &[]);
        assert_eq!((given.certificates.len(), given.anchored()), (len, true), "{signer}");
    }
}

/// Whose, and what.
type Faults<'a> = &'a [(usize, FaultKind)];

#[test]
fn each_fault_is_told_and_its_twin_without_it_has_none() {
    use FaultKind as Kind;
    let not_understood = Kind::NotUnderstood(der::asn1::ObjectIdentifier::new_unwrap("1.2.3.4.5"));
    let names = Kind::NotUnderstood(der::asn1::ObjectIdentifier::new_unwrap("2.5.29.30"));
    let at = |y, m, d| DateTime::new(y, m, d, 0, 0, 0).unwrap();
    let usage = Kind::KeyUsage("digitalSignature and nonRepudiation");
    let cases: [(&str, &[&str], Faults<'_>); 15] = [
        ("good", &["sub"], &[]),
        ("mail", &["sub"], &[]),
        ("unknown", &["sub"], &[]),
        ("below-root", &[], &[]),
        // An authority for certificates alone may not seal.
        ("below-short", &["short"], &[(0, usage.clone())]),
        ("expired", &["sub"], &[(0, Kind::Expired(at(2021, 1, 1)))]),
        ("future", &["sub"], &[(0, Kind::NotYetValid(at(2040, 1, 1)))]),
        ("no-signing", &["sub"], &[(0, usage)]),
        ("server-only", &["sub"], &[(0, Kind::ExtendedKeyUsage(Purpose::Sealing))]),
        ("unknown-critical", &["sub"], &[(0, not_understood)]),
        (
            "below-not-authority",
            &["not-authority"],
            &[(1, Kind::NotAuthority), (1, Kind::KeyUsage("keyCertSign"))],
        ),
        ("below-no-cert-sign", &["no-cert-sign"], &[(1, Kind::KeyUsage("keyCertSign"))]),
        ("too-deep", &["short", "below-short"], &[(2, Kind::PathLength(0))]),
        ("below-constrained", &["constrained"], &[(1, names)]),
        ("forged", &[], &[(0, Kind::Signature)]),
    ];
    let trust = trust("root", &[], &["root", "sub"]);
    for (signer, beside, faults) in cases {
        let chain = chain(&trust, signer, beside);
        let found = kinds(&chain);
        assert_eq!(found, faults, "{signer}");
        assert_eq!(chain.anchored(), signer != "forged", "{signer}");
    }
}

#[test]
fn without_a_way_to_a_root_the_gap_is_told() {
    let empty = Trust::empty();
    let root = trust("root", &[], &[]);
    let other = trust("other-root", &[], &[]);
    let name = |name: &str| format!("CN={name},O=TEST ONLY");
    let cases: [(&str, &Trust, &str, &[&str], Gap); 7] = [
        ("no roots", &empty, "good", &["sub"], Gap::NoRoots),
        ("no authority", &root, "good", &[], Gap::Issuer(name("sub"))),
        ("a root from the document", &other, "good", &["sub", "root"], Gap::OtherRoot(name("root"))),
        ("a root's namesake", &root, "forged", &["false-root"], Gap::OtherRoot(name("root"))),
        ("nobody above", &other, "good", &["sub"], Gap::Issuer(name("root"))),
        (
            "a signature that cannot be checked",
            &root,
            "weak-signer",
            &["rsa-root"],
            Gap::OtherRoot(name("rsa-root")),
        ),
        ("a loop", &root, "below-loop", &["loop-b", "loop-c"], Gap::Issuer(name("loop-b"))),
    ];
    for (case, trust, signer, beside, gap) in cases {
        let chain = chain(trust, signer, beside);
        assert_eq!(chain.gap, Some(gap), "{case}");
        assert!(chain.faults.is_empty() && matches!(chain.revocation, Revocation::Unknown(_)), "{case}");
    }
    // Through the loop there is a way out to the other root, and by a cross certificate to either.
    assert!(chain(&other, "below-loop", &["loop-b", "loop-c", "loop-a"]).anchored());
    assert_eq!(
        chain(&other, "good", &["sub", "sub-cross"]).certificates[1].digest,
        certificate("sub-cross").digest
    );
    assert_eq!(chain(&root, "good", &["sub-cross", "sub"]).certificates[1].digest, certificate("sub").digest);
}

#[test]
fn eight_certificates_are_followed_and_nine_are_not() {
    let trust = trust("other-root", &[], &[]).with_certificates(&vector("long.pem")).unwrap();
    let six = chain(&trust, "below-long-6", &[]);
    assert_eq!((six.certificates.len(), six.anchored()), (8, true));
    assert_eq!(chain(&trust, "below-long", &[]).gap, Some(Gap::TooLong));
}

#[test]
fn a_bundle_of_namesakes_costs_a_bounded_number_of_checks() {
    use crate::crypto::sm2::{Nonce, SigningKey};
    use crate::crypto::x509::{NewCertificate, Role};
    let keys: Vec<SigningKey> = (1..=8).map(|n| SigningKey::from_bytes(&[n; 32]).unwrap()).collect();
    let new = |key: &SigningKey| -> Vec<u8> {
        let validity = (year(2020), year(2040));
        let key = key.verifying_key();
        let new = NewCertificate { subject: ("a", "b"), key, role: Role::Authority, validity };
        // Each is signed by the first key, whatever its issuer's: all fit each other by name and none by key.
        let issuer = new_root(&keys[0], validity);
        new.issued_by(&issuer, &keys[0], Nonce::Deterministic).unwrap()
    };
    fn new_root(key: &SigningKey, validity: (DateTime, DateTime)) -> Certificate {
        let new =
            NewCertificate { subject: ("a", "b"), key: key.verifying_key(), role: Role::Authority, validity };
        Certificate::parse(&new.self_signed(key, Nonce::Deterministic).unwrap()).unwrap()
    }
    let mut beside: Vec<_> =
        keys.iter().map(|key| Arc::new(Certificate::parse(&new(key)).unwrap())).collect();
    beside.iter_mut().for_each(|c| Arc::make_mut(c).extensions.authority_key_identifier = None);
    let many: Vec<_> = beside.iter().cycle().take(200).cloned().collect();
    let started = std::time::Instant::now();
    let chain = Trust::empty().chain(&beside[3], &many, SigningTime::Proven(year(2026)), Purpose::Sealing);
    assert!(!chain.anchored());
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn revocation_counts_by_date_and_reason_and_only_from_lists_that_can_be_used() {
    let at = |y| DateTime::new(y, 1, 1, 0, 0, 0).unwrap();
    let proven = |y| SigningTime::Proven(year(y));
    let claimed = |y| SigningTime::Claimed { at: year(y), now: year(2026) };
    let revoked = |y, reason| Revocation::Revoked { certificate: 0, at: at(y), reason };
    let later = Revocation::Later { certificate: 0, at: at(2024), reason: Reason::Superseded };
    let unknown = |why: &str| Revocation::Unknown(why.into());
    let cases: [(&str, &[&str], SigningTime, Revocation); 17] = [
        ("good", &["root", "sub"], proven(2026), Revocation::Good),
        ("revoked after", &["root", "revoked-superseded"], proven(2023), later),
        ("revoked before", &["root", "revoked-superseded"], proven(2025), revoked(2024, Reason::Superseded)),
        ("claimed only", &["root", "revoked-superseded"], claimed(2023), revoked(2024, Reason::Superseded)),
        ("lost key", &["root", "revoked-compromised"], proven(2023), revoked(2024, Reason::KeyCompromise)),
        (
            "lost earlier",
            &["root", "revoked-compromised-earlier"],
            proven(2023),
            revoked(2022, Reason::KeyCompromise),
        ),
        ("on hold", &["root", "revoked-hold"], proven(2025), revoked(2024, Reason::CertificateHold)),
        ("released", &["root", "revoked-hold", "revoked-released"], proven(2026), Revocation::Good),
        (
            "worst of two",
            &["root", "sub", "revoked-compromised"],
            proven(2023),
            revoked(2024, Reason::KeyCompromise),
        ),
        ("no list", &["root"], proven(2026), unknown("no revocation list of CN=sub,O=TEST ONLY")),
        ("none of the root", &["sub"], proven(2026), unknown("no revocation list of CN=root,O=TEST ONLY")),
        (
            "stale",
            &["root", "stale"],
            proven(2026),
            unknown("the revocation list of CN=sub,O=TEST ONLY is out of date"),
        ),
        ("current then", &["root", "stale"], proven(2020), Revocation::Good),
        (
            "stale now",
            &["root", "stale"],
            claimed(2020),
            unknown("the revocation list of CN=sub,O=TEST ONLY is out of date"),
        ),
        ("later list", &["root", "later"], proven(2026), Revocation::Good),
        (
            "forged",
            &["root", "forged"],
            proven(2026),
            unknown("the revocation list is not signed by CN=sub,O=TEST ONLY"),
        ),
        (
            "for authorities",
            &["root", "authorities-only"],
            proven(2026),
            unknown("the revocation list of CN=sub,O=TEST ONLY is for other certificates"),
        ),
    ];
    for (case, lists, time, expected) in cases {
        let trust = trust("root", &["sub"], lists);
        let chain = trust.chain(&certificate("good"), &[], time, Purpose::Sealing);
        assert_eq!(chain.revocation, expected, "{case}");
        let counts = matches!(expected, Revocation::Revoked { .. });
        assert_eq!(
            chain.faults.iter().any(|f| matches!(f.kind, FaultKind::Revoked { .. })),
            counts,
            "{case}"
        );
    }
}

#[test]
fn a_revoked_authority_a_list_for_some_and_one_by_a_key_that_may_not_count_as_they_should() {
    let time = SigningTime::Proven(year(2023));
    let by_authority = trust("root", &["sub"], &["sub-revoked", "sub"]);
    let chain = by_authority.chain(&certificate("good"), &[], time, Purpose::Sealing);
    assert!(matches!(
        chain.revocation,
        Revocation::Revoked { certificate: 1, reason: Reason::CaCompromise, .. }
    ));

    let point = trust("root", &["sub"], &["root", "point"]);
    assert_eq!(point.chain(&certificate("point"), &[], time, Purpose::Sealing).revocation, Revocation::Good);
    let without = point.chain(&certificate("good"), &[], time, Purpose::Sealing);
    assert!(matches!(&without.revocation, Revocation::Unknown(why) if why.ends_with("other certificates")));

    let may_not = trust("root", &["no-crl-sign"], &["root", "no-crl-sign"]);
    let chain = may_not.chain(&certificate("below-no-crl-sign"), &[], time, Purpose::Sealing);
    assert!(
        matches!(&chain.revocation, Revocation::Unknown(why) if why.ends_with("may not sign revocation lists"))
    );

    // An expired certificate may have been dropped from a list that was made after.
    let dropped = trust("root", &["sub"], &["root", "later-than-expired"]);
    let time = SigningTime::Proven(DateTime::new(2020, 6, 1, 0, 0, 0).unwrap());
    let chain = dropped.chain(&certificate("expired"), &[], time, Purpose::Sealing);
    assert!(chain.faults.is_empty() && matches!(chain.revocation, Revocation::Unknown(_)));
}

#[test]
fn lists_that_are_not_complete_or_not_understood_are_refused_plainly() {
    let cases = [
        ("indirect", CrlError::Indirect),
        ("delta", CrlError::Delta),
        ("some-reasons", CrlError::SomeReasons),
        ("unknown-critical", CrlError::NotUnderstood(der::asn1::ObjectIdentifier::new_unwrap("1.2.3.4.5"))),
    ];
    for (name, source) in cases {
        let refused = Trust::empty().with_crls(&vector(&format!("{name}.crl")));
        assert_eq!(refused.err(), Some(TrustError::Crl { number: 1, source }), "{name}");
    }
}

#[test]
fn only_a_certificate_for_timestamps_alone_stamps() {
    let trust = trust("p384-root", &[], &["p384-root"]);
    let chain =
        |name, purpose| trust.chain(&certificate(name), &[], SigningTime::Proven(year(2026)), purpose);
    let wrong = |purpose| vec![(0, FaultKind::ExtendedKeyUsage(purpose))];
    assert_eq!(kinds(&chain("tsa-p256", Purpose::TimeStamping)), []);
    assert_eq!(kinds(&chain("tsa-not-critical", Purpose::TimeStamping)), wrong(Purpose::TimeStamping));
    assert_eq!(kinds(&chain("p256-signer", Purpose::TimeStamping)), wrong(Purpose::TimeStamping));
    assert_eq!(kinds(&chain("tsa-p256", Purpose::Sealing)), wrong(Purpose::Sealing));
    assert_eq!(kinds(&chain("p256-signer", Purpose::SealMaking)), []);
}

#[test]
fn a_chain_is_judged_once_for_all_times_with_the_same_answer() {
    let trust = trust("root", &["sub"], &["root", "revoked-superseded"]);
    let at = |y| trust.chain(&certificate("good"), &[], SigningTime::Proven(year(y)), Purpose::Sealing);
    assert!(Arc::ptr_eq(&at(2022), &at(2023)));
    assert!(!Arc::ptr_eq(&at(2023), &at(2025)));
    assert!(Arc::ptr_eq(&at(2025), &at(2030)));
    let claimed = SigningTime::Claimed { at: year(2022), now: year(2023) };
    let claimed = trust.chain(&certificate("good"), &[], claimed, Purpose::Sealing);
    assert_ne!(claimed.revocation, at(2022).revocation);
    let parsed = trust.certificate(&certificate("good").der).unwrap();
    assert!(Arc::ptr_eq(&parsed, &trust.certificate(&parsed.der).unwrap()));
}

#[test]
fn bundles_hold_one_kind_of_thing_and_one_bad_block_refuses_all() {
    let mut bundle = b"some words\n".to_vec();
    bundle.extend(vector("root.crt"));
    bundle.extend(vector("sub.crt"));
    assert_eq!(Trust::empty().with_roots(&bundle).unwrap().roots().len(), 2);
    let der = &certificate("root").der;
    assert_eq!(Trust::empty().with_roots(der).unwrap().roots().len(), 1);
    let refused = |bytes: &[u8]| Trust::empty().with_roots(bytes).err().map(|e| e.to_string()).unwrap();
    assert_eq!(refused(b"nothing"), "neither PEM nor DER");
    assert_eq!(refused(&vector("root.crl")), "PEM block 1 is a X509 CRL, not a CERTIFICATE");
    let cut = &bundle[..bundle.len() - 10];
    assert_eq!(refused(cut), "PEM block 2 cannot be read");
    assert!(refused(&der[..der.len() - 1]).starts_with("certificate 1: "));
}
