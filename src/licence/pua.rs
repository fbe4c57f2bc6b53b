//! Characters that older encodings placed in the private use area, and where Unicode has them now.
//!
//! In: text that may come from GBK or GB 18030-2000/2005 software. Out: the same text in public code points.
//! The table follows the mapping changes of GB 18030-2022; U+E863 → U+4DAE (䶮) is the one that names need most.

use std::borrow::Cow;
use std::sync::LazyLock;

/// Lines of `U+E863<tab>U+4DAE<tab>…`, in the order of the first column; `#` opens a comment.
const TABLE: &str = include_str!("gbk_pua_to_unicode.tsv");

static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    let mut pairs: Vec<(char, char)> = TABLE.lines().filter_map(pair).collect();
    pairs.sort_unstable();
    pairs
});

fn pair(line: &str) -> Option<(char, char)> {
    let mut columns = line.split('\t').map(|column| {
        let hex = column.strip_prefix("U+")?;
        char::from_u32(u32::from_str_radix(hex, 16).ok()?)
    });
    Some((columns.next()??, columns.next()??))
}

/// Whether `c` lies in one of the private use areas, where it means nothing outside the software that wrote it.
pub fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{FFFFD}' | '\u{100000}'..='\u{10FFFD}')
}

/// The public code point of a private one, if the table knows it.
pub fn public(c: char) -> Option<char> {
    PAIRS.binary_search_by_key(&c, |&(private, _)| private).ok().map(|at| PAIRS[at].1)
}

/// `text` in public code points; else the first private one that the table does not know.
pub fn fold(text: &str) -> Result<Cow<'_, str>, char> {
    if !text.chars().any(is_private) {
        return Ok(Cow::Borrowed(text));
    }
    let folded: Result<String, char> =
        text.chars().map(|c| if is_private(c) { public(c).ok_or(c) } else { Ok(c) }).collect();
    folded.map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read_and_leads_out_of_the_private_area() {
        assert_eq!(PAIRS.len(), TABLE.lines().filter(|l| l.starts_with("U+")).count());
        assert!(PAIRS.iter().all(|&(from, to)| is_private(from) && !is_private(to)));
        assert!(PAIRS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn the_old_code_point_of_yan_becomes_the_public_one() {
        assert_eq!(fold("刘\u{E863}"), Ok(Cow::Owned("刘䶮".to_owned())));
    }

    #[test]
    fn an_unknown_private_code_point_is_named() {
        assert_eq!(fold("刘\u{F000}"), Err('\u{F000}'));
    }

    #[test]
    fn public_text_is_not_copied() {
        assert!(matches!(fold("张三𠮷"), Ok(Cow::Borrowed(_))));
    }
}
