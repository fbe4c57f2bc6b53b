//! What expressions see: the record's fields, the layout's `let`s and metadata, a part's parameters, `layout` and `page`.
//!
//! In: a bound record. Out: values by name for the interpreter, or directly by field index.
//! Invariant: a name means the same thing for every record; only the fields' values differ.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};

use super::content::{self, Content};
use crate::compile::program::Program;
use crate::licence::date;
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
    turn: Option<Turn>,
    page: PageFacts,
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

/// A value as expressions see it; of a list, [`Rows`] makes more. What was not given is undefined: empty in text, false in
/// conditions.
pub(in crate::compile) fn to_interpreter(value: &Value) -> minijinja::Value {
    match value {
        Value::Null | Value::List(_) => minijinja::Value::UNDEFINED,
        Value::Text(text) => minijinja::Value::from(text.as_str()),
        Value::Date(date) => minijinja::Value::from_object(CivilDate(*date)),
        Value::Integer(n) => minijinja::Value::from(*n),
        Value::Decimal(digits) => minijinja::Value::from_object(Decimal(digits.clone())),
        Value::Image(_) => minijinja::Value::from(true),
    }
}

/// A date in expressions: prints 2026年3月5日, has `year`, `month` and `day`, compares with other dates.
#[derive(Debug)]
pub(in crate::compile) struct CivilDate(pub(super) Date);

impl CivilDate {
    /// What may follow a date and a dot.
    pub(in crate::compile) const PARTS: [&'static str; 3] = ["year", "month", "day"];
}

impl Object for CivilDate {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        match key.as_str()? {
            "year" => Some(self.0.year().into()),
            "month" => Some(self.0.month().into()),
            "day" => Some(self.0.day().into()),
            _ => None,
        }
    }

    fn custom_cmp(self: &Arc<Self>, other: &minijinja::value::DynObject) -> Option<std::cmp::Ordering> {
        other.downcast_ref::<CivilDate>().map(|o| self.0.cmp(&o.0))
    }

    fn is_true(self: &Arc<Self>) -> bool {
        true
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&date::chinese_date(self.0))
    }
}

/// A decimal where it is printed: the digits as given, 85.50. The interpreter compares no object with a number, so a name
/// that is computed with reads as [`Decimal::number`] instead.
#[derive(Debug)]
pub(in crate::compile) struct Decimal(pub(super) String);

impl Decimal {
    fn number(&self) -> minijinja::Value {
        // Whole numbers stay whole: 85 does not become 85.0.
        if let Ok(whole) = self.0.parse::<i64>() {
            return whole.into();
        }
        self.0.parse::<f64>().map_or_else(|_| self.0.as_str().into(), Into::into)
    }
}

impl Object for Decimal {
    fn is_true(self: &Arc<Self>) -> bool {
        self.number().is_true()
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A list in expressions: a sequence of [`Row`]s, made as they are asked for.
#[derive(Debug)]
pub(in crate::compile) struct Rows {
    schema: Arc<Schema>,
    /// The list's index in the schema.
    list: usize,
    rows: Arc<[Vec<Value>]>,
}

impl Rows {
    /// The rows of the field `list`.
    pub(in crate::compile) fn of(
        schema: &Arc<Schema>,
        list: usize,
        rows: &Arc<[Vec<Value>]>,
    ) -> minijinja::Value {
        let rows = Rows { schema: Arc::clone(schema), list, rows: Arc::clone(rows) };
        minijinja::Value::from_object(rows)
    }
}

impl Object for Rows {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let row = key.as_usize().filter(|row| *row < self.rows.len())?;
        Some(minijinja::Value::from_object(Row { rows: Arc::clone(self), row, as_given: false }))
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.rows.len())
    }
}

impl Rows {
    /// The value of `column` in a row, a decimal as it prints.
    pub(in crate::compile) fn cell(&self, row: usize, column: usize) -> Option<minijinja::Value> {
        self.rows.get(row)?.get(column).map(to_interpreter)
    }
}

/// A row in expressions: its values by the names of the list's fields. Decimals are numbers to compute with, and print with
/// their digits by way of [`AS_GIVEN`]: `row.as_given.score`.
#[derive(Debug)]
pub(in crate::compile) struct Row {
    rows: Arc<Rows>,
    row: usize,
    as_given: bool,
}

