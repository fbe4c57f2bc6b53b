//! Signatures of ours in each format, and what becomes of them when a value, a digest or a word is changed.

use std::ops::Range;
use std::sync::LazyLock;

use certpress::crypto::trust::Trust;
use certpress::page::Timestamp;
use certpress::seal::{PdfProfile, write_demo};
use certpress::verify::{self, Fact, Outcome, Policy, Report, Verdict};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::builder::{Builder, replaced};
use crate::sealed::{PDF, STAMPED, TWO, pdf, record};

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let dir = tempfile::tempdir().unwrap();
    write_demo(dir.path(), "demo").unwrap();
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    let trust = Trust::empty().with_roots(&read("root.crt")).unwrap();
    let trust = trust.with_crls(&read("root.crl")).unwrap();
    Policy::new(Timestamp::parse("2026-06-01T00:00:00Z").unwrap()).with_trust(trust)
});

fn report(bytes: &[u8]) -> Report {
    verify::pdf(bytes, &POLICY)
}

/// The rules that fail, once each, in their order.
fn failing(report: &Report) -> Vec<&'static str> {
    let mut rules: Vec<_> =
        report.all_findings().filter(|f| f.outcome == Outcome::Fails).map(|f| f.rule.id).collect();
    rules.dedup();
    rules
}

#[test]
fn every_format_of_ours_holds() {
    for profile in PdfProfile::ALL {
        let report = report(&pdf(&TWO, &record(), profile));
        assert_eq!(failing(&report), [""; 0], "{profile}");
        assert_eq!(report.verdict, Verdict::Indeterminate, "{profile}: the time is only claimed");
        for signature in &report.signatures {
            let facts = &signature.facts;
            assert_eq!([facts.intact, facts.signature, facts.coverage], [Fact::Holds; 3], "{profile}");
            let seal = if profile == PdfProfile::GmSeal { Fact::Holds } else { Fact::NotApplicable };
            assert_eq!((facts.seal, facts.time), (seal, Fact::Unknown), "{profile}");
            assert_eq!(signature.claimed_time.as_deref(), Some("2026-03-05T08:00:00Z"), "{profile}");
        }
        assert_eq!((report.subject.holder.as_str(), report.subject.marks.len()), ("欧阳样例", 1));
        for rule in [
            "licence.face",
            "pdf.information",
            "pdf.standing",
            "licence.metadata",
            "licence.mark",
            "licence.mark.signature",
        ] {
            let held = report.findings.iter().any(|f| f.rule.id == rule && f.outcome == Outcome::Holds);
            assert!(held, "{profile}: {rule} in {:#?}", report.findings);
        }
    }
}

#[test]
fn with_timestamps_a_certificate_is_valid() {
    for profile in PdfProfile::ALL {
        let report = report(&pdf(&STAMPED, &record(), profile));
        let open: Vec<_> = report.all_findings().filter(|f| f.outcome != Outcome::Holds).collect();
        assert_eq!(report.verdict, Verdict::Valid, "{profile}: {open:#?}");
        assert!(report.signatures.iter().all(|s| s.proven_time.as_deref() == Some("2026-03-05T08:00:00Z")));
    }
}

/// A file that is VALID, its report, and where its values are.
static VALID: LazyLock<(Vec<u8>, Report, Vec<Range<usize>>)> = LazyLock::new(|| {
    let file = pdf(&STAMPED, &record(), PdfProfile::Cms);
    let (report, values) = (report(&file), values(&file));
    assert_eq!(report.verdict, Verdict::Valid);
    (file, report, values)
});

/// The digits of the signatures' values.
fn values(bytes: &[u8]) -> Vec<Range<usize>> {
    let word = b"/Contents<";
    let starts =
        bytes.windows(word.len()).enumerate().filter(|(_, w)| w == word).map(|(at, _)| at + word.len());
    starts.map(|at| at..at + bytes[at..].iter().position(|&b| b == b'>').unwrap()).collect()
}

