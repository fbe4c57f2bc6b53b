//! What the giver of a record is told about one field: what is wrong, with which value, and how to mend it.

use std::fmt;

/// One field of one record that breaks a rule. Shown as `row 17: field issued_on (批准日期) is not a date: 2026-13-01`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The row, if the record came from a file.
    pub row: Option<u64>,
    /// The field's name.
    pub field: String,
    /// The field's label, or empty.
    pub label: String,
    /// The value as given, long ones shortened; empty if none was given.
    pub value: String,
    /// What is wrong, to be read after the field's name: `is not a date`.
    pub message: String,
    /// How to mend it, or empty.
    pub hint: String,
    /// A stable word for machines: `field.date`.
    pub code: &'static str,
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_subject(f, self.row, &self.field, &self.label)?;
        write!(f, " {}", self.message)?;
        if !self.value.is_empty() {
            write!(f, ": {}", self.value)?;
        }
        if !self.hint.is_empty() {
            write!(f, "\n  hint: {}", self.hint)?;
        }
        Ok(())
    }
}

impl std::error::Error for FieldError {}

/// One field of one record that was changed on the way in, or looks odd.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldWarning {
    /// The row, if the record came from a file.
    pub row: Option<u64>,
    /// The field's name.
    pub field: String,
    /// The field's label, or empty.
    pub label: String,
    /// What was done or seen, to be read after the field's name.
    pub message: String,
    /// A stable word for machines: `field.normalised`.
    pub code: &'static str,
}

impl fmt::Display for FieldWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_subject(f, self.row, &self.field, &self.label)?;
        write!(f, " {}", self.message)
    }
}

fn write_subject(f: &mut fmt::Formatter<'_>, row: Option<u64>, field: &str, label: &str) -> fmt::Result {
    if let Some(row) = row {
        write!(f, "row {row}: ")?;
    }
    write!(f, "field {field}")?;
    if !label.is_empty() {
        write!(f, " ({label})")?;
    }
    Ok(())
}
