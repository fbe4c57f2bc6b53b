//! Binding: a record's text becomes typed values, or a list of everything that is wrong with it.

use super::image::{ImageError, ImageRoot};
use super::{Entry, Field, FieldError, FieldKind, FieldWarning, Record, Schema, Value};
use crate::licence::pua::Table;

/// What binding may use besides the record.
#[derive(Clone, Debug, Default)]
pub struct BindOptions {
    /// Where image paths lead; without it, only `data:` URLs give images.
    pub image_root: Option<ImageRoot>,
    /// What private code points stand for.
    pub pua: Table,
}

impl Schema {
    /// Checks `record` field by field; a column counts for a field if it has its name or its label.
    pub fn bind(&self, record: &Record, options: &BindOptions) -> Result<Entry, Vec<FieldError>> {
        let mut values = Vec::with_capacity(self.fields.len());
        let mut warnings = Vec::new();
        let mut errors = Vec::new();
        for field in &self.fields {
            let mut notes = Vec::new();
            match bind_field(field, record, options, &mut notes) {
                Ok(value) => values.push(value),
                Err((given, fault)) => errors.push(fault.about(field, record, given)),
            }
            warnings.extend(notes.into_iter().map(|(code, message)| FieldWarning {
                row: record.row(),
                field: field.name.clone(),
                label: field.label.clone(),
                message,
                code,
            }));
        }
        if errors.is_empty() { Ok(Entry { row: record.row(), values, warnings }) } else { Err(errors) }
    }

    /// The names in `record` that belong to no field: worth one warning for a whole file.
    pub fn unknown_names<'r>(&self, record: &'r Record) -> Vec<&'r str> {
        let known =
            |name: &str| name.is_empty() || self.fields.iter().any(|f| f.name == name || f.label == name);
        record.iter().map(|(name, _)| name).filter(|name| !known(name)).collect()
    }
}

impl Field {
    /// What `record` says of this field, under its name or its label, trimmed; else the default. Blank counts as not given.
    ///
    /// # Errors
    /// With the value under the label if the name has another.
    pub(crate) fn given<'r>(&'r self, record: &'r Record) -> Result<Option<&'r str>, &'r str> {
        let under = |name: &str| record.get(name).map(str::trim).filter(|v| !v.is_empty());
        match (under(&self.name), under(&self.label)) {
            (Some(a), Some(b)) if a != b => Err(b),
            (a, b) => Ok(a.or(b).or(self.default.as_deref())),
        }
    }
}

/// Warnings of one field: code and message.
pub(super) type Notes = Vec<(&'static str, String)>;

fn bind_field<'r>(
    field: &'r Field,
    record: &'r Record,
    options: &BindOptions,
    notes: &mut Notes,
) -> Result<Value, (&'r str, Fault)> {
    let given = field.given(record).map_err(|other| {
        let fault = Fault::new("field.twice", "is given twice, under its name and its label");
        (other, fault.hint("keep one of the two columns"))
    })?;
    match given {
        Some(text) => field.kind.parse(text, options, notes).map_err(|fault| (text, fault)),
        None if field.required || field.kind == FieldKind::Approval => Err(("", Fault::missing(field))),
        None => Ok(Value::Null),
    }
}

/// What is wrong with a value, before it is known whose value it is.
pub(super) struct Fault {
    code: &'static str,
    message: String,
    hint: String,
}

impl Fault {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into(), hint: String::new() }
    }

    pub(super) fn hint(self, hint: impl Into<String>) -> Fault {
        Fault { hint: hint.into(), ..self }
    }

    fn missing(field: &Field) -> Fault {
        let columns = if field.label.is_empty() {
            field.name.clone()
        } else {
            format!("{} or {}", field.name, field.label)
        };
        if field.kind == FieldKind::Approval {
            let hint = format!("write the approval's number into the column {columns}, or leave the row out");
            return Fault::new("field.unapproved", "is missing: the row is not approved").hint(hint);
        }
        Fault::new("field.missing", "is missing").hint(format!("fill in the column {columns}"))
    }

    fn about(self, field: &Field, record: &Record, given: &str) -> FieldError {
        FieldError {
            row: record.row(),
            field: field.name.clone(),
            label: field.label.clone(),
            value: shortened(given),
            message: self.message,
            hint: field.hint.clone().unwrap_or(self.hint),
            code: self.code,
        }
    }
}

impl From<ImageError> for Fault {
    fn from(error: ImageError) -> Fault {
        Fault::new(error.code(), error.to_string()).hint(error.hint())
    }
}