#[test]
fn a_value_belongs_to_its_bytes() {
    let [first, second] = &values(&PDF)[..] else { panic!() };
    assert_eq!(first.len(), second.len());
    let mut swapped = PDF.clone();
    swapped.copy_within(second.clone(), first.start);
    swapped[second.clone()].copy_from_slice(&PDF[first.clone()]);
    assert!(failing(&report(&swapped)).contains(&"pdf.digest"), "swapped");

    // A value is a byte or two shorter than its room, unless both numbers of the signature need a sign byte.
    let mut numbered =
        (1..).map(|i| pdf(&TWO, &record().with("number", format!("样例{i:08}")), PdfProfile::Cms));
    let mut behind = numbered.find(|pdf| pdf[..values(pdf)[0].end].ends_with(b"00")).unwrap();
    let end = values(&behind)[0].end;
    behind[end - 1] = b'7';
    assert!(failing(&report(&behind)).contains(&"pdf.signature-value"), "a byte behind the value");

    let mut other = PDF.clone();
    // The last bytes of the value are those of the signature.
    let end = first.start + PDF[first.clone()].iter().rposition(|&b| b != b'0').unwrap();
    other[end - 4] = if other[end - 4] == b'1' { b'2' } else { b'1' };
    assert!(failing(&report(&other)).contains(&"signature.value"), "{:?}", failing(&report(&other)));

    let other = replaced(&PDF, "adbe.pkcs7.detached", "ETSI.CAdES.detached");
    assert!(failing(&report(&other)).contains(&"pdf.signature-value"), "CAdES binds its certificate");
}

#[test]
fn a_certificate_says_the_same_everywhere() {
    let number = "<cert:ZZBH>样例20260001";
    let twin = replaced(&PDF, number, "<cert:ZZBH>样例20260002");
    let found = failing(&report(&twin));
    for rule in ["pdf.digest", "pdf.information", "licence.metadata", "licence.mark"] {
        assert!(found.contains(&rule), "{rule} in {found:?}");
    }
    // Another page, as if the office had sealed what it did not mean.
    let page = PDF.windows(11).rposition(|w| w == b"/Type/Page/").unwrap();
    let head = PDF[..page].windows(7).rposition(|w| w == b" 0 obj\n").unwrap();
    let number: u32 = {
        let line = PDF[..head].iter().rposition(|&b| b == b'\n').unwrap() + 1;
        str::from_utf8(&PDF[line..head]).unwrap().parse().unwrap()
    };
    let end = head + PDF[head..].windows(6).position(|w| w == b"endobj").unwrap();
    let text = String::from_utf8_lossy(&PDF[head + 7..end]).into_owned();
    let start = text.find("/Contents[").unwrap();
    let stop = start + text[start..].find(']').unwrap();
    let mut builder = Builder::after(&PDF);
    builder.object(number, &format!("{}/Contents[{}", &text[..start], &text[stop..]));
    builder.end();
    let found = failing(&report(&builder.bytes));
    assert!(found.contains(&"licence.face") && found.contains(&"pdf.doc-mdp"), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_flipped_byte_never_leaves_what_was_signed(at in any::<Index>(), bit in 0..8u32) {
        let (file, as_made, values) = &*VALID;
        let at = at.index(file.len());
        let mut twin = file.clone();
        twin[at] ^= 1 << bit;
        let report = report(&twin);
        // A value holds certificates that nobody needs, and digits of either case; the last line end is nobody's.
        let is_open = values.iter().any(|value| value.contains(&at)) || at + 1 == file.len();
        prop_assert!(report.verdict != Verdict::Valid || is_open && report == *as_made, "byte {at}");
    }

    #[test]
    fn bytes_taken_out_doubled_or_moved_never_panic(at in 0..1_000_000usize, len in 1..4000usize, to in 0..1_000_000usize) {
        let at = at % PDF.len();
        let end = (at + len).min(PDF.len());
        let rest = [&PDF[..at], &PDF[end..]].concat();
        prop_assert!(report(&rest).verdict.is_refusal());
        let to = to % rest.len();
        let moved = [&rest[..to], &PDF[at..end], &rest[to..]].concat();
        prop_assert!(report(&moved).verdict.is_refusal() || moved == *PDF);
        let doubled = [&PDF[..end], &PDF[at..]].concat();
        prop_assert!(report(&doubled).verdict.is_refusal());
    }
}

/// `cargo test --release --test pdf_read -- --ignored --nocapture speed`
#[test]
#[ignore = "a measurement"]
fn speed() {
    for profile in PdfProfile::ALL {
        let bytes = pdf(&TWO, &record(), profile);
        report(&bytes);
        let start = std::time::Instant::now();
        let times = 300;
        (0..times).for_each(|_| assert!(!report(&bytes).verdict.is_refusal()));
        println!("{profile}: {} bytes, {:?} a file", bytes.len(), start.elapsed() / times);
    }
}
