//! Values and dictionaries (ISO 32000-1, 7.3), written as they are told.
//!
//! In: numbers, names, texts, references. Out: [`Entries`], the inside of a dictionary as bytes.
//! Invariant: entries come in the order in which they were set. A certificate has two dozen dictionaries; as trees of objects they cost
//! ten times as much as their bytes.

use lopdf::ObjectId;

use crate::page::Timestamp;
use crate::unit::{Length, write_factor, write_whole};

/// What may stand in a dictionary or an array.
pub(super) trait Value {
    /// Whether it begins with a character that a name before it would swallow (7.2.2).
    const IS_REGULAR: bool = false;

    /// Appends its serialised form.
    fn write(&self, out: &mut Vec<u8>);
}

/// The entries of a dictionary so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Entries(Vec<u8>);

impl Entries {
    /// None so far.
    pub(super) fn new() -> Entries {
        Entries(Vec::with_capacity(160))
    }

    /// Adds an entry; the caller sets no key twice.
    pub(super) fn set(&mut self, key: &str, value: impl Value) {
        name(key).write(&mut self.0);
        push(&mut self.0, &value);
    }

    /// The bytes between `<<` and `>>`.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// `entries! { "Type" => name("Page"), … }`
macro_rules! entries {
    ($($key:expr => $value:expr),* $(,)?) => {{
        let mut entries = $crate::pdf::entries::Entries::new();
        $(entries.set($key, $value);)*
        entries
    }};
}
pub(super) use entries;

fn push<V: Value>(out: &mut Vec<u8>, value: &V) {
    if V::IS_REGULAR {
        out.push(b' ');
    }
    value.write(out);
}

impl Value for Entries {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"<<");
        out.extend_from_slice(&self.0);
        out.extend_from_slice(b">>");
    }
}

impl<V: Value + ?Sized> Value for &V {
    const IS_REGULAR: bool = V::IS_REGULAR;

    fn write(&self, out: &mut Vec<u8>) {
        (*self).write(out);
    }
}

/// The null object (7.3.9).
pub(super) struct Null;

impl Value for Null {
    const IS_REGULAR: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"null");
    }
}

impl Value for bool {
    const IS_REGULAR: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(if *self { b"true" } else { b"false" });
    }
}

impl Value for i64 {
    const IS_REGULAR: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        write_whole(out, *self);
    }
}

/// A number with at most five decimals.
#[derive(Clone, Copy, Debug)]
pub(super) struct Factor(pub(super) f64);

impl Value for Factor {
    const IS_REGULAR: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        write_factor(out, self.0);
    }
}

/// In points.
impl Value for Length {
    const IS_REGULAR: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        self.write_pt(out);
    }
}

/// An indirect reference (7.3.10).
impl Value for ObjectId {
    const IS_REGULAR: bool = true;

    fn write(&self, out: &mut Vec<u8>) {
        write_whole(out, self.0.into());
        out.push(b' ');
        write_whole(out, self.1.into());
        out.extend_from_slice(b" R");
    }
}

impl<V: Value> Value for [V] {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'[');
        for (i, value) in self.iter().enumerate() {
            if i > 0 && V::IS_REGULAR {
                out.push(b' ');
            }
            value.write(out);
        }
        out.push(b']');
    }
}

impl<V: Value, const N: usize> Value for [V; N] {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_slice().write(out);
    }
}

impl<V: Value> Value for Vec<V> {
    fn write(&self, out: &mut Vec<u8>) {
        self.as_slice().write(out);
    }
}

/// What was serialised by hand and begins with a delimiter.
pub(super) struct Written(pub(super) Vec<u8>);

impl Written {
    /// `value`, which begins with a delimiter.
    pub(super) fn of(value: impl Value) -> Written {
        let mut out = Vec::new();
        value.write(&mut out);
        Written(out)
    }
}

impl Value for Written {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
}

/// A name (7.3.5).
pub(super) fn name(text: &str) -> Name<'_> {
    Name(text)
}

/// See [`name`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Name<'a>(&'a str);

impl Value for Name<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'/');
        for &byte in self.0.as_bytes() {
            if byte.is_ascii_graphic() && !b"()<>[]{}/%#".contains(&byte) {
                out.push(byte);
            } else {
                out.push(b'#');
                write_byte(out, byte);
            }
        }
    }
}

/// A text string (7.9.2.2): plain where it is ASCII, UTF-16BE with a byte order mark elsewhere.
pub(super) fn text_string(text: &str) -> Text<'_> {
    Text(text)
}

/// See [`text_string`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'a>(&'a str);

impl Value for Text<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        if self.0.is_ascii() {
            return write_literal(out, self.0.as_bytes());
        }
        out.extend_from_slice(b"<FEFF");
        write_utf16(out, self.0);
        out.push(b'>');
    }
}

/// A string of bytes in hexadecimal digits (7.3.4.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct Hex<'a>(pub(super) &'a [u8]);

impl Value for Hex<'_> {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(b'<');
        self.0.iter().for_each(|byte| write_byte(out, *byte));
        out.push(b'>');
    }
}

/// A date (7.9.4), in UTC.
impl Value for Timestamp {
    fn write(&self, out: &mut Vec<u8>) {
        let text = self.civil().strftime("(D:%Y%m%d%H%M%SZ)").to_string();
        out.extend_from_slice(text.as_bytes());
    }
}

/// 7.3.4.2: a literal string.
fn write_literal(out: &mut Vec<u8>, bytes: &[u8]) {
    out.push(b'(');
    for &byte in bytes {
        match byte {
            b'(' | b')' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            // A reader would make a line feed of it.
            b'\r' => out.extend_from_slice(b"\\r"),
            _ => out.push(byte),
        }
    }
    out.push(b')');
}

/// Appends the hexadecimal digits of `text` in UTF-16BE.
pub(super) fn write_utf16(out: &mut Vec<u8>, text: &str) {
    text.encode_utf16().for_each(|unit| write_hex(out, unit));
}

/// Appends four hexadecimal digits.
pub(super) fn write_hex(out: &mut Vec<u8>, v: u16) {
    v.to_be_bytes().into_iter().for_each(|byte| write_byte(out, byte));
}

fn write_byte(out: &mut Vec<u8>, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.extend_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0xF)]]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: impl Value) -> String {
        let mut out = Vec::new();
        value.write(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn text_beyond_ascii_is_utf_16_with_a_mark() {
        assert_eq!(written(text_string("a𠮷")), "<FEFF0061D842DFB7>");
        assert_eq!(written(text_string(r"a(\)")), r"(a\(\\\))");
    }

    #[test]
    fn names_escape_what_would_end_them() {
        assert_eq!(written(name("A/B 证")), "/A#2FB#20#E8#AF#81");
    }

    #[test]
    fn regular_characters_are_kept_apart_and_no_others() {
        let inner = entries! { "A" => true, "B" => name("C") };
        let array = [(7u32, 0u16), (8, 0)];
        let all =
            entries! { "N" => 3, "R" => (5u32, 0u16), "I" => array, "D" => inner, "L" => [Length::pt(1.5)] };
        assert_eq!(written(all), "<</N 3/R 5 0 R/I[7 0 R 8 0 R]/D<</A true/B/C>>/L[1.5]>>");
    }
}
