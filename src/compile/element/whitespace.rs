//! White space of the XML: what indents the source is not what the page says.
//!
//! In: the stretches of a text as written. Out: the same, their white space settled.
//! The rule: white space that spans lines of the XML is gone at the ends of lines and beside Chinese, and one space between
//! words; other white space stays as written, and `xml:space="preserve"` keeps it all.

use super::text::{Run, What};
use crate::compile::expression::segments::Segment;

/// What stands before or after white space.
#[derive(Clone, Copy, PartialEq)]
enum Beside {
    /// The start or the end of a line.
    Edge,
    /// What an expression yields.
    Unknown,
    /// This character.
    Char(char),
}

/// Settles white space that spans lines of the XML: gone at the ends of lines and beside Chinese, else one space. Other
/// white space stays as written.
pub(super) fn settle(runs: &mut [Run]) {
    // The first visible thing of the runs after each, looked at from the end.
    let mut after = vec![Beside::Edge; runs.len()];
    let mut next = Beside::Edge;
    for (i, run) in runs.iter().enumerate().rev() {
        after[i] = next;
        next = first_of(&run.what).unwrap_or(next);
    }
    let mut before = Beside::Edge;
    for (run, after) in runs.iter_mut().zip(after) {
        match &mut run.what {
            What::Literal(_, literal) => {
                if !run.preserves_space {
                    *literal = settle_literal(literal, before, after);
                }
                before = literal.chars().next_back().map_or(before, Beside::Char);
            }
            What::Template(_, segments, parts) => {
                let follow: Vec<Beside> = (0..parts.len())
                    .map(|i| match segments.get(i + 1) {
                        Some(Segment::Literal(_)) => {
                            parts[i + 1].chars().find(|c| !is_space(*c)).map_or(Beside::Unknown, Beside::Char)
                        }
                        Some(_) => Beside::Unknown,
                        None => after,
                    })
                    .collect();
                for ((segment, part), follow) in segments.iter().zip(parts.iter_mut()).zip(follow) {
                    if !matches!(segment, Segment::Literal(_)) {
                        before = Beside::Unknown;
                    } else if !run.preserves_space {
                        *part = settle_literal(part, before, follow);
                        before = part.chars().next_back().map_or(before, Beside::Char);
                    }
                }
            }
            What::Expression(_) => before = Beside::Unknown,
            What::Break => before = Beside::Edge,
        }
    }
}

fn first_of(what: &What) -> Option<Beside> {
    match what {
        What::Literal(_, literal) => literal.chars().find(|c| !is_space(*c)).map(Beside::Char),
        What::Expression(_) | What::Template(..) => Some(Beside::Unknown),
        What::Break => Some(Beside::Edge),
    }
}

fn settle_literal(literal: &str, mut before: Beside, after: Beside) -> String {
    let mut out = String::with_capacity(literal.len());
    let mut rest = literal;
    while !rest.is_empty() {
        let words = rest.find(is_space).unwrap_or(rest.len());
        out.push_str(&rest[..words]);
        before = rest[..words].chars().next_back().map_or(before, Beside::Char);
        rest = &rest[words..];
        let space = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
        let (blank, following) = rest.split_at(space);
        rest = following;
        if blank.is_empty() {
            continue;
        }
        if blank.contains('\n') {
            let next = rest.chars().next().map_or(after, Beside::Char);
            if parts_words(before, next) {
                out.push(' ');
                before = Beside::Char(' ');
            }
        } else {
            out.extend(blank.chars().map(|_| ' '));
            before = Beside::Char(' ');
        }
    }
    out
}

/// Whether a line end of the XML between these two stands for a space.
fn parts_words(before: Beside, after: Beside) -> bool {
    let is_word = |beside| matches!(beside, Beside::Char(c) if !is_space(c) && !is_cjk(c));
    match (before, after) {
        (Beside::Edge, _) | (_, Beside::Edge) => false,
        (Beside::Unknown, other) | (other, Beside::Unknown) => is_word(other),
        (before, after) => is_word(before) && is_word(after),
    }
}

/// XML's white space; the ideographic space is a character like any other.
fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Characters of Chinese text, its punctuation included.
fn is_cjk(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{A4CF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}' | '\u{FF00}'..='\u{FFEF}'
        | '\u{E000}'..='\u{F8FF}' | '\u{20000}'..='\u{3FFFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(literal: &str) -> String {
        settle_literal(literal, Beside::Edge, Beside::Edge)
    }

    #[test]
    fn indentation_leaves_no_space_in_chinese() {
        assert_eq!(settled("\n    经评审，\n    具备资格。\n  "), "经评审，具备资格。");
    }

    #[test]
    fn indentation_is_one_space_between_latin_words() {
        assert_eq!(settled("\n  Senior\n  Engineer\n"), "Senior Engineer");
    }

    #[test]
    fn beside_an_expression_the_other_neighbour_decides() {
        assert_eq!(settle_literal("awarded to\n ", Beside::Edge, Beside::Unknown), "awarded to ");
        assert_eq!(settle_literal("授予\n ", Beside::Edge, Beside::Unknown), "授予");
        assert_eq!(settle_literal("\n ", Beside::Unknown, Beside::Unknown), "");
    }

    #[test]
    fn spaces_within_a_line_stay_as_written() {
        assert_eq!(settled("姓  名　：\tA"), "姓  名　： A");
    }
}
