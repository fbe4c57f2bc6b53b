//! The file from its first byte to its last: objects, sections and end marks, and nothing between them but blanks and comments.
//!
//! In: the file, and the sections that the chain of /Prev names. Out: [`Body`]: every object that stands in the file, named by a section or
//! not, and where each revision ends. Invariant: no byte is left out, so that nothing hides between objects.

use std::collections::HashMap;
use std::ops::Range;

use super::budget::Budget;
use super::error::{Flaw, ReadError};
use super::lexer::{Lexer, Token};
use super::object::{Dictionary, Id, Object, after_data, indirect};

/// What stands in a file.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Objects in the order of their offsets.
    pub(super) objects: Vec<Found>,
    pub(super) ends: Vec<End>,
}

/// An object that stands at an offset.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) id: Id,
    pub(super) at: usize,
    /// Index into [`Body::ends`].
    pub(super) revision: usize,
    /// Of a stream its data, if it is an object stream its dictionary as well.
    pub(super) data: Option<Range<usize>>,
    pub(super) object_stream: Option<Dictionary>,
    /// Whether it has a /ByteRange.
    pub(super) signs: bool,
}

/// Where a revision ends (7.5.5).
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// The offset that `startxref` names.
    pub(super) section: usize,
    /// The byte after `%%EOF`.
    pub(super) mark: usize,
    /// The byte after its end of line.
    pub(super) end: usize,
}

/// Walks through the file. `sections` are the known sections: where each ends, by its offset; `length` finds the number in an object of a
/// revision.
pub(super) fn walk(
    bytes: &[u8],
    sections: &HashMap<usize, usize>,
    budget: &Budget,
    mut length: impl FnMut(Id, usize) -> Option<usize>,
) -> Result<Body, ReadError> {
    let mut lexer = Lexer::new(bytes, header(bytes)?);
    let mut body = Body::default();
    let mut linear = false;
    loop {
        pass_comments(&mut lexer)?;
        let at = lexer.at;
        match lexer.peek() {
            None => break,
            Some(b'x') => {
                // A table that no chain names is another document for those who search for tables.
                lexer.at = *sections.get(&at).ok_or_else(|| Flaw::Chain.at(at))?;
            }
            Some(b's') => {
                let end = end_mark(&mut lexer)?;
                // Annex F.3: the first section of a linearized file ends with an offset that means nothing.
                if end.section == 0 && linear && body.ends.is_empty() {
                    linear = false;
                    continue;
                }
                if body.ends.len() == budget.limits.revisions {
                    return Err(ReadError::Limit {
                        what: "revisions",
                        limit: budget.limits.revisions as u64,
                    });
                }
                body.ends.push(end);
            }
            Some(byte) if byte.is_ascii_digit() => {
                let revision = body.ends.len();
                let (found, end) = object(bytes, at, revision, budget, &mut length)?;
                linear |= body.objects.is_empty() && end.1;
                body.objects.push(found);
                lexer.at = end.0;
            }
            Some(_) => return Err(Flaw::Stray.at(at)),
        }
        if body.objects.len() > budget.limits.entries {
            return Err(ReadError::Limit { what: "objects", limit: budget.limits.entries as u64 });
        }
    }
    match body.ends.last() {
        None => Err(Flaw::NoEnd.at(bytes.len())),
        // Blanks alone may follow: whatever else had stood there would be an object or a flaw.
        Some(last) if body.objects.last().is_some_and(|found| found.revision == body.ends.len()) => {
            Err(Flaw::Suffix.at(last.end))
        }
        Some(last) if bytes[last.end..].iter().any(|&byte| !super::lexer::is_space(byte)) => {
            Err(Flaw::Suffix.at(last.end))
        }
        Some(_) => Ok(body),
    }
}

/// 7.5.2: `%PDF-1.n` or `%PDF-2.0` from the first byte; answers where its line ends.
fn header(bytes: &[u8]) -> Result<usize, ReadError> {
    let mut lexer = Lexer::new(bytes, 0);
    let known = lexer.pass(b"%PDF-1.") && lexer.peek().is_some_and(|byte| (b'0'..=b'7').contains(&byte));
    if !known && !lexer.pass(b"%PDF-2.") {
        return Err(Flaw::Header.at(0));
    }
    while lexer.peek().is_some_and(|byte| byte != b'\r' && byte != b'\n') {
        lexer.at += 1;
    }
    Ok(lexer.at)
}

/// Passes blanks and comments, but for one that looks like a header.
fn pass_comments(lexer: &mut Lexer<'_>) -> Result<(), ReadError> {
    loop {
        lexer.pass_space();
        if lexer.peek() != Some(b'%') {
            return Ok(());
        }
        let at = lexer.at;
        while lexer.peek().is_some_and(|byte| byte != b'\r' && byte != b'\n') {
            lexer.at += 1;
        }
        if lexer.bytes[at..lexer.at].windows(5).any(|part| part == b"%PDF-") {
            return Err(Flaw::SecondHeader.at(at));
        }
    }
}

/// `startxref`, the offset and `%%EOF`, each on a line.
fn end_mark(lexer: &mut Lexer<'_>) -> Result<End, ReadError> {
    let at = lexer.at;
    let (word, number) = (lexer.next()?, lexer.next()?);
    let (Token::Keyword(b"startxref"), Token::Integer(section)) = (word, number) else {
        return Err(Flaw::Stray.at(at));
    };
    let section = usize::try_from(section).map_err(|_| Flaw::StartXref.at(at))?;
    lexer.pass_space();
    if !lexer.pass(b"%%EOF") {
        return Err(Flaw::NoEnd.at(at));
    }
    let mark = lexer.at;
    lexer.pass_line_end();
    Ok(End { section, mark, end: lexer.at })
}

/// The object at `at`; the byte after it, and whether it says that the file is linearized.
fn object(
    bytes: &[u8],
    at: usize,
    revision: usize,
    budget: &Budget,
    length: &mut impl FnMut(Id, usize) -> Option<usize>,
) -> Result<(Found, (usize, bool)), ReadError> {
    let read = indirect(bytes, at, budget)?;
    let linear = read.object.dictionary().is_some_and(|d| d.has("Linearized"));
    let signs = read.object.dictionary().is_some_and(|d| d.has("ByteRange"));
    let mut found = Found { id: read.id, at, revision, data: None, object_stream: None, signs };
    let (Some(start), Object::Dictionary(dictionary)) = (read.data, read.object) else {
        return Ok((found, (read.end, linear)));
    };
    let length = match dictionary.get("Length") {
        Some(Object::Integer(length)) => usize::try_from(*length).ok(),
        Some(Object::Reference(id)) => length(*id, revision),
        _ => None,
    };
    let stop = length.and_then(|length| start.checked_add(length)).filter(|&stop| stop <= bytes.len());
    let stop = stop.ok_or_else(|| Flaw::Length.at(start))?;
    found.data = Some(start..stop);
    found.object_stream = dictionary.is("Type", "ObjStm").then_some(dictionary);
    Ok((found, (after_data(bytes, stop)?, false)))
}
