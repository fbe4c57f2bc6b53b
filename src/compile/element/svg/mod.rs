//! SVG art to flat outlines with paints.
//!
//! In: an SVG file and colours for its parameters. Out: [`PathItem`]s in the art's own box.
//! Standard: SVG 1.1 static shapes, as `usvg` simplifies them; parameters are CSS custom properties, `var(--name, #rrggbb)`, and
//! `currentColor` is the parameter `color`, so that the art also shows in a browser.
//! Invariant: what the page cannot hold (gradients, patterns, filters, masks, clipping, text, images) is told, never dropped.

mod flatten;
mod map;
mod parameters;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::color::Color;
use crate::diag::{Diagnostic, Source, Span};
use crate::geom::{Point, Rect};
use crate::page::{Fill, PathItem};
use crate::template::report::Report;
use crate::template::{element_span, malformed};
use crate::unit::Length;

use flatten::Flat;
use map::{Map, color};
use parameters::{css, filled_in};

pub(super) use parameters::parameters;

/// The most elements of one file, after its own `use`s.
const MAX_NODES: u32 = 100_000;
/// The most segments of one file.
const MAX_SEGMENTS: usize = 1_000_000;
/// The deepest nesting.
const MAX_DEPTH: usize = 64;

/// CSS: an inch is 96 px.
const MM_PER_PX: f64 = 25.4 / 96.0;

/// What the page cannot hold, by element.
const UNSUPPORTED: [(&str, &str); 15] = [
    ("animate", "animation"),
    ("animateTransform", "animation"),
    ("clipPath", "clipping"),
    ("filter", "filters"),
    ("foreignObject", "foreign objects"),
    ("image", "images"),
    ("linearGradient", "gradients"),
    ("marker", "markers"),
    ("mask", "masks"),
    ("meshgradient", "gradients"),
    ("pattern", "patterns"),
    ("radialGradient", "gradients"),
    ("script", "scripts"),
    ("set", "animation"),
    ("text", "text"),
];

/// Art in its own box, from the origin.
#[derive(Debug)]
pub(super) struct Art {
    /// Natural width and height in millimetres.
    pub(super) size: (f64, f64),
    /// Each with the opacity of what is around it.
    items: Vec<(usvg::Path, f64)>,
}

/// Reads `source` with its parameters filled in. `opacity` fades each path by itself.
pub(super) fn read(
    source: &Arc<Source>,
    colors: &BTreeMap<String, Color>,
    opacity: f64,
    report: &mut Report,
) -> Option<Art> {
    if !check(source, report) {
        return None;
    }
    let whole = Diagnostic::error(Span::new(source, 0..0), "");
    let refuse = |message: String| Diagnostic { message, ..whole };
    let current = colors.get("color").copied().unwrap_or(Color::BLACK);
    let options = usvg::Options {
        style_sheet: Some(format!("svg {{ color: {} }}", css(current))),
        // Elements that name files have been refused already; nothing is to be opened in any case.
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| None),
            resolve_string: Box::new(|_, _| None),
        },
        ..usvg::Options::default()
    };
    let tree = match usvg::Tree::from_str(&filled_in(&source.text, colors), &options) {
        Ok(tree) => tree,
        Err(error) => {
            report.push(refuse(format!("the art cannot be read: {error}")));
            return None;
        }
    };
    let mut flat = Flat { items: Vec::new(), segments: 0, trouble: Vec::new() };
    flat.group(tree.root(), opacity);
    if flat.segments > MAX_SEGMENTS {
        flat.trouble = vec![format!("the art has more than {MAX_SEGMENTS} segments")];
    }
    if let Some(trouble) = flat.trouble.first() {
        report.push(refuse(trouble.clone()).hint("draw it with plain fills and strokes"));
        return None;
    }
    let size = tree.size();
    let size = (f64::from(size.width()) * MM_PER_PX, f64::from(size.height()) * MM_PER_PX);
    Some(Art { size, items: flat.items })
}

/// Reports what cannot be carried over, each at its place.
fn check(source: &Arc<Source>, report: &mut Report) -> bool {
    let options =
        roxmltree::ParsingOptions { nodes_limit: MAX_NODES, ..roxmltree::ParsingOptions::default() };
    let document = match roxmltree::Document::parse_with_options(&source.text, options) {
        Ok(document) => document,
        Err(error) => {
            report.push(malformed(source, &error));
            return false;
        }
    };
    let mut sound = true;
    for element in document.descendants().filter(roxmltree::Node::is_element) {
        let name = element.tag_name().name();
        let what = UNSUPPORTED.iter().find(|(n, _)| *n == name).map(|(_, what)| *what);
        let message = match what {
            Some(what) => format!("SVG {what} are not supported: {name}").replace("text are", "text is"),
            None if element.ancestors().take(MAX_DEPTH + 1).count() > MAX_DEPTH => {
                format!("elements are nested deeper than {MAX_DEPTH}")
            }
            None => continue,
        };
        sound = false;
        report.push(
            Diagnostic::error(element_span(source, element), message)
                .hint("draw it as paths with plain colours"),
        );
    }
    sound
}

impl Art {
    /// The art as large as `rect` allows, in the middle of it.
    pub(super) fn within(&self, rect: Rect) -> Vec<PathItem> {
        let (width, height) = self.size;
        let scale = (rect.width.to_mm() / width).min(rect.height.to_mm() / height);
        let slack =
            Point::new(rect.width - Length::mm(width * scale), rect.height - Length::mm(height * scale));
        self.place(rect.origin().shift(slack.x / 2, slack.y / 2), scale)
    }

    /// The art with its box's corner at `origin`, `scale` times its natural size.
    fn place(&self, origin: Point, scale: f64) -> Vec<PathItem> {
        let mut out = Vec::new();
        for (path, opacity) in &self.items {
            let map = Map { transform: path.abs_transform(), origin, factor: MM_PER_PX * scale };
            let outline = map.outline(path.data());
            let fill = path.fill().and_then(|f| {
                Some(Fill { color: color(f.paint(), f.opacity(), *opacity)?, rule: f.rule().into() })
            });
            let stroke = path.stroke().and_then(|s| map.stroke(s, *opacity));
            if path.paint_order() == usvg::PaintOrder::StrokeAndFill && fill.is_some() && stroke.is_some() {
                out.push(PathItem { path: outline.clone(), fill: None, stroke });
                out.push(PathItem { path: outline, fill, stroke: None });
            } else {
                out.push(PathItem { path: outline, fill, stroke });
            }
        }
        out
    }
}
