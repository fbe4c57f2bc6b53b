//! `text`: its box, its look, and its words cut into pieces of one style.
//!
//! In: a `text` element with its inline elements. Out: [`TextPlan`].
//! Invariant: white space that only indents the XML never reaches the page.

use super::whitespace::settle;
use crate::compile::Compiler;
use crate::compile::expression::Expressions;
use crate::compile::expression::content::Content;
use crate::compile::expression::segments::Segment;
use crate::compile::place::{Look, Place};
use crate::compile::program::{ElementKind, Piece, TextPlan};
use crate::diag::Diagnostic;
use crate::geom::Rect;
use crate::template::source::SourceText;
use crate::template::tree::{Child, Node};
use crate::template::value::{self, Dimension, FitStep};
use crate::template::vocabulary::Tag;
use crate::text::{Align, FaceId, FitLadder, Rung, TextBlock, TextStyle, VAlign};
use crate::unit::Length;

/// What an element says, and how.
pub(super) struct Words {
    pub(super) look: Look,
    /// The element's own style; stretches within it may have others.
    pub(super) style: TextStyle,
    pub(super) pieces: Vec<Piece>,
}

/// A stretch of text before its white space is settled.
pub(super) struct Run<'n> {
    pub(super) what: What<'n>,
    pub(super) style: TextStyle,
    pub(super) preserves_space: bool,
}

