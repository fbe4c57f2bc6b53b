//! One value: the text of a record under the rules of its field's type.

use std::borrow::Cow;
use std::sync::Arc;

use super::bind::{BindOptions, Fault, Notes};
use super::image::{self, ImageError};
use super::{FieldKind, Value};
use crate::diag::nearest;
use crate::licence::identifier::Identifier;
use crate::licence::pua::Table;
use crate::licence::{date, name, resident_id, uscc};
use crate::page::Image;

impl FieldKind {
    /// The value that `text` (trimmed, not empty) stands for.
    pub(super) fn parse(&self, text: &str, options: &BindOptions, notes: &mut Notes) -> Result<Value, Fault> {
        let text = if let FieldKind::Image { .. } = self { Cow::Borrowed(text) } else { printable(text)? };
        let text = text.as_ref();
        match self {
            FieldKind::Text { max } => parse_text(text, *max, &options.pua, notes),
            FieldKind::Approval => parse_text(text, FieldKind::APPROVAL_MAX, &options.pua, notes),
            FieldKind::PersonName => parse_name(text, &options.pua, notes),
            FieldKind::Date => date::parse(text)
                .map(Value::Date)
                .ok_or_else(|| Fault::new("field.date", "is not a date").hint("write dates as YYYY-MM-DD")),
            FieldKind::Integer { min, max } => parse_integer(text, *min, *max),
            FieldKind::Decimal { scale } => parse_decimal(text, *scale),
            FieldKind::Choice(words) => parse_choice(text, words),
            FieldKind::ResidentId => {
                let number = upper(text, notes);
                resident_id::check(&number).map_err(|e| {
                    Fault::new("field.resident-id", e.to_string()).hint("compare it with the identity card")
                })?;
                Ok(Value::Text(number))
            }
            FieldKind::Uscc => {
                let code = upper(text, notes);
                uscc::check(&code).map_err(|e| {
                    Fault::new("field.uscc", e.to_string())
                        .hint("compare it with the registration certificate")
                })?;
                Ok(Value::Text(code))
            }
            FieldKind::Identifier => {
                let identifier =
                    Identifier::parse(text).map_err(|e| Fault::new("field.identifier", e.to_string()))?;
                let odd = identifier.warnings().into_iter();
                notes.extend(odd.map(|w| ("field.identifier-odd", w.to_string())));
                Ok(Value::Text(identifier.to_string()))
            }
            // Lists are bound row by row and never come here but as a row's own field.
            FieldKind::List { .. } => Err(Fault::new("field.rows", "is a list in a row of a list")),
            FieldKind::Image { max_bytes } => Ok(Value::Image(Arc::new(load(text, *max_bytes, options)?))),
        }
    }
}

fn load(text: &str, max_bytes: usize, options: &BindOptions) -> Result<Image, ImageError> {
    if let Some(read) = image::from_data_url(text, max_bytes) {
        return read;
    }
    options.image_root.as_ref().ok_or(ImageError::NoRoot)?.load(text, max_bytes)
}

fn parse_text(text: &str, max: usize, private: &Table, notes: &mut Notes) -> Result<Value, Fault> {
    let public = private.fold(text).map_err(private_use)?;
    if public != text {
        notes.push(("field.private-use", format!("had characters in private code points, now {public}")));
    }
    if let Some(dot) = name::foreign_separator(&public) {
        let message =
            format!("has another dot than U+00B7 between two characters (U+{:04X})", u32::from(dot));
        notes.push(("field.separator", message));
    }
    let length = public.chars().count();
    if length > max {
        return Err(Fault::new("field.length", format!("has {length} characters, more than {max}")));
    }
    Ok(Value::Text(public.into_owned()))
}

fn parse_name(text: &str, private: &Table, notes: &mut Notes) -> Result<Value, Fault> {
    let name = name::normalise(text, private).map_err(|e| match e {
        name::NameError::PrivateUse(c) => private_use(c),
        other => Fault::new("field.person-name", other.to_string()),
    })?;
    notes.extend(name.changes.iter().map(|change| {
        let code = match change {
            name::Change::Separator => "name.separator",
            name::Change::Spaces => "name.spaces",
            name::Change::PrivateUse => "name.private-use",
        };
        (code, format!("{change}, now {}", name.text))
    }));
    Ok(Value::Text(name.text))
}

fn parse_integer(text: &str, min: i64, max: i64) -> Result<Value, Fault> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let number = Some(text).filter(|_| is_digits(digits)).and_then(|t| t.parse::<i64>().ok());
    match number {
        None => Err(Fault::new("field.integer", "is not a whole number").hint("write digits only")),
        Some(n) if !(min..=max).contains(&n) => {
            Err(Fault::new("field.range", format!("is outside {min} to {max}")))
        }
        Some(n) => Ok(Value::Integer(n)),
    }
}

