//! SVG art to flat outlines with paints.
//!
//! In: an SVG file and colours for its parameters. Out: [`PathItem`]s in the art's own box.
//! Standard: SVG 1.1 static shapes, as `usvg` simplifies them; parameters are CSS custom properties, `var(--name, #rrggbb)`, and
//! `currentColor` is the parameter `color`, so that the art also shows in a browser.
//! Invariant: what the page cannot hold (gradients, patterns, filters, masks, clipping, text, images) is told, never dropped.

use std::collections::BTreeMap;
use std::sync::Arc;

use usvg::tiny_skia_path::{PathSegment, Point as SvgPoint, Transform};

use crate::color::Color;
use crate::diag::{Diagnostic, Source, Span};
use crate::geom::{Path, Point, Segment};
use crate::page::{Fill, FillRule, LineCap, LineJoin, PathItem, Stroke};
use crate::template::path_data::raise;
use crate::template::report::Report;
use crate::template::{element_span, malformed};
use crate::unit::Length;

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

/// The parameters that `source` names, each with whether it has a value of its own to fall back on. `color` stands for
/// `currentColor` and is always there.
pub(super) fn parameters(source: &Source) -> BTreeMap<String, bool> {
    let mut parameters = BTreeMap::from([("color".to_owned(), true)]);
    for variable in variables(&source.text) {
        let has_fallback = parameters.entry(variable.name.to_owned()).or_insert(true);
        *has_fallback &= variable.fallback.is_some() || variable.name == "color";
    }
    parameters
}

/// A `var(--name, fallback)` in the text.
struct Variable<'t> {
    range: std::ops::Range<usize>,
    name: &'t str,
    fallback: Option<&'t str>,
}

fn variables(text: &str) -> Vec<Variable<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("var(--").map(|i| at + i) {
        let Some(end) = text[start..].find(')').map(|i| start + i) else { break };
        let inner = &text[start + "var(--".len()..end];
        let (name, fallback) = match inner.split_once(',') {
            Some((name, fallback)) => (name.trim(), Some(fallback.trim())),
            None => (inner.trim(), None),
        };
        found.push(Variable { range: start..end + 1, name, fallback });
        at = end + 1;
    }
    found
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

fn css(color: Color) -> String {
    let Color { r, g, b, a } = color;
    if color.is_opaque() {
        format!("#{r:02x}{g:02x}{b:02x}")
    } else {
        format!("#{r:02x}{g:02x}{b:02x}{a:02x}")
    }
}

fn filled_in(text: &str, colors: &BTreeMap<String, Color>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for Variable { range, name, fallback } in variables(text) {
        out.push_str(&text[at..range.start]);
        match colors.get(name) {
            Some(color) => out.push_str(&css(*color)),
            None => out.push_str(fallback.unwrap_or("currentColor")),
        }
        at = range.end;
    }
    out.push_str(&text[at..]);
    out
}

/// The painted paths below a group, in painting order.
struct Flat {
    items: Vec<(usvg::Path, f64)>,
    segments: usize,
    trouble: Vec<String>,
}

impl Flat {
    fn group(&mut self, group: &usvg::Group, opacity: f64) {
        let mut refuse = |holds: bool, what: &str| {
            if holds {
                self.trouble.push(format!("SVG {what} not supported"));
            }
        };
        refuse(group.clip_path().is_some(), "clipping is");
        refuse(group.mask().is_some(), "masks are");
        refuse(!group.filters().is_empty(), "filters are");
        refuse(group.blend_mode() != usvg::BlendMode::Normal, "blend modes are");
        // Each path fades by itself, which is the same only where at most one of them paints.
        let fades = f64::from(group.opacity().get()) < 1.0;
        refuse(fades && paints(group) > 1, "opacity of a group, or of a fill with its stroke, is");
        let opacity = opacity * f64::from(group.opacity().get());
        for node in group.children() {
            match node {
                usvg::Node::Group(inner) => self.group(inner, opacity),
                usvg::Node::Path(path) if path.is_visible() => self.path(path, opacity),
                usvg::Node::Path(_) => {}
                usvg::Node::Image(_) => self.trouble.push("SVG images are not supported".to_owned()),
                usvg::Node::Text(_) => self.trouble.push("SVG text is not supported".to_owned()),
            }
        }
    }

    fn path(&mut self, path: &usvg::Path, opacity: f64) {
        let paints = [path.fill().map(usvg::Fill::paint), path.stroke().map(usvg::Stroke::paint)];
        if paints.into_iter().flatten().any(|p| !matches!(p, usvg::Paint::Color(_))) {
            self.trouble.push("SVG gradients and patterns are not supported".to_owned());
        }
        if path.stroke().is_some_and(|s| s.dasharray().is_some() && s.dashoffset() != 0.0) {
            self.trouble.push("SVG dash offsets are not supported".to_owned());
        }
        self.segments += path.data().segments().count();
        if self.segments <= MAX_SEGMENTS {
            self.items.push((path.clone(), opacity));
        }
    }
}

