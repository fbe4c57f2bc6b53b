//! Attribute values: from text to what it means.
//!
//! In: text without expressions. Out: lengths with their units, colours, numbers, fit ladders, outlines; or a [`Complaint`].
//! Invariant: the parser and the compiler read values here, so that the same mistake has the same words.

use crate::color::Color;
use crate::diag::{Diagnostic, Span, nearest};
use crate::geom::Size;
use crate::record::FieldKind;
use crate::unit::Length;

use super::path_data;
use super::vocabulary::ValueKind;

/// The longest length, in millimetres: ten metres.
pub const MAX_MM: f64 = 10_000.0;

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// What is wrong, the value last.
    pub message: String,
    /// How to mend it; empty if it is plain.
    pub hint: String,
}

impl Complaint {
    /// What is wrong, and how to mend it.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Complaint {
        Complaint { message: message.into(), hint: hint.into() }
    }

    /// The complaint as an error at `span`.
    pub fn at(self, span: Span) -> Diagnostic {
        let error = Diagnostic::error(span, self.message);
        if self.hint.is_empty() { error } else { error.hint(self.hint) }
    }
}

/// A length before it is known what em and % are of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dimension {
    /// In millimetres or points.
    Fixed(Length),
    /// In font sizes.
    Em(f64),
    /// A part of the surrounding box; 1 is all of it.
    Part(f64),
}

/// Whether `text` still holds an expression, and so cannot be checked yet.
pub fn has_expression(text: &str) -> bool {
    text.contains("{{") || text.contains("{%")
}

/// Checks the value of attribute `name`; one that still holds an expression passes.
pub fn check(kind: ValueKind, name: &str, text: &str) -> Result<(), Complaint> {
    let takes_expressions = matches!(kind, ValueKind::Content | ValueKind::Words | ValueKind::Expression);
    if has_expression(text) && !matches!(kind, ValueKind::Expression) || takes_expressions {
        return Ok(());
    }
    match kind {
        ValueKind::Name => self::name(name, text).map(drop),
        ValueKind::Variable => variable(name, text).map(drop),
        ValueKind::Length { em, percent, negative } => dimension(name, text, em, percent, negative).map(drop),
        ValueKind::Lengths => lengths(name, text).map(drop),
        ValueKind::Padding => padding(name, text).map(drop),
        ValueKind::Loop => each(name, text).map(drop),
        ValueKind::ColumnWidth => column_width(name, text).map(drop),
        ValueKind::Number(least, most) => number(name, text, least, most).map(drop),
        ValueKind::Integer => integer(name, text).map(drop),
        ValueKind::Color => color(name, text).map(drop),
        ValueKind::Paint => paint(name, text).map(drop),
        ValueKind::Keyword(words) => keyword(name, text, words).map(drop),
        ValueKind::FieldType => field_type(text).map(drop),
        ValueKind::Sheet => sheet(text).map(drop),
        ValueKind::PathData => path_data::parse(text).map(drop),
        ValueKind::Fit => fit(text).map(drop),
        // Their meaning lies outside the file.
        ValueKind::Font | ValueKind::FieldName | ValueKind::File => Ok(()),
        ValueKind::Words | ValueKind::Content | ValueKind::Expression => Ok(()),
    }
}

/// A name: a letter, then letters, digits, `_` or `-`.
pub fn name<'t>(attribute: &str, text: &'t str) -> Result<&'t str, Complaint> {
    let starts = text.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_');
    if starts && text.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-') && text.len() <= 100 {
        return Ok(text);
    }
    Err(Complaint::new(
        format!("{attribute} is not a name: {text}"),
        "write a letter, then letters, digits, _ or -",
    ))
}

/// Words that expressions understand by themselves, and names that every layout has.
const RESERVED: [&str; 17] = [
    "and", "as_given", "elif", "else", "false", "for", "if", "in", "is", "layout", "loop", "metadata",
    "none", "not", "or", "page", "true",
];