fn parse_decimal(text: &str, scale: u8) -> Result<Value, Fault> {
    let wrong = || Fault::new("field.decimal", "is not a decimal number").hint("write digits and one point");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    if !is_digits(whole) || !is_digits(fraction) || digits.len() > 40 {
        return Err(wrong());
    }
    let places = fraction.trim_end_matches('0').len();
    if places > usize::from(scale) {
        return Err(Fault::new("field.scale", format!("has {places} decimals, more than {scale}")));
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = Some(whole.trim_start_matches('0')).filter(|w| !w.is_empty()).unwrap_or("0");
    let point = if digits.contains('.') { format!(".{fraction}") } else { String::new() };
    Ok(Value::Decimal(format!("{sign}{whole}{point}")))
}

fn parse_choice(text: &str, words: &[String]) -> Result<Value, Fault> {
    if words.iter().any(|w| w == text) {
        return Ok(Value::Text(text.to_owned()));
    }
    let all = format!("one of {}", words.join("、"));
    let near = nearest(text, words.iter().map(String::as_str));
    Err(Fault::new("field.choice", "is not one of its words")
        .hint(near.map_or(all, |word| format!("did you mean {word}?"))))
}

/// Capitals for small letters: forms give `x` for the `X` of an identity number.
fn upper(text: &str, notes: &mut Notes) -> String {
    let upper = text.to_ascii_uppercase();
    if upper != text {
        notes.push(("field.case", format!("had small letters, now {upper}")));
    }
    upper
}

/// Refuses what prints as nothing, or makes its neighbours print in another order: a certificate must read as it is stored.
/// Lines end in U+000A.
fn printable(text: &str) -> Result<Cow<'_, str>, Fault> {
    let text =
        if text.contains("\r\n") { Cow::Owned(text.replace("\r\n", "\n")) } else { Cow::Borrowed(text) };
    if text.contains('\u{FFFD}') {
        let message = "holds a character that was lost when the text was saved (U+FFFD)";
        return Err(Fault::new("field.damaged", message).hint("type it again and save the file as UTF-8"));
    }
    match text.chars().find(|&c| is_invisible(c)) {
        Some(c) => {
            let message = format!("holds an invisible character (U+{:04X})", u32::from(c));
            Err(Fault::new("field.invisible", message)
                .hint("type the value again; it may have come with a paste"))
        }
        None => Ok(text),
    }
}

/// Controls, directional marks, zero-width spaces, blank letters, tags and noncharacters. The joiners of Indic and Mongolian
/// scripts (U+200C, U+200D) are text.
fn is_invisible(c: char) -> bool {
    match c {
        '\n' => false,
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => true,
        // Noncharacters in the midst of a plane; a letter and a Braille cell that are blank by design.
        '\u{FDD0}'..='\u{FDEF}' | '\u{3164}' | '\u{2800}' => true,
        other => other.is_control() || u32::from(other) & 0xFFFE == 0xFFFE,
    }
}