/// How many fills and strokes a group paints.
fn paints(group: &usvg::Group) -> usize {
    let count = |node: &usvg::Node| match node {
        usvg::Node::Group(inner) => paints(inner),
        usvg::Node::Path(path) => usize::from(path.fill().is_some()) + usize::from(path.stroke().is_some()),
        usvg::Node::Image(_) | usvg::Node::Text(_) => 1,
    };
    group.children().iter().map(count).sum()
}

impl Art {
    /// The art with its box's corner at `origin`, `scale` times its natural size.
    pub(super) fn place(&self, origin: Point, scale: f64) -> Vec<PathItem> {
        let mut out = Vec::new();
        for (path, opacity) in &self.items {
            let map = Map { transform: path.abs_transform(), origin, factor: MM_PER_PX * scale };
            let outline = map.outline(path.data());
            let fill = path.fill().and_then(|f| {
                let rule = match f.rule() {
                    usvg::FillRule::NonZero => FillRule::NonZero,
                    usvg::FillRule::EvenOdd => FillRule::EvenOdd,
                };
                Some(Fill { color: color(f.paint(), f.opacity(), *opacity)?, rule })
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

fn color(paint: &usvg::Paint, own: usvg::Opacity, around: f64) -> Option<Color> {
    match paint {
        usvg::Paint::Color(c) => Some(Color::rgb(c.red, c.green, c.blue).fade(f64::from(own.get()) * around)),
        usvg::Paint::LinearGradient(_) | usvg::Paint::RadialGradient(_) | usvg::Paint::Pattern(_) => None,
    }
}

/// From a path's own units to the page.
struct Map {
    transform: Transform,
    origin: Point,
    /// Millimetres a pixel.
    factor: f64,
}

impl Map {
    fn point(&self, p: SvgPoint) -> (f64, f64) {
        let t = &self.transform;
        let [x, y, sx, sy, kx, ky, tx, ty] = [p.x, p.y, t.sx, t.sy, t.kx, t.ky, t.tx, t.ty].map(f64::from);
        ((sx * x + kx * y + tx) * self.factor, (ky * x + sy * y + ty) * self.factor)
    }

    fn outline(&self, data: &usvg::tiny_skia_path::Path) -> Path {
        let at = |(x, y): (f64, f64)| self.origin.shift(Length::mm(x), Length::mm(y));
        let mut last = (0.0, 0.0);
        let mut start = (0.0, 0.0);
        let mut segments = Vec::with_capacity(data.len());
        for segment in data.segments() {
            segments.push(match segment {
                PathSegment::MoveTo(p) => {
                    (last, start) = (self.point(p), self.point(p));
                    Segment::Move(at(last))
                }
                PathSegment::LineTo(p) => {
                    last = self.point(p);
                    Segment::Line(at(last))
                }
                PathSegment::QuadTo(c, p) => {
                    let (first, second) = raise(last, self.point(c), self.point(p));
                    last = self.point(p);
                    Segment::Cubic(at(first), at(second), at(last))
                }
                PathSegment::CubicTo(a, b, p) => {
                    last = self.point(p);
                    Segment::Cubic(at(self.point(a)), at(self.point(b)), at(last))
                }
                PathSegment::Close => {
                    last = start;
                    Segment::Close
                }
            });
        }
        Path { segments }
    }

    /// The line, as wide as the map makes it on average.
    fn stroke(&self, stroke: &usvg::Stroke, opacity: f64) -> Option<Stroke> {
        let t = &self.transform;
        let spread = f64::from(t.sx * t.sy - t.kx * t.ky).abs().sqrt() * self.factor;
        let length = |v: f32| Length::mm(f64::from(v) * spread);
        Some(Stroke {
            color: color(stroke.paint(), stroke.opacity(), opacity)?,
            width: length(stroke.width().get()),
            cap: match stroke.linecap() {
                usvg::LineCap::Butt => LineCap::Butt,
                usvg::LineCap::Round => LineCap::Round,
                usvg::LineCap::Square => LineCap::Square,
            },
            join: match stroke.linejoin() {
                usvg::LineJoin::Miter | usvg::LineJoin::MiterClip => LineJoin::Miter,
                usvg::LineJoin::Round => LineJoin::Round,
                usvg::LineJoin::Bevel => LineJoin::Bevel,
            },
            miter_limit: f64::from(stroke.miterlimit().get()),
            dash: stroke.dasharray().map(|d| d.iter().map(|v| length(*v)).collect()).unwrap_or_default(),
        })
    }
}
