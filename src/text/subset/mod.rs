//! Subset fonts: TrueType files with only the glyphs that are used, renumbered.
//!
//! In: a face and glyph ids. Out: [`SubsetFont`], embedded by `ofd` as it is and by `pdf` as CIDFontType2.
//! Invariant: the name begins with a tag made from the content, because readers and printers cache fonts by name.

mod cmap;
mod file;
mod glyf;
mod names;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::{FaceId, Fonts};
use crate::shared::Shared;
use file::FontFile;
pub use tables::TableProblem;
pub(crate) use tables::Tables;

/// A subset of one face, ready to embed.
#[derive(Debug)]
pub struct SubsetFont {
    /// PostScript name with its tag: `ABCDEF+NotoSerifSC-Regular`. Equal in FontName and the name table.
    pub name: String,
    /// Family name with the same tag.
    pub family: String,
    /// The TrueType file: cmap (3,1 format 4; 3,10 format 12 for characters beyond the BMP), glyf, head, hhea, hmtx, loca, maxp,
    /// name, OS/2, post.
    pub data: Shared,
    /// By new glyph id; 0 is .notdef.
    pub glyphs: Vec<SubsetGlyph>,
    /// What a PDF FontDescriptor asks for.
    pub metrics: FontMetrics,
}

/// How many tables a subset has.
const TABLES: usize = 10;

/// One glyph of a subset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubsetGlyph {
    /// Its id in the face.
    pub original: u16,
    /// Advance in font units.
    pub advance: u16,
    /// The source text it stands for: what ToUnicode says; empty for .notdef and for parts of composites.
    pub text: String,
}

/// Metrics of a face, in font units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FontMetrics {
    /// Font units in an em.
    pub units_per_em: u16,
    /// Above the baseline.
    pub ascent: i16,
    /// Below the baseline, negative.
    pub descent: i16,
    /// Height of H.
    pub cap_height: i16,
    /// x min, y min, x max, y max.
    pub bbox: [i16; 4],
    /// Whether strokes end in serifs.
    pub serif: bool,
    /// 400 regular, 700 bold.
    pub weight: u16,
}

/// Gathers the glyphs of one face that a document uses.
///
/// A glyph that stands for two texts (many faces draw 人 U+4EBA and ⼈ U+2F08 with one glyph) is held twice, so that each
/// is found and copied as what was written.
#[derive(Clone, Debug)]
pub struct SubsetBuilder {
    face: FaceId,
    /// By new id.
    glyphs: Vec<Used>,
    /// The first new id of a glyph of the face; `Used::next` leads to the others.
    first: HashMap<u16, u16, BuildHasherDefault<GlyphHasher>>,
}

/// Glyphs of one face that a record brings, seldom more.
const EXPECTED: usize = 100;

#[derive(Clone, Debug)]
struct Used {
    original: u16,
    text: String,
    /// Another new id of the same original; 0 for none.
    next: u16,
}

impl SubsetBuilder {
    /// A subset of `face` with nothing but .notdef.
    pub fn new(face: FaceId) -> SubsetBuilder {
        let notdef = Used { original: 0, text: String::new(), next: 0 };
        let first = HashMap::with_capacity_and_hasher(EXPECTED, BuildHasherDefault::default());
        let mut glyphs = Vec::with_capacity(EXPECTED);
        glyphs.push(notdef);
        SubsetBuilder { face, glyphs, first }
    }

    /// The face it is a subset of.
    pub const fn face(&self) -> FaceId {
        self.face
    }

    /// The new id of glyph `original` standing for `text`; ids count up from 1 in the order of first use. The 65,536th glyph
    /// and all after it are shown as .notdef, which no document of bounded text comes to.
    pub fn add(&mut self, original: u16, text: &str) -> u16 {
        if let Some(id) = self.get(original, text) {
            return id;
        }
        let Ok(id) = u16::try_from(self.glyphs.len()) else { return 0 };
        let next = self.first.insert(original, id).unwrap_or(0);
        self.glyphs.push(Used { original, text: text.to_owned(), next });
        id
    }

    /// The new id of glyph `original` standing for `text`, if it was added.
    pub fn get(&self, original: u16, text: &str) -> Option<u16> {
        let mut id = *self.first.get(&original)?;
        while id != 0 {
            let used = &self.glyphs[usize::from(id)];
            if used.text == text {
                return Some(id);
            }
            id = used.next;
        }
        None
    }

