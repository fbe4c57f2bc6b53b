//! The cover of a B5 certificate: a texture woven of waves, a gilt frame with a fret at each corner, and an emblem.
//!
//! Gilt is `currentColor`; the texture is the parameter `weave`. The leather below them is the layout's own rectangle.

use std::f64::consts::PI;
use std::fmt::Write as _;

use crate::line::{num, open_svg, rosette, waves};

const WIDTH: f64 = 176.0;
const HEIGHT: f64 = 250.0;

/// From the sheet's edge to the frame's outer and inner rules.
const OUTER: f64 = 11.0;
const INNER: f64 = 14.0;

/// The middle of the emblem.
const EMBLEM: (f64, f64) = (88.0, 68.0);

pub(crate) fn draw() -> String {
    let mut svg = open_svg(WIDTH, HEIGHT);
    svg += &weave();
    svg += "<g fill=\"none\" stroke=\"currentColor\">\n";
    svg += &frame();
    svg += &emblem();
    svg + "</g>\n</svg>\n"
}

/// Waves across the whole sheet, every other one half a wave on, so that they enclose lenses.
fn weave() -> String {
    const PITCH: f64 = 6.25;
    let mut svg = String::from("<g fill=\"none\" stroke=\"var(--weave, #84262c)\" stroke-width=\"0.14\">\n");
    for i in 0..=(HEIGHT / PITCH) as u32 {
        let y = PITCH * f64::from(i);
        for amplitude in [2.5, -2.5] {
            let _ = writeln!(svg, "<path d=\"{}\"/>", waves(8, amplitude, |t, u| (t, y + u), WIDTH));
        }
    }
    svg + "</g>\n"
}

/// Two rules that turn into a fret (回纹) at each corner.
fn frame() -> String {
    let mut svg = String::new();
    for (inset, line) in [(OUTER, 0.9), (INNER, 0.3)] {
        let _ = writeln!(
            svg,
            "<rect x=\"{inset}\" y=\"{inset}\" width=\"{}\" height=\"{}\" stroke-width=\"{line}\"/>",
            num(WIDTH - 2.0 * inset),
            num(HEIGHT - 2.0 * inset),
        );
    }
    // One line that winds inwards from the inner rule, and its mirror image along the other side.
    const FRET: [(f64, f64); 8] = [
        (0.0, 14.0),
        (3.0, 14.0),
        (3.0, 3.0),
        (11.0, 3.0),
        (11.0, 11.0),
        (6.0, 11.0),
        (6.0, 6.0),
        (8.6, 6.0),
    ];
    for (right, bottom) in [(false, false), (true, false), (true, true), (false, true)] {
        let at = |far: bool, length: f64, u: f64| num(if far { length - INNER - u } else { INNER + u });
        let mut d = String::new();
        for (i, &(u, v)) in FRET.iter().enumerate() {
            let _ = write!(
                d,
                "{}{} {}",
                if i == 0 { "M" } else { "L" },
                at(right, WIDTH, u),
                at(bottom, HEIGHT, v)
            );
        }
        let _ = write!(d, "M{} {}", at(right, WIDTH, 14.0), at(bottom, HEIGHT, 0.0));
        let _ = write!(d, "V{}", at(bottom, HEIGHT, 3.0));
        let _ = write!(d, "H{}", at(right, WIDTH, 11.0));
        let _ = writeln!(svg, "<path d=\"{d}\" stroke-width=\"0.6\"/>");
    }
    svg
}

/// An open book in a rosette, within rings.
fn emblem() -> String {
    let (cx, cy) = EMBLEM;
    let mut svg = String::new();
    for (r, line) in [(22.0, 0.7), (20.8, 0.2), (12.6, 0.2), (11.8, 0.5)] {
        let _ = writeln!(svg, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\" stroke-width=\"{line}\"/>");
    }
    for (middle, swing, petals, phase) in
        [(16.7, 3.7, 24, 0.0), (16.7, 3.7, 24, PI), (16.7, 2.2, 24, 0.0), (16.7, 2.2, 24, PI)]
    {
        let d = rosette(num, EMBLEM, middle, swing, petals, phase);
        let _ = writeln!(svg, "<path d=\"{d}\" stroke-width=\"0.16\"/>");
    }
    // Pages that swell from the spine to the fore-edge.
    let book = |side: f64| {
        let at = |x: f64, y: f64| format!("{} {}", num(cx + side * x), num(cy + y));
        format!(
            "M{}C{} {} {}V{}C{} {} {}Z",
            at(0.0, -3.6),
            at(2.2, -5.6),
            at(5.4, -5.8),
            at(8.2, -4.8),
            num(cy + 5.0),
            at(5.4, 4.0),
            at(2.2, 4.2),
            at(0.0, 6.2)
        )
    };
    let _ = writeln!(
        svg,
        "<path d=\"{}{}\" stroke-width=\"0.6\" stroke-linejoin=\"round\"/>",
        book(1.0),
        book(-1.0)
    );
    let line = |side: f64, y: f64| {
        let at = |x: f64, y: f64| format!("{} {}", num(cx + side * x), num(cy + y));
        format!("M{}C{} {} {}", at(1.8, y), at(3.2, y - 0.7), at(4.8, y - 0.9), at(6.6, y - 0.4))
    };
    let lines: String = [-1.8, 0.4, 2.6].iter().flat_map(|&y| [line(1.0, y), line(-1.0, y)]).collect();
    let _ = writeln!(svg, "<path d=\"{lines}\" stroke-width=\"0.3\"/>");
    svg
}
