//! Expressions held against what exists: names, their attributes, filters, tests.
//!
//! In: one expression's tokens and the names it leaves open. Out: the fields it depends on, or mistakes at their own words.
//! The interpreter would find them too, but one at a time, only when it meets them, and without their places.

use std::ops::Range;
use std::sync::Arc;

use minijinja::value::ValueKind;

use super::Expressions;
use super::content::{Content, PageUse, text_of};
use super::filters;
use super::names::{self, Binding, Names};
use super::rows::{self, LoopRows};
use super::scope::{LOOP_FACTS, PageFacts};
use super::segments::{Token, tokens};
use super::value::CivilDate;
use crate::diag::{Diagnostic, nearest};
use crate::record::FieldKind;
use crate::template::report::Report;
use crate::template::source::SourceText;

/// What counts may show.
const DIGITS: &str = "0123456789";

/// What an expression uses.
#[derive(Default)]
pub(super) struct Uses {
    /// The fields it depends on, ascending.
    pub(super) fields: Vec<usize>,
    /// What it says of pages.
    pub(super) page: PageUse,
    /// Characters it may show whatever the record says.
    pub(super) literals: String,
    /// The names that loops of the text so far give to rows.
    pub(super) rows: LoopRows,
}

impl Uses {
    /// Whether it is the same for every record and on every page.
    pub(super) fn is_static(&self) -> bool {
        self.fields.is_empty() && self.page == PageUse::None
    }

    fn content(&mut self, content: &Content) {
        self.fields.extend(&content.fields);
        self.page = self.page.max(content.page);
        // Each character once, lest lets that use one another double them.
        let new = |c: &char| !self.literals.contains(*c);
        let more: String = content.literals.chars().filter(new).collect();
        self.literals.push_str(&more);
    }
}

