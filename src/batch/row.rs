//! A record's line in the manifest: what became of it.
//!
//! In: what happened to one record. Out: a [`Row`], which is a line of JSON and back.
//! Invariant: nothing in it depends on when, or on how many threads, the record was rendered, except the time of sealing.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::pairs;
use crate::layout::LayoutError;
use crate::licence::catalogue::Refusal;
use crate::record::{FieldError, FieldWarning, ReadError};

/// What became of one record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Where the record stands in its file, counted from 1 with the heading, as an editor or a spreadsheet shows it.
    pub row: u64,
    /// The certificate's number (证书编号), where the layout has a field of that name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The licence's identifier (电子证照标识), where the layout has such a field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<String>,
    /// Done or failed.
    pub status: Status,
    /// What tells its record from others: SHA-256 over its names and values, shortened to 16 bytes; lower-case hexadecimal. None where the
    /// record could not be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    /// The time of making and sealing (RFC 3339).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// The ids (esID) of the seals that it bears, in the order of signing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub seals: Vec<String>,
    /// What was written; empty for a failed record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileRow>,
    /// The metadata of its certificate, by name.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "pairs")]
    pub metadata: Vec<(String, String)>,
    /// What was mended or looks odd.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Problem>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Problem>,
}

impl Row {
    /// The line of JSON, with its end.
    pub(super) fn to_line(&self) -> Vec<u8> {
        let mut line = serde_json::to_vec(self).expect("a row has no keys but texts, and nothing that fails");
        line.push(b'\n');
        line
    }
}

/// Whether a record became a certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Every file of it is there.
    Done,
    /// See its errors.
    #[default]
    Failed,
}

/// One written file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRow {
    /// What it is.
    pub format: Format,
    /// Its name in the folder, with `/` between folders.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
    /// SHA-256 of the whole file, lower-case hexadecimal. (The seal inside covers the content with SM3; this one finds a file that was
    /// exchanged or cut short, and costs a fifth of it.)
    pub sha256: String,
    /// SM3 of the whole file, lower-case hexadecimal, if it was asked for: registers may name a certificate by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sm3: Option<String>,
}

/// What a file of a certificate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// The OFD package.
    Ofd,
    /// The PDF.
    Pdf,
}

impl Format {
    /// What its files' names end with.
    pub const fn extension(self) -> &'static str {
        match self {
            Format::Ofd => "ofd",
            Format::Pdf => "pdf",
        }
    }
}

/// One mistake or oddity of a record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Short and stable, for programs.
    pub code: String,
    /// The element in the layout's source that could not be set: file, line and column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The field's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The field's name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What the record says there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong.
    pub message: String,
    /// How to mend it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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

#[cfg(test)]
pub(super) mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Source, Span};
    use crate::layout::LayoutErrorKind;

    pub(in crate::batch) fn done(row: u64) -> Row {
        let file = FileRow {
            format: Format::Ofd,
            name: format!("{row}.ofd"),
            bytes: 90,
            sha256: "ab".into(),
            sm3: Some("cd".into()),
        };
        Row {
            row,
            number: Some(row.to_string()),
            status: Status::Done,
            time: Some("2026-03-05T08:00:00Z".into()),
            metadata: vec![("ZZMC".into(), "样例证书".into())],
            files: vec![file],
            ..Row::default()
        }
    }

    pub(in crate::batch) fn failed(row: u64) -> Row {
        let error = Problem {
            field: Some("issued_on".into()),
            value: Some("2026-13-01".into()),
            ..Problem::new("date", "not a date").hint("write dates as YYYY-MM-DD")
        };
        Row { row, errors: vec![error], ..Row::default() }
    }

    #[test]
    fn each_record_is_one_line_of_json_and_read_back_from_it() {
        let lines: String =
            [done(2), failed(3)].iter().map(|row| String::from_utf8(row.to_line()).unwrap()).collect();
        insta::assert_snapshot!(lines, @r#"
        {"row":2,"number":"2","status":"done","time":"2026-03-05T08:00:00Z","files":[{"format":"ofd","name":"2.ofd","bytes":90,"sha256":"ab","sm3":"cd"}],"metadata":{"ZZMC":"样例证书"}}
        {"row":3,"status":"failed","errors":[{"code":"date","field":"issued_on","value":"2026-13-01","message":"not a date","hint":"write dates as YYYY-MM-DD"}]}
        "#);
        let read: Vec<Row> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(read, [done(2), failed(3)]);
    }

    #[test]
    fn a_problem_reads_as_a_sentence_with_its_hint_below() {
        assert_eq!(
            failed(2).errors[0].to_string(),
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
}
