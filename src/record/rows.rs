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
            // With its comma: values without end may be empty, and each takes room.
            bytes += text.len() + 1;
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

#[cfg(test)]
mod tests {
    use std::fs;

    use proptest::prelude::*;

    use super::*;
    use crate::record::{Entry, FieldError, ImageRoot, Schema, Value};

    fn list(max: usize) -> Schema {
        let fields = vec![
            Field::new("subject", FieldKind::Text { max: 10 }).label("科目").required(),
            Field::new("score", FieldKind::Decimal { scale: 1 }).label("分数"),
        ];
        let list = Field::new("scores", FieldKind::List { fields, max }).label("成绩");
        Schema { id: "demo".into(), fields: vec![list] }
    }

    fn bind(record: Record) -> Result<Entry, Vec<FieldError>> {
        list(3).bind(&record, &BindOptions::default())
    }

    fn code(record: Record) -> &'static str {
        bind(record).unwrap_err()[0].code
    }

    fn row(subject: &str, score: &str) -> Record {
        Record::new().with("subject", subject).with("score", score)
    }

    fn values(subject: &str, score: &str) -> Vec<Value> {
        vec![Value::Text(subject.into()), Value::Decimal(score.into())]
    }

    /// A folder with these files, and options that read from it.
    fn folder(files: &[(&str, &str)]) -> (tempfile::TempDir, BindOptions) {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        let options = BindOptions { image_root: ImageRoot::open(dir.path()).ok(), ..BindOptions::default() };
        (dir, options)
    }

    #[test]
    fn an_array_numbered_columns_and_a_file_give_the_same_rows() {
        let (_dir, options) = folder(&[
            ("1.csv", "科目,分数\n语文,85.5\n数学,90\n"),
            ("1.jsonl", "{\"subject\":\"语文\",\"score\":85.5}\n{\"subject\":\"数学\",\"score\":90}\n"),
        ]);
        let columns = Record::new()
            .with("scores.1.subject", "语文")
            .with("成绩.1.分数", "85.5")
            .with("成绩.3.科目", "数学")
            .with("scores.3.score", " 90 ")
            .with("scores.2.subject", " ");
        let records = [
            Record::new().with("scores", vec![row("语文", "85.5"), row("数学", "90")]),
            columns,
            Record::new().with("成绩", "1.csv"),
            Record::new().with("scores", "1.jsonl"),
        ];
        for record in records {
            let entry = list(3).bind(&record, &options).unwrap();
            assert_eq!(entry.rows(0), [values("语文", "85.5"), values("数学", "90")], "{record:?}");
        }
    }

    #[test]
    fn an_error_in_a_row_names_the_list_the_row_and_the_field() {
        let errors =
            bind(Record::new().with("scores", vec![row("语文", "1"), row("", "x")]).at_row(17)).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "row 17: field scores[2].subject (成绩.2.科目) is missing\n  hint: fill in the column subject or 科目"
        );
        assert_eq!(errors[1].code, "field.decimal");
        let errors = bind(Record::new().with("成绩.7.分数", "x").with("成绩.7.科目", "语文")).unwrap_err();
        assert_eq!(errors[0].field, "scores[7].score");
    }

    #[test]
    fn an_error_in_a_file_of_rows_names_the_file_and_its_row() {
        let (_dir, options) = folder(&[("1.csv", "科目,分数\n语文,85.5\n数学,x\n")]);
        let errors = list(3).bind(&Record::new().with("scores", "1.csv"), &options).unwrap_err();
        assert_eq!(
            errors[0].to_string(),
            "field scores[3].score (成绩.3.分数) is not a decimal number (in 1.csv): x\n  hint: write digits and one point"
        );
    }

    #[test]
    fn a_column_of_a_file_of_rows_that_no_field_takes_is_noted_once() {
        let (_dir, options) = folder(&[("1.csv", "科目,分熟\n语文,85.5\n数学,90\n")]);
        let entry = list(3).bind(&Record::new().with("scores", "1.csv"), &options).unwrap();
        let told: Vec<String> = entry.warnings().iter().map(|w| w.message.clone()).collect();
        assert_eq!(told, ["has a column that is none of its fields (in 1.csv): 分熟 (did you mean 分数?)"]);
    }

    #[test]
    fn rows_given_in_two_ways_are_refused() {
        let rows = || vec![row("语文", "1")];
        assert_eq!(code(Record::new().with("scores", rows()).with("成绩", rows())), "field.twice");
        assert_eq!(code(Record::new().with("scores", rows()).with("成绩.1.科目", "数学")), "field.twice");
        assert_eq!(code(Record::new().with("scores", "1.csv").with("成绩.1.科目", "数学")), "field.twice");
        assert_eq!(
            code(Record::new().with("scores.1.subject", "a").with("成绩.1.subject", "b")),
            "field.twice"
        );
        assert_eq!(code(Record::new().with("scores.1.subject", "a").with("成绩.1.科目", "b")), "field.twice");
    }

    #[test]
    fn files_that_give_no_rows_are_refused_each_for_its_reason() {
        let (dir, options) = folder(&[
            ("twice.csv", "a,a\n"),
            ("short.csv", "科目,分数\n语文\n"),
            ("nested.jsonl", "{\"subject\":[{}]}\n"),
            ("long.csv", &format!("科目\n{}", "语文\n".repeat(4))),
            ("large.csv", &format!("科目,注\n语文,{0}\n数学,{0}\n", "x".repeat(9 << 20))),
        ]);
        fs::create_dir(dir.path().join("folder.csv")).unwrap();
        let code =
            |text: &str| list(3).bind(&Record::new().with("scores", text), &options).unwrap_err()[0].code;
        for (text, expected) in [
            ("语文 85", "list.text"),
            ("none.csv", "list.file"),
            ("../none.csv", "list.file"),
            ("folder.csv", "list.file"),
            ("twice.csv", "list.read"),
            ("short.csv", "list.read"),
            ("nested.jsonl", "list.nested"),
            ("long.csv", "list.rows"),
            ("large.csv", "list.bytes"),
        ] {
            assert_eq!(code(text), expected, "{text}");
        }
        assert_eq!(bind(Record::new().with("scores", "1.csv")).unwrap_err()[0].code, "list.file");
    }

    #[test]
    fn the_short_values_of_a_file_without_end_are_counted_too() {
        let heading = (0..512).map(|i| format!("c{i}")).collect::<Vec<_>>().join(",");
        let row = vec!["1"; 512].join(",") + "\n";
        let (_dir, options) = folder(&[("wide.csv", &format!("{heading}\n{}", row.repeat(17_000)))]);
        let errors =
            list(FieldKind::LIST_MAX).bind(&Record::new().with("scores", "wide.csv"), &options).unwrap_err();
        assert_eq!(errors[0].code, "list.bytes");
    }

    #[test]
    fn a_list_has_no_more_rows_than_its_layout_allows_and_not_too_many_values() {
        assert_eq!(code(Record::new().with("scores", vec![row("语文", "1"); 4])), "list.rows");
        let mut schema = list(FieldKind::LIST_MAX);
        let FieldKind::List { fields, .. } = &mut schema.fields[0].kind else { unreachable!() };
        fields.extend((0..10).map(|i| Field::new(format!("f{i}"), FieldKind::Date)));
        let record = Record::new().with("scores", vec![row("语文", "1"); FieldKind::LIST_MAX]);
        assert_eq!(schema.bind(&record, &BindOptions::default()).unwrap_err()[0].code, "list.cells");
    }

    #[test]
    fn a_required_list_needs_a_row() {
        let mut schema = list(3);
        schema.fields[0].required = true;
        let record = Record::new().with("scores", Vec::new()).with("scores.1.subject", " ");
        let errors = schema.bind(&record, &BindOptions::default()).unwrap_err();
        assert_eq!((errors[0].code, errors[0].field.as_str()), ("field.missing", "scores"));
    }

    #[test]
    fn of_many_errors_in_rows_twenty_are_told() {
        let record = Record::new().with("scores", vec![row("", "x"); 1000]);
        let errors = list(1000).bind(&record, &BindOptions::default()).unwrap_err();
        assert_eq!((errors.len(), errors[20].code), (21, "list.more"));
        let noted = Record::new().with("scores", vec![row("\u{E863}", "1"); 1000]);
        let warnings = list(1000).bind(&noted, &BindOptions::default()).unwrap().warnings().to_vec();
        assert_eq!((warnings.len(), warnings[20].message.as_str()), (21, "has 980 more such notes"));
    }

    #[test]
    fn rows_under_the_name_of_another_type_are_refused() {
        let schema = Schema { id: String::new(), fields: vec![Field::new("f", FieldKind::Date)] };
        let record = Record::new().with("f", vec![row("语文", "1")]);
        assert_eq!(schema.bind(&record, &BindOptions::default()).unwrap_err()[0].code, "field.rows");
        assert_eq!(
            code(Record::new().with("scores", vec![Record::new().with("subject", vec![Record::new()])])),
            "field.rows"
        );
    }

    proptest! {
        #[test]
        fn no_columns_make_binding_panic(columns in prop::collection::vec(("(scores|成绩)?\\.?[0-9]{0,21}\\.?(subject|分数)?", ".{0,8}"), 0..8)) {
            let record: Record = columns.into_iter().collect();
            let _ = bind(record);
        }

        #[test]
        fn numbered_columns_come_in_the_order_of_their_numbers(mut numbers in prop::collection::vec(1u64..1000, 0..20)) {
            let record: Record = numbers.iter().map(|n| (format!("成绩.{n}.科目"), n.to_string())).collect();
            let entry = list(1000).bind(&record, &BindOptions::default()).unwrap();
            numbers.sort_unstable();
            numbers.dedup();
            let bound: Vec<String> = entry.rows(0).iter().map(|row| row[0].text().into_owned()).collect();
            prop_assert_eq!(bound, numbers.iter().map(u64::to_string).collect::<Vec<_>>());
        }

        #[test]
        fn rows_in_json_come_back_as_they_were(rows in prop::collection::vec(("[a-z\"\\\\,:{}\\[\\] ]{1,8}", -999i32..999), 0..5)) {
            let json: Vec<_> = rows.iter().map(|(s, n)| serde_json::json!({ "subject": s, "score": n })).collect();
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("r.jsonl");
            fs::write(&path, serde_json::json!({ "scores": json }).to_string()).unwrap();
            let record = read::open(path).unwrap().next().unwrap().unwrap();
            let expected: Vec<Record> = rows.iter().map(|(s, n)| row(s, &n.to_string())).collect();
            prop_assert_eq!(record.value("scores"), Some(&RawValue::Rows(expected)));
        }
    }
}
