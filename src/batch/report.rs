//! The report: one line of JSON for every record, and the sums.
//!
//! In: what became of each record, in the order of the records. Out: `report.jsonl`, and a [`Summary`].
//! Invariant: as many lines as records were read; a report without the suffix `.part` is of a run that ended by itself.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::time::Duration;

use serde::Serialize;

use super::sink::Folder;
use crate::layout::LayoutError;
use crate::licence::catalogue::Refusal;
use crate::record::{FieldError, FieldWarning, ReadError, UnknownName};

/// What became of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Where the record stands in its file, counted from 1 with the heading, as an editor or a spreadsheet shows it.
    pub row: u64,
    /// The certificate's number (证书编号), where the layout has a field of that name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The licence's identifier (电子证照标识), where the layout has such a field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Done or failed.
    pub status: Status,
    /// The metadata of its certificate, by name.
    #[serde(skip)]
    pub metadata: Vec<(String, String)>,
    /// What was written; empty for a failed record, unless writing is what failed.
    pub files: Vec<FileRow>,
    /// What was mended or looks odd.
    pub warnings: Vec<Problem>,
    /// Why it failed.
    pub errors: Vec<Problem>,
}

/// Whether a record became a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every file of it is there.
    Done,
    /// See its errors.
    #[default]
    Failed,
}

/// One written file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FileRow {
    /// `ofd` or `pdf`.
    pub format: &'static str,
    /// Its name in the folder.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, lower-case hexadecimal. (The seal inside covers the content with SM3; this one finds a file that was
    /// exchanged or cut short, and costs a fifth of it.)
    pub sha256: String,
    /// SM3 of the whole file, lower-case hexadecimal, of an OFD if it was asked for: registers may name the original by it.
    #[serde(skip)]
    pub sm3: Option<String>,
    /// Whether it took the place of an earlier run's file.
    #[serde(skip)]
    pub replaced: bool,
}

/// One mistake or oddity of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Short and stable, for programs.
    pub code: String,
    /// The element in the layout's source that could not be set: file, line and column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The field's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The field's name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the record says there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    /// A problem of the record as a whole.
    pub fn new(code: &str, message: impl Into<String>) -> Problem {
        Problem { code: code.into(), message: message.into(), ..Problem::default() }
    }

    /// The same with a hint.
    pub fn hint(mut self, hint: impl Into<String>) -> Problem {
        self.hint = Some(hint.into());
        self
    }
}

impl From<&FieldError> for Problem {
    fn from(error: &FieldError) -> Problem {
        Problem {
            code: error.code.into(),
            place: None,
            field: given(&error.field),
            label: given(&error.label),
            value: given(&error.value),
            message: error.message.clone(),
            hint: given(&error.hint),
        }
    }
}

impl From<&LayoutError> for Problem {
    fn from(error: &LayoutError) -> Problem {
        Problem {
            place: error.span.as_ref().map(|span| format!("{span:?}")),
            field: error.field.clone(),
            hint: error.hint().map(String::from),
            ..Problem::new(error.code(), error.kind.to_string())
        }
    }
}

impl From<&FieldWarning> for Problem {
    fn from(warning: &FieldWarning) -> Problem {
        Problem {
            field: given(&warning.field),
            label: given(&warning.label),
            ..Problem::new(warning.code, &warning.message)
        }
    }
}

impl From<&ReadError> for Problem {
    fn from(error: &ReadError) -> Problem {
        Problem { hint: given(error.hint), ..Problem::new(error.code, &error.message) }
    }
}

impl From<&Refusal> for Problem {
    fn from(refusal: &Refusal) -> Problem {
        Problem { hint: given(&refusal.hint()), ..Problem::new(refusal.code(), refusal.to_string()) }
    }
}

/// An empty text means that there is none.
fn given(text: &str) -> Option<String> {
    Some(text).filter(|t| !t.is_empty()).map(String::from)
}

impl fmt::Display for Problem {
    /// As a person reads it after the row's number: `field issued_on (批准日期) is not a date: 2026-13-01`, the hint on a line of
    /// its own. One of the layout names the place first: `title.xml:12:5: field unit: no face has the character U+1F600`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(place) = &self.place {
            write!(f, "{place}: ")?;
        }
        if let Some(field) = &self.field {
            write!(f, "field {field}")?;
            if let Some(label) = &self.label {
                write!(f, " ({label})")?;
            }
            // What is wrong with a value is said of the field; what is wrong with an element has its own subject.
            f.write_str(if self.place.is_some() { ": " } else { " " })?;
        }
        f.write_str(&self.message)?;
        if let Some(value) = &self.value {
            write!(f, ": {value}")?;
        }
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}

