//! Which of the characters that people may have in their names a face covers.
//!
//! In: a face, or several. Out: [`Coverage`] of each [`Repertoire`].
//! Invariant: only ideographs are counted, because what else a certificate prints stands in its layout and is checked there.

use std::sync::OnceLock;

use encoding_rs::GBK;

/// A standard's stock of ideographs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repertoire {
    /// The 6,763 of GB/T 2312-1980, levels 1 and 2.
    Gb2312,
    /// The 8,105 of the Table of General Standard Chinese Characters 通用规范汉字表 (2013).
    Common,
    /// GB 18030-2022, implementation level 1: the unified ideographs U+4E00 to 9FEF and extension A, 27,558.
    Level1,
    /// Level 2: level 1 and all of [`Repertoire::Common`].
    Level2,
    /// Level 3: all 87,887, extensions B to F and the twelve among the compatibility ideographs included.
    Level3,
}

impl Repertoire {
    /// All, from the smallest to the largest.
    pub const ALL: [Repertoire; 5] =
        [Repertoire::Gb2312, Repertoire::Common, Repertoire::Level1, Repertoire::Level2, Repertoire::Level3];

    /// Its name in options and reports: `gb2312`, `common`, `level-1` to `level-3`.
    pub fn name(self) -> &'static str {
        match self {
            Repertoire::Gb2312 => "gb2312",
            Repertoire::Common => "common",
            Repertoire::Level1 => "level-1",
            Repertoire::Level2 => "level-2",
            Repertoire::Level3 => "level-3",
        }
    }

    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            Repertoire::Gb2312 => "GB/T 2312 汉字",
            Repertoire::Common => "通用规范汉字表",
            Repertoire::Level1 => "GB 18030-2022 级别 1",
            Repertoire::Level2 => "GB 18030-2022 级别 2",
            Repertoire::Level3 => "GB 18030-2022 级别 3",
        }
    }

    /// Its characters in the order of their code points.
    pub fn characters(self) -> &'static [char] {
        static CHARACTERS: [OnceLock<Vec<char>>; 5] = [const { OnceLock::new() }; 5];
        CHARACTERS[self as usize].get_or_init(|| match self {
            Repertoire::Gb2312 => gb2312(),
            Repertoire::Common => {
                include_str!("coverage/common.txt").chars().filter(|c| *c != '\n').collect()
            }
            Repertoire::Level1 => EXTENSION_A.chain('\u{4e00}'..='\u{9fef}').collect(),
            Repertoire::Level2 => {
                let both =
                    [Repertoire::Level1, Repertoire::Common].into_iter().flat_map(Repertoire::characters);
                sorted(both.copied().collect())
            }
            Repertoire::Level3 => {
                let compatibility = UNIFIED_AMONG_COMPATIBILITY.into_iter();
                let bmp = Repertoire::Level1.characters().iter().copied().chain(compatibility);
                sorted(bmp.chain(EXTENSIONS_B_TO_F.into_iter().flatten()).collect())
            }
        })
    }
}

const EXTENSION_A: std::ops::RangeInclusive<char> = '\u{3400}'..='\u{4db5}';

/// As far as GB 18030-2022 has them.
const EXTENSIONS_B_TO_F: [std::ops::RangeInclusive<char>; 5] = [
    '\u{20000}'..='\u{2a6d6}',
    '\u{2a700}'..='\u{2b734}',
    '\u{2b740}'..='\u{2b81d}',
    '\u{2b820}'..='\u{2cea1}',
    '\u{2ceb0}'..='\u{2ebe0}',
];

/// Unified ideographs that stand in the compatibility block.
const UNIFIED_AMONG_COMPATIBILITY: [char; 12] = [
    '\u{fa0e}', '\u{fa0f}', '\u{fa11}', '\u{fa13}', '\u{fa14}', '\u{fa1f}', '\u{fa21}', '\u{fa23}',
    '\u{fa24}', '\u{fa27}', '\u{fa28}', '\u{fa29}',
];

/// Rows 16 to 87 of the table; the five places that are blank there are private characters to GBK.
fn gb2312() -> Vec<char> {
    let codes = (0xB0..=0xF7).flat_map(|row| (0xA1..=0xFE).map(move |cell| [row, cell]));
    let characters = codes.filter_map(|code| {
        let text = GBK.decode_without_bom_handling_and_without_replacement(&code)?;
        text.chars().next().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c))
    });
    sorted(characters.collect())
}

fn sorted(mut characters: Vec<char>) -> Vec<char> {
    characters.sort_unstable();
    characters.dedup();
    characters
}

/// How much of a repertoire is covered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// How many characters the repertoire has.
    pub of: usize,
    /// Those that are not covered, in the order of their code points.
    pub missing: Vec<char>,
}

impl Coverage {
    /// Asks `covers` for every character.
    pub fn measure(repertoire: Repertoire, covers: impl Fn(char) -> bool) -> Coverage {
        let characters = repertoire.characters();
        let missing = characters.iter().copied().filter(|c| !covers(*c)).collect();
        Coverage { of: characters.len(), missing }
    }

    /// How many are covered.
    pub fn covered(&self) -> usize {
        self.of - self.missing.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::fonts;

    #[test]
    fn repertoires_have_as_many_characters_as_their_standards_say() {
        let counts = Repertoire::ALL.map(|repertoire| repertoire.characters().len());
        assert_eq!(counts[..3], [6_763, 8_105, 27_558]);
        assert_eq!(counts[4], 87_887);
        for repertoire in Repertoire::ALL {
            assert!(repertoire.characters().is_sorted_by(|a, b| a < b), "{}", repertoire.name());
        }
        let [level_2, level_3] = [Repertoire::Level2, Repertoire::Level3].map(Repertoire::characters);
        assert!(level_2.iter().all(|c| level_3.binary_search(c).is_ok()));
    }

    #[test]
    fn the_faces_that_ship_cover_all_of_them_together_and_kai_all_but_the_rarest() {
        let fonts = fonts();
        let [song, rare, kai] = ["song", "rare", "kai"].map(|name| fonts.face(fonts.find(name).unwrap()));
        for repertoire in Repertoire::ALL {
            let together = Coverage::measure(repertoire, |c| song.covers(c) || rare.covers(c));
            assert_eq!(together.missing, [], "{}", repertoire.name());
        }
        assert_eq!(Coverage::measure(Repertoire::Common, |c| kai.covers(c)).missing, []);
        let beyond = Coverage::measure(Repertoire::Level3, |c| kai.covers(c));
        assert_eq!(beyond.covered() + beyond.missing.len(), 87_887);
        assert!(beyond.missing.contains(&'\u{2ceb1}'));
    }
}
