//! /ByteRange: all bytes of the revision but exactly the string of /Contents.

use std::ops::Range;

use crate::pdf::read::{File, Signature};
use crate::verify::finding::Findings;
use crate::verify::rule::{Aspect, Rule};

pub(in crate::verify) static RULE: Rule = Rule {
    id: "pdf.byte-range",
    clause: "ISO 32000-1, 12.8.1; ETSI EN 319 142-1, 5.5",
    fact: Aspect::Intact,
    zh: "签名范围（ByteRange）恰好是除签名值以外的全部字节",
    en: "the signed bytes are all but exactly the signature's own value",
};

/// The signed bytes, before and after the gap, and the revision that they end with.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) pieces: [Range<usize>; 2],
    /// Index of the revision.
    pub(super) revision: usize,
}

impl Signed {
    /// The bytes themselves.
    pub(super) fn bytes<'a>(&self, file: &File<'a>) -> [&'a [u8]; 2] {
        self.pieces.clone().map(|piece| &file.bytes()[piece])
    }

    /// The byte after the last of them.
    pub(super) fn end(&self) -> usize {
        self.pieces[1].end
    }
}

/// The bytes that `signature` covers, if they are what they must be.
pub(super) fn check(file: &File<'_>, signature: &Signature, findings: &mut Findings) -> Option<Signed> {
    let place = format!("object {}", signature.id);
    let found = match signature.byte_range[..] {
        [] => "no array of integers in the signature dictionary".to_owned(),
        _ => format!("{:?}", signature.byte_range),
    };
    let gap = signature.contents_at.clone();
    if gap.is_empty() {
        let found = "/Contents is not written out in a dictionary that is an object of its own";
        findings.fails(&RULE, &place, found, "");
        return None;
    }
    let expected = format!("[0 {} {} …]", gap.start, gap.end);
    let numbers = signature.byte_range.iter().map(|&number| usize::try_from(number).ok());
    let Some(&[0, len, start, rest]) = numbers.collect::<Option<Vec<usize>>>().as_deref() else {
        findings.fails(&RULE, &place, found, expected);
        return None;
    };
    let bytes = file.bytes();
    let end = start.checked_add(rest).filter(|&end| end <= bytes.len());
    let Some(end) = end.filter(|_| len == gap.start && start == gap.end) else {
        findings.fails(&RULE, &place, found, expected);
        return None;
    };
    // 12.8.1: one hexadecimal string. Blanks or a literal string would leave room for what only some readers skip.
    let string = &bytes[gap];
    let digits = string.strip_prefix(b"<").and_then(|rest| rest.strip_suffix(b">"));
    if !digits.is_some_and(|digits| digits.len() % 2 == 0 && digits.iter().all(u8::is_ascii_hexdigit)) {
        findings.fails(&RULE, &place, "/Contents is not one string of hexadecimal digits", "");
        return None;
    }
    let revision = file.revisions().iter().position(|revision| (revision.mark..=revision.end).contains(&end));
    let Some(revision) = revision else {
        findings.fails(&RULE, &place, found, "the end of a revision, %%EOF");
        return None;
    };
    // The dictionary itself belongs to the revision that it signs.
    let begin = revision.checked_sub(1).map_or(0, |before| file.revisions()[before].mark);
    if len < begin {
        let found = format!("a signature of revision {} in an earlier one", revision + 1);
        findings.fails(&RULE, &place, found, "");
        return None;
    }
    findings.holds(&RULE, &place, found);
    Some(Signed { pieces: [0..len, start..end], revision })
}
