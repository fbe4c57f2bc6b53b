//! A file as its revisions: which objects there are in each, and where.
//!
//! In: the bytes of a PDF. Out: [`File`], and for each revision a [`View`] of the document that it ends with. ISO 32000-1, 7.5.
//! Invariant: whoever follows the cross-reference sections and whoever searches the file for objects find the same ones.

mod chain;
mod object_stream;
mod view;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::body::{self, Body, End};
use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::filter;
use super::limits::Limits;
use super::object::{Dictionary, Id, indirect};
use super::xref::{Place, Section};
use crate::inflated::Inflated;
use object_stream::ObjectStream;
pub use view::View;

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
        let sections = chain::sections(bytes, &budget)?;
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
        let of = chain::revisions(&sections, &body)?;
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

/// The number in the object `id`, if it stands in the file as an object of its own.
fn plain_length(bytes: &[u8], id: Id, place: Place, budget: &Budget) -> Option<usize> {
    let Place::At { offset, .. } = place else { return None };
    let read = indirect(bytes, offset, budget).ok().filter(|read| read.id == id)?;
    usize::try_from(read.object.integer()?).ok()
}
