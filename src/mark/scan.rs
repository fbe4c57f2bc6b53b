//! Photographs and scans of marks: what a camera saw becomes text.
//!
//! In: a JPEG or PNG, turned and slanted as it may be. Out: what each QR mark on it says.
//! Invariant: finding marks is a library's work (`rqrr`); here images are bounded before they are decoded, so that none takes more than
//! 200 MB.

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::page::MAX_PIXELS;

/// Larger pictures are made smaller before marks are looked for: more pixels than these tell nothing new.
const ENOUGH_PIXELS: u64 = 12_000_000;

/// Bytes that a PNG may have once decoded: 64 megapixels of grey, or 42 in colour.
const MAX_DECODED: usize = 128 << 20;

/// Why a picture cannot be looked at.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ScanError {
    /// Neither JPEG nor PNG.
    #[error("is neither JPEG nor PNG")]
    Format,
    /// More pixels than are taken, or too few to show a mark.
    #[error("has {0} x {1} pixels, outside what is taken")]
    Pixels(usize, usize),
    /// It breaks off, or breaks its own rules.
    #[error("cannot be decoded: {0}")]
    Damaged(String),
}

/// What the marks on a picture say, in the order in which they are found; marks that cannot be read are left out.
///
/// # Errors
/// The picture cannot be decoded, or is too large.
pub fn scan(file: &[u8]) -> Result<Vec<String>, ScanError> {
    let (grey, width, height) = if file.starts_with(&[0xFF, 0xD8]) {
        jpeg(file)?
    } else if file.starts_with(b"\x89PNG") {
        png(file)?
    } else {
        return Err(ScanError::Format);
    };
    let factor = ((width * height) as u64).div_ceil(ENOUGH_PIXELS).isqrt().max(1) as usize;
    let mut texts = Vec::new();
    for factor in [factor, 2 * factor] {
        let (found, all_are_read) = look(&grey, width, height, factor);
        for text in found {
            if !texts.contains(&text) {
                texts.push(text);
            }
        }
        // Half the pixels a side even out what noise and poor focus do to small modules.
        if all_are_read {
            break;
        }
    }
    Ok(texts)
}

/// The texts of the marks on a picture made smaller by `factor`, and whether any was there and each could be read.
fn look(grey: &[u8], width: usize, height: usize, factor: usize) -> (Vec<String>, bool) {
    let mean = |x: usize, y: usize| {
        let rows = (y * factor..(y + 1) * factor).map(|y| y * width);
        let sum: usize = rows
            .flat_map(|row| (0..factor).map(move |dx| row + x * factor + dx))
            .map(|at| usize::from(grey[at]))
            .sum();
        (sum / (factor * factor)) as u8
    };
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width / factor, height / factor, mean);
    let grids = prepared.detect_grids();
    let texts: Vec<String> = grids.iter().filter_map(|grid| Some(grid.decode().ok()?.1)).collect();
    let all_are_read = !texts.is_empty() && texts.len() == grids.len();
    (texts, all_are_read)
}

type Grey = (Vec<u8>, usize, usize);

fn jpeg(file: &[u8]) -> Result<Grey, ScanError> {
    let damaged = |e: zune_jpeg::errors::DecodeErrors| ScanError::Damaged(e.to_string());
    let options = DecoderOptions::new_safe().jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(file), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or(ScanError::Format)?;
    bounded(width, height)?;
    let grey = decoder.decode().map_err(damaged)?;
    whole(grey, width, height)
}

fn png(file: &[u8]) -> Result<Grey, ScanError> {
    let damaged = |e: ::png::DecodingError| ScanError::Damaged(e.to_string());
    // The size stands in the first chunk, where it is looked at before the decoder makes room for it.
    let side = |at: usize| file.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_be_bytes);
    let (Some(width), Some(height)) = (side(16), side(20)) else {
        return Err(ScanError::Damaged("it is cut short".into()));
    };
    let (width, height) = (width as usize, height as usize);
    bounded(width, height)?;
    let mut decoder = ::png::Decoder::new(std::io::Cursor::new(file));
    decoder.set_limits(::png::Limits { bytes: MAX_DECODED });
    decoder.set_transformations(::png::Transformations::EXPAND | ::png::Transformations::STRIP_16);
    let mut reader = decoder.read_info().map_err(damaged)?;
    let decoded = reader.output_buffer_size().filter(|size| *size <= MAX_DECODED);
    let mut data = vec![0; decoded.ok_or(ScanError::Pixels(width, height))?];
    let frame = reader.next_frame(&mut data).map_err(damaged)?;
    data.truncate(frame.buffer_size());
    let samples = frame.color_type.samples();
    // The mean of the colours is grey enough for ink on paper; what is clear lies on white.
    let grey = |p: &[u8]| match *p {
        [v] => v,
        [v, alpha] => on_white(v, alpha),
        [r, g, b] => mean(r, g, b),
        [r, g, b, alpha] => on_white(mean(r, g, b), alpha),
        _ => 255,
    };
    whole(data.chunks_exact(samples).map(grey).collect(), width, height)
}

