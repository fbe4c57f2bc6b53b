//! Text: faces, shaping, line breaking and subsets.
//!
//! In: strings with a face and a size. Out: positioned glyphs, and the small fonts that hold just those glyphs.

pub mod subset;
