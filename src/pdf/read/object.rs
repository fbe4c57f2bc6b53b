//! Objects (ISO 32000-1, 7.3).
//!
//! In: tokens. Out: [`Object`]s; of a stream its dictionary and where its data lie.
//! Invariant: nesting ends at [`DEPTH`], the number of items at the budget's; a dictionary has each key once.

use std::fmt;
use std::ops::Range;

use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::lexer::{Lexer, Token, is_space};

/// How deep arrays and dictionaries may lie in one another.
const DEPTH: usize = 64;

/// The largest object number (annex C).
const MOST_NUMBER: i64 = 8_388_607;

/// The name of an indirect object (7.3.10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id {
    /// Object number.
    pub number: u32,
    /// Generation number.
    pub generation: u16,
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.number, self.generation)
    }
}

/// One object.
#[derive(Clone, Debug, PartialEq)]
pub enum Object {
    /// Nothing, as well as what is not there.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Another number.
    Real(f64),
    /// Bytes, however they were written.
    String(Vec<u8>),
    /// A name without its slash, escapes resolved.
    Name(Vec<u8>),
    /// `[…]`
    Array(Vec<Object>),
    /// `<<…>>`
    Dictionary(Dictionary),
    /// `n g R`
    Reference(Id),
    /// A dictionary and data.
    Stream(Stream),
}

/// Keys with values, in the order of the file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dictionary(pub(super) Vec<(Vec<u8>, Object)>);

/// A stream (7.3.8).
#[derive(Clone, Debug, PartialEq)]
pub struct Stream {
    /// What it says of its data.
    pub dictionary: Dictionary,
    /// Where its data lie in the file, as they are encoded.
    pub data: Range<usize>,
}

impl Object {
    /// The number of an [`Object::Integer`].
    pub fn integer(&self) -> Option<i64> {
        if let Object::Integer(value) = self { Some(*value) } else { None }
    }

    /// Any number.
    pub fn number(&self) -> Option<f64> {
        match self {
            Object::Integer(value) => Some(*value as f64),
            Object::Real(value) => Some(*value),
            _ => None,
        }
    }

    /// The bytes of an [`Object::String`].
    pub fn string(&self) -> Option<&[u8]> {
        if let Object::String(value) = self { Some(value) } else { None }
    }

    /// The bytes of an [`Object::Name`].
    pub fn name(&self) -> Option<&[u8]> {
        if let Object::Name(value) = self { Some(value) } else { None }
    }

    /// The elements of an [`Object::Array`].
    pub fn array(&self) -> Option<&[Object]> {
        if let Object::Array(value) = self { Some(value) } else { None }
    }

    /// The entries of an [`Object::Dictionary`], or of a stream's.
    pub fn dictionary(&self) -> Option<&Dictionary> {
        match self {
            Object::Dictionary(value) => Some(value),
            Object::Stream(stream) => Some(&stream.dictionary),
            _ => None,
        }
    }

    /// What an [`Object::Reference`] refers to.
    pub fn reference(&self) -> Option<Id> {
        if let Object::Reference(id) = self { Some(*id) } else { None }
    }

    /// Calls `found` for every reference in it.
    pub fn references(&self, found: &mut impl FnMut(Id)) {
        // As deep as the parser went, at most.
        match self {
            Object::Reference(id) => found(*id),
            Object::Array(elements) => elements.iter().for_each(|element| element.references(found)),
            Object::Dictionary(Dictionary(entries))
            | Object::Stream(Stream { dictionary: Dictionary(entries), .. }) => {
                entries.iter().for_each(|(_, value)| value.references(found));
            }
            _ => {}
        }
    }
}

impl Dictionary {
    /// The value of `key`.
    pub fn get(&self, key: &str) -> Option<&Object> {
        self.0.iter().find(|(k, _)| k == key.as_bytes()).map(|(_, value)| value)
    }

    /// Whether it has `key`.
    pub fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Whether the value of `key` is the name `value`.
    pub fn is(&self, key: &str, value: &str) -> bool {
        self.get(key).and_then(Object::name) == Some(value.as_bytes())
    }

    /// Takes `key` out.
    pub fn remove(&mut self, key: &str) {
        self.0.retain(|(k, _)| k != key.as_bytes());
    }

    /// Its keys and values.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], &Object)> {
        self.0.iter().map(|(key, value)| (key.as_slice(), value))
    }
}

/// Reads objects out of bytes.
pub(super) struct Parser<'a, 'b> {
    pub(super) lexer: Lexer<'a>,
    budget: &'b Budget,
    items: u64,
}

impl<'a, 'b> Parser<'a, 'b> {
    pub(super) fn new(bytes: &'a [u8], at: usize, budget: &'b Budget) -> Parser<'a, 'b> {
        Parser { lexer: Lexer::new(bytes, at), budget, items: 0 }
    }

