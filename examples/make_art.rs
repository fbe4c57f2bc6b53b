//! Draws the vector art of the shipped layouts: the guilloche border and the faint ground of an A4 certificate.
//!
//! Run `cargo run --example make_art` in the repository; it rewrites `layouts/art/*.svg`. Coordinates are
//! millimetres on the sheet. Strands are `currentColor`, so that a layout chooses the colour when it uses the art.

use std::f64::consts::{PI, TAU};
use std::fmt::Write as _;
use std::path::Path;

/// The sheet: A4, upright.
const WIDTH: f64 = 210.0;
const HEIGHT: f64 = 297.0;

/// From the sheet's edge to the middle line of the border; chosen so that half waves are 6.9 mm and 7.4 mm.
const MIDDLE: f64 = 15.3;

/// How far the control points of a half wave lie from its ends, as a part of its length: near a sine.
const STEEP: f64 = 0.375;

fn main() -> std::io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("layouts/art");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("border-a4.svg"), border())?;
    std::fs::write(folder.join("ground-a4.svg"), ground())
}

/// A band of interlaced strands around the sheet, a rosette on each corner, hairlines inside and outside.
fn border() -> String {
    let mut svg = open_svg();
    let (outer, inner) = (frame(11.0), frame(19.6));
    let _ = writeln!(
        svg,
        "<path d=\"{outer}{inner}\" fill=\"currentColor\" fill-opacity=\"0.07\" fill-rule=\"evenodd\"/>"
    );
    svg += "<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.13\">\n";
    let (across, down) = (WIDTH - 2.0 * MIDDLE, HEIGHT - 2.0 * MIDDLE);
    for amplitude in [3.4, 2.5, 1.6, -1.6, -2.5, -3.4] {
        let sides = [
            side(13, amplitude, |t, u| (MIDDLE + t, MIDDLE + u), across),
            side(13, amplitude, |t, u| (MIDDLE + t, HEIGHT - MIDDLE - u), across),
            side(18, amplitude, |t, u| (MIDDLE + u, MIDDLE + t), down),
            side(18, amplitude, |t, u| (WIDTH - MIDDLE - u, MIDDLE + t), down),
        ];
        let _ = writeln!(svg, "<path d=\"{}\"/>", sides.concat());
    }
    for (inset, width) in [(9.6, 0.9), (11.0, 0.18), (19.6, 0.18), (20.4, 0.45)] {
        let _ = writeln!(
            svg,
            "<rect x=\"{inset}\" y=\"{inset}\" width=\"{}\" height=\"{}\" stroke-width=\"{width}\"/>",
            num(WIDTH - 2.0 * inset),
            num(HEIGHT - 2.0 * inset),
        );
    }
    svg += "</g>\n";
    for (x, y) in [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)] {
        let at = |edge: f64, length: f64| if edge == 0.0 { MIDDLE } else { length - MIDDLE };
        svg += &corner(at(x, WIDTH), at(y, HEIGHT));
    }
    svg + "</svg>\n"
}

/// The sheet's rectangle, `inset` from its edges.
fn frame(inset: f64) -> String {
    let (right, bottom) = (num(WIDTH - inset), num(HEIGHT - inset));
    format!("M{inset} {inset}H{right}V{bottom}H{inset}Z")
}

/// A rosette on a white disc that interrupts band and hairlines.
fn corner(cx: f64, cy: f64) -> String {
    let mut svg = format!("<circle cx=\"{}\" cy=\"{}\" r=\"9.3\" fill=\"#ffffff\"/>\n", num(cx), num(cy));
    svg += "<g fill=\"none\" stroke=\"currentColor\">\n";
    for (r, width) in [(9.3, 0.45), (8.5, 0.12), (1.5, 0.2)] {
        let _ = writeln!(
            svg,
            "<circle cx=\"{}\" cy=\"{}\" r=\"{r}\" stroke-width=\"{width}\"/>",
            num(cx),
            num(cy)
        );
    }
    for (middle, swing, petals, phase) in
        [(6.1, 2.0, 12.0, PI / 2.0), (6.1, 2.0, 12.0, -PI / 2.0), (3.6, 2.0, 8.0, PI / 2.0)]
    {
        let d = curve(petals as usize * 2, |t| {
            let r = middle + swing * (petals * TAU * t + phase).sin();
            ((cx + r * (TAU * t).cos()), (cy + r * (TAU * t).sin()))
        });
        let _ = writeln!(svg, "<path d=\"{d}\" stroke-width=\"0.11\"/>");
    }
    svg + "</g>\n"
}

/// Fine waves over the inner field, swelling around a large rosette in the middle.
fn ground() -> String {
    let mut svg = open_svg();
    svg += "<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.12\">\n";
    let (left, right, top, bottom) = (23.0, WIDTH - 23.0, 24.5, HEIGHT - 24.5);
    let lines = 45;
    for i in 0..=lines {
        let y0 = top + (bottom - top) * f64::from(i) / f64::from(lines);
        let d = open_curve(4, |t| {
            let x = left + (right - left) * t;
            let sway = 1.5 * (1.5 * TAU * t + f64::from(i) * 0.36).sin();
            (x, (y0 + sway).clamp(top - 1.2, bottom + 1.2))
        });
        let _ = writeln!(svg, "<path d=\"{d}\"/>");
    }
    svg += "</g>\n<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.16\">\n";
    let (cx, cy) = (WIDTH / 2.0, 152.0);
    for (middle, swing, petals, turns) in [(44.0, 11.0, 24.0, 3), (57.0, 3.0, 36.0, 2)] {
        for k in 0..turns {
            let phase = TAU * f64::from(k) / f64::from(turns);
            let d = curve(petals as usize * 2, |t| {
                let r: f64 = middle + swing * (petals * TAU * t + phase).sin();
                (cx + r * (TAU * t).cos(), cy + r * (TAU * t).sin())
            });
            let _ = writeln!(svg, "<path d=\"{d}\"/>");
        }
    }
    svg + "</g>\n</svg>\n"
}

/// One side of the border: `waves` crests and troughs from corner to corner around a straight middle line. A half wave is one
/// cubic, and its points fall on tenths of a millimetre, which deflates well.
fn side(waves: u32, amplitude: f64, map: impl Fn(f64, f64) -> (f64, f64), length: f64) -> String {
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
fn curve(n: usize, f: impl Fn(f64) -> (f64, f64)) -> String {
    open_curve(n, f) + "Z"
}

fn open_curve(n: usize, f: impl Fn(f64) -> (f64, f64)) -> String {
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

fn open_svg() -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}mm\" height=\"{HEIGHT}mm\" viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n"
    )
}

/// Short numbers keep the packages small: a grid of 20 µm, finer than most presses.
fn num(v: f64) -> String {
    let text = format!("{:.2}", (v * 50.0).round() / 50.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
