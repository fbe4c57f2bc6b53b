//! Texts compared by what they say, whatever way they were typed.
//!
//! In: two texts of one field, from two systems. Out: whether they say the same.
//! Invariant: only ways of writing one character fall together, never two characters; so this is not NFKC, which would take ① for
//! 1 and ㎡ for m2. What is printed is never the folded text.
//!
//! | falls together | example |
//! |---|---|
//! | private code points and their public ones | U+E863 and 䶮 |
//! | compatibility ideographs and radicals, and unified ideographs | U+F9D1 and 六, U+2F08 and 人 |
//! | full and half width letters, digits, marks and brackets | （Ａ１） and (A1) |
//! | hexagonal brackets and square ones | 〔2026〕 and \[2026\] |
//! | the dots between the parts of a name | • ・ ‧ ． and · |
//! | circles written for the numeral | ○ and 〇 |
//! | spaces, except that words of an alphabet stay apart | 张　三 and 张三 |

use std::sync::LazyLock;

use super::name::{SEPARATOR, SEPARATOR_VARIANTS, without_padding};
use super::pua::{self, Table};

/// Lines of `U+F900<tab>U+8C48`, in the order of the first column; `#` opens a comment.
const UNIFIED: &str = include_str!("compatibility_ideographs.tsv");

static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let pair = |line: &str| {
        let (from, to) = line.split_once('\t')?;
        Some((pua::code_point(from)?, pua::code_point(to)?))
    };
    UNIFIED.lines().filter_map(pair).collect()
});

/// Whether `a` and `b` say the same, `private` telling what private code points stand for.
pub fn same(a: &str, b: &str, private: &Table) -> bool {
    a == b || fold(a, private) == fold(b, private)
}

/// `text` in the one way of writing that stands for all: only to be compared.
pub fn fold(text: &str, private: &Table) -> String {
    let chars: Vec<char> = text.chars().filter(|&c| !is_variation_selector(c)).collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| chars.get(at)).is_some_and(|c| matches!(c, '0'..='9' | '０'..='９'))
    };
    let folded: String = chars
        .iter()
        .enumerate()
        .map(|(at, &c)| match c {
            // The full-width stop is a decimal point between digits, and a name's dot elsewhere.
            '．' if is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)) => '.',
            c if SEPARATOR_VARIANTS.contains(&c) => SEPARATOR,
            // Full-width ASCII lies as ASCII does, from U+FF01 for U+0021.
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
            '〔' => '[',
            '〕' => ']',
            '﹙' => '(',
            '﹚' => ')',
            '○' | '◯' => '〇',
            c if pua::is_private(c) => private.public(c).unwrap_or(c),
            c => unified(c),
        })
        .collect();
    without_padding(&folded)
}

fn unified(c: char) -> char {
    if !matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}') {
        return c;
    }
    PAIRS.binary_search_by_key(&c, |&(from, _)| from).map_or(c, |at| PAIRS[at].1)
}

/// Says which of a character's shapes is meant; the character is the same.
fn is_variation_selector(c: char) -> bool {
    matches!(c, '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn equal(a: &str, b: &str) -> bool {
        same(a, b, &Table::default())
    }

    #[test]
    fn the_whole_table_is_read_in_order_and_leads_to_unified_ideographs() {
        assert_eq!(PAIRS.len(), UNIFIED.lines().filter(|l| l.starts_with("U+")).count());
        assert!(PAIRS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(PAIRS.iter().all(|&(from, to)| unified(from) == to && unified(to) == to));
    }

    #[test]
    fn ways_of_writing_one_text_are_the_same() {
        let cases = [
            ("刘\u{E863}", "刘䶮"),
            ("\u{F9D1}安", "六安"),
            ("\u{2F08}民", "人民"),
            ("\u{2F800}", "丽"),
            ("（ＡＢ）１２", "(AB)12"),
            ("样人社〔２０２６〕１号", "样人社[2026]1号"),
            ("阿里•样例", "阿里·样例"),
            ("阿里．样例", "阿里·样例"),
            ("８５．５", "85.5"),
            ("二○二六年", "二〇二六年"),
            (" 张　三 ", "张三"),
            ("John  Smith", "John　Smith"),
            ("葛\u{E0100}", "葛"),
        ];
        for (a, b) in cases {
            assert!(
                equal(a, b),
                "{a} and {b}: {} and {}",
                fold(a, &Table::default()),
                fold(b, &Table::default())
            );
        }
    }

    #[test]
    fn other_characters_stay_apart() {
        let cases = [
            ("己", "已"),
            ("于", "於"),
            ("后", "後"),
            ("①", "1"),
            ("㎡", "m2"),
            ("O", "0"),
            ("a", "A"),
            ("John Smith", "JohnSmith"),
            ("\u{F000}", "\u{F001}"),
            ("3.5", "35"),
            ("阿里·样例", "阿里样例"),
        ];
        for (a, b) in cases {
            assert!(!equal(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn a_users_table_decides_what_private_code_points_stand_for() {
        let table = Table::parse("U+F000\tU+20BB7").unwrap();
        assert!(same("\u{F000}", "𠮷", &table) && !equal("\u{F000}", "𠮷"));
    }

    proptest::proptest! {
        #[test]
        fn folding_a_folded_text_changes_nothing(text in "\\PC{0,40}") {
            let once = fold(&text, &Table::default());
            proptest::prop_assert_eq!(fold(&once, &Table::default()), once);
        }
    }
}
