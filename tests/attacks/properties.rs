//! Whatever is changed of what is signed, the file is never VALID; and of what is not signed, nothing that counts can change.

use std::sync::atomic::{AtomicUsize, Ordering};

use certpress::verify::{self, Fact, Facts, Verdict};
use proptest::prelude::*;
use proptest::sample::Index;

use super::originals::{originals, policy};
use super::package::{LIST, Parts, VALUE};
use super::revision::Pdf;

/// What a forger does to the parts of a package.
#[derive(Clone, Debug)]
enum Change {
    Flip(Index, Index, u8),
    Insert(Index, Index, u8),
    Delete(Index, Index),
    Truncate(Index, Index),
    Drop(Index),
    Double(Index),
    Rename(Index),
    Swap(Index, Index),
    Copy(Index, Index),
}

impl Change {
    fn apply(&self, parts: &mut Parts) {
        let parts = &mut parts.0;
        let of = |index: &Index| index.index(parts.len());
        let within = |part: &Index, at: &Index| at.index(parts[of(part)].1.len().max(1));
        match self {
            Change::Flip(part, at, bit) => {
                let (part, at) = (of(part), within(part, at));
                parts[part].1.get_mut(at).into_iter().for_each(|byte| *byte ^= 1 << (bit % 8));
            }
            Change::Insert(part, at, byte) => {
                let (part, at) = (of(part), within(part, at));
                let at = at.min(parts[part].1.len());
                parts[part].1.insert(at, *byte);
            }
            Change::Delete(part, at) => {
                let (part, at) = (of(part), within(part, at));
                if at < parts[part].1.len() {
                    parts[part].1.remove(at);
                }
            }
            Change::Truncate(part, at) => {
                let (part, at) = (of(part), within(part, at));
                parts[part].1.truncate(at);
            }
            Change::Drop(part) => drop(parts.remove(of(part))),
            Change::Double(part) => {
                let (name, data) = parts[of(part)].clone();
                parts.push((format!("{name}x"), data));
            }
            Change::Rename(part) => {
                let part = of(part);
                parts[part].0.push('x');
            }
            Change::Swap(a, b) => {
                let (a, b) = (of(a), of(b));
                let data = parts[a].1.clone();
                parts[a].1 = std::mem::replace(&mut parts[b].1, data);
            }
            Change::Copy(a, b) => {
                let (a, b) = (of(a), of(b));
                parts[a].1 = parts[b].1.clone();
            }
        }
    }
}

fn change() -> impl Strategy<Value = Change> {
    let index = any::<Index>;
    prop_oneof![
        4 => (index(), index(), any::<u8>()).prop_map(|(p, a, b)| Change::Flip(p, a, b)),
        2 => (index(), index(), any::<u8>()).prop_map(|(p, a, b)| Change::Insert(p, a, b)),
        2 => (index(), index()).prop_map(|(p, a)| Change::Delete(p, a)),
        1 => (index(), index()).prop_map(|(p, a)| Change::Truncate(p, a)),
        1 => index().prop_map(Change::Drop),
        1 => index().prop_map(Change::Double),
        1 => index().prop_map(Change::Rename),
        1 => (index(), index()).prop_map(|(a, b)| Change::Swap(a, b)),
        1 => (index(), index()).prop_map(|(a, b)| Change::Copy(a, b)),
    ]
}

/// Whether `forged` still is the original in all that its signature covers: every part but the list of signatures, and of the signed
/// value what the signer signed, his certificate, the signature.
fn is_as_signed(forged: &Parts) -> bool {
    let original = &originals().one.ofd;
    let covered = |parts: &Parts| {
        let mut parts: Vec<_> =
            parts.0.iter().filter(|(name, _)| name != LIST && name != VALUE).cloned().collect();
        parts.sort();
        parts
    };
    let same_value = || {
        // The timestamp stands behind these; what its authority signed of it cannot change either, which the tables try.
        let signed = original.get(VALUE).len() - original.signed_value().at(&[4]).encode().len();
        let forged = forged.0.iter().find(|(name, _)| name == VALUE);
        // But for the length of the whole, in the first four bytes.
        forged.is_some_and(|(_, data)| data.get(4..signed) == Some(&original.get(VALUE)[4..signed]))
    };
    covered(forged) == covered(original) && same_value()
}

