//! A file as its revisions: which objects there are in each, and where.
//!
//! In: the bytes of a PDF. Out: [`File`], and for each revision a [`View`] of the document that it ends with. ISO 32000-1, 7.5.
//! Invariant: whoever follows the cross-reference sections and whoever searches the file for objects find the same ones.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use super::body::{self, Body, End};
use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::filter;
use super::lexer::{Lexer, Token};
use super::limits::Limits;
use super::object::{self, Dictionary, Id, Object, Parser, Stream, after_data, indirect};
use super::xref::{self, Place, Section};
use crate::inflated::{Inflated, Plain};

/// A PDF, opened.
#[derive(Debug)]
pub struct File<'a> {
    bytes: &'a [u8],
    budget: Budget,
    known: Arc<Inflated>,
    revisions: Vec<Revision>,
    /// Of each object its places, from the oldest on.
    history: HashMap<u32, Vec<Change>>,
    /// By the offset of the stream.
    object_streams: HashMap<usize, ObjectStream>,
    /// Objects with a /ByteRange.
    signing: Vec<Id>,
    /// Objects that no section names.
    unnamed: Vec<Id>,
}

/// What one save of the file added.
#[derive(Debug)]
pub struct Revision {
    /// The byte after `%%EOF`.
    pub mark: usize,
    /// The byte after the end of its last line.
    pub end: usize,
    /// The trailer, or the dictionary of the cross-reference stream.
    pub trailer: Dictionary,
    /// The objects that it writes or frees, by number.
    pub changed: Vec<u32>,
}

/// Where an object is from a revision on.
#[derive(Clone, Copy, Debug)]
struct Change {
    revision: usize,
    place: Place,
}

/// The objects of an object stream (7.5.7).
#[derive(Debug)]
struct ObjectStream {
    plain: Vec<u8>,
    /// The number of each, and where it begins in `plain`.
    directory: Vec<(u32, usize)>,
}

