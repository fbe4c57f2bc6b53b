//! The round seal of a unit: ring, star, the unit's name along the arc, a caption below the star, a code along the bottom.
//!
//! Standard: 国发〔1999〕25号 (round, the star in the middle, the name around it from left to right) and the practice of provincial
//! rules for 专用章 (42 mm across, ring 1.3 mm, star 15 mm, the caption horizontal below the star). All sizes below are of a
//! 42 mm seal and scale with the diameter.

use std::f64::consts::PI;

use super::lettering::{Fit, Lettering, Spot};
use crate::color::Color;
use crate::geom::{Path, Point, Rect, Segment};
use crate::page::{Fill, FillRule, PathItem, Stroke};
use crate::seal::SealError;
use crate::text::Fonts;
use crate::unit::Length;

/// What a seal says, and how large it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Design {
    /// The unit's name, along the arc.
    pub unit: String,
    /// The horizontal text below the star, such as 证书专用章; may be empty.
    pub caption: String,
    /// Along the bottom arc, such as a 13-digit registration code; may be empty.
    pub code: String,
    /// What marks it as a test seal, drawn on a line of its own unless the caption ends with such a word already.
    pub mark: TestMark,
    /// The outer diameter, 38 to 50 mm.
    pub diameter: Length,
}

impl Design {
    /// Whether the caption ends with 测试 or 样本, so that no mark is needed. Anywhere else the words may be part of a name, as in
    /// 软件测试中心, and mark nothing.
    pub fn is_marked_by_caption(&self) -> bool {
        [TestMark::Test, TestMark::Sample].iter().any(|mark| self.caption.ends_with(mark.word()))
    }
}

/// The word that marks a drawn seal as one for tests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TestMark {
    /// 测试, a seal to try things with.
    #[default]
    Test,
    /// 样本, a seal for samples.
    Sample,
}

impl TestMark {
    /// The word.
    pub const fn word(self) -> &'static str {
        match self {
            TestMark::Test => "测试",
            TestMark::Sample => "样本",
        }
    }
}

/// The diameter that the measures below belong to.
const NOMINAL: f64 = 42.0;
/// Width of the ring.
const RING: f64 = 1.3;
/// Width of the star, from point to point of its circle.
const STAR: f64 = 15.0;
/// Outer radius of the letters on the arc: clear of the ring.
const ARC_OUTER: f64 = 18.55;
/// How far the first and the last letter's middle may stand from the top, in degrees.
const ARC_REACH: f64 = 124.0;
/// Widest step between letters on the arc, so that short names stay together.
const ARC_STEP: f64 = 6.4;
/// Narrowest step that can still be read.
const ARC_STEP_LEAST: f64 = 1.55;
/// Middle and height of the caption's line.
const CAPTION: (f64, f64) = (11.0, 4.0);
/// Widest caption between the ends of the arc.
const CAPTION_WIDTH: f64 = 18.2;
/// Middle and height of the line with the test mark.
const MARK: (f64, f64) = (15.15, 2.7);
/// Outer radius and height of the code's digits.
const CODE: (f64, f64) = (18.85, 1.55);

/// Cinnabar as seal pads print it; a little transparent, so that the text under the seal stays legible.
pub(super) const RED: Color = Color { r: 0xd9, g: 0x14, b: 0x1e, a: 0xe6 };

/// Draws `design`, its top left corner at the origin.
pub(super) fn draw(design: &Design, fonts: &Fonts) -> Result<Vec<PathItem>, SealError> {
    let diameter = design.diameter;
    if diameter < Length::mm(38.0) || diameter > Length::mm(50.0) {
        return Err(SealError::Artwork(format!("the diameter must be 38 to 50 mm: {diameter:?}")));
    }
    let scale = diameter.to_mm() / NOMINAL;
    let mut ink = Lettering::new(fonts, diameter / 2, scale)?;

    star(&mut ink, STAR / 2.0);
    along_the_arc(&mut ink, &design.unit)?;
    below_the_star(&mut ink, &design.caption, CAPTION, CAPTION_WIDTH)?;
    if !design.is_marked_by_caption() {
        below_the_star(&mut ink, design.mark.word(), MARK, CAPTION_WIDTH)?;
    }
    along_the_bottom(&mut ink, &design.code)?;

    let width = Length::mm(RING * scale);
    let ring = Rect::new(Length::ZERO, Length::ZERO, diameter, diameter).outset(-(width / 2));
    let fill = Fill { color: RED, rule: FillRule::NonZero };
    Ok(vec![
        PathItem { path: Path::ellipse(ring), fill: None, stroke: Some(Stroke::solid(RED, width)) },
        PathItem { path: ink.into_path(), fill: Some(fill), stroke: None },
    ])
}

