//! Expressions held against what exists: names, their attributes, filters, tests.
//!
//! In: one expression's tokens and the names it leaves open. Out: what it uses, or mistakes at their own words.
//! The interpreter would find them too, but one at a time, only when it meets them, and without their places.

use std::ops::Range;

use minijinja::value::ValueKind;

use super::Expressions;
use super::content::{PageUse, text_of};
use super::filters;
use super::names::{self, Binding, Metadata, Names};
use super::rows;
use super::scope::{LOOP_FACTS, PageFacts};
use super::segments::{Token, tokens};
use super::uses::Uses;
use super::value::CivilDate;
use crate::diag::{Diagnostic, nearest};
use crate::record::{Field, FieldKind};
use crate::template::report::Report;
use crate::template::source::SourceText;

/// What counts may show.
const DIGITS: &str = "0123456789";

/// One expression or statement being checked.
struct Check<'c> {
    expressions: &'c Expressions,
    names: &'c Names,
    /// The names that are not set within the text itself, with the attributes asked of them.
    undeclared: &'c [String],
    text: &'c SourceText,
    /// Where it stands in `text`.
    range: &'c Range<usize>,
    tokens: &'c [(Token<'c>, Range<usize>)],
    uses: &'c mut Uses,
    report: &'c mut Report,
    is_sound: bool,
}

impl Expressions {
    /// Whether the names, filters and tests between `range` exist; notes the fields and the literals it uses.
    /// `undeclared` are the names that are not set within the text itself, with the attributes asked of them.
    pub(super) fn check(
        &self,
        text: &SourceText,
        range: &Range<usize>,
        undeclared: &[String],
        names: &Names,
        uses: &mut Uses,
        report: &mut Report,
    ) -> bool {
        let tokens = tokens(&text.text[range.clone()]);
        uses.rows.see(&tokens, names, &self.schema);
        let tokens = &tokens[..];
        let mut check =
            Check { expressions: self, names, undeclared, text, range, tokens, uses, report, is_sound: true };
        check.whole();
        (0..tokens.len()).for_each(|i| check.token(i));
        let is_sound = check.is_sound;
        uses.fields.sort_unstable();
        uses.fields.dedup();
        is_sound
    }

    /// What may follow a name and a dot.
    pub(super) fn attributes(&self, binding: &Binding) -> Vec<String> {
        match binding {
            Binding::Field(index) if self.schema.fields[*index].kind == FieldKind::Date => {
                CivilDate::PARTS.map(str::to_owned).into()
            }
            Binding::Row(index) => {
                self.schema.fields[*index].columns().iter().map(|f| f.name.clone()).collect()
            }
            Binding::Loop(_) => LOOP_FACTS.map(str::to_owned).into(),
            Binding::Page => PageFacts::NAMES.map(str::to_owned).into(),
            Binding::Metadata(metadata) => metadata.iter().map(|(name, _)| name.clone()).collect(),
            Binding::Fixed(value) if value.kind() == ValueKind::Map => {
                value.try_iter().map(|keys| keys.map(|k| k.to_string()).collect()).unwrap_or_default()
            }
            _ => Vec::new(),
        }
    }
}

impl<'c> Check<'c> {
    fn refuse(&mut self, at: &Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        let span = self.text.at(self.range.start + at.start..self.range.start + at.end);
        self.report.push(Diagnostic::error(span, message).hint(hint));
        self.is_sound = false;
    }

    /// A list is no text, nor is one of its rows.
    fn whole(&mut self) {
        let Some((token, at)) = self.tokens.first() else { return };
        if let (Token::Word(name), 1) = (token, self.tokens.len())
            && self.is_list(name)
        {
            let hint = format!("write {name} | length, or print its rows one by one");
            self.refuse(at, format!("a list cannot be printed: {name}"), hint);
        }
        if self.uses.rows.is_row(self.tokens, self.names, &self.expressions.schema) {
            let end = self.text.text[self.range.clone()].trim_end().len();
            let hint = "name one of its fields: row.score, (scores | first).score";
            self.refuse(&(at.start..end), "a row cannot be printed", hint);
        }
    }

    fn token(&mut self, i: usize) {
        let used = &self.expressions.used;
        match self.tokens[i].0 {
            Token::Text(literal) => {
                // It may name a field of rows, as an argument of a filter.
                used.column(literal);
                self.uses.literals.push_str(literal);
            }
            Token::Word(word) => {
                let column = self.column(i);
                if let Some((_, name, _)) = &column {
                    used.column(name);
                }
                match self.before(i, 1) {
                    Some(Token::Sign("|")) => self.filter(i, word),
                    Some(Token::Word("is")) => self.test(i, word),
                    Some(Token::Word("not")) if self.before(i, 2) == Some(Token::Word("is")) => {
                        self.test(i, word);
                    }
                    before => match column {
                        Some((columns, name, at)) if !columns.iter().any(|f| f.name == name) => {
                            let known = columns.iter().map(|f| f.name.as_str());
                            let hint = suggest(name, known, "fields");
                            self.refuse(at, format!("a row has no field: {name}"), hint);
                        }
                        _ if before != Some(Token::Sign(".")) && self.is_open(word) => self.name(i, word),
                        _ => {}
                    },
                }
            }
            Token::Number(_) | Token::Sign(_) => {}
        }
    }

