//! `watermark`: pale words repeated over a box.
//!
//! In: a `watermark` element. Out: [`WatermarkPlan`]; where each one stands depends on how long the words turn out.

use super::text::Words;
use crate::color::Color;
use crate::compile::Compiler;
use crate::compile::place::{Look, Place};
use crate::compile::program::{ElementKind, TextPlan, WatermarkPlan};
use crate::geom::{Affine, Point, Rect};
use crate::template::tree::Node;
use crate::text::TextBlock;
use crate::unit::Length;

/// Pale enough to read across.
const TINT: Color = Color { a: 0x2e, ..Color::rgb(0x80, 0x80, 0x80) };
/// Along the rising diagonal, as on bank paper.
const ANGLE: f64 = -30.0;
const GAP_MM: f64 = 20.0;

impl Compiler<'_> {
    pub(super) fn watermark(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let inherited = Look { color: TINT, ..place.look.clone() };
        let Words { look, style, pieces } = self.words_in(node, place, &inherited)?;
        let room = self.frame(node, place, Some(style.size));
        let turn = Affine::rotate(self.angle(node, place).unwrap_or(ANGLE));
        let whole = room.width.min(room.height);
        let gap = self.length(node, "gap", place, whole, Some(style.size)).unwrap_or(Length::mm(GAP_MM));
        let block = TextBlock { leading: look.leading, ..TextBlock::default() };
        let words = TextPlan { span: node.span.clone(), origin: Point::default(), block, pieces };
        Some((ElementKind::Watermark(WatermarkPlan { room, words, turn, gap }), room))
    }
}
