//! Binding: a record's text becomes typed values, or a list of everything that is wrong with it.

use std::sync::Arc;

use super::image::{self, ImageError, ImageRoot};
use super::{Entry, Field, FieldError, FieldKind, FieldWarning, Record, Schema, Value};
use crate::diag::nearest;
use crate::licence::identifier::Identifier;
use crate::licence::{date, name, pua, resident_id, uscc};

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
        if let FieldKind::Image { max_bytes } = self {
            return load(text, *max_bytes, options).map(|i| Value::Image(Arc::new(i))).map_err(Fault::from);
        }
        printable(text)?;
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
            FieldKind::Image { .. } => Ok(Value::Null),
        }
    }
}

fn load(text: &str, max_bytes: usize, options: &BindOptions) -> Result<crate::page::Image, ImageError> {
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
fn printable(text: &str) -> Result<(), Fault> {
    let invisible = |c: char| match c {
        '\n' => false,
        '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' => true,
        '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}' => true,
        other => other.is_control(),
    };
    if text.contains('\u{FFFD}') {
        return Err(Fault::new(
            "field.damaged",
            "holds a character that was lost when the text was saved (U+FFFD)",
        )
        .hint("type it again and save the file as UTF-8"));
    }
    match text.chars().find(|&c| invisible(c)) {
        Some(c) => {
            let message = format!("holds an invisible character (U+{:04X})", u32::from(c));
            Err(Fault::new("field.invisible", message)
                .hint("type the value again; it may have come with a paste"))
        }
        None => Ok(()),
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
