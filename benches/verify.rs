//! Verification: title certificates whose signers and seals repeat, the same without what earlier ones left in the caches, and packages of
//! growing size. The target is a thousand certificates a second on one core.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use certpress::crypto::trust::Trust;
use certpress::ofd;
use certpress::page::{Attachment, Document, Timestamp};
use certpress::record::{self, ImageRoot};
use certpress::seal::{SealOptions, write_demo};
use certpress::verify::{self, Policy, Verdict};
use certpress::{Certificate, Fonts, Layout, Press, Record, RenderOptions, Sealer};

/// Certificates among which a measurement takes turns.
const CERTIFICATES: usize = 32;

fn press() -> Press {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).expect("the faces are there"));
    let layout = Layout::open("layouts/title-senior.xml").expect("the layout can be read");
    let press = layout.compile(&fonts).expect("it compiles");
    press.with_seal(Sealer::demo().expect("the demo seal")).expect("the layout has a place for it")
}

fn records() -> Vec<Record> {
    let records = record::open("examples/title-senior.csv").expect("the sample records are there");
    records.take(CERTIFICATES).map(|record| record.expect("a good row")).collect()
}

fn options() -> RenderOptions {
    RenderOptions {
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        image_root: ImageRoot::open("examples").ok(),
        ..RenderOptions::default()
    }
}

/// A policy that trusts the demonstration seal's root.
fn policy() -> Policy {
    let dir = tempfile::tempdir().expect("a temporary folder");
    write_demo(dir.path(), "demo").expect("it can be written to");
    let root = std::fs::read(dir.path().join("root.crt")).expect("the root is there");
    let trust = Trust::empty().with_roots(&root).expect("it is a certificate");
    Policy::new(Timestamp::parse("2026-11-23T12:00:00Z").expect("a time")).with_trust(trust)
}

fn certificates(c: &mut Criterion) {
    let (press, options) = (press(), options());
    let made: Vec<Certificate> =
        records().iter().map(|record| press.render_with(record, &options).expect("a good record")).collect();
    let formats: [(&str, Vec<&[u8]>); 2] = [
        ("OFD", made.iter().filter_map(Certificate::ofd).collect()),
        ("PDF", made.iter().filter_map(Certificate::pdf).collect()),
    ];
    let mut group = c.benchmark_group("verify");
    group.throughput(Throughput::Elements(1));
    for (format, files) in &formats {
        let warm = policy();
        let mut turn = files.iter().cycle();
        group.bench_function(format!("{format}, warm"), |b| {
            b.iter(|| {
                let report = verify::file(turn.next().expect("a cycle has no end"), &warm);
                assert!(report.verdict <= Verdict::Indeterminate, "{report:?}");
                report
            });
        });
        group.bench_function(format!("{format}, cold"), |b| {
            b.iter_batched(policy, |cold| verify::file(files[0], &cold), criterion::BatchSize::SmallInput);
        });
    }
    group.finish();
}

/// A sealed title certificate with so many bytes attached that no program can deflate.
fn attached(press: &Press, mut document: Document, bytes: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let noise = |_| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        (state >> 24) as u8
    };
    document.info.attachments.push(Attachment {
        name: "noise.txt".into(),
        media_type: "text/plain".into(),
        description: String::new(),
        data: BASE64_STANDARD.encode((0..bytes * 3 / 4).map(noise).collect::<Vec<u8>>()).into_bytes().into(),
    });
    let unsealed: ofd::Unsealed = press.write_ofd(&document).expect("it can be written");
    let time = Timestamp::parse("2026-03-05T08:00:00Z").expect("a time");
    let sealed = Sealer::demo().expect("the demo seal").seal(Some(unsealed), None, &SealOptions::at(time));
    sealed.expect("it can be sealed").ofd.expect("an OFD")
}

/// The cost must grow with the size alone.
fn sizes(c: &mut Criterion) {
    let (press, options) = (press(), options());
    let entry = press.bind(&records()[0], &options).expect("a good record");
    let lay = || press.lay(&entry, options.time.expect("it is given"), &options).expect("it fits");
    let policy = policy();
    let mut group = c.benchmark_group("verify, with an attachment");
    group.sample_size(10);
    for bytes in [10_000, 100_000, 1_000_000, 10_000_000] {
        let file = attached(&press, lay(), bytes);
        group.throughput(Throughput::Bytes(file.len() as u64));
        group.bench_with_input(BenchmarkId::from_parameter(bytes), &file, |b, file| {
            b.iter(|| black_box(verify::file(file, &policy)));
        });
    }
    group.finish();
}

criterion_group!(benches, certificates, sizes);
criterion_main!(benches);
