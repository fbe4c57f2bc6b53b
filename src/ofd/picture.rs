//! Image objects: ImageObject. GB/T 33190-2016, chapter 10.
//!
//! In: an [`ImageItem`] and the ID of its resource. Out: one object whose CTM lays the unit square over its rectangle.
//! Invariant: what is not to show lies outside the Boundary and outside the clip.

use super::Ids;
use super::outline::{Abbreviated, snap};
use super::xml::Xml;
use crate::geom::{Affine, Path, Point, Rect};
use crate::page::ImageItem;
use crate::unit::Length;

/// Writes the image and, where only a part of it shows, its clip.
pub(super) fn write(item: &ImageItem, resource: u32, ids: &mut Ids, xml: &mut Xml) {
    let rect = item.rect;
    let clipped = item.clip.filter(|clip| !clip.contains(&rect));
    let boundary = snap(clipped.unwrap_or(rect));
    let ctm = Affine {
        e: rect.x - boundary.x,
        f: rect.y - boundary.y,
        ..Affine::scale(rect.width.to_mm(), rect.height.to_mm())
    };
    let element = xml
        .element("ofd:ImageObject")
        .attr("ID", ids.next())
        .attr("Boundary", boundary)
        .attr("CTM", ctm)
        .attr("ResourceID", resource);
    if clipped.is_none() {
        element.empty();
        return;
    }
    element.open();
    clip(Rect { x: Length::ZERO, y: Length::ZERO, ..boundary }, xml);
    xml.close("ofd:ImageObject");
}

/// CT_Clip, 8.4: relative to the Boundary. Some readers clip to the Boundary already, others to this; those that take it for the
/// unit square's space, before the CTM, find the whole image inside it and clip nothing.
fn clip(visible: Rect, xml: &mut Xml) {
    xml.element("ofd:Clips").open();
    xml.element("ofd:Clip").open();
    xml.element("ofd:Area").open();
    xml.element("ofd:Path").attr("Boundary", visible).attr("Stroke", "false").attr("Fill", "true").open();
    let segments = Path::rect(visible).segments;
    let data = Abbreviated { segments: &segments, origin: Point::default(), explicit_close: false };
    xml.leaf("ofd:AbbreviatedData", data);
    xml.close("ofd:Path");
    xml.close("ofd:Area");
    xml.close("ofd:Clip");
    xml.close("ofd:Clips");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Ref;

    fn written(clip: Option<Rect>) -> String {
        let item = ImageItem { image: Ref::Own(0), rect: Rect::mm(10.0, 20.0, 40.0, 40.0), clip };
        let mut xml = Xml::fragment();
        write(&item, 7, &mut Ids::default(), &mut xml);
        format!("{xml:?}")
    }

    #[test]
    fn a_whole_image_lies_in_its_boundary() {
        let whole =
            "<ofd:ImageObject ID=\"1\" Boundary=\"10 20 40 40\" CTM=\"40 0 0 40 0 0\" ResourceID=\"7\"/>";
        assert_eq!(written(None), whole);
        assert_eq!(written(Some(Rect::mm(0.0, 0.0, 100.0, 100.0))), whole, "a clip that hides nothing");
    }

    #[test]
    fn a_clip_is_the_boundary_and_a_path_in_its_space() {
        let text = written(Some(Rect::mm(15.0, 20.0, 30.0, 40.0)));
        assert!(text.contains("Boundary=\"15 20 30 40\" CTM=\"40 0 0 40 -5 0\""), "{text}");
        assert!(text.contains("<ofd:Path Boundary=\"0 0 30 40\""), "{text}");
        assert!(text.contains("M 0 0 L 30 0 L 30 40 L 0 40 C"), "{text}");
    }
}
