//! `stamp`: a framed word, turned about its middle, as a clerk's rubber stamp sets it (补发).
//!
//! In: a `stamp` element. Out: [`StampPlan`], its frame drawn and turned.
//! Invariant: the frame lies within the element's box before the turn, and the word within the frame.

use super::shape::rounded;
use super::text::Words;
use crate::color::Color;
use crate::compile::Compiler;
use crate::compile::place::{Look, Place};
use crate::compile::program::{ElementKind, StampPlan, TextPlan};
use crate::geom::{Affine, Path, Rect};
use crate::page::{PathItem, Stroke};
use crate::template::tree::Node;
use crate::template::value;
use crate::template::vocabulary::ValueKind;
use crate::text::{Align, FitLadder, Rung, TextBlock, VAlign};
use crate::unit::Length;

/// The red of ink pads. What lies beneath shows through.
const INK: Color = Color { a: 0xd9, ..Color::rgb(0xc8, 0x10, 0x2e) };
/// Rising to the right, as a right hand sets it.
const ANGLE: f64 = -12.0;
const RADIUS_MM: f64 = 1.0;
/// The word becomes smaller than the author asked for where the frame is too tight, but no smaller than this.
const LEAST_PT: f64 = 4.0;

// Of the shorter side of the frame.
const OUTER_LINE: f64 = 0.065;
const INNER_LINE: f64 = 0.02;
const BETWEEN_LINES: f64 = 0.035;
const PADDING: f64 = 0.05;

impl Compiler<'_> {
    pub(super) fn stamp(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let inherited = Look { color: INK, ..place.look.clone() };
        let Words { look, pieces, .. } = self.words_in(node, place, &inherited)?;
        let rect = self.rect(node, place);
        let turn = Affine::rotate(self.angle(node, place).unwrap_or(ANGLE)).about(rect.middle());
        let radius = self.length(node, "radius", place, Length::ZERO, None).unwrap_or(Length::mm(RADIUS_MM));
        let side = rect.width.min(rect.height);
        let (lines, room): (&[f64], _) = match self.keyword(node, "frame", place) {
            Some("none") => (&[], rect),
            Some("single") => (&[OUTER_LINE], rect.outset(-side.scale(OUTER_LINE + PADDING))),
            _ => {
                let inset = OUTER_LINE + BETWEEN_LINES + INNER_LINE + PADDING;
                (&[OUTER_LINE, INNER_LINE], rect.outset(-side.scale(inset)))
            }
        };
        let mut edge = Length::ZERO;
        let frame = lines.iter().map(|line| {
            let width = side.scale(*line);
            let middle = edge + width / 2;
            edge += width + side.scale(BETWEEN_LINES);
            let radius = (radius.min(side / 2) - middle).max(Length::ZERO);
            let path = rounded(rect.outset(-middle), radius).transform(&turn);
            PathItem { path, fill: None, stroke: Some(Stroke::solid(look.color, width)) }
        });
        let frame = frame.collect();
        let block = TextBlock {
            width: Some(room.width),
            height: Some(room.height),
            align: Align::Center,
            valign: VAlign::Middle,
            leading: look.leading,
            fit: FitLadder::new([Rung::Shrink(Length::pt(LEAST_PT))]),
            ..TextBlock::default()
        };
        let words = TextPlan { span: node.span.clone(), origin: room.origin(), block, pieces };
        let bounds = Path::rect(rect).transform(&turn).bounds().unwrap_or_default();
        Some((ElementKind::Stamp(StampPlan { frame, words, turn }), bounds))
    }

    /// Attribute `angle`, in degrees clockwise.
    pub(super) fn angle(&mut self, node: &Node, place: &Place) -> Option<f64> {
        let Some(ValueKind::Number(least, most)) = node.spec.attribute("angle").map(|a| a.kind) else {
            return None;
        };
        self.read(node, "angle", place, |t| value::number("angle", t, least, most))
    }
}