/// A name that expressions use.
pub fn variable<'t>(attribute: &str, text: &'t str) -> Result<&'t str, Complaint> {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts || text.len() > 100 || !text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        let hint = "write ASCII letters, digits and _, such as issued_on; a label may be in Chinese";
        return Err(Complaint::new(format!("{attribute} is not a name for expressions: {text}"), hint));
    }
    if RESERVED.contains(&text.to_ascii_lowercase().as_str()) {
        return Err(Complaint::new(
            format!("{attribute} is a word of the language: {text}"),
            "choose another name",
        ));
    }
    Ok(text)
}

/// A number followed by a unit.
pub fn dimension(
    attribute: &str,
    text: &str,
    em: bool,
    percent: bool,
    negative: bool,
) -> Result<Dimension, Complaint> {
    let allowed = match (em, percent) {
        (true, true) => "mm, pt, em or %",
        (true, false) => "mm, pt or em",
        (false, true) => "mm, pt or %",
        (false, false) => "mm or pt",
    };
    let text = text.trim();
    let split = text.find(|c: char| c.is_alphabetic() || c == '%' || c.is_whitespace()).unwrap_or(text.len());
    let (digits, unit) = (&text[..split], text[split..].trim());
    let Some(value) = decimal(digits) else {
        let message = format!("{attribute} is not a length: {text}");
        return Err(Complaint::new(message, format!("write a number and its unit, {allowed}")));
    };
    let dimension = match unit {
        "mm" => Dimension::Fixed(Length::mm(value)),
        "pt" => Dimension::Fixed(Length::pt(value)),
        "em" if em => Dimension::Em(value),
        "%" if percent => Dimension::Part(value / 100.0),
        "" if value == 0.0 => Dimension::Fixed(Length::ZERO),
        "" => {
            return Err(Complaint::new(
                format!("{attribute} lacks a unit: {text}"),
                format!("write {text}mm"),
            ));
        }
        "em" | "%" => {
            return Err(Complaint::new(
                format!("{attribute} cannot be in {unit}: {text}"),
                format!("write {allowed}"),
            ));
        }
        other => {
            let message = format!("{attribute} has an unknown unit: {other}");
            return Err(Complaint::new(message, format!("write {allowed}")));
        }
    };
    if value < 0.0 && !negative {
        return Err(Complaint::new(format!("{attribute} is below zero: {text}"), ""));
    }
    let too_long = match dimension {
        Dimension::Fixed(length) => length.abs() > Length::mm(MAX_MM),
        Dimension::Em(v) | Dimension::Part(v) => v.abs() > 1000.0,
    };
    if too_long {
        return Err(Complaint::new(format!("{attribute} is too long for any page: {text}"), ""));
    }
    Ok(dimension)
}

/// A decimal fraction without exponent, infinity or NaN.
fn decimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain =
        !digits.is_empty() && digits.len() <= 20 && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if plain { text.parse().ok() } else { None }
}

/// Lengths in mm or pt, separated by spaces.
pub fn lengths(attribute: &str, text: &str) -> Result<Vec<Length>, Complaint> {
    let one = |word: &str| match dimension(attribute, word, false, false, false)? {
        Dimension::Fixed(length) => Ok(length),
        Dimension::Em(_) | Dimension::Part(_) => Ok(Length::ZERO),
    };
    let lengths = text.split_whitespace().map(one).collect::<Result<Vec<_>, _>>()?;
    if lengths.is_empty() || lengths.iter().all(|l| *l == Length::ZERO) {
        return Err(Complaint::new(
            format!("{attribute} needs a length above zero: {text}"),
            "write 1mm 0.5mm",
        ));
    }
    Ok(lengths)
}

