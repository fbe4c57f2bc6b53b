//! Text strings and dates (ISO 32000-1, 7.9.2.2 and 7.9.4).
//!
//! In: the bytes of a string. Out: text, or a moment. Invariant: what is no text in its encoding shows as U+FFFD, never as something else.

use crate::page::Timestamp;

/// A text string: UTF-16BE or UTF-8 with a mark, else PDFDocEncoding.
pub fn text(bytes: &[u8]) -> String {
    if let Some(utf16) = bytes.strip_prefix(b"\xFE\xFF") {
        return text_utf16(utf16);
    }
    if let Some(utf8) = bytes.strip_prefix(b"\xEF\xBB\xBF") {
        return String::from_utf8_lossy(utf8).into_owned();
    }
    bytes.iter().map(|&byte| pdf_doc(byte)).collect()
}

/// UTF-16BE without a mark.
pub(super) fn text_utf16(bytes: &[u8]) -> String {
    let units = bytes.chunks(2).map(|pair| match *pair {
        [high, low] => u16::from_be_bytes([high, low]),
        _ => 0xFFFD,
    });
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Annex D.2: Latin 1, but for a few signs.
fn pdf_doc(byte: u8) -> char {
    const LOW: [char; 8] = ['˘', 'ˇ', 'ˆ', '˙', '˝', '˛', '˚', '˜'];
    const HIGH: [char; 31] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚', '™', 'ﬁ',
        'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž',
    ];
    match byte {
        0x18..=0x1F => LOW[usize::from(byte - 0x18)],
        0x80..=0x9E => HIGH[usize::from(byte - 0x80)],
        0xA0 => '€',
        0x7F | 0x9F | 0xAD => char::REPLACEMENT_CHARACTER,
        other => char::from(other),
    }
}

/// A date, `D:YYYYMMDDHHmmSSOHH'mm'`; what is left out from the right is the first of its kind, and a date without an offset is taken
/// as UTC.
pub fn date(bytes: &[u8]) -> Option<Timestamp> {
    let text = str::from_utf8(bytes).ok()?;
    let text = text.strip_prefix("D:").unwrap_or(text);
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (stamp, zone) = text.split_at(digits);
    if !matches!(stamp.len(), 4 | 6 | 8 | 10 | 12 | 14) {
        return None;
    }
    let part = |at: usize, len: usize, default: i64| match stamp.get(at..at + len) {
        Some(part) => part.parse().ok(),
        None => Some(default),
    };
    let date = jiff::civil::Date::new(
        part(0, 4, 0)?.try_into().ok()?,
        part(4, 2, 1)?.try_into().ok()?,
        part(6, 2, 1)?.try_into().ok()?,
    )
    .ok()?;
    let (hour, minute, second) = (part(8, 2, 0)?, part(10, 2, 0)?, part(12, 2, 0)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let days = i64::from(date.since(jiff::civil::date(1970, 1, 1)).ok()?.get_days());
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(Timestamp { seconds: seconds - offset(zone)? })
}

/// Seconds east of Greenwich.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.chars().next() {
        None => return Some(0),
        Some('Z') => 0,
        Some('+') => 1,
        Some('-') => -1,
        Some(_) => return None,
    };
    let digits: String = zone[1..].chars().filter(|&c| c != '\'').collect();
    let part = |range| digits.get(range).map_or(Some(0), |part: &str| part.parse::<i64>().ok());
    let (hours, minutes) = (part(0..2)?, part(2..4)?);
    (digits.len() <= 4 && hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes) * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_its_encoding() {
        assert_eq!(text(b"\xFE\xFF\x68\x37\xD8\x42\xDF\xB7"), "样𠮷");
        assert_eq!(text(b"\xEF\xBB\xBF\xE6\xA0\xB7"), "样");
        assert_eq!(text(b"a\x84\xE9"), "a—é");
        assert_eq!(text(b"\xFE\xFF\xD8\x42\x00"), "\u{FFFD}\u{FFFD}");
    }

    #[test]
    fn dates_are_moments() {
        for (text, expected) in [
            ("D:20260305080000Z", Some("2026-03-05T08:00:00Z")),
            ("D:20260305080000+08'00'", Some("2026-03-05T00:00:00Z")),
            ("D:20260305080000-03'30", Some("2026-03-05T11:30:00Z")),
            ("D:202603", Some("2026-03-01T00:00:00Z")),
            ("D:20261305", None),
            ("D:20260305250000", None),
            ("yesterday", None),
            ("D:2026030508000样", None),
        ] {
            assert_eq!(date(text.as_bytes()), expected.and_then(Timestamp::parse), "{text}");
        }
    }
}