fn verdict(bytes: &[u8]) -> Verdict {
    verify::file(bytes, policy()).verdict
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_changed_in_an_ofd_is_never_valid(changes in prop::collection::vec(change(), 1..4)) {
        let mut forged = originals().one.ofd.clone();
        changes.iter().for_each(|change| change.apply(&mut forged));
        let verdict = verdict(&forged.build());
        prop_assert!(verdict != Verdict::Valid || is_as_signed(&forged), "{verdict}");
    }

    #[test]
    fn what_is_changed_in_a_container_is_never_read_otherwise(at in any::<Index>(), bit in 0..8u8) {
        let mut bytes = originals().one.ofd.build();
        let at = at.index(bytes.len());
        bytes[at] ^= 1 << bit;
        // A date in a header may change: what it holds may not.
        prop_assert!(verdict(&bytes) != Verdict::Valid || is_as_signed(&Parts::of(&bytes)));
    }

    #[test]
    fn what_is_changed_in_a_pdf_does_not_hold(at in any::<Index>(), bit in 0..8u8) {
        let pdf = &originals().one.pdf;
        let at = at.index(pdf.len());
        prop_assert!(is_noticed(pdf, at, bit), "byte {at}");
    }
}

/// Whether a change of one byte is noticed. The certificates in /Contents are signed by nobody but their issuers, and may be of no use: what a
/// forger does to them stands in the tables.
fn is_noticed(pdf: &[u8], at: usize, bit: u8) -> bool {
    let mut forged = pdf.to_vec();
    forged[at] ^= 1 << bit;
    let report = verify::file(&forged, policy());
    let holds = |facts: Facts| facts.intact == Fact::Holds && facts.signature == Fact::Holds;
    report.verdict.is_refusal()
        || !report.signatures.iter().any(|signature| holds(signature.facts))
        || Pdf::of(pdf).contents().contains(&at)
}

/// Asks `holds` of every number below `count`, in parallel; the first few of which it does not hold.
fn exceptions(count: usize, holds: impl Fn(usize) -> bool + Sync) -> Vec<usize> {
    let next = AtomicUsize::new(0);
    let ask = || {
        let mine = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|&at| at < count));
        mine.filter(|&at| !holds(at)).take(20).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..2).map(|_| scope.spawn(ask)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
#[ignore = "every byte: eight minutes of one core for all three, unoptimised"]
fn no_byte_of_an_ofd_can_change() {
    let original = &originals().one.ofd;
    for (index, (name, data)) in original.0.iter().enumerate() {
        let found = exceptions(data.len(), |at| {
            let mut forged = original.clone();
            forged.0[index].1[at] ^= 1;
            verdict(&forged.build()) != Verdict::Valid || is_as_signed(&forged)
        });
        assert!(found.is_empty(), "{name}: bytes {found:?}");
    }
}

#[test]
#[ignore = "every byte: eight minutes of one core for all three, unoptimised"]
fn no_byte_of_a_container_can_change() {
    let original = originals().one.ofd.build();
    let found = exceptions(original.len(), |at| {
        let mut bytes = original.clone();
        bytes[at] ^= 1;
        verdict(&bytes) != Verdict::Valid || is_as_signed(&Parts::of(&bytes))
    });
    assert!(found.is_empty(), "bytes {found:?}");
}

#[test]
#[ignore = "every byte: eight minutes of one core for all three, unoptimised"]
fn no_byte_of_a_pdf_can_change() {
    let pdf = &originals().one.pdf;
    let found = exceptions(pdf.len(), |at| is_noticed(pdf, at, 0));
    assert!(found.is_empty(), "bytes {found:?}");
}