    /// Writes the font. Parts of composite glyphs that were not added themselves come after all that were.
    pub fn build(&self, fonts: &Fonts) -> SubsetFont {
        let face = fonts.face(self.face);
        let tables = face.tables();
        let tag = names::tag(self.digest(face.postscript_name(), tables));
        let name = format!("{tag}+{}", face.postscript_name());
        let family = format!("{tag}+{}", face.family());

        let mut originals: Vec<u16> = self.glyphs.iter().map(|g| g.original).collect();
        let outlines: usize = originals.iter().map(|&g| tables.glyph(g).len()).sum();
        let mut file = FontFile::with_capacity(TABLES, outlines + originals.len() * 20 + 1024);
        let mut offsets: Vec<u32> = Vec::with_capacity(originals.len() + 1);
        file.table(b"glyf", |out| self.copy_outlines(tables, &mut originals, &mut offsets, out));
        let count = originals.len() as u16;

        let short_offsets = offsets.last().is_none_or(|&end| end <= 0x1_fffe);
        file.table(b"loca", |out| {
            for &offset in &offsets {
                if short_offsets {
                    out.extend_from_slice(&((offset / 2) as u16).to_be_bytes());
                } else {
                    out.extend_from_slice(&offset.to_be_bytes());
                }
            }
        });
        file.table(b"hmtx", |out| {
            for &g in &originals {
                out.extend_from_slice(&tables.advance(g).to_be_bytes());
                out.extend_from_slice(&tables.bearing(g));
            }
        });
        let map = self.character_map();
        file.table(b"cmap", |out| cmap::write(&map, out));
        self.write_fixed_tables(tables, count, short_offsets, &map, &mut file);
        let bold = tables.head[45] & 1 != 0;
        file.table(b"name", |out| names::write(&family, bold, &name, out));

        let text = |i: usize| self.glyphs.get(i).map_or_else(String::new, |g| g.text.clone());
        let glyphs = originals
            .iter()
            .enumerate()
            .map(|(i, &original)| SubsetGlyph { original, advance: tables.advance(original), text: text(i) })
            .collect();
        SubsetFont { name, family, data: file.finish().into(), glyphs, metrics: face.metrics() }
    }

    /// Appends the outlines in the order of `originals`, to which it adds the parts of composites that are not yet there.
    fn copy_outlines(
        &self,
        tables: &Tables<'_>,
        originals: &mut Vec<u16>,
        offsets: &mut Vec<u32>,
        out: &mut Vec<u8>,
    ) {
        let start = out.len();
        let mut parts = self.first.clone();
        let mut at = 0;
        while let Some(&original) = originals.get(at) {
            offsets.push((out.len() - start) as u32);
            glyf::copy(tables.glyph(original), out, |part| {
                *parts.entry(part).or_insert_with(|| match u16::try_from(originals.len()) {
                    Ok(id) if part != 0 => {
                        originals.push(part);
                        id
                    }
                    _ => 0,
                })
            });
            at += 1;
        }
        offsets.push((out.len() - start) as u32);
    }

    /// Characters with their glyphs, sorted. A character with a variation selector is found by the character.
    fn character_map(&self) -> Vec<(u32, u16)> {
        let mut map: Vec<(u32, u16)> = Vec::with_capacity(self.glyphs.len());
        for (id, glyph) in self.glyphs.iter().enumerate() {
            let mut characters = glyph.text.chars();
            if let Some(c) = characters.next()
                && characters.all(super::itemize::is_variation_selector)
            {
                map.push((c.into(), id as u16));
            }
        }
        // Stable: where two glyphs stand for one character, the first keeps it.
        map.sort_by_key(|&(c, _)| c);
        map.dedup_by_key(|&mut (c, _)| c);
        map
    }

    /// The tables that are copies but for a few numbers.
    fn write_fixed_tables(
        &self,
        tables: &Tables<'_>,
        count: u16,
        short_offsets: bool,
        map: &[(u32, u16)],
        file: &mut FontFile,
    ) {
        file.table(b"head", |out| {
            let mut head = *tables.head;
            head[8..12].fill(0); // checkSumAdjustment, set last
            head[17] &= !0b0001_1100; // flags 2 to 4: instructions that are gone
            head[50..52].copy_from_slice(&u16::from(!short_offsets).to_be_bytes());
            out.extend_from_slice(&head);
        });
        file.table(b"hhea", |out| {
            out.extend_from_slice(&tables.hhea[..34]);
            out.extend_from_slice(&count.to_be_bytes()); // numberOfHMetrics
        });
        file.table(b"maxp", |out| {
            let mut maxp = *tables.maxp;
            maxp[4..6].copy_from_slice(&count.to_be_bytes());
            maxp[14..28].fill(0); // maxZones to maxSizeOfInstructions
            maxp[15] = 1; // no twilight zone
            out.extend_from_slice(&maxp);
        });
        file.table(b"post", |out| {
            let mut post = *tables.post;
            post[..4].copy_from_slice(&0x0003_0000_u32.to_be_bytes()); // version 3: no glyph names
            out.extend_from_slice(&post);
        });
        file.table(b"OS/2", |out| {
            let start = out.len();
            out.extend_from_slice(tables.os2);
            let bmp = |c: u32| (c.min(0xffff) as u16).to_be_bytes();
            let (first, last) = (map.first().map_or(0, |m| m.0), map.last().map_or(0, |m| m.0));
            out[start + 64..start + 66].copy_from_slice(&bmp(first)); // usFirstCharIndex
            out[start + 66..start + 68].copy_from_slice(&bmp(last)); // usLastCharIndex
        });
    }

    /// A number that two subsets share only if they hold the same glyphs of the same file for the same texts, in the same order.
    fn digest(&self, postscript_name: &str, tables: &Tables<'_>) -> u64 {
        let mut digest = names::Digest::new();
        digest.write(postscript_name.as_bytes());
        digest.write(&tables.head[4..12]); // fontRevision, checkSumAdjustment: which file it is
        for glyph in &self.glyphs {
            digest.write(&glyph.original.to_be_bytes());
            digest.write(glyph.text.as_bytes());
            digest.write(&[0xff]); // in no UTF-8 text
        }
        digest.finish()
    }
}

/// Glyph ids are small numbers from our own faces: one multiplication spreads them.
#[derive(Default)]
struct GlyphHasher(u64);

impl Hasher for GlyphHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.write_u16(b.into());
        }
    }

    fn write_u16(&mut self, id: u16) {
        self.0 = (self.0 ^ u64::from(id)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}
