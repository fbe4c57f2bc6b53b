//! Parts of the page as marked content (ISO 32000-1, 14.7.4 and 14.8.2.2).
//!
//! In: the part of each item. Out: BDC and EMC, and which identifiers belong to which part.
//! Invariant: what shows a field lies within one part; so a field ends where its part does.

use super::Painter;
use crate::page::Part;
use crate::pdf::structure::{self, Marked};
use crate::unit::write_whole;

/// The marked content that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Nothing,
    Artifact,
    /// A part by its index in [`Painter::parts`], and the cell.
    Part(usize, u32),
}

impl Painter {
    /// From here on, content belongs to `part`, or is an artifact.
    pub(super) fn begin_part(&mut self, part: Option<&Part>, contents: &mut i64) {
        let is_open = match (self.part, part) {
            (Open::Part(index, cell), Some(part)) => {
                cell == part.cell && self.parts[index].part.is_same(part)
            }
            (Open::Artifact, None) => true,
            _ => false,
        };
        if is_open {
            return;
        }
        self.end_part();
        let Some(part) = part else {
            self.part = Open::Artifact;
            return self.operator("/Artifact BMC");
        };
        let known = self.parts.iter().rposition(|marked| marked.part.is_same(part));
        let index = known.unwrap_or_else(|| {
            self.parts.push(Marked { part: part.clone(), contents: Vec::with_capacity(1) });
            self.parts.len() - 1
        });
        self.parts[index].contents.push(*contents);
        self.put("/");
        self.put(structure::tag(&part.role));
        self.put("<</MCID ");
        write_whole(&mut self.out, *contents);
        self.operator(">>BDC");
        self.part = Open::Part(index, part.cell);
        *contents += 1;
    }

    /// Ends what is open.
    pub(super) fn end_part(&mut self) {
        self.mark(None, &[]);
        if self.part != Open::Nothing {
            self.operator("EMC");
            self.part = Open::Nothing;
        }
    }
}
