//! From characters to glyphs in constant time, and which glyphs need no shaping.
//!
//! In: a face's `cmap`, `GSUB` and `GPOS`. Out: glyph ids, a page of 256 characters at a time, each filled when it is first asked for.
//! Invariant: a run of characters that are all [`plain`](CharacterMap::plain) shapes to their glyphs at their advances, because no
//! lookup of the plan starts at any of them. Most runs of a certificate are such, and asking the shaper costs ten times as much as
//! looking them up.

use std::sync::OnceLock;

use rustybuzz::ttf_parser::opentype_layout::{Coverage, Feature, LayoutTable, LookupSubtable};
use rustybuzz::ttf_parser::{Tag, cmap, gpos, gsub};

use super::itemize::stands_alone;
use super::shape::ScriptClass;

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// Features that act only when asked for, which no plan does (see `shape::features`).
const NOT_ASKED_FOR: [&[u8; 4]; 32] = [
    b"aalt", b"afrc", b"calt", b"chws", b"clig", b"dlig", b"expt", b"frac", b"fwid", b"halt", b"hist",
    b"hojo", b"hwid", b"jp04", b"jp78", b"jp83", b"jp90", b"liga", b"nlck", b"palt", b"qwid", b"ruby",
    b"salt", b"smpl", b"trad", b"twid", b"vchw", b"vert", b"vhal", b"vkrn", b"vpal", b"vrt2",
];
/// Those that a Latin plan asks for and a Han plan does not.
const LATIN_ONLY: [&[u8; 4]; 2] = [b"kern", b"pwid"];

/// The character map of one face, filled as it is used.
pub(crate) struct CharacterMap {
    pages: Box<[OnceLock<Box<Page>>]>,
    acted_on: OnceLock<ActedOn>,
}

