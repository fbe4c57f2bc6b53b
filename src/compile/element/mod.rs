//! Elements on a page, one by one: conditions first, then what kind it is.
//!
//! In: the children of a page, group or part. Out: flat [`Element`]s in painting order.

mod art;
mod flow;
mod note;
mod part;
mod qr;
pub(super) mod repeat;
mod seal;
mod shape;
mod stamp;
mod svg;
mod table;
mod text;
mod watermark;
mod whitespace;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::compile::Compiler;
use crate::compile::expression::condition::Verdict;
use crate::compile::place::Place;
use crate::compile::program::{Element, ElementKind, ImageFit, ImagePlan, ImageSource, QrSays, TextPlan};
use crate::compile::resolve::Written;
use crate::diag::{Diagnostic, nearest};
use crate::geom::{Point, Rect};
use crate::page::Image;
use crate::record::FieldKind;
use crate::template::tree::Node;
use crate::template::vocabulary::Tag;
use crate::unit::Length;

pub use note::{CONVERSION_NOTE, note_block, note_style};
use part::MAX_DEPTH;

/// The most elements and cells of a layout, parts counted as often as they are used.
const MAX_ELEMENTS: usize = 20_000;

impl Compiler<'_> {
    /// The elements in `node`, appended to `out`.
    pub(super) fn elements(&mut self, node: &Node, place: &Place, out: &mut Vec<Element>) {
        for child in node.nodes().filter(|n| n.tag() != Tag::Param) {
            match child.value("id").and_then(|id| place.replacements.get_key_value(&id.text)) {
                Some((id, written)) => self.replacement(id, written, place, out),
                None => self.element(child, place, out),
            }
        }
    }

    /// What stands in for the element `id`. Within it the id is that of what is written there: it does not replace itself.
    fn replacement(&mut self, id: &str, written: &Written, place: &Place, out: &mut Vec<Element>) {
        if place.depth == MAX_DEPTH {
            let message = format!("replacements hold replacements more than {MAX_DEPTH} deep: {id}");
            self.report.push(written.node.error(message));
            return;
        }
        let mut replacements = BTreeMap::clone(&place.replacements);
        replacements.remove(id);
        let place = Place {
            folder: written.folder.clone(),
            replacements: Arc::new(replacements),
            depth: place.depth + 1,
            ..place.clone()
        };
        self.element(&written.node, &place, out);
    }

    fn element(&mut self, node: &Node, place: &Place, out: &mut Vec<Element>) {
        if !self.admits(node) {
            return;
        }
        if place.flows {
            self.check_in_flow(node);
        }
        let place = self.under_condition(node, place);
        let place = self.under_edition(node, place);
        let id = node.value("id").map(|v| v.text.clone());
        let placed = match node.tag() {
            Tag::Group if node.attribute("for").is_some() => self.repeated_group(node, &place),
            Tag::Group => return self.group(node, &place, out),
            Tag::Use if !self.is_art(node) => return self.part(node, &place, out),
            Tag::Use => self.art(node, &place),
            Tag::Text => self.text(node, &place),
            Tag::Image => self.image(node, &place),
            Tag::Qr => self.qr(node, &place),
            Tag::Stamp => self.stamp(node, &place),
            Tag::Watermark => self.watermark(node, &place),
            Tag::Table => self.table(node, &place),
            Tag::Seal => self.seal(node, &place),
            Tag::Flow => self.flow(node, &place),
            Tag::Space => self.space(node, &place),
            _ => self.shape(node, &place),
        };
        let Some((kind, bounds)) = placed else { return };
        let logo = self.qr_logo(node, &kind, &place);
        self.check_bounds(node, &kind, bounds, &place);
        if !place.is_off {
            let element = |id, kind: ElementKind, bounds| {
                let (span, when) = (node.span.clone(), place.when.clone());
                let is_static = when.is_empty() && kind.is_static();
                Element { span, id, when, is_static, bounds, kind }
            };
            // Over the mark; the layout alone decides it, so that no record carries it.
            let logo = logo.map(|(kind, bounds)| element(None, kind, bounds));
            self.publish(element(id, kind, bounds), logo, &place, out);
        }
    }

    /// Counts an element or a cell; `false` if it is one too many.
    pub(super) fn admits(&mut self, node: &Node) -> bool {
        self.elements_seen += 1;
        if self.elements_seen > MAX_ELEMENTS {
            self.report.push(node.error(format!("the layout has more than {MAX_ELEMENTS} elements")));
        }
        self.elements_seen <= MAX_ELEMENTS
    }

    pub(super) fn under_condition(&mut self, node: &Node, place: &Place) -> Place {
        let mut place = place.clone();
        if let Some(when) = node.value("when") {
            match self.expressions.condition(when, &place.names, &mut self.report) {
                Verdict::Always => {}
                Verdict::Never => place.is_off = true,
                Verdict::Depends(condition) => place.when.push(condition),
            }
        }
        place
    }

    fn group(&mut self, node: &Node, place: &Place, out: &mut Vec<Element>) {
        self.check_steps(node);
        let look = self.look(node, place, &place.look, "size");
        let frame = self.frame(node, place, look.size);
        self.elements(node, &Place { frame, look, ..place.clone() }, out);
    }

    /// The box of an element that holds others: what it does not say reaches to the end of the surrounding box.
    pub(super) fn frame(&mut self, node: &Node, place: &Place, em: Option<Length>) -> Rect {
        let (origin, width, height) = self.area(node, place, em);
        let rest = Point::new(place.frame.right() - origin.x, place.frame.bottom() - origin.y);
        Rect::new(origin.x, origin.y, width.unwrap_or(rest.x), height.unwrap_or(rest.y))
    }

    fn image(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let rect = self.rect(node, place);
        let fit = match self.keyword(node, "fit", place) {
            Some("cover") => ImageFit::Cover,
            Some("stretch") => ImageFit::Stretch,
            _ => ImageFit::Contain,
        };
        let source = match (node.attribute("src"), node.attribute("field")) {
            (Some(_), Some(field)) => {
                let error = Diagnostic::error(field.name_span.clone(), "image has both src and field");
                self.report.push(error.hint("remove one of them"));
                None
            }
            (None, None) => {
                let error = node.error("image has neither src nor field");
                self.report.push(error.hint("write src=\"art/logo.png\" or field=\"photo\""));
                None
            }
            (Some(_), None) => self.picture(node, "src", place).map(ImageSource::Fixed),
            (None, Some(_)) => self.image_field(node, place).map(ImageSource::Field),
        };
        Some((ElementKind::Image(ImagePlan { rect, fit, source: source? }), rect))
    }

    /// The picture that attribute `name` names; each file is kept once.
    pub(super) fn picture(&mut self, node: &Node, name: &str, place: &Place) -> Option<Arc<Image>> {
        let href = self.fixed(node, name, place)?;
        let (path, bytes) = self.files.read(&place.folder, &href, &mut self.report)?;
        if let Some(image) = self.images.get(&path) {
            return Some(Arc::clone(image));
        }
        match Image::read(bytes) {
            Ok(image) => {
                let image = Arc::new(image);
                self.images.insert(path, Arc::clone(&image));
                Some(image)
            }
            Err(error) => {
                let diagnostic =
                    Diagnostic::error(href.whole(), format!("the picture {error}: {}", href.text));
                let hint = error.hint();
                self.report.push(if hint.is_empty() { diagnostic } else { diagnostic.hint(hint) });
                None
            }
        }
    }

    fn image_field(&mut self, node: &Node, place: &Place) -> Option<usize> {
        let name = self.fixed(node, "field", place)?;
        let fields = &self.schema.fields;
        let is_image = |i: &usize| matches!(fields[*i].kind, FieldKind::Image { .. });
        let index = self.schema.index(name.text.trim());
        if let Some(index) = index.filter(is_image) {
            self.expressions.used.field(index);
            return Some(index);
        }
        let images: Vec<&str> = (0..fields.len()).filter(is_image).map(|i| fields[i].name.as_str()).collect();
        let what = if index.is_some() { "the field is not an image" } else { "unknown field" };
        let hint = match nearest(&name.text, images.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None if images.is_empty() => "write <field name=\"photo\" type=\"image\"/> in fields".to_owned(),
            None => format!("the images are {}", images.join(", ")),
        };
        self.report.push(Diagnostic::error(name.whole(), format!("{what}: {}", name.text)).hint(hint));
        None
    }

    /// What stands off the sheet was hardly meant; shapes may bleed over its edge.
    fn check_bounds(&mut self, node: &Node, kind: &ElementKind, bounds: Rect, place: &Place) {
        let sheet = Rect::new(Length::ZERO, Length::ZERO, place.page.width, place.page.height);
        let may_bleed = matches!(kind, ElementKind::Paths(_));
        // A line has no area, so its box is widened to overlap.
        let is_off = if may_bleed {
            !sheet.overlaps(&bounds.outset(Length::mm(0.01)))
        } else {
            !sheet.contains(&bounds)
        };
        if is_off && sheet.width > Length::ZERO {
            let sides = [bounds.x, bounds.y, bounds.right(), bounds.bottom()].map(Length::fmt_mm);
            let [left, top, right, bottom] = sides;
            let message = format!("{} stands off the {}", node.spec.name, place.paper);
            let hint = format!("it reaches from {left}, {top} to {right}, {bottom} mm");
            self.report.push(Diagnostic::warning(node.span.clone(), message).hint(hint));
        }
    }
}

impl TextPlan {
    pub(super) fn is_static(&self) -> bool {
        self.pieces.iter().all(|p| p.content.is_static())
    }
}

impl ElementKind {
    /// Whether it is the same for every record. A seal is placed on the record's own page.
    fn is_static(&self) -> bool {
        match self {
            ElementKind::Text(text) => text.is_static(),
            ElementKind::Paths(_) => true,
            ElementKind::Image(image) => matches!(image.source, ImageSource::Fixed(_)),
            ElementKind::Qr(qr) => matches!(&qr.says, QrSays::Content(content) if content.is_static()),
            ElementKind::Stamp(stamp) => stamp.words.is_static(),
            ElementKind::Watermark(mark) => mark.words.is_static(),
            ElementKind::Table(table) => table.is_static(),
            ElementKind::Space(_) => true,
            ElementKind::Flow(_) | ElementKind::Repeat(_) => false,
            ElementKind::Seal(_) => false,
        }
    }
}
