//! Cutting text into items.

/// Whether `c` selects a variant of the character before it: Mongolian, standard and ideographic (IVS) selectors.
pub(crate) const fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{180b}'..='\u{180d}' | '\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}
