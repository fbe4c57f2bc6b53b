//! Pages as strangers draw them, held against the crate's own pictures.

use std::path::Path;
use std::process::Command;

use certpress::png::Picture;

pub(crate) const DPI: f64 = 200.0;
/// Two renderers mix an edge's colour at will.
const TONE: i16 = 64;

/// Grey tones of a page.
pub(crate) struct Tones {
    width: usize,
    height: usize,
    tones: Vec<i16>,
}

impl Tones {
    fn of_rgb(width: usize, height: usize, rgb: &[u8]) -> Tones {
        let tones = rgb.chunks_exact(3).map(|p| p.iter().map(|&v| i16::from(v)).sum::<i16>() / 3).collect();
        Tones { width, height, tones }
    }

    /// The crate's own picture.
    pub(crate) fn of(picture: &Picture) -> Tones {
        Tones::of_rgb(picture.width as usize, picture.height as usize, &picture.rgb)
    }

    /// The first page of a PDF by poppler, or nothing if it is not installed.
    pub(crate) fn by_poppler(pdf: &Path) -> Option<Tones> {
        let dpi = DPI.to_string();
        let output = Command::new("pdftoppm").args(["-r", &dpi, "-singlefile"]).arg(pdf).output();
        let Ok(output) = output else {
            eprintln!("pdftoppm is not installed");
            return None;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        // P6, width and height, the greatest value, and one white space before the pixels.
        let ends = output.stdout.iter().enumerate().filter(|(_, b)| b.is_ascii_whitespace()).map(|(i, _)| i);
        let start = ends.take(4).last().unwrap();
        let head: Vec<usize> = std::str::from_utf8(&output.stdout[2..start])
            .unwrap()
            .split_whitespace()
            .map(|number| number.parse().unwrap())
            .collect();
        Some(Tones::of_rgb(head[0], head[1], &output.stdout[start + 1..]))
    }

    /// How many pixels are darker than `tone`.
    pub(crate) fn darker_than(&self, tone: i16) -> usize {
        self.tones.iter().filter(|t| **t < tone).count()
    }

    fn at(&self, x: usize, y: usize) -> i16 {
        self.tones[y.min(self.height - 1) * self.width + x.min(self.width - 1)]
    }

    /// How many pixels have a tone that is not among those of the same pixel of `other` and its eight neighbours.
    pub(crate) fn differing(&self, other: &Tones) -> usize {
        assert!(self.width.abs_diff(other.width) <= 1 && self.height.abs_diff(other.height) <= 1);
        let differs = |&(x, y): &(usize, usize)| {
            let near = (y.saturating_sub(1)..=y + 1)
                .flat_map(|y| (x.saturating_sub(1)..=x + 1).map(move |x| other.at(x, y)));
            let (darkest, lightest) = near.fold((255, 0), |(d, l): (i16, i16), t| (d.min(t), l.max(t)));
            let tone = self.at(x, y);
            tone < darkest - TONE || tone > lightest + TONE
        };
        (0..self.height).flat_map(|y| (0..self.width).map(move |x| (x, y))).filter(differs).count()
    }
}
