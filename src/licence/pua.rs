//! Characters that older encodings placed in the private use area, and where Unicode has them now.
//!
//! In: text that may come from GBK or GB 18030-2000/2005 software. Out: the same text in public code points.
//! The table that ships follows the mapping changes of GB 18030-2022; U+E863 → U+4DAE (䶮) is the one that names need most. Users
//! add tables for what their own software put there.
//! Invariant: what comes out of a table is public.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use thiserror::Error;

/// Lines of `U+E863<tab>U+4DAE<tab>…`; `#` opens a comment.
const SHIPPED: &str = include_str!("gbk_pua_to_unicode.tsv");

/// More characters than the private use area of the BMP has.
const MAX_LINES: usize = 10_000;

/// In the order of the private code points.
static PAIRS: LazyLock<Vec<(char, char)>> =
    LazyLock::new(|| read(SHIPPED).expect("the table that ships is well formed; a test reads it"));

/// Which public code points private ones stand for: the table that ships, and before it the user's. Clones share it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// In the order of the private code points; `None` without tables of the user's.
    own: Option<Arc<[(char, char)]>>,
}

/// Why a user's table is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TableError {
    /// A line without two code points.
    #[error("line {0} is not `U+E863`, a tab and `U+4DAE`")]
    Line(usize),
    /// It maps a character that everyone knows.
    #[error("line {line} maps U+{:04X}, which is not private", u32::from(*from))]
    Public {
        /// Counted from 1.
        line: usize,
        /// What it maps.
        from: char,
    },
    /// It maps to another private code point, or to a control.
    #[error("line {line} maps to U+{:04X}, which is no public character", u32::from(*to))]
    Private {
        /// Counted from 1.
        line: usize,
        /// What it maps to.
        to: char,
    },
    /// Two lines about one code point.
    #[error("U+{:04X} is mapped twice", u32::from(*.0))]
    Twice(char),
    /// More lines than there can be characters.
    #[error("the table has more than {MAX_LINES} lines")]
    Long,
}

impl Table {
    /// The table that ships with `text` before it: lines of `U+E863<tab>U+4DAE`, further columns for people; `#` opens a comment.
    ///
    /// # Errors
    /// The first line that is wrong.
    pub fn parse(text: &str) -> Result<Table, TableError> {
        Ok(Table { own: Some(read(text)?.into()) })
    }

    /// The public code point of a private one, if a table knows it.
    pub fn public(&self, c: char) -> Option<char> {
        let find = |pairs: &[(char, char)]| {
            pairs.binary_search_by_key(&c, |&(private, _)| private).ok().map(|at| pairs[at].1)
        };
        self.own.as_deref().and_then(find).or_else(|| find(&PAIRS))
    }

    /// `text` in public code points; else the first private one that no table knows.
    pub fn fold<'a>(&self, text: &'a str) -> Result<Cow<'a, str>, char> {
        if !text.chars().any(is_private) {
            return Ok(Cow::Borrowed(text));
        }
        let public = |c| if is_private(c) { self.public(c).ok_or(c) } else { Ok(c) };
        text.chars().map(public).collect::<Result<String, char>>().map(Cow::Owned)
    }
}

/// Whether `c` lies in one of the private use areas, where it means nothing outside the software that wrote it.
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// The pairs of a table, sorted.
fn read(text: &str) -> Result<Vec<(char, char)>, TableError> {
    let mut pairs = Vec::new();
    for (line, text) in text.trim_start_matches('\u{FEFF}').lines().enumerate() {
        let line = line + 1;
        if line > MAX_LINES {
            return Err(TableError::Long);
        }
        if text.trim().is_empty() || text.starts_with('#') {
            continue;
        }
        let mut columns = text.split('\t').map(code_point);
        let (Some(Some(from)), Some(Some(to))) = (columns.next(), columns.next()) else {
            return Err(TableError::Line(line));
        };
        if !is_private(from) {
            return Err(TableError::Public { line, from });
        }
        if is_private(to) || to.is_control() {
            return Err(TableError::Private { line, to });
        }
        pairs.push((from, to));
    }
    pairs.sort_unstable();
    match pairs.windows(2).find(|two| two[0].0 == two[1].0) {
        Some(two) => Err(TableError::Twice(two[0].0)),
        None => Ok(pairs),
    }
}

/// `U+4DAE` as a character.
pub(super) fn code_point(text: &str) -> Option<char> {
    let hex = text.trim().strip_prefix("U+")?;
    char::from_u32(u32::from_str_radix(hex, 16).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_that_ships_is_read() {
        assert_eq!(PAIRS.len(), SHIPPED.lines().filter(|l| l.starts_with("U+")).count());
        assert!(!PAIRS.is_empty());
    }

    #[test]
    fn the_old_code_point_of_yan_becomes_the_public_one() {
        assert_eq!(Table::default().fold("刘\u{E863}"), Ok(Cow::Owned("刘䶮".to_owned())));
    }

    #[test]
    fn an_unknown_private_code_point_is_named() {
        assert_eq!(Table::default().fold("刘\u{F000}"), Err('\u{F000}'));
    }

    #[test]
    fn public_text_is_not_copied() {
        assert!(matches!(Table::default().fold("张三𠮷"), Ok(Cow::Borrowed(_))));
    }

    #[test]
    fn a_users_table_adds_to_the_one_that_ships_and_goes_before_it() {
        let table = Table::parse("# our old system\nU+F000\tU+20BB7\t𠮷\nU+E862\tU+6837\n").unwrap();
        assert_eq!(table.fold("\u{F000}\u{E862}\u{E863}"), Ok(Cow::Owned("𠮷样䶮".to_owned())));
        assert_eq!(table.fold("\u{F001}"), Err('\u{F001}'));
    }

    #[test]
    fn each_wrong_line_of_a_users_table_is_refused_for_its_own_reason() {
        let cases = [
            ("U+F000 U+4E00", TableError::Line(1)),
            ("#\nF000\t4E00", TableError::Line(2)),
            ("U+F000\t", TableError::Line(1)),
            ("U+D800\tU+4E00", TableError::Line(1)),
            ("U+4E01\tU+4E00", TableError::Public { line: 1, from: '丁' }),
            ("U+F000\tU+F001", TableError::Private { line: 1, to: '\u{F001}' }),
            ("U+F000\tU+000A", TableError::Private { line: 1, to: '\n' }),
            ("U+F000\tU+4E00\nU+F000\tU+4E01", TableError::Twice('\u{F000}')),
        ];
        for (text, error) in cases {
            assert_eq!(Table::parse(text), Err(error), "{text:?}");
        }
        assert_eq!(Table::parse(&"#\n".repeat(MAX_LINES + 1)), Err(TableError::Long));
    }
}
