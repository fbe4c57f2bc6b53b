//! Marks as cameras and scanners see them: turned, slanted, out of focus, unevenly lit, several at once; and pictures that are too large.

use certpress::mark::{Level, Mark, ScanError, qr, scan};
use certpress::unit::Length;
use certpress::verify::{self, Verdict};

use super::marks::{WITH_SIGNERS, genuine};

/// How a picture is taken.
#[derive(Clone, Copy)]
struct Camera {
    /// Degrees.
    turned: f64,
    /// How much smaller the far side is than the near one.
    slanted: f64,
    /// Pixels to each side over which the light of a point spreads.
    blurred: usize,
    /// By how many levels of grey the light falls off across the picture, and by how many pixels differ at random.
    uneven: f64,
    noise: u32,
}

const PLAIN: Camera = Camera { turned: 0.0, slanted: 0.0, blurred: 0, uneven: 0.0, noise: 0 };
/// Pixels of a module.
const MODULE: f64 = 8.0;

impl Camera {
    /// A PNG of paper of this size, in pixels, with the marks at these places.
    fn take(self, size: usize, marks: &[(&str, f64, f64)]) -> Vec<u8> {
        let marks: Vec<(Mark, f64, f64)> =
            marks.iter().map(|&(text, x, y)| (qr(text, Level::M, Length::mm(90.0)).unwrap(), x, y)).collect();
        let ink = |x: f64, y: f64| {
            marks.iter().any(|(mark, left, top)| {
                let (x, y) = (((x - left) / MODULE).floor(), ((y - top) / MODULE).floor());
                let side = 0.0..mark.modules as f64;
                side.contains(&x) && side.contains(&y) && mark.figure.rows()[y as usize] >> x as u32 & 1 == 1
            })
        };
        let (sin, cos) = self.turned.to_radians().sin_cos();
        let half = size as f64 / 2.0;
        let sharp: Vec<f64> = (0..size * size)
            .map(|at| {
                let (x, y) = ((at % size) as f64 - half, (at / size) as f64 - half);
                let far = 1.0 + self.slanted * y / half;
                let (x, y) = (x * far, y * far);
                if ink(x * cos + y * sin + half, y * cos - x * sin + half) { 30.0 } else { 225.0 }
            })
            .collect();
        let soft = blur(&blur(&sharp, size, self.blurred, 1), size, self.blurred, size);
        let mut random = 1u32;
        let lit = soft.iter().enumerate().map(|(at, grey)| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from((random >> 16) % (2 * self.noise + 1)) - f64::from(self.noise);
            let shade = self.uneven * (at % size) as f64 / size as f64;
            (grey - shade + noise).clamp(0.0, 255.0) as u8
        });
        png(size as u32, &lit.collect::<Vec<u8>>())
    }
}

/// The mean along one direction.
fn blur(picture: &[f64], size: usize, reach: usize, step: usize) -> Vec<f64> {
    let along = |at: usize| if step == 1 { at % size } else { at / size };
    let mean = |at: usize| {
        let (before, after) = (along(at).min(reach), (size - 1 - along(at)).min(reach));
        let window = (0..=before + after).map(|i| picture[at + i * step - before * step]);
        window.sum::<f64>() / (before + after + 1) as f64
    };
    (0..picture.len()).map(mean).collect()
}

pub(crate) fn png(side: u32, grey: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(grey).unwrap();
    file
}

#[test]
fn a_mark_is_read_and_holds_however_it_was_photographed() {
    for (name, camera) in [
        ("straight", PLAIN),
        ("turned a little", Camera { turned: 7.0, ..PLAIN }),
        ("turned by half a right angle", Camera { turned: 45.0, ..PLAIN }),
        ("upside down", Camera { turned: 184.0, ..PLAIN }),
        ("slanted", Camera { slanted: 0.12, ..PLAIN }),
        ("out of focus", Camera { blurred: 3, ..PLAIN }),
        ("badly lit", Camera { uneven: 90.0, noise: 25, ..PLAIN }),
        ("all of it", Camera { turned: 21.0, slanted: 0.08, blurred: 2, uneven: 60.0, noise: 15 }),
    ] {
        let texts = scan(&camera.take(700, &[(genuine(), 140.0, 140.0)])).unwrap();
        assert_eq!(texts, [genuine()], "{name}");
    }
    assert_eq!(verify::mark(genuine(), &WITH_SIGNERS).verdict, Verdict::Valid);
}

#[test]
fn two_marks_on_one_picture_are_both_read() {
    let other = "https://verify.example.org/c/1";
    let camera = Camera { turned: 9.0, blurred: 1, ..PLAIN };
    let picture = camera.take(1000, &[(genuine(), 120.0, 120.0), (other, 700.0, 700.0)]);
    let mut texts = scan(&picture).unwrap();
    texts.sort();
    assert_eq!(texts, [genuine(), other]);
}

#[test]
fn what_is_too_large_or_no_picture_is_refused() {
    let mut announced = png(40, &[255; 1600]);
    announced[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    assert!(matches!(scan(&announced), Err(ScanError::Pixels(100_000, 100_000))));
    // SOF0 of a JPEG: 65,500 lines of as many pixels (ISO/IEC 10918-1, B.2.2).
    let mut jpeg = std::fs::read("examples/photos/01.jpg").unwrap();
    let frame =
        jpeg.windows(2).position(|marker| marker[0] == 0xff && (0xc0..=0xc2).contains(&marker[1])).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0xdc, 0xff, 0xdc]);
    assert!(matches!(scan(&jpeg), Err(ScanError::Pixels(..) | ScanError::Damaged(_))), "{:?}", scan(&jpeg));
    assert_eq!(scan(b"%PDF-1.7"), Err(ScanError::Format));
    let picture = PLAIN.take(500, &[(genuine(), 40.0, 40.0)]);
    for length in [8, 20, 60, picture.len() / 2, picture.len() - 20] {
        assert!(!matches!(scan(&picture[..length]), Ok(texts) if !texts.is_empty()), "{length} bytes");
    }
}
