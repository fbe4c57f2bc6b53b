//! Binding: a record's text becomes typed values, or a list of everything that is wrong with it.

use super::image::{ImageError, ImageRoot};
use super::rows::{HOW, Rows};
use super::unknown::UnknownName;
use super::{Entry, Field, FieldError, FieldKind, FieldWarning, RawValue, Record, Schema, Value};
use crate::licence::pua::Table;

/// What binding may use besides the record.
#[derive(Clone, Debug, Default)]
pub struct BindOptions {
    /// Where the paths of images and of files of rows lead; without it, only `data:` URLs give images.
    pub image_root: Option<ImageRoot>,
    /// What private code points stand for.
    pub pua: Table,
}

/// The most errors, and the most warnings, told of the rows of one list.
const MAX_TOLD: usize = 20;
/// The most bytes that the images in a record's rows have together: 64 MiB.
const MAX_ROW_IMAGES: usize = 64 << 20;

impl Schema {
    /// Checks `record` field by field; a column counts for a field if it has its name or its label.
    ///
    /// The rows of a list come as an array of objects, as columns such as `scores.1.subject` or `成绩.1.科目`, or as the name of a
    /// `.csv`, `.jsonl` or `.xlsx` file under [`BindOptions::image_root`].
    ///
    /// # Errors
    /// All that is wrong; of the rows of one list, the first twenty errors. `scores[3].score` is the field `score` in row 3,
    /// which is the number of its columns, its row in its file, or its place in the array, from 1.
    pub fn bind(&self, record: &Record, options: &BindOptions) -> Result<Entry, Vec<FieldError>> {
        let mut binder =
            Binder { options, row: record.row(), images: 0, warnings: Vec::new(), errors: Vec::new() };
        let values = self.fields.iter().map(|field| binder.field(field, record)).collect();
        let Binder { warnings, errors, .. } = binder;
        if errors.is_empty() { Ok(Entry { values, warnings }) } else { Err(errors) }
    }
}

impl Field {
    /// Whether `name` is this field's name or its label.
    pub(super) fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.label == name
    }

    /// What `record` says of this field, under its name or its label, trimmed; else the default. Blank counts as not given.
    ///
    /// # Errors
    /// With the value under the label if the name has another.
    pub(crate) fn given<'r>(&'r self, record: &'r Record) -> Result<Option<&'r str>, &'r str> {
        Ok(self.written(record)?.or(self.default.as_deref()))
    }

    /// The same without the default.
    ///
    /// # Errors
    /// As [`Field::given`].
    pub(crate) fn written<'r>(&self, record: &'r Record) -> Result<Option<&'r str>, &'r str> {
        let under = |name: &str| record.get(name).map(str::trim).filter(|v| !v.is_empty());
        match (under(&self.name), under(&self.label)) {
            (Some(a), Some(b)) if a != b => Err(b),
            (a, b) => Ok(a.or(b)),
        }
    }
}

/// Binds one record.
struct Binder<'o> {
    options: &'o BindOptions,
    row: Option<u64>,
    /// The bytes of the images in rows so far.
    images: usize,
    warnings: Vec<FieldWarning>,
    errors: Vec<FieldError>,
}

