//! What a layout's author is told: every mistake that a stage finds at once, each with file, line, column, source line and hint.
//!
//! In: [`Diagnostic`]s with [`Span`]s into a [`Source`]. Out: text for a terminal, or rows for a machine.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

/// A source file as it was read.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// The name shown to the author, usually the path as given.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A byte range of one source file.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    /// Where the range lies.
    pub source: Arc<Source>,
    /// Bytes of `source.text`.
    pub range: Range<usize>,
}

impl Span {
    /// The range `range` of `source`.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Span {
        Span { source: Arc::clone(source), range }
    }

    /// Line and column of the start, both from 1; columns count characters.
    pub fn line_column(&self) -> (usize, usize) {
        self.at(self.range.start)
    }

    /// Line and column of the end, both from 1: the first character that is not of the range.
    pub fn end_line_column(&self) -> (usize, usize) {
        self.at(self.range.end)
    }

    fn at(&self, byte: usize) -> (usize, usize) {
        let before = self.source.text.get(..byte).unwrap_or(&self.source.text);
        let line = before.bytes().filter(|&b| b == b'\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
        (line, column)
    }

    /// The text of the range.
    pub fn text(&self) -> &str {
        self.source.text.get(self.range.clone()).unwrap_or("")
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.source.name)
    }
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing; nothing is wrong.
    Note,
    /// Worth a look; the layout still compiles.
    Warning,
    /// The layout does not compile.
    Error,
}

/// One thing to tell the author.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// Where it is.
    pub span: Span,
    /// What is wrong, without a full stop, the value last.
    pub message: String,
    /// How to mend it.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// An error at `span`.
    pub fn error(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Error, span, message: message.into(), hints: Vec::new() }
    }

    /// A warning at `span`.
    pub fn warning(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(span, message) }
    }

    /// A note at `span`.
    pub fn note(span: Span, message: impl Into<String>) -> Diagnostic {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(span, message) }
    }

    /// The same with a hint added.
    pub fn hint(mut self, hint: impl Into<String>) -> Diagnostic {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Diagnostic {
    /// The message with its source line underneath, without colour.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Note => Level::NOTE,
        };
        let source = &self.span.source;
        let end = source.text.len();
        let range = self.span.range.start.min(end)..self.span.range.end.min(end);
        let snippet =
            Snippet::source(&source.text).path(&source.name).annotation(AnnotationKind::Primary.span(range));
        let mut group = level.primary_title(&self.message).element(snippet);
        for hint in &self.hints {
            group = group.element(Level::HELP.with_name("hint").message(hint));
        }
        f.write_str(&Renderer::plain().render(&[group]))
    }
}

/// All there is to say about one layout, as one error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostics(pub Vec<Diagnostic>);

impl fmt::Display for Diagnostics {
    /// One after another, a blank line between.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&shown.join("\n\n"))
    }
}

impl std::error::Error for Diagnostics {}

impl From<Vec<Diagnostic>> for Diagnostics {
    fn from(all: Vec<Diagnostic>) -> Diagnostics {
        Diagnostics(all)
    }
}

/// The word of `known` nearest to `word`, if it is near enough to be a slip of the pen.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (edit_distance(word, k), k))
        .filter(|(d, k)| *d <= 1 + k.chars().count() / 4 && *d < k.chars().count())
        .min()
        .map(|(_, k)| k)
}

/// How many characters have to be put in, taken out, replaced, or swapped with their neighbour (optimal string alignment).
fn edit_distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut least = (above[j] + usize::from(a[i] != b[j])).min(row[j] + 1).min(above[j + 1] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut above, row);
    }
    above[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(text: &str, range: Range<usize>) -> Span {
        Span::new(&Arc::new(Source { name: "a.xml".into(), text: text.into() }), range)
    }

    #[test]
    fn columns_count_characters_and_lines_start_at_one() {
        assert_eq!(span("ab\n证书 x", 10..11).line_column(), (2, 4));
    }

    #[test]
    fn shown_with_file_line_source_and_hint() {
        let shown = Diagnostic::error(span("<page>\n<txet/>\n", 8..12), "unknown element: txet")
            .hint("did you mean text?")
            .to_string();
        for part in ["unknown element: txet", "a.xml:2:2", "<txet/>", "did you mean text?"] {
            assert!(shown.contains(part), "{part} is missing in\n{shown}");
        }
    }

    #[test]
    fn a_slip_finds_its_word_and_nonsense_finds_none() {
        assert_eq!(nearest("txet", ["text", "image"]), Some("text"));
        assert_eq!(nearest("zzzzzz", ["text", "image"]), None);
        assert_eq!(nearest("Z", ["L", "M"]), None);
        assert_eq!(nearest("widht", ["right", "width"]), Some("width"), "letters swapped are one slip");
    }
}
