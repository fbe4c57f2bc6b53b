//! Draws `docs/gallery/*.png`: every layout that ships, with one of its sample records, all at one scale.
//!
//! Run `cargo run --example make_gallery` in the repository. Pages stand side by side; a document of many shows its first two.
//! The seal is drawn for the issuer of each record, so that a unit that reviews for itself has its own.

use std::collections::BTreeMap;
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

/// A4 is 700 pixels wide.
const DPI: f64 = 700.0 / 210.0 * 25.4;
/// Between two pages.
const GAP: usize = 24;
const MAX_PAGES: usize = 2;

/// Whose picture shows the fourth sample, a reissue. The others show the first.
const REISSUES: [&str; 2] = ["title-junior", "vocational-level"];

type Rgb = [u8; 3];

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

/// Pixels row by row, and how many make a row.
struct Canvas {
    width: usize,
    pixels: Vec<Rgb>,
}

/// The pages in a row, in thin frames of grey that stand for the edges of the paper.
fn beside(pages: &[Picture]) -> Canvas {
    const PAPER_EDGE: Rgb = [200; 3];
    let width =
        pages.iter().map(|p| p.width as usize + 2).sum::<usize>() + GAP * pages.len().saturating_sub(1);
    let height = pages.iter().map(|p| p.height as usize + 2).max().unwrap_or(0);
    let mut pixels = vec![[255; 3]; width * height];
    let mut left = 0;
    for page in pages {
        let (across, down) = (page.width as usize, page.height as usize);
        for y in 0..down + 2 {
            pixels[y * width + left..][..across + 2].fill(PAPER_EDGE);
        }
        for (y, row) in page.rgb.chunks_exact(across * 3).enumerate() {
            let start = (y + 1) * width + left + 1;
            for (pixel, rgb) in pixels[start..start + across].iter_mut().zip(row.chunks_exact(3)) {
                pixel.copy_from_slice(rgb);
            }
        }
        left += across + 2 + GAP;
    }
    Canvas { width, pixels }
}

/// A PNG of at most 256 colours: the picture's own, or the means of boxes that halve the most populous range in turn (median cut).
fn indexed(canvas: &Canvas) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
    for pixel in &canvas.pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut boxes = vec![counts.iter().map(|(color, count)| (*color, *count)).collect::<Vec<_>>()];
    while boxes.len() < 256 {
        let Some(widest) =
            (0..boxes.len()).filter(|&i| boxes[i].len() > 1).max_by_key(|&i| weight(&boxes[i]))
        else {
            break;
        };
        let mut colors = boxes.swap_remove(widest);
        let (channel, _) = widest_channel(&colors);
        colors.sort_by_key(|(color, _)| color[channel]);
        let upper = colors.split_off(colors.len() / 2);
        boxes.extend([colors, upper]);
    }
    let mut palette = Vec::new();
    let mut index_of: BTreeMap<Rgb, u8> = BTreeMap::new();
    for (index, colors) in boxes.iter().enumerate() {
        let total: usize = colors.iter().map(|(_, count)| count).sum();
        for channel in 0..3 {
            let sum: usize = colors.iter().map(|(color, count)| usize::from(color[channel]) * count).sum();
            palette.push((sum as f64 / total as f64).round() as u8);
        }
        index_of.extend(colors.iter().map(|(color, _)| (*color, index as u8)));
    }
    let indices: Vec<u8> = canvas.pixels.iter().map(|pixel| index_of[pixel]).collect();

    let mut file = Vec::new();
    let height = canvas.pixels.len() / canvas.width;
    let mut encoder = ::png::Encoder::new(&mut file, canvas.width as u32, height as u32);
    encoder.set_color(::png::ColorType::Indexed);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(::png::Compression::High);
    encoder.set_filter(::png::Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(file)
}

/// The channel in which `colors` differ most, and by how much.
fn widest_channel(colors: &[(Rgb, usize)]) -> (usize, u8) {
    let spread = |channel: usize| {
        let values = || colors.iter().map(|(color, _)| color[channel]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    (0..3).map(|channel| (channel, spread(channel))).max_by_key(|(_, spread)| *spread).unwrap_or((0, 0))
}

/// How much a box is worth dividing.
fn weight(colors: &[(Rgb, usize)]) -> usize {
    let pixels: usize = colors.iter().map(|(_, count)| count).sum();
    usize::from(widest_channel(colors).1) * pixels.isqrt()
}
