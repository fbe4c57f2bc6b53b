//! Calendar dates as records give them and as certificates print them.

use jiff::civil::Date;

/// Reads `2026-03-05`, `2026/3/5`, `2026.3.5`, `2026年3月5日` or `20260305`; the year has four digits.
pub fn parse(text: &str) -> Option<Date> {
    let is_compact = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let (year, month, day) = if is_compact {
        (&text[..4], &text[4..6], &text[6..])
    } else if let Some((year, rest)) = text.split_once('年') {
        let (month, day) = rest.strip_suffix('日')?.split_once('月')?;
        (year, month, day)
    } else {
        let separator = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
        let (year, rest) = text.split_once(separator)?;
        let (month, day) = rest.split_once(separator)?;
        (year, month, day)
    };
    if year.len() != 4 {
        return None;
    }
    Date::new(number(year)?, i8::try_from(number(month)?).ok()?, i8::try_from(number(day)?).ok()?).ok()
}

/// At most four digits and nothing else.
fn number(digits: &str) -> Option<i16> {
    let well_formed = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    well_formed.then(|| digits.parse().ok()).flatten()
}

/// 2026年3月5日: Arabic digits without leading zeros.
pub fn chinese_date(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 二〇二六年三月五日: the year digit by digit with 〇, month and day as numbers.
pub fn chinese_numeral_date(date: Date) -> String {
    let year: String = date.year().to_string().chars().filter_map(|c| c.to_digit(10)).map(numeral).collect();
    format!("{year}年{}月{}日", below_hundred(date.month()), below_hundred(date.day()))
}

/// 20260305, as metadata writes dates (GB/T 36903).
pub fn compact(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), date.month(), date.day())
}

fn numeral(digit: u32) -> char {
    const NUMERALS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
    NUMERALS[digit as usize % 10]
}

/// 1 to 99 in words: 十, 十一, 二十, 三十一.
fn below_hundred(n: i8) -> String {
    let n = u32::from(n.unsigned_abs());
    let (tens, ones) = (n / 10, n % 10);
    let mut out = String::new();
    if tens > 1 {
        out.push(numeral(tens));
    }
    if tens > 0 {
        out.push('十');
    }
    if ones > 0 {
        out.push(numeral(ones));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_ways_to_write_a_date_mean_the_same_day() {
        let texts = ["2026-03-05", "2026-3-5", "2026/3/5", "2026.03.05", "2026年3月5日", "20260305"];
        for text in texts {
            assert_eq!(parse(text), Some(Date::constant(2026, 3, 5)), "{text}");
        }
    }

    #[test]
    fn days_that_do_not_exist_and_other_texts_are_no_dates() {
        let texts = [
            "2026-13-01",
            "2025-02-29",
            "26-3-5",
            "2026-3",
            "2026-3/5",
            "+026-3-5",
            "2026-3-5 ",
            "３/５",
            "",
            "5/3/2026",
            "2026-03-05T00:00:00",
            "２０２６-3-5",
        ];
        for text in texts {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn chinese_numerals_of_the_months_and_days_that_go_wrong() {
        let cases = [
            ((2026, 3, 5), "二〇二六年三月五日"),
            ((2000, 10, 10), "二〇〇〇年十月十日"),
            ((1999, 11, 20), "一九九九年十一月二十日"),
            ((2024, 12, 31), "二〇二四年十二月三十一日"),
        ];
        for ((y, m, d), text) in cases {
            assert_eq!(chinese_numeral_date(Date::constant(y, m, d)), text);
        }
    }

    #[test]
    fn arabic_dates_have_no_leading_zeros_and_compact_ones_do() {
        let date = Date::constant(2026, 3, 5);
        assert_eq!((chinese_date(date).as_str(), compact(date).as_str()), ("2026年3月5日", "20260305"));
    }
}
