//! Values as expressions see them: dates, decimals, lists and their rows.
//!
//! In: a record's typed values. Out: values of the interpreter, made as they are asked for.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use minijinja::value::{Enumerator, Object, ObjectRepr};

use super::names::AS_GIVEN;
use crate::licence::date;
use crate::record::{Schema, Value};

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
    pub(super) fn number(&self) -> minijinja::Value {
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
