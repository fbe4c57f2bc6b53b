//! The rows of a list field, in whichever way a record gives them.
//!
//! In: a record with an array of objects (JSON Lines), with columns such as `scores.1.subject`, or with the name of a file of
//! rows in the records' folder. Out: the rows as records of their own, each with its number.
//! Invariant: the rows of a list are no larger than one row of a file of records may be, wherever they come from.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::bind::{BindOptions, Fault};
use super::read::{self, MAX_ROW_BYTES};
use super::{Field, FieldKind, ImageError, RawValue, Record};

/// The most values of one list.
const MAX_CELLS: usize = 1_000_000;

/// How rows are given.
pub(super) const HOW: &str = "give columns such as scores.1.subject, the name of a .csv, .jsonl or .xlsx file, or an array in JSON Lines";

/// Rows as they were given.
#[derive(Debug, Default)]
pub(super) struct Rows<'r> {
    pub(super) rows: Cow<'r, [Record]>,
    /// The file they were read from.
    pub(super) file: Option<&'r str>,
}

impl Field {
    /// The rows that `record` gives for this list, at most `max` of them; none if it says nothing of it.
    ///
    /// # Errors
    /// With the text that was given, or empty.
    pub(super) fn rows_in<'r>(
        &'r self,
        record: &'r Record,
        max: usize,
        options: &BindOptions,
    ) -> Result<Rows<'r>, (&'r str, Fault)> {
        let twice = |text: &'r str| {
            let fault = Fault::new("field.twice", "is given in two ways");
            (text, fault.hint("keep one of them: an array, columns with numbers, or a file"))
        };
        let file = self.given(record).map_err(twice)?;
        let under = |name: &str| match record.value(name) {
            Some(RawValue::Rows(rows)) if !rows.is_empty() => Some(rows.as_slice()),
            _ => None,
        };
        let arrays =
            under(&self.name).into_iter().chain(under(&self.label).filter(|_| self.label != self.name));
        let columns = self.numbered(record).ok_or_else(|| twice(""))?;
        let mut given: Vec<Rows> = arrays.map(|rows| Rows { rows: rows.into(), file: None }).collect();
        if !columns.is_empty() {
            given.push(Rows { rows: columns.into(), file: None });
        }
        if file.is_some() && !given.is_empty() || given.len() > 1 {
            return Err(twice(file.unwrap_or("")));
        }
        let rows = match file {
            Some(name) => {
                let rows = read_file(name, max, options).map_err(|fault| (name, fault))?;
                Rows { rows: rows.into(), file: Some(name) }
            }
            None => given.pop().unwrap_or_default(),
        };
        let (count, cells) = (rows.rows.len(), rows.rows.len().saturating_mul(self.columns().len()));
        if count > max {
            return Err((file.unwrap_or(""), too_many(max)));
        }
        if cells > MAX_CELLS {
            let fault = Fault::new("list.cells", format!("has {cells} values, more than {MAX_CELLS}"));
            return Err((file.unwrap_or(""), fault));
        }
        Ok(rows)
    }

    /// The rows that columns such as `scores.1.subject` make: those that hold anything, by their numbers. `None` if two
    /// columns give one value differently.
    fn numbered(&self, record: &Record) -> Option<Vec<Record>> {
        let mut rows: BTreeMap<u64, Record> = BTreeMap::new();
        for (name, value) in record.iter() {
            let Some((number, column)) = self.cell(name) else { continue };
            let Some(text) = value.as_text().map(str::trim).filter(|t| !t.is_empty()) else { continue };
            let row = rows.remove(&number).unwrap_or_else(|| Record::new().at_row(number));
            if row.get(column).is_some_and(|earlier| earlier != text) {
                return None;
            }
            rows.insert(number, row.with(column, text));
        }
        Some(rows.into_values().collect())
    }

    /// The row, from 1, and the column of this list that a name such as `scores.1.subject` or `成绩.1.科目` stands for.
    pub(super) fn cell<'n>(&self, name: &'n str) -> Option<(u64, &'n str)> {
        let after = |list: &str| name.strip_prefix(list)?.strip_prefix('.')?.split_once('.');
        let (number, column) =
            after(&self.name).or_else(|| after(&self.label).filter(|_| !self.label.is_empty()))?;
        let is_number = number.bytes().all(|b| b.is_ascii_digit()) && !number.starts_with('0');
        let number =
            number.parse().ok().filter(|n| is_number && (1..=FieldKind::LIST_MAX as u64).contains(n))?;
        self.columns().iter().any(|f| f.answers_to(column)).then_some((number, column))
    }
}

/// The rows of the file `name` in the records' folder.
fn read_file(name: &str, max: usize, options: &BindOptions) -> Result<Vec<Record>, Fault> {
    if !read::is_known(name.as_ref()) {
        return Err(Fault::new("list.text", "is not a list of rows").hint(HOW));
    }
    let located = options.image_root.as_ref().ok_or(ImageError::NoRoot).and_then(|root| root.locate(name));
    let path = located.map_err(|e| Fault::new("list.file", e.to_string()).hint(e.hint()))?;
    let unreadable =
        |e: read::ReadError| Fault::new("list.read", format!("is a file of rows where {e}")).hint(e.hint);
    let mut rows = Vec::new();
    let mut bytes = 0;
    for row in read::open(path).map_err(unreadable)? {
        let row = row.map_err(unreadable)?;
        for (_, value) in row.iter() {
            let Some(text) = value.as_text() else {
                return Err(Fault::new("list.nested", "is a file with a list in one of its rows").hint(HOW));
            };
            bytes += text.len();
        }
        rows.push(row);
        if rows.len() > max {
            return Err(too_many(max));
        }
        if bytes > MAX_ROW_BYTES {
            let message = format!("is a file of more than {MAX_ROW_BYTES} bytes");
            return Err(Fault::new("list.bytes", message).hint("split the record"));
        }
    }
    Ok(rows)
}

fn too_many(max: usize) -> Fault {
    Fault::new("list.rows", format!("has more than {max} rows")).hint("split the record")
}
