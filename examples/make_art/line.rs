//! Lines in SVG path data: short numbers, curves through functions, waves.

use std::fmt::Write as _;

/// How far the control points of a half wave lie from its ends, as a part of its length: near a sine.
const STEEP: f64 = 0.375;

/// The root element of a sheet.
pub(crate) fn open_svg(width: f64, height: f64) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}mm\" height=\"{height}mm\" viewBox=\"0 0 {width} {height}\">\n"
    )
}

/// How a length is written. Short numbers keep the packages small.
pub(crate) type Number = fn(f64) -> String;

/// On a grid of 20 µm, finer than most presses.
pub(crate) fn num(v: f64) -> String {
    let text = format!("{:.2}", (v * 50.0).round() / 50.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// In tenths of a millimetre: for long faint curves, whose points lie far apart.
pub(crate) fn tenths(v: f64) -> String {
    let text = format!("{v:.1}");
    text.strip_suffix(".0").unwrap_or(&text).to_owned()
}

/// A wavy line: `waves` crests and troughs along `length`, around a straight line that `map` places. A half wave is one
/// cubic, and its points fall on tenths of a millimetre where its length does, which deflates well.
pub(crate) fn waves(waves: u32, amplitude: f64, map: impl Fn(f64, f64) -> (f64, f64), length: f64) -> String {
    let half = length / f64::from(2 * waves);
    let point = |along: f64, across: f64| {
        let (x, y) = map(along, across);
        format!("{} {}", num(x), num(y))
    };
    let mut d = format!("M{}", point(0.0, amplitude));
    for i in 0..2 * waves {
        let (from, crest) = (half * f64::from(i), if i % 2 == 0 { amplitude } else { -amplitude });
        let _ = write!(
            d,
            "C{} {} {}",
            point(from + half * STEEP, crest),
            point(from + half * (1.0 - STEEP), -crest),
            point(from + half, -crest)
        );
    }
    d
}

/// A closed curve through `n` points of `f` over 0 to 1, as cubic Béziers with the curve's own tangents.
pub(crate) fn curve(num: Number, n: usize, f: impl Fn(f64) -> (f64, f64)) -> String {
    open_curve(num, n, f) + "Z"
}

/// The same from end to end.
pub(crate) fn open_curve(num: Number, n: usize, f: impl Fn(f64) -> (f64, f64)) -> String {
    const STEP: f64 = 1e-6;
    let h = 1.0 / n as f64;
    let tangent = |t: f64| {
        let (x0, y0) = f(t - STEP);
        let (x1, y1) = f(t + STEP);
        ((x1 - x0) / (2.0 * STEP) * h / 3.0, (y1 - y0) / (2.0 * STEP) * h / 3.0)
    };
    let (x, y) = f(0.0);
    let mut d = format!("M{} {}", num(x), num(y));
    for i in 0..n {
        let (t0, t1) = (i as f64 * h, (i + 1) as f64 * h);
        let ((x0, y0), (x1, y1)) = (f(t0), f(t1));
        let ((u0, v0), (u1, v1)) = (tangent(t0), tangent(t1));
        let _ = write!(
            d,
            "C{} {} {} {} {} {}",
            num(x0 + u0),
            num(y0 + v0),
            num(x1 - u1),
            num(y1 - v1),
            num(x1),
            num(y1)
        );
    }
    d
}

/// A closed curve that swings around a circle `petals` times.
pub(crate) fn rosette(
    num: Number,
    (cx, cy): (f64, f64),
    middle: f64,
    swing: f64,
    petals: u32,
    phase: f64,
) -> String {
    use std::f64::consts::TAU;
    curve(num, petals as usize * 2, |t| {
        let r = middle + swing * (f64::from(petals) * TAU * t + phase).sin();
        (cx + r * (TAU * t).cos(), cy + r * (TAU * t).sin())
    })
}
