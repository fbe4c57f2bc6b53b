//! What is asked of a text: styled spans and the box they go into.

use super::FaceId;
use crate::color::Color;
use crate::unit::Length;

/// How a span looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextStyle {
    /// The face asked first; characters it lacks go down the fallback chain.
    pub face: FaceId,
    /// The em.
    pub size: Length,
    /// Fill colour.
    pub color: Color,
    /// Added after every character but a line's last; may be negative.
    pub letter_spacing: Length,
    /// Ruled underneath, spaces included: a filled-in blank.
    pub underline: bool,
    /// Upwards from the baseline; negative for a subscript.
    pub baseline_shift: Length,
}

impl TextStyle {
    /// Black text of `face` at `size`.
    pub const fn new(face: FaceId, size: Length) -> TextStyle {
        TextStyle {
            face,
            size,
            color: Color::BLACK,
            letter_spacing: Length::ZERO,
            underline: false,
            baseline_shift: Length::ZERO,
        }
    }
}

/// A stretch of text in one style. `\n` and U+2029 end a paragraph, U+2028 ends a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextSpan<'a> {
    /// The characters.
    pub text: &'a str,
    /// Their look.
    pub style: TextStyle,
    /// Its number among the pieces it was made of, by which glyphs, rules and errors name it.
    pub tag: Option<u16>,
}

/// The box a text goes into, and how it stands there.
#[derive(Clone, Debug, PartialEq)]
pub struct TextBlock {
    /// The measure; without one lines end only where the text says so, and start at x = 0.
    pub width: Option<Length>,
    /// The height; without one the text takes what it needs, from the top.
    pub height: Option<Length>,
    /// Along the line.
    pub align: Align,
    /// Across the lines.
    pub valign: VAlign,
    /// From baseline to baseline, in ems of the line's largest character.
    pub leading: f64,
    /// Added before the first line of each paragraph.
    pub indent: Length,
    /// What may be done to text that does not fit.
    pub fit: FitLadder,
}

impl Default for TextBlock {
    fn default() -> TextBlock {
        TextBlock {
            width: None,
            height: None,
            align: Align::Start,
            valign: VAlign::Top,
            leading: 1.5,
            indent: Length::ZERO,
            fit: FitLadder::default(),
        }
    }
}

/// How a line stands in the measure.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Align {
    /// At the left edge.
    #[default]
    Start,
    /// In the middle.
    Center,
    /// At the right edge.
    End,
    /// Spread to both edges; a paragraph's last line at the left edge.
    Justify,
    /// Every line spread to both edges (分散对齐), single words too: 姓　名.
    Distribute,
}

/// How the lines stand in the box's height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum VAlign {
    /// At the top.
    #[default]
    Top,
    /// In the middle.
    Middle,
    /// At the bottom.
    Bottom,
}

/// What may be done to text that does not fit, in the author's order; nothing if empty.
///
/// Rungs add up: the second is tried together with the first. At each rung the mildest change that fits is taken, so that
/// `[Shrink, Wrap]` keeps one line, smaller, while it can; then it wraps at full size; then it wraps, smaller.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FitLadder {
    /// The rungs, mildest first.
    pub rungs: Vec<Rung>,
}

impl FitLadder {
    /// The ladder of these rungs.
    pub fn new(rungs: impl Into<Vec<Rung>>) -> FitLadder {
        FitLadder { rungs: rungs.into() }
    }

    /// Lines may break: what running text asks for.
    pub fn wrap() -> FitLadder {
        FitLadder::new([Rung::Wrap])
    }
}

/// One thing that may be done to text that does not fit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Rung {
    /// Narrow the characters to no less than this part of their width (0.8 is decent).
    Condense(f64),
    /// Make all text smaller, the largest span to no less than this size.
    Shrink(Length),
    /// Break lines.
    Wrap,
}
