//! The chain of /Prev: the sections of a file, and the revision that each belongs to.
//!
//! In: the file, and where its revisions end. Out: the sections from the newest on, and the index of the revision of each. ISO 32000-1, 7.5.5.
//! Invariant: no revision is left out, and none has two sections but the oldest of a linearized file.

use std::collections::{HashMap, HashSet};

use crate::pdf::read::body::Body;
use crate::pdf::read::budget::Budget;
use crate::pdf::read::error::{Flaw, ReadError};
use crate::pdf::read::lexer::{Lexer, Token};
use crate::pdf::read::xref::{self, Section};

/// The sections from the newest on, found by the last `startxref` and every /Prev.
pub(super) fn sections(bytes: &[u8], budget: &Budget) -> Result<Vec<Section>, ReadError> {
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
pub(super) fn revisions(sections: &[Section], body: &Body) -> Result<Vec<usize>, ReadError> {
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
