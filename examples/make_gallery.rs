//! Draws `docs/gallery/*.png`: every layout that ships, with one of its sample records, all at one scale.
//!
//! Run `cargo run --example make_gallery` in the repository. Pages stand side by side; a document of many shows its first two.
//! The seal is drawn for the issuer of each record, so that a unit that reviews for itself has its own.

#[path = "picture/mod.rs"]
mod picture;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certpress::compile::Edition;
use certpress::page::{SealArtwork, Timestamp};
use certpress::png::{self, Options, Picture};
use certpress::record::{self, ImageRoot};
use certpress::seal::{Design, TestMark};
use certpress::unit::Length;
use certpress::{Fonts, Layout, Record, RenderOptions};
use picture::{beside, indexed};

/// A4 is 700 pixels wide.
const DPI: f64 = 700.0 / 210.0 * 25.4;
const MAX_PAGES: usize = 2;

/// Whose picture shows the fourth sample, a reissue. The others show the first.
const REISSUES: [&str; 2] = ["title-junior", "vocational-level"];

fn main() -> Result<(), Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = root.join("docs/gallery");
    std::fs::create_dir_all(&folder)?;
    let fonts = Arc::new(Fonts::open(&root.join("fonts"))?);
    let mut layouts: Vec<PathBuf> =
        std::fs::read_dir(root.join("layouts"))?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    layouts.retain(|path| path.extension().is_some_and(|e| e == "xml"));
    layouts.sort();
    for path in layouts {
        let name = path.file_stem().ok_or("a layout has a name")?.to_string_lossy();
        if name.ends_with("-base") {
            continue;
        }
        for (suffix, edition) in editions(&name).iter().copied() {
            let pages = draw(&path, edition, &sample(root, &name)?, &fonts, root);
            let pages = pages.map_err(|e| format!("{name}{suffix}: {e}"))?;
            std::fs::write(folder.join(format!("{name}{suffix}.png")), indexed(&beside(&pages))?)?;
        }
    }
    Ok(())
}

/// The editions of layout `name` that are pictured, with what their files' names end in: one layout shows those for paper too.
fn editions(name: &str) -> &'static [(&'static str, Edition)] {
    const ALL: &[(&str, Edition)] =
        &[("", Edition::Electronic), ("-print", Edition::Print), ("-overprint", Edition::Overprint)];
    if name == "title-senior" { ALL } else { &ALL[..1] }
}

/// The record that the picture of layout `name` shows.
fn sample(root: &Path, name: &str) -> Result<Record, Box<dyn Error>> {
    let file = |extension: &str| root.join(format!("examples/{name}.{extension}"));
    let path = ["csv", "jsonl"].map(file).into_iter().find(|path| path.exists());
    let mut records = record::open(path.ok_or_else(|| format!("{name} has no samples"))?)?;
    let at = if REISSUES.contains(&name) { 3 } else { 0 };
    Ok(records.nth(at).ok_or_else(|| format!("{name} has too few samples"))??)
}

fn draw(
    path: &Path,
    edition: Edition,
    record: &Record,
    fonts: &Arc<Fonts>,
    root: &Path,
) -> Result<Vec<Picture>, Box<dyn Error>> {
    let press = Layout::open(path)?.compile_for(edition, fonts)?;
    let options = RenderOptions {
        image_root: Some(ImageRoot::open(root.join("examples"))?),
        ..RenderOptions::default()
    };
    let entry = press.bind(record, &options)?;
    let time = Timestamp::parse("2026-03-05T08:00:00Z").ok_or("a time")?;
    let document = press.lay(&entry, time, &options)?;
    let seal = seal(record.get("issuer").unwrap_or("样例单位"), fonts)?;
    let seals = vec![&seal; document.master.seal_roles.len()];
    let options = Options { dpi: DPI, seals: &seals };
    let shown = document.pages.len().min(MAX_PAGES);
    Ok((0..shown).map(|index| png::page(&document, index, &options)).collect::<Result<_, _>>()?)
}

/// The seal of `issuer`.
fn seal(issuer: &str, fonts: &Fonts) -> Result<SealArtwork, Box<dyn Error>> {
    let design = Design {
        unit: issuer.trim_end_matches("（虚构）").to_owned(),
        caption: "证书专用章".to_owned(),
        code: String::new(),
        mark: TestMark::Test,
        diameter: Length::mm(42.0),
    };
    Ok(design.draw(fonts)?)
}
