//! JPEG headers (ITU-T T.81, annex B): the marker segments up to the first scan.

use super::{Header, ImageFlaw, ImageFormat, be16, be32};

/// Walks the marker segments of `data`, which begins with SOI.
pub(super) fn header(data: &[u8]) -> Result<Header, ImageFlaw> {
    const BROKEN: ImageFlaw = ImageFlaw::Damaged("its JPEG header breaks off");
    let mut frame = None;
    let mut at = 2;
    loop {
        // B.1.1.2: any number of fill bytes FF may stand before a marker's second byte.
        let marker = match data.get(at..at + 2) {
            Some(&[0xFF, 0xFF]) => {
                at += 1;
                continue;
            }
            Some(&[0xFF, marker]) => marker,
            Some(_) => return Err(ImageFlaw::Damaged("its JPEG header holds stray bytes")),
            None => return Err(BROKEN),
        };
        let length = usize::from(be16(data, at + 2).ok_or(BROKEN)?);
        let segment = data.get(at + 4..at + 2 + length).ok_or(BROKEN)?;
        match marker {
            // SOF0, SOF1, SOF2: Huffman coding, sequential or progressive.
            0xC0..=0xC2 => frame = Some(frame_header(segment).ok_or(BROKEN)??),
            // C4 DHT, C8 JPG and CC DAC share the range of the frames.
            0xC3 | 0xC5..=0xC7 | 0xC9..=0xCB | 0xCD..=0xCF => {
                return Err(ImageFlaw::Unsupported("lossless, hierarchical or arithmetic JPEG"));
            }
            0xE1 => match orientation(segment) {
                None | Some(0 | 1) => {}
                Some(turned) => return Err(ImageFlaw::Turned(turned)),
            },
            // SOS: the scans follow, and EOI must close them. Cameras append bytes of their own, so that it need not be last.
            0xDA => {
                let closed = data[at..].windows(2).rev().any(|pair| pair == [0xFF, 0xD9]);
                let frame = frame.ok_or(ImageFlaw::Damaged("its JPEG scan has no frame"))?;
                return if closed { Ok(frame) } else { Err(ImageFlaw::Damaged("its JPEG scan breaks off")) };
            }
            _ => {}
        }
        at += 2 + length;
    }
}

/// B.2.2: precision 1, lines 2, samples per line 2, components 1. `None` if it is too short.
fn frame_header(segment: &[u8]) -> Option<Result<Header, ImageFlaw>> {
    let &[precision, _, _, _, _, components, ..] = segment else { return None };
    let (height, width) = (u32::from(be16(segment, 1)?), u32::from(be16(segment, 3)?));
    Some(match (precision, components) {
        (8, 1 | 3) => Ok(Header { format: ImageFormat::Jpeg, width, height, components }),
        (8, 4) => Err(ImageFlaw::Unsupported("a CMYK JPEG")),
        (8, _) => Err(ImageFlaw::Unsupported("a JPEG that is neither grey nor of three colours")),
        _ => Err(ImageFlaw::Unsupported("a JPEG of more than 8 bits")),
    })
}

/// The orientation (tag 0x0112) of the first directory of an EXIF segment.
fn orientation(segment: &[u8]) -> Option<u16> {
    let tiff = segment.strip_prefix(b"Exif\0\0")?;
    let little = tiff.starts_with(b"II");
    let word = |at| be16(tiff, at).map(|v| if little { v.swap_bytes() } else { v });
    let directory = be32(tiff, 4).map(|v| if little { v.swap_bytes() } else { v })? as usize;
    let entries = usize::from(word(directory)?);
    let mut places = (0..entries).map(|i| directory + 2 + 12 * i);
    let entry = places.find(|&at| word(at) == Some(0x0112))?;
    word(entry + 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
        let mut data = vec![0xFF, 0xD8];
        for (marker, body) in segments {
            data.extend([0xFF, *marker]);
            data.extend((body.len() as u16 + 2).to_be_bytes());
            data.extend(*body);
        }
        data.extend([1, 2, 3, 0xFF, 0xD9]);
        data
    }

    const FRAME: &[u8] = &[8, 1, 0x9D, 1, 0x27, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
    const SCAN: (u8, &[u8]) = (0xDA, &[3, 1, 0, 2, 17, 3, 17, 0, 63, 0]);

    #[test]
    fn baseline_and_progressive_frames_tell_their_size() {
        for marker in [0xC0, 0xC2] {
            let header = header(&jpeg(&[(0xE0, b"JFIF\0"), (marker, FRAME), SCAN])).unwrap();
            assert_eq!((header.width, header.height, header.components), (295, 413, 3));
        }
    }

    #[test]
    fn cmyk_arithmetic_and_twelve_bits_are_refused() {
        let cmyk = [8, 0, 9, 0, 9, 4];
        let deep = [12, 0, 9, 0, 9, 3];
        for segment in [(0xC0, &cmyk[..]), (0xC9, FRAME), (0xC1, &deep[..])] {
            assert!(matches!(header(&jpeg(&[segment, SCAN])), Err(ImageFlaw::Unsupported(_))));
        }
    }

    #[test]
    fn a_turned_photograph_is_refused_in_either_byte_order() {
        let little = b"Exif\0\0II\x2a\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0";
        for exif in [&little[..], big] {
            assert_eq!(header(&jpeg(&[(0xE1, exif), (0xC0, FRAME), SCAN])), Err(ImageFlaw::Turned(6)));
        }
    }

    #[test]
    fn every_cut_is_a_damaged_image() {
        let whole = jpeg(&[(0xE0, b"JFIF\0"), (0xC0, FRAME), SCAN]);
        for cut in 2..whole.len() {
            assert!(matches!(header(&whole[..cut]), Err(ImageFlaw::Damaged(_))), "{cut}");
        }
    }
}
