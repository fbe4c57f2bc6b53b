//! SVG path data as outlines; its numbers are millimetres.
//!
//! Standard: SVG 1.1 (2nd edition) §8.3, read by the parser of usvg's own family; quadratic curves and arcs become cubic ones.

use svgtypes::{SimplePathSegment, SimplifyingPathParser};

use super::value::{Complaint, MAX_MM};
use crate::geom::{Path, Point, Segment};
use crate::unit::Length;

/// The most segments of one outline.
const MAX_SEGMENTS: usize = 200_000;

/// The outline that `text` describes.
pub fn parse(text: &str) -> Result<Path, Complaint> {
    let mut path = Path::default();
    let mut last = (0.0, 0.0);
    for segment in SimplifyingPathParser::from(text) {
        let segment = segment.map_err(|e| Complaint::new(format!("the path data break off: {e}"), HINT))?;
        if path.segments.len() >= MAX_SEGMENTS {
            return Err(Complaint::new(format!("the path has more than {MAX_SEGMENTS} segments"), ""));
        }
        path.segments.push(match segment {
            SimplePathSegment::MoveTo { x, y } => {
                last = (x, y);
                Segment::Move(point(x, y)?)
            }
            SimplePathSegment::LineTo { x, y } => {
                last = (x, y);
                Segment::Line(point(x, y)?)
            }
            SimplePathSegment::CurveTo { x1, y1, x2, y2, x, y } => {
                last = (x, y);
                Segment::Cubic(point(x1, y1)?, point(x2, y2)?, point(x, y)?)
            }
            SimplePathSegment::Quadratic { x1, y1, x, y } => {
                let (first, second) = raise(last, (x1, y1), (x, y));
                last = (x, y);
                Segment::Cubic(point(first.0, first.1)?, point(second.0, second.1)?, point(x, y)?)
            }
            SimplePathSegment::ClosePath => Segment::Close,
        });
    }
    if path.segments.len() < 2 {
        return Err(Complaint::new("the path draws nothing", HINT));
    }
    Ok(path)
}

const HINT: &str = "write SVG path data, such as M 0 0 L 10 0 A 5 5 0 0 1 0 0 Z";

/// The two control points of the cubic curve that equals a quadratic one from `start` by `control` to `end`.
pub fn raise(start: (f64, f64), control: (f64, f64), end: (f64, f64)) -> ((f64, f64), (f64, f64)) {
    let toward = |p: (f64, f64)| (p.0 + (control.0 - p.0) * 2.0 / 3.0, p.1 + (control.1 - p.1) * 2.0 / 3.0);
    (toward(start), toward(end))
}

fn point(x: f64, y: f64) -> Result<Point, Complaint> {
    if !(x.abs() <= MAX_MM && y.abs() <= MAX_MM) {
        return Err(Complaint::new(
            format!("the path leaves every page: {x} {y}"),
            "its numbers are millimetres",
        ));
    }
    Ok(Point::new(Length::mm(x), Length::mm(y)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_and_absolute_commands_mean_the_same() {
        assert_eq!(parse("M1 2 L4 2 V6 Z"), parse("m1,2 h3 v4z"));
    }

    #[test]
    fn a_quadratic_curve_becomes_the_equal_cubic_one() {
        let path = parse("M0 0Q3 3 6 0").unwrap();
        let mm = |x, y| Point::new(Length::mm(x), Length::mm(y));
        assert_eq!(path.segments[1], Segment::Cubic(mm(2.0, 2.0), mm(4.0, 2.0), mm(6.0, 0.0)));
    }

    #[test]
    fn after_a_close_a_quadratic_curve_starts_where_the_subpath_did() {
        let path = parse("M6 0 L9 0 L9 9 Z Q3 3 0 0").unwrap();
        let mm = |x, y| Point::new(Length::mm(x), Length::mm(y));
        assert!(path.segments.contains(&Segment::Cubic(mm(4.0, 2.0), mm(2.0, 2.0), mm(0.0, 0.0))));
    }

    #[test]
    fn what_is_not_path_data_is_refused() {
        for wrong in ["", "M 0 0", "L 1 1", "M 0 0 L", "M 0 0 X 1", "M 0 0 L 1e30 0", "hello"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
