//! `qr`: what a mark says, and the logo in its middle.
//!
//! In: a `qr` element. Out: the mark, and its logo as an element of its own, because the layout alone decides it.

use std::collections::BTreeMap;
use std::path::Path;

use super::svg;
use crate::color::Color;
use crate::compile::Compiler;
use crate::compile::place::Place;
use crate::compile::program::{ElementKind, ImageFit, ImagePlan, ImageSource, QrPlan, QrSays};
use crate::diag::Diagnostic;
use crate::geom::Rect;
use crate::mark::{Level, payload};
use crate::template::tree::Node;
use crate::template::value;

/// A logo's share of the mark's side.
const LOGO_SHARE: f64 = 0.2;

impl Compiler<'_> {
    pub(super) fn qr(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let whole = place.frame.width.min(place.frame.height);
        let side = self.length(node, "size", place, whole, place.look.size)?;
        let rect = self.square(node, place, side);
        let level = self.keyword(node, "level", place).and_then(Level::parse).unwrap_or_default();
        let color = self.read(node, "color", place, |t| value::color("color", t)).unwrap_or(Color::BLACK);
        let says = self.qr_says(node, level, place)?;
        let logo = self.qr_room(node, rect, place);
        Some((ElementKind::Qr(QrPlan { rect, level, says, color, logo }), rect))
    }

    fn qr_says(&mut self, node: &Node, level: Level, place: &Place) -> Option<QrSays> {
        let payload = self.keyword(node, "payload", place);
        match (node.attribute("content"), payload) {
            (Some(content), None) => {
                let content = self.expressions.content(&content.value, &place.names, &mut self.report);
                return content.map(QrSays::Content);
            }
            (Some(content), Some(_)) => {
                let error = Diagnostic::error(content.name_span.clone(), "qr has both content and payload");
                self.report.push(error.hint("remove one of them"));
            }
            (None, None) if node.attribute("payload").is_none() => {
                let error = node.error("qr has neither content nor payload");
                self.report.push(error.hint("write content=\"…\" or payload=\"signed\""));
            }
            (None, None) => {}
            (None, Some(_)) => {
                if self.edition.is_paper() && !place.is_off {
                    let error = node.error("a signed payload on paper, which has no seal to sign it");
                    self.report.push(error.hint(
                        "write edition=\"electronic\", and for paper a mark with edition=\"print\" content=\"…\"",
                    ));
                }
                if !matches!(level, Level::M | Level::Q) {
                    let error = node.error(format!("a signed payload at level {level}"));
                    self.report
                        .push(error.hint("phones check it on paper: write level=\"M\" or level=\"Q\""));
                }
                for name in
                    payload::REQUIRED.into_iter().filter(|name| self.metadata.iter().all(|(n, _)| n != name))
                {
                    let error = node.error(format!("the signed payload lacks the metadata entry {name}"));
                    self.report
                        .push(error.hint(format!("write <entry name=\"{name}\">…</entry> in metadata")));
                }
            }
        }
        payload.map(|_| QrSays::Payload)
    }

    /// The room for the logo, in the middle of the mark's square `rect`.
    fn qr_room(&mut self, node: &Node, rect: Rect, place: &Place) -> Option<Rect> {
        let size = self.length(node, "logo-size", place, rect.width, place.look.size);
        if let (Some(size), None) = (node.attribute("logo-size"), node.attribute("logo")) {
            let error = Diagnostic::error(size.name_span.clone(), "logo-size without a logo");
            self.report.push(error.hint("write logo=\"art/logo.svg\""));
        }
        node.attribute("logo")?;
        let side = size.unwrap_or(rect.width.scale(LOGO_SHARE));
        let corner = rect.origin().shift((rect.width - side) / 2, (rect.height - side) / 2);
        Some(Rect::new(corner.x, corner.y, side, side))
    }

    /// The logo of a mark that has one.
    pub(super) fn qr_logo(
        &mut self,
        node: &Node,
        mark: &ElementKind,
        place: &Place,
    ) -> Option<(ElementKind, Rect)> {
        let &ElementKind::Qr(QrPlan { logo: Some(rect), .. }) = mark else { return None };
        let href = self.fixed(node, "logo", place)?;
        let extension = Path::new(href.text.trim()).extension();
        if !extension.is_some_and(|e| e.eq_ignore_ascii_case("svg")) {
            let source = ImageSource::Fixed(self.picture(node, "logo", place)?);
            return Some((ElementKind::Image(ImagePlan { rect, fit: ImageFit::Contain, source }), rect));
        }
        let (_, source) = self.files.source(&place.folder, &href, &mut self.report)?;
        for (name, _) in svg::parameters(&source).into_iter().filter(|(_, has_fallback)| !has_fallback) {
            let error =
                Diagnostic::error(href.whole(), format!("the logo lacks a value for its parameter {name}"));
            self.report.push(error.hint(format!("give it one in the file: var(--{name}, #1d4f91)")));
        }
        let art = svg::read(&source, &BTreeMap::new(), 1.0, &mut self.report)?;
        Some((ElementKind::Paths(art.within(rect)), rect))
    }
}
