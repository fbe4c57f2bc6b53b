//! Fine waves over a sheet's inner field, with a large rosette in the middle.

use std::f64::consts::TAU;
use std::fmt::Write as _;

use crate::line::{open_curve, open_svg, rosette, tenths};

pub(crate) struct Ground {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// Of the field, from the sheet's sides and from its top and bottom.
    pub(crate) inset: (f64, f64),
    /// Of the rosette.
    pub(crate) center: (f64, f64),
    /// Of the rosette.
    pub(crate) scale: f64,
    pub(crate) lines: u32,
}

impl Ground {
    pub(crate) fn draw(&self) -> String {
        let Ground { width, height, inset, center, scale, lines } = *self;
        let mut svg = open_svg(width, height);
        svg += "<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.12\">\n";
        let (left, right, top, bottom) = (inset.0, width - inset.0, inset.1, height - inset.1);
        for i in 0..=lines {
            let y0 = top + (bottom - top) * f64::from(i) / f64::from(lines);
            let d = open_curve(tenths, 4, |t| {
                let x = left + (right - left) * t;
                let sway = 1.5 * (1.5 * TAU * t + f64::from(i) * 0.36).sin();
                (x, (y0 + sway).clamp(top - 1.2, bottom + 1.2))
            });
            let _ = writeln!(svg, "<path d=\"{d}\"/>");
        }
        svg += "</g>\n<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.16\">\n";
        for (middle, swing, petals, turns) in [(44.0, 11.0, 24, 3), (57.0, 3.0, 36, 2)] {
            for k in 0..turns {
                let phase = TAU * f64::from(k) / f64::from(turns);
                let d = rosette(tenths, center, middle * scale, swing * scale, petals, phase);
                let _ = writeln!(svg, "<path d=\"{d}\"/>");
            }
        }
        svg + "</g>\n</svg>\n"
    }
}
