//! What a sink of one's own may rely on.

use std::io;
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use super::name::NamePattern;
use super::{Batch, BatchError, GROUP, Head, Journal, Lasting, Sink, Standing, Summary, Survey};
use crate::page::Timestamp;
use crate::seal::SealError;
use crate::{Fonts, Layout, Press, Record, RenderOptions, Sealer};

/// Counts what it holds, and takes its time.
#[derive(Default)]
struct Slow {
    held: AtomicUsize,
    most: AtomicUsize,
    kept: AtomicUsize,
    /// Fails from so many files on.
    fails_at: Option<usize>,
}

impl Sink for Slow {
    type Staged = ();

    fn stage(&self, _: &str, _: Vec<u8>) -> io::Result<()> {
        self.most.fetch_max(self.held.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        Ok(())
    }

    fn keep(&self, group: &mut Vec<()>) -> io::Result<()> {
        std::thread::sleep(Duration::from_millis(20));
        self.held.fetch_sub(group.len(), Ordering::SeqCst);
        let kept = self.kept.fetch_add(group.len(), Ordering::SeqCst);
        match self.fails_at {
            Some(most) if kept + group.len() > most => Err(io::ErrorKind::StorageFull.into()),
            _ => Ok(()),
        }
    }
}

fn press() -> Press {
    let layout = r#"<layout xmlns="urn:certpress:layout:1" id="small" title="样例">
        <fields><field name="number" label="编号" type="text" required="true"/></fields>
        <page size="60x40mm"><text x="5mm" y="5mm" width="50mm" font="song" size="9pt">{{ number }}</text>
        <seal x="10mm" y="1mm" diameter="38mm"/></page></layout>"#;
    let fonts = Fonts::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap();
    Layout::from_text("small.xml", layout).unwrap().compile(&Arc::new(fonts)).unwrap()
}

fn run(press: &Press, sink: &Slow, journal: &mut Journal, read: &AtomicUsize) -> Result<Summary, BatchError> {
    run_at(None, press, sink, journal, read)
}

fn run_at(
    time: Option<Timestamp>,
    press: &Press,
    sink: &Slow,
    journal: &mut Journal,
    read: &AtomicUsize,
) -> Result<Summary, BatchError> {
    let options = RenderOptions { pdf: false, time, ..RenderOptions::default() };
    let batch = Batch {
        presses: press,
        options: &options,
        names: &NamePattern::usual(["number"]),
        shard: None,
        sm3: false,
        jobs: NonZeroUsize::new(2).unwrap(),
        max_errors: None,
        stop: &AtomicBool::new(false),
    };
    let records = (0..500).map(|i| {
        let ahead = read.fetch_add(1, Ordering::SeqCst).saturating_sub(sink.kept.load(Ordering::SeqCst));
        assert!(ahead <= 3 * GROUP + 1, "{ahead} records were read and not kept");
        Ok(Record::new().with("number", i.to_string()))
    });
    batch.run(Survey::default(), records, sink, journal, |_| {})
}

#[test]
fn a_slow_sink_holds_the_reader_back_and_not_the_memory() {
    let (press, dir) = (press(), tempfile::tempdir().unwrap());
    let mut journal =
        Journal::begin(&dir.path().join("manifest.jsonl"), &Head::new(&press, 500), Lasting::Unsynced)
            .unwrap();
    let sink = Slow::default();
    assert_eq!(run(&press, &sink, &mut journal, &AtomicUsize::new(0)).unwrap().done, 500);
    let most = sink.most.into_inner();
    assert!(most <= 3 * GROUP, "{most} files were held at once");
    assert_eq!(sink.kept.into_inner(), 500);
}

#[test]
fn a_sink_that_fails_is_gone_on_with_from_the_last_group_that_it_kept() {
    let (press, dir) = (press(), tempfile::tempdir().unwrap());
    let (path, head) = (dir.path().join("manifest.jsonl"), Head::new(&press, 500));
    let mut journal = Journal::begin(&path, &head, Lasting::Unsynced).unwrap();
    let full = Slow { fails_at: Some(150), ..Slow::default() };
    let stopped = run(&press, &full, &mut journal, &AtomicUsize::new(0)).unwrap_err();
    assert_eq!(stopped.hint(), "make room on the disk");
    drop(journal);
    let holds = |_: &super::Row| Ok::<_, super::ManifestError>(Standing::Holds);
    let mut journal = Journal::resume(&path, &head, Lasting::Unsynced, holds).unwrap();
    let listed = usize::try_from(journal.past().resumed).unwrap();
    assert!((GROUP..=150).contains(&listed), "{listed} rows");
    let sink = Slow { kept: AtomicUsize::new(listed), ..Slow::default() };
    let sum = run(&press, &sink, &mut journal, &AtomicUsize::new(0)).unwrap();
    assert_eq!((sum.done, sum.resumed), (500, listed as u64));
    assert_eq!(sink.kept.into_inner(), 500, "no file came twice");
}

#[test]
fn a_seal_that_is_not_valid_stops_the_batch_and_is_charged_to_no_record() {
    let (press, dir) = (press().with_seal(Sealer::demo().unwrap()).unwrap(), tempfile::tempdir().unwrap());
    let path = dir.path().join("manifest.jsonl");
    let mut journal = Journal::begin(&path, &Head::new(&press, 500), Lasting::Unsynced).unwrap();
    let early = Timestamp::parse("1999-01-01T00:00:00Z");
    let stopped = run_at(early, &press, &Slow::default(), &mut journal, &AtomicUsize::new(0)).unwrap_err();
    let is_of_the_seal =
        |e: &BatchError| matches!(e, BatchError::Seal { row: 1, source: SealError::NotValidAt { .. } });
    assert!(is_of_the_seal(&stopped), "{stopped}");
    assert_eq!(super::Manifest::open(&path).unwrap().count(), 0);
}
