//! Letters of a seal: each one's outline, fitted to a box, turned, and put in its place.

use crate::geom::{Affine, Path, Point};
use crate::seal::SealError;
use crate::text::{Face, FaceId, Fonts};
use crate::unit::Length;

/// The face of seals, Song (宋体); its bold, because ink on paper spreads and strokes on a screen do not.
const FACE: &str = "song-bold";

/// Outlines keep to a grid of 20 µm (1,270 to the inch), so that a seal stays a few kilobytes.
const GRID: Length = Length::from_raw(7_200);

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

/// What of a letter fills its box: all of its advance across, and this from top to bottom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// The em, for text.
    Em,
    /// A figure's height, for codes.
    Figure,
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

    /// How wide `letter` is, in ems: 1 for a full-width letter.
    pub(super) fn width(&self, letter: char) -> Result<f64, SealError> {
        let (face, glyph) = self.find(letter)?;
        Ok(f64::from(face.advance(glyph)) / f64::from(face.metrics().units_per_em))
    }

    /// Draws `letter` so that its `fit` fills the spot's box.
    pub(super) fn letter(&mut self, letter: char, fit: Fit, spot: &Spot) -> Result<(), SealError> {
        let (face, glyph) = self.find(letter)?;
        let em = Length::mm(10.0);
        let metrics = face.metrics();
        let advance = em.of_em(i32::from(face.advance(glyph)), metrics.units_per_em);
        let (top, height) = match fit {
            // The ideographic em box reaches 0.12 em below the baseline; its ink keeps about 4 % clear on each side.
            Fit::Em => (em.scale(0.04 - 0.88), em.scale(0.92)),
            Fit::Figure => {
                let height = em.of_em(i32::from(metrics.cap_height), metrics.units_per_em);
                (-height, height)
            }
        };
        let to_middle = Affine::shift(-(advance / 2), -(top + height / 2));
        let scale = Affine::scale(
            Length::mm(spot.width * self.scale).ratio(advance.scale(0.92)),
            Length::mm(spot.height * self.scale).ratio(height),
        );
        let place = self.point(spot.x, spot.y);
        let map = to_middle
            .then(&scale)
            .then(&Affine::rotate(spot.turn.to_degrees()))
            .then(&Affine::shift(place.x, place.y));
        self.add(face.outline(glyph, em).transform(&map).join_curves(GRID).snap(GRID));
        Ok(())
    }

    fn find(&self, letter: char) -> Result<(&'a Face, u16), SealError> {
        let face = self.fonts.fallback(self.face, letter).map(|id| self.fonts.face(id));
        face.and_then(|face| Some((face, face.glyph(letter)?))).ok_or_else(|| {
            SealError::Artwork(format!("no face has the character {letter} U+{:04X}", u32::from(letter)))
        })
    }

    /// All of it as one outline, so that where letters should touch, the colour does not add up.
    pub(super) fn into_path(self) -> Path {
        self.path
    }
}
