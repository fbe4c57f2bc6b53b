//! What a layout leaves to the record: contents to fill in and conditions to choose by.
//!
//! In: expressions that have been checked against the names they use. Out: text and truth for one [`Scope`].
//! Invariant: whatever needs no record has been worked out already: a static content is a literal, a static condition is gone.

use std::borrow::Cow;
use std::sync::Arc;

use minijinja::value::ValueKind;
use minijinja::{Environment, Expression};

use super::names::{Evaluation, Names};
use super::scope::{Facts, Scope};
use super::value::Rows;
use crate::diag::Span;

/// The longest text one content may yield, in bytes: what a layout's loops may produce is bounded.
const MAX_TEXT: usize = 64 << 10;

/// A text to fill in: a literal, a field's value, or what an expression makes of some fields.
#[derive(Clone, Debug)]
pub struct Content {
    pub(in crate::compile) kind: Kind,
    /// Where the author wrote it.
    pub(in crate::compile) span: Span,
    /// The fields it depends on, ascending.
    pub(in crate::compile) fields: Vec<usize>,
    /// What it says of pages.
    pub(in crate::compile) page: PageUse,
    /// Characters it may show whatever the record says.
    pub(in crate::compile) literals: String,
    /// Whether it is the value of its one field, at most written as a date or masked, so that a reader of the page can compare them.
    pub(in crate::compile) is_value: bool,
}

/// What a content or a condition needs to know of pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum PageUse {
    /// Nothing.
    #[default]
    None,
    /// Where it stands: known once the pages before are laid.
    Place,
    /// How many there are, or whether one is the last: known once all are laid.
    Count,
}

#[derive(Clone, Debug)]
pub(in crate::compile) enum Kind {
    Literal(String),
    /// A plain `{{ field }}`: a look-up, no interpreter.
    Field(usize),
    /// A plain `{{ row.field }}` in a loop: the list and the column, looked up as well.
    Cell(usize, usize),
    /// One `{{ … }}`.
    Expression(Arc<Expression<'static, 'static>>, Arc<Names>),
    /// Text with several `{{ … }}` or with `{% … %}`.
    Template(Arc<Template>, Arc<Names>),
}

