//! Cross-reference sections: tables, streams, and both at once (ISO 32000-1, 7.5.4, 7.5.5 and 7.5.8).
//!
//! In: the offset of a section. Out: its entries and its trailer. Invariant: an object has one entry in a section, below its /Size; entries of a
//! table have their twenty bytes.

use std::collections::HashMap;

use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::filter;
use super::lexer::{Lexer, Token};
use super::object::{Dictionary, Object, Parser, after_data, indirect};
use crate::inflated::Inflated;

/// Where an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Nowhere.
    Free,
    /// At this offset.
    At { offset: usize, generation: u16 },
    /// The so-and-so-manieth in the object stream of this number.
    In { stream: u32, index: u32 },
}

/// One section.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) at: usize,
    /// The byte after its trailer, or after the object that it is.
    pub(super) end: usize,
    pub(super) entries: HashMap<u32, Place>,
    pub(super) trailer: Dictionary,
}

const ENTRY_LEN: usize = 20;

impl Section {
    /// Where the section before it is.
    pub(super) fn previous(&self) -> Result<Option<usize>, ReadError> {
        self.offset("Prev")
    }

    fn offset(&self, key: &str) -> Result<Option<usize>, ReadError> {
        match self.trailer.get(key) {
            None => Ok(None),
            Some(Object::Integer(offset)) => {
                usize::try_from(*offset).map(Some).map_err(|_| Flaw::Trailer.at(self.at))
            }
            Some(_) => Err(Flaw::Trailer.at(self.at)),
        }
    }
}

/// Reads the section at `at`, whatever its form. `left` entries may still come.
pub(super) fn section(
    bytes: &[u8],
    at: usize,
    budget: &Budget,
    left: &mut usize,
) -> Result<Section, ReadError> {
    let rest = bytes.get(at..).unwrap_or_default();
    if !rest.starts_with(b"xref") {
        return match rest.first() {
            Some(byte) if byte.is_ascii_digit() => stream(bytes, at, budget, left),
            _ => Err(Flaw::StartXref.at(at)),
        };
    }
    let mut section = table(bytes, at, budget, left)?;
    if let Some(beside) = section.offset("XRefStm")? {
        // 7.5.8.4: the stream adds the objects that readers of tables cannot see.
        for (number, place) in stream(bytes, beside, budget, left)?.entries {
            match section.entries.insert(number, place) {
                Some(in_table) if in_table != Place::Free && in_table != place => {
                    return Err(Flaw::Hybrid.at(beside));
                }
                _ => {}
            }
        }
    }
    Ok(section)
}

fn take(left: &mut usize, count: usize, budget: &Budget) -> Result<(), ReadError> {
    let limit = budget.limits.entries as u64;
    *left = left.checked_sub(count).ok_or(ReadError::Limit { what: "cross-reference entries", limit })?;
    Ok(())
}

fn table(bytes: &[u8], at: usize, budget: &Budget, left: &mut usize) -> Result<Section, ReadError> {
    let wrong = || Flaw::Xref.at(at);
    let mut lexer = Lexer::new(bytes, at + b"xref".len());
    let mut entries = HashMap::new();
    loop {
        match lexer.next()? {
            Token::Keyword(b"trailer") => break,
            Token::Integer(first) => {
                let Token::Integer(count) = lexer.next()? else { return Err(wrong()) };
                let (first, count) = (u32::try_from(first), usize::try_from(count));
                let (Ok(first), Ok(count)) = (first, count) else { return Err(wrong()) };
                take(left, count, budget)?;
                lexer.pass_space();
                for number in (u64::from(first)..).take(count) {
                    let number = u32::try_from(number).map_err(|_| wrong())?;
                    let entry = bytes.get(lexer.at..lexer.at + ENTRY_LEN).ok_or_else(wrong)?;
                    let place = entry_place(entry).ok_or_else(wrong)?;
                    lexer.at += ENTRY_LEN;
                    if entries.insert(number, place).is_some() {
                        return Err(Flaw::XrefTwice.at(at));
                    }
                }
            }
            _ => return Err(wrong()),
        }
    }
    let mut parser = Parser::new(bytes, lexer.at, budget);
    let Object::Dictionary(trailer) = parser.object()? else { return Err(Flaw::Trailer.at(at)) };
    let section = Section { at, end: parser.lexer.at, entries, trailer };
    check_size(section)
}