impl Binder<'_> {
    /// The value of a field of the record itself; what is wrong with it goes to the errors.
    fn field(&mut self, field: &Field, record: &Record) -> Value {
        match &field.kind {
            FieldKind::List { fields, max } => self.list(field, fields, *max, record),
            _ => self.scalar(field, record, None),
        }
    }

    fn list(&mut self, list: &Field, columns: &[Field], max: usize, record: &Record) -> Value {
        let rows = match list.rows_in(record, max, self.options) {
            Ok(rows) if rows.rows.is_empty() && list.required => Err(("", Fault::missing(list))),
            other => other,
        };
        let Rows { rows, file } = match rows {
            Ok(rows) => rows,
            Err((given, fault)) => {
                self.refuse(fault, list, None, given);
                return Value::Null;
            }
        };
        let (errors, warnings) = (self.errors.len(), self.warnings.len());
        if let (Some(file), Some(first)) = (file, rows.first()) {
            for name in UnknownName::in_row(columns, first) {
                let message =
                    format!("has a column that is none of its fields (in {}): {name}", shortened(file));
                self.note(("list.unknown", message), list, None);
            }
        }
        let mut bound = Vec::with_capacity(rows.len());
        for (place, row) in (1..).zip(&*rows) {
            let at = RowOf { list, number: row.row().unwrap_or(place), file };
            bound.push(columns.iter().map(|field| self.scalar(field, row, Some(&at))).collect());
            if self.images > MAX_ROW_IMAGES {
                let message = format!("has images of more than {MAX_ROW_IMAGES} bytes together");
                self.refuse(Fault::new("list.images", message).hint("save them smaller"), list, None, "");
                break;
            }
            if self.errors.len() > errors + MAX_TOLD {
                self.errors.truncate(errors + MAX_TOLD);
                self.refuse(Fault::new("list.more", "has more that is wrong"), list, None, "");
                break;
            }
        }
        if let Some(more) = self.warnings.len().checked_sub(warnings + MAX_TOLD).filter(|n| *n > 0) {
            self.warnings.truncate(warnings + MAX_TOLD);
            self.note(("list.more", format!("has {more} more such notes")), list, None);
        }
        Value::List(bound.into())
    }

    /// The value of a field that is no list, of the record itself or of a row.
    fn scalar(&mut self, field: &Field, record: &Record, at: Option<&RowOf>) -> Value {
        let mut notes = Vec::new();
        let value = match scalar(field, record, self.options, &mut notes) {
            Ok(value) => value,
            Err((given, fault)) => {
                self.refuse(fault, field, at, given);
                Value::Null
            }
        };
        if let (Value::Image(image), Some(_)) = (&value, at) {
            self.images += image.data.len();
        }
        notes.into_iter().for_each(|note| self.note(note, field, at));
        value
    }

    fn refuse(&mut self, fault: Fault, field: &Field, at: Option<&RowOf>, given: &str) {
        let (name, label) = path(field, at);
        let message = match at.and_then(|at| at.file) {
            Some(file) => format!("{} (in {})", fault.message, shortened(file)),
            None => fault.message,
        };
        self.errors.push(FieldError {
            row: self.row,
            field: name,
            label,
            value: shortened(given),
            message,
            hint: field.hint.clone().unwrap_or(fault.hint),
            code: fault.code,
        });
    }

    fn note(&mut self, (code, message): (&'static str, String), field: &Field, at: Option<&RowOf>) {
        let (field, label) = path(field, at);
        self.warnings.push(FieldWarning { row: self.row, field, label, message, code });
    }
}

/// A row of a list.
struct RowOf<'a> {
    list: &'a Field,
    number: u64,
    file: Option<&'a str>,
}

/// Name and label as errors show them: `scores[3].score` and `成绩.3.分数`.
fn path(field: &Field, at: Option<&RowOf>) -> (String, String) {
    let Some(RowOf { list, number, .. }) = at else { return (field.name.clone(), field.label.clone()) };
    let name = format!("{}[{number}].{}", list.name, field.name);
    let label = match (list.label.as_str(), field.label.as_str()) {
        ("", "") => String::new(),
        ("", label) => format!("{}.{number}.{label}", list.name),
        (list, "") => format!("{list}.{number}.{}", field.name),
        (list, label) => format!("{list}.{number}.{label}"),
    };
    (name, label)
}

/// Warnings of one field: code and message.
pub(super) type Notes = Vec<(&'static str, String)>;

fn scalar<'r>(
    field: &'r Field,
    record: &'r Record,
    options: &BindOptions,
    notes: &mut Notes,
) -> Result<Value, (&'r str, Fault)> {
    let given = field.given(record).map_err(|other| {
        let fault = Fault::new("field.twice", "is given twice, under its name and its label");
        (other, fault.hint("keep one of the two columns"))
    })?;
    let is_rows = |name: &str| matches!(record.value(name), Some(RawValue::Rows(_)));
    match given {
        None if is_rows(&field.name) || is_rows(&field.label) => {
            Err(("", Fault::new("field.rows", "is a list where one value is expected")))
        }
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
        let fault = Fault::new("field.missing", "is missing");
        match field.kind {
            FieldKind::List { .. } => fault.hint(HOW),
            FieldKind::Approval => Fault::new("field.unapproved", "is missing: the row is not approved")
                .hint(format!("write the approval's number into the column {columns}, or leave the row out")),
            _ => fault.hint(format!("fill in the column {columns}")),
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