fn mean(r: u8, g: u8, b: u8) -> u8 {
    ((u16::from(r) + u16::from(g) + u16::from(b)) / 3) as u8
}

fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u16::from(value), u16::from(alpha));
    ((value * alpha + 255 * (255 - alpha)) / 255) as u8
}

fn bounded(width: usize, height: usize) -> Result<(), ScanError> {
    let pixels = (width as u64).saturating_mul(height as u64);
    // Nothing smaller than the smallest mark is worth a look.
    if pixels > MAX_PIXELS || width < 21 || height < 21 {
        Err(ScanError::Pixels(width, height))
    } else {
        Ok(())
    }
}

fn whole(grey: Vec<u8>, width: usize, height: usize) -> Result<Grey, ScanError> {
    if grey.len() == width * height {
        Ok((grey, width, height))
    } else {
        Err(ScanError::Damaged("pixels are missing".into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mark::{Level, qr};
    use crate::unit::Length;

    /// A mark of `content`, ten pixels a module, turned by `quarter` right angles, with so many channels.
    fn picture(content: &str, quarter: usize, color: ::png::ColorType) -> Vec<u8> {
        let mark = qr(content, Level::M, Length::mm(30.0)).unwrap();
        let side = mark.modules;
        let pixels = (side + 8) * 10;
        let dark = |x: usize, y: usize| {
            let (x, y) = (0..quarter).fold((x, y), |(x, y), _| (pixels - 1 - y, x));
            let (x, y) = ((x / 10).wrapping_sub(4), (y / 10).wrapping_sub(4));
            x < side && y < side && mark.figure.rows()[y] >> x & 1 == 1
        };
        let mut data = Vec::new();
        for at in 0..pixels * pixels {
            let value = if dark(at % pixels, at / pixels) { 20 } else { 235 };
            let pixel = [value, value, value, 255];
            let channels = color.samples();
            data.extend_from_slice(&pixel[..channels]);
        }
        let mut file = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut file, pixels as u32, pixels as u32);
        encoder.set_color(color);
        encoder.write_header().unwrap().write_image_data(&data).unwrap();
        file
    }

    #[test]
    fn a_mark_is_read_however_the_picture_lies() {
        for quarter in 0..4 {
            let file = picture("https://verify.example.org/c/1", quarter, ::png::ColorType::Rgb);
            assert_eq!(scan(&file).unwrap(), ["https://verify.example.org/c/1"], "{quarter} quarters");
        }
    }

    #[test]
    fn a_picture_without_a_mark_says_nothing_and_other_files_are_refused() {
        assert_eq!(scan(b"%PDF-1.7"), Err(ScanError::Format));
        assert!(matches!(scan(b"\x89PNG\r\n\x1a\nno"), Err(ScanError::Damaged(_))));
        let mut file = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut file, 40, 40);
        encoder.set_color(::png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&[255; 1600]).unwrap();
        assert_eq!(scan(&file), Ok(Vec::new()));
    }

    #[test]
    fn a_picture_that_announces_too_much_is_refused_before_it_is_decoded() {
        let mut file = picture("1", 0, ::png::ColorType::Grayscale);
        file[16..20].copy_from_slice(&1_000_000u32.to_be_bytes());
        let header = crc(&file[12..29]);
        file[29..33].copy_from_slice(&header.to_be_bytes());
        assert!(matches!(scan(&file), Err(ScanError::Pixels(1_000_000, _))));
    }

    fn crc(data: &[u8]) -> u32 {
        let mut crc = flate2::Crc::new();
        crc.update(data);
        crc.sum()
    }
}
