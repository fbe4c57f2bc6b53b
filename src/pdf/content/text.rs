//! Text (ISO 32000-1, 9.4): a run of glyphs as one text object.
//!
//! In: glyphs with their pen positions and source text. Out: Tj and TJ, within /ActualText (14.9.4) where /ToUnicode would not say it.
//! Invariant: every glyph starts within a hundred-thousandth of an em of its place: the numbers in TJ are made from where the reader's pen is,
//! not from where it should be.

use std::ops::Range;

use super::Painter;
use crate::geom::Point;
use crate::page::{Glyph, GlyphRun};
use crate::pdf::PdfError;
use crate::pdf::entries::{write_hex, write_utf16};
use crate::pdf::font::{MICRO_EM, width};
use crate::text::subset::SubsetFont;
use crate::unit::{Length, write_factor};

impl Painter {
    pub(super) fn glyphs(&mut self, run: &GlyphRun, font: &SubsetFont) -> Result<(), PdfError> {
        if run.size <= Length::ZERO {
            return Ok(());
        }
        self.set_fill(run.color);
        self.put("BT ");
        self.name(run.font);
        self.length(run.size);
        self.put("Tf ");
        self.text_matrix(run);

        let mut line = Line { pen: 0, rise: Length::ZERO, open: false };
        let mut shown = 0;
        while shown < run.glyphs.len() {
            let cluster = cluster(run, shown);
            let source = run.text_of(shown);
            let told = cluster.len() == 1
                && font.glyphs.get(usize::from(run.glyphs[shown].id)).is_some_and(|g| g.text == source);
            if !told {
                self.close_line(&mut line);
                self.put("/Span<</ActualText<FEFF");
                write_utf16(&mut self.out, source);
                self.put(">>>BDC ");
            }
            for glyph in &run.glyphs[cluster.clone()] {
                self.glyph(run, glyph, font, &mut line)?;
            }
            if !told {
                self.close_line(&mut line);
                self.put("EMC ");
            }
            shown = cluster.end;
        }
        self.close_line(&mut line);
        if line.rise != Length::ZERO {
            self.put("0 Ts ");
        }
        self.operator("ET");
        Ok(())
    }

    /// Text space has its y upwards on both sides of the matrix, hence the signs.
    fn text_matrix(&mut self, run: &GlyphRun) {
        let map = &run.map;
        for v in [map.a, -map.b, -map.c, map.d] {
            self.factor(if v == 0.0 { 0.0 } else { v });
        }
        self.point(Point::new(run.origin.x, run.origin.y));
        self.put("Tm ");
    }

    fn glyph(
        &mut self,
        run: &GlyphRun,
        glyph: &Glyph,
        font: &SubsetFont,
        line: &mut Line,
    ) -> Result<(), PdfError> {
        let Some(of_font) = font.glyphs.get(usize::from(glyph.id)) else {
            return Err(PdfError::NoGlyph { font: run.font, glyph: glyph.id });
        };
        if glyph.y != line.rise {
            self.close_line(line);
            line.rise = glyph.y;
            self.length(-glyph.y);
            self.put("Ts ");
        }
        let back = line.pen - micro_em(glyph.x, run.size);
        // TJ counts thousandths of the em, backwards; two decimals of them are enough.
        let back = (back + 5 * back.signum()) / 10;
        match (line.open, back) {
            (true, 0) => {}
            (false, 0) => self.put("[<"),
            (open, back) => {
                self.put(if open { ">" } else { "[" });
                write_hundredths(&mut self.out, back);
                self.out.push(b'<');
                line.pen -= back * 10;
            }
        }
        line.open = true;
        write_hex(&mut self.out, glyph.id);
        line.pen += width(of_font.advance, font.metrics.units_per_em);
        Ok(())
    }

    fn close_line(&mut self, line: &mut Line) {
        if std::mem::take(&mut line.open) {
            self.put(">]TJ ");
        }
    }
}

/// Where the reader's pen is.
struct Line {
    /// In millionths of the em, along the baseline.
    pen: i64,
    /// Offset of the glyphs, downwards.
    rise: Length,
    /// Whether a TJ array and a string in it are open.
    open: bool,
}

/// The glyphs that share the source text of glyph `first`.
fn cluster(run: &GlyphRun, first: usize) -> Range<usize> {
    let text = run.glyphs[first].text;
    let len = run.glyphs[first..].iter().take_while(|g| g.text == text).count();
    first..first + len
}

/// `x` in millionths of the em.
fn micro_em(x: Length, size: Length) -> i64 {
    let (n, d) = (i128::from(x.raw()) * i128::from(MICRO_EM), i128::from(size.raw()));
    // Beyond a million ems there is no page; the bound keeps hostile positions from overflowing the pen.
    (n / d).clamp(-(1 << 40), 1 << 40) as i64
}

/// Appends `hundredths / 100`.
fn write_hundredths(out: &mut Vec<u8>, hundredths: i64) {
    write_factor(out, hundredths as f64 / 100.0);
}
