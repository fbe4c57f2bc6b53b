//! Marked content (ISO 32000-1, 14.6): which part of the page a piece of content belongs to, and which field its text shows.
//!
//! In: items. Out: BDC and EMC, and which identifiers belong to which part (14.7.4.2).
//! Invariant: marked content never lies within other marked content, but for /ActualText: some readers take the end of the inner for that of
//! the outer.

use super::Painter;
use crate::page::{Item, ItemKind};
use crate::pdf::entries::write_utf16;
use crate::pdf::structure::{self, Marked};
use crate::unit::write_whole;

/// What content is marked as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    place: Place,
    /// The field that its text shows.
    field: Option<u16>,
}

/// Where in the structure content belongs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// The page has no structure.
    #[default]
    Nowhere,
    /// To no part: it is ornament (14.8.2.2).
    Artifact,
    /// To a part by its index in [`Painter::parts`], and the cell.
    Part(usize, u32),
}

impl Painter {
    /// From here on, content is what `item` is. `contents` counts the marked contents of a page with structure.
    pub(super) fn mark(&mut self, item: &Item, tags: &[String], contents: Option<&mut i64>) {
        let is_text = matches!(item.kind, ItemKind::Glyphs(_));
        let field = item.tag.filter(|tag| is_text && usize::from(*tag) < tags.len());
        let place = match (&item.part, &contents) {
            (_, None) => Place::Nowhere,
            (None, Some(_)) => Place::Artifact,
            (Some(part), Some(_)) => {
                let known = self.parts.iter().rposition(|marked| marked.part.is_same(part));
                let index = known.unwrap_or_else(|| {
                    self.parts.push(Marked { part: part.clone(), contents: Vec::with_capacity(1) });
                    self.parts.len() - 1
                });
                Place::Part(index, part.cell)
            }
        };
        let mark = Mark { place, field };
        if self.mark != mark {
            self.end_mark();
            self.begin_mark(mark, tags, contents);
        }
    }

    fn begin_mark(&mut self, mark: Mark, tags: &[String], contents: Option<&mut i64>) {
        self.mark = mark;
        let tag = match mark {
            Mark { place: Place::Nowhere, field: None } => return,
            Mark { place: Place::Artifact, field: None } => return self.operator("/Artifact BMC"),
            Mark { place: Place::Nowhere, .. } => "Span",
            Mark { place: Place::Artifact, .. } => "Artifact",
            Mark { place: Place::Part(index, _), .. } => structure::tag(&self.parts[index].part.role),
        };
        self.put("/");
        self.put(tag);
        self.put("<<");
        if let (Place::Part(index, _), Some(contents)) = (mark.place, contents) {
            self.put("/MCID ");
            write_whole(&mut self.out, *contents);
            self.parts[index].contents.push(*contents);
            *contents += 1;
        }
        // Annex E: the prefix of our own keys. An OFD's custom tags say the same of its objects.
        if let Some(field) = mark.field {
            self.put("/CPRS_Field<FEFF");
            write_utf16(&mut self.out, &tags[usize::from(field)]);
            self.put(">");
        }
        self.operator(">>BDC");
    }

    /// Ends what is open.
    pub(super) fn end_mark(&mut self) {
        if std::mem::take(&mut self.mark) != Mark::default() {
            self.operator("EMC");
        }
    }
}
