//! The filters of expressions.
//!
//! In: values of the record. Out: text as certificates print it.
//! Invariant: what was not given passes every filter but `default` as it is, so that an optional field never fails a record.

use jiff::civil::Date;
use minijinja::value::Rest;
use minijinja::{Environment, Error, ErrorKind, Value};

use super::value::CivilDate;
use crate::licence::{date, mask};

/// The filters by name.
pub(super) const NAMES: [&str; 17] = [
    "date",
    "date_cn",
    "date_compact",
    "date_iso",
    "default",
    "first",
    "float",
    "int",
    "join",
    "last",
    "length",
    "lower",
    "mask",
    "replace",
    "round",
    "trim",
    "upper",
];

/// Those that write a value in another way and say the same.
pub(super) const WAYS_OF_WRITING: [&str; 5] = ["date", "date_cn", "date_compact", "date_iso", "mask"];

/// The tests (`is …`) by name.
pub(super) const TESTS: [&str; 4] = ["defined", "even", "odd", "undefined"];

/// An environment with these filters and tests, and nothing else.
pub(super) fn environment() -> Environment<'static> {
    use minijinja::{filters, tests};
    let mut environment = Environment::empty();
    environment.add_filter("date", |v: &Value| on_date(v, date::chinese_date));
    environment.add_filter("date_cn", |v: &Value| on_date(v, date::chinese_numeral_date));
    environment.add_filter("date_compact", |v: &Value| on_date(v, date::compact));
    environment.add_filter("date_iso", |v: &Value| on_date(v, |d| d.to_string()));
    environment.add_filter("default", default);
    environment.add_filter("first", filters::first);
    environment.add_filter("float", filters::float);
    environment.add_filter("int", filters::int);
    environment.add_filter("join", filters::join);
    environment.add_filter("last", filters::last);
    environment.add_filter("length", filters::length);
    environment.add_filter("lower", filters::lower);
    environment.add_filter("mask", mask_filter);
    environment.add_filter("replace", filters::replace);
    environment.add_filter("round", filters::round);
    environment.add_filter("trim", filters::trim);
    environment.add_filter("upper", filters::upper);
    environment.add_test("defined", tests::is_defined);
    environment.add_test("even", tests::is_even);
    environment.add_test("odd", tests::is_odd);
    environment.add_test("undefined", tests::is_undefined);
    environment
}

fn on_date(value: &Value, write: impl Fn(Date) -> String) -> Result<Value, Error> {
    if is_missing(value) {
        return Ok(value.clone());
    }
    let date = match value.downcast_object_ref::<CivilDate>() {
        Some(CivilDate(date)) => Some(*date),
        None => value.as_str().and_then(date::parse),
    };
    date.map(|d| Value::from(write(d))).ok_or_else(|| invalid(format!("not a date: {value}")))
}

/// `default('无')`: what stands in for a value that is missing or empty.
fn default(value: &Value, instead: &Value) -> Value {
    if is_missing(value) || value.as_str() == Some("") { instead.clone() } else { value.clone() }
}

/// `mask` hides the middle of an identity number, `mask('name')` a person's name, `mask(3, 4)` all but the first 3 and the
/// last 4 characters.
fn mask_filter(value: &Value, how: Rest<Value>) -> Result<Value, Error> {
    if is_missing(value) {
        return Ok(value.clone());
    }
    let text = value.to_string();
    let masked = match &how[..] {
        [] => mask::id_number(&text),
        [kind] if kind.as_str() == Some("id") => mask::id_number(&text),
        [kind] if kind.as_str() == Some("name") => mask::person_name(&text),
        [head, tail] => match (head.as_usize(), tail.as_usize()) {
            (Some(head), Some(tail)) => mask::middle(&text, head, tail),
            _ => return Err(invalid("mask takes two whole numbers, as in mask(3, 4)".into())),
        },
        _ => return Err(invalid("mask takes nothing, 'id', 'name', or two numbers".into())),
    };
    Ok(Value::from(masked))
}

fn is_missing(value: &Value) -> bool {
    value.is_undefined() || value.is_none()
}

fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn eval(expression: &str) -> String {
        let environment = environment();
        let value = minijinja::context! {
            day => Value::from_object(CivilDate(Date::constant(2026, 3, 5))),
            id => "110105199001012377",
            name => "欧阳修文",
        };
        let result = environment.compile_expression(expression).unwrap().eval(value);
        result.map_or_else(
            |e| format!("error: {}", e.detail().unwrap_or_default()),
            |v| super::super::content::text_of(&v),
        )
    }

    #[test]
    fn the_four_ways_to_write_a_date() {
        assert_eq!(eval("day"), "2026年3月5日");
        assert_eq!(eval("day | date"), "2026年3月5日");
        assert_eq!(eval("day | date_cn"), "二〇二六年三月五日");
        assert_eq!(eval("day | date_iso"), "2026-03-05");
        assert_eq!(eval("day | date_compact"), "20260305");
        assert_eq!(eval("'2026-03-05' | date_compact"), "20260305");
    }

    #[test]
    fn what_is_not_a_date_says_so() {
        assert_eq!(eval("name | date"), "error: not a date: 欧阳修文");
    }

    #[test]
    fn masks_for_numbers_names_and_anything() {
        assert_eq!(eval("id | mask"), "110105********2377");
        assert_eq!(eval("name | mask('name')"), crate::licence::mask::person_name("欧阳修文"));
        assert_eq!(eval("id | mask(3, 4)"), "110***********2377");
    }

    #[test]
    fn what_was_not_given_stays_empty_unless_a_default_stands_in() {
        for filter in ["date", "date_cn", "mask", "mask('name')"] {
            assert_eq!(eval(&format!("nothing | {filter}")), "", "{filter}");
        }
        assert_eq!(eval("nothing | default('无')"), "无");
        assert_eq!(eval("'' | default('无')"), "无");
    }

    #[test]
    fn every_listed_filter_and_test_is_there() {
        let environment = environment();
        for name in NAMES {
            assert!(environment.render_str(&format!("{{{{ 'x' is filter('{name}') }}}}"), ()).is_err());
            let error = environment.compile_expression(&format!("'1' | {name}")).unwrap().eval(()).err();
            assert!(error.is_none_or(|e| e.kind() != ErrorKind::UnknownFilter), "{name}");
        }
        for name in TESTS {
            let error = environment.compile_expression(&format!("1 is {name}")).unwrap().eval(()).err();
            assert!(error.is_none_or(|e| e.kind() != ErrorKind::UnknownTest), "{name}");
        }
    }
}
