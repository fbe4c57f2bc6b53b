//! Text: faces, shaping, line breaking, setting, and subsets.
//!
//! In: strings with a face and a size. Out: a [`Setting`] of positioned glyphs (ids of the whole face), and the small fonts
//! ([`subset`]) that hold just those glyphs.
//!
//! The way of a text: [`paragraph::set`] cuts it into items of one face and one script (`itemize`, by coverage), shapes each
//! (`shape`) into atoms with the spaces between them (`collect`), finds where lines may end (`linebreak`: UAX #14 with the
//! Chinese rules on top), climbs the author's fit ladder to the mildest change that fits (`fit`), and places the lines
//! (`place`, `justify`).
//! Invariant: nothing is dropped or clipped; what no face can show and what does not fit is an error.

mod block;
mod charmap;
mod collect;
mod face;
mod fit;
mod fonts;
mod itemize;
mod justify;
mod linebreak;
mod place;
mod setting;
mod shape;

pub mod coverage;
pub mod paragraph;
pub mod subset;

#[cfg(test)]
mod tests;

pub use block::{Align, FitLadder, Rung, TextBlock, TextSpan, TextStyle, VAlign};
pub use face::{Face, FaceProblem};
pub use fonts::{FaceId, FontError, Fonts};
pub use paragraph::set;
pub use setting::{Axis, Fitted, Line, Rule, SetGlyph, SetRun, Setting, TextError};
pub use subset::{FontMetrics, SubsetBuilder, SubsetFont, SubsetGlyph, TableProblem};
