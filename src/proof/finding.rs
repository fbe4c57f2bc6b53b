//! One thing to tell the author about a layout and its records.

use crate::diag::{Diagnostic, Severity, Span};
use crate::error::{PressError, RenderError};
use crate::layout::LayoutError;
use crate::record::{FieldError, ReadError};

/// Something about a layout, perhaps seen in several of its records.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// Short and stable, for programs: `text-overlap`.
    pub rule: &'static str,
    /// What is said, and where in the layout; a mistake of a record alone has no place there.
    pub said: Said,
    /// The record's field, where one is to blame.
    pub field: Option<String>,
    /// In which records; `None` for what needs none to be seen.
    pub tally: Option<Tally>,
}

/// What is said.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// How bad it is.
    pub severity: Severity,
    /// Where in the layout.
    pub span: Option<Span>,
    /// What, without a full stop.
    pub message: String,
    /// How to mend it.
    pub hints: Vec<String>,
}

/// In how many records something was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tally {
    /// How many records show it.
    pub records: u64,
    /// Of how many.
    pub of: u64,
    /// The row of the one where it is worst, as files count them.
    pub row: u64,
}

impl Finding {
    /// What the compiler says; `rule` is its family.
    pub fn of_source(rule: &'static str, diagnostic: &Diagnostic) -> Finding {
        let Diagnostic { severity, span, message, hints } = diagnostic.clone();
        let said = Said { severity, span: Some(span), message, hints };
        Finding { rule, said, field: None, tally: None }
    }

    /// An element of the layout itself that cannot be set.
    pub fn of_static(error: &LayoutError) -> Finding {
        Finding { tally: None, ..Finding::of_layout(error, Tally { records: 0, of: 0, row: 0 }) }
    }

    /// Static parts that cannot be written.
    pub(super) fn of_static_part(error: &PressError) -> Finding {
        let tally = Tally { records: 0, of: 0, row: 0 };
        Finding { tally: None, ..Finding::of_record("static", error.to_string(), "", tally) }
    }

    /// Why the record at `row` did not become pages: one finding for each mistake.
    pub fn of_render(error: &RenderError, row: u64) -> Vec<Finding> {
        let tally = Tally { records: 1, of: 1, row };
        match error {
            RenderError::Fields(errors) => {
                errors.iter().map(|error| Finding::of_field(error, tally)).collect()
            }
            RenderError::Layout(error) => vec![Finding::of_layout(error, tally)],
            other => vec![Finding::of_record(other.code(), other.to_string(), "", tally)],
        }
    }

    /// A row of the records' file that cannot be read.
    pub fn of_reading(error: &ReadError) -> Finding {
        let tally = Tally { records: 1, of: 1, row: error.row.unwrap_or(0) };
        Finding::of_record(error.code, error.message.clone(), error.hint, tally)
    }

    fn of_record(rule: &'static str, message: String, hint: &str, tally: Tally) -> Finding {
        let hints = Some(hint).filter(|hint| !hint.is_empty()).map(String::from).into_iter().collect();
        let said = Said { severity: Severity::Error, span: None, message, hints };
        Finding { rule, said, field: None, tally: Some(tally) }
    }

    fn of_field(error: &FieldError, tally: Tally) -> Finding {
        let value = if error.value.is_empty() { String::new() } else { format!(": {}", error.value) };
        let label = if error.label.is_empty() { String::new() } else { format!(" ({})", error.label) };
        let message = format!("field {}{label} {}{value}", error.field, error.message);
        Finding {
            field: Some(error.field.clone()),
            ..Finding::of_record(error.code, message, &error.hint, tally)
        }
    }

    fn of_layout(error: &LayoutError, tally: Tally) -> Finding {
        let field = error.field.as_ref().map_or(String::new(), |field| format!("field {field}: "));
        let message = format!("{field}{}", error.kind);
        let mut finding = Finding::of_record(error.code(), message, error.hint().unwrap_or_default(), tally);
        finding.said.span.clone_from(&error.span);
        finding.field.clone_from(&error.field);
        finding
    }

    /// File and byte of its place in the layout, to put findings in the order of the source.
    pub(super) fn order(&self) -> Option<(&str, usize)> {
        let span = self.said.span.as_ref()?;
        Some((&span.source.name, span.range.start))
    }

    /// How bad it is.
    pub fn severity(&self) -> Severity {
        self.said.severity
    }
}

impl std::fmt::Display for Finding {
    /// The message, with the layout's line underneath where it has one.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Said { severity, span, message, hints } = &self.said;
        let records = match &self.tally {
            Some(Tally { records: 1, of: 1, row }) if *severity == Severity::Error => format!("row {row}: "),
            _ => String::new(),
        };
        let message = format!("{records}{message}");
        if let Some(span) = span {
            let diagnostic =
                Diagnostic { severity: *severity, span: span.clone(), message, hints: hints.clone() };
            return diagnostic.fmt(f);
        }
        let word = match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{word}: {message}")?;
        hints.iter().try_for_each(|hint| write!(f, "\n  hint: {hint}"))
    }
}
