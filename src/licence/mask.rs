//! Personal data made partly unreadable (脱敏), for lists and pages that all may see.

/// What stands for a hidden character.
const HIDDEN: char = '*';

/// `text` with all but the first `head` and the last `tail` characters hidden, one sign for each. Where nothing would be
/// hidden, everything is.
pub fn middle(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let shown = if head.saturating_add(tail) >= length { 0..0 } else { head..length - tail };
    let hides_all = shown.is_empty();
    text.chars().enumerate().map(|(i, c)| if hides_all || shown.contains(&i) { HIDDEN } else { c }).collect()
}

/// An identity number with its region and its last four characters: `110105********002X`.
pub fn id_number(number: &str) -> String {
    middle(number, 6, 4)
}

/// A person's name with its first character, and its last if there are more than two: 张*, 欧**华.
pub fn person_name(name: &str) -> String {
    middle(name, 1, usize::from(name.chars().count() > 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_number_hides_the_day_of_birth() {
        assert_eq!(id_number("11010519491231002X"), "110105********002X");
    }

    #[test]
    fn names_of_every_length_hide_something() {
        let cases = [
            ("张", "*"),
            ("张三", "张*"),
            ("张三丰", "张*丰"),
            ("欧阳样例", "欧**例"),
            ("𠮷䶮", "𠮷*"),
            ("", ""),
        ];
        for (name, masked) in cases {
            assert_eq!(person_name(name), masked);
        }
    }

    #[test]
    fn a_text_too_short_for_its_ends_is_hidden_whole() {
        assert_eq!(id_number("1234567890"), "**********");
        assert_eq!(middle("abc", usize::MAX, 1), "***");
    }
}
