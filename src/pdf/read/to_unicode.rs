//! /ToUnicode: what text a font's codes stand for (ISO 32000-1, 9.10.3).
//!
//! In: the bytes of a CMap. Out: [`ToUnicode`]. Invariant: a range maps no more codes than there are.

use std::collections::HashMap;

use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::lexer::Token;
use super::object::{Object, Parser};
use super::string::text_utf16;

/// The text of each code.
#[derive(Debug, Default)]
pub(super) struct ToUnicode {
    /// Bytes of a code; 0 where nothing is known.
    code_len: usize,
    texts: HashMap<u32, String>,
}

/// The most codes that a CMap maps: those of two bytes.
const MOST_CODES: usize = 1 << 16;
/// The longest text of one code, in bytes.
const LONGEST: usize = 512;

impl ToUnicode {
    /// Reads the bfchar and bfrange blocks; all else of a CMap is PostScript that says nothing here.
    pub(super) fn parse(bytes: &[u8], code_len: usize, budget: &Budget) -> Result<ToUnicode, ReadError> {
        let mut map = ToUnicode { code_len, texts: HashMap::new() };
        let mut parser = Parser::new(bytes, 0, budget);
        let mut operands: Vec<Object> = Vec::new();
        loop {
            match parser.operand()? {
                Ok(object) => {
                    operands.push(object);
                    if operands.len() > 4 * MOST_CODES {
                        return Err(Flaw::Token.at(parser.lexer.at));
                    }
                }
                Err(Token::Keyword(word)) => {
                    match word {
                        b"endbfchar" => {
                            for pair in operands.chunks_exact(2) {
                                if let (Some(code), Some(text)) = (code(&pair[0]), pair[1].string()) {
                                    map.insert(code, text)?;
                                }
                            }
                        }
                        b"endbfrange" => {
                            for triple in operands.chunks_exact(3) {
                                map.range(triple)?;
                            }
                        }
                        _ => {}
                    }
                    operands.clear();
                }
                Err(_) => return Ok(map),
            }
        }
    }

    fn insert(&mut self, code: u32, text: &[u8]) -> Result<(), ReadError> {
        if self.texts.len() >= MOST_CODES || text.len() > LONGEST {
            return Err(ReadError::Limit { what: "codes of a font", limit: MOST_CODES as u64 });
        }
        self.texts.insert(code, text_utf16(text));
        Ok(())
    }

    fn range(&mut self, triple: &[Object]) -> Result<(), ReadError> {
        let [first, last, texts] = triple else { return Ok(()) };
        let (Some(first), Some(last)) = (code(first), code(last)) else { return Ok(()) };
        let codes = (first..=last).take(MOST_CODES);
        match texts {
            Object::Array(texts) => {
                for (code, text) in codes.zip(texts.iter().filter_map(Object::string)) {
                    self.insert(code, text)?;
                }
            }
            Object::String(text) => {
                let Some((&low, head)) = text.split_last() else { return Ok(()) };
                for (code, step) in codes.zip(0u8..) {
                    let mut text = head.to_vec();
                    // 9.10.3: the last byte counts, and does not carry.
                    text.push(low.wrapping_add(step));
                    self.insert(code, &text)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Appends the text of `codes`; false if some of them have none.
    pub(super) fn write(&self, codes: &[u8], out: &mut String) -> bool {
        if self.code_len == 0 {
            return codes.is_empty();
        }
        let mut all = true;
        for code in codes.chunks(self.code_len) {
            match self.texts.get(&number(code)) {
                Some(text) => out.push_str(text),
                None => all = false,
            }
        }
        all
    }
}

fn code(object: &Object) -> Option<u32> {
    object.string().filter(|bytes| bytes.len() <= 4).map(number)
}

fn number(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;

    #[test]
    fn codes_become_text() {
        let map = b"1 begincodespacerange <0000><FFFF> endcodespacerange\n2 beginbfchar <0001> <6837> <0002> <D842DFB7> endbfchar \
            2 beginbfrange <0003> <0004> <0041> <0005> <0006> [<0078> <00790079>] endbfrange";
        let map = ToUnicode::parse(map, 2, &Budget::new(&Limits::default())).unwrap();
        let mut text = String::new();
        assert!(map.write(&[0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6], &mut text));
        assert_eq!(text, "样𠮷ABxyy");
        assert!(!map.write(&[0, 7], &mut text));
    }
}
