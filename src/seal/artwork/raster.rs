//! The seal as a PNG with opacity: one colour in sixteen strengths, a palette with tRNS, 4 bits a pixel.

use tiny_skia::{Paint, PathBuilder, Pixmap, Transform};

use crate::color::Color;
use crate::geom::{Path, Point, Segment, Size};
use crate::page::{FillRule, Image, ImageFormat, PathItem};
use crate::seal::SealError;
use crate::unit::Length;

/// Fine enough for print; at 400 the picture of a long name takes 34 kB instead of 20, in every sealed file.
const DPI: f64 = 300.0;

/// A supplied picture has no more pixels than these.
const MAX_PIXELS: u64 = 16_000_000;

/// Draws `items`, all of one colour, and packs them.
pub(super) fn draw(items: &[PathItem], size: Size) -> Result<Image, SealError> {
    let pixels = |l: Length| (l.to_mm() / 25.4 * DPI).round().max(1.0) as u32;
    let (width, height) = (pixels(size.width), pixels(size.height));
    let mut canvas =
        Pixmap::new(width, height).ok_or_else(|| SealError::Artwork("too large to draw".into()))?;
    let color = items.iter().find_map(|i| i.fill.map(|f| f.color).or(i.stroke.as_ref().map(|s| s.color)));
    let color = color.ok_or_else(|| SealError::Artwork("nothing is painted".into()))?;
    let scale = width as f32 / size.width.to_mm() as f32;
    let to_pixels = Transform::from_scale(scale, scale);
    // Only coverage is drawn; the palette gives it colour and opacity.
    let paint = Paint { anti_alias: true, ..Paint::default() };
    for item in items {
        let Some(path) = outline(&item.path) else { continue };
        if let Some(fill) = &item.fill {
            let rule = match fill.rule {
                FillRule::NonZero => tiny_skia::FillRule::Winding,
                FillRule::EvenOdd => tiny_skia::FillRule::EvenOdd,
            };
            canvas.fill_path(&path, &paint, rule, to_pixels, None);
        }
        if let Some(stroke) = &item.stroke {
            let pen =
                tiny_skia::Stroke { width: stroke.width.to_mm() as f32, ..tiny_skia::Stroke::default() };
            canvas.stroke_path(&path, &paint, &pen, to_pixels, None);
        }
    }
    let coverage: Vec<u8> =
        canvas.pixels().iter().map(|p| ((u16::from(p.alpha()) * 15 + 127) / 255) as u8).collect();
    let data = pack(&coverage, width, height, color).map_err(|e| SealError::Artwork(e.to_string()))?;
    Ok(Image { format: ImageFormat::Png, data: data.into(), width, height, components: 3 })
}

fn outline(path: &Path) -> Option<tiny_skia::Path> {
    let x = |p: Point| p.x.to_mm() as f32;
    let y = |p: Point| p.y.to_mm() as f32;
    let mut builder = PathBuilder::new();
    for segment in &path.segments {
        match *segment {
            Segment::Move(p) => builder.move_to(x(p), y(p)),
            Segment::Line(p) => builder.line_to(x(p), y(p)),
            Segment::Cubic(p, q, r) => builder.cubic_to(x(p), y(p), x(q), y(q), x(r), y(r)),
            Segment::Close => builder.close(),
        }
    }
    builder.finish()
}

/// A palette PNG from coverages of 0 to 15.
fn pack(coverage: &[u8], width: u32, height: u32, color: Color) -> Result<Vec<u8>, png::EncodingError> {
    let mut rows = Vec::with_capacity(coverage.len() / 2 + height as usize);
    for row in coverage.chunks_exact(width as usize) {
        rows.extend(row.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).copied().unwrap_or(0)));
    }
    let mut data = Vec::new();
    let mut encoder = png::Encoder::new(&mut data, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Four);
    // What is fully transparent is white, for readers that do not know tRNS.
    let mut palette = [color.r, color.g, color.b].repeat(16);
    palette[..3].fill(255);
    encoder.set_palette(palette);
    encoder.set_trns((0..16u16).map(|step| (step * u16::from(color.a) / 15) as u8).collect::<Vec<_>>());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let per_metre = (DPI / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: per_metre,
        yppu: per_metre,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&rows)?;
    writer.finish()?;
    Ok(data)
}

/// Checks a PNG and takes it as it is.
pub(super) fn read(data: &[u8]) -> Result<Image, SealError> {
    let bad = |e: png::DecodingError| SealError::Artwork(format!("not a PNG: {e}"));
    let mut reader = png::Decoder::new(std::io::Cursor::new(data)).read_info().map_err(bad)?;
    let (width, height) = reader.info().size();
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(SealError::Artwork(format!("more than {MAX_PIXELS} pixels: {width} x {height}")));
    }
    let components = match reader.info().color_type {
        png::ColorType::Grayscale | png::ColorType::GrayscaleAlpha => 1,
        png::ColorType::Rgb | png::ColorType::Rgba | png::ColorType::Indexed => 3,
    };
    while reader.next_row().map_err(bad)?.is_some() {}
    Ok(Image { format: ImageFormat::Png, data: data.into(), width, height, components })
}
