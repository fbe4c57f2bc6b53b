//! Placing: lines to positions in the box.
//!
//! In: cut lines and the scale they fit at. Out: a [`Setting`].
//! Invariant: positions are sums of grid lengths at the asked size, scaled once; rounding never accumulates along a line.

use super::collect::{Atom, Collected};
use super::fit::Scale;
use super::justify::Spread;
use super::linebreak::Cut;
use super::setting::{Fitted, Line, Rule, SetGlyph, SetRun, Setting};
use super::{Align, Fonts, TextBlock, TextSpan, TextStyle, VAlign};
use crate::geom::{Point, Rect};
use crate::unit::Length;

/// The top of the ideographs' em box above the baseline, in ems. All Chinese faces are drawn to it, so the line's baseline is the same
/// whichever face stands first on it.
pub(crate) const EM_TOP: f64 = 0.88;
/// The underline's top edge below the baseline, in ems: it clears the ideographs' feet.
const RULE_TOP: f64 = 0.15;
/// The underline's thickness, in ems.
const RULE_WEIGHT: f64 = 0.045;

/// How tall lines are, from the top of the first em box to the bottom of the last, at the asked size.
pub(crate) fn height(cuts: &[Cut], leading: f64) -> Length {
    let (Some(first), Some(last)) = (cuts.first(), cuts.last()) else { return Length::ZERO };
    let pitches: Length = cuts[1..].iter().map(|c| c.size.scale(leading)).sum();
    first.size.scale(EM_TOP) + pitches + last.size.scale(1.0 - EM_TOP)
}

/// Places `cuts`, which fit `block` at `scale`.
pub(crate) fn place(
    fonts: &Fonts,
    collected: &Collected<'_>,
    spans: &[TextSpan<'_>],
    block: &TextBlock,
    scale: Scale,
    cuts: &[Cut],
) -> Setting {
    let total = height(cuts, block.leading).scale(scale.size);
    let spare = block.height.map_or(Length::ZERO, |h| h - total);
    let top = match block.valign {
        VAlign::Top => Length::ZERO,
        VAlign::Middle => spare / 2,
        VAlign::Bottom => spare,
    };
    let mut setting = Setting {
        height: total,
        lines: Vec::with_capacity(cuts.len()),
        fitted: Fitted { condense: scale.condense, size_factor: scale.size, lines: cuts.len() },
        ..Setting::default()
    };
    let mut depth = Length::ZERO;
    for (i, cut) in cuts.iter().enumerate() {
        depth += cut.size.scale(if i == 0 { EM_TOP } else { block.leading });
        let baseline = top + depth.scale(scale.size);
        Placer { fonts, collected, spans, scale, baseline, setting: &mut setting }.line(cut, block);
    }
    setting
}

/// Places one line.
struct Placer<'a> {
    fonts: &'a Fonts,
    collected: &'a Collected<'a>,
    spans: &'a [TextSpan<'a>],
    scale: Scale,
    baseline: Length,
    setting: &'a mut Setting,
}

