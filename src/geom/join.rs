//! Fewer curves for the same outline.
//!
//! In: an outline whose curves were cut into many, as TrueType does with the cubics of a design. Out: the outline with neighbouring
//! curves joined again. Invariant: no point of a joined pair's control polygon strays further than the tolerance.

use super::{Path, Point, Segment};
use crate::unit::Length;

/// A cubic Bézier with its start, in grid units.
#[derive(Clone, Copy)]
struct Curve([(f64, f64); 4]);

impl Path {
    /// The outline with neighbouring curves joined to one, where one follows both within `tolerance`.
    pub fn join_curves(&self, tolerance: Length) -> Path {
        let tolerance = tolerance.raw() as f64;
        let mut joined = Path { segments: Vec::with_capacity(self.segments.len()) };
        let mut pen = Point::default();
        let mut last: Option<Curve> = None;
        for segment in &self.segments {
            match *segment {
                Segment::Cubic(p, q, r) => {
                    let next = Curve([pen, p, q, r].map(|p| (p.x.raw() as f64, p.y.raw() as f64)));
                    let both = last.and_then(|last| last.join(&next, tolerance));
                    if both.is_none() {
                        joined.segments.extend(last.map(Curve::segment));
                    }
                    last = both.or(Some(next));
                    pen = r;
                }
                other => {
                    joined.segments.extend(last.take().map(Curve::segment));
                    joined.segments.push(other);
                    if let Segment::Move(p) | Segment::Line(p) = other {
                        pen = p;
                    }
                }
            }
        }
        joined.segments.extend(last.map(Curve::segment));
        joined
    }
}

impl Curve {
    /// The one curve of which `self` and `next` are the two parts, if there is one within `tolerance`.
    fn join(&self, next: &Curve, tolerance: f64) -> Option<Curve> {
        let ([p0, p1, p2, p3], [_, q1, q2, q3]) = (self.0, next.0);
        // De Casteljau's cut at t leaves the join at this part of the way between its neighbours.
        let (before, after) = (distance(p2, p3), distance(p3, q1));
        let t = before / (before + after);
        if !(0.05..=0.95).contains(&t) {
            return None;
        }
        let whole = Curve([p0, lerp(p0, p1, 1.0 / t), lerp(q3, q2, 1.0 / (1.0 - t)), q3]);
        let (first, second) = whole.cut(t);
        let near = |a: &Curve, b: &Curve| a.0.iter().zip(b.0).all(|(a, b)| distance(*a, b) <= tolerance);
        (near(&first, self) && near(&second, next)).then_some(whole)
    }

    /// De Casteljau's construction at `t`.
    fn cut(&self, t: f64) -> (Curve, Curve) {
        let [p0, p1, p2, p3] = self.0;
        let (a, b, c) = (lerp(p0, p1, t), lerp(p1, p2, t), lerp(p2, p3, t));
        let (d, e) = (lerp(a, b, t), lerp(b, c, t));
        let f = lerp(d, e, t);
        (Curve([p0, a, d, f]), Curve([f, e, c, p3]))
    }

    fn segment(self) -> Segment {
        let [_, p, q, r] = self
            .0
            .map(|(x, y)| Point::new(Length::from_raw(x.round() as i64), Length::from_raw(y.round() as i64)));
        Segment::Cubic(p, q, r)
    }
}

fn lerp(a: (f64, f64), b: (f64, f64), t: f64) -> (f64, f64) {
    (a.0 + (b.0 - a.0) * t, a.1 + (b.1 - a.1) * t)
}

fn distance(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(x: f64, y: f64) -> Point {
        Point::new(Length::mm(x), Length::mm(y))
    }

    #[test]
    fn a_curve_cut_in_two_is_whole_again() {
        let whole = Curve([(0.0, 0.0), (0.0, 3e6), (4e6, 6e6), (9e6, 6e6)]);
        let (first, second) = whole.cut(0.4);
        let path = Path {
            segments: vec![Segment::Move(at(0.0, 0.0)), first.segment(), second.segment(), Segment::Close],
        };
        let joined = path.join_curves(Length::mm(0.01));
        assert_eq!(joined.segments.len(), 3);
        let Segment::Cubic(p, q, _) = joined.segments[1] else { panic!("{joined:?}") };
        assert!(
            (p.y.to_mm() - 3e6 / 360_000.0).abs() < 0.001 && (q.x.to_mm() - 4e6 / 360_000.0).abs() < 0.001
        );
    }

    #[test]
    fn curves_that_meet_in_a_corner_stay_apart() {
        let path = Path {
            segments: vec![
                Segment::Move(at(0.0, 0.0)),
                Segment::Cubic(at(0.0, 5.0), at(5.0, 10.0), at(10.0, 10.0)),
                Segment::Cubic(at(10.0, 5.0), at(5.0, 0.0), at(0.0, 0.0)),
                Segment::Close,
            ],
        };
        assert_eq!(path.join_curves(Length::mm(0.01)), path);
    }

    #[test]
    fn curves_of_no_length_are_kept() {
        let dot = Segment::Cubic(at(1.0, 1.0), at(1.0, 1.0), at(1.0, 1.0));
        let path = Path { segments: vec![Segment::Move(at(1.0, 1.0)), dot, dot] };
        assert_eq!(path.join_curves(Length::mm(0.01)), path);
    }
}
