//! From characters to glyphs in constant time, and which glyphs need no shaping.
//!
//! In: a face's `cmap`, `GSUB` and `GPOS`. Out: glyph ids, a page of 256 characters at a time, each filled when it is first asked for.
//! Invariant: a run of characters that are all [`plain`](CharacterMap::plain) shapes to their glyphs at their advances: no lookup
//! that a Han plan applies starts at any of them. Nine runs in ten of a certificate are such, and asking the shaper costs ten times as
//! much as looking them up.

use std::sync::OnceLock;

use rustybuzz::ttf_parser::opentype_layout::{Coverage, Feature, LayoutTable, LookupSubtable};
use rustybuzz::ttf_parser::{Tag, cmap, gpos, gsub};

use super::itemize::needs_no_neighbours;

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// Features that act only when asked for, which a Han plan does not (see `shape::features`).
const NOT_ASKED_FOR: [&[u8; 4]; 34] = [
    b"aalt", b"afrc", b"calt", b"chws", b"clig", b"dlig", b"expt", b"frac", b"fwid", b"halt", b"hist",
    b"hojo", b"hwid", b"jp04", b"jp78", b"jp83", b"jp90", b"kern", b"liga", b"nlck", b"palt", b"pwid",
    b"qwid", b"ruby", b"salt", b"smpl", b"trad", b"twid", b"vchw", b"vert", b"vhal", b"vkrn", b"vpal",
    b"vrt2",
];

/// The character map of one face, filled as it is used.
pub(crate) struct CharacterMap {
    pages: Box<[OnceLock<Box<Page>>]>,
    /// By glyph id: whether some lookup may start there.
    acted_on: OnceLock<Vec<bool>>,
}

struct Page {
    glyphs: [u16; PAGE],
    plain: [bool; PAGE],
}

impl CharacterMap {
    /// An empty map: nothing is read yet.
    pub(crate) fn new() -> CharacterMap {
        CharacterMap { pages: (0..PAGES).map(|_| OnceLock::new()).collect(), acted_on: OnceLock::new() }
    }

    /// The glyph of `c`; 0 if there is none.
    pub(crate) fn glyph(&self, face: &rustybuzz::Face<'_>, c: char) -> u16 {
        self.page(face, c).glyphs[c as usize % PAGE]
    }

    /// The glyph of `c`, if it is what shaping gives wherever its neighbours are plain too.
    pub(crate) fn plain(&self, face: &rustybuzz::Face<'_>, c: char) -> Option<u16> {
        let page = self.page(face, c);
        let at = c as usize % PAGE;
        page.plain[at].then_some(page.glyphs[at])
    }

    fn page(&self, face: &rustybuzz::Face<'_>, c: char) -> &Page {
        let number = c as usize / PAGE;
        self.pages[number].get_or_init(|| {
            let acted_on = self.acted_on.get_or_init(|| acted_on(face));
            let map = best_subtable(face);
            let mut page = Box::new(Page { glyphs: [0; PAGE], plain: [false; PAGE] });
            for (at, c) in (number * PAGE..(number + 1) * PAGE).enumerate() {
                let Some(c) = char::from_u32(c as u32) else { continue };
                let Some(glyph) = map.and_then(|m| m.glyph_index(c.into())) else { continue };
                page.glyphs[at] = glyph.0;
                page.plain[at] = glyph.0 != 0
                    && needs_no_neighbours(c)
                    && acted_on.get(usize::from(glyph.0)) == Some(&false);
            }
            page
        })
    }
}

/// The Unicode subtable that covers most: 32 bits before 16, Windows before Unicode platform, as the shaper chooses.
fn best_subtable<'a>(face: &rustybuzz::Face<'a>) -> Option<cmap::Subtable<'a>> {
    let subtables = face.tables().cmap?.subtables;
    // Format 14 holds variation sequences, not characters.
    let unicode = subtables
        .into_iter()
        .filter(|s| s.is_unicode() && !matches!(s.format, cmap::Format::UnicodeVariationSequences(_)));
    unicode.min_by_key(|s| {
        let windows = s.platform_id == rustybuzz::ttf_parser::PlatformId::Windows;
        let wide = if windows { s.encoding_id == 10 } else { s.encoding_id >= 4 };
        (!wide, !windows)
    })
}