/// The room on each side of a cell, `[above and below, left and right]`: two lengths, or one for both.
pub fn padding(attribute: &str, text: &str) -> Result<[Length; 2], Complaint> {
    let one = |word: &str| match dimension(attribute, word, false, false, false)? {
        Dimension::Fixed(length) => Ok(length),
        Dimension::Em(_) | Dimension::Part(_) => Ok(Length::ZERO),
    };
    match text.split_whitespace().collect::<Vec<_>>()[..] {
        [all] => Ok([one(all)?; 2]),
        [down, across] => Ok([one(down)?, one(across)?]),
        _ => Err(Complaint::new(
            format!("{attribute} is not one or two lengths: {text}"),
            "write 1mm, or 0.5mm 2mm for above and below, then left and right",
        )),
    }
}

/// `row in scores`: the name of a row, and of the list.
pub fn each<'t>(attribute: &str, text: &'t str) -> Result<(&'t str, &'t str), Complaint> {
    match text.split_whitespace().collect::<Vec<_>>()[..] {
        [row, "in", list] => Ok((variable(attribute, row)?, variable(attribute, list)?)),
        _ => Err(Complaint::new(
            format!("{attribute} does not say over what it goes: {text}"),
            "write for=\"row in scores\", where scores is a field of type list",
        )),
    }
}

/// How wide a column is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ColumnWidth {
    /// So much; a part is of the table.
    Fixed(Dimension),
    /// So many shares of what the other columns leave.
    Share(f64),
    /// As wide as what it holds.
    Content,
}

/// The width of a column.
pub fn column_width(attribute: &str, text: &str) -> Result<ColumnWidth, Complaint> {
    let text = text.trim();
    if text == "auto" {
        return Ok(ColumnWidth::Content);
    }
    match text.strip_suffix('*') {
        Some("") => Ok(ColumnWidth::Share(1.0)),
        Some(shares) => {
            let shares = decimal(shares).filter(|s| (0.01..=1000.0).contains(s));
            shares.map(ColumnWidth::Share).ok_or_else(|| {
                let message = format!("{attribute} is not a share from 0.01 to 1000: {text}");
                Complaint::new(message, "write 2* for twice the width of *")
            })
        }
        None => match dimension(attribute, text, false, true, false) {
            Ok(dimension) => Ok(ColumnWidth::Fixed(dimension)),
            Err(Complaint { message, .. }) => Err(Complaint::new(
                message,
                "write a length such as 12mm or 20%, a share such as * or 2*, or auto",
            )),
        },
    }
}

/// A number from `least` to `most`.
pub fn number(attribute: &str, text: &str, least: f64, most: f64) -> Result<f64, Complaint> {
    let value = decimal(text.trim());
    value.filter(|v| (least..=most).contains(v)).ok_or_else(|| {
        Complaint::new(
            format!("{attribute} is not a number from {least} to {most}: {text}"),
            if text.contains('%') { "write 0.5 for 50%" } else { "" },
        )
    })
}

/// A whole number.
pub fn integer(attribute: &str, text: &str) -> Result<i64, Complaint> {
    text.trim().parse().map_err(|_| Complaint::new(format!("{attribute} is not a whole number: {text}"), ""))
}

/// A colour.
pub fn color(attribute: &str, text: &str) -> Result<Color, Complaint> {
    Color::parse(text.trim()).ok_or_else(|| {
        Complaint::new(
            format!("{attribute} is not a colour: {text}"),
            "write #rgb, #rrggbb or #rrggbbaa, such as #1d4f91",
        )
    })
}

/// A colour, or nothing for `none`.
pub fn paint(attribute: &str, text: &str) -> Result<Option<Color>, Complaint> {
    if text.trim() == "none" { Ok(None) } else { color(attribute, text).map(Some) }
}

