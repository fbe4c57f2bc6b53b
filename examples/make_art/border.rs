//! A band of interlaced strands around a sheet, a rosette on each corner, hairlines inside and outside.

use std::f64::consts::PI;
use std::fmt::Write as _;

use crate::line::{num, open_svg, rosette, waves};

pub(crate) struct Border {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// From the sheet's edge to the middle line of the band.
    pub(crate) middle: f64,
    /// Of the band's breadth and the rosettes.
    pub(crate) scale: f64,
    /// Along the width and along the height.
    pub(crate) waves: (u32, u32),
}

impl Border {
    pub(crate) fn draw(&self) -> String {
        let Border { width, height, middle, scale, waves: (along_width, along_height) } = *self;
        let mut svg = open_svg(width, height);
        let (outer, inner) = (self.frame(middle - 4.3 * scale), self.frame(middle + 4.3 * scale));
        let _ = writeln!(
            svg,
            "<path d=\"{outer}{inner}\" fill=\"currentColor\" fill-opacity=\"0.07\" fill-rule=\"evenodd\"/>"
        );
        svg += "<g fill=\"none\" stroke=\"currentColor\" stroke-width=\"0.13\">\n";
        let (across, down) = (width - 2.0 * middle, height - 2.0 * middle);
        for amplitude in [3.4, 2.5, 1.6, -1.6, -2.5, -3.4].map(|a| a * scale) {
            let sides = [
                waves(along_width, amplitude, |t, u| (middle + t, middle + u), across),
                waves(along_width, amplitude, |t, u| (middle + t, height - middle - u), across),
                waves(along_height, amplitude, |t, u| (middle + u, middle + t), down),
                waves(along_height, amplitude, |t, u| (width - middle - u, middle + t), down),
            ];
            let _ = writeln!(svg, "<path d=\"{}\"/>", sides.concat());
        }
        for (from_middle, line) in [(-5.7, 0.9), (-4.3, 0.18), (4.3, 0.18), (5.1, 0.45)] {
            let inset = middle + from_middle * scale;
            let _ = writeln!(
                svg,
                "<rect x=\"{0}\" y=\"{0}\" width=\"{1}\" height=\"{2}\" stroke-width=\"{line}\"/>",
                num(inset),
                num(width - 2.0 * inset),
                num(height - 2.0 * inset),
            );
        }
        svg += "</g>\n";
        for (right, bottom) in [(false, false), (true, false), (true, true), (false, true)] {
            let at = |far: bool, length: f64| if far { length - middle } else { middle };
            svg += &corner((at(right, width), at(bottom, height)), scale);
        }
        svg + "</svg>\n"
    }

    /// The sheet's rectangle, `inset` from its edges.
    fn frame(&self, inset: f64) -> String {
        let (right, bottom) = (num(self.width - inset), num(self.height - inset));
        format!("M{0} {0}H{right}V{bottom}H{0}Z", num(inset))
    }
}

/// A rosette on a white disc that interrupts band and hairlines.
fn corner(center: (f64, f64), scale: f64) -> String {
    let (cx, cy) = (num(center.0), num(center.1));
    let mut svg = format!("<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{}\" fill=\"#ffffff\"/>\n", num(9.3 * scale));
    svg += "<g fill=\"none\" stroke=\"currentColor\">\n";
    for (r, line) in [(9.3, 0.45), (8.5, 0.12), (1.5, 0.2)] {
        let r = num(r * scale);
        let _ = writeln!(svg, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"{r}\" stroke-width=\"{line}\"/>");
    }
    for (middle, petals, phase) in [(6.1, 12, PI / 2.0), (6.1, 12, -PI / 2.0), (3.6, 8, PI / 2.0)] {
        let d = rosette(num, center, middle * scale, 2.0 * scale, petals, phase);
        let _ = writeln!(svg, "<path d=\"{d}\" stroke-width=\"0.11\"/>");
    }
    svg + "</g>\n"
}