/// A compiled text with tags: an environment of its own, because a template cannot outlive the one that owns its source.
#[derive(Debug)]
pub(in crate::compile) struct Template(Environment<'static>);

impl Template {
    const NAME: &'static str = "content";

    pub(in crate::compile) fn compile(
        environment: &Environment<'static>,
        source: String,
    ) -> Result<Template, minijinja::Error> {
        let mut environment = environment.clone();
        environment.add_template_owned(Self::NAME, source)?;
        Ok(Template(environment))
    }

    pub(in crate::compile) fn undeclared(&self) -> Vec<String> {
        let template = self.0.get_template(Self::NAME);
        template.map(|t| t.undeclared_variables(true).into_iter().collect()).unwrap_or_default()
    }

    fn render(&self, context: minijinja::Value) -> Result<String, minijinja::Error> {
        self.0.get_template(Self::NAME)?.render(context)
    }
}

/// An expression that a record's values do not suit, such as a date made from a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{span:?}: {message}")]
pub struct EvalError {
    /// The expression in the layout.
    pub span: Span,
    /// What went wrong, the value last.
    pub message: String,
}

impl EvalError {
    fn new(span: &Span, error: &minijinja::Error) -> EvalError {
        EvalError { span: span.clone(), message: explain(error) }
    }
}

/// The interpreter's complaint in one line, without its own positions.
pub(in crate::compile) fn explain(error: &minijinja::Error) -> String {
    if error.kind() == minijinja::ErrorKind::OutOfFuel {
        return "it takes too many steps: print long lists as tables".to_owned();
    }
    error.detail().map_or_else(|| error.kind().to_string(), str::to_owned)
}

impl Content {
    /// A text that never changes.
    pub(in crate::compile) fn literal(text: impl Into<String>, span: Span) -> Content {
        let text = text.into();
        Content {
            literals: text.clone(),
            kind: Kind::Literal(text),
            span,
            fields: Vec::new(),
            page: PageUse::None,
            is_value: false,
        }
    }

    /// The text for this scope; empty for a field that was not given.
    pub fn eval<'s>(&'s self, scope: &Scope<'s>) -> Result<Cow<'s, str>, EvalError> {
        match &self.kind {
            Kind::Literal(text) => Ok(Cow::Borrowed(text)),
            Kind::Field(index) => Ok(scope.text(*index)),
            Kind::Cell(list, column) => Ok(scope.cell(*list, *column)),
            Kind::Expression(..) | Kind::Template(..) => {
                let value =
                    self.value(&scope.values(), scope.facts()).map_err(|e| EvalError::new(&self.span, &e))?;
                let text = text_of(&value);
                if text.len() > MAX_TEXT {
                    let message = format!("the expression yields more than {MAX_TEXT} bytes: {}", text.len());
                    return Err(EvalError { span: self.span.clone(), message });
                }
                Ok(Cow::Owned(text))
            }
        }
    }

    /// The value under the given field values and facts.
    pub(in crate::compile) fn value(
        &self,
        fields: &Arc<[minijinja::Value]>,
        facts: Facts,
    ) -> Result<minijinja::Value, minijinja::Error> {
        self.value_in(&Evaluation::new(fields, facts))
    }

    /// The value as part of `evaluation`.
    pub(in crate::compile) fn value_in(
        &self,
        evaluation: &Arc<Evaluation>,
    ) -> Result<minijinja::Value, minijinja::Error> {
        match &self.kind {
            Kind::Literal(text) => Ok(minijinja::Value::from(text.as_str())),
            Kind::Field(index) => Ok(evaluation.field(*index).unwrap_or_default()),
            Kind::Cell(list, column) => {
                let rows = evaluation.field(*list).unwrap_or_default();
                let cell = rows.downcast_object_ref::<Rows>().and_then(|r| r.cell(evaluation.row(), *column));
                Ok(cell.unwrap_or_default())
            }
            Kind::Expression(code, names) => code.eval(Names::context(names, evaluation)),
            Kind::Template(code, names) => {
                code.render(Names::context(names, evaluation)).map(minijinja::Value::from)
            }
        }
    }

    /// The one field it shows, if there is exactly one.
    pub fn field(&self) -> Option<usize> {
        match self.fields[..] {
            [one] => Some(one),
            _ => None,
        }
    }

    /// The one field whose value it is: as given, as a date, or masked. What expressions make of a value is none.
    pub fn value_of(&self) -> Option<usize> {
        self.field().filter(|_| self.is_value)
    }

    /// The column of the list that it shows, if it is a plain `{{ row.field }}`.
    pub fn column(&self) -> Option<usize> {
        match self.kind {
            Kind::Cell(_, column) => Some(column),
            _ => None,
        }
    }

    /// Whether it is the same for every record and on every page.
    pub fn is_static(&self) -> bool {
        self.fields.is_empty() && self.page == PageUse::None
    }

    /// What it says of pages.
    pub fn page(&self) -> PageUse {
        self.page
    }

    /// Characters it may show whatever the record says: worth having in the static subset.
    pub fn literal_chars(&self) -> &str {
        &self.literals
    }

    /// The text of a static content.
    pub(in crate::compile) fn as_literal(&self) -> Option<&str> {
        match &self.kind {
            Kind::Literal(text) => Some(text),
            _ => None,
        }
    }
}

/// `value`, unless its text is longer than a content may be.
pub(in crate::compile) fn bounded(value: minijinja::Value) -> Result<minijinja::Value, minijinja::Error> {
    match value.as_str().map(str::len) {
        Some(length) if length > MAX_TEXT => {
            let message = format!("the expression yields more than {MAX_TEXT} bytes: {length}");
            Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, message))
        }
        _ => Ok(value),
    }
}

/// How a value reads on paper: what was not given is empty.
pub(in crate::compile) fn text_of(value: &minijinja::Value) -> String {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => String::new(),
        _ => value.to_string(),
    }
}

/// A `when` that depends on the record.
#[derive(Clone, Debug)]
pub struct Condition {
    pub(in crate::compile) test: Test,
    /// What it asks of pages.
    pub(in crate::compile) page: PageUse,
    pub(in crate::compile) span: Span,
}

#[derive(Clone, Debug)]
pub(in crate::compile) enum Test {
    /// `field`, or with `false` `not field`: whether it was given and says something.
    Given(usize, bool),
    /// `field == 'text'`, or with `false` `!=`.
    Equals(usize, String, bool),
    /// Anything else.
    Expression(Arc<Expression<'static, 'static>>, Arc<Names>),
}

impl Condition {
    /// What it asks of pages.
    pub fn page(&self) -> PageUse {
        self.page
    }

    /// Whether the element is painted in this scope.
    pub fn holds(&self, scope: &Scope) -> Result<bool, EvalError> {
        match &self.test {
            Test::Given(index, wanted) => Ok(scope.is_true(*index) == *wanted),
            Test::Equals(index, text, wanted) => Ok((scope.text(*index) == text.as_str()) == *wanted),
            Test::Expression(code, names) => code
                .eval(Names::context(names, &Evaluation::new(&scope.values(), scope.facts())))
                .map(|value| value.is_true())
                .map_err(|e| EvalError::new(&self.span, &e)),
        }
    }
}
