//! Attributes of an element, read where it stands: expressions filled in, then text to meaning.
//!
//! In: a [`Node`] and its [`Place`]. Out: lengths, colours, boxes, looks. What is wrong is reported and reads as absent.

use super::Compiler;
use super::place::{ACROSS, Axis, DOWN, Look, Place};
use crate::diag::{Diagnostic, nearest};
use crate::geom::{Point, Rect};
use crate::record::FieldKind;
use crate::template::source::SourceText;
use crate::template::tree::Node;
use crate::template::value::{self, Complaint, Dimension};
use crate::template::vocabulary::{Tag, ValueKind};
use crate::text::FaceId;
use crate::unit::Length;

impl Compiler<'_> {
    /// The text of attribute `name` with its expressions worked out; a record cannot decide it.
    pub(super) fn fixed(&mut self, node: &Node, name: &str, place: &Place) -> Option<SourceText> {
        let attribute = node.attribute(name)?;
        if !value::has_expression(&attribute.value.text) {
            return Some(attribute.value.clone());
        }
        let content = self.expressions.content(&attribute.value, &place.names, &mut self.report)?;
        match content.as_literal() {
            Some(text) => Some(SourceText { text: text.to_owned(), span: attribute.value.whole() }),
            None => {
                let message = format!("{name} cannot depend on the record: {}", attribute.value.text);
                let error = Diagnostic::error(attribute.value.whole(), message);
                let hint = match self.shown_image(node, name, &attribute.value.text) {
                    Some(field) => format!("write field=\"{field}\" in place of {name}"),
                    None => "write one element for each case, with when".to_owned(),
                };
                self.report.push(error.hint(hint));
                None
            }
        }
    }

    /// The image field that `text`, the `src` of an `image`, is alone to show.
    fn shown_image<'t>(&self, node: &Node, name: &str, text: &'t str) -> Option<&'t str> {
        let field = text.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
        let mut fields = self.schema.fields.iter();
        let is_image = fields.any(|f| f.name == field && matches!(f.kind, FieldKind::Image { .. }));
        (node.tag() == Tag::Image && name == "src" && is_image).then_some(field)
    }

    /// Attribute `name` read by `read`.
    pub(super) fn read<T>(
        &mut self,
        node: &Node,
        name: &str,
        place: &Place,
        read: impl FnOnce(&str) -> Result<T, Complaint>,
    ) -> Option<T> {
        let text = self.fixed(node, name, place)?;
        read(&text.text).map_err(|complaint| self.report.push(complaint.at(text.whole()))).ok()
    }

    /// Attribute `name` as one of the words that the vocabulary lists for it.
    pub(super) fn keyword(&mut self, node: &Node, name: &str, place: &Place) -> Option<&'static str> {
        let Some(ValueKind::Keyword(words)) = node.spec.attribute(name).map(|a| a.kind) else { return None };
        self.read(node, name, place, |text| value::keyword(name, text, words))
            .and_then(|i| words.get(i).copied())
    }

    /// Attribute `name` as the vocabulary limits it.
    pub(super) fn dimension(&mut self, node: &Node, name: &str, place: &Place) -> Option<Dimension> {
        let Some(ValueKind::Length { em, percent, negative }) = node.spec.attribute(name).map(|a| a.kind)
        else {
            return None;
        };
        self.read(node, name, place, |text| value::dimension(name, text, em, percent, negative))
    }

    /// Attribute `name` as a length; `whole` is what % is of, `em` the font size.
    pub(super) fn length(
        &mut self,
        node: &Node,
        name: &str,
        place: &Place,
        whole: Length,
        em: Option<Length>,
    ) -> Option<Length> {
        let length = match self.dimension(node, name, place)? {
            Dimension::Fixed(length) => length,
            Dimension::Part(part) => whole.scale(part),
            Dimension::Em(ems) => return self.ems(node, name, ems, em),
        };
        self.on_paper(node, name, length)
    }

    /// So many of the font size `em`, which must be known.
    fn ems(&mut self, node: &Node, name: &str, ems: f64, em: Option<Length>) -> Option<Length> {
        if em.is_none() {
            let span = node.attribute(name).map_or(node.span.clone(), |a| a.value.whole());
            let error =
                Diagnostic::error(span, format!("{name} is of the font size, but there is none here"));
            self.report.push(error.hint("give a size in pt, here or around"));
        }
        self.on_paper(node, name, em?.scale(ems))
    }

    /// A length that no chain of % and em has made longer than any page.
    fn on_paper(&mut self, node: &Node, name: &str, length: Length) -> Option<Length> {
        if length.abs() <= Length::mm(value::MAX_MM) {
            return Some(length);
        }
        let span = node.attribute(name).map_or(node.span.clone(), |a| a.value.whole());
        self.report
            .push(Diagnostic::error(span, format!("{name} is too long for any page: {}mm", length.fmt_mm())));
        None
    }

    /// The element's corner on the page, and its extents where it says them.
    pub(super) fn area(
        &mut self,
        node: &Node,
        place: &Place,
        em: Option<Length>,
    ) -> (Point, Option<Length>, Option<Length>) {
        let (frame, look) = (place.frame, em);
        let [x, width] = [(ACROSS, frame.width), (DOWN, frame.height)].map(|(names, whole)| {
            let [near, extent, far] = names.map(|name| self.length(node, name, place, whole, look));
            Axis { near, extent, far }.solve(whole, node, names, &mut self.report)
        });
        let ((x, width), (y, height)) = (x, width);
        (frame.origin().shift(x, y), width, height)
    }

    /// The element's box; both extents must be known.
    pub(super) fn rect(&mut self, node: &Node, place: &Place) -> Rect {
        let (origin, width, height) = self.area(node, place, place.look.size);
        let mut extent = |length: Option<Length>, [near, name, far]: [&str; 3]| {
            if length.is_none() && node.attribute(name).is_none() {
                let error = node.error(format!("{} lacks {name}", node.spec.name));
                self.report.push(error.hint(format!("give {name}, or {near} and {far}")));
            }
            length.unwrap_or_default()
        };
        let (width, height) = (extent(width, ACROSS), extent(height, DOWN));
        Rect::new(origin.x, origin.y, width, height)
    }

    /// A square whose side is `side`, at the element's edges.
    pub(super) fn square(&mut self, node: &Node, place: &Place, side: Length) -> Rect {
        let frame = place.frame;
        let [(x, _), (y, _)] =
            [(ACROSS, frame.width), (DOWN, frame.height)].map(|([near, extent, far], whole)| {
                let [near_edge, far_edge] =
                    [near, far].map(|name| self.length(node, name, place, whole, place.look.size));
                let axis = Axis { near: near_edge, extent: Some(side), far: far_edge };
                axis.solve(whole, node, [near, extent, far], &mut self.report)
            });
        let origin = frame.origin().shift(x, y);
        Rect::new(origin.x, origin.y, side, side)
    }

    /// The look of text that `node` gives to itself and those within; `size` is the name of its font size.
    pub(super) fn look(&mut self, node: &Node, place: &Place, outer: &Look, size: &str) -> Look {
        let mut look = outer.clone();
        if let Some(font) = self.fixed(node, "font", place) {
            look.face = self.face(&font).or(look.face);
        }
        if node.attribute("font").is_some() && look.face.is_none() {
            // Its mistake is reported; any face stands in, so that every text within is not reported as well.
            look.face = self.fonts.names().next().and_then(|name| self.fonts.find(name));
        }
        if let Some(weight) = self.keyword(node, "weight", place) {
            look.bold = weight == "bold";
        }
        let given = self.dimension(node, size, place).and_then(|dimension| match dimension {
            Dimension::Fixed(length) => Some(length),
            Dimension::Em(ems) | Dimension::Part(ems) => self.ems(node, size, ems, outer.size),
        });
        if let Some(length) = given {
            if length < Length::pt(0.5) {
                let span = node.attribute(size).map_or(node.span.clone(), |a| a.value.whole());
                let message = format!("{size} is too small to read: {}pt", length.fmt_pt());
                self.report.push(Diagnostic::error(span, message));
            }
            look.size = Some(length.max(Length::pt(0.5)));
        }
        if node.attribute(size).is_some() && look.size.is_none() {
            // Its mistake is reported; any size stands in.
            look.size = Some(Length::pt(12.0));
        }
        look.color = self.read(node, "color", place, |t| value::color("color", t)).unwrap_or(look.color);
        look.letter_spacing = self.dimension(node, "letter-spacing", place).unwrap_or(look.letter_spacing);
        look.rise = self.dimension(node, "rise", place).unwrap_or(look.rise);
        look.underline = self.keyword(node, "underline", place).map_or(look.underline, |word| word == "true");
        if let Some(ValueKind::Number(least, most)) = node.spec.attribute("leading").map(|a| a.kind) {
            let leading = self.read(node, "leading", place, |t| value::number("leading", t, least, most));
            look.leading = leading.unwrap_or(look.leading);
        }
        look
    }

    fn face(&mut self, font: &SourceText) -> Option<FaceId> {
        let name = font.text.trim();
        let found = self.fonts.find(name);
        if found.is_none() {
            let error = Diagnostic::error(font.whole(), format!("unknown font: {name}"));
            self.report.push(match nearest(name, self.fonts.names()) {
                Some(near) => error.hint(format!("did you mean {near}?")),
                None => {
                    error.hint(format!("the fonts are {}", self.fonts.names().collect::<Vec<_>>().join(", ")))
                }
            });
        }
        found
    }
}
