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
mod twins;
mod vouch;
mod xml;
#[path = "../ofd_read/zip.rs"]
mod zip;

use std::collections::BTreeSet;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use attack::Attack;
use certpress::verify;

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
    twins::ATTACKS,
];

/// What each forgery's answer came to, in parallel and once for all tests.
static JUDGED: LazyLock<Vec<Result<Vec<&'static str>, String>>> = LazyLock::new(|| {
    let attacks: Vec<&Attack> = TABLES.iter().copied().flatten().collect();
    let next = AtomicUsize::new(0);
    let judge = || {
        let mine = std::iter::from_fn(|| attacks.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.map(|attack| attack.judge()).collect::<Vec<_>>()
    };
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(judge)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
});

#[test]
fn every_forgery_gets_its_verdict_and_its_finding() {
    let wrong: Vec<&str> =
        JUDGED.iter().filter_map(|judged| judged.as_ref().err()).map(String::as_str).collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), JUDGED.len(), wrong.join("\n"));
}

/// Rules that say nothing where all is well, or where what they are about is not there.
const SILENT: &[&str] = &[
    "file.format",
    "file.limits",
    "ofd.name.case",
    "ofd.namespace",
    "ofd.signed-value.wrapping",
    "ofd.seal.file",
    "signature.form",
    "seal.timestamp",
    "licence.reissue",
    "mark.issuer",
    "mark.payload",
    "mark.validity",
    "pdf.encryption",
    "pdf.xfa",
    "pdf.hidden",
];

/// Rules whose odd or broken twin takes the keys of those who sealed it, or is no file, and where that twin is.
const ELSEWHERE: &[(&str, &str)] = &[
    ("ofd.name.case", "tests/ofd_read/twins.rs"),
    ("ofd.namespace", "tests/ofd_read/twins.rs"),
    ("ofd.signed-value.wrapping", "tests/ofd_read/twins.rs"),
    ("ofd.seal.file", "tests/ofd_read/twins.rs"),
    ("seal.timestamp", "tests/ofd_read/twins.rs"),
    ("mark.issuer", "tests/attacks/marks.rs"),
    ("mark.payload", "tests/attacks/marks.rs"),
    ("mark.validity", "tests/attacks/marks.rs"),
];

#[test]
fn every_rule_is_kept_by_an_original_and_broken_by_a_twin() {
    let kept = genuine::kept();
    let broken: BTreeSet<&str> = JUDGED.iter().flatten().flatten().copied().collect();
    let mut faults = Vec::new();
    for rule in verify::rules().map(|rule| rule.id) {
        if kept.contains(rule) == SILENT.contains(&rule) {
            faults.push(format!("{rule} is kept: {}", kept.contains(rule)));
        }
        let elsewhere = ELSEWHERE.iter().find(|(id, _)| *id == rule);
        let is_there = elsewhere
            .is_some_and(|(_, file)| std::fs::read_to_string(file).unwrap().contains(&format!("\"{rule}\"")));
        if broken.contains(rule) == is_there {
            faults.push(format!(
                "{rule} is broken by a forgery: {}, elsewhere: {is_there}",
                broken.contains(rule)
            ));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_tables_name_each_forgery_once() {
    let names: Vec<&str> = TABLES.iter().copied().flatten().map(|attack| attack.name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    let readme = include_str!("../../README.md");
    assert!(
        readme.contains(&format!("forges {} files", names.len())),
        "README.md tells another number than {}",
        names.len()
    );
}
