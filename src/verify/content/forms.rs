//! The ways in which a page may write a value.
//!
//! In: a value of the record, and a page's text. Out: whether the text is the value, written in one of these ways, once or more often.
//! Texts are compared folded ([`fold`]) and without white space, because lines of a page begin and end without any.

use jiff::civil::Date;
use serde_json::Value;

use crate::licence::date;
use crate::licence::fold::fold;
use crate::licence::pua::Table;

/// Stands for a character that the page does not show.
const HIDDEN: char = '*';

/// A value's ways of writing, folded.
#[derive(Debug)]
pub(in crate::verify) struct Forms(Vec<Vec<char>>);

impl Forms {
    /// Of a text, a number, or nothing.
    pub(in crate::verify) fn of(value: Option<&Value>) -> Forms {
        let text = match value {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Forms(Vec::new()),
        };
        let mut forms = vec![text.clone()];
        if let Ok(date) = text.parse::<Date>() {
            forms.extend(dates(date));
        }
        Forms(forms.iter().map(|form| comparable(form)).filter(|form| !form.is_empty()).collect())
    }

    /// Whether `text` writes `value`.
    pub(in crate::verify) fn say(value: Option<&Value>, text: &str) -> bool {
        // As it stands: then nothing needs to be folded.
        value.and_then(Value::as_str) == Some(text) || Forms::of(value).explain(text)
    }

    /// Whether `text` is one form after another, and nothing else; an empty one is nothing.
    pub(in crate::verify) fn explain(&self, text: &str) -> bool {
        self.explain_folded(&comparable(text))
    }

    fn explain_folded(&self, text: &[char]) -> bool {
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for at in 0..text.len() {
            if reached[at] {
                for form in &self.0 {
                    if text[at..].len() >= form.len() && writes(&text[at..at + form.len()], form) {
                        reached[at + form.len()] = true;
                    }
                }
            }
        }
        reached[text.len()] && text.is_empty() == self.0.is_empty()
    }

    /// Whether there is nothing to write.
    pub(in crate::verify) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether both are of one value.
    pub(in crate::verify) fn is_same(&self, other: &Forms) -> bool {
        self.0 == other.0
    }

    /// How long each form is that `text` has at `at`.
    pub(in crate::verify) fn lengths_at(&self, text: &[char], at: usize) -> impl Iterator<Item = usize> {
        let rest = text.get(at..).unwrap_or_default();
        let fits = move |form: &&Vec<char>| rest.get(..form.len()).is_some_and(|part| writes(part, form));
        self.0.iter().filter(fits).map(Vec::len)
    }

    /// Whether `text` has one of the forms in it, if there is any.
    pub(in crate::verify) fn occur_in(&self, text: &mut Searched) -> bool {
        self.0.is_empty() || self.0.iter().any(|form| text.find(form))
    }
}

/// A text in which many values are looked for.
pub(in crate::verify) struct Searched {
    text: Vec<char>,
    /// Where the last one ended: values mostly stand in their order, so that the next one is near.
    at: usize,
}

impl Searched {
    pub(in crate::verify) fn new(text: &str) -> Searched {
        Searched { text: comparable(text), at: 0 }
    }

    fn find(&mut self, form: &[char]) -> bool {
        let after = |start: usize| {
            let found = self.text[start..].windows(form.len()).position(|part| writes(part, form))?;
            Some(start + found + form.len())
        };
        let end = after(self.at).or_else(|| after(0));
        self.at = end.unwrap_or(self.at);
        end.is_some()
    }
}

/// A text as it is compared.
pub(in crate::verify) fn comparable(text: &str) -> Vec<char> {
    fold(text, &Table::default()).chars().filter(|c| !c.is_whitespace()).collect()
}

/// Whether `text` writes `form`, of the same length, with or without a mask.
fn writes(text: &[char], form: &[char]) -> bool {
    text.iter().zip(form).all(|(c, f)| c == f || *c == HIDDEN)
}

/// As the filters of layouts write dates.
fn dates(day: Date) -> [String; 3] {
    [date::chinese_date(day), date::chinese_numeral_date(day), date::compact(day)]
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn explains(value: &Value, text: &str) -> bool {
        Forms::of(Some(value)).explain(text)
    }

    #[test]
    fn a_value_is_written_once_or_more_often_and_in_its_own_ways() {
        for (value, text) in [
            (json!("欧阳样例"), "欧阳样例"),
            (json!("欧阳样例"), "欧阳样例欧阳样例"),
            (json!("欧阳样例"), "欧**例"),
            (json!("999999199001011238"), "999999********1238"),
            (json!("样例（2026）1号"), "样例(2026)１号"),
            (json!("A Sample Name"), "ASampleName"),
            (json!("2026-03-05"), "2026年3月5日"),
            (json!("2026-03-05"), "二〇二六年三月五日20260305"),
            (json!(85), "85"),
        ] {
            assert!(explains(&value, text), "{value} {text}");
        }
        assert!(Forms::of(None).explain(""));
    }

    #[test]
    fn values_are_found_in_any_order_and_again() {
        let mut text = Searched::new("1 张样 85.50 2 李样 90 3 王* 7");
        for (value, found) in
            [("张样", true), ("85.50", true), ("王样", true), ("李样", true), ("赵样", false), ("张样", true)]
        {
            assert_eq!(Forms::of(Some(&json!(value))).occur_in(&mut text), found, "{value}");
        }
        assert!(!Forms::of(Some(&json!("样"))).occur_in(&mut Searched::new("")));
    }

    #[test]
    fn another_value_is_not_explained() {
        for (value, text) in [
            (json!("欧阳样例"), "欧阳样列"),
            (json!("欧阳样例"), "欧阳样例欧阳样列"),
            (json!("欧阳样例"), "欧阳样"),
            (json!("欧阳样例"), ""),
            (json!("2026-03-05"), "2026年3月6日"),
            (json!(85), "95"),
        ] {
            assert!(!explains(&value, text), "{value} {text}");
        }
        assert!(!Forms::of(None).explain("高级"));
    }
}
