//! Certificates that nobody touched agree with themselves.

use certpress::ofd::read::{Limits, Package};
use certpress::verify::agreement;

use crate::{PLAIN, REISSUE, SHIPPED, options, samples};

#[test]
fn page_metadata_record_and_mark_agree() {
    for (name, press) in &*SHIPPED {
        let records = samples(name);
        for record in [&records[PLAIN], &records[REISSUE]] {
            let certificate = press.render_with(record, &options()).unwrap();
            let package = Package::open(certificate.ofd().unwrap(), &Limits::default()).unwrap();
            let agreement = agreement(&package).unwrap();
            assert_eq!(agreement.disagreements, [], "{name}");
            let has_holder = press.schema().index("name").is_some();
            assert_eq!(agreement.marks.len(), usize::from(has_holder), "{name}");
        }
    }
}
