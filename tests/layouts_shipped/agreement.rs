//! Certificates that nobody touched agree with themselves.

use certpress::ofd::read::{Limits, Package};
use certpress::verify::{Outcome, contents};

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
