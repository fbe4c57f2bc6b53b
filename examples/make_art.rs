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
    let band = Band { inset: 15.3, radius: 5.5, waves: 68.0 };
    let strand = |amplitude: f64, phase: f64, width: f64| {
        // A half wave from crest to trough is one cubic; a mirrored quarter of the sheet holds whole half waves.
        let d = curve(band.waves as usize * 2, |t| band.at(t, amplitude, phase));
        format!("<path d=\"{d}\" stroke-width=\"{width}\"/>\n")
    };
    svg += "<g fill=\"none\" stroke=\"currentColor\">\n";
    for k in 0..3 {
        let amplitude = 3.4 - 0.85 * f64::from(k);
        svg += &strand(amplitude, PI / 2.0, 0.13);
        svg += &strand(amplitude, -PI / 2.0, 0.13);
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
        let at = |edge: f64, length: f64| if edge == 0.0 { 15.3 } else { length - 15.3 };
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
        [(5.6, 2.1, 12.0, 0.0), (5.6, 2.1, 12.0, PI), (4.1, 2.4, 8.0, 0.0), (4.1, 2.4, 8.0, PI)]
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
    let lines = 46;
    for i in 0..=lines {
        let y0 = top + (bottom - top) * f64::from(i) / f64::from(lines);
        let d = open_curve(6, |t| {
            let x = left + (right - left) * t;
            let sway = 1.5 * (2.0 * TAU * t + f64::from(i) * 0.36).sin();
            (x, (y0 + sway).clamp(top - 1.2, bottom + 1.2))
        });
        let _ = writeln!(svg, "<path d=\"{d}\"/>");
    }
    svg += "</g>\n<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.16\">\n";
    let (cx, cy) = (WIDTH / 2.0, 152.0);
    for (middle, swing, petals, turns) in
        [(44.0, 11.0, 24.0, 3), (57.0, 3.0, 48.0, 2)]
    {
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

/// The middle line of the border: a rectangle with round corners, walked clockwise from the top's middle.
struct Band {
    /// From the sheet's edge to the middle line.
    inset: f64,
    /// Of the corners.
    radius: f64,
    /// Whole waves around the sheet; a multiple of four keeps the band symmetric.
    waves: f64,
}

impl Band {
    /// The strand's point at `t` of its way around.
    fn at(&self, t: f64, amplitude: f64, phase: f64) -> (f64, f64) {
        let (half_w, half_h) = (WIDTH / 2.0 - self.inset, HEIGHT / 2.0 - self.inset);
        let (across, down) = (half_w - self.radius, half_h - self.radius);
        let arc = PI / 2.0 * self.radius;
        let quarter = across + arc + down;
        // Each quarter mirrors the one before, so the walk is worked out for the first alone.
        let along = (t.rem_euclid(1.0)) * 4.0;
        let (index, part) = (along.floor() as u32 % 4, along.fract());
        let s = quarter * if index % 2 == 0 { part } else { 1.0 - part };
        let offset = amplitude * (self.waves * TAU * t + phase).sin();
        let (x, y, nx, ny) = if s < across {
            (s, -half_h, 0.0, -1.0)
        } else if s < across + arc {
            let a = (s - across) / self.radius;
            (across + self.radius * a.sin(), -down - self.radius * a.cos(), a.sin(), -a.cos())
        } else {
            (half_w, -down + (s - across - arc), 1.0, 0.0)
        };
        let (x, y) = (x + nx * offset, y + ny * offset);
        let (x, y) = match index {
            0 => (x, y),
            1 => (x, -y),
            2 => (-x, -y),
            _ => (-x, y),
        };
        (WIDTH / 2.0 + x, HEIGHT / 2.0 + y)
    }
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
