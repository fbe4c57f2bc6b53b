//! Binding: a record's text becomes typed values, or a list of everything that is wrong with it.

use std::borrow::Cow;
use std::sync::Arc;

use super::image::{self, ImageError, ImageRoot};
use super::{Entry, Field, FieldError, FieldKind, FieldWarning, Record, Schema, Value};
use crate::diag::nearest;
use crate::licence::identifier::Identifier;
use crate::licence::{date, name, pua, resident_id, uscc};
use crate::page::Image;

/// What binding may use besides the record.
#[derive(Clone, Debug, Default)]
pub struct BindOptions {
    /// Where image paths lead; without it, only `data:` URLs give images.
    pub image_root: Option<ImageRoot>,
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

/// Warnings of one field: code and message.
type Notes = Vec<(&'static str, String)>;

fn bind_field<'r>(
    field: &'r Field,
    record: &'r Record,
    options: &BindOptions,
    notes: &mut Notes,
) -> Result<Value, (&'r str, Fault)> {
    let by_name = record.get(&field.name).map(str::trim).filter(|v| !v.is_empty());
    let by_label = record.get(&field.label).map(str::trim).filter(|v| !v.is_empty());
    let given = match (by_name, by_label) {
        (Some(a), Some(b)) if a != b => {
            let fault = Fault::new("field.twice", "is given twice, under its name and its label");
            return Err((b, fault.hint("keep one of the two columns")));
        }
        (a, b) => a.or(b).or(field.default.as_deref()),
    };
    match given {
        Some(text) => field.kind.parse(text, options, notes).map_err(|fault| (text, fault)),
        None if field.required => Err(("", Fault::missing(field))),
        None => Ok(Value::Null),
    }
}

impl FieldKind {
    /// The value that `text` (trimmed, not empty) stands for.
    fn parse(&self, text: &str, options: &BindOptions, notes: &mut Notes) -> Result<Value, Fault> {
        let text = if let FieldKind::Image { .. } = self { Cow::Borrowed(text) } else { printable(text)? };
        let text = text.as_ref();
        match self {
            FieldKind::Text { max } => parse_text(text, *max, notes),
            FieldKind::PersonName => parse_name(text, notes),
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

fn parse_text(text: &str, max: usize, notes: &mut Notes) -> Result<Value, Fault> {
    let public = pua::fold(text).map_err(private_use)?;
    if public != text {
        notes.push(("field.private-use", format!("had characters in private code points, now {public}")));
    }
    let length = public.chars().count();
    if length > max {
        return Err(Fault::new("field.length", format!("has {length} characters, more than {max}")));
    }
    Ok(Value::Text(public.into_owned()))
}

fn parse_name(text: &str, notes: &mut Notes) -> Result<Value, Fault> {
    let name = name::normalise(text).map_err(|e| match e {
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

/// Controls, directional marks, zero-width spaces, tags and noncharacters. The joiners of Indic and Mongolian
/// scripts (U+200C, U+200D) are text.
fn is_invisible(c: char) -> bool {
    match c {
        '\n' => false,
        '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' => true,
        '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}' => true,
        other => other.is_control() || u32::from(other) & 0xFFFE == 0xFFFE,
    }
}

fn private_use(c: char) -> Fault {
    let message = format!("holds a private code point that means nothing to others (U+{:04X})", u32::from(c));
    Fault::new("field.private-use", message)
        .hint("type the character again with an input method of GB 18030-2022")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// What is wrong with a value, before it is known whose value it is.
struct Fault {
    code: &'static str,
    message: String,
    hint: String,
}

impl Fault {
    fn new(code: &'static str, message: impl Into<String>) -> Fault {
        Fault { code, message: message.into(), hint: String::new() }
    }

    fn hint(self, hint: impl Into<String>) -> Fault {
        Fault { hint: hint.into(), ..self }
    }

    fn missing(field: &Field) -> Fault {
        let columns = if field.label.is_empty() {
            field.name.clone()
        } else {
            format!("{} or {}", field.name, field.label)
        };
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

    fn bind(kind: FieldKind, text: &str) -> Result<Entry, Vec<FieldError>> {
        schema(kind).bind(&Record::new().with("f", text), &BindOptions::default())
    }

    fn value(kind: FieldKind, text: &str) -> Value {
        bind(kind, text).unwrap().value(0).clone()
    }

    fn code(kind: FieldKind, text: &str) -> &'static str {
        bind(kind, text).map_err(|errors| errors[0].code).unwrap_err()
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
    fn a_field_given_differently_under_name_and_label_is_refused() {
        let bound =
            |a, b| schema(TEXT).bind(&Record::new().with("f", a).with("栏", b), &BindOptions::default());
        assert_eq!(bound("甲", "乙").unwrap_err()[0].code, "field.twice");
        assert_eq!(bound("甲", "甲").unwrap().value(0), &Value::Text("甲".into()));
        assert_eq!(bound("", "乙").unwrap().value(0), &Value::Text("乙".into()));
    }

    #[test]
    fn names_that_no_field_has_are_listed() {
        let record = Record::new().with("f", "1").with("栏", "1").with("備註", "1").with("", "1");
        assert_eq!(schema(TEXT).unknown_names(&record), ["備註"]);
    }

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
        for kind in [TEXT, FieldKind::PersonName] {
            assert_eq!(code(kind, "\u{F8FF}"), "field.private-use");
        }
    }

    #[test]
    fn invisible_and_lost_characters_are_refused_by_code_point() {
        for c in ['\u{0}', '\u{200B}', '\u{202E}', '\u{FEFF}', '\u{E0041}', '\u{1FFFF}'] {
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
