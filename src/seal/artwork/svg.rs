//! The seal's outlines as SVG: written in mm, read through `usvg`.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};

use tiny_skia::PathSegment;

use crate::color::Color;
use crate::geom::{Path, Point, Segment, Size};
use crate::page::{Fill, FillRule, PathItem, Stroke};
use crate::seal::SealError;
use crate::unit::{Length, fmt_factor};

/// Writes `items` as an SVG of `size`. Strokes are solid, with butt ends and mitred corners.
pub fn write(size: Size, items: &[PathItem]) -> String {
    let (w, h) = (size.width.fmt_mm(), size.height.fmt_mm());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{w}mm\" height=\"{h}mm\" viewBox=\"0 0 {w} {h}\">\n"
    );
    for item in items {
        out.push_str("<path d=\"");
        write_path(&mut out, &item.path);
        out.push('"');
        match &item.fill {
            Some(fill) => {
                write_paint(&mut out, "fill", fill.color);
                if fill.rule == FillRule::EvenOdd {
                    out.push_str(" fill-rule=\"evenodd\"");
                }
            }
            None => out.push_str(" fill=\"none\""),
        }
        if let Some(stroke) = &item.stroke {
            write_paint(&mut out, "stroke", stroke.color);
            let _ = write!(out, " stroke-width=\"{}\"", stroke.width.fmt_mm());
        }
        out.push_str("/>\n");
    }
    out.push_str("</svg>\n");
    out
}

fn write_paint(out: &mut String, name: &str, color: Color) {
    let _ = write!(out, " {name}=\"#{:02x}{:02x}{:02x}\"", color.r, color.g, color.b);
    if !color.is_opaque() {
        let _ = write!(out, " {name}-opacity=\"");
        out.push_str(&fmt_factor(f64::from(color.a) / 255.0));
        out.push('"');
    }
}

fn write_path(out: &mut String, path: &Path) {
    for segment in &path.segments {
        let (letter, points): (char, &[Point]) = match segment {
            Segment::Move(p) => ('M', &[*p]),
            Segment::Line(p) => ('L', &[*p]),
            Segment::Cubic(p, q, r) => ('C', &[*p, *q, *r]),
            Segment::Close => ('Z', &[]),
        };
        out.push(letter);
        for (i, point) in points.iter().enumerate() {
            for (length, first) in [(point.x, i == 0), (point.y, false)] {
                if !first {
                    out.push(' ');
                }
                // Finer than any printer, and a third less text than the grid has.
                out.push_str(&micrometres(length.to_mm()).fmt_mm());
            }
        }
    }
}

/// Reads an SVG: its size, and its filled and stroked paths in order. Gradients, clips, masks, filters, images and text are refused,
/// because the page has no item for them. No file that it names is opened.
pub fn read(text: &str) -> Result<(Size, Vec<PathItem>), SealError> {
    // An image that does not resolve leaves no node behind, so that its being asked for is what tells of it.
    let names_image = AtomicBool::new(false);
    let options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: Box::new(|_, _, _| {
                names_image.store(true, Ordering::Relaxed);
                None
            }),
            resolve_string: Box::new(|_, _| {
                names_image.store(true, Ordering::Relaxed);
                None
            }),
        },
        ..usvg::Options::default()
    };
    let tree = usvg::Tree::from_str(text, &options)
        .map_err(|e| SealError::Artwork(format!("not an SVG that can be read: {e}")))?;
    if names_image.load(Ordering::Relaxed) {
        return Err(paths_only());
    }
    let mut items = Vec::new();
    group(tree.root(), &mut items)?;
    Ok((Size::new(px(tree.size().width()), px(tree.size().height())), items))
}

/// SVG pixels are 1/96 inch. To the micrometre, as [`write`] writes, so that what it wrote is read as it was.
fn px(v: f32) -> Length {
    micrometres(f64::from(v) * 25.4 / 96.0)
}

fn micrometres(mm: f64) -> Length {
    Length::mm((mm * 1e3).round() / 1e3)
}

fn group(group: &usvg::Group, items: &mut Vec<PathItem>) -> Result<(), SealError> {
    let refused = group.clip_path().is_some() || group.mask().is_some() || !group.filters().is_empty();
    if refused || group.opacity().get() < 1.0 {
        return Err(SealError::Artwork(
            "clips, masks, filters and group opacity are not supported in an SVG".into(),
        ));
    }
    for node in group.children() {
        match node {
            usvg::Node::Group(inner) => self::group(inner, items)?,
            usvg::Node::Path(path) if path.is_visible() => items.push(item(path)?),
            usvg::Node::Path(_) => {}
            usvg::Node::Image(_) | usvg::Node::Text(_) => {
                return Err(paths_only());
            }
        }
    }
    Ok(())
}

fn paths_only() -> SealError {
    SealError::Artwork("an SVG may hold paths only, no images; convert its text to outlines".into())
}

fn item(path: &usvg::Path) -> Result<PathItem, SealError> {
    let map = path.abs_transform();
    let outline = path.data().clone().transform(map);
    let outline =
        outline.ok_or_else(|| SealError::Artwork("a path of the SVG has no finite outline".into()))?;
    let fill = match path.fill() {
        Some(fill) => Some(Fill { color: color(fill.paint(), fill.opacity())?, rule: fill.rule().into() }),
        None => None,
    };
    let stroke = match path.stroke() {
        Some(stroke) => {
            let scale = map.sx.hypot(map.ky);
            Some(Stroke {
                color: color(stroke.paint(), stroke.opacity())?,
                width: px(stroke.width().get() * scale),
                cap: stroke.linecap().into(),
                join: stroke.linejoin().into(),
                miter_limit: f64::from(stroke.miterlimit().get()),
                dash: stroke.dasharray().unwrap_or_default().iter().map(|&d| px(d * scale)).collect(),
            })
        }
        None => None,
    };
    Ok(PathItem { path: segments(&outline), fill, stroke })
}

fn color(paint: &usvg::Paint, opacity: usvg::Opacity) -> Result<Color, SealError> {
    match paint {
        usvg::Paint::Color(c) => Ok(Color::rgb(c.red, c.green, c.blue).fade(f64::from(opacity.get()))),
        _ => Err(SealError::Artwork("gradients and patterns are not supported in an SVG".into())),
    }
}

fn segments(path: &tiny_skia::Path) -> Path {
    let point = |p: tiny_skia::Point| Point::new(px(p.x), px(p.y));
    let mut last = Point::default();
    let mut segments = Vec::new();
    for segment in path.segments() {
        segments.push(match segment {
            PathSegment::MoveTo(p) => Segment::Move(point(p)),
            PathSegment::LineTo(p) => Segment::Line(point(p)),
            PathSegment::QuadTo(control, end) => {
                // A quadratic's control point, two thirds of the way from each end.
                let (c, end) = (point(control), point(end));
                let towards = |from: Length, to: Length| from + (to - from).scale(2.0 / 3.0);
                Segment::Cubic(
                    Point::new(towards(last.x, c.x), towards(last.y, c.y)),
                    Point::new(towards(end.x, c.x), towards(end.y, c.y)),
                    end,
                )
            }
            PathSegment::CubicTo(p, q, r) => Segment::Cubic(point(p), point(q), point(r)),
            PathSegment::Close => Segment::Close,
        });
        if let Some(Segment::Move(p) | Segment::Line(p) | Segment::Cubic(_, _, p)) = segments.last() {
            last = *p;
        }
    }
    Path { segments }
}
