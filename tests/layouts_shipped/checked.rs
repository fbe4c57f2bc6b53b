//! What `certpress check` says of the layouts that ship: nothing that deserves mending.

use certpress::diag::Severity;
use certpress::proof::Survey;

use super::{SHIPPED, options, samples};

#[test]
fn every_layout_passes_its_own_check_with_its_samples() {
    assert_eq!(SHIPPED.len(), 17);
    for (name, press) in &*SHIPPED {
        let mut survey = Survey::new(press);
        for (index, record) in samples(name).iter().enumerate() {
            survey.see(record, record.row().unwrap_or(index as u64), &options());
        }
        for finding in survey.finish() {
            assert!(finding.severity() < Severity::Warning, "{name}: {finding}");
        }
    }
}