/// By glyph id: whether some lookup of a script's plan may start there.
struct ActedOn {
    han: Vec<bool>,
    latin: Vec<bool>,
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
            let acted_on = self.acted_on.get_or_init(|| ActedOn::read(face));
            let map = best_subtable(face);
            let mut page = Box::new(Page { glyphs: [0; PAGE], plain: [false; PAGE] });
            for (at, c) in (number * PAGE..(number + 1) * PAGE).enumerate() {
                let Some(c) = char::from_u32(c as u32) else { continue };
                let Some(glyph) = map.and_then(|m| m.glyph_index(c.into())) else { continue };
                page.glyphs[at] = glyph.0;
                let acted_on = match stands_alone(c) {
                    Some(ScriptClass::Han) => &acted_on.han,
                    Some(ScriptClass::Latin) => &acted_on.latin,
                    _ => continue,
                };
                page.plain[at] = glyph.0 != 0 && acted_on.get(usize::from(glyph.0)) == Some(&false);
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

impl ActedOn {
    /// A lookup acts nowhere but at a glyph it covers, so the union of the coverages is enough.
    fn read(face: &rustybuzz::Face<'_>) -> ActedOn {
        let tables = face.tables();
        let count = usize::from(face.number_of_glyphs());
        // Apple's tables work by state machines: there, nothing is taken to be plain.
        if tables.morx.is_some() || tables.kerx.is_some() || tables.trak.is_some() {
            return ActedOn { han: vec![true; count], latin: vec![true; count] };
        }
        // A kern table kerns where GPOS does not.
        let kerned = tables.kern.is_some();
        let mut acted_on = ActedOn { han: vec![false; count], latin: vec![kerned; count] };
        if let Some(table) = tables.gsub {
            acted_on.add::<gsub::SubstitutionSubtable<'_>>(table, |s| s.coverage());
        }
        if let Some(table) = tables.gpos {
            acted_on.add::<gpos::PositioningSubtable<'_>>(table, |s| s.coverage());
        }
        acted_on
    }

    fn add<'a, T: LookupSubtable<'a>>(
        &mut self,
        table: LayoutTable<'a>,
        coverage: impl Fn(&T) -> Coverage<'a>,
    ) {
        let is =
            |feature: &Feature<'_>, tags: &[&[u8; 4]]| tags.iter().any(|t| Tag::from_bytes(t) == feature.tag);
        for (script, acted_on) in [(b"hani", &mut self.han), (b"latn", &mut self.latin)] {
            let han = script == b"hani";
            // Which features a varied face swaps is not looked into.
            if table.variations.is_some() {
                acted_on.fill(true);
            }
            let features = features_of(table, script).filter_map(|i| table.features.get(i));
            let asked_for = features.filter(|f| !is(f, &NOT_ASKED_FOR) && (!han || !is(f, &LATIN_ONLY)));
            for lookup in asked_for.flat_map(|f| f.lookup_indices).filter_map(|i| table.lookups.get(i)) {
                for subtable in lookup.subtables.into_iter::<T>() {
                    for_each(coverage(&subtable), |glyph| {
                        if let Some(slot) = acted_on.get_mut(usize::from(glyph)) {
                            *slot = true;
                        }
                    });
                }
            }
        }
    }
}

/// The features that a plan of `script` in simplified Chinese draws on: those of the script, and those of the scripts that stand in for
/// one that a face lacks.
fn features_of<'a>(table: LayoutTable<'a>, script: &'static [u8; 4]) -> impl Iterator<Item = u16> + 'a {
    let scripts = [script, b"DFLT", b"dflt", b"latn"].map(Tag::from_bytes);
    let systems = scripts.into_iter().filter_map(move |tag| {
        let script = table.scripts.find(tag)?;
        let language = |tag: &[u8; 4]| script.languages.find(Tag::from_bytes(tag));
        // In the shaper's order.
        language(b"ZHS ").or_else(|| language(b"dflt")).or(script.default_language)
    });
    systems.flat_map(|system| system.feature_indices.into_iter().chain(system.required_feature))
}

fn for_each(coverage: Coverage<'_>, mut see: impl FnMut(u16)) {
    match coverage {
        Coverage::Format1 { glyphs } => glyphs.into_iter().for_each(|g| see(g.0)),
        Coverage::Format2 { records } => records.into_iter().flat_map(|r| r.start.0..=r.end.0).for_each(see),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::shape::{Shaped, shape_plain, shape_slowly};
    use crate::text::tests::fonts;

    /// Every plain character of every face, shaped both ways.
    #[test]
    fn plain_characters_shape_to_their_glyphs_whatever_their_plain_neighbours() {
        let (han, latin) = (ScriptClass::Han, ScriptClass::Latin);
        for (name, script, at_least) in [
            ("song", han, 25_000),
            ("song", latin, 10),
            ("song-bold", han, 25_000),
            ("hei", han, 25_000),
            ("hei", latin, 10),
            ("kai", han, 20_000),
            ("kai", latin, 80),
            ("rare", han, 40_000),
        ] {
            let face = fonts().face(fonts().find(name).unwrap());
            let is_plain = |c: &char| stands_alone(*c) == Some(script) && face.plain(*c).is_some();
            let plain: String = ('\0'..='\u{10ffff}').filter(is_plain).collect();
            assert!(plain.chars().count() >= at_least, "{name}: {}", plain.chars().count());
            let (mut fast, mut slow): (Vec<Shaped>, Vec<Shaped>) = Default::default();
            assert!(shape_plain(face, &plain, 0, &mut fast));
            shape_slowly(face, script, &plain, 0, &mut slow);
            assert_eq!(fast.len(), slow.len(), "{name}");
            for (fast, slow) in fast.iter().zip(&slow) {
                assert_eq!(fast, slow, "{name} {:?}", plain[fast.cluster..].chars().next());
            }
        }
    }

    #[test]
    fn what_a_lookup_may_change_is_not_plain() {
        let face = fonts().face(fonts().find("song").unwrap());
        for c in ['—', '…', 'A', '“', '\u{3099}', '\u{fe00}', 'é'] {
            assert_eq!(face.plain(c), None, "{c}");
        }
        for c in ['一', '，', '（', '》', '〇', '1'] {
            assert_eq!(face.plain(c), face.glyph(c), "{c}");
        }
    }
}
