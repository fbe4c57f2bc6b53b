//! Tokens (ISO 32000-1, 7.2 and 7.3).
//!
//! In: bytes of a file, an object stream, a content stream or a CMap. Out: [`Token`]s with their places.
//! Invariant: each byte is looked at a bounded number of times, and what readers are known to take differently (broken escapes, numbers with
//! two signs, strings without an end) is refused.

use super::error::{Flaw, ReadError};
use crate::decimal::Decimal;

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token<'a> {
    Integer(i64),
    Real(f64),
    Name(Vec<u8>),
    String(Vec<u8>),
    /// `[`
    Array,
    /// `]`
    ArrayEnd,
    /// `<<`
    Dictionary,
    /// `>>`
    DictionaryEnd,
    /// `obj`, `true`, `BT`, …; a brace stands alone.
    Keyword(&'a [u8]),
    End,
}

/// A place in bytes.
#[derive(Clone, Debug)]
pub(super) struct Lexer<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
}

/// Annex C.2 allows 127 bytes, which may be escaped; some programs go beyond.
const LONGEST_NAME: usize = 1024;

/// Table 1.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

/// Table 2.
const fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

const fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !is_delimiter(byte)
}

/// The value of each hexadecimal digit; 255 for what is none.
const DIGITS: [u8; 256] = {
    let mut table = [255; 256];
    let mut digit = 0;
    while digit < 16 {
        table[b"0123456789abcdef"[digit] as usize] = digit as u8;
        table[b"0123456789ABCDEF"[digit] as usize] = digit as u8;
        digit += 1;
    }
    table
};