/// A regular five-pointed star around the centre, one point up.
fn star(ink: &mut Lettering<'_>, radius: f64) {
    // Where the sides of a pentagram cross: 1/φ² of the radius.
    const INNER: f64 = 0.381_966_011_25;
    let corner = |i: u32| {
        let r = if i.is_multiple_of(2) { radius } else { radius * INNER };
        let angle = PI * f64::from(i) / 5.0;
        (r * angle.sin(), -r * angle.cos())
    };
    let mut segments = Vec::with_capacity(11);
    for i in 0..10 {
        let (x, y) = corner(i);
        let point: Point = ink.point(x, y);
        segments.push(if i == 0 { Segment::Move(point) } else { Segment::Line(point) });
    }
    segments.push(Segment::Close);
    ink.add(Path { segments });
}

/// The unit's name around the star, its middle at the top, feet towards the centre. The more letters, the narrower each, and from
/// some twenty on the lower too.
fn along_the_arc(ink: &mut Lettering<'_>, unit: &str) -> Result<(), SealError> {
    let letters: Vec<char> = unit.chars().filter(|c| !c.is_whitespace()).collect();
    if letters.is_empty() {
        return Err(SealError::Artwork("the unit's name is empty".into()));
    }
    let count = letters.len() as f64;
    let height = (6.2 - 0.09 * (count - 16.0).max(0.0)).max(4.2);
    let inner = ARC_OUTER - height;
    let middle = ARC_OUTER - height / 2.0;
    let room = 2.0 * ARC_REACH.to_radians() * middle;
    let step = (room / (count - 1.0).max(1.0)).min(ARC_STEP);
    if step < ARC_STEP_LEAST {
        return Err(SealError::Artwork(format!("{count} letters do not fit on the arc: {unit}")));
    }
    // At their feet, where the circle is smaller, letters must not touch.
    let width = (0.93 * step * inner / middle).min(0.82 * height);
    for (i, &letter) in letters.iter().enumerate() {
        let angle = (i as f64 - (count - 1.0) / 2.0) * step / middle;
        let spot = Spot { x: middle * angle.sin(), y: -middle * angle.cos(), turn: angle, width, height };
        ink.letter(letter, Fit::Em, &spot)?;
    }
    Ok(())
}

/// A horizontal line of text with its middle at `middle` below the centre.
fn below_the_star(
    ink: &mut Lettering<'_>,
    text: &str,
    (middle, height): (f64, f64),
    room: f64,
) -> Result<(), SealError> {
    let widths = text.chars().map(|c| ink.width(c)).collect::<Result<Vec<_>, _>>()?;
    let ems: f64 = widths.iter().sum();
    let step = (0.92 * height).min(room / ems.max(1.0));
    if step < 0.3 * height {
        return Err(SealError::Artwork(format!("too much text below the star: {text}")));
    }
    let mut left = -ems * step / 2.0;
    for (letter, width) in text.chars().zip(widths) {
        let cell = width * step;
        let spot = Spot { x: left + cell / 2.0, y: middle, turn: 0.0, width: 0.94 * cell, height };
        ink.letter(letter, Fit::Em, &spot)?;
        left += cell;
    }
    Ok(())
}

/// The code along the bottom from left to right, heads towards the centre.
fn along_the_bottom(ink: &mut Lettering<'_>, code: &str) -> Result<(), SealError> {
    let letters: Vec<char> = code.chars().collect();
    let (outer, height) = CODE;
    let radius = outer - height / 2.0;
    let count = letters.len() as f64;
    if count > 18.0 {
        return Err(SealError::Artwork(format!("a code of more than 18 characters: {code}")));
    }
    let step = 1.62 / radius;
    for (i, &letter) in letters.iter().enumerate() {
        let angle = (i as f64 - (count - 1.0) / 2.0) * step;
        let (x, y) = (radius * angle.sin(), radius * angle.cos());
        ink.letter(letter, Fit::Figure, &Spot { x, y, turn: -angle, width: 1.08, height })?;
    }
    Ok(())
}