pub(super) enum What<'n> {
    /// Characters of `text`.
    Literal(&'n SourceText, String),
    /// One expression.
    Expression(Content),
    /// A text with statements, in its stretches: literals and tags as written.
    Template(&'n SourceText, Vec<Segment>, Vec<String>),
    /// A line's end.
    Break,
}

impl Compiler<'_> {
    pub(super) fn text(&mut self, node: &Node, place: &Place) -> Option<(ElementKind, Rect)> {
        let Words { look, style, pieces } = self.words_in(node, place, &place.look)?;
        let (origin, width, height) = self.area(node, place, Some(style.size));
        let width = width.or_else(|| place.flows.then(|| place.frame.right() - origin.x));
        let block = TextBlock {
            width,
            height,
            align: self.align(node, place).unwrap_or_default(),
            valign: self.valign(node, place).unwrap_or_default(),
            leading: look.leading,
            indent: self.indent(node, place, style.size),
            fit: self.fit(node, place).unwrap_or_else(FitLadder::wrap),
        };
        for (attribute, extent) in [("align", width), ("valign", height)] {
            let given = node.attribute(attribute);
            if let (Some(given), None) = (given, extent) {
                let missing = if attribute == "align" { "width" } else { "height" };
                let message = format!("{attribute} has no effect on a text without {missing}");
                self.report.push(
                    Diagnostic::warning(given.name_span.clone(), message).hint(format!("give {missing}")),
                );
            }
        }
        let bounds = Rect::new(origin.x, origin.y, width.unwrap_or_default(), height.unwrap_or_default());
        Some((ElementKind::Text(TextPlan { span: node.span.clone(), origin, block, pieces }), bounds))
    }

    /// The words of an element that inherits the look `outer`.
    pub(super) fn words_in(&mut self, node: &Node, place: &Place, outer: &Look) -> Option<Words> {
        let look = self.look(node, place, outer, "size");
        let style = self.style(node, &look)?;
        let mut runs = Vec::new();
        self.runs(node, place, &look, style, &mut runs);
        let pieces = self.pieces(runs, place);
        let is_blank = |child: &Child| matches!(child, Child::Text(text) if text.text.trim().is_empty());
        if node.children.iter().all(is_blank) && !node.preserves_space {
            self.report.push(Diagnostic::warning(node.span.clone(), "the text is empty"));
        }
        Some(Words { look, style, pieces })
    }

    pub(super) fn align(&mut self, node: &Node, place: &Place) -> Option<Align> {
        Some(match self.keyword(node, "align", place)? {
            "center" => Align::Center,
            "end" => Align::End,
            "justify" => Align::Justify,
            "distribute" => Align::Distribute,
            _ => Align::Start,
        })
    }

    pub(super) fn valign(&mut self, node: &Node, place: &Place) -> Option<VAlign> {
        Some(match self.keyword(node, "valign", place)? {
            "middle" => VAlign::Middle,
            "bottom" => VAlign::Bottom,
            _ => VAlign::Top,
        })
    }

    pub(super) fn indent(&mut self, node: &Node, place: &Place, em: Length) -> Length {
        self.length(node, "indent", place, Length::ZERO, Some(em)).unwrap_or_default()
    }

    pub(super) fn fit(&mut self, node: &Node, place: &Place) -> Option<FitLadder> {
        let rungs = self.read(node, "fit", place, value::fit)?.into_iter().map(|step| match step {
            FitStep::Condense(part) => Rung::Condense(part),
            FitStep::Shrink(floor) => Rung::Shrink(floor),
            FitStep::Wrap => Rung::Wrap,
        });
        Some(FitLadder::new(rungs.collect::<Vec<_>>()))
    }

    /// The look with nothing left open.
    fn style(&mut self, node: &Node, look: &Look) -> Option<TextStyle> {
        let mut lacks = |what: &str, example: &str| {
            let error =
                node.error(format!("{} has no {what}, neither its own nor from around it", node.spec.name));
            self.report.push(error.hint(format!("give {example} here or around")));
        };
        if look.face.is_none() {
            lacks("font", "font=\"song\"");
        }
        if look.size.is_none() {
            lacks("size", "size=\"12pt\"");
        }
        let (face, size) = (look.face?, look.size?);
        let resolve = |dimension: Dimension| match dimension {
            Dimension::Fixed(length) => length,
            Dimension::Em(ems) | Dimension::Part(ems) => size.scale(ems),
        };
        Some(TextStyle {
            face: if look.bold { self.bold(node, face)? } else { face },
            size,
            color: look.color,
            letter_spacing: resolve(look.letter_spacing),
            underline: look.underline,
            baseline_shift: resolve(look.rise),
        })
    }

    /// The bold companion of `face`: the one whose name ends in -bold, or the face itself if it is bold already.
    fn bold(&mut self, node: &Node, face: FaceId) -> Option<FaceId> {
        let name = self.fonts.face(face).name();
        if name.ends_with("-bold") {
            return Some(face);
        }
        let bold = self.fonts.find(&format!("{name}-bold"));
        if bold.is_none() {
            let span = node.attribute("weight").map_or(node.span.clone(), |a| a.value.whole());
            let error = Diagnostic::error(span, format!("the font {name} has no bold face"));
            self.report.push(error.hint(format!("a face named {name}-bold would be taken")));
        }
        bold
    }

    /// The stretches in `node`, in reading order.
    fn runs<'n>(
        &mut self,
        node: &'n Node,
        place: &Place,
        look: &Look,
        style: TextStyle,
        runs: &mut Vec<Run<'n>>,
    ) {
        let preserves_space = node.preserves_space;
        for child in &node.children {
            match child {
                Child::Text(text) => {
                    let what = self.words(text, place);
                    runs.extend(what.into_iter().map(|what| Run { what, style, preserves_space }));
                }
                Child::Node(inner) if inner.tag() == Tag::Break => {
                    runs.push(Run { what: What::Break, style, preserves_space });
                }
                Child::Node(inner) => {
                    let mut inner_look = self.look(inner, place, look, "size");
                    inner_look.underline |= inner.tag() == Tag::Underline;
                    if let Some(inner_style) = self.style(inner, &inner_look) {
                        self.runs(inner, place, &inner_look, inner_style, runs);
                    }
                }
            }
        }
    }

    /// The stretches of one text: literals and expressions, or one template if there are statements.
    fn words<'n>(&mut self, text: &'n SourceText, place: &Place) -> Vec<What<'n>> {
        let Some(segments) = Expressions::segments(text, &mut self.report) else { return Vec::new() };
        if segments.iter().any(|s| matches!(s, Segment::Statement(..))) {
            let parts = segments.iter().map(|s| match s {
                Segment::Literal(range) | Segment::Expression(range, _) | Segment::Statement(range, _) => {
                    text.text[range.clone()].to_owned()
                }
            });
            let parts = parts.collect();
            return vec![What::Template(text, segments, parts)];
        }
        let what = segments.into_iter().filter_map(|segment| match segment {
            Segment::Literal(range) => Some(What::Literal(text, text.text[range].to_owned())),
            Segment::Expression(outer, inner) | Segment::Statement(outer, inner) => {
                let content =
                    self.expressions.expression(text, &outer, &inner, &place.names, &mut self.report)?;
                Some(match content.as_literal() {
                    // What the layout alone decides joins the words around it.
                    Some(literal) => What::Literal(text, literal.to_owned()),
                    None => What::Expression(content),
                })
            }
        });
        what.collect()
    }

    /// The pieces of settled runs; literals of one style that follow one another are one.
    fn pieces(&mut self, mut runs: Vec<Run>, place: &Place) -> Vec<Piece> {
        settle(&mut runs);
        let mut pieces: Vec<Piece> = Vec::new();
        for Run { what, style, .. } in runs {
            let content = match what {
                What::Literal(text, literal) => {
                    if literal.is_empty() {
                        continue;
                    }
                    if let Some(last) = pieces.last_mut()
                        && last.style == style
                        && let Some(before) = last.content.as_literal()
                        && before != "\n"
                    {
                        last.content =
                            Content::literal(format!("{before}{literal}"), last.content.span.clone());
                        continue;
                    }
                    Content::literal(literal, text.whole())
                }
                What::Expression(content) => content,
                What::Template(text, segments, parts) => {
                    let source = parts.concat();
                    let template =
                        self.expressions.template(text, &segments, source, &place.names, &mut self.report);
                    let Some(content) = template else { continue };
                    content
                }
                What::Break => {
                    let span = pieces.last().map(|p| p.content.span.clone());
                    Content::literal("\n", span.unwrap_or_else(|| self.root_span.clone()))
                }
            };
            pieces.push(Piece::new(content, style));
        }
        pieces
    }
}