impl<'a> File<'a> {
    /// Reads the structure of `bytes`.
    ///
    /// # Errors
    /// It is not a PDF, it is one that two readers could take differently, it is encrypted, or asks for too much.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<File<'a>, ReadError> {
        File::open_knowing(bytes, limits, &Arc::default())
    }

    /// As [`File::open`], sooner where streams are those of earlier files.
    pub(crate) fn open_knowing(
        bytes: &'a [u8],
        limits: &Limits,
        known: &Arc<Inflated>,
    ) -> Result<File<'a>, ReadError> {
        let budget = Budget::new(limits);
        let sections = chain(bytes, &budget)?;
        if sections.iter().any(|section| section.trailer.has("Encrypt")) {
            return Err(ReadError::Encrypted);
        }
        let places = sections.iter().map(|section| (section.at, section.end)).collect();
        let mut lengths = HashMap::new();
        for section in &sections {
            for (&number, &place) in &section.entries {
                lengths.entry(number).or_insert_with(Vec::new).push((section.at, place));
            }
        }
        // A length stands in the file itself: that of an object stream's stream could not be looked up otherwise.
        let length = |id: Id, _| {
            let places: &Vec<(usize, Place)> = lengths.get(&id.number)?;
            let mut all = places.iter().map(|(_, place)| plain_length(bytes, id, *place, &budget));
            let first = all.next()??;
            // Another length in another revision would be another stream.
            all.all(|other| other == Some(first)).then_some(first)
        };
        let body = body::walk(bytes, &places, &budget, length)?;
        let of = assign(&sections, &body)?;
        let mut file = File {
            bytes,
            revisions: Vec::with_capacity(body.ends.len()),
            history: HashMap::new(),
            object_streams: HashMap::new(),
            signing: body.objects.iter().filter(|found| found.signs).map(|found| found.id).collect(),
            unnamed: Vec::new(),
            budget,
            known: Arc::clone(known),
        };
        file.read_object_streams(&body)?;
        file.record(sections, &of, &body.ends)?;
        file.check(&body)?;
        Ok(file)
    }

    /// The file.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Its revisions, the oldest first; never empty.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// The document as revision `index` left it.
    pub fn view(&self, index: usize) -> View<'_, 'a> {
        View { file: self, revision: index.min(self.revisions.len() - 1) }
    }

    /// The document as it is.
    pub fn latest(&self) -> View<'_, 'a> {
        self.view(self.revisions.len())
    }

    /// Objects with a /ByteRange that stand in the file, reachable or not.
    pub fn signing(&self) -> &[Id] {
        &self.signing
    }

    /// Objects that stand in the file and that no cross-reference section names: for some readers they are there.
    pub fn unnamed(&self) -> &[Id] {
        &self.unnamed
    }

    fn read_object_streams(&mut self, body: &Body) -> Result<(), ReadError> {
        let limit = self.budget.limits.entries;
        let mut left = limit;
        for found in &body.objects {
            let (Some(dictionary), Some(data)) = (&found.object_stream, &found.data) else { continue };
            let plain = &self.bytes[data.clone()];
            let plain = filter::decode(dictionary, plain, data.start, &self.budget, &self.known)?;
            let stream = ObjectStream::read(dictionary, plain.into_vec(), &self.budget);
            let stream = stream.ok_or_else(|| Flaw::ObjectStream.at(found.at))?;
            left = left
                .checked_sub(stream.directory.len())
                .ok_or(ReadError::Limit { what: "objects in object streams", limit: limit as u64 })?;
            self.object_streams.insert(found.at, stream);
        }
        Ok(())
    }

    /// Tells the story of each object, section by section from the oldest.
    fn record(&mut self, sections: Vec<Section>, of: &[usize], ends: &[End]) -> Result<(), ReadError> {
        let mut changed: Vec<Vec<u32>> = ends.iter().map(|_| Vec::new()).collect();
        let mut trailers: Vec<Option<Dictionary>> = ends.iter().map(|_| None).collect();
        for (section, &revision) in sections.into_iter().zip(of).rev() {
            for (number, place) in section.entries {
                let story = self.history.entry(number).or_default();
                match story.last() {
                    Some(last) if last.place == place => continue,
                    // Two sections of one revision, as in a linearized file, speak of different objects.
                    Some(last) if last.revision == revision && last.place != Place::Free => {
                        return Err(Flaw::XrefTwice.at(section.at));
                    }
                    None if place == Place::Free => continue,
                    _ => {}
                }
                story.push(Change { revision, place });
                changed[revision].push(number);
            }
            trailers[revision] = Some(section.trailer);
        }
        for ((end, mut changed), trailer) in ends.iter().zip(changed).zip(trailers) {
            changed.sort_unstable();
            changed.dedup();
            let trailer = trailer.ok_or_else(|| Flaw::Chain.at(end.mark))?;
            self.revisions.push(Revision { mark: end.mark, end: end.end, trailer, changed });
        }
        Ok(())
    }

    /// Every entry leads to its object, no object stands twice in a revision.
    fn check(&mut self, body: &Body) -> Result<(), ReadError> {
        let by_offset: HashMap<usize, &body::Found> = body.objects.iter().map(|f| (f.at, f)).collect();
        let mut seen = HashSet::new();
        for found in &body.objects {
            let inside = self.object_streams.get(&found.at).into_iter().flat_map(|stream| &stream.directory);
            let numbers = std::iter::once(found.id.number).chain(inside.map(|(number, _)| *number));
            for number in numbers {
                if !seen.insert((found.revision, number)) {
                    return Err(Flaw::Twice.at(found.at));
                }
            }
        }
        let mut named = HashSet::new();
        for (&number, story) in &self.history {
            for (i, change) in story.iter().enumerate() {
                let end = self.revisions[change.revision].mark;
                match change.place {
                    Place::Free => {}
                    Place::At { offset, generation } => {
                        let found = by_offset.get(&offset).filter(|_| offset < end);
                        let found = found.ok_or_else(|| Flaw::Place.at(offset))?;
                        if found.id != (Id { number, generation }) {
                            return Err(Flaw::Place.at(offset));
                        }
                        // What lies in an object stream would change with its number.
                        if found.object_stream.is_some() && (i + 1 < story.len() || i > 0) {
                            return Err(Flaw::ObjectStream.at(offset));
                        }
                        named.insert(offset);
                    }
                    Place::In { stream, index } => {
                        let wrong = || Flaw::Place.at(end);
                        let at = self.object_stream_at(stream, change.revision).ok_or_else(wrong)?;
                        let in_stream = self.object_streams.get(&at).ok_or_else(wrong)?;
                        let entry = in_stream.directory.get(index as usize).ok_or_else(wrong)?;
                        if entry.0 != number {
                            return Err(wrong());
                        }
                    }
                }
            }
        }
        let is_unnamed = |found: &&body::Found| !named.contains(&found.at);
        self.unnamed = body.objects.iter().filter(is_unnamed).map(|found| found.id).collect();
        Ok(())
    }

    fn place(&self, number: u32, revision: usize) -> Place {
        let story = self.history.get(&number).map(Vec::as_slice).unwrap_or_default();
        let until = story.partition_point(|change| change.revision <= revision);
        story[..until].last().map_or(Place::Free, |change| change.place)
    }

    fn object_stream_at(&self, number: u32, revision: usize) -> Option<usize> {
        match self.place(number, revision) {
            Place::At { offset, .. } => Some(offset),
            Place::Free | Place::In { .. } => None,
        }
    }
}

