//! Certificates that nobody touched agree with themselves.

use certpress::ofd::read::{Limits, Package};
use certpress::page::Timestamp;
use certpress::verify::{self, Outcome, Policy, contents};

use crate::{PLAIN, REISSUE, SHIPPED, options, samples};

#[test]
fn page_metadata_record_and_mark_agree() {
    for (name, press) in &*SHIPPED {
        let records = samples(name);
        for record in [&records[PLAIN], &records[REISSUE]] {
            let certificate = press.render_with(record, &options()).unwrap();
            let package = Package::open(certificate.ofd().unwrap(), &Limits::default()).unwrap();
            let contents = contents(&package).unwrap();
            let odd: Vec<_> = contents.findings.iter().filter(|f| f.outcome != Outcome::Holds).collect();
            assert!(odd.is_empty(), "{name}: {odd:#?}");
            let has_holder = press.schema().index("name").is_some();
            assert_eq!(contents.marks.len(), usize::from(has_holder), "{name}");
        }
    }
}

#[test]
fn so_do_their_pdfs() {
    let policy = Policy::new(Timestamp::parse("2026-06-01T00:00:00Z").unwrap());
    for (name, press) in &*SHIPPED {
        let records = samples(name);
        for record in [&records[PLAIN], &records[REISSUE]] {
            let certificate = press.render_with(record, &options()).unwrap();
            let report = verify::pdf(certificate.pdf().unwrap(), &policy);
            let fine = [Outcome::Holds, Outcome::Notice, Outcome::Unknown];
            let odd: Vec<_> = report.all_findings().filter(|f| !fine.contains(&f.outcome)).collect();
            assert!(odd.is_empty(), "{name}: {odd:#?}");
            let has_holder = press.schema().index("name").is_some();
            assert_eq!(report.subject.marks.len(), usize::from(has_holder), "{name}");
        }
    }
}
