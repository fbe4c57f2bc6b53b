//! Points, sizes, rectangles, affine maps and outlines on the page.
//!
//! In: [`Length`]s from layouts, fonts and SVG art. Out: shapes in page space.
//! Invariant: the origin is the page's top left corner and y grows downwards, as in OFD; only `pdf` flips it.

mod figure;
mod join;

pub use figure::{Corner, Figure, Polygons};

use crate::unit::Length;

/// A place on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Point {
    /// Rightwards from the left edge.
    pub x: Length,
    /// Downwards from the top edge.
    pub y: Length,
}

impl Point {
    /// The point at `x`, `y`.
    pub const fn new(x: Length, y: Length) -> Point {
        Point { x, y }
    }

    /// This point moved by `dx`, `dy`.
    pub fn shift(self, dx: Length, dy: Length) -> Point {
        Point::new(self.x + dx, self.y + dy)
    }
}

/// A width and a height.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Size {
    /// Along x.
    pub width: Length,
    /// Along y.
    pub height: Length,
}

impl Size {
    /// A size of `width` by `height`.
    pub const fn new(width: Length, height: Length) -> Size {
        Size { width, height }
    }

    /// A size in millimetres.
    pub fn mm(width: f64, height: f64) -> Size {
        Size::new(Length::mm(width), Length::mm(height))
    }
}

/// An upright rectangle: its top left corner and its size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Rect {
    /// Left edge.
    pub x: Length,
    /// Top edge.
    pub y: Length,
    /// Extent along x.
    pub width: Length,
    /// Extent along y.
    pub height: Length,
}

impl Rect {
    /// The rectangle with this corner and size.
    pub const fn new(x: Length, y: Length, width: Length, height: Length) -> Rect {
        Rect { x, y, width, height }
    }

    /// A rectangle in millimetres.
    pub fn mm(x: f64, y: f64, width: f64, height: f64) -> Rect {
        Rect::new(Length::mm(x), Length::mm(y), Length::mm(width), Length::mm(height))
    }

    /// The smallest rectangle that holds both corners.
    pub fn from_corners(a: Point, b: Point) -> Rect {
        Rect::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }

    /// Right edge.
    pub fn right(&self) -> Length {
        self.x + self.width
    }

    /// Bottom edge.
    pub fn bottom(&self) -> Length {
        self.y + self.height
    }

    /// Top left corner.
    pub fn origin(&self) -> Point {
        Point::new(self.x, self.y)
    }

    /// How far it reaches beyond `room` where it does most; below zero if it lies within.
    pub fn beyond(&self, room: &Rect) -> Length {
        let sides =
            [room.x - self.x, room.y - self.y, self.right() - room.right(), self.bottom() - room.bottom()];
        sides.into_iter().max().unwrap_or_default()
    }

    /// The point in the middle.
    pub fn middle(&self) -> Point {
        self.origin().shift(self.width / 2, self.height / 2)
    }

    /// Whether the two share more than an edge.
    pub fn overlaps(&self, o: &Rect) -> bool {
        self.x < o.right() && o.x < self.right() && self.y < o.bottom() && o.y < self.bottom()
    }

    /// Whether the two share as much as a point.
    pub fn touches(&self, o: &Rect) -> bool {
        self.x <= o.right() && o.x <= self.right() && self.y <= o.bottom() && o.y <= self.bottom()
    }

    /// Whether `o` lies wholly within this rectangle.
    pub fn contains(&self, o: &Rect) -> bool {
        self.x <= o.x && self.y <= o.y && o.right() <= self.right() && o.bottom() <= self.bottom()
    }

    /// The smallest rectangle that holds both.
    pub fn union(&self, o: &Rect) -> Rect {
        let (x, y) = (self.x.min(o.x), self.y.min(o.y));
        Rect::new(x, y, self.right().max(o.right()) - x, self.bottom().max(o.bottom()) - y)
    }

    /// Grown by `by` on every side; shrunk if it is below zero.
    pub fn outset(&self, by: Length) -> Rect {
        Rect::new(self.x - by, self.y - by, self.width + by * 2, self.height + by * 2)
    }
}

/// An affine map: x' = a·x + c·y + e, y' = b·x + d·y + f, with e and f lengths.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Affine {
    /// x to x'.
    pub a: f64,
    /// x to y'.
    pub b: f64,
    /// y to x'.
    pub c: f64,
    /// y to y'.
    pub d: f64,
    /// Shift along x.
    pub e: Length,
    /// Shift along y.
    pub f: Length,
}

impl Affine {
    /// The map that changes nothing.
    pub const IDENTITY: Affine = Affine { a: 1.0, b: 0.0, c: 0.0, d: 1.0, e: Length::ZERO, f: Length::ZERO };

    /// A shift.
    pub const fn shift(e: Length, f: Length) -> Affine {
        Affine { e, f, ..Affine::IDENTITY }
    }

    /// A scaling about the origin.
    pub const fn scale(x: f64, y: f64) -> Affine {
        Affine { a: x, d: y, ..Affine::IDENTITY }
    }

    /// A clockwise turn (y grows downwards) by `degrees` about the origin.
    pub fn rotate(degrees: f64) -> Affine {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Affine { a: cos, b: sin, c: -sin, d: cos, ..Affine::IDENTITY }
    }

