//! Line breaking: where lines may end, and where they do.
//!
//! In: atoms and a measure. Out: [`Cut`]s (UAX #14 for the opportunities; the rules for line start and line end 避头尾, GB/T 15834-2011
//! and CLREQ 3.1.3, on top).
//! Invariant: a cut is no wider than the measure, or there is none: no line overflows silently.

use std::ops::Range;

use unicode_linebreak::linebreaks;

use super::collect::{Atom, Collected, Kind, Segment};
use crate::unit::Length;

/// What rounding may add to a line that fits: 0.1 µm.
pub(crate) const TOLERANCE: Length = Length::from_raw(36);

/// One line, cut but not placed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    /// What shows; spaces at its end are left out.
    pub(crate) atoms: Range<usize>,
    pub(crate) width: Length,
    pub(crate) indent: Length,
    /// Whether the text asks for the line to end here.
    pub(crate) last: bool,
    /// The largest size on it.
    pub(crate) size: Length,
}

/// A stretch that no line can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TooWide {
    pub(crate) needed: Length,
    pub(crate) room: Length,
    /// The atoms that would not part.
    pub(crate) atoms: Range<usize>,
}

/// For each atom, whether a line may end after it.
pub(crate) fn opportunities(collected: &Collected<'_>) -> Vec<bool> {
    let mut breaks = linebreaks(&collected.text).map(|(at, _)| at).peekable();
    let atoms = &collected.atoms;
    let after = |(i, atom): (usize, &Atom)| {
        while breaks.next_if(|&at| at < atom.text.end).is_some() {}
        let unicode = breaks.peek() == Some(&atom.text.end);
        atoms.get(i + 1).is_none_or(|next| {
            let rule = connector_rule(collected, i).or_else(|| chinese_rule(atom, next));
            rule.unwrap_or(unicode)
        })
    };
    atoms.iter().enumerate().map(after).collect()
}

/// What the connectors 连接号 and the slash 分隔号 (GB/T 15834-2011, 5.1) say of a line end after the atom `i`, if
/// anything: none starts a line, and the slash does not end one either. UAX #14 takes them for ideographs.
fn connector_rule(collected: &Collected<'_>, i: usize) -> Option<bool> {
    let text = |i: usize| collected.atoms.get(i).map(|a| &collected.text[a.text.clone()]);
    // Two of a kind are something else: a dash —— or a line drawn with ～～～.
    let single = |i: usize| text(i).filter(|&t| text(i + 1) != Some(t) && (i == 0 || text(i - 1) != Some(t)));
    let fixed = matches!(single(i), Some("／")) || matches!(single(i + 1), Some("／" | "～" | "－" | "—"));
    fixed.then_some(false)
}

/// What the Chinese rules say of a line end between `a` and `b`, if anything.
fn chinese_rule(a: &Atom, b: &Atom) -> Option<bool> {
    match (a.kind, b.kind) {
        // Not at the start of a line, not at its end.
        (_, Kind::Close | Kind::Interpunct) | (Kind::Open, _) => Some(false),
        // UAX #14 keeps “ and ” with both neighbours, as it cannot know which of them opens.
        (Kind::Close, Kind::Ideograph | Kind::Letter | Kind::Open) => Some(true),
        (Kind::Ideograph | Kind::Letter | Kind::Joint, Kind::Open) => Some(true),
        _ => None,
    }
}

/// Cuts the text into lines of at most `measure`, at `breaks` and where the text itself asks for it.
pub(crate) fn cut(
    collected: &Collected<'_>,
    sizes: impl Fn(&Atom) -> Length,
    measure: Option<Length>,
    indent: Length,
    breaks: Option<&[bool]>,
) -> Result<Vec<Cut>, TooWide> {
    let mut cuts = Vec::with_capacity(collected.segments.len());
    for Segment { atoms, starts_paragraph, size } in &collected.segments {
        let mut rest = atoms.clone();
        let mut indent = if *starts_paragraph { indent } else { Length::ZERO };
        loop {
            let room = measure.map(|m| m - indent);
            let (next, shown, width) = next_line(&collected.atoms, rest.clone(), room, breaks)?;
            let size = collected.atoms[shown.clone()].iter().map(&sizes).max().unwrap_or(*size);
            let last = next == atoms.end;
            cuts.push(Cut { atoms: shown, width, indent, last, size });
            if last {
                break;
            }
            rest.start = next;
            indent = Length::ZERO;
        }
    }
    Ok(cuts)
}

/// The longest line from the start of `atoms` that fits: where the next one starts, what shows of it, and its width.
fn next_line(
    all: &[Atom],
    atoms: Range<usize>,
    room: Option<Length>,
    breaks: Option<&[bool]>,
) -> Result<(usize, Range<usize>, Length), TooWide> {
    let start = atoms.start;
    let mut best = None;
    let mut pen = Length::ZERO;
    // Where the line ends without the spaces that go at a break (soft) and at the end of the text (hard).
    let (mut soft, mut hard) = ((start, Length::ZERO), (start, Length::ZERO));
    for i in atoms.clone() {
        let atom = &all[i];
        if i > start {
            pen += all[i - 1].spacing + atom.gap;
        }
        pen += atom.advance;
        if atom.kind != Kind::Space {
            hard = (i + 1, pen);
            if atom.kind != Kind::WideSpace {
                soft = hard;
            }
        }
        let last = i + 1 == atoms.end;
        if !last && !breaks.is_some_and(|b| b[i]) {
            continue;
        }
        let (end, width) = if last { hard } else { soft };
        let Some(room) = room else {
            best = Some((i + 1, start..end, width));
            continue;
        };
        // A mark that ends a line may leave its blank half outside.
        let blank =
            all[start..end].last().filter(|a| a.kind == Kind::Close).map_or(Length::ZERO, |a| a.blank);
        if width <= room + TOLERANCE {
            best = Some((i + 1, start..end, width));
        } else if width - blank <= room + TOLERANCE {
            best = Some((i + 1, start..end, width - blank));
        } else if best.is_some() {
            break;
        } else {
            return Err(TooWide { needed: width - blank, room, atoms: start..end });
        }
    }
    Ok(best.unwrap_or((atoms.end, start..start, Length::ZERO)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::collect::collect;
    use crate::text::tests::fonts;
    use crate::text::{TextSpan, TextStyle};

    /// The text with a bar wherever a line may end.
    fn barred(text: &str) -> String {
        let style = TextStyle::new(fonts().find("song").unwrap(), Length::pt(10.0));
        let collected = collect(fonts(), &[TextSpan { text, style, tag: None }]).unwrap();
        let ends = opportunities(&collected);
        let atoms = collected.atoms.iter().zip(ends);
        atoms.map(|(a, end)| format!("{}{}", &text[a.text.clone()], if end { "|" } else { "" })).collect()
    }

    #[test]
    fn connectors_start_no_line_and_a_slash_ends_none() {
        let cases = [
            ("三～五", "三～|五|"),
            ("甲－乙", "甲－|乙|"),
            ("京—沪", "京—|沪|"),
            ("春／秋", "春／秋|"),
            ("国——家", "国|——|家|"),
            ("～～～", "～|～|～|"),
        ];
        for (text, expected) in cases {
            assert_eq!(barred(text), expected);
        }
    }
}