/// The first 40 characters, on one line.
fn shortened(value: &str) -> String {
    const SHOWN: usize = 40;
    let mut out: String = value.chars().take(SHOWN).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if value.chars().nth(SHOWN).is_some() {
        out.push('…');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn schema(kind: FieldKind) -> Schema {
        Schema { id: "demo".into(), fields: vec![Field::new("f", kind).label("栏").required()] }
    }

    const TEXT: FieldKind = FieldKind::Text { max: 10 };

    #[test]
    fn an_error_tells_row_field_label_value_and_what_to_do() {
        let record = Record::new().with("栏", "2026-13-01").at_row(17);
        let errors = schema(FieldKind::Date).bind(&record, &BindOptions::default()).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "row 17: field f (栏) is not a date: 2026-13-01\n  hint: write dates as YYYY-MM-DD"
        );
        assert_eq!(errors[0].code, "field.date");
    }

    #[test]
    fn all_errors_of_a_record_are_told_at_once() {
        let fields = vec![
            Field::new("name", FieldKind::PersonName).required(),
            Field::new("unit", TEXT),
            Field::new("issued_on", FieldKind::Date),
        ];
        let schema = Schema { id: String::new(), fields };
        let record = Record::new().with("unit", "十一个字的单位名称太长").with("issued_on", "昨天");
        let errors = schema.bind(&record, &BindOptions::default()).unwrap_err();
        let codes: Vec<_> = errors.iter().map(|e| (e.field.as_str(), e.code)).collect();
        assert_eq!(codes, [("name", "field.missing"), ("unit", "field.length"), ("issued_on", "field.date")]);
    }

    #[test]
    fn a_default_stands_in_for_an_empty_value_and_is_checked_like_one() {
        let field = |default: &str| Schema {
            id: String::new(),
            fields: vec![Field::new("review", FieldKind::Choice(vec!["普通".into()])).default_value(default)],
        };
        let record = Record::new().with("review", " 　");
        let bound = |default| field(default).bind(&record, &BindOptions::default());
        assert_eq!(bound("普通").unwrap().value(0), &Value::Text("普通".into()));
        assert_eq!(bound("特殊").unwrap_err()[0].code, "field.choice");
    }

    #[test]
    fn a_row_without_its_approval_is_refused_as_not_approved_whether_required_or_not() {
        let fields = vec![Field::new("approval", FieldKind::Approval).label("批准文号")];
        let schema = Schema { id: String::new(), fields };
        let bound = |text| schema.bind(&Record::new().with("批准文号", text), &BindOptions::default());
        assert_eq!(bound("样人社〔2026〕1号").unwrap().value(0), &Value::Text("样人社〔2026〕1号".into()));
        let error = &bound(" ").unwrap_err()[0];
        assert_eq!(error.code, "field.unapproved");
        assert_eq!(
            error.to_string(),
            "field approval (批准文号) is missing: the row is not approved\n  hint: write the approval's number into the \
             column approval or 批准文号, or leave the row out"
        );
    }

    #[test]
    fn a_field_given_differently_under_name_and_label_is_refused() {
        let bound =
            |a, b| schema(TEXT).bind(&Record::new().with("f", a).with("栏", b), &BindOptions::default());
        assert_eq!(bound("甲", "乙").unwrap_err()[0].code, "field.twice");
        assert_eq!(bound("甲", "甲").unwrap().value(0), &Value::Text("甲".into()));
        assert_eq!(bound("", "乙").unwrap().value(0), &Value::Text("乙".into()));
    }

    #[test]
    fn a_blank_value_under_the_name_gives_way_to_the_label_and_then_to_the_default() {
        let field = Field::new("number", TEXT).label("编号").default_value("0");
        let record = |name, label| Record::new().with("number", name).with("编号", label);
        for (name, label, given) in [("  ", " 7 ", "7"), (" ", "　", "0"), ("6 ", "6", "6")] {
            assert_eq!(field.given(&record(name, label)), Ok(Some(given)));
        }
        assert_eq!(field.given(&record("6", "7")), Err("7"));
    }

    #[test]
    fn names_that_no_field_has_are_listed() {
        let record = Record::new().with("f", "1").with("栏", "1").with("備註", "1").with("", "1");
        assert_eq!(schema(TEXT).unknown_names(&record), ["備註"]);
    }

    #[test]
    fn the_authors_hint_stands_in_for_the_types_own() {
        let mut schema = schema(FieldKind::Date);
        schema.fields[0].hint = Some("the day of the committee's decision".into());
        let errors = schema.bind(&Record::new().with("f", "x"), &BindOptions::default()).unwrap_err();
        assert_eq!(errors[0].hint, "the day of the committee's decision");
    }

    #[test]
    fn a_long_value_is_shortened_to_one_line() {
        assert_eq!(shortened(&"甲\n".repeat(30)), format!("{}…", "甲 ".repeat(20)));
    }
}
