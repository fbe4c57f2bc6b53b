//! The tables of a face that subsets are copied from, found and checked once.
//!
//! In: a face's table directory. Out: [`Tables`], with constant-time access to any glyph's data and metrics
//! (OpenType 1.9: head, hhea, hmtx, loca, glyf, maxp, OS/2, post).
//! Invariant: the fixed parts of all tables are present; what varies with the glyph is checked when it is read.

use thiserror::Error;
use ttf_parser::{RawFace, Tag};

/// Where the outlines and metrics of a face lie.
pub(crate) struct Tables<'a> {
    pub(super) head: &'a [u8; 54],
    pub(super) hhea: &'a [u8; 36],
    pub(super) maxp: &'a [u8; 32],
    pub(super) post: &'a [u8; 32],
    pub(super) os2: &'a [u8],
    glyf: &'a [u8],
    loca: &'a [u8],
    long_offsets: bool,
    hmtx: &'a [u8],
    /// How many glyphs have an advance of their own; the rest share the last one.
    long_metrics: u16,
}

/// Why a face cannot be subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TableProblem {
    /// CFF outlines, or a broken file.
    #[error("has no table {0}: a face needs TrueType outlines")]
    Missing(&'static str),
    /// Shorter than its fixed part.
    #[error("has a damaged table {0}")]
    Damaged(&'static str),
}

impl<'a> Tables<'a> {
    /// Finds the tables and checks their fixed parts.
    pub(crate) fn read(face: &RawFace<'a>) -> Result<Tables<'a>, TableProblem> {
        let table = |name: &'static str| {
            face.table(Tag::from_bytes_lossy(name.as_bytes())).ok_or(TableProblem::Missing(name))
        };
        // OS/2 version 0, the shortest, has 78 bytes; Apple's oldest has 68.
        let os2 = table("OS/2")?;
        if os2.len() < 68 {
            return Err(TableProblem::Damaged("OS/2"));
        }
        let (glyf, loca) = (table("glyf")?, table("loca")?);
        let head: &[u8; 54] = fixed(table("head")?, "head")?;
        let hhea: &[u8; 36] = fixed(table("hhea")?, "hhea")?;
        let long_metrics = be16(hhea, 34);
        let hmtx = table("hmtx")?;
        if long_metrics == 0 || hmtx.len() < usize::from(long_metrics) * 4 {
            return Err(TableProblem::Damaged("hmtx"));
        }
        Ok(Tables {
            head,
            hhea,
            // Version 1.0, the one for TrueType outlines.
            maxp: fixed(table("maxp")?, "maxp")?,
            post: fixed(table("post")?, "post")?,
            os2,
            glyf,
            loca,
            long_offsets: be16(head, 50) != 0,
            hmtx,
            long_metrics,
        })
    }

    /// The outline of glyph `id`; empty for a blank and for an id or an offset out of range.
    pub(super) fn glyph(&self, id: u16) -> &'a [u8] {
        let offset = |i: usize| {
            if self.long_offsets {
                let bytes = self.loca.get(i * 4..i * 4 + 4)?;
                Some(u32::from_be_bytes(bytes.try_into().ok()?) as usize)
            } else {
                let bytes = self.loca.get(i * 2..i * 2 + 2)?;
                Some(usize::from(u16::from_be_bytes(bytes.try_into().ok()?)) * 2)
            }
        };
        let (start, end) = (offset(usize::from(id)), offset(usize::from(id) + 1));
        start.zip(end).and_then(|(start, end)| self.glyf.get(start..end)).unwrap_or(&[])
    }

    /// The left and right edges of the ink of glyph `id`; `None` for a blank.
    pub(crate) fn extent(&self, id: u16) -> Option<(i16, i16)> {
        // numberOfContours, xMin, yMin, xMax, yMax
        let header: &[u8; 10] = self.glyph(id).first_chunk()?;
        Some((be16(header, 2) as i16, be16(header, 6) as i16))
    }

    /// The advance of glyph `id`.
    pub(crate) fn advance(&self, id: u16) -> u16 {
        // In bounds: `read` saw `long_metrics` > 0 records.
        be16(self.hmtx, usize::from(id.min(self.long_metrics - 1)) * 4)
    }

    /// The left side bearing of glyph `id`, as its two bytes.
    pub(super) fn bearing(&self, id: u16) -> [u8; 2] {
        let at = if id < self.long_metrics {
            usize::from(id) * 4 + 2
        } else {
            usize::from(self.long_metrics) * 4 + usize::from(id - self.long_metrics) * 2
        };
        self.hmtx.get(at..at + 2).and_then(|b| b.try_into().ok()).unwrap_or_default()
    }
}

fn fixed<'a, const N: usize>(table: &'a [u8], name: &'static str) -> Result<&'a [u8; N], TableProblem> {
    table.first_chunk().ok_or(TableProblem::Damaged(name))
}

/// The big-endian number at `at`, which the caller has checked to lie within `table`.
pub(super) fn be16(table: &[u8], at: usize) -> u16 {
    u16::from_be_bytes([table[at], table[at + 1]])
}