/// `nnnnnnnnnn ggggg n` and an end of line of two bytes.
fn entry_place(entry: &[u8]) -> Option<Place> {
    let digits = |range: std::ops::Range<usize>| -> Option<u64> {
        let text = &entry[range];
        let all = text.iter().all(u8::is_ascii_digit);
        all.then(|| text.iter().fold(0u64, |number, digit| number * 10 + u64::from(digit - b'0')))
    };
    let (offset, generation) = (digits(0..10)?, digits(11..16)?);
    if entry[10] != b' ' || entry[16] != b' ' || !matches!(&entry[18..], b" \n" | b" \r" | b"\r\n") {
        return None;
    }
    match entry[17] {
        b'f' => Some(Place::Free),
        b'n' => Some(Place::At {
            offset: usize::try_from(offset).ok()?,
            generation: u16::try_from(generation).ok()?,
        }),
        _ => None,
    }
}

/// 7.5.8.
fn stream(bytes: &[u8], at: usize, budget: &Budget, left: &mut usize) -> Result<Section, ReadError> {
    let wrong = || Flaw::Xref.at(at);
    let indirect = indirect(bytes, at, budget)?;
    let (Object::Dictionary(trailer), Some(start)) = (indirect.object, indirect.data) else {
        return Err(Flaw::StartXref.at(at));
    };
    if !trailer.is("Type", "XRef") {
        return Err(Flaw::StartXref.at(at));
    }
    // Its own length cannot be looked up before it is read.
    let length = trailer.get("Length").and_then(Object::integer).and_then(|l| usize::try_from(l).ok());
    let stop = length.and_then(|length| start.checked_add(length)).ok_or_else(wrong)?;
    let data = bytes.get(start..stop).ok_or_else(|| Flaw::Length.at(at))?;
    let end = after_data(bytes, stop)?;
    let plain = filter::decode(&trailer, data, start, budget, &Inflated::default())?;

    let integers = |object: &Object| -> Option<Vec<usize>> {
        object.array()?.iter().map(|o| usize::try_from(o.integer()?).ok()).collect()
    };
    let widths = trailer.get("W").and_then(integers).ok_or_else(wrong)?;
    let [kind_len, first_len, second_len] = widths[..] else { return Err(wrong()) };
    if [kind_len, first_len, second_len].iter().any(|&width| width > 8) || first_len == 0 {
        return Err(wrong());
    }
    let size = trailer.get("Size").and_then(Object::integer).ok_or_else(wrong)?;
    let index = match trailer.get("Index") {
        None => vec![0, usize::try_from(size).map_err(|_| wrong())?],
        Some(object) => integers(object).ok_or_else(wrong)?,
    };
    let mut rows = plain.chunks_exact(kind_len + first_len + second_len);
    let mut entries = HashMap::new();
    for range in index.chunks(2) {
        let [first, count] = *range else { return Err(wrong()) };
        take(left, count, budget)?;
        for number in (first..).take(count) {
            let number = u32::try_from(number).map_err(|_| wrong())?;
            let row = rows.next().ok_or_else(wrong)?;
            let field = |range: std::ops::Range<usize>| {
                row[range].iter().fold(0u64, |value, &byte| value << 8 | u64::from(byte))
            };
            let kind = if kind_len == 0 { 1 } else { field(0..kind_len) };
            let first = field(kind_len..kind_len + first_len);
            let second = field(kind_len + first_len..row.len());
            let place = match kind {
                0 => Place::Free,
                1 => Place::At {
                    offset: usize::try_from(first).map_err(|_| wrong())?,
                    generation: u16::try_from(second).map_err(|_| wrong())?,
                },
                2 => Place::In {
                    stream: u32::try_from(first).map_err(|_| wrong())?,
                    index: u32::try_from(second).map_err(|_| wrong())?,
                },
                _ => return Err(wrong()),
            };
            if entries.insert(number, place).is_some() {
                return Err(Flaw::XrefTwice.at(at));
            }
        }
    }
    if rows.next().is_some() || !rows.remainder().is_empty() {
        return Err(wrong());
    }
    check_size(Section { at, end, entries, trailer })
}

/// Table 15: what lies beyond /Size is there for some readers only.
fn check_size(mut section: Section) -> Result<Section, ReadError> {
    let size = section.trailer.get("Size").and_then(Object::integer);
    let size = size.ok_or_else(|| Flaw::Trailer.at(section.at))?;
    if section.entries.keys().any(|&number| i64::from(number) >= size) {
        return Err(Flaw::Xref.at(section.at));
    }
    // The head of the list of free entries is no object.
    if section.entries.remove(&0).is_some_and(|place| place != Place::Free) {
        return Err(Flaw::Xref.at(section.at));
    }
    Ok(section)
}