/// For each glyph, whether a lookup that may be applied covers it. A lookup acts nowhere but at a glyph it covers.
fn acted_on(face: &rustybuzz::Face<'_>) -> Vec<bool> {
    let tables = face.tables();
    let count = usize::from(face.number_of_glyphs());
    // Apple's tables work by state machines: there, nothing is taken to be plain.
    if tables.morx.is_some() || tables.kerx.is_some() || tables.trak.is_some() {
        return vec![true; count];
    }
    let mut acted_on = vec![false; count];
    if let Some(table) = tables.gsub {
        mark::<gsub::SubstitutionSubtable<'_>>(table, |s| s.coverage(), &mut acted_on);
    }
    if let Some(table) = tables.gpos {
        mark::<gpos::PositioningSubtable<'_>>(table, |s| s.coverage(), &mut acted_on);
    }
    acted_on
}

fn mark<'a, T: LookupSubtable<'a>>(
    table: LayoutTable<'a>,
    coverage: impl Fn(&T) -> Coverage<'a>,
    acted_on: &mut [bool],
) {
    let asked_for = |feature: &Feature<'_>| !NOT_ASKED_FOR.iter().any(|t| Tag::from_bytes(t) == feature.tag);
    let mut seen = vec![false; usize::from(table.lookups.len())];
    for index in table.features.into_iter().filter(asked_for).flat_map(|f| f.lookup_indices) {
        let Some(lookup) = table.lookups.get(index) else { continue };
        if std::mem::replace(&mut seen[usize::from(index)], true) {
            continue;
        }
        for subtable in lookup.subtables.into_iter::<T>() {
            let mut set = |glyph: u16| {
                if let Some(slot) = acted_on.get_mut(usize::from(glyph)) {
                    *slot = true;
                }
            };
            match coverage(&subtable) {
                Coverage::Format1 { glyphs } => glyphs.into_iter().for_each(|g| set(g.0)),
                Coverage::Format2 { records } => {
                    records.into_iter().for_each(|r| (r.start.0..=r.end.0).for_each(&mut set));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::text::shape::{ScriptClass, Shaped, shape_plain, shape_slowly};
    use crate::text::tests::fonts;

    /// Every plain character of every face, shaped both ways.
    #[test]
    fn plain_characters_shape_to_their_glyphs_whatever_their_plain_neighbours() {
        for (name, at_least) in
            [("song", 25_000), ("song-bold", 25_000), ("hei", 25_000), ("kai", 20_000), ("rare", 40_000)]
        {
            let face = fonts().face(fonts().find(name).unwrap());
            let plain: String = ('\0'..='\u{10ffff}').filter(|&c| face.plain(c).is_some()).collect();
            assert!(plain.chars().count() > at_least, "{name}: {}", plain.chars().count());
            let (mut fast, mut slow): (Vec<Shaped>, Vec<Shaped>) = Default::default();
            assert!(shape_plain(face, &plain, 0, &mut fast));
            shape_slowly(face, ScriptClass::Han, &plain, 0, &mut slow);
            assert_eq!(fast.len(), slow.len(), "{name}");
            for (fast, slow) in fast.iter().zip(&slow) {
                assert_eq!(fast, slow, "{name} {:?}", plain[fast.cluster..].chars().next());
            }
        }
    }

    #[test]
    fn what_a_lookup_may_change_is_not_plain() {
        let face = fonts().face(fonts().find("song").unwrap());
        for c in ['—', '…', 'A', '1', '\u{3099}', '\u{fe00}', ' '] {
            assert_eq!(face.plain(c), None, "{c}");
        }
        for c in ['一', '，', '（', '》', '〇'] {
            assert_eq!(face.plain(c), face.glyph(c), "{c}");
        }
    }
}
