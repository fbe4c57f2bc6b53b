//! Record files: one iterator for every format, a row at a time.

mod csv;
mod encoding;
mod jsonl;
mod xlsx;

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use thiserror::Error;

use super::{RawValue, Record};

/// The most columns of a file.
const MAX_COLUMNS: usize = 512;
/// The most bytes of one row; a JSON line may carry an image in Base64.
pub(super) const MAX_ROW_BYTES: usize = 16 << 20;

/// The records of a file. After an error in one row the next rows still come; after an error of the file nothing does.
pub type Records = Box<dyn Iterator<Item = Result<Record, ReadError>> + Send>;

/// Why a file, or one row of it, could not be read.
#[derive(Debug, Error)]
#[error("{}{message}", row_prefix(*.row))]
pub struct ReadError {
    /// The row, counted as by [`Record::row`]; `None` if the file as a whole is at fault.
    pub row: Option<u64>,
    /// What is wrong.
    pub message: String,
    /// How to mend it, or empty.
    pub hint: &'static str,
    /// A stable word for machines: `read.columns`.
    pub code: &'static str,
}

fn row_prefix(row: Option<u64>) -> String {
    row.map(|row| format!("row {row}: ")).unwrap_or_default()
}

impl ReadError {
    fn file(code: &'static str, message: impl Into<String>, hint: &'static str) -> ReadError {
        ReadError { row: None, message: message.into(), hint, code }
    }

    fn row(row: u64, code: &'static str, message: impl Into<String>, hint: &'static str) -> ReadError {
        ReadError { row: Some(row), ..ReadError::file(code, message, hint) }
    }

    fn io(error: &io::Error) -> ReadError {
        ReadError::file(
            "read.io",
            format!("the file cannot be read: {error}"),
            "check the path and who may read it",
        )
    }
}

/// A format by the extension of its files.
#[derive(Clone, Copy)]
enum Format {
    Csv,
    JsonLines,
    Json,
    Xlsx,
}

impl Format {
    fn of(path: &Path) -> Option<Format> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" | "tsv" | "txt" => Some(Format::Csv),
            "jsonl" | "ndjson" => Some(Format::JsonLines),
            "json" => Some(Format::Json),
            "xlsx" => Some(Format::Xlsx),
            _ => None,
        }
    }
}

/// Whether [`open`] knows files of this name.
pub(super) fn is_known(path: &Path) -> bool {
    Format::of(path).is_some()
}

impl Record {
    /// The record that a JSON object says, as a line of JSON Lines would: text, numbers and truth values count as their text, `null` as
    /// nothing given, an array of objects as the rows of a list.
    ///
    /// # Errors
    /// The text is no such object, or longer than a row may be.
    pub fn from_json(text: &str) -> Result<Record, ReadError> {
        if text.len() > MAX_ROW_BYTES {
            let message = format!("the object is longer than {MAX_ROW_BYTES} bytes");
            return Err(ReadError::file("read.row-bytes", message, "give images as files"));
        }
        jsonl::from_text(text)
    }
}

/// Opens a `.csv` (or `.txt`, `.tsv`), `.jsonl` (or `.ndjson`) or `.xlsx` file of records, or a `.json` file of one.
pub fn open(path: impl AsRef<Path>) -> Result<Records, ReadError> {
    let path = path.as_ref();
    let format = Format::of(path).ok_or_else(|| {
        ReadError::file(
            "read.format",
            format!("the file is of no known format: {}", path.display()),
            "give a .csv, .jsonl or .xlsx file",
        )
    })?;
    let file = File::open(path).map_err(|e| ReadError::io(&e))?;
    Ok(match format {
        Format::Csv => Box::new(csv::Rows::open(file)?),
        Format::JsonLines => Box::new(jsonl::Lines::open(file)),
        Format::Json => Box::new(std::iter::once(jsonl::one(file))),
        Format::Xlsx => Box::new(xlsx::Rows::open(file)?),
    })
}

/// The heading's cells as names, trimmed; empty ones at the end are dropped.
fn headings<S: AsRef<str>>(cells: impl Iterator<Item = S>) -> Result<Arc<Vec<String>>, ReadError> {
    let mut names: Vec<String> = cells.map(|cell| cell.as_ref().trim().to_owned()).collect();
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    if names.is_empty() {
        return Err(ReadError::file(
            "read.heading",
            "the file does not begin with a heading",
            "write the names or labels of the fields in the first row",
        ));
    }
    if names.len() > MAX_COLUMNS {
        let message = format!("the heading has {} columns, more than {MAX_COLUMNS}", names.len());
        return Err(ReadError::file("read.columns", message, "delete the columns that no field needs"));
    }
    let twice = names.iter().enumerate().find(|(i, name)| !name.is_empty() && names[..*i].contains(name));
    if let Some((_, name)) = twice {
        let message = format!("the heading names a column twice: {name}");
        return Err(ReadError::file("read.heading-twice", message, "delete or rename one of the two"));
    }
    Ok(Arc::new(names))
}

/// One row under the heading's names.
fn row_under(names: &Arc<Vec<String>>, row: u64, mut values: Vec<String>) -> Result<Record, ReadError> {
    while values.len() > names.len() && values.last().is_some_and(|v| v.trim().is_empty()) {
        values.pop();
    }
    if values.len() != names.len() {
        let message = format!("the row has {} values for {} columns", values.len(), names.len());
        let hint = "put values that hold the delimiter between quotation marks";
        return Err(ReadError::row(row, "read.columns", message, hint));
    }
    Ok(Record::from_row(row, names, values.into_iter().map(RawValue::Text).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_extension_chooses_the_reader_whatever_its_case() {
        let dir = tempfile::tempdir().unwrap();
        let files = [
            ("a.CSV", "姓名\n张三\n"),
            ("a.jsonl", "{\"姓名\":\"张三\"}\n"),
            ("a.json", "\u{FEFF}{\n  \"姓名\": \"张三\"\n}\n"),
        ];
        for (name, text) in files {
            let path = dir.path().join(name);
            std::fs::write(&path, text).unwrap();
            let names: Vec<_> =
                open(path).unwrap().map(|r| r.unwrap().get("姓名").map(str::to_owned)).collect();
            assert_eq!(names, [Some("张三".to_owned())], "{name}");
        }
    }

    #[test]
    fn a_missing_file_and_a_foreign_format_are_told_apart() {
        let code = |path: &str| open(path).map(|_| ()).map_err(|e| e.code);
        assert_eq!(code("no/such.csv"), Err("read.io"));
        assert_eq!(code("records.xls"), Err("read.format"));
    }
}
