//! Path objects: PathObject and AbbreviatedData. GB/T 33190-2016, chapter 9.
//!
//! In: a PathObject. Out: a [`PathItem`] in page space.
//! Invariant: the outline lies within its Boundary, by which readers may clip it; one that does not is refused.

use super::budget::Budget;
use super::error::ReadError;
use super::paint::{Unit, flag, only_default};
use super::value;
use super::xml::Element;
use crate::color::Color;
use crate::geom::{Affine, Path, Point, Segment};
use crate::page::{Fill, FillRule, LineCap, LineJoin, PathItem, Stroke};
use crate::unit::Length;

/// Attributes of CT_Path and those of lines in CT_GraphicUnit.
const OWN: [&str; 9] =
    ["Stroke", "Fill", "Rule", "LineWidth", "Cap", "Join", "MiterLimit", "DashOffset", "DashPattern"];

/// How far an outline may reach beyond its Boundary: producers round, and leave out half of a line's width.
const SLACK: f64 = 0.5;

/// What a step takes of the budget: as much memory as two glyphs.
const STEP: usize = 2;

/// Reads the object; `None` if nothing of it shows.
pub(super) fn read(object: Element<'_>, budget: &mut Budget) -> Result<Option<PathItem>, ReadError> {
    let unit = Unit::read(object, &OWN)?;
    if let Some(other) = object.children().find(|c| {
        !["Actions", "StrokeColor", "FillColor", "AbbreviatedData"].into_iter().any(|known| c.is(known))
    }) {
        return Err(other.unsupported(format!("PathObject with {}", other.name())));
    }
    let path = outline(object.need("AbbreviatedData")?, budget)?.transform(&unit.to_page);
    let fill = if flag(object, "Fill", false)? { fill(object, &unit)? } else { None };
    let stroke = if flag(object, "Stroke", true)? { Some(stroke(object, &unit)?) } else { None };
    let Some(bounds) = path.bounds().filter(|_| unit.visible && (fill.is_some() || stroke.is_some())) else {
        return Ok(None);
    };
    if !unit.boundary.outset(Length::mm(SLACK)).contains(&bounds) {
        return Err(object.unsupported("an outline that reaches beyond its Boundary"));
    }
    Ok(Some(PathItem { path, fill, stroke }))
}

fn fill(object: Element<'_>, unit: &Unit) -> Result<Option<Fill>, ReadError> {
    let rule = match object.attr("Rule") {
        None | Some("NonZero") => FillRule::NonZero,
        Some("Even-Odd") => FillRule::EvenOdd,
        Some(other) => return Err(object.malformed(format!("an unknown Rule: {other}"))),
    };
    // Without a colour the inside is transparent (table 35).
    Ok(unit.color(object, "FillColor")?.map(|color| Fill { color, rule }))
}

fn stroke(object: Element<'_>, unit: &Unit) -> Result<Stroke, ReadError> {
    let number = |name, default| object.attr(name).map_or(Ok(default), |text| value::number(object, text));
    only_default(object, "DashOffset", 0.0)?;
    let scale =
        uniform_scale(&unit.to_page).ok_or_else(|| object.unsupported("a line under an uneven CTM"))?;
    let dash = object.attr("DashPattern").map_or(Ok(Vec::new()), |text| value::numbers(object, text))?;
    if dash.iter().any(|&length| length < 0.0) {
        return Err(object.malformed("a DashPattern with negative lengths"));
    }
    Ok(Stroke {
        color: unit.color(object, "StrokeColor")?.unwrap_or(unit.fade(Color::BLACK)),
        width: Length::mm(number("LineWidth", 0.353)? * scale),
        cap: match object.attr("Cap") {
            None | Some("Butt") => LineCap::Butt,
            Some("Round") => LineCap::Round,
            Some("Square") => LineCap::Square,
            Some(other) => return Err(object.malformed(format!("an unknown Cap: {other}"))),
        },
        join: match object.attr("Join") {
            None | Some("Miter") => LineJoin::Miter,
            Some("Round") => LineJoin::Round,
            Some("Bevel") => LineJoin::Bevel,
            Some(other) => return Err(object.malformed(format!("an unknown Join: {other}"))),
        },
        miter_limit: number("MiterLimit", 3.528)?,
        dash: dash.into_iter().map(|length| Length::mm(length * scale)).collect(),
    })
}