    fn filter(&mut self, i: usize, word: &str) {
        let at = &self.tokens[i].1;
        if !filters::NAMES.contains(&word) {
            self.refuse(at, format!("unknown filter: {word}"), suggest(word, filters::NAMES, "filters"));
        }
        if let ("join", Some(Token::Word(list))) = (word, self.before(i, 2))
            && self.is_list(list)
        {
            let hint = format!("print them one by one: {{% for row in {list} %}}…{{% endfor %}}");
            self.refuse(at, format!("rows are no texts to join: {list}"), hint);
        }
    }

    fn test(&mut self, i: usize, word: &str) {
        if word != "not" && !filters::TESTS.contains(&word) {
            let hint = suggest(word, filters::TESTS, "tests");
            self.refuse(&self.tokens[i].1, format!("unknown test: {word}"), hint);
        }
    }

    fn name(&mut self, i: usize, word: &str) {
        match self.expressions.used.get(self.names, word) {
            Some(binding) => {
                self.note(i, word, binding);
                self.attribute(i, word, binding);
            }
            None => {
                let hint = suggest(word, self.names.known(), "names");
                self.refuse(&self.tokens[i].1, format!("unknown name: {word}"), hint);
            }
        }
    }

    /// What depends on what `word` stands for.
    fn note(&mut self, i: usize, word: &str, binding: &Binding) {
        match binding {
            Binding::Field(index) | Binding::Row(index) => self.uses.fields.push(*index),
            Binding::Loop(index) => {
                self.uses.fields.push(*index);
                self.uses.literals.push_str(DIGITS);
            }
            Binding::Page => {
                let fact = self.tokens.get(i + 2).map(|(token, _)| *token);
                let is_place = matches!(fact, Some(Token::Word(word)) if !matches!(word, "count" | "last"));
                self.uses.page = self.uses.page.max(if is_place { PageUse::Place } else { PageUse::Count });
                self.uses.literals.push_str(DIGITS);
            }
            Binding::Fixed(value) => self.uses.literals.push_str(&text_of(value)),
            Binding::Content(content) => self.uses.content(content),
            Binding::Metadata(metadata) => self.note_metadata(i, word, metadata),
            Binding::MetadataToCome => {
                let hint = "an entry or a let cannot use metadata; write what they are made of";
                self.refuse(&self.tokens[i].1, "metadata may not depend on themselves", hint);
            }
            // Its mistake is reported.
            Binding::Broken => self.is_sound = false,
        }
    }

    fn note_metadata(&mut self, i: usize, word: &str, metadata: &Metadata) {
        match self.attribute_after(i) {
            Some((name, _)) => {
                names::entry(metadata, name).into_iter().for_each(|content| self.uses.content(content));
            }
            None => {
                let known: Vec<&str> = metadata.iter().map(|(name, _)| name.as_str()).collect();
                let hint = format!("write {word}. and one of {}", known.join(", "));
                self.refuse(&self.tokens[i].1, format!("{word} is no text by itself"), hint);
            }
        }
    }

    fn attribute(&mut self, i: usize, word: &str, binding: &Binding) {
        let Some((attribute, at)) = self.attribute_after(i) else { return };
        if matches!(binding, Binding::Broken | Binding::MetadataToCome) {
            return;
        }
        let known = self.expressions.attributes(binding);
        if !known.iter().any(|k| k == attribute) {
            let hint = suggest(attribute, known.iter().map(String::as_str), "attributes");
            self.refuse(at, format!("{word} has no attribute: {attribute}"), hint);
        }
    }

    /// The token `back` places before token `i`.
    fn before(&self, i: usize, back: usize) -> Option<Token<'c>> {
        Some(self.tokens[i.checked_sub(back)?].0)
    }

    /// What stands behind token `i` and a dot.
    fn attribute_after(&self, i: usize) -> Option<(&'c str, &'c Range<usize>)> {
        match self.tokens.get(i + 1..i + 3)? {
            [(Token::Sign("."), _), (Token::Word(name), at)] => Some((name, at)),
            _ => None,
        }
    }

    /// Of a row that token `i` begins to name: the fields it may have, and the one that is asked for.
    fn column(&self, i: usize) -> Option<(&'c [Field], &'c str, &'c Range<usize>)> {
        let (columns, column) =
            self.uses.rows.column(self.tokens, i, self.names, &self.expressions.schema)?;
        match &self.tokens[column] {
            (Token::Word(name), at) => Some((columns, name, at)),
            _ => None,
        }
    }

    fn is_list(&self, name: &str) -> bool {
        rows::list_named(name, self.names, &self.expressions.schema).is_some()
    }

    /// Whether the text itself does not set `name`.
    fn is_open(&self, name: &str) -> bool {
        self.undeclared.iter().any(|u| u.split('.').next() == Some(name))
    }
}

fn suggest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>, what: &str) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => format!("there are no {what} here"),
        None => format!("the {what} here are {}", known.join(", ")),
    }
}
