//! Setting a text: from styled spans to positioned glyphs.
//!
//! In: spans and the box they go into. Out: a [`Setting`], or the reason why there is none.
//! Invariant: a setting stays within the box's width and height.

use super::collect::{Collected, collect};
use super::fit::{Scale, climb};
use super::linebreak::{Cut, TOLERANCE, cut, opportunities};
use super::place::{height, place};
use super::setting::Axis;
use super::{Fonts, Setting, TextBlock, TextError, TextSpan};

/// Characters of a text that are quoted in an error.
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
    let (scale, cuts) = climb(&block.fit, largest, |scale| {
        if scale.wrap {
            breaks.get_or_insert_with(|| opportunities(&collected));
        }
        let breaks = breaks.as_deref().filter(|_| scale.wrap);
        trial(&collected, spans, block, scale, breaks)
    })?;
    Ok(place(fonts, &collected, spans, block, scale, &cuts))
}

/// Cuts the lines at `scale` and sees whether they fit.
fn trial(
    collected: &Collected<'_>,
    spans: &[TextSpan<'_>],
    block: &TextBlock,
    scale: Scale,
    breaks: Option<&[bool]>,
) -> Result<Vec<Cut>, TextError> {
    let along = scale.size * scale.condense;
    let measure = block.width.map(|w| w.scale(1.0 / along));
    let size = |atom: &super::collect::Atom| spans[atom.span as usize].style.size;
    let cuts = cut(collected, size, measure, block.indent, breaks).map_err(|wide| {
        let (first, last) = (&collected.atoms[wide.atoms.start], &collected.atoms[wide.atoms.end.max(1) - 1]);
        TextError::DoesNotFit {
            axis: Axis::Width,
            needed: wide.needed.scale(along),
            available: wide.room.scale(along),
            text: quote(&collected.text[first.text.start..last.text.end.max(first.text.start)]),
        }
    })?;
    let needed = height(&cuts, block.leading).scale(scale.size);
    match block.height {
        Some(available) if needed > available + TOLERANCE => {
            Err(TextError::DoesNotFit { axis: Axis::Height, needed, available, text: quote(&collected.text) })
        }
        _ => Ok(cuts),
    }
}

fn quote(text: &str) -> String {
    let mut quoted: String = text.chars().take(QUOTED).collect();
    if quoted.len() < text.len() {
        quoted.push('…');
    }
    quoted
}
