//! Previews: a page of a document as pixels.
//!
//! In: a [`Document`], a page, a resolution. Out: [`Picture`], and its PNG file.
//! Invariant: glyphs are drawn from the embedded subset fonts by the glyph ids of the page, so the preview shows what the files
//! carry and not what the faces would have; a preview is a conversion and never the original.

mod draw;
mod image;
mod outline;

use crate::page::{Document, SealArtwork};

/// The largest picture made.
const MAX_PIXELS: u64 = 64 << 20;
/// The least and the greatest resolution, in pixels an inch.
const DPI: (u32, u32) = (10, 1200);

/// How a page becomes pixels.
#[derive(Clone, Copy, Debug)]
pub struct Options<'a> {
    /// Pixels an inch, 10 to 1200.
    pub dpi: f64,
    /// The seals to show, by role; places of other roles are left empty.
    pub seals: &'a [&'a SealArtwork],
}

impl Default for Options<'_> {
    fn default() -> Self {
        Options { dpi: 150.0, seals: &[] }
    }
}

/// Why a page has no picture.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The document has fewer pages.
    #[error("there is no page {0}")]
    NoPage(usize),
    /// Outside of 10 to 1200 dpi, or more than 64 Mpixel.
    #[error("a page of {width:.0} × {height:.0} mm has no picture at {dpi} dpi, but from {} to {most} dpi", DPI.0)]
    Size {
        /// Width of the page in mm.
        width: f64,
        /// Height of the page in mm.
        height: f64,
        /// The resolution asked for.
        dpi: f64,
        /// The greatest that works.
        most: u32,
    },
    /// More pages than a contact sheet of 64 Mpixel has room for.
    #[error("a sheet has no room for {pages} pages of {width} × {height} pixels, but for {most}")]
    Sheet {
        /// How many there are.
        pages: usize,
        /// Width of the widest.
        width: u32,
        /// Height of the tallest.
        height: u32,
        /// How many there may be.
        most: usize,
    },
    /// An item names a font or an image that the document does not have, or that cannot be read.
    #[error("{what} cannot be drawn: {why}")]
    Resource {
        /// The font's name, or the image's place among the images.
        what: String,
        /// What is wrong with it.
        why: String,
    },
    /// The PNG encoder's complaint.
    #[error("cannot write the PNG: {0}")]
    Encode(#[from] ::png::EncodingError),
}

/// A page's pixels on white paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Red, green and blue, a byte each, row by row from the top.
    pub rgb: Vec<u8>,
    /// Pixels a metre, as PNG counts them.
    per_metre: u32,
}

/// Draws page `index` of `document`, counted from 0.
pub fn page(document: &Document, index: usize, options: &Options<'_>) -> Result<Picture, PngError> {
    let page = document.pages.get(index).ok_or(PngError::NoPage(index))?;
    let master = document.master.pages.get(page.master).ok_or(PngError::NoPage(index))?;
    let dpi = options.dpi;
    let (width, height) = (master.size.width.to_mm(), master.size.height.to_mm());
    let extent = |dpi: f64| [width, height].map(|mm| (mm * dpi / 25.4).round().max(1.0) as u32);
    let [across, down] = extent(dpi);
    let beyond = || {
        let fits = |dpi: &u32| {
            let [across, down] = extent(f64::from(*dpi));
            is_drawn(across, down)
        };
        let most = (DPI.0..=DPI.1).rev().find(fits).unwrap_or(DPI.0);
        PngError::Size { width, height, dpi, most }
    };
    if !(f64::from(DPI.0)..=f64::from(DPI.1)).contains(&dpi) || !is_drawn(across, down) {
        return Err(beyond());
    }
    let mut canvas = tiny_skia::Pixmap::new(across, down).ok_or_else(beyond)?;
    canvas.fill(tiny_skia::Color::WHITE);

    let mut drawing = draw::Drawing::new(document, dpi, canvas);
    for item in master.background.iter().chain(&page.items).chain(&master.foreground) {
        drawing.item(item)?;
    }
    for place in &page.seals {
        if let Some(seal) = options.seals.get(usize::from(place.role)) {
            drawing.seal(seal, place)?;
        }
    }
    for item in master.conversion.iter().chain(&page.conversion) {
        drawing.item(item)?;
    }
    // White paper is opaque, so nothing is premultiplied by less than one.
    let rgb = drawing.finish().data().chunks_exact(4).flat_map(|p| [p[0], p[1], p[2]]).collect();
    Ok(Picture { width: across, height: down, rgb, per_metre: (dpi / 0.0254).round() as u32 })
}

/// Whether a picture may be so large.
pub(crate) fn is_drawn(across: u32, down: u32) -> bool {
    u64::from(across) * u64::from(down) <= MAX_PIXELS
}

impl Picture {
    /// The same, each `times` × `times` pixels as one of their mean colour; what is left at the right and below is lost.
    pub fn shrunk(&self, times: u32) -> Picture {
        let times = times.max(1);
        let (width, height) = ((self.width / times).max(1), (self.height / times).max(1));
        let (stride, most) = (self.width as usize * 3, self.rgb.len());
        let mut rgb = Vec::with_capacity(width as usize * height as usize * 3);
        for y in 0..height as usize {
            for x in 0..width as usize {
                for channel in 0..3 {
                    let (mut sum, mut count) = (0_u32, 0_u32);
                    for row in y * times as usize..(y + 1) * times as usize {
                        for column in x * times as usize..(x + 1) * times as usize {
                            let at = row * stride + column * 3 + channel;
                            if at < most {
                                sum += u32::from(self.rgb[at]);
                                count += 1;
                            }
                        }
                    }
                    rgb.push((sum / count.max(1)) as u8);
                }
            }
        }
        Picture { width, height, rgb, per_metre: self.per_metre / times }
    }

    /// Puts `other` over it, its top left corner at `x`, `y`; what reaches beyond is lost.
    pub fn paste(&mut self, other: &Picture, x: u32, y: u32) {
        let across = other.width.min(self.width.saturating_sub(x)) as usize * 3;
        if across == 0 {
            return;
        }
        for row in 0..other.height.min(self.height.saturating_sub(y)) {
            let to = ((y + row) as usize * self.width as usize + x as usize) * 3;
            let from = row as usize * other.width as usize * 3;
            self.rgb[to..to + across].copy_from_slice(&other.rgb[from..from + across]);
        }
    }

    /// The PNG file as fast as it can be had, for eyes alone: larger, and without a word of what it is.
    pub fn to_quick_png(&self) -> Result<Vec<u8>, PngError> {
        let mut file = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(::png::ColorType::Rgb);
        encoder.set_depth(::png::BitDepth::Eight);
        encoder.set_compression(::png::Compression::Fast);
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(file)
    }

    /// The PNG file (sRGB, with its resolution). `description` says what it is, in the file's own words: a conversion of which original.
    pub fn to_png(&self, description: &str) -> Result<Vec<u8>, PngError> {
        let mut file = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut file, self.width, self.height);
        encoder.set_color(::png::ColorType::Rgb);
        encoder.set_depth(::png::BitDepth::Eight);
        encoder.set_source_srgb(::png::SrgbRenderingIntent::Perceptual);
        encoder.set_pixel_dims(Some(::png::PixelDimensions {
            xppu: self.per_metre,
            yppu: self.per_metre,
            unit: ::png::Unit::Meter,
        }));
        if !description.is_empty() {
            encoder.add_itxt_chunk("Description".to_owned(), description.to_owned())?;
        }
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.rgb)?;
        writer.finish()?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests;