/// The sections from the newest on, found by the last `startxref` and every /Prev.
fn chain(bytes: &[u8], budget: &Budget) -> Result<Vec<Section>, ReadError> {
    const TAIL: usize = 2048;
    const WORD: &[u8] = b"startxref";
    if !bytes.starts_with(b"%PDF-") {
        return Err(Flaw::Header.at(0));
    }
    let tail = bytes.len().saturating_sub(TAIL);
    let last = bytes[tail..].windows(WORD.len()).rposition(|part| part == WORD);
    let last = last.ok_or_else(|| Flaw::NoEnd.at(bytes.len()))?;
    let mut lexer = Lexer::new(bytes, tail + last + WORD.len());
    let Token::Integer(start) = lexer.next()? else { return Err(Flaw::StartXref.at(lexer.at)) };
    let mut next = Some(usize::try_from(start).map_err(|_| Flaw::StartXref.at(lexer.at))?);

    let mut left = budget.limits.entries;
    let (mut sections, mut seen) = (Vec::new(), HashSet::new());
    while let Some(at) = next {
        if !seen.insert(at) {
            return Err(Flaw::Loop.at(at));
        }
        // A linearized file has two sections in one revision.
        if sections.len() > budget.limits.revisions {
            return Err(ReadError::Limit { what: "revisions", limit: budget.limits.revisions as u64 });
        }
        let section = xref::section(bytes, at, budget, &mut left)?;
        next = section.previous()?;
        sections.push(section);
    }
    Ok(sections)
}

/// The revision of each section: the one that its offset ends, or that of the section which names it.
fn assign(sections: &[Section], body: &Body) -> Result<Vec<usize>, ReadError> {
    let mut by_section = HashMap::new();
    for (revision, end) in body.ends.iter().enumerate() {
        if by_section.insert(end.section, revision).is_some() {
            return Err(Flaw::Chain.at(end.mark));
        }
    }
    let mut of: Vec<usize> = Vec::with_capacity(sections.len());
    for section in sections {
        let own = by_section.remove(&section.at);
        let wrong = || Flaw::Chain.at(section.at);
        let revision = match (own, of.last()) {
            // From the newest to the oldest, none left out.
            (Some(own), None) if own + 1 == body.ends.len() => own,
            (Some(own), Some(&newer)) if own + 1 == newer => own,
            // Of a linearized file, the oldest revision, alone.
            (None, Some(0)) if of.iter().filter(|&&revision| revision == 0).count() == 1 => 0,
            _ => return Err(wrong()),
        };
        let begin = if revision == 0 { 0 } else { body.ends[revision - 1].mark };
        if section.at < begin || section.at >= body.ends[revision].mark {
            return Err(wrong());
        }
        of.push(revision);
    }
    if by_section.is_empty() { Ok(of) } else { Err(Flaw::Chain.at(0)) }
}

/// The number in the object `id`, if it stands in the file as an object of its own.
fn plain_length(bytes: &[u8], id: Id, place: Place, budget: &Budget) -> Option<usize> {
    let Place::At { offset, .. } = place else { return None };
    let read = indirect(bytes, offset, budget).ok().filter(|read| read.id == id)?;
    usize::try_from(read.object.integer()?).ok()
}

impl ObjectStream {
    fn read(dictionary: &Dictionary, plain: Vec<u8>, budget: &Budget) -> Option<ObjectStream> {
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
    fn source(&self, index: usize) -> Option<&[u8]> {
        let (_, at) = *self.directory.get(index)?;
        let end = self.directory.get(index + 1).map_or(self.plain.len(), |(_, next)| *next);
        self.plain.get(at..end)
    }

    /// The object at `index`, which ends before the next one begins.
    fn object(&self, index: usize, budget: &Budget) -> Result<Object, ReadError> {
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

/// The document as one revision left it.
#[derive(Clone, Copy, Debug)]
pub struct View<'f, 'a> {
    file: &'f File<'a>,
    revision: usize,
}

impl<'f, 'a> View<'f, 'a> {
    /// The file.
    pub fn file(&self) -> &'f File<'a> {
        self.file
    }

    /// Index of the revision.
    pub fn revision(&self) -> usize {
        self.revision
    }

    /// How much the file may ask for.
    pub fn limits(&self) -> &'f Limits {
        &self.file.budget.limits
    }

    pub(super) fn budget(&self) -> &'f Budget {
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

    /// Whether the object `number` is the very one that `other` has: at the same place of the file.
    pub fn shares(&self, number: u32, other: &View<'_, '_>) -> bool {
        self.file.place(number, self.revision) == other.file.place(number, other.revision)
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
    pub(super) fn plain(&self, stream: &Stream) -> Result<Plain, ReadError> {
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
    pub(super) fn place_of(&self, id: Id, key: &str) -> Result<Option<Range<usize>>, ReadError> {
        let Some(offset) = self.offset(id) else { return Ok(None) };
        let (_, start) = object::head(self.file.bytes, offset)?;
        let mut parser = Parser::new(self.file.bytes, start, &self.file.budget);
        parser.lexer.pass_blank();
        parser.place_of(key)
    }
}