    /// The object that begins here.
    pub(super) fn object(&mut self) -> Result<Object, ReadError> {
        self.items = 0;
        let start = self.lexer.at;
        let object = self.lexer.next().and_then(|token| self.value(token, 0));
        self.spend(start)?;
        object
    }

    /// The next operand of a content stream, if it is a plain number. No reference stands there (7.8.2), so nothing after it is looked at.
    pub(super) fn number(&mut self) -> Result<Option<f64>, ReadError> {
        let start = self.lexer.at;
        self.lexer.pass_space();
        let Some(decimal) = self.lexer.decimal() else { return Ok(None) };
        self.items = 1;
        self.spend(start)?;
        Ok(Some(decimal.value()))
    }

    /// The next operand of a content stream or CMap, or the token that is none: an operator, or the end.
    pub(super) fn operand(&mut self) -> Result<Result<Object, Token<'a>>, ReadError> {
        self.items = 0;
        let start = self.lexer.at;
        let answer = match self.lexer.next()? {
            Token::Keyword(word) if !matches!(word, b"true" | b"false" | b"null") => {
                self.items = 1;
                Err(Token::Keyword(word))
            }
            Token::End => Err(Token::End),
            token => Ok(self.value(token, 0)?),
        };
        self.spend(start)?;
        Ok(answer)
    }

    /// Pays for what was read since `start`: for its items, and for its bytes, so that one long string cannot be read over and over.
    fn spend(&self, start: usize) -> Result<(), ReadError> {
        const BYTES_AN_ITEM: usize = 32;
        self.budget.spend_items(self.items + ((self.lexer.at - start) / BYTES_AN_ITEM) as u64)
    }

    /// Passes the data of an inline image, after `ID`: they end with EI between blanks (8.9.7).
    pub(super) fn pass_inline_image(&mut self) {
        let lexer = &mut self.lexer;
        let rest = lexer.bytes.get(lexer.at..).unwrap_or_default();
        let is_end = |part: &[u8]| is_space(part[0]) && &part[1..3] == b"EI" && is_space(part[3]);
        lexer.at += rest.windows(4).position(is_end).map_or(rest.len(), |at| at + 4);
    }

    /// Where the value of `key` stands in the dictionary that begins here.
    pub(super) fn place_of(&mut self, key: &str) -> Result<Option<Range<usize>>, ReadError> {
        self.items = 0;
        let start = self.lexer.at;
        if self.lexer.next()? != Token::Dictionary {
            return Err(Flaw::Token.at(start));
        }
        let mut place = None;
        while let Some(found) = self.key()? {
            self.lexer.pass_blank();
            let begin = self.lexer.at;
            let token = self.lexer.next()?;
            self.value(token, 1)?;
            if found == key.as_bytes() {
                place = Some(begin..self.lexer.at);
            }
        }
        self.spend(start)?;
        Ok(place)
    }

    fn value(&mut self, token: Token<'a>, depth: usize) -> Result<Object, ReadError> {
        let at = self.lexer.at;
        self.items += 1;
        if self.items > self.budget.limits.items_at_once {
            let limit = self.budget.limits.items_at_once;
            return Err(ReadError::Limit { what: "items in one object", limit });
        }
        if depth > DEPTH {
            return Err(Flaw::Depth.at(at));
        }
        Ok(match token {
            Token::Integer(value) => self.integer_or_reference(value)?,
            Token::Real(value) => Object::Real(value),
            Token::Name(value) => Object::Name(value),
            Token::String(value) => Object::String(value),
            Token::Keyword(b"true") => Object::Bool(true),
            Token::Keyword(b"false") => Object::Bool(false),
            Token::Keyword(b"null") => Object::Null,
            Token::Array => {
                let mut elements = Vec::new();
                loop {
                    match self.lexer.next()? {
                        Token::ArrayEnd => break Object::Array(elements),
                        token => elements.push(self.value(token, depth + 1)?),
                    }
                }
            }
            Token::Dictionary => {
                let mut entries = Vec::new();
                while let Some(key) = self.key()? {
                    let token = self.lexer.next()?;
                    entries.push((key, self.value(token, depth + 1)?));
                }
                distinct(&entries, at)?;
                Object::Dictionary(Dictionary(entries))
            }
            Token::ArrayEnd | Token::DictionaryEnd | Token::Keyword(_) | Token::End => {
                return Err(Flaw::Token.at(at));
            }
        })
    }

    /// The next key, or nothing at the end of the dictionary.
    fn key(&mut self) -> Result<Option<Vec<u8>>, ReadError> {
        match self.lexer.next()? {
            Token::Name(key) => Ok(Some(key)),
            Token::DictionaryEnd => Ok(None),
            _ => Err(Flaw::Token.at(self.lexer.at)),
        }
    }

    fn integer_or_reference(&mut self, number: i64) -> Result<Object, ReadError> {
        // Only a digit can go on to a reference, so that arrays of numbers are not read twice for nothing.
        let after = self.lexer.at;
        if (0..=MOST_NUMBER).contains(&number) {
            self.lexer.pass_blank();
            if self.lexer.peek().is_some_and(|byte| byte.is_ascii_digit())
                && let Ok(Token::Integer(generation)) = self.lexer.next()
                && let Ok(generation) = u16::try_from(generation)
            {
                self.lexer.pass_blank();
                if self.lexer.peek() == Some(b'R') && self.lexer.next()? == Token::Keyword(b"R") {
                    return Ok(Object::Reference(Id { number: number as u32, generation }));
                }
            }
        }
        self.lexer.at = after;
        Ok(Object::Integer(number))
    }
}

