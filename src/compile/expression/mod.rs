//! Expressions: checked against the names they use, compiled once, worked out at once where no record is needed.
//!
//! In: texts with `{{ … }}` and `{% … %}`. Out: [`Content`]s. Conditions are `condition`'s, the checking is `check`'s.
//! Invariant: an expression that compiles uses only names, filters and tests that exist, so that what can still fail is
//! only what a record's values decide.

pub mod content;
pub mod scope;

mod check;
pub(super) mod condition;
mod filters;
pub(super) mod names;
pub(super) mod rows;
pub(super) mod segments;
mod uses;
pub(super) mod value;

use std::ops::Range;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;
use minijinja::{Environment, Expression, UndefinedBehavior};

use crate::compile::unused::Used;
use crate::diag::{Diagnostic, Span};
use crate::record::{Field, FieldKind, Schema, Value};
use crate::template::report::Report;
use crate::template::source::SourceText;

use content::{Content, Kind, PageUse, Template, bounded, explain, text_of};
use names::{AS_GIVEN, Binding, Names};
use rows::LoopRows;
use scope::Facts;
use segments::{Segment, Token, segments, tokens};
use uses::Uses;
use value::{Rows, to_interpreter};

/// [`AS_GIVEN`] before a name.
const AS_GIVEN_DOT: &str = "as_given.";

/// What one evaluation may cost: instructions, and data in units of 64 bytes. Ordinary expressions take less than a hundred.
const FUEL: u64 = 20_000;

/// The interpreter. What a layout adds to it are names, which travel with each expression.
static INTERPRETER: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = filters::environment();
    environment.set_fuel(Some(FUEL));
    // A field that was not given is undefined: empty in text, false in conditions. Names that do not exist never get here.
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment
});

/// Compiles the expressions of one layout.
#[derive(Debug)]
pub(super) struct Expressions {
    pub(super) schema: Arc<Schema>,
    /// A plausible value for each field: an expression that fails on them is worth a warning.
    pub(super) samples: Arc<[minijinja::Value]>,
    /// What has been asked for.
    pub(super) used: Used,
}

impl Expressions {
    pub(super) fn new(schema: &Arc<Schema>) -> Expressions {
        let samples = schema.fields.iter().enumerate().map(|(i, f)| match sample(&f.kind) {
            Value::List(rows) => Rows::of(schema, i, &rows),
            value => to_interpreter(&value),
        });
        let samples = samples.collect();
        Expressions { schema: Arc::clone(schema), samples, used: Used::default() }
    }

    /// The stretches of `text`; none after a tag that does not end, which is reported.
    pub(super) fn segments(text: &SourceText, report: &mut Report) -> Option<Vec<Segment>> {
        let unended = |range: Range<usize>| {
            let open = &text.text[range.start..range.start + 2];
            let close = if open == "{{" {
                "}}"
            } else if open == "{%" {
                "%}"
            } else {
                "#}"
            };
            let first_line =
                text.text[range.clone()].lines().next().map_or(range.end, |l| range.start + l.len());
            Diagnostic::error(text.at(range.start..first_line), format!("{open} has no end"))
                .hint(format!("close it with {close}"))
        };
        segments(&text.text).map_err(|range| report.push(unended(range))).ok()
    }

    /// The whole of `text` as one content; `None` after a mistake, which is reported.
    pub(super) fn content(
        &self,
        text: &SourceText,
        names: &Arc<Names>,
        report: &mut Report,
    ) -> Option<Content> {
        match &Expressions::segments(text, report)?[..] {
            [] => Some(Content::literal("", text.whole())),
            [Segment::Literal(range)] => Some(Content::literal(&text.text[range.clone()], text.whole())),
            [Segment::Expression(outer, inner)] => self.expression(text, outer, inner, names, report),
            segments => self.template(text, segments, text.text.clone(), names, report),
        }
    }

