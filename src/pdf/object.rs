//! Objects, cross-reference table and trailer (ISO 32000-1, 7.3 and 7.5).
//!
//! In: objects, one after the other. Out: a file of one revision, or of several.
//! Invariant: bytes once written never change, so that whatever was written before a [`Body::continued`] can be hashed ahead of time,
//! and a later revision only follows an earlier one.

use std::borrow::Cow;
use std::ops::Range;

use lopdf::ObjectId;

use super::entries::{Entries, Hex, Value, entries, name};
use crate::deflate::{self, Effort};
use crate::shared::Shared;
use crate::unit::write_whole;

/// 7.5.2: the version, and four bytes above 127 that tell transfer programs to leave the file alone.
const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

/// The body of a file under construction.
#[derive(Clone, Debug)]
pub(super) struct Body {
    bytes: Vec<u8>,
    /// Byte offset of each object; object number = index + 1. 0 until the object is written.
    offsets: Vec<usize>,
    /// Where the revision under construction begins.
    begun: usize,
    /// The cross-reference table of the revision before.
    table: Option<usize>,
}

impl Body {
    /// A body that holds the header alone.
    pub(super) fn new() -> Body {
        Body { bytes: HEADER.to_vec(), offsets: Vec::new(), begun: 0, table: None }
    }

    /// A copy with room for `more` bytes.
    pub(super) fn continued(&self, more: usize) -> Body {
        let mut bytes = Vec::with_capacity(self.bytes.len() + more);
        bytes.extend_from_slice(&self.bytes);
        Body { bytes, offsets: self.offsets.clone(), ..*self }
    }

    /// What has been written.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// An object number for an object that is referred to before it is written.
    pub(super) fn reserve(&mut self) -> ObjectId {
        self.offsets.push(0);
        (self.offsets.len() as u32, 0)
    }

    /// Writes a reserved object, or in a later revision an object anew.
    pub(super) fn put(&mut self, id: ObjectId, object: impl Value) {
        self.put_with(id, |bytes| object.write(bytes));
    }

    /// Writes a reserved object by hand; `write` appends its serialised form.
    pub(super) fn put_with(&mut self, id: ObjectId, write: impl FnOnce(&mut Vec<u8>)) {
        self.offsets[id.0 as usize - 1] = self.bytes.len();
        write_whole(&mut self.bytes, id.0.into());
        self.bytes.extend_from_slice(b" 0 obj\n");
        write(&mut self.bytes);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes `object` under the next number.
    pub(super) fn add(&mut self, object: impl Value) -> ObjectId {
        let id = self.reserve();
        self.put(id, object);
        id
    }

    /// Ends the revision with the cross-reference table of its objects and the trailer (7.5.4 to 7.5.6). What is written next belongs to
    /// the revision after it.
    pub(super) fn finish(&mut self, trailer: &Trailer) {
        let start = self.bytes.len();
        let size = self.offsets.len() as i64 + 1;
        let out = &mut self.bytes;
        out.extend_from_slice(b"xref\n");
        if self.table.is_none() {
            out.extend_from_slice(b"0 ");
            write_whole(out, size);
            out.extend_from_slice(b"\n0000000000 65535 f \n");
            self.offsets.iter().for_each(|offset| write_entry(out, *offset));
        } else {
            let entries = (1..).zip(&self.offsets).filter(|(_, offset)| **offset >= self.begun);
            let written: Vec<(usize, usize)> = entries.map(|(number, offset)| (number, *offset)).collect();
            for section in written.chunk_by(|a, b| a.0 + 1 == b.0) {
                write_whole(out, section[0].0 as i64);
                out.push(b' ');
                write_whole(out, section.len() as i64);
                out.push(b'\n');
                section.iter().for_each(|(_, offset)| write_entry(out, *offset));
            }
        }
        let mut entries = trailer.entries();
        entries.set("Size", size);
        if let Some(table) = self.table {
            entries.set("Prev", table as i64);
        }
        out.extend_from_slice(b"trailer\n");
        entries.write(out);
        out.extend_from_slice(b"\nstartxref\n");
        write_whole(out, start as i64);
        out.extend_from_slice(b"\n%%EOF\n");
        self.begun = self.bytes.len();
        self.table = Some(start);
    }

    /// The file.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// What was left blank, to be filled in.
    pub(super) fn blank(&mut self, at: Range<usize>) -> &mut [u8] {
        &mut self.bytes[at]
    }
}

/// 7.5.4: twenty bytes an object.
fn write_entry(out: &mut Vec<u8>, offset: usize) {
    let mut entry = *b"0000000000 00000 n \n";
    let mut rest = offset;
    for digit in entry[..10].iter_mut().rev() {
        *digit = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&entry);
}

/// What the trailer of every revision says beside the table (7.5.5).
#[derive(Clone, Debug)]
pub(super) struct Trailer {
    pub(super) root: ObjectId,
    pub(super) info: ObjectId,
    /// The first names the file, the second this state of it (14.4).
    pub(super) id: [Vec<u8>; 2],
}

impl Trailer {
    fn entries(&self) -> Entries {
        let id = self.id.each_ref().map(|half| Hex(half));
        entries! { "Info" => self.info, "ID" => id, "Root" => self.root }
    }
}

/// A stream (7.3.8): its data as they are.
pub(super) struct Stream<'a> {
    pub(super) entries: Entries,
    pub(super) data: Cow<'a, [u8]>,
}

impl<'a> Stream<'a> {
    pub(super) fn new(entries: Entries, data: impl Into<Cow<'a, [u8]>>) -> Stream<'a> {
        Stream { entries, data: data.into() }
    }
}

impl Value for Stream<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<<");
        out.extend_from_slice(self.entries.bytes());
        out.extend_from_slice(b"/Length ");
        write_whole(out, self.data.len() as i64);
        out.extend_from_slice(b">>stream\n");
        out.extend_from_slice(&self.data);
        // 7.3.8.1: an end-of-line that does not count. Data may end in CR, and CR LF would be taken for one of them: hence both here.
        out.extend_from_slice(b"\r\nendstream");
    }
}

/// A stream under FlateDecode, unless that would gain nothing.
pub(super) fn deflated(mut entries: Entries, data: Vec<u8>, effort: Effort) -> Stream<'static> {
    if effort.spares(&data) {
        return Stream::new(entries, data);
    }
    entries.set("Filter", name("FlateDecode"));
    let mut deflated = Vec::with_capacity(data.len() / 2);
    deflate::append_zlib(&mut deflated, &data, effort);
    Stream::new(entries, deflated)
}

/// The same of bytes that the OFD has too.
pub(super) fn deflated_once(mut entries: Entries, data: &Shared, effort: Effort) -> Stream<'_> {
    if effort.spares(data) {
        return Stream::new(entries, &**data);
    }
    entries.set("Filter", name("FlateDecode"));
    let mut deflated = Vec::with_capacity(data.len());
    data.append_zlib(&mut deflated, effort);
    Stream::new(entries, deflated)
}
