//! Names of persons as certificates write them: one separator, no padding, public code points.

use thiserror::Error;

use super::pua::Table;

/// The longest name that a certificate must take, in characters.
pub const MAX_CHARS: usize = 50;

/// The separator of minority and foreign names, U+00B7.
pub const SEPARATOR: char = '·';

/// What input methods and older software write in its place.
pub(super) const SEPARATOR_VARIANTS: [char; 8] = ['•', '・', '‧', '．', '･', '∙', '⋅', '\u{0387}'];

/// A name as it should be written, and what was done to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// As it should be written.
    pub text: String,
    /// Each kind of change once, in the order of [`Change`].
    pub changes: Vec<Change>,
}

/// One kind of change.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// A dot of another kind became U+00B7.
    #[error("had another dot than U+00B7 between its parts")]
    Separator,
    /// Spaces between or around Han characters were taken out.
    #[error("had spaces that do not belong to it")]
    Spaces,
    /// A private code point of an older encoding became a public one.
    #[error("had characters in private code points")]
    PrivateUse,
}

/// Why a text cannot be a person's name.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NameError {
    /// Too many characters.
    #[error("has {0} characters, more than {MAX_CHARS}")]
    Length(usize),
    /// A control character.
    #[error("has a control character (U+{:04X})", u32::from(*.0))]
    Control(char),
    /// A private code point that no table knows.
    #[error("has a private code point that means nothing to others (U+{:04X})", u32::from(*.0))]
    PrivateUse(char),
    /// A separator with nothing on one side.
    #[error("has a dot without a part on each side")]
    Separator,
}

/// Writes `text` as a name: separators become U+00B7, private code points public ones, spaces go unless they part words
/// of an alphabet. `private` tells what private code points stand for.
pub fn normalise(text: &str, private: &Table) -> Result<Name, NameError> {
    if let Some(c) = text.chars().find(|c| c.is_control()) {
        return Err(NameError::Control(c));
    }
    let public = private.fold(text).map_err(NameError::PrivateUse)?;
    let dotted: String =
        public.chars().map(|c| if SEPARATOR_VARIANTS.contains(&c) { SEPARATOR } else { c }).collect();
    let name = without_padding(&dotted);
    let length = name.chars().count();
    if length > MAX_CHARS {
        return Err(NameError::Length(length));
    }
    if name.split(SEPARATOR).any(str::is_empty) && name.contains(SEPARATOR) {
        return Err(NameError::Separator);
    }
    let changes = [
        (Change::Separator, dotted != public),
        (Change::Spaces, name != dotted),
        (Change::PrivateUse, public != text),
    ];
    Ok(Name { text: name, changes: changes.into_iter().filter(|c| c.1).map(|c| c.0).collect() })
}

/// A dot of another kind than U+00B7 between two Han characters: in a text, most likely that of a name.
pub fn foreign_separator(text: &str) -> Option<char> {
    let is_han = |c: char| matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{20000}'..='\u{3FFFF}');
    let mut chars = text.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        let between = before.is_some_and(is_han) && chars.peek().copied().is_some_and(is_han);
        if between && SEPARATOR_VARIANTS.contains(&c) {
            return Some(c);
        }
        before = Some(c);
    }
    None
}

/// Without white space, except one space between two words of an alphabet.
pub(super) fn without_padding(text: &str) -> String {
    let is_alphabetic_word = |c: Option<char>| c.is_some_and(|c| u32::from(c) < 0x2E80 && c != SEPARATOR);
    let mut words = text.split_whitespace();
    let mut out = words.next().unwrap_or("").to_owned();
    for word in words {
        if is_alphabetic_word(out.chars().next_back()) && is_alphabetic_word(word.chars().next()) {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str) -> (String, Vec<Change>) {
        let name = normalise(text, &Table::default()).unwrap();
        (name.text, name.changes)
    }

    fn refused(text: &str) -> NameError {
        normalise(text, &Table::default()).unwrap_err()
    }

    #[test]
    fn an_ordinary_name_is_left_alone() {
        for name in ["张三", "欧阳样例", "阿卜杜拉·样例", "𠮷䶮", "John Smith"] {
            assert_eq!(changed(name), (name.to_owned(), vec![]));
        }
    }

    #[test]
    fn every_dot_becomes_the_one_of_the_standard() {
        for dot in SEPARATOR_VARIANTS {
            let given = format!("阿卜杜拉{dot}样例");
            assert_eq!(changed(&given), ("阿卜杜拉·样例".to_owned(), vec![Change::Separator]), "{dot}");
        }
    }

    #[test]
    fn padding_of_two_character_names_goes_and_words_of_an_alphabet_stay_apart() {
        assert_eq!(changed("张　三"), ("张三".to_owned(), vec![Change::Spaces]));
        assert_eq!(changed("阿里 · 样例"), ("阿里·样例".to_owned(), vec![Change::Spaces]));
        assert_eq!(changed(" John  Smith "), ("John Smith".to_owned(), vec![Change::Spaces]));
    }

    #[test]
    fn a_private_code_point_is_folded_or_refused() {
        assert_eq!(changed("刘\u{E863}"), ("刘䶮".to_owned(), vec![Change::PrivateUse]));
        assert_eq!(refused("刘\u{F8F0}"), NameError::PrivateUse('\u{F8F0}'));
    }

    #[test]
    fn fifty_characters_pass_and_fifty_one_do_not() {
        assert_eq!(changed(&"样".repeat(50)).1, []);
        assert_eq!(refused(&"样".repeat(51)), NameError::Length(51));
    }

    #[test]
    fn a_dot_stands_between_two_parts() {
        for wrong in ["·样例", "样例·", "样·・例"] {
            assert_eq!(refused(wrong), NameError::Separator, "{wrong}");
        }
    }

    #[test]
    fn a_line_break_is_refused() {
        assert_eq!(refused("张\n三"), NameError::Control('\n'));
    }
}