    /// One `{{ … }}` of `text`.
    pub(super) fn expression(
        &self,
        text: &SourceText,
        outer: &Range<usize>,
        inner: &Range<usize>,
        names: &Arc<Names>,
        report: &mut Report,
    ) -> Option<Content> {
        let span = text.at(outer.clone());
        let code = &text.text[inner.clone()];
        if let [(Token::Word(name), _)] = tokens(code)[..]
            && let Some(binding) = self.used.get(names, name)
            && rows::list_named(name, names, &self.schema).is_none()
            && !matches!(binding, Binding::MetadataToCome)
        {
            return self.named(name, binding, span, report);
        }
        if let [(Token::Word(name), _), (Token::Sign("."), _), (Token::Word(column), _)] = tokens(code)[..]
            && let Some(Binding::Row(list)) = self.used.get(names, name)
            && let Some(column) = self.schema.fields[*list].columns().iter().position(|f| f.name == column)
        {
            self.used.column(&self.schema.fields[*list].columns()[column].name);
            let (kind, literals) = (Kind::Cell(*list, column), String::new());
            return Some(Content {
                kind,
                span,
                fields: vec![*list],
                page: PageUse::None,
                literals,
                is_value: true,
            });
        }
        if let [(Token::Word(name), _), (Token::Sign("."), _), (Token::Word(attribute), _)] = tokens(code)[..]
            && let Some(Binding::Metadata(metadata)) = names.get(name)
            && let Some(content) = names::entry(metadata, attribute)
        {
            return Some(Content { span, ..Content::clone(content) });
        }
        let mut printing = code.to_owned();
        if let Some(at) = self.digits(code, &LoopRows::default(), names) {
            printing.insert_str(at, AS_GIVEN_DOT);
        }
        let (expression, uses) = self.compile(text, outer, inner, printing, names, report)?;
        let content = self.finish(Kind::Expression(expression, Arc::clone(names)), span, uses, report)?;
        Some(Content { is_value: is_value_as_written(&tokens(code), names), ..content })
    }

    /// A content that is a name alone.
    fn named(&self, name: &str, binding: &Binding, span: Span, report: &mut Report) -> Option<Content> {
        Some(match binding {
            Binding::Field(index) => {
                let (kind, fields) = (Kind::Field(*index), vec![*index]);
                Content { kind, span, fields, page: PageUse::None, literals: String::new(), is_value: true }
            }
            Binding::Row(_) | Binding::Loop(_) | Binding::Page | Binding::Metadata(_) => {
                let known = self.attributes(binding).join(", ");
                let error = Diagnostic::error(span, format!("{name} is no text by itself"));
                report.push(error.hint(format!("write {name}. and one of {known}")));
                return None;
            }
            Binding::Fixed(value) => Content::literal(text_of(value), span),
            Binding::Content(content) => Content { span, ..Content::clone(content) },
            Binding::MetadataToCome | Binding::Broken => return None,
        })
    }

    /// A text with several tags. `source` is `text` with its white space settled, cut into the same `segments`.
    pub(super) fn template(
        &self,
        text: &SourceText,
        segments: &[Segment],
        source: String,
        names: &Arc<Names>,
        report: &mut Report,
    ) -> Option<Content> {
        let template = match Template::compile(&INTERPRETER, self.printing_digits(&source, names)) {
            Ok(template) => template,
            Err(error) => {
                report.push(blame(text, segments, &error));
                return None;
            }
        };
        let mut uses = Uses::default();
        let undeclared = with_plain_names(template.undeclared());
        let mut sound = true;
        for segment in segments {
            match segment {
                Segment::Literal(range) => uses.literals.push_str(&text.text[range.clone()]),
                Segment::Expression(_, inner) | Segment::Statement(_, inner) => {
                    sound &= self.check(text, inner, &undeclared, names, &mut uses, report);
                }
            }
        }
        if !sound {
            return None;
        }
        self.finish(Kind::Template(Arc::new(template), Arc::clone(names)), text.whole(), uses, report)
    }

