//! PDFs that pyHanko signed with RSA and ECDSA (tests/vectors/pdf/make.py).

use certpress::page::Timestamp;
use certpress::pdf::read::{File, Limits, signatures};
use certpress::verify::{self, Outcome, Policy};

pub(crate) fn vector(name: &str) -> Vec<u8> {
    std::fs::read(format!("tests/vectors/pdf/{name}.pdf")).unwrap()
}

#[test]
fn their_structure_is_read_and_their_later_revisions_are_known() {
    for (name, revisions, formats) in [
        ("rsa-adbe", 2, &["adbe.pkcs7.detached"][..]),
        ("p256-cades-stamped", 2, &["ETSI.CAdES.detached"]),
        ("certified-then-stamped", 3, &["ETSI.CAdES.detached", "ETSI.RFC3161"]),
        ("two-signers", 3, &["adbe.pkcs7.detached", "ETSI.CAdES.detached"]),
    ] {
        let bytes = vector(name);
        let file = File::open(&bytes, &Limits::default()).unwrap();
        assert_eq!(file.revisions().len(), revisions, "{name}");
        let signatures = signatures(&file.latest()).unwrap();
        let found: Vec<&str> = signatures.iter().map(|s| s.sub_filter.as_str()).collect();
        assert_eq!(found, formats, "{name}");
        let report = verify::pdf(&bytes, &Policy::new(Timestamp::parse("2027-01-01T00:00:00Z").unwrap()));
        let fine = [Outcome::Holds, Outcome::Notice, Outcome::Unknown];
        let bad: Vec<_> = report.all_findings().filter(|f| !fine.contains(&f.outcome)).collect();
        assert!(bad.is_empty(), "{name}: {bad:?}");
    }
}
