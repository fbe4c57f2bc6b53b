//! What expressions are worked out over: a bound record, perhaps one row of a list in it, on one page.
//!
//! In: a bound record. Out: its values by field index, as text or for the interpreter.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::Arc;

use super::value::{Decimal, Rows, to_interpreter};
use crate::compile::program::Program;
use crate::record::{Entry, Schema, Value};

/// One record, or none, under a program; perhaps one row of it, on one page.
#[derive(Debug)]
pub struct Scope<'a> {
    entry: Option<&'a Entry>,
    schema: &'a Arc<Schema>,
    /// Made when the first expression needs the interpreter; plain fields never do.
    values: OnceCell<Arc<[minijinja::Value]>>,
    /// The scope that this one narrows, which has the same values.
    outer: Option<&'a Scope<'a>>,
    facts: Facts,
}

/// What is known beside the record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::compile) struct Facts {
    pub(super) turn: Option<Turn>,
    pub(super) page: PageFacts,
}

/// Where a loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The field it goes over.
    pub list: usize,
    /// The row, from 0.
    pub row: usize,
}

/// What is known of a page once rows have been laid on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PageFacts {
    /// From 1, within the document.
    pub number: usize,
    /// How many pages the document has.
    pub count: usize,
    /// Whether it is the first of its sequence.
    pub first: bool,
    /// Whether it is the last of its sequence.
    pub last: bool,
    /// How many rows of lists stand on it.
    pub rows: usize,
    /// How many rows of lists stand on it and on the pages of its sequence before it.
    pub rows_so_far: usize,
}

impl PageFacts {
    /// The names of the facts in expressions.
    pub(in crate::compile) const NAMES: [&'static str; 6] =
        ["number", "count", "first", "last", "rows", "rows_so_far"];

    /// The facts by name.
    pub(in crate::compile) fn value(self) -> minijinja::Value {
        let values: [minijinja::Value; 6] = [
            self.number.into(),
            self.count.into(),
            self.first.into(),
            self.last.into(),
            self.rows.into(),
            self.rows_so_far.into(),
        ];
        minijinja::Value::from_pairs(Self::NAMES.into_iter().zip(values))
    }
}

/// The names of a loop's facts in expressions.
pub(in crate::compile) const LOOP_FACTS: [&str; 4] = ["index", "first", "last", "length"];

impl<'a> Scope<'a> {
    /// The scope of one record.
    pub fn new(program: &'a Program, entry: &'a Entry) -> Scope<'a> {
        Scope { entry: Some(entry), ..Scope::of_layout(program) }
    }

    /// The scope without a record, for static contents: no field is given.
    pub fn of_layout(program: &'a Program) -> Scope<'a> {
        Scope {
            entry: None,
            schema: &program.schema,
            values: OnceCell::new(),
            outer: None,
            facts: Facts::default(),
        }
    }

    /// The same in one turn of a loop.
    pub fn at<'s>(&'s self, turn: Turn) -> Scope<'s> {
        self.with(Facts { turn: Some(turn), ..self.facts })
    }

    /// The same on one page.
    pub fn on<'s>(&'s self, page: PageFacts) -> Scope<'s> {
        self.with(Facts { page, ..self.facts })
    }

    fn with<'s>(&'s self, facts: Facts) -> Scope<'s> {
        Scope { entry: self.entry, schema: self.schema, values: OnceCell::new(), outer: Some(self), facts }
    }

    /// How many rows the field `list` has.
    pub fn rows(&self, list: usize) -> usize {
        self.entry.map_or(0, |entry| entry.rows(list).len())
    }

    pub(in crate::compile) fn facts(&self) -> Facts {
        self.facts
    }

    /// What the present row of a loop over `list` has in `column`.
    pub(in crate::compile) fn cell(&self, list: usize, column: usize) -> Cow<'a, str> {
        let row = self.facts.turn.map_or(0, |turn| turn.row);
        let cell = self.entry.and_then(|entry| entry.rows(list).get(row)?.get(column));
        cell.map_or(Cow::Borrowed(""), Value::text)
    }

    pub(in crate::compile) fn text(&self, index: usize) -> Cow<'a, str> {
        self.entry.map_or(Cow::Borrowed(""), |entry| entry.value(index).text())
    }

    pub(in crate::compile) fn is_true(&self, index: usize) -> bool {
        self.entry.is_some_and(|entry| match entry.value(index) {
            Value::Null => false,
            Value::Text(text) => !text.is_empty(),
            Value::Integer(n) => *n != 0,
            Value::Decimal(digits) => Decimal(digits.clone()).number().is_true(),
            Value::List(rows) => !rows.is_empty(),
            Value::Date(_) | Value::Image(_) => true,
        })
    }

    pub(in crate::compile) fn values(&self) -> Arc<[minijinja::Value]> {
        if let Some(outer) = self.outer {
            return outer.values();
        }
        let values = self.values.get_or_init(|| {
            let value = |i| match self.entry.map(|entry| entry.value(i)) {
                None => minijinja::Value::UNDEFINED,
                Some(Value::List(rows)) => Rows::of(self.schema, i, rows),
                Some(value) => to_interpreter(value),
            };
            (0..self.schema.fields.len()).map(value).collect()
        });
        Arc::clone(values)
    }
}
