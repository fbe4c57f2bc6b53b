//! File names from a pattern and a record.
//!
//! In: a pattern such as `{number}-{name}` and a record's values. Out: a file name without extension that every common file
//! system takes.
//! Invariant: no two records of one run share a name, not even one that differs by letter case only.

use std::collections::HashMap;

use crate::diag::nearest;

/// Bytes of a name before its extension: file systems allow 255, and the extension and a temporary suffix come on top.
const LONGEST: usize = 200;

/// The name in a pattern for a record's row number, six digits wide.
const ROW: &str = "row";

/// How files are named: literal text and `{field}` in any order; `{row}` is the row number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Literal(String),
    Field(String),
    Row,
}

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatternError {
    /// A brace without its partner.
    #[error("a brace is not closed in the name pattern: {0}")]
    Brace(String),
    /// A separator of folders.
    #[error("a name pattern cannot name folders: {0}")]
    Folder(String),
    /// A field that the layout does not have.
    #[error("the layout has no such field: {field}{}", nearest.as_ref().map(|n| format!(" (did you mean {n}?)")).unwrap_or_default())]
    NoField {
        /// The name in the pattern.
        field: String,
        /// A field with a similar name.
        nearest: Option<String>,
    },
    /// Nothing in it changes from record to record.
    #[error("a name pattern needs a field or {{row}}, or every file would have the same name: {0}")]
    Constant(String),
}

impl NamePattern {
    /// Reads a pattern whose fields are among `fields`.
    pub fn parse<'a>(
        pattern: &str,
        fields: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Result<NamePattern, PatternError> {
        if pattern.contains(['/', '\\']) {
            return Err(PatternError::Folder(pattern.into()));
        }
        let mut parts = Vec::new();
        let mut rest = pattern;
        while !rest.is_empty() {
            let literal = &rest[..rest.find(['{', '}']).unwrap_or(rest.len())];
            rest = &rest[literal.len()..];
            if !literal.is_empty() {
                parts.push(Part::Literal(literal.into()));
            }
            if rest.is_empty() {
                break;
            }
            let inside = rest.strip_prefix('{').and_then(|r| r.split_once('}'));
            let (field, after) = inside.ok_or_else(|| PatternError::Brace(pattern.into()))?;
            rest = after;
            parts.push(match field {
                _ if fields.clone().into_iter().any(|f| f == field) => Part::Field(field.into()),
                ROW => Part::Row,
                _ => {
                    let nearest = nearest(field, fields.clone()).map(String::from);
                    return Err(PatternError::NoField { field: field.into(), nearest });
                }
            });
        }
        if parts.iter().all(|p| matches!(p, Part::Literal(_))) {
            return Err(PatternError::Constant(pattern.into()));
        }
        Ok(NamePattern { parts })
    }

    /// The pattern for layouts that name none: the certificate's number where there is such a field, else the row.
    pub fn usual<'a>(fields: impl IntoIterator<Item = &'a str>) -> NamePattern {
        let number = fields.into_iter().find(|f| *f == "number");
        NamePattern { parts: vec![number.map_or(Part::Row, |f| Part::Field(f.into()))] }
    }

    /// The name of one record's files, without extension; `None` when nothing printable is left of it.
    pub fn name<'a>(&self, row: u64, value: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
        let mut raw = String::new();
        for part in &self.parts {
            match part {
                Part::Literal(text) => raw.push_str(text),
                Part::Field(field) => raw.push_str(value(field).unwrap_or("").trim()),
                Part::Row => raw.push_str(&format!("{row:06}")),
            }
        }
        safe(&raw)
    }
}