fn hex_digit(byte: u8) -> Option<u8> {
    Some(DIGITS[usize::from(byte)]).filter(|&digit| digit < 16)
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize) -> Lexer<'a> {
        Lexer { bytes, at }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes white space.
    pub(super) fn pass_space(&mut self) {
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
    }

    /// Passes white space and comments (7.2.3).
    pub(super) fn pass_blank(&mut self) {
        loop {
            self.pass_space();
            if self.peek() != Some(b'%') {
                return;
            }
            while self.peek().is_some_and(|byte| byte != b'\r' && byte != b'\n') {
                self.at += 1;
            }
        }
    }

    /// Whether `word` stands here; passes it.
    pub(super) fn pass(&mut self, word: &[u8]) -> bool {
        let stands = self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word));
        if stands {
            self.at += word.len();
        }
        stands
    }

    /// Passes one end of line: CR LF, LF, or CR.
    pub(super) fn pass_line_end(&mut self) -> bool {
        self.pass(b"\r\n") || self.pass(b"\n") || self.pass(b"\r")
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, ReadError> {
        self.pass_blank();
        let start = self.at;
        let Some(byte) = self.peek() else { return Ok(Token::End) };
        self.at += 1;
        Ok(match byte {
            b'[' => Token::Array,
            b']' => Token::ArrayEnd,
            b'{' | b'}' => Token::Keyword(&self.bytes[start..self.at]),
            b'<' if self.pass(b"<") => Token::Dictionary,
            b'>' if self.pass(b">") => Token::DictionaryEnd,
            b'<' => Token::String(self.hex_string(start)?),
            b'(' => Token::String(self.literal_string(start)?),
            b'/' => Token::Name(self.name(start)?),
            b'>' | b')' => return Err(Flaw::Token.at(start)),
            b'0'..=b'9' | b'+' | b'-' | b'.' => self.number(start)?,
            _ => Token::Keyword(self.regular(start)),
        })
    }

    /// The regular characters from `start`.
    fn regular(&mut self, start: usize) -> &'a [u8] {
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    /// The plain number that stands here; passes it.
    pub(super) fn decimal(&mut self) -> Option<Decimal> {
        let decimal = Decimal::begin(self.bytes.get(self.at..)?)?;
        let end = self.at + decimal.len;
        if self.bytes.get(end).is_some_and(|&byte| is_regular(byte)) {
            return None;
        }
        self.at = end;
        Some(decimal)
    }

    /// 7.3.3.
    fn number(&mut self, start: usize) -> Result<Token<'a>, ReadError> {
        self.at = start;
        if let Some(decimal) = self.decimal() {
            return Ok(decimal.integer().map_or_else(|| Token::Real(decimal.value()), Token::Integer));
        }
        let text = self.regular(start);
        let digits = text.strip_prefix(b"-").or_else(|| text.strip_prefix(b"+")).unwrap_or(text);
        let points = digits.iter().filter(|&&byte| byte == b'.').count();
        let plain = digits.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
        let wrong = || Flaw::Number.at(start);
        if !plain || points > 1 || digits.len() == points || text.len() > 64 {
            return Err(wrong());
        }
        let text = str::from_utf8(text).map_err(|_| wrong())?;
        if points == 0 {
            return text.parse().map(Token::Integer).map_err(|_| wrong());
        }
        text.parse().map(Token::Real).map_err(|_| wrong())
    }

    /// 7.3.5, after the slash.
    fn name(&mut self, start: usize) -> Result<Vec<u8>, ReadError> {
        let raw = &self.regular(start)[1..];
        if raw.len() > LONGEST_NAME {
            return Err(Flaw::Name.at(start));
        }
        let mut name = Vec::with_capacity(raw.len());
        let mut rest = raw.iter();
        while let Some(&byte) = rest.next() {
            if byte != b'#' {
                name.push(byte);
                continue;
            }
            let digits = rest.next().and_then(|&d| hex_digit(d)).zip(rest.next().and_then(|&d| hex_digit(d)));
            match digits {
                Some((high, low)) if high | low != 0 => name.push(high << 4 | low),
                _ => return Err(Flaw::Name.at(start)),
            }
        }
        Ok(name)
    }

    /// 7.3.4.3, after `<`.
    fn hex_string(&mut self, start: usize) -> Result<Vec<u8>, ReadError> {
        let wrong = || Flaw::String.at(start);
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().position(|&byte| byte == b'>').ok_or_else(wrong)?;
        self.at += len + 1;
        let mut string = Vec::with_capacity(len.div_ceil(2));
        let mut high = None;
        for &byte in &rest[..len] {
            let digit = DIGITS[usize::from(byte)];
            match high {
                _ if digit > 15 && is_space(byte) => {}
                _ if digit > 15 => return Err(wrong()),
                None => high = Some(digit),
                Some(half) => {
                    string.push(half << 4 | digit);
                    high = None;
                }
            }
        }
        string.extend(high.map(|half| half << 4));
        Ok(string)
    }

    /// 7.3.4.2, after `(`.
    fn literal_string(&mut self, start: usize) -> Result<Vec<u8>, ReadError> {
        let mut string = Vec::new();
        let mut open = 0u32;
        loop {
            let byte = self.peek().ok_or_else(|| Flaw::String.at(start))?;
            self.at += 1;
            match byte {
                b')' if open == 0 => return Ok(string),
                b')' => open -= 1,
                b'(' => open += 1,
                b'\\' => {
                    self.escape(&mut string, start)?;
                    continue;
                }
                b'\r' => {
                    self.pass(b"\n");
                    string.push(b'\n');
                    continue;
                }
                _ => {}
            }
            string.push(byte);
        }
    }

    /// Table 3, after the backslash.
    fn escape(&mut self, string: &mut Vec<u8>, start: usize) -> Result<(), ReadError> {
        if self.pass_line_end() {
            return Ok(());
        }
        let byte = self.peek().ok_or_else(|| Flaw::String.at(start))?;
        self.at += 1;
        string.push(match byte {
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'b' => 8,
            b'f' => 0x0C,
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    let Some(digit @ b'0'..=b'7') = self.peek() else { break };
                    code = code << 3 | u32::from(digit - b'0');
                    self.at += 1;
                }
                // 7.3.4.2: high-order overflow is ignored.
                code as u8
            }
            other => other,
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &[u8]) -> Result<Vec<Token<'_>>, ReadError> {
        let mut lexer = Lexer::new(text, 0);
        let mut tokens = Vec::new();
        loop {
            match lexer.next()? {
                Token::End => return Ok(tokens),
                token => tokens.push(token),
            }
        }
    }

    #[test]
    fn tokens_are_told_apart() {
        let found =
            tokens(b"1 -2.5 +3 .5 /A#20b<</c[<4a 4>(a\\(\\051(b)\\\r\nc\\7)]>>% no\nBT true{").unwrap();
        let keyword = Token::Keyword;
        let expected = [
            Token::Integer(1),
            Token::Real(-2.5),
            Token::Integer(3),
            Token::Real(0.5),
            Token::Name(b"A b".to_vec()),
            Token::Dictionary,
            Token::Name(b"c".to_vec()),
            Token::Array,
            Token::String(b"J@".to_vec()),
            Token::String(b"a()(b)c\x07".to_vec()),
            Token::ArrayEnd,
            Token::DictionaryEnd,
            keyword(b"BT"),
            keyword(b"true"),
            keyword(b"{"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn what_readers_take_differently_is_refused() {
        for (text, flaw) in [
            (&b"--5"[..], Flaw::Number),
            (b"1.2.3", Flaw::Number),
            (b"5-3", Flaw::Number),
            (b"-", Flaw::Number),
            (b"99999999999999999999", Flaw::Number),
            (b"/A#2", Flaw::Name),
            (b"/A#00", Flaw::Name),
            (b"(a", Flaw::String),
            (b"(a\\", Flaw::String),
            (b"<4g>", Flaw::String),
            (b"<4", Flaw::String),
            (b")", Flaw::Token),
            (b"> ", Flaw::Token),
        ] {
            assert_eq!(tokens(text), Err(flaw.at(0)), "{}", String::from_utf8_lossy(text));
        }
    }
}