impl Object for Row {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let name = key.as_str()?;
        if name == AS_GIVEN {
            let row = Row { rows: Arc::clone(&self.rows), row: self.row, as_given: true };
            return Some(minijinja::Value::from_object(row));
        }
        let columns = self.rows.schema.fields[self.rows.list].columns();
        let column = columns.iter().position(|f| f.name == name)?;
        Some(match &self.rows.rows[self.row][column] {
            Value::Decimal(digits) if !self.as_given => Decimal(digits.clone()).number(),
            value => to_interpreter(value),
        })
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        let columns = self.rows.schema.fields[self.rows.list].columns();
        Enumerator::Values(columns.iter().map(|f| f.name.as_str().into()).collect())
    }
}

/// Metadata entries by name, in the author's order.
pub(in crate::compile) type Metadata = Arc<[(String, Arc<Content>)]>;

/// The content of the entry `name`.
pub(in crate::compile) fn entry<'m>(metadata: &'m Metadata, name: &str) -> Option<&'m Arc<Content>> {
    metadata.iter().find(|(n, _)| n == name).map(|(_, content)| content)
}

/// Metadata in expressions: texts, as they travel in the document.
#[derive(Debug)]
struct MetadataTexts {
    entries: Metadata,
    evaluation: Arc<Evaluation>,
}

impl Object for MetadataTexts {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        let value = self.evaluation.value_of(entry(&self.entries, key.as_str()?)?);
        let failed = value.kind() == ValueKind::Invalid;
        Some(if failed { value } else { content::text_of(&value).into() })
    }
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(in crate::compile) enum Binding {
    /// A field of the record.
    Field(usize),
    /// A `let`, a parameter, or one of the layout's own facts.
    Fixed(minijinja::Value),
    /// The present row of a loop over this field.
    Row(usize),
    /// Where a loop over this field stands.
    Loop(usize),
    /// The page that is being laid.
    Page,
    /// A `let` or a parameter that depends on the record.
    Content(Arc<Content>),
    /// The layout's metadata, by name.
    Metadata(Metadata),
    /// The metadata in what they are made of themselves.
    MetadataToCome,
    /// A `let` or a parameter with a mistake, which is reported: what uses it is not reported again.
    Broken,
}

impl Binding {
    /// A name for `content`.
    pub(in crate::compile) fn of(content: Option<Content>) -> Binding {
        let Some(content) = content else { return Binding::Broken };
        match content.as_literal() {
            Some(text) => Binding::Fixed(text.into()),
            None => Binding::Content(Arc::new(content)),
        }
    }
}

/// The names in one place of the layout.
#[derive(Clone, Debug, Default)]
pub(in crate::compile) struct Names {
    bindings: BTreeMap<String, Binding>,
    /// Which of the compiler's declarations a name is.
    declarations: BTreeMap<String, usize>,
}

impl Names {
    pub(in crate::compile) fn bind(&mut self, name: impl Into<String>, binding: Binding) {
        self.bindings.insert(name.into(), binding);
    }

    pub(in crate::compile) fn get(&self, name: &str) -> Option<&Binding> {
        self.bindings.get(name)
    }

    /// Says which declaration `name` is.
    pub(in crate::compile) fn declare(&mut self, name: &str, declaration: usize) {
        self.declarations.insert(name.to_owned(), declaration);
    }

    /// Which declaration `name` is, if it is one.
    pub(in crate::compile) fn declaration(&self, name: &str) -> Option<usize> {
        self.declarations.get(name).copied()
    }

    /// Takes over what `names` stand for in `other`.
    pub(in crate::compile) fn extend_from<'n>(
        &mut self,
        other: &Names,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        for name in names {
            if let Some(binding) = other.get(name) {
                self.bind(name, binding.clone());
            }
        }
    }

    /// The names that may be used here.
    pub(in crate::compile) fn known(&self) -> impl Iterator<Item = &str> {
        let usable = self.bindings.iter().filter(|(_, binding)| !matches!(binding, Binding::MetadataToCome));
        usable.map(|(name, _)| name.as_str())
    }

    /// What the interpreter looks names up in.
    pub(in crate::compile) fn context(names: &Arc<Names>, evaluation: &Arc<Evaluation>) -> minijinja::Value {
        let (names, evaluation) = (Arc::clone(names), Arc::clone(evaluation));
        minijinja::Value::from_object(Context(Arc::new(AsGiven { names, evaluation })))
    }
}

