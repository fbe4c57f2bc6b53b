//! What a check found, for people or for programs.

use std::path::Path;

use serde_json::{Map, Value, json};

use certpress::diag::Severity;
use certpress::proof::Finding;

use super::super::failure::Failure;
use super::super::terminal::{counted, say};

/// Mistakes of records that are told to people one by one.
const TOLD: usize = 20;

/// What a check of one layout found.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) findings: Vec<Finding>,
    /// How many records were looked at; `None` if none were to be, or the layout did not compile.
    pub(super) records: Option<u64>,
    /// The limit of records, if there are more.
    pub(super) limit: Option<u64>,
    /// What was not looked at because of mistakes that come before it.
    pub(super) unseen: Option<&'static str>,
    /// With `--archive`: the rules that were looked at.
    pub(super) archive: Vec<&'static str>,
}

/// How it is told.
pub(super) struct Told<'a> {
    pub(super) json: bool,
    pub(super) layout: &'a Path,
    pub(super) records: Option<&'a Path>,
}

impl Told<'_> {
    pub(super) fn say(&self, answer: &Answer) -> Result<(), Failure> {
        let count = |severity| answer.findings.iter().filter(|f| f.severity() == severity).count() as u64;
        let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Note].map(count);
        let layout = self.layout.display().to_string();
        if self.json {
            for finding in &answer.findings {
                say(&row(&layout, finding).to_string())?;
            }
            let mut sums = json!({
                "layout": layout, "records": answer.records.unwrap_or(0), "errors": errors, "warnings": warnings, "notes": notes,
            });
            if let Some(limit) = answer.limit {
                sums["limit"] = json!(limit);
            }
            if let Some(unseen) = answer.unseen {
                sums["unseen"] = json!(unseen);
            }
            if !answer.archive.is_empty() {
                sums["archive"] = json!(answer.archive);
            }
            return Ok(say(&sums.to_string())?);
        }
        let mut untold = 0;
        for (told, finding) in answer.findings.iter().enumerate() {
            if told > TOLD && finding.said.span.is_none() {
                untold += 1;
                continue;
            }
            say(&format!("{finding}\n"))?;
        }
        if untold > 0 {
            say(&format!("{} more of records: --json tells all\n", counted(untold, "mistake")))?;
        }
        let with = match self.records.zip(answer.records) {
            Some((path, records)) => {
                let first = if answer.limit.is_some() { "the first " } else { "" };
                format!(" with {first}{} of {}", counted(records, "record"), path.display())
            }
            None => String::new(),
        };
        let mut sums: Vec<String> = [(errors, "error"), (warnings, "warning"), (notes, "note")]
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, noun)| counted(count, noun))
            .collect();
        if sums.is_empty() {
            sums.push("nothing to mend".to_owned());
        }
        if !answer.archive.is_empty() {
            let broken = answer.findings.iter().filter(|f| f.rule.starts_with("archive.")).count();
            let rules = counted(answer.archive.len() as u64, "rule");
            sums.push(if broken == 0 {
                format!("OFD-A and PDF/A-3: {rules} hold")
            } else {
                format!("OFD-A and PDF/A-3: {rules} looked at")
            });
        }
        let unseen = match answer.unseen {
            Some(unseen) => format!("; {unseen} were not looked at: mend these first"),
            None => String::new(),
        };
        Ok(say(&format!("{layout}{with}: {}{unseen}", sums.join(", ")))?)
    }
}

/// A finding as an object of JSON.
pub(crate) fn row(layout: &str, finding: &Finding) -> Value {
    let said = &finding.said;
    let severity = match said.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    };
    let mut row = Map::new();
    let mut put = |name: &str, value: Value| row.insert(name.to_owned(), value);
    put("layout", json!(layout));
    put("severity", json!(severity));
    put("rule", json!(finding.rule));
    put("message", json!(said.message));
    put("hints", json!(said.hints));
    if let Some(span) = &said.span {
        let ((line, column), (end_line, end_column)) = (span.line_column(), span.end_line_column());
        put("file", json!(span.source.name));
        put("line", json!(line));
        put("column", json!(column));
        put("end_line", json!(end_line));
        put("end_column", json!(end_column));
        put("source", json!(span.source.text.lines().nth(line - 1).unwrap_or_default()));
    }
    if let Some(field) = &finding.field {
        put("field", json!(field));
    }
    if let Some(tally) = &finding.tally {
        put("records", json!(tally.records));
        put("of", json!(tally.of));
        put("row", json!(tally.row));
    }
    Value::Object(row)
}
