//! Colours of the page: sRGB with opacity.
//!
//! In: `#rgb`, `#rrggbb`, `#rrggbbaa` from layouts, paints from SVG art. Out: [`Color`], which both writers state as DeviceRGB.

/// An sRGB colour; `a` is its opacity, 255 for opaque.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Color {
    /// Red.
    pub r: u8,
    /// Green.
    pub g: u8,
    /// Blue.
    pub b: u8,
    /// Opacity.
    pub a: u8,
}

impl Color {
    /// Opaque black.
    pub const BLACK: Color = Color::rgb(0, 0, 0);

    /// An opaque colour.
    pub const fn rgb(r: u8, g: u8, b: u8) -> Color {
        Color { r, g, b, a: 255 }
    }

    /// Reads `#rgb`, `#rrggbb` or `#rrggbbaa`; `None` for anything else.
    pub fn parse(text: &str) -> Option<Color> {
        let hex = text.strip_prefix('#')?;
        if !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let pair = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).ok();
        match hex.len() {
            3 => {
                let one = |i: usize| u8::from_str_radix(&hex[i..=i], 16).ok().map(|v| v * 17);
                Some(Color::rgb(one(0)?, one(1)?, one(2)?))
            }
            6 => Some(Color::rgb(pair(0)?, pair(2)?, pair(4)?)),
            8 => Some(Color { a: pair(6)?, ..Color::rgb(pair(0)?, pair(2)?, pair(4)?) }),
            _ => None,
        }
    }

    /// This colour with its opacity multiplied by `factor` (0 to 1).
    pub fn fade(self, factor: f64) -> Color {
        Color { a: (f64::from(self.a) * factor.clamp(0.0, 1.0)).round() as u8, ..self }
    }

    /// Whether nothing shows through.
    pub const fn is_opaque(self) -> bool {
        self.a == 255
    }
}

impl std::fmt::Debug for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.r, self.g, self.b)?;
        if self.a != 255 {
            write!(f, "{:02x}", self.a)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_colours_of_three_six_and_eight_digits() {
        assert_eq!(Color::parse("#1d4f91"), Some(Color::rgb(0x1d, 0x4f, 0x91)));
        assert_eq!(Color::parse("#f00"), Some(Color::rgb(255, 0, 0)));
        assert_eq!(Color::parse("#00000080").map(|c| c.a), Some(128));
        for wrong in ["1d4f91", "#12", "#gggggg", "#１２３", "", "#"] {
            assert_eq!(Color::parse(wrong), None, "{wrong}");
        }
    }
}