/// `raw` as a name that Linux, macOS and Windows all take, and that shows what it is.
fn safe(raw: &str) -> Option<String> {
    let mut name = String::with_capacity(raw.len());
    for c in raw.chars() {
        let c = match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
            // Invisible characters can make two names look alike or turn one around: they are left out.
            c if c.is_control() || is_invisible(c) => continue,
            c => c,
        };
        if name.len() + c.len_utf8() > LONGEST {
            break;
        }
        name.push(c);
    }
    // Windows drops dots and blanks at the end; a dot at the front hides the file.
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return None;
    }
    let stem = name.split('.').next().unwrap_or(name).to_ascii_uppercase();
    let reserved = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4
            && (stem.starts_with("COM") || stem.starts_with("LPT"))
            && stem.ends_with(|c: char| c.is_ascii_digit()));
    Some(if reserved { format!("_{name}") } else { name.into() })
}

/// Zero-width characters, marks of direction, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// The names that a run has given out, and to which row.
#[derive(Debug, Default)]
pub struct Taken {
    rows: HashMap<String, u64>,
}

impl Taken {
    /// Gives `name` to `row`, or says which earlier row has it.
    pub fn claim(&mut self, name: &str, row: u64) -> Result<(), u64> {
        // Windows and macOS take a.ofd and A.ofd for one file.
        match self.rows.entry(name.to_lowercase()) {
            std::collections::hash_map::Entry::Occupied(earlier) => Err(*earlier.get()),
            std::collections::hash_map::Entry::Vacant(free) => {
                free.insert(row);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [&str; 3] = ["name", "number", "unit"];

    fn named(pattern: &str, values: &[(&str, &'static str)]) -> Option<String> {
        let value = |f: &str| values.iter().find(|(n, _)| *n == f).map(|(_, v)| *v);
        NamePattern::parse(pattern, FIELDS).unwrap().name(17, value)
    }

    #[test]
    fn fields_row_and_text_make_the_name() {
        let values = [("name", "买买提·艾力"), ("number", " 2026-001 ")];
        assert_eq!(named("{number}-{name}", &values).unwrap(), "2026-001-买买提·艾力");
        assert_eq!(named("职称{row}", &values).unwrap(), "职称000017");
    }

    #[test]
    fn the_usual_name_is_the_number_or_else_the_row() {
        assert_eq!(NamePattern::usual(FIELDS), NamePattern::parse("{number}", FIELDS).unwrap());
        assert_eq!(NamePattern::usual(["name"]), NamePattern::parse("{row}", ["name"]).unwrap());
    }

    #[test]
    fn what_a_file_system_would_misread_is_replaced() {
        let cases = [
            ("../../etc/passwd", "_.._etc_passwd"),
            ("a:b*c?d", "a_b_c_d"),
            ("con", "_con"),
            ("LPT1.x", "_LPT1.x"),
            ("console", "console"),
            ("..hidden. ", "hidden"),
            ("张\u{202E}三\u{200B}\n", "张三"),
            ("\u{20BB7}野", "\u{20BB7}野"),
        ];
        for (raw, name) in cases {
            assert_eq!(safe(raw).as_deref(), Some(name), "{raw:?}");
        }
        for nothing in ["", " ", "...", "\u{200B}"] {
            assert_eq!(safe(nothing), None, "{nothing:?}");
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let name = safe(&"证".repeat(100)).unwrap();
        assert_eq!(name.chars().count(), LONGEST / 3);
        assert_eq!(safe(&"/".repeat(300)).unwrap(), "_".repeat(LONGEST));
    }

    #[test]
    fn bad_patterns_are_refused_with_the_reason() {
        let cases = [
            ("{name", "a brace is not closed in the name pattern: {name"),
            ("name}", "a brace is not closed in the name pattern: name}"),
            ("{nmae}", "the layout has no such field: nmae (did you mean name?)"),
            ("{unit}/{name}", "a name pattern cannot name folders: {unit}/{name}"),
            ("same", "a name pattern needs a field or {row}, or every file would have the same name: same"),
        ];
        for (pattern, message) in cases {
            assert_eq!(NamePattern::parse(pattern, FIELDS).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn a_name_is_given_out_once_whatever_its_case() {
        let mut taken = Taken::default();
        assert_eq!(taken.claim("A-1", 2), Ok(()));
        assert_eq!(taken.claim("a-1", 3), Err(2));
        assert_eq!(taken.claim("a-2", 4), Ok(()));
    }
}
