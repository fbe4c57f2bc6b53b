//! What comes of a text: positioned glyphs, rules and lines, relative to the box's top left; or why it cannot be set.

use std::ops::Range;

use thiserror::Error;

use super::FaceId;
use super::place::EM_TOP;
use crate::color::Color;
use crate::geom::{Point, Rect};
use crate::unit::Length;

/// A text that has been set. Positions are relative to the box's top left corner, y downwards.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setting {
    /// The glyphs, in reading order.
    pub runs: Vec<SetRun>,
    /// Underlines, in reading order.
    pub rules: Vec<Rule>,
    /// The widest line.
    pub width: Length,
    /// From the top of the first line's em box to the bottom of the last one's.
    pub height: Length,
    /// The lines, from the top.
    pub lines: Vec<Line>,
    /// What the fit ladder did.
    pub fitted: Fitted,
}

/// Glyphs of one face and style on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct SetRun {
    /// The face that has the glyphs, the fallback's where it was asked.
    pub face: FaceId,
    /// The em, after shrinking.
    pub size: Length,
    /// Fill colour.
    pub color: Color,
    /// [`TextSpan::tag`](super::TextSpan::tag) of the text.
    pub tag: Option<u16>,
    /// Where the pen starts, on the baseline.
    pub origin: Point,
    /// Horizontal scale about the origin: 1 unless the text was condensed.
    pub condense: f64,
    /// Never empty.
    pub glyphs: Vec<SetGlyph>,
    /// The source text, cut by [`SetGlyph::text`].
    pub text: String,
    /// How far the pen moves over the run, before `condense`.
    pub advance: Length,
}

impl SetRun {
    /// The source characters of glyph `i`; empty for the later glyphs of a cluster.
    pub fn text_of(&self, i: usize) -> &str {
        let start = self.glyphs[i].text as usize;
        if i > 0 && self.glyphs[i - 1].text as usize == start {
            return "";
        }
        let next = self.glyphs[i..].iter().map(|g| g.text as usize).find(|&t| t > start);
        self.text.get(start..next.unwrap_or(self.text.len())).unwrap_or("")
    }
}

/// One glyph of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SetGlyph {
    /// Glyph id in the face.
    pub id: u16,
    /// Pen position from the run's origin, before `condense`.
    pub x: Length,
    /// Offset from the baseline, downwards.
    pub y: Length,
    /// Byte of [`SetRun::text`] at which its characters start. Ascending; glyphs of one cluster share it.
    pub text: u32,
}

/// A filled rectangle: an underline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Where.
    pub rect: Rect,
    /// Fill colour.
    pub color: Color,
    /// [`TextSpan::tag`](super::TextSpan::tag) of the text above it.
    pub tag: Option<u16>,
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its baseline.
    pub baseline: Length,
    /// Where its first character starts.
    pub x: Length,
    /// From there to the end of its last character.
    pub width: Length,
    /// Of its largest character, as set.
    pub size: Length,
    /// How many of [`Setting::runs`] stand on the lines before it.
    pub runs_before: usize,
    /// How many of [`Setting::rules`] stand on the lines before it.
    pub rules_before: usize,
}

impl Line {
    /// The top of its em box.
    pub fn top(&self) -> Length {
        self.baseline - self.size.scale(EM_TOP)
    }

    /// The bottom of its em box.
    pub fn bottom(&self) -> Length {
        self.baseline + self.size.scale(1.0 - EM_TOP)
    }
}

impl Setting {
    /// What stands on `lines`, still relative to the whole box's corner.
    pub fn lines_in(&self, lines: Range<usize>) -> Setting {
        let before = |at: usize| match self.lines.get(at) {
            Some(line) => (line.runs_before, line.rules_before),
            None => (self.runs.len(), self.rules.len()),
        };
        let ((first_run, first_rule), (end_run, end_rule)) = (before(lines.start), before(lines.end));
        Setting {
            runs: self.runs[first_run..end_run].to_vec(),
            rules: self.rules[first_rule..end_rule].to_vec(),
            lines: self.lines[lines].to_vec(),
            ..*self
        }
    }
}

/// What the fit ladder did.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fitted {
    /// Horizontal scale; 1 for none.
    pub condense: f64,
    /// Set size over asked size; 1 for none.
    pub size_factor: f64,
    /// How many lines it took.
    pub lines: usize,
}

impl Default for Fitted {
    fn default() -> Fitted {
        Fitted { condense: 1.0, size_factor: 1.0, lines: 0 }
    }
}

/// Why a text cannot be set.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TextError {
    /// Neither the named face nor the fallback chain has the character.
    #[error("no face has the character U+{:04X} {character:?}", *character as u32)]
    NoFace {
        /// The character.
        character: char,
        /// [`TextSpan::tag`](super::TextSpan::tag) of the text it comes from.
        tag: Option<u16>,
    },
    /// The character belongs to a script written from right to left, which this engine does not set.
    #[error("text from right to left is not supported: U+{:04X} {character:?}", *character as u32)]
    RightToLeft {
        /// The character.
        character: char,
        /// [`TextSpan::tag`](super::TextSpan::tag) of the text it comes from.
        tag: Option<u16>,
    },
    /// Every rung of the fit ladder was tried.
    #[error("the text needs {needed:?} of {axis} and has {available:?}: {text}")]
    DoesNotFit {
        /// Along the line or across the lines.
        axis: Axis,
        /// What it takes at the last rung.
        needed: Length,
        /// What the box has.
        available: Length,
        /// Its beginning, or the unbreakable word that is too long.
        text: String,
    },
    /// More text than a box may hold.
    #[error("the text has {bytes} bytes, at most {limit} are set")]
    TooLong {
        /// Its length in UTF-8.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
}

/// A side of the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Along the line.
    Width,
    /// Across the lines.
    Height,
}

impl std::fmt::Display for Axis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Axis::Width => "width",
            Axis::Height => "height",
        })
    }
}
