//! Files forged or malformed without any key, each with the verdict and the finding that it must give. None may ever be VALID.
//!
//! In: sealed originals, made once. Out: one row a forgery, in tables. All run in parallel.

#![expect(clippy::unwrap_used, reason = "a test fails where it unwraps")]

mod asn1;
mod attack;
mod bombs;
mod containers;
#[path = "../../fuzz/src/drive.rs"]
#[expect(unreachable_pub, reason = "it is public in the crate of the fuzz targets")]
mod drive;
mod faces;
mod found;
mod genuine;
mod lapsed;
mod marks;
mod memory;
mod originals;
mod package;
mod pdfs;
mod photographs;
mod properties;
mod references;
mod revision;
mod seals;
mod stamps;
#[path = "../title_record/mod.rs"]
mod title_record;
mod vouch;
mod xml;
#[path = "../ofd_read/zip.rs"]
mod zip;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use attack::Attack;

/// All tables.
const TABLES: &[&[Attack]] = &[
    containers::ATTACKS,
    xml::ATTACKS,
    references::ATTACKS,
    seals::ATTACKS,
    bombs::ATTACKS,
    pdfs::ATTACKS,
    stamps::ATTACKS,
    lapsed::ATTACKS,
    marks::ATTACKS,
    faces::ATTACKS,
];

#[test]
fn every_forgery_gets_its_verdict_and_its_finding() {
    let attacks: Vec<&Attack> = TABLES.iter().copied().flatten().collect();
    let next = AtomicUsize::new(0);
    let judge = || {
        let mine = std::iter::from_fn(|| attacks.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.filter_map(|attack| attack.judge().err()).collect::<Vec<String>>()
    };
    let wrong: Vec<String> = std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(judge)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), attacks.len(), wrong.join("\n"));
}

#[test]
fn the_tables_name_each_forgery_once() {
    let names: Vec<&str> = TABLES.iter().copied().flatten().map(|attack| attack.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}
