//! Setting a text: from styled spans to positioned glyphs.
//!
//! In: spans and the box they go into. Out: a [`Setting`], or the reason why there is none.
//! Invariant: a setting stays within the box's width and height.

use std::ops::Range;

use super::collect::{Atom, Collected, collect};
use super::fit::{Scale, climb};
use super::linebreak::{Cut, TOLERANCE, cut, opportunities};
use super::place::{height, place};
use super::setting::Axis;
use super::{Fonts, Setting, TextBlock, TextError, TextSpan};
use crate::unit::Length;

/// Atoms of a text that are quoted in an error.
const QUOTED: usize = 40;

/// Sets `spans` into `block`.
///
/// The first baseline lies 0.88 em below the box's top, where the ideographs' em box puts it in every Chinese face; further baselines
/// follow by `leading`. Between an ideograph and a Latin letter or digit stands a quarter of an em.
///
/// # Errors
/// If a character has no face, or the text does not fit at the last rung of the block's ladder.
pub fn set(fonts: &Fonts, spans: &[TextSpan<'_>], block: &TextBlock) -> Result<Setting, TextError> {
    let collected = collect(fonts, spans)?;
    let largest = spans.iter().map(|s| s.style.size).max().unwrap_or_default();
    let mut breaks: Option<Vec<bool>> = None;
    let climbed = climb(&block.fit, largest, |scale| {
        if scale.wrap {
            breaks.get_or_insert_with(|| opportunities(&collected));
        }
        let breaks = breaks.as_deref().filter(|_| scale.wrap);
        trial(&collected, spans, block, scale, breaks)
    });
    match climbed {
        Ok((scale, cuts)) => Ok(place(fonts, &collected, spans, block, scale, &cuts)),
        Err(misfit) => Err(misfit.explain(&collected)),
    }
}

/// Cuts the lines at `scale` and sees whether they fit.
fn trial(
    collected: &Collected<'_>,
    spans: &[TextSpan<'_>],
    block: &TextBlock,
    scale: Scale,
    breaks: Option<&[bool]>,
) -> Result<Vec<Cut>, Misfit> {
    let along = scale.size * scale.condense;
    let measure = block.width.map(|w| w.scale(1.0 / along));
    let size = |atom: &Atom| spans[atom.span as usize].style.size;
    let cuts = cut(collected, size, measure, block.indent, breaks).map_err(|wide| Misfit {
        axis: Axis::Width,
        needed: wide.needed.scale(along),
        available: wide.room.scale(along),
        atoms: wide.atoms,
    })?;
    let needed = height(&cuts, block.leading).scale(scale.size);
    match block.height {
        Some(available) if needed > available + TOLERANCE => {
            Err(Misfit { axis: Axis::Height, needed, available, atoms: 0..collected.atoms.len() })
        }
        _ => Ok(cuts),
    }
}

/// A trial that failed; most are followed by one that does not.
struct Misfit {
    axis: Axis,
    needed: Length,
    available: Length,
    atoms: Range<usize>,
}

impl Misfit {
    fn explain(self, collected: &Collected<'_>) -> TextError {
        let Misfit { axis, needed, available, atoms } = self;
        let mut text = String::new();
        for (i, atom) in collected.atoms[atoms].iter().enumerate() {
            if i == QUOTED {
                text.push('…');
                break;
            }
            text.push_str(&collected.text[atom.text.clone()]);
        }
        TextError::DoesNotFit { axis, needed, available, text }
    }
}