/// By how much the map scales, if it does so in all directions alike.
fn uniform_scale(map: &Affine) -> Option<f64> {
    let (x, y) = (map.a.hypot(map.b), map.c.hypot(map.d));
    let right_angle = (map.a * map.c + map.b * map.d).abs() <= 1e-4 * x * y;
    ((x - y).abs() <= 1e-4 * x && right_angle).then_some(x)
}

/// Table 36: M and S (start), L, Q (quadratic), B (cubic), A (arc), C (close).
fn outline(data: Element<'_>, budget: &mut Budget) -> Result<Path, ReadError> {
    let text = data.text();
    let mut words = text.split_ascii_whitespace();
    let mut pen = Pen::default();
    while let Some(command) = words.next() {
        if STEP * pen.segments.len() > budget.left() {
            break;
        }
        let mut next = || {
            let word = words.next().ok_or_else(|| data.malformed(format!("{command} lacks numbers")))?;
            value::number(data, word)
        };
        match command {
            "M" | "S" => pen.start(point(&mut next)?),
            "L" => {
                let to = point(&mut next)?;
                pen.step(Segment::Line(to), to);
            }
            "Q" => pen.quadratic(point(&mut next)?, point(&mut next)?),
            "B" => {
                let (a, b, to) = (point(&mut next)?, point(&mut next)?, point(&mut next)?);
                pen.step(Segment::Cubic(a, b, to), to);
            }
            "A" => {
                let [rx, ry, angle, large, sweep] = [next()?, next()?, next()?, next()?, next()?];
                pen.arc([rx, ry, angle], large != 0.0, sweep != 0.0, point(&mut next)?);
            }
            "C" => pen.close(),
            other => return Err(data.malformed(format!("an unknown path command: {other}"))),
        }
    }
    budget.spend(STEP * pen.segments.len(), data.part())?;
    Ok(Path { segments: pen.segments })
}

fn point(next: &mut impl FnMut() -> Result<f64, ReadError>) -> Result<Point, ReadError> {
    Ok(Point::new(Length::mm(next()?), Length::mm(next()?)))
}

/// An outline while it is drawn.
#[derive(Default)]
struct Pen {
    segments: Vec<Segment>,
    start: Point,
    at: Point,
    /// Whether the next step needs a Move before it: at the beginning, and after C.
    lifted: bool,
}

impl Pen {
    fn start(&mut self, to: Point) {
        self.segments.push(Segment::Move(to));
        (self.start, self.at, self.lifted) = (to, to, false);
    }

    fn step(&mut self, segment: Segment, to: Point) {
        if self.lifted || self.segments.is_empty() {
            self.start(self.at);
        }
        self.segments.push(segment);
        self.at = to;
    }

    /// A side that leads back to the start before C is the closing side, drawn for readers that take C for nothing.
    fn close(&mut self) {
        if let [.., before, Segment::Line(last)] = self.segments[..]
            && last == self.start
            && !matches!(before, Segment::Move(_))
        {
            self.segments.pop();
        }
        if !self.segments.is_empty() && !self.lifted {
            self.segments.push(Segment::Close);
            (self.at, self.lifted) = (self.start, true);
        }
    }

    /// Degree elevation: the cubic's control points lie two thirds of the way to the quadratic's.
    fn quadratic(&mut self, control: Point, to: Point) {
        let third = |from: Point, to: Point| {
            Point::new(from.x + (to.x - from.x).scale(2.0 / 3.0), from.y + (to.y - from.y).scale(2.0 / 3.0))
        };
        self.step(Segment::Cubic(third(self.at, control), third(to, control), to), to);
    }

    /// An elliptical arc as SVG has it, too: `svgtypes` cuts it into curves.
    fn arc(&mut self, [rx, ry, angle]: [f64; 3], large: bool, sweep: bool, to: Point) {
        use svgtypes::{SimplePathSegment, SimplifyingPathParser};
        let mm = Length::to_mm;
        let data = format!(
            "M {} {} A {rx} {ry} {angle} {} {} {} {}",
            mm(self.at.x),
            mm(self.at.y),
            u8::from(large),
            u8::from(sweep),
            mm(to.x),
            mm(to.y)
        );
        let at = |x: f64, y: f64| Point::new(Length::mm(x), Length::mm(y));
        for segment in SimplifyingPathParser::from(data.as_str()).map_while(Result::ok) {
            match segment {
                SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => {
                    self.step(Segment::Cubic(at(x1, y1), at(x2, y2), at(x, y)), at(x, y));
                }
                SimplePathSegment::LineTo { x, y } => self.step(Segment::Line(at(x, y)), at(x, y)),
                _ => {}
            }
        }
    }
}
