//! Names in records that no field takes: most often a slip in a heading.
//!
//! In: a schema and a record, usually the first of a file. Out: what is left over, each with the name it may stand for.

use std::fmt;

use super::{Field, FieldKind, RawValue, Record, Schema};
use crate::diag::nearest;

/// The longest name that is compared with others, in bytes.
const MAX_COMPARED: usize = 300;

impl Schema {
    /// The names in `record` that belong to no field: worth one warning for a whole file.
    pub fn unknown_names(&self, record: &Record) -> Vec<UnknownName> {
        let mut unknown: Vec<UnknownName> = Vec::new();
        let mut add = |name: UnknownName| {
            if !unknown.contains(&name) {
                unknown.push(name);
            }
        };
        for (name, value) in record.iter().filter(|(name, _)| !name.is_empty()) {
            match (self.fields.iter().find(|f| f.answers_to(name)), value) {
                (Some(list), RawValue::Rows(rows)) => rows
                    .iter()
                    .flat_map(|row| UnknownName::in_row(list.columns(), row))
                    .for_each(|inner| add(inner.within(&list.name))),
                (None, _) if !self.fields.iter().any(|f| f.cell(name).is_some()) => {
                    UnknownName::among(&self.fields, name).into_iter().for_each(&mut add);
                }
                _ => {}
            }
        }
        unknown
    }
}

/// A name in a record that belongs to no field. Shown as `scroe (did you mean score?)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownName {
    /// The name; of a list's rows, after the list's: `scores.scroe`.
    pub name: String,
    /// The name or label that it may stand for.
    pub near: Option<String>,
}

impl UnknownName {
    /// The names in a row that belong to none of its list's `columns`.
    pub(super) fn in_row(columns: &[Field], row: &Record) -> impl Iterator<Item = UnknownName> {
        row.iter().filter_map(|(name, _)| UnknownName::among(columns, name))
    }

    fn among(fields: &[Field], name: &str) -> Option<UnknownName> {
        if name.is_empty() || fields.iter().any(|f| f.answers_to(name)) {
            return None;
        }
        if name.len() > MAX_COMPARED {
            return Some(UnknownName { name: name.to_owned(), near: None });
        }
        let known = fields.iter().flat_map(|f| [&f.name, &f.label]).filter(|known| !known.is_empty());
        let near = nearest(name, known.map(String::as_str)).map(str::to_owned);
        // A column of a list: `scores.1.scroe`, `scroes.1.score`.
        let cell = || {
            let is_number =
                |n: &&str| !n.starts_with('0') && n.parse::<usize>().is_ok_and(|n| n <= FieldKind::LIST_MAX);
            let number = name.split('.').nth(1).filter(is_number).unwrap_or("1");
            let columns =
                fields.iter().flat_map(|list| list.columns().iter().map(move |column| (list, column)));
            let written: Vec<String> = columns
                .flat_map(|(list, column)| [(&list.name, &column.name), (&list.label, &column.label)])
                .filter(|(list, column)| !list.is_empty() && !column.is_empty())
                .map(|(list, column)| format!("{list}.{number}.{column}"))
                .collect();
            nearest(name, written.iter().map(String::as_str)).map(str::to_owned)
        };
        Some(UnknownName { name: name.to_owned(), near: near.or_else(cell) })
    }

    fn within(self, list: &str) -> UnknownName {
        let near = self.near.map(|near| format!("{list}.{near}"));
        UnknownName { name: format!("{list}.{}", self.name), near }
    }
}

impl fmt::Display for UnknownName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.near {
            Some(near) => write!(f, "{} (did you mean {near}?)", self.name),
            None => f.write_str(&self.name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: FieldKind = FieldKind::Text { max: 10 };

    fn told(record: &Record) -> Vec<String> {
        let columns = vec![
            Field::new("subject", TEXT).label("科目"),
            Field::new("score", TEXT).label("分数"),
            Field::new("on", FieldKind::Date),
        ];
        let list = Field::new("scores", FieldKind::List { fields: columns, max: 10 }).label("成绩");
        let schema =
            Schema { id: "demo".into(), fields: vec![Field::new("unit", TEXT).label("单位"), list] };
        schema.unknown_names(record).iter().map(UnknownName::to_string).collect()
    }

    #[test]
    fn names_that_no_field_has_are_listed_with_what_they_may_mean() {
        let record = Record::new()
            .with("unit", "1")
            .with("单位", "1")
            .with("備註", "1")
            .with("", "1")
            .with("uint", "1");
        assert_eq!(told(&record), ["備註", "uint (did you mean unit?)"]);
    }

    #[test]
    fn columns_of_a_list_are_known_by_name_and_label() {
        let known =
            Record::new().with("scores.1.subject", "").with("成绩.12.分数", "").with("成绩.2.score", "");
        assert!(told(&known).is_empty());
        let slips = Record::new()
            .with("scores.1.scroe", "")
            .with("成积.1.分数", "")
            .with("scores.x.score", "")
            .with("scores.01.score", "");
        assert_eq!(
            told(&slips),
            [
                "scores.1.scroe (did you mean scores.1.score?)",
                "成积.1.分数 (did you mean 成绩.1.分数?)",
                "scores.x.score (did you mean scores.1.score?)",
                "scores.01.score (did you mean scores.1.score?)",
            ]
        );
    }

    #[test]
    fn no_column_without_a_name_is_offered() {
        let told = told(&Record::new().with("成绩.1.日", ""));
        assert!(!told[0].ends_with(".?)"), "{told:?}");
    }

    #[test]
    fn names_within_rows_are_told_once_after_their_list() {
        let row = Record::new().with("subject", "").with("scroe", "");
        let record = Record::new().with("scores", vec![row.clone(), row]);
        assert_eq!(told(&record), ["scores.scroe (did you mean scores.score?)"]);
    }

    #[test]
    fn a_name_without_end_is_not_compared() {
        let name = "x".repeat(1 << 20);
        assert_eq!(told(&Record::new().with(name.as_str(), "1")), [name]);
    }
}
