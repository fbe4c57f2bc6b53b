//! The document as one revision left it: its objects, looked up and read.
//!
//! In: a [`File`] and the number of a revision. Out: [`View`]. ISO 32000-1, 7.3.10 and 7.5.6.
//! Invariant: what later revisions write is not seen.

use std::ops::Range;

use super::{File, plain_length};
use crate::inflated::Plain;
use crate::pdf::read::budget::Budget;
use crate::pdf::read::error::{Flaw, ReadError};
use crate::pdf::read::filter;
use crate::pdf::read::limits::Limits;
use crate::pdf::read::object::{self, Dictionary, Id, Object, Parser, Stream, after_data, indirect};
use crate::pdf::read::xref::Place;

/// The document as one revision left it.
#[derive(Clone, Copy, Debug)]
pub struct View<'f, 'a> {
    pub(super) file: &'f File<'a>,
    pub(super) revision: usize,
}

impl<'f, 'a> View<'f, 'a> {
    /// The file.
    pub fn file(&self) -> &'f File<'a> {
        self.file
    }

    /// How much the file may ask for.
    pub fn limits(&self) -> &'f Limits {
        &self.file.budget.limits
    }

    pub(in crate::pdf::read) fn budget(&self) -> &'f Budget {
        &self.file.budget
    }

    /// The trailer.
    pub fn trailer(&self) -> &'f Dictionary {
        &self.file.revisions[self.revision].trailer
    }

    /// The numbers of all objects that are there, in no order.
    pub fn numbers(&self) -> impl Iterator<Item = u32> {
        self.file.history.keys().copied().filter(|&number| self.has(number))
    }

    /// Whether there is an object of this number.
    pub fn has(&self, number: u32) -> bool {
        self.file.place(number, self.revision) != Place::Free
    }

    /// Where the object stands in the file by itself, not in an object stream.
    pub fn offset(&self, id: Id) -> Option<usize> {
        match self.file.place(id.number, self.revision) {
            Place::At { offset, generation } if generation == id.generation => Some(offset),
            _ => None,
        }
    }

    /// The object; [`Object::Null`] if there is none (7.3.10).
    ///
    /// # Errors
    /// It cannot be read.
    pub fn get(&self, id: Id) -> Result<Object, ReadError> {
        let file = self.file;
        match file.place(id.number, self.revision) {
            Place::Free => Ok(Object::Null),
            Place::At { generation, .. } if generation != id.generation => {
                Err(ReadError::object(id, format!("referred to, but it has the generation {generation}")))
            }
            Place::In { .. } if id.generation != 0 => {
                Err(ReadError::object(id, "referred to, but it has the generation 0"))
            }
            Place::In { stream, index } => {
                let at = file.object_stream_at(stream, self.revision);
                let stream = at.and_then(|at| file.object_streams.get(&at));
                stream.map_or(Ok(Object::Null), |stream| stream.object(index as usize, &file.budget))
            }
            Place::At { offset, .. } => self.read(offset),
        }
    }

    /// The object of this number, whatever its generation.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn by_number(&self, number: u32) -> Result<Object, ReadError> {
        let generation = match self.file.place(number, self.revision) {
            Place::At { generation, .. } => generation,
            Place::Free | Place::In { .. } => 0,
        };
        self.get(Id { number, generation })
    }

    fn read(&self, offset: usize) -> Result<Object, ReadError> {
        let bytes = self.file.bytes;
        let read = indirect(bytes, offset, &self.file.budget)?;
        let (Some(start), Object::Dictionary(dictionary)) = (read.data, &read.object) else {
            return Ok(read.object);
        };
        let length = match dictionary.get("Length") {
            Some(Object::Integer(length)) => usize::try_from(*length).ok(),
            Some(Object::Reference(id)) => {
                plain_length(bytes, *id, self.file.place(id.number, self.revision), &self.file.budget)
            }
            _ => None,
        };
        let stop = length.and_then(|length| start.checked_add(length)).filter(|&stop| stop <= bytes.len());
        let stop = stop.ok_or_else(|| Flaw::Length.at(start))?;
        after_data(bytes, stop)?;
        let Object::Dictionary(dictionary) = read.object else { return Ok(Object::Null) };
        Ok(Object::Stream(Stream { dictionary, data: start..stop }))
    }

    /// The object of this number as it is written: in the file from its number to `endobj`, in an object stream its bytes there, and
    /// whether it stands in the file. `None` if there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn source(&self, number: u32) -> Result<Option<(&'f [u8], bool)>, ReadError> {
        let file = self.file;
        match file.place(number, self.revision) {
            Place::Free => Ok(None),
            Place::In { stream, index } => {
                let at = file.object_stream_at(stream, self.revision);
                let stream = at.and_then(|at| file.object_streams.get(&at));
                Ok(stream.and_then(|stream| stream.source(index as usize)).map(|bytes| (bytes, false)))
            }
            Place::At { offset, .. } => {
                let end = match self.read(offset)? {
                    Object::Stream(stream) => after_data(file.bytes, stream.data.end)?,
                    _ => indirect(file.bytes, offset, &file.budget)?.end,
                };
                Ok(file.bytes.get(offset..end).map(|bytes| (bytes, true)))
            }
        }
    }

    /// What `object` is, when it is a reference what that refers to.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn resolve(&self, object: &Object) -> Result<Object, ReadError> {
        match object {
            Object::Reference(id) => match self.get(*id)? {
                Object::Reference(_) => Err(ReadError::object(*id, "it is only a reference")),
                object => Ok(object),
            },
            other => Ok(other.clone()),
        }
    }

    /// The value of `key`, resolved; [`Object::Null`] if there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn value(&self, dictionary: &Dictionary, key: &str) -> Result<Object, ReadError> {
        dictionary.get(key).map_or(Ok(Object::Null), |object| self.resolve(object))
    }

    /// The data of a stream, decoded.
    ///
    /// # Errors
    /// They do not decode, by a filter that is read here, or are too many.
    pub fn data(&self, stream: &Stream) -> Result<Vec<u8>, ReadError> {
        self.plain(stream).map(Plain::into_vec)
    }

    /// As [`View::data`], for one who only looks at them.
    pub(in crate::pdf::read) fn plain(&self, stream: &Stream) -> Result<Plain, ReadError> {
        let mut dictionary = stream.dictionary.clone();
        for (key, value) in &mut dictionary.0 {
            if key == b"Filter" || key == b"DecodeParms" {
                *value = self.resolve(value)?;
            }
        }
        let data = &self.file.bytes[stream.data.clone()];
        filter::decode(&dictionary, data, stream.data.start, &self.file.budget, &self.file.known)
    }

    /// Where the value of `key` stands in the file, if the dictionary `id` is an object of its own there.
    ///
    /// # Errors
    /// It cannot be read.
    pub(in crate::pdf::read) fn place_of(
        &self,
        id: Id,
        key: &str,
    ) -> Result<Option<Range<usize>>, ReadError> {
        let Some(offset) = self.offset(id) else { return Ok(None) };
        let (_, start) = object::head(self.file.bytes, offset)?;
        let mut parser = Parser::new(self.file.bytes, start, &self.file.budget);
        parser.lexer.pass_blank();
        parser.place_of(key)
    }
}