    /// `source` with each `{{ decimal }}` and `{{ row.decimal }}` asking for the digits: the number would print 85.50 as 85.5.
    fn printing_digits(&self, source: &str, names: &Names) -> String {
        let Ok(segments) = segments(source) else { return source.to_owned() };
        // A name that a loop or a `set` may have taken over is left as it is.
        let is_taken = |name: &str| {
            segments.iter().any(|segment| match segment {
                Segment::Statement(_, inner) => match tokens(&source[inner.clone()])[..] {
                    [(Token::Word("for" | "set" | "with" | "macro"), _), ref rest @ ..] => {
                        rest.iter().any(|(token, _)| *token == Token::Word(name))
                    }
                    _ => false,
                },
                _ => false,
            })
        };
        let mut rows = LoopRows::default();
        let mut places = Vec::new();
        for segment in &segments {
            match segment {
                Segment::Literal(_) => {}
                Segment::Statement(_, inner) => {
                    rows.see(&tokens(&source[inner.clone()]), names, &self.schema);
                }
                Segment::Expression(_, inner) => {
                    let code = &source[inner.clone()];
                    let taken = matches!(tokens(code)[..], [(Token::Word(name), _)] if is_taken(name));
                    places.extend(
                        self.digits(code, &rows, names).filter(|_| !taken).map(|at| inner.start + at),
                    );
                }
            }
        }
        let mut printing = source.to_owned();
        places.into_iter().rev().for_each(|at| printing.insert_str(at, AS_GIVEN_DOT));
        printing
    }

    /// Where in `code` to ask for the digits, if it names a decimal and nothing else.
    fn digits(&self, code: &str, rows: &LoopRows, names: &Names) -> Option<usize> {
        let tokens = tokens(code);
        let (last, at) = tokens.last()?;
        let is_decimal = match (last, rows.column(&tokens, 0, names, &self.schema)) {
            (Token::Word(name), None) if tokens.len() == 1 => self.is_decimal(names.get(name)?),
            (Token::Word(name), Some((columns, column))) if column + 1 == tokens.len() => {
                let decimal = |f: &Field| f.name == *name && matches!(f.kind, FieldKind::Decimal { .. });
                columns.iter().any(decimal)
            }
            _ => false,
        };
        is_decimal.then_some(at.start)
    }

    /// Whether `binding` is a decimal field, by its own name or by that of a `let`.
    fn is_decimal(&self, binding: &Binding) -> bool {
        let field = match binding {
            Binding::Field(index) => Some(&self.schema.fields[*index]),
            Binding::Content(content) => match content.kind {
                Kind::Field(index) => Some(&self.schema.fields[index]),
                Kind::Cell(list, column) => self.schema.fields[list].columns().get(column),
                _ => None,
            },
            _ => None,
        };
        field.is_some_and(|field| matches!(field.kind, FieldKind::Decimal { .. }))
    }

    /// Parses and checks one expression. `code` is what stands at `inner`, perhaps asking for digits.
    fn compile(
        &self,
        text: &SourceText,
        outer: &Range<usize>,
        inner: &Range<usize>,
        code: String,
        names: &Arc<Names>,
        report: &mut Report,
    ) -> Option<(Arc<Expression<'static, 'static>>, Uses)> {
        if code.trim().is_empty() {
            report.push(Diagnostic::error(text.at(outer.clone()), "the expression is empty"));
            return None;
        }
        let expression = match INTERPRETER.compile_expression_owned(code) {
            Ok(expression) => expression,
            Err(error) => {
                report.push(does_not_parse(text.at(outer.clone()), &error));
                return None;
            }
        };
        let undeclared = with_plain_names(expression.undeclared_variables(true).into_iter().collect());
        let mut uses = Uses::default();
        self.check(text, inner, &undeclared, names, &mut uses, report).then(|| (Arc::new(expression), uses))
    }

