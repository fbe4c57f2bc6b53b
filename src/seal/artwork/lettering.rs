//! Letters of a seal: each one's outline, fitted to a box, turned, and put in its place.

use crate::geom::{Affine, Path, Point};
use crate::seal::SealError;
use crate::text::{FaceId, Fonts};
use crate::unit::Length;

/// The face of seals, Song (宋体); its bold, because ink on paper spreads and strokes on a screen do not.
const FACE: &str = "song-bold";

/// Where a letter goes, in mm of the nominal seal around its centre, y downwards.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spot {
    /// The middle of the letter's box.
    pub(super) x: f64,
    /// The middle of the letter's box.
    pub(super) y: f64,
    /// Clockwise, in radians.
    pub(super) turn: f64,
    /// Of the box.
    pub(super) width: f64,
    /// Of the box.
    pub(super) height: f64,
}

/// The outlines gathered so far.
pub(super) struct Lettering<'a> {
    fonts: &'a Fonts,
    face: FaceId,
    centre: Length,
    scale: f64,
    path: Path,
}

impl<'a> Lettering<'a> {
    /// Nothing yet, around a centre that lies `centre` right of and below the corner.
    pub(super) fn new(fonts: &'a Fonts, centre: Length, scale: f64) -> Result<Lettering<'a>, SealError> {
        let face = fonts
            .find(FACE)
            .or_else(|| fonts.names().next().and_then(|name| fonts.find(name)))
            .ok_or_else(|| SealError::Artwork("there is no face to draw letters with".into()))?;
        Ok(Lettering { fonts, face, centre, scale, path: Path::default() })
    }

    /// The point at `x`, `y`, in mm of the nominal seal around its centre.
    pub(super) fn point(&self, x: f64, y: f64) -> Point {
        Point::new(self.centre + Length::mm(x * self.scale), self.centre + Length::mm(y * self.scale))
    }

    /// Adds outlines.
    pub(super) fn add(&mut self, path: Path) {
        self.path.segments.extend(path.segments);
    }

    /// Draws `letter`. Full-width letters fill the spot's box with their em; others with their ink, upright digits among them.
    pub(super) fn letter(&mut self, letter: char, spot: &Spot) -> Result<(), SealError> {
        let face = self.fonts.fallback(self.face, letter).ok_or_else(|| {
            SealError::Artwork(format!("no face has the character {letter} U+{:04X}", u32::from(letter)))
        })?;
        let face = self.fonts.face(face);
        let em = Length::mm(10.0);
        let glyph = face.glyph(letter).unwrap_or_default();
        let outline = face.outline(glyph, em);
        let advance = em.of_em(i32::from(face.advance(glyph)), face.metrics().units_per_em);
        let (left, top, width, height) = if advance >= em.scale(0.9) {
            // The ideographic em box lies 0.12 em below the baseline; its ink keeps about 4 % clear on each side.
            let trim = em.scale(0.04);
            (trim, trim - em.scale(0.88), advance - trim * 2, em - trim * 2)
        } else {
            match outline.bounds() {
                Some(ink) => (ink.x, ink.y, ink.width, ink.height),
                None => return Ok(()),
            }
        };
        let to_middle = Affine::shift(-(left + width / 2), -(top + height / 2));
        let fit = Affine::scale(
            Length::mm(spot.width * self.scale).ratio(width),
            Length::mm(spot.height * self.scale).ratio(height),
        );
        let place = self.point(spot.x, spot.y);
        let map = to_middle
            .then(&fit)
            .then(&Affine::rotate(spot.turn.to_degrees()))
            .then(&Affine::shift(place.x, place.y));
        self.add(outline.transform(&map));
        Ok(())
    }

    /// All of it as one outline, so that where letters should touch, the colour does not add up.
    pub(super) fn into_path(self) -> Path {
        self.path
    }
}