/// The index of `text` among `words`.
pub fn keyword(attribute: &str, text: &str, words: &[&'static str]) -> Result<usize, Complaint> {
    words.iter().position(|w| *w == text.trim()).ok_or_else(|| {
        let hint = match nearest(text.trim(), words.iter().copied()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("write {}", alternatives(words)),
        };
        Complaint::new(format!("{attribute} cannot be: {text}"), hint)
    })
}

fn alternatives(words: &[&str]) -> String {
    match words {
        [all @ .., last] if !all.is_empty() => format!("{} or {last}", all.join(", ")),
        _ => words.join(""),
    }
}

/// The type of a field, with that type's own limits.
pub fn field_type(text: &str) -> Result<FieldKind, Complaint> {
    FieldKind::named(text.trim()).ok_or_else(|| {
        let hint = match nearest(text, FieldKind::NAMES) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("write {}", alternatives(&FieldKind::NAMES)),
        };
        Complaint::new(format!("unknown field type: {text}"), hint)
    })
}

/// The sheets that have a name: width and height in millimetres, upright (ISO 216).
pub const SHEETS: [(&str, f64, f64); 5] = [
    ("A3", 297.0, 420.0),
    ("A4", 210.0, 297.0),
    ("A5", 148.0, 210.0),
    ("B4", 250.0, 353.0),
    ("B5", 176.0, 250.0),
];

/// What follows the name of a sheet that lies.
pub const LYING: &str = " landscape";

/// A sheet by name, upright or lying (ISO 216; B sizes are ISO's, as GB/T 148 has them), or by its sides.
pub fn sheet(text: &str) -> Result<Size, Complaint> {
    let text = text.trim();
    let (name, lies) = text.strip_suffix(LYING).map_or((text, false), |name| (name, true));
    if let Some(&(_, short, long)) = SHEETS.iter().find(|(known, ..)| *known == name) {
        return Ok(if lies { Size::mm(long, short) } else { Size::mm(short, long) });
    }
    let sides = text.strip_suffix("mm").and_then(|t| t.split_once('x'));
    match sides.and_then(|(w, h)| Some((decimal(w)?, decimal(h)?))) {
        Some((width, height)) if (10.0..=2000.0).contains(&width) && (10.0..=2000.0).contains(&height) => {
            Ok(Size::mm(width, height))
        }
        Some(_) => Err(Complaint::new(format!("a sheet's sides are from 10 to 2000 mm: {text}"), "")),
        None => Err(Complaint::new(
            format!("unknown sheet: {text}"),
            "write A3, A4, A5, B4 or B5, A4 landscape and so on, or a size such as 210x210mm",
        )),
    }
}

/// One step of a fit ladder.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FitStep {
    /// Narrow the characters to no less than this part of their width.
    Condense(f64),
    /// Make the text smaller, to no less than this.
    Shrink(Length),
    /// Break lines.
    Wrap,
}

