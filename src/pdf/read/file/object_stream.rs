//! Object streams (ISO 32000-1, 7.5.7).
//!
//! In: a stream's dictionary and its data, decoded. Out: [`ObjectStream`], which reads an object where it is asked for.
//! Invariant: its objects follow one another, each ends before the next begins.

use crate::pdf::read::budget::Budget;
use crate::pdf::read::error::{Flaw, ReadError};
use crate::pdf::read::lexer::{Lexer, Token};
use crate::pdf::read::object::{Dictionary, Object, Parser};

/// The objects of an object stream.
#[derive(Debug)]
pub(super) struct ObjectStream {
    plain: Vec<u8>,
    /// The number of each, and where it begins in `plain`.
    pub(super) directory: Vec<(u32, usize)>,
}

impl ObjectStream {
    pub(super) fn read(dictionary: &Dictionary, plain: Vec<u8>, budget: &Budget) -> Option<ObjectStream> {
        let number = |key| usize::try_from(dictionary.get(key)?.integer()?).ok();
        let (count, first) = (number("N")?, number("First")?);
        if count > budget.limits.entries || first > plain.len() {
            return None;
        }
        let mut lexer = Lexer::new(&plain[..first], 0);
        let mut directory = Vec::with_capacity(count.min(first));
        for _ in 0..count {
            let (Ok(Token::Integer(number)), Ok(Token::Integer(offset))) = (lexer.next(), lexer.next())
            else {
                return None;
            };
            let at = first.checked_add(usize::try_from(offset).ok()?)?;
            if at > plain.len() || directory.last().is_some_and(|(_, before)| *before > at) {
                return None;
            }
            directory.push((u32::try_from(number).ok()?, at));
        }
        Some(ObjectStream { plain, directory })
    }

    /// The bytes of the object at `index`, and the blanks before the next one.
    pub(super) fn source(&self, index: usize) -> Option<&[u8]> {
        let (_, at) = *self.directory.get(index)?;
        let end = self.directory.get(index + 1).map_or(self.plain.len(), |(_, next)| *next);
        self.plain.get(at..end)
    }

    /// The object at `index`, which ends before the next one begins.
    pub(super) fn object(&self, index: usize, budget: &Budget) -> Result<Object, ReadError> {
        let Some(&(_, at)) = self.directory.get(index) else { return Ok(Object::Null) };
        let end = self.directory.get(index + 1).map_or(self.plain.len(), |(_, next)| *next);
        let mut parser = Parser::new(&self.plain[..end], at, budget);
        let object = parser.object()?;
        match parser.lexer.next()? {
            // 7.5.7: no object of an object stream is only a reference.
            Token::End if object.reference().is_none() => Ok(object),
            _ => Err(Flaw::ObjectStream.at(at)),
        }
    }
}
