//! Raster images of a page, decoded.
//!
//! In: an [`Image`] as it was given (JPEG, PNG). Out: a premultiplied pixmap no larger than its place asks for.
//! Invariant: no more pixels are decoded than the image's checked header promised.

use tiny_skia::{IntSize, Pixmap};
use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::page::{Image, ImageFormat};

/// Decodes `image`; `across` and `down` are the pixels of its place. Where it has at least twice as many, whole blocks are averaged, because
/// sampling alone would skip pixels.
pub(super) fn decode(image: &Image, across: f64, down: f64) -> Result<Pixmap, String> {
    let (rgba, width, height) = match image.format {
        ImageFormat::Jpeg => jpeg(image)?,
        ImageFormat::Png => png(image)?,
    };
    if (width, height) != (image.width, image.height) {
        return Err(format!("{width} × {height} pixels, announced as {} × {}", image.width, image.height));
    }
    let factor = (f64::from(width) / across).min(f64::from(height) / down).floor().clamp(1.0, 64.0) as u32;
    let (data, width, height) = shrink(premultiply(rgba), width, height, factor);
    let size = IntSize::from_wh(width, height).ok_or("no pixels")?;
    Pixmap::from_vec(data, size).ok_or_else(|| "pixels are missing".to_owned())
}

fn jpeg(image: &Image) -> Result<(Vec<u8>, u32, u32), String> {
    let options = DecoderOptions::new_safe()
        .set_max_width(image.width as usize)
        .set_max_height(image.height as usize)
        .jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(&*image.data), options);
    let rgba = decoder.decode().map_err(|e| e.to_string())?;
    let info = decoder.info().ok_or("no header")?;
    Ok((rgba, info.width.into(), info.height.into()))
}

fn png(image: &Image) -> Result<(Vec<u8>, u32, u32), String> {
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(&*image.data));
    decoder.set_transformations(
        ::png::Transformations::EXPAND | ::png::Transformations::STRIP_16 | ::png::Transformations::ALPHA,
    );
    let mut reader = decoder.read_info().map_err(|e| e.to_string())?;
    let mut data = vec![0; reader.output_buffer_size().ok_or("too large")?];
    let frame = reader.next_frame(&mut data).map_err(|e| e.to_string())?;
    data.truncate(frame.buffer_size());
    let rgba = match frame.color_type {
        ::png::ColorType::Rgba => data,
        ::png::ColorType::GrayscaleAlpha => {
            data.chunks_exact(2).flat_map(|p| [p[0], p[0], p[0], p[1]]).collect()
        }
        other => return Err(format!("colour type {other:?} after expansion")),
    };
    Ok((rgba, frame.width, frame.height))
}

fn premultiply(mut rgba: Vec<u8>) -> Vec<u8> {
    for p in rgba.chunks_exact_mut(4) {
        let alpha = u16::from(p[3]);
        for c in &mut p[..3] {
            *c = ((u16::from(*c) * alpha + 127) / 255) as u8;
        }
    }
    rgba
}

/// Averages blocks of `factor` × `factor` pixels; what is left over at the right and bottom edges forms smaller blocks.
fn shrink(rgba: Vec<u8>, width: u32, height: u32, factor: u32) -> (Vec<u8>, u32, u32) {
    if factor <= 1 {
        return (rgba, width, height);
    }
    let (across, down) = (width.div_ceil(factor), height.div_ceil(factor));
    let mut out = Vec::with_capacity(across as usize * down as usize * 4);
    for y in 0..down {
        let rows = y * factor..height.min((y + 1) * factor);
        for x in 0..across {
            let columns = x * factor..width.min((x + 1) * factor);
            let count = rows.len() as u32 * columns.len() as u32;
            for channel in 0..4 {
                let at = |x: u32, y: u32| rgba[(y as usize * width as usize + x as usize) * 4 + channel];
                let sum: u32 = rows
                    .clone()
                    .flat_map(|y| columns.clone().map(move |x| (x, y)))
                    .map(|(x, y)| u32::from(at(x, y)))
                    .sum();
                out.push(((sum + count / 2) / count) as u8);
            }
        }
    }
    (out, across, down)
}
