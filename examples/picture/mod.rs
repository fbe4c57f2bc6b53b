//! Pictures of pages for the documents: side by side in one small PNG.

use std::collections::BTreeMap;
use std::error::Error;

use certpress::png::Picture;

/// Between two pages.
const GAP: usize = 24;

type Rgb = [u8; 3];

/// Pixels row by row, and how many make a row.
pub(crate) struct Canvas {
    pub(crate) width: usize,
    pub(crate) pixels: Vec<Rgb>,
}

/// The pages in a row, in thin frames of grey that stand for the edges of the paper.
pub(crate) fn beside(pages: &[Picture]) -> Canvas {
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
pub(crate) fn indexed(canvas: &Canvas) -> Result<Vec<u8>, Box<dyn Error>> {
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
