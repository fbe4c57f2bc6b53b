//! The originals themselves: nothing is found against them, else the forgeries would be refused for nothing.

use certpress::verify::{self, Outcome, Verdict};

use super::originals::{originals, policy};

#[test]
fn the_originals_are_not_refused() {
    let all = originals();
    let files = [
        ("one", all.one.ofd.build()),
        ("other", all.other.ofd.build()),
        ("two", all.two.ofd.build()),
        ("V1", all.v1.build()),
        ("title", all.title.ofd.build()),
    ];
    for (name, bytes) in files {
        let report = verify::file(&bytes, policy());
        let bad: Vec<_> = report
            .all_findings()
            .filter(|f| !matches!(f.outcome, Outcome::Holds | Outcome::Notice | Outcome::Unknown))
            .collect();
        assert!(report.verdict <= Verdict::Indeterminate, "{name}: {bad:#?}");
    }
}
