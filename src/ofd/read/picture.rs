//! Image objects: ImageObject. GB/T 33190-2016, chapter 10.
//!
//! In: an ImageObject. Out: an [`ImageItem`]: the unit square under its CTM, and what of it shows.

use super::budget::Budget;
use super::error::ReadError;
use super::paint::Unit;
use super::resources::ResourceTable;
use super::value;
use super::xml::Element;
use crate::geom::{Point, Rect};
use crate::page::{ImageItem, Ref};
use crate::unit::Length;

/// How far rounded corners may stand beyond what they are rounded from: two micrometres.
const ROUNDING: Length = Length::from_raw(720);

/// Reads the object; `None` if nothing of it shows.
pub(super) fn read(
    object: Element<'_>,
    resources: &mut ResourceTable<'_>,
    budget: &mut Budget,
) -> Result<Option<ImageItem>, ReadError> {
    let unit = Unit::read(object, &["ResourceID"])?;
    let map = unit.to_page;
    if map.b != 0.0 || map.c != 0.0 || map.a <= 0.0 || map.d <= 0.0 {
        return Err(object.unsupported("an image that is turned or mirrored"));
    }
    let rect = Rect::new(map.e, map.f, Length::mm(map.a), Length::mm(map.d));
    let mut shown = unit.boundary;
    for child in object.children() {
        if child.is("Clips") {
            for clip in child.children() {
                shown = common(&shown, &clip_of(clip, unit.boundary.origin())?);
            }
        } else if !child.is("Actions") {
            return Err(child.unsupported(format!("ImageObject with {}", child.name())));
        }
    }
    let image = Ref::Master(resources.image(object, object.id("ResourceID")?, budget)?);
    let clip = (!shown.outset(ROUNDING).contains(&rect)).then_some(shown);
    Ok(unit.visible.then_some(ImageItem { image, rect, clip }))
}

/// CT_Clip, 8.4: one area, a rectangle relative to the object's Boundary.
fn clip_of(clip: Element<'_>, origin: Point) -> Result<Rect, ReadError> {
    let area = clip.need("Area")?;
    let path = area.need("Path")?;
    if clip.children().count() > 1 || area.children().count() > 1 || area.attr_names().next().is_some() {
        return Err(clip.unsupported("a clip of several areas, or under a matrix"));
    }
    if path.attr("CTM").is_some() {
        return Err(path.unsupported("a clip under a matrix"));
    }
    let boundary = value::rect(path, path.need_attr("Boundary")?)?;
    let data = path.need("AbbreviatedData")?;
    let rectangle = rectangle(data).ok_or_else(|| data.unsupported("a clip that is no rectangle"))?;
    let corner = rectangle.origin().shift(origin.x + boundary.x, origin.y + boundary.y);
    Ok(Rect::new(corner.x, corner.y, rectangle.width, rectangle.height))
}

/// What two rectangles have in common; without size where that is nothing.
fn common(a: &Rect, b: &Rect) -> Rect {
    let (left, top) = (a.x.max(b.x), a.y.max(b.y));
    let (right, bottom) = (a.right().min(b.right()).max(left), a.bottom().min(b.bottom()).max(top));
    Rect::new(left, top, right - left, bottom - top)
}

/// The rectangle that `M x y L … L … L … C` draws.
fn rectangle(data: Element<'_>) -> Option<Rect> {
    let text = data.text();
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let ["M", ax, ay, "L", bx, by, "L", cx, cy, "L", dx, dy, ref end @ ..] = words[..] else { return None };
    let closes = match end {
        [] | ["C"] => true,
        ["L", x, y] | ["L", x, y, "C"] => (*x, *y) == (ax, ay),
        _ => false,
    };
    let number = |word| value::length(data, word).ok();
    let [a, b, c, d] = [(ax, ay), (bx, by), (cx, cy), (dx, dy)].map(|(x, y)| number(x).zip(number(y)));
    let [a, b, c, d] = [a?, b?, c?, d?];
    let upright = a.1 == b.1 && b.0 == c.0 && c.1 == d.1 && d.0 == a.0
        || a.0 == b.0 && b.1 == c.1 && c.0 == d.0 && d.1 == a.1;
    (closes && upright).then(|| Rect::from_corners(Point::new(a.0, a.1), Point::new(c.0, c.1)))
}
