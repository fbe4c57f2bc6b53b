//! The originals themselves: nothing is found against them, else the forgeries would be refused for nothing.

use std::collections::BTreeSet;

use certpress::verify::{self, Outcome, Verdict};

use super::originals::{originals, policy, stamped};

/// Files that nothing speaks against.
fn files() -> Vec<(&'static str, Vec<u8>)> {
    let all = originals();
    vec![
        ("one", all.one.ofd.build()),
        ("other", all.other.ofd.build()),
        ("two", all.two.ofd.build()),
        ("V1", all.v1.build()),
        ("title", all.title.ofd.build()),
        ("title, PDF", all.title.pdf.clone()),
        ("CAdES", all.cades.clone()),
        ("a seal's signature in a PDF", all.gm_seal.clone()),
        ("two, PDF", all.two.pdf.clone()),
        ("a brief seal", all.brief.ofd.build()),
        ("a brief seal, stamped", stamped(all.brief.ofd.clone(), "20260331000000Z").build()),
    ]
}

/// The rules that hold of one of them.
pub(crate) fn kept() -> BTreeSet<&'static str> {
    let reports = files().into_iter().map(|(_, bytes)| verify::file(&bytes, policy()));
    let found: Vec<_> =
        reports.flat_map(|report| report.all_findings().cloned().collect::<Vec<_>>()).collect();
    found.iter().filter(|f| f.outcome == Outcome::Holds).map(|f| f.rule.id).collect()
}

#[test]
fn the_originals_are_not_refused() {
    for (name, bytes) in files() {
        let report = verify::file(&bytes, policy());
        let bad: Vec<_> = report
            .all_findings()
            .filter(|f| !matches!(f.outcome, Outcome::Holds | Outcome::Notice | Outcome::Unknown))
            .collect();
        assert!(report.verdict <= Verdict::Indeterminate, "{name}: {bad:#?}");
    }
}

#[test]
fn what_is_vouched_for_in_full_is_valid() {
    let all = originals();
    let [stamped_pdf, other] = &all.stamped_pdfs;
    for bytes in [&all.one.ofd.build(), &all.other.ofd.build(), &all.title.ofd.build(), stamped_pdf, other] {
        let report = verify::file(bytes, policy());
        let doubts: Vec<_> = report.all_findings().filter(|f| !f.is_good()).collect();
        assert_eq!(report.verdict, Verdict::Valid, "{doubts:#?}");
    }
}