/// 7.3.7: readers differ in which of two equal keys counts.
fn distinct(entries: &[(Vec<u8>, Object)], at: usize) -> Result<(), ReadError> {
    let mut keys: Vec<&[u8]> = entries.iter().map(|(key, _)| key.as_slice()).collect();
    keys.sort_unstable();
    if keys.windows(2).any(|pair| pair[0] == pair[1]) { Err(Flaw::Key.at(at)) } else { Ok(()) }
}

/// `n g obj` and what follows it, up to `endobj` or to the data of a stream.
#[derive(Debug)]
pub(super) struct Indirect {
    pub(super) id: Id,
    /// Of a stream the dictionary.
    pub(super) object: Object,
    /// Where the data of a stream begin.
    pub(super) data: Option<usize>,
    /// The byte after `endobj`, or where the data begin.
    pub(super) end: usize,
}

/// Reads the head `n g obj` at `at`; answers the id and where its object begins.
pub(super) fn head(bytes: &[u8], at: usize) -> Result<(Id, usize), ReadError> {
    let mut lexer = Lexer::new(bytes, at);
    let wrong = || Flaw::Object.at(at);
    if !lexer.peek().is_some_and(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let (number, generation, word) = (lexer.next()?, lexer.next()?, lexer.next()?);
    match (number, generation, word) {
        (Token::Integer(number @ 1..=MOST_NUMBER), Token::Integer(generation), Token::Keyword(b"obj")) => {
            let generation = u16::try_from(generation).map_err(|_| wrong())?;
            Ok((Id { number: number as u32, generation }, lexer.at))
        }
        _ => Err(wrong()),
    }
}

/// Reads the indirect object at `at` (7.3.10).
pub(super) fn indirect(bytes: &[u8], at: usize, budget: &Budget) -> Result<Indirect, ReadError> {
    let (id, start) = head(bytes, at)?;
    let mut parser = Parser::new(bytes, start, budget);
    let object = parser.object()?;
    let mut lexer = parser.lexer;
    match lexer.next()? {
        Token::Keyword(b"endobj") => Ok(Indirect { id, object, data: None, end: lexer.at }),
        // 7.3.8.1: CR LF or LF, never CR alone.
        Token::Keyword(b"stream") if matches!(object, Object::Dictionary(_)) => {
            if !lexer.pass(b"\r\n") && !lexer.pass(b"\n") {
                return Err(Flaw::Object.at(lexer.at));
            }
            Ok(Indirect { id, object, data: Some(lexer.at), end: lexer.at })
        }
        _ => Err(Flaw::Object.at(lexer.at)),
    }
}

/// The byte after `endobj`, when the data of a stream end at `end`.
pub(super) fn after_data(bytes: &[u8], end: usize) -> Result<usize, ReadError> {
    let mut lexer = Lexer::new(bytes, end);
    lexer.pass_line_end();
    if !lexer.pass(b"endstream") || lexer.next()? != Token::Keyword(b"endobj") {
        return Err(Flaw::Length.at(end));
    }
    Ok(lexer.at)
}

#[cfg(test)]
mod tests {
    use super::super::limits::Limits;
    use super::*;

    fn parse(text: &[u8]) -> Result<Object, ReadError> {
        Parser::new(text, 0, &Budget::new(&Limits::default())).object()
    }

    #[test]
    fn references_are_told_from_numbers() {
        let object = parse(b"[1 2 R 3 4 5 0 R 6]").unwrap();
        let reference = |number, generation| Object::Reference(Id { number, generation });
        let integer = Object::Integer;
        assert_eq!(
            object.array().unwrap(),
            [reference(1, 2), integer(3), integer(4), reference(5, 0), integer(6)]
        );
    }

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert_eq!(parse(b"<</A 1/#41 2>>"), Err(Flaw::Key.at(2)));
    }

    #[test]
    fn nesting_and_items_end() {
        let nested = |depth| [b"[".repeat(depth), b"]".repeat(depth)].concat();
        assert!(parse(&nested(64)).is_ok());
        assert!(matches!(parse(&nested(100_000)), Err(ReadError::Malformed { flaw: Flaw::Depth, .. })));
        let many = [&b"["[..], &b"0 ".repeat(400_001), b"]"].concat();
        assert!(matches!(parse(&many), Err(ReadError::Limit { .. })));
    }
}