fn private_use(c: char) -> Fault {
    let message = format!("holds a private code point that means nothing to others (U+{:04X})", u32::from(c));
    Fault::new("field.private-use", message)
        .hint("type the character again with an input method of GB 18030-2022, or give a table with --pua")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Entry, Field, FieldError, Record, Schema};

    fn bind(kind: FieldKind, text: &str) -> Result<Entry, Vec<FieldError>> {
        let fields = vec![Field::new("f", kind).label("栏").required()];
        Schema { id: "demo".into(), fields }.bind(&Record::new().with("f", text), &BindOptions::default())
    }

    fn value(kind: FieldKind, text: &str) -> Value {
        bind(kind, text).unwrap().value(0).clone()
    }

    fn code(kind: FieldKind, text: &str) -> &'static str {
        bind(kind, text).map_err(|errors| errors[0].code).unwrap_err()
    }

    const TEXT: FieldKind = FieldKind::Text { max: 10 };

    #[test]
    fn a_normalised_name_is_bound_with_a_warning_of_each_change() {
        let entry = bind(FieldKind::PersonName, "阿里•样\u{E863}").unwrap();
        assert_eq!(entry.value(0), &Value::Text("阿里·样䶮".into()));
        let codes: Vec<_> = entry.warnings().iter().map(|w| w.code).collect();
        assert_eq!(codes, ["name.separator", "name.private-use"]);
        assert_eq!(
            entry.warnings()[0].to_string(),
            "field f (栏) had another dot than U+00B7 between its parts, now 阿里·样䶮"
        );
    }

    #[test]
    fn private_code_points_are_folded_in_any_text_and_unknown_ones_refused() {
        assert_eq!(value(TEXT, "\u{E863}县"), Value::Text("䶮县".into()));
        for kind in [TEXT, FieldKind::PersonName, FieldKind::Approval] {
            assert_eq!(code(kind, "\u{F8FF}"), "field.private-use");
        }
    }

    #[test]
    fn a_users_table_is_asked_for_every_kind_of_text() {
        let options = BindOptions { pua: Table::parse("U+F8FF\tU+20BB7").unwrap(), ..BindOptions::default() };
        for kind in [TEXT, FieldKind::PersonName, FieldKind::Approval] {
            let schema = Schema { id: String::new(), fields: vec![Field::new("f", kind.clone())] };
            let bound = |text| schema.bind(&Record::new().with("f", text), &options);
            assert_eq!(bound("\u{F8FF}\u{E863}").unwrap().value(0), &Value::Text("𠮷䶮".into()), "{kind:?}");
            assert_eq!(bound("\u{F8FE}").unwrap_err()[0].code, "field.private-use", "{kind:?}");
        }
    }

    #[test]
    fn a_dot_of_another_kind_in_a_text_is_left_and_noted() {
        let entry = bind(TEXT, "阿里•样例").unwrap();
        assert_eq!(entry.value(0), &Value::Text("阿里•样例".into()));
        assert_eq!(entry.warnings()[0].code, "field.separator");
        for text in ["阿里·样例", "• 样例", "ア・イ", "３．５", "样例．"] {
            assert_eq!(bind(TEXT, text).unwrap().warnings(), [], "{text}");
        }
    }

    #[test]
    fn invisible_and_lost_characters_are_refused_by_code_point() {
        for c in [
            '\u{0}',
            '\u{200B}',
            '\u{202E}',
            '\u{FEFF}',
            '\u{E0041}',
            '\u{1FFFF}',
            '\u{FDD0}',
            '\u{3164}',
            '\u{2800}',
        ] {
            assert_eq!(code(TEXT, &format!("甲{c}乙")), "field.invisible", "{c:?}");
        }
        assert_eq!(code(TEXT, "甲\u{FFFD}"), "field.damaged");
    }

    #[test]
    fn a_text_of_two_lines_ends_them_one_way() {
        assert_eq!(value(TEXT, "甲\r\n乙\n丙"), Value::Text("甲\n乙\n丙".into()));
    }

    #[test]
    fn integers_keep_to_their_range() {
        let kind = FieldKind::Integer { min: -5, max: 100 };
        assert_eq!(value(kind.clone(), "-5"), Value::Integer(-5));
        for (text, expected) in [
            ("101", "field.range"),
            ("1e2", "field.integer"),
            ("+1", "field.integer"),
            ("-", "field.integer"),
        ] {
            assert_eq!(code(kind.clone(), text), expected, "{text}");
        }
        assert_eq!(code(kind, "99999999999999999999"), "field.integer");
    }

    #[test]
    fn decimals_keep_their_digits_and_their_scale() {
        let kind = FieldKind::Decimal { scale: 1 };
        for (text, digits) in [("85.50", "85.50"), ("007.5", "7.5"), ("-0.5", "-0.5"), ("00", "0")] {
            assert_eq!(value(kind.clone(), text), Value::Decimal(digits.into()));
        }
        assert_eq!(code(kind.clone(), "85.55"), "field.scale");
        for text in ["1.", ".5", "1,5", "１", "1.2.3"] {
            assert_eq!(code(kind.clone(), text), "field.decimal", "{text}");
        }
    }

    #[test]
    fn a_wrong_choice_is_told_the_nearest_word_or_all() {
        let kind = FieldKind::Choice(vec!["正高级".into(), "副高级".into()]);
        let hint = |text| bind(kind.clone(), text).map_err(|e| e[0].hint.clone()).unwrap_err();
        assert_eq!(hint("正高"), "did you mean 正高级?");
        assert_eq!(hint("高级工程师（全国统一）"), "one of 正高级、副高级");
    }

    #[test]
    fn a_small_x_of_an_identity_number_becomes_a_capital_with_a_warning() {
        let entry = bind(FieldKind::ResidentId, "11010519491231002x").unwrap();
        assert_eq!(entry.value(0), &Value::Text("11010519491231002X".into()));
        assert_eq!(entry.warnings()[0].code, "field.case");
        assert_eq!(code(FieldKind::ResidentId, "110105194912310021"), "field.resident-id");
    }

    #[test]
    fn codes_and_identifiers_are_checked_and_odd_issuers_noted() {
        assert_eq!(code(FieldKind::Uscc, "11430000006122244M"), "field.uscc");
        let odd = "1.2.156.3005.2.11100000MB03271699022.340100.000000016.001.9";
        assert_eq!(bind(FieldKind::Identifier, odd).unwrap().warnings()[0].code, "field.identifier-odd");
        assert_eq!(code(FieldKind::Identifier, &odd.replace("001.9", "001.8")), "field.identifier");
    }

    #[test]
    fn an_image_path_without_a_folder_and_a_false_data_url_are_refused() {
        let kind = FieldKind::Image { max_bytes: 1000 };
        assert_eq!(code(kind.clone(), "photos/01.jpg"), "image.no-folder");
        assert_eq!(code(kind, "data:image/jpeg;base64,AAAA"), "image.format");
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_binding_panic(text in ".{0,60}") {
            for name in FieldKind::NAMES {
                let kind = FieldKind::named(name).expect("a listed name");
                let _ = bind(kind, &text);
            }
        }
    }
}