    /// The content itself, or its text if no record can change it.
    fn finish(&self, kind: Kind, span: Span, uses: Uses, report: &mut Report) -> Option<Content> {
        let Uses { fields, page, literals, .. } = uses;
        let content = Content { kind, span, fields, page, literals, is_value: false };
        match content.value(&self.samples, Facts::default()).and_then(bounded) {
            Ok(value) if content.is_static() => Some(Content::literal(text_of(&value), content.span)),
            Ok(_) => Some(content),
            Err(error) => {
                report.push(doubtful(content.span.clone(), &error, content.is_static()));
                Some(content).filter(|c| !c.is_static())
            }
        }
    }
}

/// Whether an expression is a field or a row's column behind filters that only choose a way of writing: dates and masks.
fn is_value_as_written(tokens: &[(Token<'_>, Range<usize>)], names: &Names) -> bool {
    let mut parts = tokens.split(|(token, _)| *token == Token::Sign("|"));
    let is_value = match parts.next() {
        Some([(Token::Word(_), _)]) => true,
        Some([(Token::Word(row), _), (Token::Sign("."), _), (Token::Word(_), _)]) => {
            matches!(names.get(row), Some(Binding::Row(_)))
        }
        _ => false,
    };
    let only_writes = |filter: &[(Token<'_>, _)]| matches!(filter, [(Token::Word(name), _), ..] if filters::WAYS_OF_WRITING.contains(name));
    is_value && parts.all(only_writes)
}

/// `undeclared`, where `as_given.score` is the name `score` as well.
fn with_plain_names(mut undeclared: Vec<String>) -> Vec<String> {
    let plain = |name: &String| Some(name.strip_prefix(AS_GIVEN)?.strip_prefix('.')?.to_owned());
    let more: Vec<String> = undeclared.iter().filter_map(plain).collect();
    undeclared.extend(more);
    undeclared
}

/// The tag of a text that does not parse: the first expression that fails alone, or else the whole.
fn blame(text: &SourceText, segments: &[Segment], error: &minijinja::Error) -> Diagnostic {
    let alone = segments.iter().find_map(|s| match s {
        Segment::Expression(outer, inner) => {
            let error = INTERPRETER.compile_expression_owned(text.text[inner.clone()].to_owned()).err()?;
            Some((outer.clone(), error))
        }
        _ => None,
    });
    match alone {
        Some((outer, error)) => does_not_parse(text.at(outer), &error),
        None => does_not_parse(text.whole(), error),
    }
}

fn does_not_parse(span: Span, error: &minijinja::Error) -> Diagnostic {
    Diagnostic::error(span, format!("the expression does not parse: {}", explain(error)))
}

/// An expression that fails: an error if it always does, a warning if it does for sample values.
pub(super) fn doubtful(span: Span, error: &minijinja::Error, always: bool) -> Diagnostic {
    if always {
        return Diagnostic::error(span, format!("the expression fails: {}", explain(error)));
    }
    Diagnostic::warning(span, format!("the expression fails for plausible values: {}", explain(error)))
}

/// A plausible value of a field; an image is true in conditions, as a text is.
fn sample(kind: &FieldKind) -> Value {
    let text = |text: &str| Value::Text(text.to_owned());
    match kind {
        FieldKind::Text { .. } | FieldKind::Approval | FieldKind::Image { .. } => text("样例"),
        FieldKind::PersonName => text("欧阳修文"),
        FieldKind::Date => Value::Date(Date::constant(2026, 3, 5)),
        FieldKind::Integer { min, max } => Value::Integer(1.clamp(*min, (*max).max(*min))),
        FieldKind::Decimal { .. } => Value::Decimal("1.5".to_owned()),
        FieldKind::Choice(words) => text(words.first().map_or("", String::as_str)),
        FieldKind::ResidentId => text("110105199001012377"),
        FieldKind::Uscc => text("11100000000013338W"),
        FieldKind::Identifier => {
            text("1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U")
        }
        FieldKind::List { fields, .. } => {
            Value::List(vec![fields.iter().map(|f| sample(&f.kind)).collect()].into())
        }
    }
}