/// The sums of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Records that became certificates.
    pub done: u64,
    /// Records that did not.
    pub failed: u64,
    /// Records with warnings, done or not.
    pub warned: u64,
    /// Files written.
    pub files: u64,
    /// Columns of the first record that belong to no field of the layout.
    pub ignored: Vec<UnknownName>,
    /// Files written in place of an earlier run's.
    pub replaced: u64,
    /// Bytes written.
    pub bytes: u64,
    /// From the first record to the last.
    pub elapsed: Duration,
    /// Whether it was stopped before the records ended.
    pub interrupted: bool,
}

impl Summary {
    /// Counts `row` in.
    pub(crate) fn add(&mut self, row: &Row) {
        match row.status {
            Status::Done => self.done += 1,
            Status::Failed => self.failed += 1,
        }
        self.warned += u64::from(!row.warnings.is_empty());
        for file in &row.files {
            self.files += 1;
            self.replaced += u64::from(file.replaced);
            self.bytes += file.bytes;
        }
    }

    /// Certificates made per second; 0 if no time passed.
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 { self.done as f64 / seconds } else { 0.0 }
    }
}

/// The report being written.
pub(crate) struct Report<'a> {
    folder: &'a Folder,
    out: BufWriter<&'a File>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(folder: &'a Folder) -> Report<'a> {
        Report { folder, out: BufWriter::new(folder.report()) }
    }

    pub(crate) fn write(&mut self, row: &Row) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, row)?;
        self.out.write_all(b"\n")
    }

    /// Completes the report under its final name.
    pub(crate) fn finish(mut self) -> io::Result<()> {
        self.out.flush()?;
        self.folder.finish_report()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::Arc;

    use super::*;
    use crate::batch::sink::{REPORT, REPORT_UNFINISHED};
    use crate::diag::{Source, Span};
    use crate::layout::LayoutErrorKind;

    fn done() -> Row {
        let file = FileRow {
            format: "ofd",
            name: "1.ofd".into(),
            bytes: 90,
            sha256: "ab".into(),
            sm3: None,
            replaced: true,
        };
        Row { row: 1, number: Some("1".into()), status: Status::Done, files: vec![file], ..Row::default() }
    }

    fn failed() -> Row {
        let error = Problem {
            field: Some("issued_on".into()),
            value: Some("2026-13-01".into()),
            ..Problem::new("date", "not a date").hint("write dates as YYYY-MM-DD")
        };
        Row { row: 2, errors: vec![error], ..Row::default() }
    }

    #[test]
    fn each_record_is_one_line_of_json() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let mut report = Report::new(&folder);
        report.write(&done()).unwrap();
        report.write(&failed()).unwrap();
        report.finish().unwrap();
        insta::assert_snapshot!(fs::read_to_string(dir.path().join(REPORT)).unwrap(), @r#"
        {"row":1,"number":"1","status":"done","files":[{"format":"ofd","name":"1.ofd","bytes":90,"sha256":"ab"}],"warnings":[],"errors":[]}
        {"row":2,"status":"failed","files":[],"warnings":[],"errors":[{"code":"date","field":"issued_on","value":"2026-13-01","message":"not a date","hint":"write dates as YYYY-MM-DD"}]}
        "#);
    }

    #[test]
    fn a_problem_reads_as_a_sentence_with_its_hint_below() {
        assert_eq!(
            failed().errors[0].to_string(),
            "field issued_on not a date: 2026-13-01\n  hint: write dates as YYYY-MM-DD"
        );
    }

    #[test]
    fn an_error_of_the_layout_names_its_place_and_field_once() {
        let source = Arc::new(Source { name: "title.xml".into(), text: "<page>\n  <text/>".into() });
        let kind = LayoutErrorKind::Expression("no such date".into());
        let error =
            LayoutError { span: Some(Span::new(&source, 9..16)), field: Some("issued_on".into()), kind };
        let problem = Problem::from(&error);
        assert_eq!(problem.message, "no such date");
        assert_eq!(problem.to_string(), "title.xml:2:3: field issued_on: no such date");
        assert_eq!(problem.to_string(), error.to_string());
    }

    #[test]
    fn a_report_that_was_not_finished_keeps_its_suffix() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::open(dir.path()).unwrap();
        let mut report = Report::new(&folder);
        report.write(&done()).unwrap();
        drop(report);
        assert!(dir.path().join(REPORT_UNFINISHED).exists());
        assert!(!dir.path().join(REPORT).exists());
    }

    #[test]
    fn the_sums_count_records_files_and_bytes() {
        let mut sum = Summary::default();
        sum.add(&done());
        sum.add(&failed());
        sum.elapsed = Duration::from_millis(500);
        assert_eq!((sum.done, sum.failed, sum.warned), (1, 1, 0));
        assert_eq!((sum.files, sum.replaced, sum.bytes), (1, 1, 90));
        assert_eq!(sum.rate(), 2.0);
    }
}
