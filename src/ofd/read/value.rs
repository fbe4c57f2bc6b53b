//! What attributes and text say: numbers, boxes, matrices. GB/T 33190-2016, 7.3.
//!
//! In: lexical forms. Out: the page's own types. Invariant: numbers are finite and below [`LARGEST`] millimetres, so that sums of
//! coordinates never come near the ends of a [`Length`].

use super::error::ReadError;
use super::xml::Element;
use crate::decimal::Decimal;
use crate::geom::Rect;
use crate::unit::Length;

/// Beyond any sheet: a kilometre.
const LARGEST: f64 = 1e6;

/// The numbers of a list separated by space.
pub(super) fn numbers(element: Element<'_>, text: &str) -> Result<Vec<f64>, ReadError> {
    text.split_ascii_whitespace().map(|word| number(element, word)).collect()
}

/// One number.
pub(super) fn number(element: Element<'_>, word: &str) -> Result<f64, ReadError> {
    let value = Decimal::whole(word.as_bytes()).map(Decimal::value);
    value
        .or_else(|| word.trim().parse().ok())
        .filter(|v| v.abs() <= LARGEST)
        .ok_or_else(|| element.malformed(format!("{}: not a number of millimetres: {word}", element.name())))
}

/// As many numbers as there must be.
pub(super) fn array<const N: usize>(element: Element<'_>, text: &str) -> Result<[f64; N], ReadError> {
    numbers(element, text)?
        .try_into()
        .map_err(|_| element.malformed(format!("{}: not {N} numbers: {text}", element.name())))
}

/// ST_Box: `x y width height`.
pub(super) fn rect(element: Element<'_>, text: &str) -> Result<Rect, ReadError> {
    let [x, y, width, height] = array(element, text)?;
    if width < 0.0 || height < 0.0 {
        return Err(element.malformed(format!("{}: a box of negative size: {text}", element.name())));
    }
    Ok(Rect::mm(x, y, width, height))
}

/// A length in millimetres.
pub(super) fn length(element: Element<'_>, text: &str) -> Result<Length, ReadError> {
    number(element, text).map(Length::mm)
}
