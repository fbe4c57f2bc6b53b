//! A record as it was given: names and their text, before any rule looked at it.

use std::sync::Arc;

/// Names and raw values of one certificate.
///
/// A value is text, as a spreadsheet or a form shows it, or the rows of a list; an empty text means that nothing was given.
/// Types come in when a [`Schema`](super::Schema) binds the record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    row: Option<u64>,
    /// Shared by all rows of a file.
    names: Arc<Vec<String>>,
    /// As many as names.
    values: Vec<RawValue>,
}

/// What a record gives under one name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawValue {
    /// Anything that stands in one cell.
    Text(String),
    /// The rows of a list. Their own values are texts.
    Rows(Vec<Record>),
}

impl RawValue {
    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            RawValue::Text(text) => Some(text),
            RawValue::Rows(_) => None,
        }
    }
}

impl From<String> for RawValue {
    fn from(text: String) -> RawValue {
        RawValue::Text(text)
    }
}

impl From<&str> for RawValue {
    fn from(text: &str) -> RawValue {
        RawValue::Text(text.to_owned())
    }
}

impl From<&String> for RawValue {
    fn from(text: &String) -> RawValue {
        RawValue::Text(text.clone())
    }
}

impl From<Vec<Record>> for RawValue {
    fn from(rows: Vec<Record>) -> RawValue {
        RawValue::Rows(rows)
    }
}

impl Record {
    /// A record without values.
    pub fn new() -> Record {
        Record::default()
    }

    /// The same with `value`, a text or rows, under `name`, in place of any earlier one.
    pub fn with(mut self, name: impl Into<String>, value: impl Into<RawValue>) -> Record {
        let (name, value) = (name.into(), value.into());
        match self.names.iter().position(|n| *n == name) {
            Some(at) => self.values[at] = value,
            None => {
                Arc::make_mut(&mut self.names).push(name);
                self.values.push(value);
            }
        }
        self
    }

    /// One row; as many values as names.
    pub(super) fn from_row(row: u64, names: &Arc<Vec<String>>, values: Vec<RawValue>) -> Record {
        debug_assert_eq!(names.len(), values.len());
        Record { row: Some(row), names: Arc::clone(names), values }
    }

    /// The same, said to stand in this row.
    pub(super) fn at_row(self, row: u64) -> Record {
        Record { row: Some(row), ..self }
    }

    /// Where it stands in its file, counted from 1 with the heading, as a spreadsheet shows it (for JSON Lines: the line);
    /// `None` for a record that was not read from a file. A row of a list has its own number.
    pub fn row(&self) -> Option<u64> {
        self.row
    }

    /// The text under exactly this name; `None` if there is none, it is empty or a list. Columns without a name have no value.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.value(name)?.as_text().filter(|v| !v.is_empty())
    }

    /// What stands under exactly this name, whatever it is.
    pub fn value(&self, name: &str) -> Option<&RawValue> {
        if name.is_empty() {
            return None;
        }
        self.values.get(self.names.iter().position(|n| n == name)?)
    }

    /// Names and values in the order given.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &RawValue)> {
        self.names.iter().map(String::as_str).zip(&self.values)
    }
}

impl<N: Into<String>, V: Into<RawValue>> FromIterator<(N, V)> for Record {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Record {
        pairs.into_iter().fold(Record::new(), |record, (name, value)| record.with(name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_value_counts_as_none() {
        let record = Record::new().with("name", "张三").with("note", "");
        assert_eq!((record.get("name"), record.get("note"), record.get("unit")), (Some("张三"), None, None));
    }

    #[test]
    fn a_second_value_under_a_name_replaces_the_first() {
        let record = Record::new().with("name", "张三").with("name", "李四");
        assert_eq!(record.iter().collect::<Vec<_>>(), [("name", &"李四".into())]);
    }

    #[test]
    fn rows_are_a_value_and_no_text() {
        let rows = vec![Record::new().with("subject", "语文")];
        let record = Record::new().with("scores", rows.clone());
        assert_eq!((record.get("scores"), record.value("scores")), (None, Some(&RawValue::Rows(rows))));
    }

    #[test]
    fn rows_share_their_names_until_one_is_changed() {
        let names = Arc::new(vec!["a".to_owned(), "b".to_owned()]);
        let first = Record::from_row(2, &names, vec!["1".into(), "2".into()]);
        let second = first.clone().with("c", "3");
        assert_eq!((first.iter().count(), second.iter().count(), names.len()), (2, 3, 2));
    }
}
