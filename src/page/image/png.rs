//! PNG (ISO/IEC 15948): the signature, IHDR, the chain of chunks up to IEND, and whether all pixels are there.

use std::io::Cursor;

use super::{Header, ImageFlaw, ImageFormat, be32};

/// 5.2: the first eight bytes.
pub(super) const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Walks the chunks of `data`, which begins with the signature.
pub(super) fn header(data: &[u8]) -> Result<Header, ImageFlaw> {
    let header = image_header(data).ok_or(ImageFlaw::Damaged("its PNG header breaks off"))??;
    let mut at = SIGNATURE.len();
    let mut has_pixels = false;
    loop {
        // 5.3: length 4, type 4, data, CRC 4.
        let chunk = be32(data, at).and_then(|length| {
            let kind = data.get(at + 4..at + 8)?;
            let end = at.checked_add(length as usize)?.checked_add(12)?;
            (end <= data.len()).then_some((kind, end))
        });
        let (kind, end) = chunk.ok_or(ImageFlaw::Damaged("its PNG chunks break off"))?;
        match kind {
            b"IDAT" => has_pixels = true,
            b"IEND" if has_pixels => return Ok(header),
            b"IEND" => return Err(ImageFlaw::Damaged("its PNG holds no pixels")),
            _ => {}
        }
        at = end;
    }
}

/// Inflates all rows, one at a time, and keeps none.
pub(super) fn pixels(data: &[u8]) -> Result<(), ImageFlaw> {
    let broken = |_| ImageFlaw::Damaged("its PNG pixels cannot be read");
    let mut reader = ::png::Decoder::new(Cursor::new(data)).read_info().map_err(broken)?;
    while reader.next_row().map_err(broken)?.is_some() {}
    Ok(())
}

/// 11.2.2: width 4, height 4, bit depth, colour type, compression, filter, interlace. `None` if it is too short.
fn image_header(data: &[u8]) -> Option<Result<Header, ImageFlaw>> {
    let body = data.get(16..29)?;
    if be32(data, 8)? != 13 || data.get(12..16)? != b"IHDR" {
        return Some(Err(ImageFlaw::Damaged("its PNG does not begin with IHDR")));
    }
    let (width, height) = (be32(body, 0)?, be32(body, 4)?);
    // Table 11.1: the depths each colour type allows.
    let components = match (body[9], body[8]) {
        (0, 1 | 2 | 4 | 8 | 16) | (4, 8 | 16) => 1,
        (2 | 6, 8 | 16) | (3, 1 | 2 | 4 | 8) => 3,
        _ => return Some(Err(ImageFlaw::Damaged("its PNG has no such colour type and depth"))),
    };
    if body[10] != 0 || body[11] != 0 || body[12] > 1 {
        return Some(Err(ImageFlaw::Damaged("its PNG has no such compression, filter or interlace")));
    }
    Some(Ok(Header { format: ImageFormat::Png, width, height, components }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tiny() -> Vec<u8> {
        let mut data = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut data, 2, 3);
        encoder.set_color(::png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&[0; 6]).unwrap();
        data
    }

    #[test]
    fn a_grey_image_tells_its_size() {
        let header = header(&tiny()).unwrap();
        assert_eq!((header.width, header.height, header.components), (2, 3, 1));
    }

    #[test]
    fn every_cut_is_a_damaged_image() {
        let whole = tiny();
        for cut in SIGNATURE.len()..whole.len() {
            assert!(matches!(header(&whole[..cut]), Err(ImageFlaw::Damaged(_))), "{cut}");
        }
    }

    #[test]
    fn pixels_that_do_not_inflate_are_damage_though_the_headers_are_whole() {
        let mut data = tiny();
        assert_eq!(pixels(&data), Ok(()));
        let idat = data.windows(4).position(|w| w == b"IDAT").unwrap();
        data[idat + 6..idat + 10].copy_from_slice(&[0xAA; 4]);
        assert!(header(&data).is_ok() && pixels(&data).is_err());
    }

    #[test]
    fn a_chunk_longer_than_the_file_is_damage_and_not_an_overflow() {
        let mut data = tiny();
        data[33..37].copy_from_slice(&[0xFF; 4]);
        assert_eq!(header(&data), Err(ImageFlaw::Damaged("its PNG chunks break off")));
    }
}