    /// The same map about `center` instead of the origin.
    pub fn about(&self, center: Point) -> Affine {
        Affine::shift(-center.x, -center.y).then(self).then(&Affine::shift(center.x, center.y))
    }

    /// This map without its shift.
    pub const fn linear(&self) -> Affine {
        Affine { e: Length::ZERO, f: Length::ZERO, ..*self }
    }

    /// First `self`, then `next`.
    pub fn then(&self, next: &Affine) -> Affine {
        let shift = next.apply(Point::new(self.e, self.f));
        Affine {
            a: self.a * next.a + self.b * next.c,
            b: self.a * next.b + self.b * next.d,
            c: self.c * next.a + self.d * next.c,
            d: self.c * next.b + self.d * next.d,
            e: shift.x,
            f: shift.y,
        }
    }

    /// The image of `p`.
    pub fn apply(&self, p: Point) -> Point {
        Point::new(
            p.x.scale(self.a) + p.y.scale(self.c) + self.e,
            p.x.scale(self.b) + p.y.scale(self.d) + self.f,
        )
    }
}

/// One step of an outline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Segment {
    /// Start a subpath here.
    Move(Point),
    /// A straight line to here.
    Line(Point),
    /// A cubic Bézier curve: two control points, then the end.
    Cubic(Point, Point, Point),
    /// Back to the start of the subpath.
    Close,
}

impl Segment {
    /// The step with each of its points replaced.
    fn map(&self, f: impl Fn(Point) -> Point) -> Segment {
        match *self {
            Segment::Move(p) => Segment::Move(f(p)),
            Segment::Line(p) => Segment::Line(f(p)),
            Segment::Cubic(p, q, r) => Segment::Cubic(f(p), f(q), f(r)),
            Segment::Close => Segment::Close,
        }
    }
}

/// An outline of subpaths.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Path {
    /// The steps in order; each subpath opens with a `Move`.
    pub segments: Vec<Segment>,
}

impl Path {
    /// Four sides of `r`, clockwise.
    pub fn rect(r: Rect) -> Path {
        let (l, t, rt, b) = (r.x, r.y, r.right(), r.bottom());
        Path {
            segments: vec![
                Segment::Move(Point::new(l, t)),
                Segment::Line(Point::new(rt, t)),
                Segment::Line(Point::new(rt, b)),
                Segment::Line(Point::new(l, b)),
                Segment::Close,
            ],
        }
    }

    /// The ellipse inscribed in `r`, as four cubic curves (radial error below 0.03 %).
    pub fn ellipse(r: Rect) -> Path {
        /// Control distance for a quarter circle: 4/3·(√2 − 1).
        const KAPPA: f64 = 0.552_284_749_8;
        let (rx, ry) = (r.width / 2, r.height / 2);
        let (cx, cy) = (r.x + rx, r.y + ry);
        let (kx, ky) = (rx.scale(KAPPA), ry.scale(KAPPA));
        let p = |dx: Length, dy: Length| Point::new(cx + dx, cy + dy);
        let zero = Length::ZERO;
        Path {
            segments: vec![
                Segment::Move(p(rx, zero)),
                Segment::Cubic(p(rx, ky), p(kx, ry), p(zero, ry)),
                Segment::Cubic(p(-kx, ry), p(-rx, ky), p(-rx, zero)),
                Segment::Cubic(p(-rx, -ky), p(-kx, -ry), p(zero, -ry)),
                Segment::Cubic(p(kx, -ry), p(rx, -ky), p(rx, zero)),
                Segment::Close,
            ],
        }
    }

    /// A straight line from `a` to `b`.
    pub fn line(a: Point, b: Point) -> Path {
        Path { segments: vec![Segment::Move(a), Segment::Line(b)] }
    }

    /// The outline under `map`.
    pub fn transform(&self, map: &Affine) -> Path {
        let steps = self.segments.iter();
        // Most objects only stand somewhere, and then nothing is rounded.
        let segments = if map.linear() == Affine::IDENTITY {
            steps.map(|s| s.map(|p| p.shift(map.e, map.f))).collect()
        } else {
            steps.map(|s| s.map(|p| map.apply(p))).collect()
        };
        Path { segments }
    }

    /// The outline with each point on the nearest of a grid of `step`: short numbers for curves finer than any press.
    pub fn snap(&self, step: Length) -> Path {
        let on_grid = |v: Length| step * (v / step.raw()).raw();
        let snap = |p: Point| Point::new(on_grid(p.x), on_grid(p.y));
        Path { segments: self.segments.iter().map(|s| s.map(snap)).collect() }
    }

    /// The rectangle around all end and control points; `None` for an empty outline.
    pub fn bounds(&self) -> Option<Rect> {
        let mut bounds: Option<Rect> = None;
        let mut add = |p: Point| {
            let dot = Rect::new(p.x, p.y, Length::ZERO, Length::ZERO);
            bounds = Some(bounds.map_or(dot, |b| b.union(&dot)));
        };
        for s in &self.segments {
            match *s {
                Segment::Move(p) | Segment::Line(p) => add(p),
                Segment::Cubic(p, q, r) => [p, q, r].into_iter().for_each(&mut add),
                Segment::Close => {}
            }
        }
        bounds
    }
}