impl Expressions {
    /// Whether the names, filters and tests between `range` exist; notes the fields and the literals it uses.
    /// `undeclared` are the names that are not set within the text itself, with the attributes asked of them.
    pub(super) fn check(
        &self,
        text: &SourceText,
        range: &Range<usize>,
        undeclared: &[String],
        names: &Arc<Names>,
        uses: &mut Uses,
        report: &mut Report,
    ) -> bool {
        let code = &text.text[range.clone()];
        let tokens = tokens(code);
        let (mut sound, mut uses_broken) = (true, false);
        let mut refuse = |at: &Range<usize>, message: String, hint: String| {
            let span = text.at(range.start + at.start..range.start + at.end);
            report.push(Diagnostic::error(span, message).hint(hint));
            sound = false;
        };
        uses.rows.see(&tokens, names, &self.schema);
        if let [(Token::Word(name), at)] = &tokens[..]
            && rows::list_named(name, names, &self.schema).is_some()
        {
            let hint = format!("write {name} | length, or print its rows one by one");
            refuse(at, format!("a list cannot be printed: {name}"), hint);
        }
        if let [(_, at), ..] = &tokens[..]
            && uses.rows.is_row(&tokens, names, &self.schema)
        {
            let hint = "name one of its fields: row.score, (scores | first).score";
            refuse(&(at.start..code.trim_end().len()), "a row cannot be printed".into(), hint.into());
        }
        for (i, (token, at)) in tokens.iter().enumerate() {
            if let Some((_, column)) = uses.rows.column(&tokens, i, names, &self.schema)
                && let (Token::Word(name), _) = tokens[column]
            {
                self.used.column(name);
            }
            let before = i.checked_sub(1).map(|b| tokens[b].0);
            let word = match token {
                Token::Text(literal) => {
                    // It may name a field of rows, as an argument of a filter.
                    self.used.column(literal);
                    uses.literals.push_str(literal);
                    continue;
                }
                Token::Word(word) => *word,
                _ => continue,
            };
            let is_test = before == Some(Token::Word("is"))
                || before == Some(Token::Word("not")) && i >= 2 && tokens[i - 2].0 == Token::Word("is");
            if before == Some(Token::Sign("|")) {
                if !filters::NAMES.contains(&word) {
                    refuse(at, format!("unknown filter: {word}"), suggest(word, filters::NAMES, "filters"));
                }
                if let ("join", Some((Token::Word(list), _))) = (word, i.checked_sub(2).map(|l| &tokens[l]))
                    && rows::list_named(list, names, &self.schema).is_some()
                {
                    let hint = format!("print them one by one: {{% for row in {list} %}}…{{% endfor %}}");
                    refuse(at, format!("rows are no texts to join: {list}"), hint);
                }
            } else if is_test {
                if word != "not" && !filters::TESTS.contains(&word) {
                    refuse(at, format!("unknown test: {word}"), suggest(word, filters::TESTS, "tests"));
                }
            } else if let Some((columns, column)) = uses.rows.column(&tokens, i, names, &self.schema)
                && let (Token::Word(attribute), at) = &tokens[column]
                && !columns.iter().any(|f| f.name == *attribute)
            {
                let known = columns.iter().map(|f| f.name.as_str());
                refuse(at, format!("a row has no field: {attribute}"), suggest(attribute, known, "fields"));
            } else if before != Some(Token::Sign("."))
                && undeclared.iter().any(|u| u.split('.').next() == Some(word))
            {
                let Some(binding) = self.used.get(names, word) else {
                    let hint = suggest(word, names.known(), "names");
                    refuse(at, format!("unknown name: {word}"), hint);
                    continue;
                };
                match binding {
                    Binding::Field(index) | Binding::Row(index) => uses.fields.push(*index),
                    Binding::Loop(index) => {
                        uses.fields.push(*index);
                        uses.literals.push_str(DIGITS);
                    }
                    Binding::Page => {
                        let fact = tokens.get(i + 2).map(|(token, _)| *token);
                        let is_place =
                            matches!(fact, Some(Token::Word(word)) if !matches!(word, "count" | "last"));
                        uses.page = uses.page.max(if is_place { PageUse::Place } else { PageUse::Count });
                        uses.literals.push_str(DIGITS);
                    }
                    Binding::Fixed(value) => uses.literals.push_str(&text_of(value)),
                    Binding::Content(content) => uses.content(content),
                    Binding::Metadata(metadata) => match tokens.get(i + 1..i + 3) {
                        Some([(Token::Sign("."), _), (Token::Word(name), _)]) => {
                            names::entry(metadata, name)
                                .into_iter()
                                .for_each(|content| uses.content(content));
                        }
                        _ => {
                            let known = self.attributes(binding).join(", ");
                            let hint = format!("write {word}. and one of {known}");
                            refuse(at, format!("{word} is no text by itself"), hint);
                        }
                    },
                    Binding::MetadataToCome => {
                        let hint = "an entry or a let cannot use metadata; write what they are made of";
                        refuse(at, "metadata may not depend on themselves".into(), hint.into());
                        continue;
                    }
                    Binding::Broken => uses_broken = true,
                }
                if let (Some((Token::Sign("."), _)), Some((Token::Word(attribute), at))) =
                    (tokens.get(i + 1), tokens.get(i + 2))
                {
                    let known = self.attributes(binding);
                    if !matches!(binding, Binding::Broken) && !known.iter().any(|k| k == attribute) {
                        let hint = suggest(attribute, known.iter().map(String::as_str), "attributes");
                        refuse(at, format!("{word} has no attribute: {attribute}"), hint);
                    }
                }
            }
        }
        uses.fields.sort_unstable();
        uses.fields.dedup();
        sound && !uses_broken
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

fn suggest<'n>(word: &str, known: impl IntoIterator<Item = &'n str>, what: &str) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    match nearest(word, known.iter().copied()) {
        Some(near) => format!("did you mean {near}?"),
        None if known.is_empty() => format!("there are no {what} here"),
        None => format!("the {what} here are {}", known.join(", ")),
    }
}
