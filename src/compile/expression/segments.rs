//! A text cut at its tags, and an expression cut into tokens: enough to say where a mistake is.
//!
//! In: text as the author means it. Out: byte ranges of it. The grammar itself is the interpreter's.

use std::ops::Range;

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::compile) enum Segment {
    /// Characters that stand for themselves.
    Literal(Range<usize>),
    /// `{{ … }}`: all of it, and the expression within.
    Expression(Range<usize>, Range<usize>),
    /// `{% … %}`: all of it, and the statement within.
    Statement(Range<usize>, Range<usize>),
}

/// The stretches of `text`; `{# … #}` is left out. The error is the range of a tag that does not end.
pub(in crate::compile) fn segments(text: &str) -> Result<Vec<Segment>, Range<usize>> {
    let mut segments = Vec::new();
    let (mut literal, mut at) = (0, 0);
    while let Some(open) = text[at..].find('{').map(|i| at + i) {
        let close = match text.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            Some(b'#') => "#}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let end = tag_end(text, open + 2, close).ok_or(open..text.len())?;
        if literal < open {
            segments.push(Segment::Literal(literal..open));
        }
        let inner = trim(text, open + 2..end - 2);
        match close {
            "}}" => segments.push(Segment::Expression(open..end, inner)),
            "%}" => segments.push(Segment::Statement(open..end, inner)),
            _ => {}
        }
        (literal, at) = (end, end);
    }
    if literal < text.len() {
        segments.push(Segment::Literal(literal..text.len()));
    }
    Ok(segments)
}

/// The byte after `close`, which does not count within quotes.
fn tag_end(text: &str, from: usize, close: &str) -> Option<usize> {
    let mut at = from;
    while let Some(c) = text[at..].chars().next() {
        if text[at..].starts_with(close) {
            return Some(at + close.len());
        }
        let is_quote = close != "#}" && matches!(c, '\'' | '"');
        at += if is_quote { quoted_length(&text[at..])? } else { c.len_utf8() };
    }
    None
}

/// The bytes of the text in quotes that `rest` begins with; a backslash takes the next character with it. `None` if it does
/// not end.
fn quoted_length(rest: &str) -> Option<usize> {
    let mut characters = rest.char_indices();
    let (_, quote) = characters.next()?;
    while let Some((i, c)) = characters.next() {
        match c {
            '\\' => drop(characters.next()),
            _ if c == quote => return Some(i + 1),
            _ => {}
        }
    }
    None
}

/// Without white space and the signs that trim it (`{{-`, `-}}`).
fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let inner = &text[range.clone()];
    let inner = inner.strip_prefix('-').unwrap_or(inner);
    let start = range.end - inner.trim_start().len();
    let inner = inner.strip_suffix('-').unwrap_or(inner).trim_start();
    start..start + inner.trim_end().len()
}

/// A token of an expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::compile) enum Token<'t> {
    /// A name or a word of the language.
    Word(&'t str),
    /// A text in quotes, without them.
    Text(&'t str),
    /// A number.
    Number(&'t str),
    /// An operator or a bracket.
    Sign(&'t str),
}

/// The tokens of an expression with their places.
pub(in crate::compile) fn tokens(expression: &str) -> Vec<(Token<'_>, Range<usize>)> {
    const TWO: [&str; 6] = ["==", "!=", "<=", ">=", "//", "**"];
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(c) = expression[at..].chars().next() {
        let rest = &expression[at..];
        let run = |more: fn(char) -> bool| rest.find(|c| !more(c)).unwrap_or(rest.len());
        let (token, length) = if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        } else if c == '\'' || c == '"' {
            let end = quoted_length(rest).unwrap_or(rest.len());
            (Token::Text(rest[1..end].strip_suffix(c).unwrap_or("")), end)
        } else if c.is_ascii_digit() {
            let length = run(|c| c.is_ascii_digit() || c == '.');
            (Token::Number(&rest[..length]), length)
        } else if c.is_alphabetic() || c == '_' {
            let length = run(|c| c.is_alphanumeric() || c == '_');
            (Token::Word(&rest[..length]), length)
        } else if let Some(sign) = TWO.iter().find(|s| rest.starts_with(**s)) {
            (Token::Sign(sign), 2)
        } else {
            (Token::Sign(&rest[..c.len_utf8()]), c.len_utf8())
        };
        tokens.push((token, at..at + length));
        at += length;
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        segments(text)
            .unwrap()
            .into_iter()
            .map(|s| match s {
                Segment::Literal(r) => text[r].to_owned(),
                Segment::Expression(_, r) => format!("={}", &text[r]),
                Segment::Statement(_, r) => format!("%{}", &text[r]),
            })
            .collect()
    }

    #[test]
    fn literals_expressions_and_statements_in_order() {
        assert_eq!(cut("证书{{ number }}号{# 注 #}。"), ["证书", "=number", "号", "。"]);
        assert_eq!(cut("{%- if a -%}{b}{% endif %}"), ["%if a", "{b}", "%endif"]);
        assert_eq!(cut("{{ '}}' ~ a }}"), ["='}}' ~ a"]);
        assert_eq!(cut("{{}}"), ["="]);
        assert_eq!(cut("{{-}}{{--}}"), ["=", "="]);
    }

    #[test]
    fn a_tag_without_an_end_is_found() {
        assert_eq!(segments("a{{ b }"), Err(1..7));
        assert_eq!(segments("{{ 'a }}"), Err(0..8));
    }

    #[test]
    fn a_backslash_keeps_a_quote_within_its_text() {
        assert_eq!(cut(r"{{ 'it\'s }}' ~ a }}"), [r"='it\'s }}' ~ a"]);
        let words: Vec<_> = tokens(r"'it\'s' ~ a").into_iter().map(|(t, _)| t).collect();
        assert_eq!(words, [Token::Text(r"it\'s"), Token::Sign("~"), Token::Word("a")]);
    }

    #[test]
    fn tokens_know_their_places() {
        let found = tokens("a.b|upper == '证' and x >= 1.5");
        let words: Vec<_> = found.iter().map(|(_, r)| &"a.b|upper == '证' and x >= 1.5"[r.clone()]).collect();
        assert_eq!(words, ["a", ".", "b", "|", "upper", "==", "'证'", "and", "x", ">=", "1.5"]);
        assert_eq!(found[6].0, Token::Text("证"));
    }
}