/// One content or condition being worked out. A `let` that others use is worked out once: thirty `let`s that each use the
/// one before twice would otherwise take 2³⁰ steps.
#[derive(Debug)]
pub(in crate::compile) struct Evaluation {
    fields: Arc<[minijinja::Value]>,
    facts: Facts,
    /// By the content's address, which the names keep in place.
    lets: Mutex<BTreeMap<usize, minijinja::Value>>,
}

impl Evaluation {
    pub(in crate::compile) fn new(fields: &Arc<[minijinja::Value]>, facts: Facts) -> Arc<Evaluation> {
        Arc::new(Evaluation { fields: Arc::clone(fields), facts, lets: Mutex::default() })
    }

    /// The row that a loop stands at, from 0; for sample values the first.
    pub(in crate::compile) fn row(&self) -> usize {
        self.facts.turn.map_or(0, |turn| turn.row)
    }

    /// `loop` in a loop over `list`.
    fn loop_facts(&self, list: usize) -> minijinja::Value {
        let (row, length) = (self.row(), self.field(list).and_then(|rows| rows.len()).unwrap_or(0));
        let values: [minijinja::Value; 4] =
            [(row + 1).into(), (row == 0).into(), (row + 1 == length).into(), length.into()];
        minijinja::Value::from_pairs(LOOP_FACTS.into_iter().zip(values))
    }

    pub(in crate::compile) fn field(&self, index: usize) -> Option<minijinja::Value> {
        self.fields.get(index).cloned()
    }

    fn value_of(self: &Arc<Self>, content: &Arc<Content>) -> minijinja::Value {
        let lets = || self.lets.lock().expect("no evaluation panics while it holds the values");
        let key = Arc::as_ptr(content).addr();
        if let Some(value) = lets().get(&key) {
            return value.clone();
        }
        let value = content.value_in(self).and_then(content::bounded).unwrap_or_else(minijinja::Value::from);
        lets().insert(key, value.clone());
        value
    }
}

/// The name through which an expression prints a decimal with its digits: `as_given.score`. Authors cannot write it.
pub(in crate::compile) const AS_GIVEN: &str = "as_given";

/// The names, and [`AS_GIVEN`]. Decimals are numbers to compute with.
#[derive(Debug)]
struct Context(Arc<AsGiven>);

impl Object for Context {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        if key.as_str() == Some(AS_GIVEN) {
            return Some(minijinja::Value::from_dyn_object(Arc::clone(&self.0)));
        }
        let value = self.0.get_value(key)?;
        Some(value.downcast_object_ref::<Decimal>().map(Decimal::number).unwrap_or(value))
    }
}

/// The names, with decimals as they print.
#[derive(Debug)]
struct AsGiven {
    names: Arc<Names>,
    evaluation: Arc<Evaluation>,
}

impl Object for AsGiven {
    fn get_value(self: &Arc<Self>, key: &minijinja::Value) -> Option<minijinja::Value> {
        match self.names.get(key.as_str()?)? {
            Binding::Field(index) => self.evaluation.field(*index),
            Binding::Fixed(value) => Some(value.clone()),
            Binding::Row(list) => self.evaluation.field(*list)?.get_item_by_index(self.evaluation.row()).ok(),
            Binding::Loop(list) => Some(self.evaluation.loop_facts(*list)),
            Binding::Page => Some(self.evaluation.facts.page.value()),
            Binding::Metadata(entries) => {
                let (entries, evaluation) = (Arc::clone(entries), Arc::clone(&self.evaluation));
                Some(minijinja::Value::from_object(MetadataTexts { entries, evaluation }))
            }
            Binding::Broken | Binding::MetadataToCome => None,
            Binding::Content(content) => Some(self.evaluation.value_of(content)),
        }
    }
}
