//! The senior title certificate from layout to sealed files: compiling, each stage, whole certificates, threads.

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use rayon::prelude::*;

use certpress::page::Timestamp;
use certpress::record::{self, ImageRoot};
use certpress::{Fonts, Layout, Press, Record, RenderOptions, Sealer};

/// Certificates of one measurement of the thread scaling: enough that starting and ending threads does not count.
const BATCH: usize = 200;

struct Setting {
    fonts: Arc<Fonts>,
    records: Vec<Record>,
    options: RenderOptions,
}

impl Setting {
    fn new() -> Setting {
        let records = record::open("examples/title-senior.csv").expect("the sample records are there");
        Setting {
            fonts: Arc::new(Fonts::open(Path::new("fonts")).expect("the faces are there")),
            records: records.take(BATCH).map(|record| record.expect("a good row")).collect(),
            options: RenderOptions {
                time: Timestamp::parse("2026-03-05T08:00:00Z"),
                image_root: ImageRoot::open("examples").ok(),
                ..RenderOptions::default()
            },
        }
    }

    fn press(&self) -> Press {
        let layout = Layout::open("layouts/title-senior.xml").expect("the layout can be read");
        layout.compile(&self.fonts).expect("it compiles, and its static content can be set")
    }

    fn sealed(&self) -> Press {
        self.press().with_seal(Sealer::demo().expect("the demo seal")).expect("the layout has a place for it")
    }
}

fn layout(c: &mut Criterion) {
    let setting = Setting::new();
    let mut group = c.benchmark_group("layout");
    group.sample_size(10);
    group.bench_function("open fonts", |b| b.iter(|| Fonts::open(Path::new("fonts"))));
    group.bench_function("compile", |b| b.iter(|| setting.press()));
    group.finish();
}

fn stages(c: &mut Criterion) {
    let setting = Setting::new();
    let press = setting.sealed();
    let options = &setting.options;
    let time = options.time.expect("it is given");
    let mut turn = setting.records.iter().cycle();
    let mut bound = || {
        let record = turn.next().expect("a cycle has no end");
        press.bind(record, options).expect("a good record")
    };

    let mut group = c.benchmark_group("stage");
    group.bench_function("1 bind", |b| b.iter(&mut bound));
    group.bench_function("2 lay out", |b| {
        b.iter_batched(&mut bound, |entry| press.lay(&entry, time, options), BatchSize::SmallInput);
    });
    let mut laid = || press.lay(&bound(), time, options).expect("it fits");
    group.bench_function("3 write OFD", |b| {
        b.iter_batched(&mut laid, |document| press.write_ofd(&document), BatchSize::SmallInput);
    });
    group.bench_function("3 write PDF", |b| {
        b.iter_batched(&mut laid, |document| press.write_pdf(&document), BatchSize::SmallInput);
    });
    group.bench_function("4 seal OFD", |b| {
        let written = || press.write_ofd(&laid()).expect("an OFD");
        b.iter_batched(written, |ofd| press.seal(Some(ofd), None, time, options), BatchSize::SmallInput);
    });
    group.bench_function("4 seal PDF", |b| {
        let written = || press.write_pdf(&laid()).expect("a PDF");
        b.iter_batched(written, |pdf| press.seal(None, Some(pdf), time, options), BatchSize::SmallInput);
    });
    group.finish();
}

fn certificates(c: &mut Criterion) {
    let setting = Setting::new();
    let presses = [("sealed", setting.sealed()), ("unsealed", setting.press())];
    let mut group = c.benchmark_group("certificate");
    group.throughput(Throughput::Elements(1));
    for (seal, press) in &presses {
        for (format, ofd, pdf) in [("pair", true, true), ("OFD", true, false), ("PDF", false, true)] {
            let options = RenderOptions { ofd, pdf, ..setting.options.clone() };
            let mut turn = setting.records.iter().cycle();
            group.bench_function(format!("{seal} {format}"), |b| {
                b.iter(|| press.render_with(turn.next().expect("a cycle has no end"), &options));
            });
        }
    }
    group.finish();
}

fn threads(c: &mut Criterion) {
    let setting = Setting::new();
    let press = setting.sealed();
    let all = std::thread::available_parallelism().map_or(1, usize::from);
    let mut counts = vec![1, 2, 4, all];
    counts.retain(|&n| n <= all);
    counts.sort_unstable();
    counts.dedup();

    let mut group = c.benchmark_group("threads");
    group
        .throughput(Throughput::Elements(BATCH as u64))
        .sample_size(20)
        .measurement_time(Duration::from_secs(8));
    for n in counts {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads start");
        group.bench_function(n.to_string(), |b| {
            b.iter(|| {
                pool.install(|| {
                    setting.records.par_iter().for_each(|record| {
                        black_box(press.render_with(record, &setting.options).expect("a good record"));
                    });
                });
            });
        });
    }
    group.finish();
}

criterion_group!(benches, layout, stages, certificates, threads);
criterion_main!(benches);
