//! Images: carried in their own encoding where PDF can, refused where they are damaged.

use std::sync::Arc;

use certpress::page::MAX_PIXELS;
use certpress::page::{Image, Resources};
use certpress::pdf::{Base, ImageError, PdfError};
use lopdf::Object;
use png::{BitDepth, ColorType};

use crate::sample::{blank_master, jpeg, palette_png, png, png_with_opacity, record};
use crate::{Read, write};

fn holding(image: Image) -> Resources {
    Resources { images: vec![Arc::new(image)], ..Resources::default() }
}

fn written(image: Image) -> lopdf::Stream {
    let file = write(&record(&blank_master(), Vec::new(), holding(image)));
    Read::new(&file).images()["R0"].clone()
}

fn refused(image: Image) -> ImageError {
    let master = blank_master();
    let error = Base::new(&master).unwrap().write(&record(&master, Vec::new(), holding(image))).unwrap_err();
    let PdfError::Image(error) = error else { panic!("{error}") };
    error
}

fn name(stream: &lopdf::Stream, key: &[u8]) -> String {
    String::from_utf8(stream.dict.get(key).unwrap().as_name().unwrap().to_vec()).unwrap()
}

/// The same image with one byte of its file changed.
fn tampered(image: Image, at: usize) -> Image {
    let mut data = image.data.to_vec();
    data[at] ^= 0x40;
    Image { data: data.into(), ..image }
}

#[test]
fn a_jpeg_is_carried_byte_for_byte() {
    let stream = written(jpeg());
    assert_eq!(stream.content, *jpeg().data);
    assert_eq!(name(&stream, b"Filter"), "DCTDecode");
    assert_eq!(name(&stream, b"ColorSpace"), "DeviceRGB");
}

#[test]
fn a_jpeg_of_one_component_is_grey() {
    assert_eq!(name(&written(Image { components: 1, ..jpeg() }), b"ColorSpace"), "DeviceGray");
}

#[test]
fn a_jpeg_of_four_components_is_refused() {
    assert!(matches!(refused(Image { components: 4, ..jpeg() }), ImageError::Components(4)));
}

#[test]
fn an_opaque_png_keeps_its_rows() {
    let image = png(ColorType::Rgb, BitDepth::Eight, 5, 3, None, &[7; 45]);
    let idat = image.data.windows(4).position(|w| w == b"IDAT").unwrap();
    let len = u32::from_be_bytes(image.data[idat - 4..idat].try_into().unwrap()) as usize;
    let stream = written(image.clone());
    assert_eq!(stream.content, image.data[idat + 4..idat + 4 + len]);
    let parameters = stream.dict.get(b"DecodeParms").unwrap().as_dict().unwrap();
    assert_eq!(parameters.get(b"Predictor").unwrap().as_i64().unwrap(), 15);
    assert_eq!(parameters.get(b"Colors").unwrap().as_i64().unwrap(), 3);
    assert_eq!(parameters.get(b"Columns").unwrap().as_i64().unwrap(), 5);
}

#[test]
fn a_palette_stays_a_palette() {
    let stream = written(palette_png());
    let space = stream.dict.get(b"ColorSpace").unwrap().as_array().unwrap();
    assert_eq!(space[0].as_name().unwrap(), b"Indexed");
    assert_eq!(space[2].as_i64().unwrap(), 3);
    assert_eq!(stream.dict.get(b"BitsPerComponent").unwrap().as_i64().unwrap(), 2);
}

#[test]
fn sixteen_bits_stay_sixteen() {
    let stream = written(png(ColorType::Grayscale, BitDepth::Sixteen, 2, 2, None, &[1, 2, 3, 4, 5, 6, 7, 8]));
    assert_eq!(stream.dict.get(b"BitsPerComponent").unwrap().as_i64().unwrap(), 16);
}

#[test]
fn opacity_becomes_a_soft_mask() {
    let file = write(&record(&blank_master(), Vec::new(), holding(png_with_opacity())));
    let read = Read::new(&file);
    let image = read.images()["R0"];
    let mask = read.resolve(image.dict.get(b"SMask").unwrap()).as_stream().unwrap();
    let expected: Vec<u8> = (0..64).map(|i| i * 4).collect();
    assert_eq!(mask.get_plain_content().unwrap(), expected);
    assert_eq!(image.get_plain_content().unwrap(), [200, 16, 16].repeat(64));
}

#[test]
fn a_png_whose_pixels_were_changed_is_refused() {
    for image in [palette_png(), png_with_opacity()] {
        let idat = image.data.windows(4).position(|w| w == b"IDAT").unwrap();
        assert!(matches!(refused(tampered(image, idat + 7)), ImageError::Checksum | ImageError::Png(_)));
    }
}

#[test]
fn a_png_cut_short_is_refused_wherever_it_ends() {
    for image in [palette_png(), png_with_opacity()] {
        let end = image.data.len() - 16;
        for len in 0..end {
            refused(Image { data: image.data[..len].into(), ..image.clone() });
        }
    }
}

#[test]
fn a_png_of_another_size_than_stated_is_refused() {
    assert!(matches!(
        refused(Image { width: 5, ..palette_png() }),
        ImageError::SizeDiffers { width: 4, height: 4 }
    ));
}

#[test]
fn images_without_pixels_or_with_too_many_are_refused() {
    for (width, height) in [(0, 10), (10, 0), (MAX_PIXELS as u32, 2), (u32::MAX, u32::MAX)] {
        assert!(matches!(refused(Image { width, height, ..jpeg() }), ImageError::Dimensions { .. }));
    }
}

#[test]
fn images_are_not_smoothed() {
    for image in [jpeg(), palette_png(), png_with_opacity()] {
        assert!(!matches!(written(image).dict.get(b"Interpolate"), Ok(Object::Boolean(true))));
    }
}