impl Placer<'_> {
    fn line(mut self, cut: &Cut, block: &TextBlock) {
        let atoms = &self.collected.atoms[cut.atoms.clone()];
        let measure = block.width.map(|w| w.scale(1.0 / (self.scale.size * self.scale.condense)));
        let room = measure.map_or(Length::ZERO, |m| m - cut.indent - cut.width);
        let spread = Spread::new(block.align, cut, atoms, room);
        let start = cut.indent
            + match block.align {
                Align::Center => room / 2,
                Align::End => room,
                // A lone character spread over the measure stands in its middle.
                Align::Distribute if !spread.fills() => room / 2,
                Align::Start | Align::Justify | Align::Distribute => Length::ZERO,
            };
        let width = if spread.fills() { cut.width + room } else { cut.width };
        let line_end = start + width;
        let (x, width) = (self.along(start), self.along(width));
        let (runs_before, rules_before) = (self.setting.runs.len(), self.setting.rules.len());
        let size = cut.size.scale(self.scale.size);
        let line = Line { baseline: self.baseline, x, width, size, runs_before, rules_before };
        self.setting.lines.push(line);
        self.setting.width = self.setting.width.max(width);

        let mut pen = start;
        let mut open_rule: Option<OpenRule> = None;
        let mut open_run: Option<(u32, Length)> = None;
        for (i, (atom, shift)) in atoms.iter().zip(spread.shifts(atoms)).enumerate() {
            if i > 0 {
                pen += atoms[i - 1].spacing + atom.gap;
            }
            let x = pen + shift;
            let style = &self.spans[atom.span as usize].style;
            let same_face = self.setting.runs.last().is_some_and(|run| run.face == atom.face);
            let run_start = match open_run {
                Some((span, run_start)) if span == atom.span && same_face => run_start,
                _ => {
                    self.start_run(atom, style, x);
                    open_run = Some((atom.span, x));
                    x
                }
            };
            self.add_atom(atom, style, x, run_start);
            open_rule = self.rule(open_rule, atom, style, x);
            pen += atom.advance;
        }
        // The blank half of a mark that closes up at the line's end is not ruled.
        self.end_rule(open_rule.map(|rule| OpenRule { end: rule.end.min(line_end), ..rule }));
    }

    fn start_run(&mut self, atom: &Atom, style: &TextStyle, x: Length) {
        let rise = style.baseline_shift.scale(self.scale.size);
        self.setting.runs.push(SetRun {
            face: atom.face,
            size: style.size.scale(self.scale.size),
            color: style.color,
            tag: self.spans[atom.span as usize].tag,
            origin: Point::new(self.along(x), self.baseline - rise),
            condense: self.scale.condense,
            glyphs: Vec::with_capacity(8),
            text: String::new(),
            advance: Length::ZERO,
        });
    }

    fn add_atom(&mut self, atom: &Atom, style: &TextStyle, x: Length, run_start: Length) {
        let Some(run) = self.setting.runs.last_mut() else { return };
        let per_em = self.fonts.face(atom.face).metrics().units_per_em;
        let start = run.text.len() as u32;
        run.text.push_str(&self.collected.text[atom.text.clone()]);
        let scaled = |v: Length| scale_by(v, self.scale.size);
        let mut units = 0;
        for glyph in &self.collected.glyphs[atom.glyphs.clone()] {
            let dx = style.size.of_em(units + glyph.dx, per_em);
            run.glyphs.push(SetGlyph {
                id: glyph.id,
                x: scaled(x - run_start + atom.inset + dx),
                y: -scaled(style.size.of_em(glyph.dy, per_em)),
                text: start,
            });
            units += glyph.advance;
        }
        run.advance = scaled(x - run_start + atom.advance);
    }

    /// Continues, ends or starts the underline at `atom`, which stands at `x`.
    fn rule(
        &mut self,
        open: Option<OpenRule>,
        atom: &Atom,
        style: &TextStyle,
        x: Length,
    ) -> Option<OpenRule> {
        let end = x + atom.advance;
        match open {
            Some(rule) if rule.span == atom.span => Some(OpenRule { end, ..rule }),
            open => {
                // Two blanks side by side meet, and what closes up over a mark's blank half is not ruled.
                let open = open
                    .map(|rule| OpenRule { end: if style.underline { x } else { rule.end.min(x) }, ..rule });
                self.end_rule(open);
                style.underline.then_some(OpenRule { span: atom.span, start: x, end })
            }
        }
    }

    fn end_rule(&mut self, open: Option<OpenRule>) {
        let Some(rule) = open else { return };
        let TextSpan { style, tag, .. } = &self.spans[rule.span as usize];
        let size = style.size.scale(self.scale.size);
        let (start, end) = (self.along(rule.start), self.along(rule.end));
        let rect =
            Rect::new(start, self.baseline + size.scale(RULE_TOP), end - start, size.scale(RULE_WEIGHT));
        self.setting.rules.push(Rule { rect, color: style.color, tag: *tag });
    }

    /// From a distance along the line at the asked size to one on the page.
    fn along(&self, x: Length) -> Length {
        scale_by(x, self.scale.size * self.scale.condense)
    }
}

/// Scaling, spared where nothing is: nearly everywhere, and once a glyph.
fn scale_by(v: Length, factor: f64) -> Length {
    if factor == 1.0 { v } else { v.scale(factor) }
}

/// An underline that has not ended yet, along the line at the asked size.
#[derive(Clone, Copy)]
struct OpenRule {
    span: u32,
    start: Length,
    end: Length,
}
