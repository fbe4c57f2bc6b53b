//! Setting a text: from styled spans to positioned glyphs.

use super::{Fonts, Setting, TextBlock, TextError, TextSpan};

/// Sets `spans` into `block`.
///
/// # Errors
/// If a character has no face, or the text does not fit at the last rung of the block's ladder.
pub fn set(fonts: &Fonts, spans: &[TextSpan<'_>], block: &TextBlock) -> Result<Setting, TextError> {
    let _ = (fonts, spans, block);
    Err(TextError::TooLong { bytes: 0, limit: 0 })
}
