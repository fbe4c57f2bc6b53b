//! Objects, cross-reference table and trailer (ISO 32000-1, 7.3 and 7.5).
//!
//! In: `lopdf` objects, one after the other. Out: a file of one revision, or of several.
//! Invariant: bytes once written never change, so that whatever was written before a [`Body::continued`] can be hashed ahead of time,
//! and a later revision only follows an earlier one.

use std::io::Write as _;
use std::ops::Range;

use lopdf::{Dictionary, Object, ObjectId, Stream, StringFormat, Writer};

use crate::deflate::{self, Effort};
use crate::page::Timestamp;
use crate::shared::Shared;
use crate::unit::Length;

/// 7.5.2: the version, and four bytes above 127 that tell transfer programs to leave the file alone.
const HEADER: &[u8] = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n";

const MEMORY: &str = "writing to memory does not fail";

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
    pub(super) fn put(&mut self, id: ObjectId, object: impl Into<Object>) {
        self.put_with(id, |bytes| write(bytes, &object.into()));
    }

    /// Writes a reserved object by hand; `write` appends its serialised form.
    pub(super) fn put_with(&mut self, id: ObjectId, write: impl FnOnce(&mut Vec<u8>)) {
        self.offsets[id.0 as usize - 1] = self.bytes.len();
        writeln!(self.bytes, "{} {} obj", id.0, id.1).expect(MEMORY);
        write(&mut self.bytes);
        self.bytes.extend_from_slice(b"\nendobj\n");
    }

    /// Writes `object` under the next number.
    pub(super) fn add(&mut self, object: impl Into<Object>) -> ObjectId {
        let id = self.reserve();
        self.put(id, object);
        id
    }

    /// Ends the revision with the cross-reference table of its objects and the trailer (7.5.4 to 7.5.6). What is written next belongs to
    /// the revision after it.
    pub(super) fn finish(&mut self, mut trailer: Dictionary) {
        let start = self.bytes.len();
        let size = self.offsets.len() + 1;
        let out = &mut self.bytes;
        out.extend_from_slice(b"xref\n");
        if self.table.is_none() {
            write!(out, "0 {size}\n0000000000 65535 f \n").expect(MEMORY);
            for offset in &self.offsets {
                writeln!(out, "{offset:010} 00000 n ").expect(MEMORY);
            }
        } else {
            let entries = (1..).zip(&self.offsets).filter(|(_, offset)| **offset >= self.begun);
            let written: Vec<(usize, usize)> = entries.map(|(number, offset)| (number, *offset)).collect();
            for section in written.chunk_by(|a, b| a.0 + 1 == b.0) {
                writeln!(out, "{} {}", section[0].0, section.len()).expect(MEMORY);
                for (_, offset) in section {
                    writeln!(out, "{offset:010} 00000 n ").expect(MEMORY);
                }
            }
        }
        trailer.set("Size", size as i64);
        if let Some(table) = self.table {
            trailer.set("Prev", table as i64);
        }
        out.extend_from_slice(b"trailer\n");
        write(out, &trailer.into());
        write!(out, "\nstartxref\n{start}\n%%EOF\n").expect(MEMORY);
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

/// Appends the serialised form of `object`.
pub(super) fn write(out: &mut Vec<u8>, object: &Object) {
    let Object::Stream(stream) = object else {
        return Writer::write_object(out, object).expect(MEMORY);
    };
    out.extend_from_slice(b"<<");
    write_entries(out, &stream.dict);
    out.extend_from_slice(b">>stream\n");
    out.extend_from_slice(&stream.content);
    // 7.3.8.1: an end-of-line that does not count. Data may end in CR, and CR LF would be taken for one of them: hence both here.
    out.extend_from_slice(b"\r\nendstream");
}

/// Appends `entries` as they stand inside a dictionary.
pub(super) fn write_entries(out: &mut Vec<u8>, entries: &Dictionary) {
    for (key, value) in entries {
        write(out, &Object::Name(key.clone()));
        if Writer::need_separator(value) {
            out.push(b' ');
        }
        write(out, value);
    }
}

/// A stream under FlateDecode, unless that would gain nothing.
pub(super) fn deflated(mut dict: Dictionary, data: Vec<u8>, effort: Effort) -> Stream {
    if effort.spares(&data) {
        return Stream::new(dict, data);
    }
    dict.set("Filter", name("FlateDecode"));
    let mut deflated = Vec::with_capacity(data.len() / 2);
    deflate::append_zlib(&mut deflated, &data, effort);
    Stream::new(dict, deflated)
}

/// The same of bytes that the OFD has too.
pub(super) fn deflated_once(mut dict: Dictionary, data: &Shared, effort: Effort) -> Stream {
    if effort.spares(data) {
        return Stream::new(dict, data.to_vec());
    }
    dict.set("Filter", name("FlateDecode"));
    let mut deflated = Vec::with_capacity(data.len());
    data.append_zlib(&mut deflated, effort);
    Stream::new(dict, deflated)
}

/// A name (7.3.5).
pub(super) fn name(text: impl AsRef<[u8]>) -> Object {
    Object::Name(text.as_ref().to_vec())
}

/// A text string (7.9.2.2): plain where it is ASCII, UTF-16BE with a byte order mark elsewhere.
pub(super) fn text_string(text: &str) -> Object {
    if text.is_ascii() {
        return Object::String(text.as_bytes().to_vec(), StringFormat::Literal);
    }
    let utf16 = std::iter::once(0xFEFF).chain(text.encode_utf16());
    Object::String(utf16.flat_map(u16::to_be_bytes).collect(), StringFormat::Hexadecimal)
}

/// A date (7.9.4), in UTC.
pub(super) fn date(time: Timestamp) -> Object {
    Object::string_literal(time.civil().strftime("D:%Y%m%d%H%M%SZ").to_string())
}

/// A length in points.
pub(super) fn points(length: Length) -> Object {
    // The text of a Length has few enough digits for f32 to give it back unchanged.
    length.fmt_pt().parse::<f32>().map_or(Object::Integer(0), |v| {
        if v.fract() == 0.0 { Object::Integer(v as i64) } else { Object::Real(v) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_beyond_ascii_is_utf_16_with_a_mark() {
        let Object::String(bytes, _) = text_string("a𠮷") else { panic!() };
        assert_eq!(bytes, [0xFE, 0xFF, 0, b'a', 0xD8, 0x42, 0xDF, 0xB7]);
    }

    #[test]
    fn points_are_written_as_the_length_says() {
        for mm in [0.0, 25.4, 210.0, 297.0, 0.1, -3.3] {
            let (length, mut out) = (Length::mm(mm), Vec::new());
            write(&mut out, &points(length));
            assert_eq!(String::from_utf8(out).unwrap(), length.fmt_pt());
        }
    }
}
