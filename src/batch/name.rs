//! File names from a pattern and a record.
//!
//! In: a pattern such as `{unit}/{number}-{name}` and a record's values. Out: a file name without extension, in folders if the pattern has
//! some, that every common file system takes.
//! Invariant: whatever a record says, the name leads nowhere but into the folder; names of one pattern have equally many folders, so that
//! none is a file and a folder at once.

use sha2::{Digest as _, Sha256};
use unicode_normalization::UnicodeNormalization as _;

use super::catalogue::CATALOGUE;
use super::manifest::MANIFEST;
use crate::crypto::hex;
use crate::diag::nearest;

/// Bytes of a name before its extension: file systems allow 255, and the extension and a temporary suffix come on top.
const LONGEST: usize = 200;

/// Hexadecimal digits at the end of a name that was cut.
const DIGITS: usize = 12;

/// The name in a pattern for a record's row number, six digits wide.
const ROW: &str = "row";

/// The most folders in a pattern.
const MAX_FOLDERS: usize = 4;

/// How files are named: literal text and `{field}` in any order, `/` between folders; `{row}` is the row number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamePattern {
    /// What was written.
    text: String,
    /// Folders, and at last the file.
    components: Vec<Vec<Part>>,
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
    /// Folders that are not below the one for the files.
    #[error("the folders of a name pattern have names, at most {MAX_FOLDERS}, with / between: {0}")]
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
        let texts: Vec<&str> = pattern.split('/').collect();
        let is_name =
            |text: &&str| !text.is_empty() && text.trim_matches('.') == *text && !text.contains('\\');
        if texts.len() > MAX_FOLDERS + 1 || !texts.iter().all(is_name) {
            return Err(PatternError::Folder(pattern.into()));
        }
        let component = |text: &&str| parts(text, pattern, fields.clone());
        let components: Vec<Vec<Part>> = texts.iter().map(component).collect::<Result<_, _>>()?;
        if components.iter().flatten().all(|p| matches!(p, Part::Literal(_))) {
            return Err(PatternError::Constant(pattern.into()));
        }
        Ok(NamePattern { text: pattern.into(), components })
    }

    /// The pattern for layouts that name none: the certificate's number where there is such a field, else the row.
    pub fn usual<'a>(fields: impl IntoIterator<Item = &'a str>) -> NamePattern {
        let has_number = fields.into_iter().any(|f| f == "number");
        let (text, part) =
            if has_number { ("{number}", Part::Field("number".into())) } else { ("{row}", Part::Row) };
        NamePattern { text: text.into(), components: vec![vec![part]] }
    }

    /// The pattern as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it names folders.
    pub fn has_folders(&self) -> bool {
        self.components.len() > 1
    }

    /// The fields in it.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        self.components.iter().flatten().filter_map(|part| match part {
            Part::Field(field) => Some(field.as_str()),
            _ => None,
        })
    }

    /// The name of one record's files, without extension; `None` when nothing printable is left of it or of one of its folders.
    pub fn name<'a>(&self, row: u64, value: impl Fn(&str) -> Option<&'a str>) -> Option<String> {
        let component = |parts: &Vec<Part>| {
            let mut raw = String::new();
            for part in parts {
                match part {
                    Part::Literal(text) => raw.push_str(text),
                    Part::Field(field) => raw.push_str(value(field).unwrap_or("").trim()),
                    Part::Row => raw.push_str(&format!("{row:06}")),
                }
            }
            safe(&raw)
        };
        let names: Vec<String> = self.components.iter().map(component).collect::<Option<_>>()?;
        Some(names.join("/"))
    }
}

/// The parts of one component of `pattern`.
fn parts<'a>(
    text: &str,
    pattern: &str,
    fields: impl IntoIterator<Item = &'a str> + Clone,
) -> Result<Vec<Part>, PatternError> {
    let mut parts = Vec::new();
    let mut rest = text;
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
    Ok(parts)
}

/// `raw` as a name that Linux, macOS and Windows all take, and that shows what it is. Letters with accents are one character each (NFC), because
/// macOS takes both spellings for one name.
fn safe(raw: &str) -> Option<String> {
    // Invisible characters can make two names look alike or turn one around: they are left out.
    let visible = raw.nfc().filter(|c| !c.is_control() && !is_invisible(*c));
    let allowed = visible.map(|c| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        c => c,
    });
    let name = cut(allowed.collect());
    // Windows drops dots and blanks at the end; a dot at the front hides the file.
    let name = name.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if name.is_empty() {
        return None;
    }
    // A folder of these names would stand in the way of what a batch writes itself.
    let is_ours = [MANIFEST, CATALOGUE].iter().any(|ours| name.eq_ignore_ascii_case(ours));
    Some(if is_device(name) || is_ours { format!("_{name}") } else { name.into() })
}

/// The name, no longer than [`LONGEST`]. In place of the end of a longer one stands a part of its digest: what tells names apart is often their end.
fn cut(name: String) -> String {
    if name.len() <= LONGEST {
        return name;
    }
    let digest = &hex(&Sha256::digest(&name))[..DIGITS];
    let end = (0..=LONGEST - DIGITS - 1).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
    format!("{}-{digest}", &name[..end])
}

/// Whether Windows takes the name for a device's, whatever comes after a dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let port = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL" | "CONIN$" | "CONOUT$")
        || port.is_some_and(|number| {
            matches!(number, "¹" | "²" | "³") || matches!(number.as_bytes(), [b'0'..=b'9'])
        })
}

/// Zero-width characters, marks of direction, the byte order mark.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
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
            ("nul .txt", "_nul .txt"),
            ("com\u{B9}", "_com\u{B9}"),
            ("conin$.a", "_conin$.a"),
            ("Cafe\u{301}", "Caf\u{E9}"),
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
    fn long_names_are_cut_between_characters_and_stay_apart() {
        let long = |end: &str| safe(&format!("{}{end}", "证".repeat(100))).unwrap();
        assert!(long("1").starts_with(&"证".repeat(62)) && long("1").len() <= LONGEST, "{}", long("1"));
        assert_ne!(long("1"), long("2"));
        assert_eq!(safe(&"/".repeat(LONGEST)).unwrap(), "_".repeat(LONGEST));
    }

    #[test]
    fn bad_patterns_are_refused_with_the_reason() {
        let cases = [
            ("{name", "a brace is not closed in the name pattern: {name"),
            ("name}", "a brace is not closed in the name pattern: name}"),
            ("{nmae}", "the layout has no such field: nmae (did you mean name?)"),
            (
                "{unit}//{name}",
                "the folders of a name pattern have names, at most 4, with / between: {unit}//{name}",
            ),
            ("../{name}", "the folders of a name pattern have names, at most 4, with / between: ../{name}"),
            ("same", "a name pattern needs a field or {row}, or every file would have the same name: same"),
        ];
        for (pattern, message) in cases {
            assert_eq!(NamePattern::parse(pattern, FIELDS).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn each_folder_is_a_safe_name_of_its_own() {
        let values = [("name", "../张三"), ("unit", "a/b"), ("number", "")];
        assert_eq!(named("{unit}/{name}", &values).unwrap(), "a_b/_张三");
        assert_eq!(named("{unit}/{number}", &values), None);
        assert_eq!(
            named("{unit}/{unit}/{row}", &[("unit", "Manifest.jsonl")]).unwrap(),
            "_Manifest.jsonl/_Manifest.jsonl/000017"
        );
    }
}