/// The steps of a fit ladder in their order; none for `none`.
pub fn fit(text: &str) -> Result<Vec<FitStep>, Complaint> {
    const HINT: &str = "write none, or some of condense(80%) shrink(9pt) wrap, in the order they are tried";
    let mut steps: Vec<FitStep> = Vec::new();
    if text.trim() == "none" {
        return Ok(steps);
    }
    for word in text.split_whitespace() {
        let argument = |name: &str| word.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        let step = if word == "wrap" {
            FitStep::Wrap
        } else if let Some(percent) = argument("condense") {
            let value = percent.strip_suffix('%').and_then(decimal).filter(|v| (50.0..=100.0).contains(v));
            let value = value.ok_or_else(|| {
                Complaint::new(format!("condense is not from 50% to 100%: {percent}"), "write condense(80%)")
            })?;
            FitStep::Condense(value / 100.0)
        } else if let Some(floor) = argument("shrink") {
            match dimension("shrink", floor, false, false, false)? {
                Dimension::Fixed(length) if length >= Length::pt(1.0) => FitStep::Shrink(length),
                _ => {
                    return Err(Complaint::new(
                        format!("shrink needs at least 1pt: {floor}"),
                        "write shrink(9pt)",
                    ));
                }
            }
        } else {
            return Err(Complaint::new(format!("fit has an unknown step: {word}"), HINT));
        };
        if steps.iter().any(|s| std::mem::discriminant(s) == std::mem::discriminant(&step)) {
            return Err(Complaint::new(format!("fit names a step twice: {word}"), HINT));
        }
        steps.push(step);
    }
    if steps.is_empty() { Err(Complaint::new("fit is empty", HINT)) } else { Ok(steps) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn length(text: &str) -> Result<Dimension, Complaint> {
        dimension("x", text, true, true, true)
    }

    #[test]
    fn the_four_units_of_length() {
        assert_eq!(length("30mm"), Ok(Dimension::Fixed(Length::mm(30.0))));
        assert_eq!(length("-1.5pt"), Ok(Dimension::Fixed(Length::pt(-1.5))));
        assert_eq!(length("2em"), Ok(Dimension::Em(2.0)));
        assert_eq!(length("50%"), Ok(Dimension::Part(0.5)));
        assert_eq!(length("0"), Ok(Dimension::Fixed(Length::ZERO)));
    }

    #[test]
    fn wrong_lengths_say_what_to_write() {
        let cases = [
            ("30", "x lacks a unit: 30", "write 30mm"),
            ("30px", "x has an unknown unit: px", "write mm, pt, em or %"),
            ("wide", "x is not a length: wide", "write a number and its unit, mm, pt, em or %"),
            ("1e9mm", "x has an unknown unit: e9mm", "write mm, pt, em or %"),
            ("20000mm", "x is too long for any page: 20000mm", ""),
        ];
        for (text, message, hint) in cases {
            assert_eq!(length(text), Err(Complaint::new(message, hint)), "{text}");
        }
        assert!(dimension("width", "-1mm", true, true, false).is_err());
        assert!(dimension("stroke-width", "1em", false, true, false).is_err());
    }

    #[test]
    fn sheets_by_name_and_by_size() {
        assert_eq!(sheet("A4"), Ok(Size::mm(210.0, 297.0)));
        assert_eq!(sheet("297x210mm"), Ok(Size::mm(297.0, 210.0)));
        assert_eq!(sheet("A4 landscape"), Ok(Size::mm(297.0, 210.0)));
        for wrong in ["A9", "297x210", "0x0mm", "x", "1x999999mm"] {
            assert!(sheet(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn columns_are_as_wide_as_said_or_share_or_fit_what_they_hold() {
        let width = |text| column_width("width", text);
        assert_eq!(width("12mm"), Ok(ColumnWidth::Fixed(Dimension::Fixed(Length::mm(12.0)))));
        assert_eq!(width("20%"), Ok(ColumnWidth::Fixed(Dimension::Part(0.2))));
        assert_eq!(width("*"), Ok(ColumnWidth::Share(1.0)));
        assert_eq!(width("1.5*"), Ok(ColumnWidth::Share(1.5)));
        assert_eq!(width("auto"), Ok(ColumnWidth::Content));
        for wrong in ["", "12", "-1mm", "0*", "x*", "1em", "automatic"] {
            assert!(width(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn padding_is_one_length_or_two() {
        assert_eq!(padding("padding", "0"), Ok([Length::ZERO; 2]));
        assert_eq!(padding("padding", "1mm 2mm"), Ok([Length::mm(1.0), Length::mm(2.0)]));
        for wrong in ["", "1mm 2mm 3mm", "-1mm", "1em"] {
            assert!(padding("padding", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_fit_ladder_keeps_its_order() {
        let steps = fit("shrink(9pt) condense(80%) wrap").unwrap();
        assert_eq!(steps, [FitStep::Shrink(Length::pt(9.0)), FitStep::Condense(0.8), FitStep::Wrap]);
        assert_eq!(fit("none"), Ok(Vec::new()));
        for wrong in ["", "squeeze", "condense(10%)", "wrap wrap", "shrink(80%)", "condense"] {
            assert!(fit(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_slip_in_a_keyword_finds_its_word() {
        let complaint = keyword("align", "centre", &["start", "center", "end"]).unwrap_err();
        assert_eq!(complaint.hint, "did you mean center?");
    }
}
