//! Every layout that ships, with its sample records, from end to end.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod agreement;
mod certificates;
mod checked;
mod editions;
mod every;
mod gallery;
mod space;
mod title;
mod vocational;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use certpress::crypto::sm2::Nonce;
use certpress::page::{Document, ItemKind, Timestamp};
use certpress::record::{self, ImageRoot};
use certpress::{Fonts, Layout, Press, Record, RenderOptions, Sealer};

/// By name, sealed by the demonstration seal.
static SHIPPED: LazyLock<BTreeMap<String, Press>> = LazyLock::new(|| {
    let fonts = Arc::new(Fonts::open(Path::new("fonts")).unwrap());
    let files = std::fs::read_dir("layouts").unwrap().map(|entry| entry.unwrap().path());
    let layouts = files.filter(|path| path.extension().is_some_and(|e| e == "xml"));
    let named = layouts.map(|path| (path.file_stem().unwrap().to_str().unwrap().to_owned(), path));
    let compiled = |path: &Path| {
        let press = Layout::open(path).unwrap().compile(&fonts).unwrap();
        press.with_seal(Sealer::demo().unwrap()).unwrap()
    };
    named.filter(|(name, _)| !name.ends_with("-base")).map(|(name, path)| (name, compiled(&path))).collect()
});

/// The row of every sample file that is a reissue, counted from 0, and one that is not.
const REISSUE: usize = 3;
const PLAIN: usize = 0;

/// The first twenty sample records of `layout`.
fn samples(layout: &str) -> Vec<Record> {
    let files = ["csv", "jsonl"].map(|format| format!("examples/{layout}.{format}"));
    let file = files.iter().find(|file| Path::new(file).exists()).unwrap_or_else(|| panic!("{layout}"));
    let records = record::open(file).unwrap();
    records.take(20).map(Result::unwrap).collect()
}

fn options() -> RenderOptions {
    RenderOptions {
        time: Timestamp::parse("2026-03-05T08:00:00Z"),
        nonce: Nonce::Deterministic,
        image_root: Some(ImageRoot::open("examples").unwrap()),
        ..RenderOptions::default()
    }
}

fn lay(press: &Press, record: &Record) -> Document {
    let options = options();
    let entry = press.bind(record, &options).unwrap();
    press.lay(&entry, options.time.unwrap(), &options).unwrap()
}

/// What page `index` says, run after run, its static text first.
fn words(document: &Document, index: usize) -> String {
    let page = &document.pages[index];
    let master = &document.master.pages[page.master];
    let items = master.background.iter().chain(&page.items).chain(&master.foreground);
    let runs = items.filter_map(|item| match &item.kind {
        ItemKind::Glyphs(run) => Some(run.text.as_str()),
        _ => None,
    });
    runs.collect()
}

/// The metadata entry `name`, empty if it is not there.
fn metadata<'a>(document: &'a Document, name: &str) -> &'a str {
    let entry = document.info.custom.iter().find(|(n, _)| n == name);
    entry.map_or("", |(_, value)| value)
}
