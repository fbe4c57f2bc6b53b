//! What the program says: results to stdout, complaints to stderr, neither of which ever panics.

use std::io::{self, Write as _};

/// Prints a line of the result.
pub(crate) fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

/// Prints to stderr. If nobody listens there either, nobody is told.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// What a hostile file says, on one line and without control of the terminal.
pub(crate) fn printable(text: &str) -> String {
    const LONGEST: usize = 400;
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}')
    };
    let mut shown: String =
        text.chars().take(LONGEST).map(|c| if is_hidden(c) { '\u{FFFD}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    shown
}

/// 1234567 as 1,234,567.
pub(crate) fn grouped(n: u64) -> String {
    indicatif::HumanCount(n).to_string()
}

/// A count and its noun: `1 file`, `2,000 files`.
pub(crate) fn counted(n: u64, noun: &str) -> String {
    format!("{} {noun}{}", grouped(n), if n == 1 { "" } else { "s" })
}

/// Bytes with a decimal prefix: 142.31 MB.
pub(crate) fn bytes(n: u64) -> String {
    indicatif::DecimalBytes(n).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(counted(1, "file"), "1 file");
        assert_eq!(counted(2000, "file"), "2,000 files");
        assert_eq!(bytes(142_310_000), "142.31 MB");
    }

    #[test]
    fn a_hostile_name_cannot_drive_the_terminal() {
        assert_eq!(printable("a\u{1b}[2Jb\nc\u{202e}d"), "a\u{FFFD}[2Jb\u{FFFD}c\u{FFFD}d");
        assert_eq!(printable(&"长".repeat(500)).chars().count(), 401);
    }
}
