//! Images: a JPEG as it is under DCTDecode, a PNG's own rows under FlateDecode (ISO 32000-1, 7.4 and 8.9).
//!
//! In: an [`Image`] in its own encoding. Out: an image XObject, with a soft mask where the PNG has opacity.
//! Invariant: pixels are re-encoded only where PDF has no way to carry them: opacity, which PDF keeps apart, and interlacing.

use std::io::Cursor;

use flate2::Crc;
use lopdf::ObjectId;
use png::{BitDepth, ColorType, DecodingError, Transformations};

use super::ImageError;
use super::entries::{Entries, Hex, Value, Written, entries, name};
use super::object::{Body, Stream, deflated};
use crate::deflate::Effort;
use crate::page::{Image, ImageFormat, MAX_PIXELS};

/// Writes the image; the answer is for /XObject.
pub(super) fn write(body: &mut Body, image: &Image, effort: Effort) -> Result<ObjectId, ImageError> {
    let (width, height) = (image.width, image.height);
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 || pixels > MAX_PIXELS {
        return Err(ImageError::Dimensions { width, height });
    }
    match image.format {
        ImageFormat::Jpeg => write_jpeg(body, image),
        ImageFormat::Png => write_png(body, image, effort),
    }
}

/// The entries of table 89 that all images have.
fn of_image(width: u32, height: u32, color_space: impl Value, bits: u8) -> Entries {
    entries! {
        "Type" => name("XObject"),
        "Subtype" => name("Image"),
        "Width" => i64::from(width),
        "Height" => i64::from(height),
        "ColorSpace" => color_space,
        "BitsPerComponent" => i64::from(bits),
    }
}

fn write_jpeg(body: &mut Body, image: &Image) -> Result<ObjectId, ImageError> {
    let color_space = match image.components {
        1 => "DeviceGray",
        3 => "DeviceRGB",
        other => return Err(ImageError::Components(other)),
    };
    let mut entries = of_image(image.width, image.height, name(color_space), 8);
    entries.set("Filter", name("DCTDecode"));
    Ok(body.add(Stream::new(entries, &*image.data)))
}

fn write_png(body: &mut Body, image: &Image, effort: Effort) -> Result<ObjectId, ImageError> {
    let mut decoder = png::Decoder::new(Cursor::new(&*image.data));
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let info = reader.info();
    if (info.width, info.height) != (image.width, image.height) {
        return Err(ImageError::SizeDiffers { width: info.width, height: info.height });
    }

    let transparent =
        info.trns.is_some() || matches!(info.color_type, ColorType::GrayscaleAlpha | ColorType::Rgba);
    if !transparent && !info.interlaced {
        let stream = rows_as_they_are(info, idat(&image.data)?);
        return Ok(body.add(stream));
    }

    let len = reader.output_buffer_size().ok_or(DecodingError::LimitsExceeded)?;
    let mut pixels = vec![0; len];
    let frame = reader.next_frame(&mut pixels)?;
    let (color, alpha) = match frame.color_type {
        ColorType::GrayscaleAlpha => split::<1>(&pixels),
        ColorType::Rgba => split::<3>(&pixels),
        _ => (pixels, Vec::new()),
    };
    let color_space = match frame.color_type {
        ColorType::Grayscale | ColorType::GrayscaleAlpha => "DeviceGray",
        _ => "DeviceRGB",
    };
    let mut entries_of_color = of_image(image.width, image.height, name(color_space), 8);
    if !alpha.is_empty() {
        let mask = of_image(image.width, image.height, name("DeviceGray"), 8);
        entries_of_color.set("SMask", body.add(deflated(mask, alpha, effort)));
    }
    Ok(body.add(deflated(entries_of_color, color, effort)))
}

/// `N` colour components and one of opacity a pixel, taken apart.
fn split<const N: usize>(pixels: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let count = pixels.len() / (N + 1);
    let (mut color, mut alpha) = (Vec::with_capacity(count * N), Vec::with_capacity(count));
    for pixel in pixels.chunks_exact(N + 1) {
        color.extend_from_slice(&pixel[..N]);
        alpha.push(pixel[N]);
    }
    (color, alpha)
}

/// PNG's filtered rows are what PDF calls predictor 15 (7.4.4.4), and its zlib stream is FlateDecode.
fn rows_as_they_are(info: &png::Info<'_>, rows: Vec<u8>) -> Stream<'static> {
    let bits = match info.bit_depth {
        BitDepth::One => 1,
        BitDepth::Two => 2,
        BitDepth::Four => 4,
        BitDepth::Eight => 8,
        BitDepth::Sixteen => 16,
    };
    let (color_space, colors) = match (info.color_type, &info.palette) {
        (ColorType::Indexed, Some(palette)) => (indexed(palette), 1),
        (ColorType::Rgb, _) => (Written::of(name("DeviceRGB")), 3),
        _ => (Written::of(name("DeviceGray")), 1),
    };
    let mut entries = of_image(info.width, info.height, color_space, bits);
    entries.set("Filter", name("FlateDecode"));
    let parameters = entries! {
        "Predictor" => 15,
        "Colors" => colors,
        "BitsPerComponent" => i64::from(bits),
        "Columns" => i64::from(info.width),
    };
    entries.set("DecodeParms", parameters);
    Stream::new(entries, rows)
}

/// 8.6.6.3: a palette.
fn indexed(palette: &[u8]) -> Written {
    let colors = palette.len() / 3;
    let mut out = b"[/Indexed/DeviceRGB ".to_vec();
    (colors.saturating_sub(1) as i64).write(&mut out);
    Hex(&palette[..colors * 3]).write(&mut out);
    out.push(b']');
    Written(out)
}

/// The zlib stream, joined from the IDAT chunks (PNG, 10.1), each with its checksum proven.
fn idat(file: &[u8]) -> Result<Vec<u8>, ImageError> {
    const SIGNATURE: usize = 8;
    let mut rows = Vec::with_capacity(file.len());
    let mut rest = file.get(SIGNATURE..).unwrap_or_default();
    while let Some((len, after)) = rest.split_first_chunk::<4>() {
        let len = u32::from_be_bytes(*len) as usize;
        // The checksum covers the chunk's type and data.
        let Some((chunk, after)) = len.checked_add(4).and_then(|n| after.split_at_checked(n)) else {
            return Err(ImageError::Truncated);
        };
        let Some((stated, after)) = after.split_first_chunk::<4>() else {
            return Err(ImageError::Truncated);
        };
        match &chunk[..4] {
            b"IDAT" => {
                let mut crc = Crc::new();
                crc.update(chunk);
                if crc.sum() != u32::from_be_bytes(*stated) {
                    return Err(ImageError::Checksum);
                }
                rows.extend_from_slice(&chunk[4..]);
            }
            b"IEND" => return Ok(rows),
            _ => {}
        }
        rest = after;
    }
    Err(ImageError::Truncated)
}
