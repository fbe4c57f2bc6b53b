//! What page objects have in common: their place, their matrix, their colours. GB/T 33190-2016, 8.3 and 8.5.
//!
//! In: an object's element. Out: [`Unit`] and colours. Invariant: what is not understood is refused and never left out.

use super::error::ReadError;
use super::value;
use super::xml::Element;
use crate::color::Color;
use crate::geom::{Affine, Rect};
use crate::unit::Length;

/// CT_GraphicUnit: where an object stands.
#[derive(Clone, Copy)]
pub(super) struct Unit {
    /// On the page.
    pub(super) boundary: Rect,
    /// From the object's space to the page.
    pub(super) to_page: Affine,
    /// The object's opacity.
    alpha: f64,
    /// Whether it shows.
    pub(super) visible: bool,
}

/// The attributes of CT_GraphicUnit that are read here, beside an object's own.
const KNOWN: [&str; 6] = ["ID", "Name", "Boundary", "CTM", "Visible", "Alpha"];

impl Unit {
    /// Reads what all objects have; `own` are the attributes that this kind of object reads itself.
    pub(super) fn read(object: Element<'_>, own: &[&str]) -> Result<Unit, ReadError> {
        if let Some(other) = object.attr_names().find(|name| !KNOWN.contains(name) && !own.contains(name)) {
            return Err(object.unsupported(format!("{} with {other}", object.name())));
        }
        let boundary = value::rect(object, object.need_attr("Boundary")?)?;
        let ctm = match object.attr("CTM") {
            None => Affine::IDENTITY,
            Some(text) => {
                let [a, b, c, d, e, f] = value::array(object, text)?;
                Affine { a, b, c, d, e: Length::mm(e), f: Length::mm(f) }
            }
        };
        Ok(Unit {
            boundary,
            to_page: ctm.then(&Affine::shift(boundary.x, boundary.y)),
            alpha: object.attr("Alpha").map_or(Ok(255.0), |text| value::number(object, text))? / 255.0,
            visible: flag(object, "Visible", true)?,
        })
    }

    /// The colour of the child `name`; `None` without one.
    pub(super) fn color(&self, object: Element<'_>, name: &'static str) -> Result<Option<Color>, ReadError> {
        let color = object.child(name).map(color).transpose()?;
        Ok(color.map(|color| self.fade(color)))
    }

    /// A colour under the object's opacity.
    pub(super) fn fade(&self, color: Color) -> Color {
        color.fade(self.alpha)
    }
}

/// CT_Color: RGB of eight bits, the colour space when none is named.
fn color(element: Element<'_>) -> Result<Color, ReadError> {
    if let Some(other) = element.attr_names().find(|name| !["Value", "Alpha"].contains(name)) {
        return Err(element.unsupported(format!("a colour with {other}")));
    }
    if let Some(pattern) = element.children().next() {
        return Err(element.unsupported(format!("a colour that is a {}", pattern.name())));
    }
    let [r, g, b] = value::array(element, element.need_attr("Value")?)?;
    let a = element.attr("Alpha").map_or(Ok(255.0), |text| value::number(element, text))?;
    let channel = |v: f64| {
        let whole = (0.0..=255.0).contains(&v).then_some(v.round() as u8);
        whole.ok_or_else(|| element.malformed(format!("a colour outside of 0 to 255: {v}")))
    };
    Ok(Color { r: channel(r)?, g: channel(g)?, b: channel(b)?, a: channel(a)? })
}

/// An attribute of type xs:boolean.
pub(super) fn flag(element: Element<'_>, name: &str, default: bool) -> Result<bool, ReadError> {
    match element.attr(name) {
        None => Ok(default),
        Some("true" | "1") => Ok(true),
        Some("false" | "0") => Ok(false),
        Some(other) => Err(element.malformed(format!("{name} is neither true nor false: {other}"))),
    }
}

/// Refuses an attribute that says something else than its default.
pub(super) fn only_default(element: Element<'_>, name: &str, default: f64) -> Result<(), ReadError> {
    match element.attr(name) {
        Some(text) if value::number(element, text)? != default => {
            Err(element.unsupported(format!("{} with {name} {text}", element.name())))
        }
        _ => Ok(()),
    }
}
